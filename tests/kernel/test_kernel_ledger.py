"""What is true, and since when."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.kernel.effect import Effect, Value
from simulation.kernel.ledger import Key, Ledger
from simulation.kernel.view import WorldView

if TYPE_CHECKING:
    from tests.kernel.conftest import MakePlay

NAMES = st.sampled_from(["a", "b", "c"])
KEY = st.tuples(NAMES, NAMES)
WRITES = st.lists(st.tuples(st.integers(0, 6), KEY, st.integers()), max_size=30)
INITIAL = st.dictionaries(KEY, st.integers(), max_size=4)


Writes = list[tuple[int, Key, int]]


def naive(initial: dict[Key, int], writes: Writes, until: int) -> dict[Key, int]:
    """All that was written before ``until``, the latest last."""
    ordered = sorted(writes, key=lambda write: write[0])
    return initial | {key: value for tick, key, value in ordered if tick < until}


@given(INITIAL, WRITES)
def test_the_ledger_agrees_with_a_naive_one(initial: dict[Key, int], writes: Writes) -> None:
    ledger = Ledger(initial)
    for tick, key, value in sorted(writes, key=lambda write: write[0]):
        ledger.apply(Effect(*key, None, value), tick)
    keys = set(initial) | {key for _, key, _ in writes}
    assert set(ledger) == keys
    for tick in range(8):
        before, during = naive(initial, writes, tick), naive(initial, writes, tick + 1)
        assert {key: ledger.before(key, tick) for key in keys} == {
            key: before.get(key) for key in keys
        }
        assert {key: ledger.during(key, tick) for key in keys} == {
            key: during.get(key) for key in keys
        }


def test_a_key_never_goes_back_in_time() -> None:
    ledger = Ledger({})
    ledger.apply(Effect("gate", "open", None, True), 4)
    with pytest.raises(ValueError, match="later than 3"):
        ledger.apply(Effect("gate", "open", True, False), 3)


def test_what_was_never_set_has_its_default() -> None:
    assert Ledger({}).before(("gate", "open"), 4, "closed") == "closed"


Read = Callable[[WorldView], Value]


@pytest.mark.parametrize("within", [False, True])
def test_a_view_sees_its_own_tick_only_from_within(play: MakePlay, within: bool) -> None:
    world = play().world
    world.ledger.apply(Effect("gate", "open", None, "long ago"), 4)
    world.ledger.apply(Effect("gate", "open", "long ago", "just now"), 5)
    world.ledger.apply(Effect("gate", "open", "just now", "later"), 6)
    view = WorldView(world.stage, world.ledger, 5, within)
    assert view.get("gate", "open") == ("just now" if within else "long ago")


def test_a_view_reads_values_of_another_type_as_its_default(play: MakePlay) -> None:
    world = play().world
    world.ledger.apply(Effect("gate", "open", None, "half"), -1)
    view = world.view()
    assert (view.number("gate", "open", 7), view.text("table", "apples", "none")) == (7, "none")
    assert view.cell("table") is None
    assert view.place("table") is None


@pytest.mark.parametrize(
    ("before", "after", "delta"), [(3, 1, -2), (1, 2.5, 1.5), (None, 4, 0), ("a", "b", 0)]
)
def test_an_effect_knows_by_how_much_a_number_changed(
    before: Value, after: Value, delta: float
) -> None:
    assert Effect("table", "apples", before, after).delta == delta
