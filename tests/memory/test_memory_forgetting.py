"""``forgetting`` and ``short_long_term``, worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streams import EAST, HOUR, NORTH, NORTH_EAST, stream_of

from simulation.memory.retrieval import Forgetting, ShortLongTerm, open_retrieval
from simulation.memory.retrieval.forgetting import exp_of_minus
from simulation.memory.vectors import to_int16


def test_retention_fades_as_published_and_slower_after_recalls() -> None:
    # A tick is an hour; it is hour 72. The query points east.
    #        created  recalls  t in days  S    R = e^(-t/S)           cosine     R x cosine
    #   m0   24       0        2          1    e^-2   = 0.1353353     1          0.1353353
    #   m1   0        2 at 24  2          3    e^-2/3 = 0.5134171     0.7070313  0.3630020
    #   m2   72       0        0          1    1                      0          0
    #   m3   60       0        1/2        1    e^-1/2 = 0.6065307     1          0.6065307
    stream = stream_of((24, 5, EAST), (0, 5, NORTH_EAST), (72, 5, NORTH), (60, 5, EAST))
    stream.touch([1], 12)
    stream.touch([1], 24)
    found = open_retrieval("forgetting").retrieve(stream, EAST, 72, 4, HOUR)
    assert found.indices.tolist() == [3, 1, 0, 2]
    assert found.scores == pytest.approx([0.6065307, 0.3630020, 0.1353353, 0.0], abs=1e-7)
    assert found.recency == pytest.approx([0.6065307, 0.5134171, 0.1353353, 1.0], abs=1e-7)
    assert found.relevance == pytest.approx([1.0, 1448 / 2048, 1.0, 0.0])
    assert found.importance.tolist() == [0.0] * 4


def test_the_unit_of_time_can_be_set() -> None:
    stream = stream_of((0, 5, EAST))
    hourly = Forgetting(hours=1).retrieve(stream, EAST, 6, 1, 10)
    assert hourly.recency.tolist() == pytest.approx([math.exp(-1)])


def test_seeing_again_resets_the_time_but_adds_no_strength() -> None:
    stream = stream_of((0, 5, EAST), (0, 5, EAST))
    stream.bump(0, 24)
    stream.touch([1], 24)
    found = Forgetting().retrieve(stream, EAST, 48, 2, HOUR)
    assert found.indices.tolist() == [1, 0]
    assert found.scores == pytest.approx([math.exp(-1 / 2), math.exp(-1)])


def test_what_points_the_other_way_is_worth_nothing() -> None:
    stream = stream_of((0, 5, to_int16([-1.0, 0.0])), (0, 5, EAST))
    found = Forgetting().retrieve(stream, EAST, 0, 2, HOUR)
    assert found.scores.tolist() == [1.0, 0.0]


@given(st.lists(st.floats(0, 5_000), min_size=1, max_size=50))
def test_the_exponential_is_the_exponential(values: list[float]) -> None:
    got = exp_of_minus(np.array(values))
    wanted = np.exp(-np.minimum(np.array(values), 700.0))
    np.testing.assert_allclose(got, wanted, rtol=1e-12)
    order = np.argsort(values)
    assert (np.diff(got[order]) <= 0).all()


def test_the_buffer_and_what_use_has_made_last_are_within_reach() -> None:
    # The buffer holds two; three uses or an importance of 8 make a memory last.
    #         importance  vector      uses                       within reach
    #   m0    2           east        none                       no: faded
    #   m1    3           north-east  recalled three times       yes
    #   m2    9           north       none                       yes: important
    #   m3    5           north-east  seen twice more, recalled  yes: 2 + 1 uses
    #   m4    4           east        recalled twice             no
    #   m5    1           north       none                       yes: among the last two
    #   m6    2           east        none                       yes: among the last two
    # relevance of m1, m2, m3, m5, m6: 0.7070313, 0, 0.7070313, 0, 1   (scaled: the same)
    # importance 3, 9, 5, 1, 2, scaled: 0.25, 1, 0.5, 0, 0.125
    # sums: m1 0.9570313, m2 1, m3 1.2070313, m5 0, m6 1.125
    vectors = (EAST, NORTH_EAST, NORTH, NORTH_EAST, EAST, NORTH, EAST)
    worth = (2, 3, 9, 5, 4, 1, 2)
    stream = stream_of(*((0, importance, vector) for importance, vector in zip(worth, vectors)))  # noqa: B905
    for tick in (1, 2, 3):
        stream.touch([1], tick)
    for tick in (1, 2):
        stream.bump(3, tick)
        stream.touch([4], tick)
    stream.touch([3], 4)
    found = open_retrieval("short_long_term:items=2").retrieve(stream, EAST, 90, 9, 1)
    assert found.indices.tolist() == [3, 6, 2, 1, 5]
    assert found.scores == pytest.approx([1.2070313, 1.125, 1.0, 0.9570313, 0.0], abs=1e-7)
    assert found.importance.tolist() == [0.5, 0.125, 1.0, 0.25, 0.0]
    assert found.recency.tolist() == [0.0] * 5


def test_short_term_memory_can_be_a_time_instead() -> None:
    stream = stream_of((0, 1, EAST), (50, 1, EAST), (59, 1, EAST))
    strategy = ShortLongTerm(items=0, minutes=10, importance=11)
    assert sorted(strategy.retrieve(stream, EAST, 60, 9, 1).indices.tolist()) == [2]
    assert sorted(strategy.retrieve(stream, EAST, 59, 9, 1).indices.tolist()) == [1, 2]
    assert strategy.retrieve(stream, EAST, 500, 9, 1).indices.tolist() == []
