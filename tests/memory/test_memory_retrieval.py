from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streams import EAST, HOUR, NORTH, NORTH_EAST, stream_of

from simulation.errors import ConfigError
from simulation.memory.retrieval import (
    Park,
    Retrieved,
    check_retrieval,
    list_retrieval,
    open_retrieval,
)
from simulation.memory.stream import MemoryStream
from simulation.memory.vectors import VectorError, to_int16

if TYPE_CHECKING:
    from random import Random


def test_park_agrees_with_the_formula_worked_by_hand() -> None:
    # One tick is one hour and it is tick 10. The query points east.
    #         created  importance  vector      hours  0.995^hours   cosine
    #   m0       0         9       east         10    0.9511101     1
    #   m1       6         1       north-east    4    0.9801495     1448 / 2048 = 0.7070313
    #   m2      10         5       north         0    1             0
    # scaled: recency    0, (0.9801495 - 0.9511101) / 0.0488899 = 0.5939757, 1
    #         importance 1, 0, 0.5       relevance 1, 0.7070313, 0
    # sums:   m0 2, m1 1.3010070, m2 1.5
    stream = stream_of((0, 9, EAST), (6, 1, NORTH_EAST), (10, 5, NORTH))
    found = open_retrieval("park").retrieve(stream, EAST, 10, 3, HOUR)
    assert found.indices.tolist() == [0, 2, 1]
    assert found.scores == pytest.approx([2.0, 1.5, 1.3010070], abs=1e-6)
    assert found.recency == pytest.approx([0.0, 1.0, 0.5939757], abs=1e-6)
    assert found.importance.tolist() == [1.0, 0.5, 0.0]
    assert found.relevance == pytest.approx([1.0, 0.0, 1448 / 2048])


def test_weights_turn_terms_up_and_off() -> None:
    stream = stream_of((0, 9, EAST), (6, 1, NORTH_EAST), (10, 5, NORTH))

    def first(strategy: Park) -> int:
        return int(strategy.retrieve(stream, NORTH_EAST, 10, 1, HOUR).indices[0])

    assert first(Park(recency=1, importance=0, relevance=0)) == 2
    assert first(Park(recency=0, importance=1, relevance=0)) == 0
    assert first(Park(recency=0, importance=0, relevance=1)) == 1
    assert first(Park(recency=5)) == 2


def test_recency_counts_simulated_hours_since_the_last_access() -> None:
    stream = stream_of((0, 1, EAST), (0, 1, EAST), (0, 1, EAST))
    stream.touch([1], 72)
    stream.touch([2], 144)
    found = open_retrieval("park").retrieve(stream, EAST, 144, 3, 10)
    # 144 ticks of ten minutes are 24 hours, 72 are 12.
    assert found.indices.tolist() == [2, 1, 0]
    half = (0.995**12 - 0.995**24) / (1 - 0.995**24)
    assert found.recency == pytest.approx([1.0, half, 0.0], abs=1e-12)


def test_the_decay_table_is_the_power_that_it_stands_for() -> None:
    ages = [0, 1, 5, 1_023, 1_024, 50_000]
    stream = stream_of(*[(50_000 - age, 1, EAST) for age in ages])
    found = Park(importance=0, relevance=0).retrieve(stream, EAST, 50_000, 9, 10)
    powers = [0.995 ** (age / 6) for age in ages]
    wanted = [(power - powers[-1]) / (1 - powers[-1]) for power in powers]
    assert found.recency == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_equal_scores_go_newest_first_then_by_index() -> None:
    stream = stream_of(*[(tick, 5, EAST) for tick in (3, 1, 3, 2, 3)])
    stream.touch(range(5), 7)
    found = open_retrieval("park").retrieve(stream, EAST, 7, 4, HOUR)
    assert found.indices.tolist() == [0, 2, 4, 3]
    assert set(found.scores.tolist()) == {1.5}


def test_a_memory_from_ahead_counts_as_from_now() -> None:
    stream = stream_of((0, 1, EAST), (9, 1, EAST))
    found = open_retrieval("park").retrieve(stream, EAST, 4, 2, HOUR)
    assert found.recency.tolist() == [1.0, 0.0]


def test_recent_gives_the_newest_and_none_gives_nothing() -> None:
    stream = stream_of((0, 9, EAST), (6, 1, EAST), (3, 5, EAST))
    recent = open_retrieval("recent").retrieve(stream, NORTH, 10, 2, HOUR)
    assert recent.indices.tolist() == [1, 2]
    assert recent.scores.tolist() == [1.0, 0.5]
    assert open_retrieval("none").retrieve(stream, EAST, 10, 2, HOUR).indices.tolist() == []


@pytest.mark.parametrize("name", [info.name for info in list_retrieval()])
def test_every_strategy_keeps_the_contract(name: str) -> None:
    check_retrieval(lambda: open_retrieval(name))
    assert open_retrieval(name).name == name


@pytest.mark.parametrize("name", ["park", "recent", "none"])
def test_nothing_comes_of_nothing(name: str) -> None:
    strategy = open_retrieval(name)
    empty = MemoryStream("Ada", 2)
    assert len(strategy.retrieve(empty, EAST, 0, 5, HOUR).indices) == 0
    assert len(strategy.retrieve(stream_of((0, 1, EAST)), EAST, 0, 0, HOUR).indices) == 0


def test_weights_and_decay_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ConfigError, match="importance: a weight is zero or more: -1"):
        Park(importance=-1)
    with pytest.raises(ConfigError, match="weight"):
        Park(relevance=math.nan)
    with pytest.raises(ConfigError, match="decay"):
        Park(decay=1.5)


def test_a_query_of_another_dimension_is_refused() -> None:
    with pytest.raises(VectorError, match="expected a query of 2"):
        Park().retrieve(stream_of((0, 1, EAST)), to_int16([1.0, 2.0, 3.0]), 0, 1, HOUR)


rows = st.lists(
    st.tuples(st.integers(0, 500), st.integers(1, 10), st.integers(0, 359)), min_size=1, max_size=60
)


def remembered(drawn: list[tuple[int, int, int]]) -> MemoryStream:
    return stream_of(
        *[
            (created, importance, to_int16([math.cos(angle), math.sin(angle)]))
            for created, importance, angle in drawn
        ]
    )


def ask(stream: MemoryStream, limit: int) -> Retrieved:
    return open_retrieval("park").retrieve(stream, NORTH_EAST, 500, limit, 10)


@given(rows, st.integers(1, 70))
def test_scores_are_in_range_and_sorted(drawn: list[tuple[int, int, int]], limit: int) -> None:
    found = ask(remembered(drawn), limit)
    assert len(found.indices) == min(limit, len(drawn))
    assert len(set(found.indices.tolist())) == len(found.indices)
    for term in (found.recency, found.importance, found.relevance):
        assert ((term >= 0) & (term <= 1)).all()
    assert found.scores.tolist() == (found.recency + found.importance + found.relevance).tolist()
    assert (np.diff(found.scores) <= 0).all()


@given(rows, st.integers(1, 70))
def test_fewer_are_the_first_of_more(drawn: list[tuple[int, int, int]], limit: int) -> None:
    stream = remembered(drawn)
    everything = ask(stream, len(drawn))
    assert ask(stream, limit).indices.tolist() == everything.indices.tolist()[:limit]


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_remembering_changes_no_score(
    drawn: list[tuple[int, int, int]], random: Random
) -> None:
    order = list(range(len(drawn)))
    random.shuffle(order)
    plain, mixed = ask(remembered(drawn), 99), ask(remembered([drawn[i] for i in order]), 99)
    assert plain.scores.tolist() == mixed.scores.tolist()
    by_row = dict(zip(plain.indices.tolist(), plain.scores.tolist(), strict=True))
    for index, score in zip(mixed.indices.tolist(), mixed.scores.tolist(), strict=True):
        assert by_row[order[index]] == score


def test_retrieving_changes_nothing() -> None:
    stream = stream_of((0, 9, EAST), (6, 1, NORTH_EAST))
    open_retrieval("park").retrieve(stream, EAST, 10, 2, HOUR)
    assert stream.last_access.tolist() == [0, 6]
