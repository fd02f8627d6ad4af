"""Ids, streams and the clock: what makes an episode repeatable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.kernel.clock import Clock, minutes_of
from simulation.kernel.ids import EventId, Phase
from simulation.kernel.streams import Streams

IDS = st.builds(
    EventId,
    st.integers(0, 99_999),
    st.sampled_from([int(phase) for phase in Phase]),
    st.integers(0, 999),
    st.integers(0, 999),
)
KEYS = st.tuples(st.text(max_size=8), st.integers(0, 1000), st.text(max_size=8))


@given(IDS)
def test_an_id_reads_back_from_its_text(one: EventId) -> None:
    assert EventId.parse(str(one)) == one


@given(IDS, IDS)
def test_ids_sort_as_their_texts_do(one: EventId, other: EventId) -> None:
    assert (one < other) == (str(one) < str(other))


def test_ids_sort_in_the_order_in_which_things_happen() -> None:
    happened = [
        EventId(9, Phase.ACT, 4, 2),
        EventId(10, Phase.WORLD, 0, 0),
        EventId(10, Phase.THINK, 1, 5),
        EventId(10, Phase.THINK, 2, 0),
        EventId(10, Phase.ACT, 1, 0),
        EventId(10, Phase.CLOSE, 0, 0),
        EventId(11, Phase.WORLD, 0, 0),
    ]
    assert sorted(happened[4:] + happened[:4]) == happened


@pytest.mark.parametrize("text", ["", "7", "1.2.3", "1.2.3.4.5", "a.b.c.d"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        EventId.parse(text)


@given(st.integers(), KEYS, KEYS)
def test_a_stream_does_not_depend_on_what_was_drawn_before(
    seed: int, key: tuple[str, int, str], other: tuple[str, int, str]
) -> None:
    alone = Streams(seed).stream(*key).random()
    later = Streams(seed)
    for _ in range(3):
        later.stream(*other).random()
    assert later.stream(*key).random() == alone


def test_streams_differ_by_agent_tick_purpose_and_seed() -> None:
    keys = [("ada", 1, "decide"), ("bram", 1, "decide"), ("ada", 2, "decide"), ("ada", 1, "topic")]
    drawn = {Streams(7).stream(*key).random() for key in keys}
    assert len(drawn | {Streams(8).stream(*keys[0]).random()}) == 5


@given(st.permutations(["ada", "bram", "chiara", "dov", "esi"]), st.integers(0, 500))
def test_the_order_of_a_tick_does_not_depend_on_the_order_of_the_names(
    names: list[str], tick: int
) -> None:
    streams = Streams(7)
    assert streams.order(tuple(names), tick) == streams.order(tuple(sorted(names)), tick)


def test_nobody_is_first_in_every_tick() -> None:
    names = ("ada", "bram", "chiara")
    first = {Streams(7).order(names, tick)[0] for tick in range(50)}
    assert first == set(names)


@pytest.mark.parametrize(
    ("tick", "label", "day"),
    [(0, "22:00", 1), (119, "23:59", 1), (120, "00:00", 2), (1560, "00:00", 3)],
)
def test_the_clock_runs_over_midnight(tick: int, label: str, day: int) -> None:
    clock = Clock(start="22:00")
    assert (clock.label(tick), clock.day(tick)) == (label, day)


def test_a_window_may_run_over_midnight() -> None:
    clock = Clock(start="21:00")
    inside = [clock.between(tick, "22:00", "06:00") for tick in (59, 60, 180, 539, 540)]
    assert inside == [False, True, True, True, False]


def test_a_tick_can_stand_for_more_than_a_minute() -> None:
    clock = Clock(start="07:00", tick_minutes=5)
    assert clock.label(13) == "08:05"
    assert [clock.ticks(minutes) for minutes in (1, 5, 12, 60)] == [1, 1, 2, 12]


@pytest.mark.parametrize("text", ["7", "24:01", "12:60", "-1:00", "noon", "07:00:00", ""])
def test_what_is_no_hour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="time of day"):
        minutes_of(text)
