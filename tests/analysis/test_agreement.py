"""How far two answers agree: by hand, and whatever they are."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.analysis.agreement import (
    Preference,
    Twice,
    agreement,
    agreement_by,
    divergence,
    preference,
    shifts,
    total_variation,
)
from simulation.language.base import Chosen

LOGS = st.lists(st.floats(-50, 0), min_size=2, max_size=6)


def weighed(*shares: float) -> Preference:
    logs = tuple(map(math.log, shares))
    return Preference(best=shares.index(max(shares)), logs=logs)


def twice(then: Preference, now: Preference | None, *options: str, agent: str = "ada") -> Twice:
    options = options or ("go", "stay")
    return Twice(
        call="1", agent=agent, tick=0, purpose="decide", options=options, then=then, now=now
    )


def test_the_preferred_option_is_the_one_that_gained_most_over_its_prior() -> None:
    reply = Chosen(logps=(math.log(0.6), math.log(0.4)), priors=(math.log(0.9), math.log(0.1)))
    raw, corrected = preference(reply, 2, 0.0), preference(reply, 2, 1.0)
    assert raw is not None
    assert corrected is not None
    assert (raw.best, corrected.best) == (0, 1)
    # 0.6 / 0.9 and 0.4 / 0.1, normalised
    assert corrected.shares == pytest.approx((1 / 7, 6 / 7))


def test_a_pick_is_preferred_and_has_no_probabilities() -> None:
    assert preference(Chosen(pick=1), 2, 0.5) == Preference(best=1, logs=None)


@pytest.mark.parametrize(
    "reply",
    [
        Chosen(pick=2),
        Chosen(pick=-1),
        Chosen(),
        Chosen(logps=(0.0,)),
        Chosen(logps=(0.0, math.nan)),
        Chosen(logps=(0.0, 0.0), priors=(0.0,)),
    ],
)
def test_what_does_not_choose_among_the_options_is_no_preference(reply: Chosen) -> None:
    assert preference(reply, 2, 0.5) is None


def test_agreement_counts_the_answered_and_has_wilsons_interval() -> None:
    go, stay = Preference(best=0, logs=None), Preference(best=1, logs=None)
    rows = [twice(go, go)] * 7 + [twice(go, stay)] * 3 + [twice(go, None)]
    found = agreement(rows)
    assert (found.asked, found.answered, found.same, found.share) == (11, 10, 7, 0.7)
    # (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n) with p = 0.7, n = 10, z = 1.96
    assert (found.low, found.high) == pytest.approx((0.3968, 0.8922), abs=1e-4)
    assert (found.weighed, found.variation, found.divergence) == (0, None, None)


def test_nothing_answered_agrees_with_nothing() -> None:
    found = agreement([twice(Preference(best=0, logs=None), None)])
    assert (found.answered, found.share, found.low, found.high) == (0, None, None, None)


def test_distances_are_means_over_the_choices_with_probabilities_on_both_sides() -> None:
    rows = [
        twice(weighed(0.5, 0.5), weighed(0.8, 0.2)),
        twice(weighed(0.5, 0.5), weighed(0.5, 0.5)),
        twice(weighed(0.5, 0.5), Preference(best=0, logs=None)),
    ]
    found = agreement(rows)
    assert found.weighed == 2
    assert found.variation == pytest.approx(0.15)
    assert found.divergence == pytest.approx((0.5 * math.log(0.5 / 0.8 * 0.5 / 0.2)) / 2)


def test_groups_are_counted_apart() -> None:
    go, stay = Preference(best=0, logs=None), Preference(best=1, logs=None)
    rows = [twice(go, stay, agent="bo"), twice(go, go), twice(go, go)]
    found = agreement_by(rows, lambda row: row.agent)
    assert {name: one.share for name, one in found.items()} == {"ada": 1.0, "bo": 0.0}


def test_what_shifted_most_in_all_comes_first() -> None:
    rows = [
        twice(weighed(0.5, 0.5), weighed(0.6, 0.4), "go", "stay"),
        twice(weighed(0.5, 0.5), weighed(0.6, 0.4), "go", "read"),
    ]
    first, *others = shifts(rows)
    assert (first.option, first.menus) == ("go", 2)
    assert (first.then, first.now) == pytest.approx((0.5, 0.6))
    assert [(shift.option, shift.menus) for shift in others] == [("read", 1), ("stay", 1)]


@given(LOGS, st.data())
def test_distances_keep_their_bounds(scores: list[float], data: st.DataObject) -> None:
    other = data.draw(st.lists(st.floats(-50, 0), min_size=len(scores), max_size=len(scores)))
    one = preference(Chosen(logps=tuple(scores)), len(scores), 0.5)
    two = preference(Chosen(logps=tuple(other)), len(scores), 0.5)
    assert one is not None
    assert two is not None
    assert one.logs is not None
    assert two.logs is not None
    apart, bits = total_variation(one.logs, two.logs), divergence(one.logs, two.logs)
    assert 0 <= apart <= 1 + 1e-9
    assert bits >= 2 * apart**2 - 1e-9, "Pinsker's inequality"
    assert total_variation(one.logs, one.logs) == divergence(one.logs, one.logs) == 0
