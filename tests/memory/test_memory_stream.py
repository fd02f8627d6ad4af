from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.memory.record import KINDS, Memory, about_key
from simulation.memory.stream import MemoryStream
from simulation.memory.vectors import SCALE, Int16s, VectorError, to_int16

EAST = to_int16([1.0, 0.0])


def seen(number: int, text: str = "", **fields: Any) -> Memory:
    text = text or f"Thing {number} happened."
    plain = Memory(id=f"m{number}", agent="Ada", kind="observation", text=text)
    return replace(plain, **fields)


def towards(angle: float) -> Int16s:
    return to_int16([np.cos(angle), np.sin(angle)])


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"id": ""}, "needs the id"),
        ({"text": " \n"}, "text is empty"),
        ({"kind": "dream"}, "kind 'dream' is none of observation, dialogue"),
        ({"importance": 0.5}, "importance 0.5 is not between 1 and 10"),
        ({"importance": float("nan")}, "importance nan"),
    ],
)
def test_a_memory_that_makes_no_sense_is_refused(fields: dict[str, Any], problem: str) -> None:
    good = seen(1)
    with pytest.raises(ValueError, match=problem):
        replace(good, **fields)


def test_a_memory_never_changes() -> None:
    with pytest.raises(AttributeError):
        seen(1).text = "Another."  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    "text",
    ["The stove is idle", "the  STOVE is idle.", " The stove\nis idle!", "The stove is idle…"],
)
def test_spacing_case_and_the_final_stop_make_no_other_subject(text: str) -> None:
    assert about_key(text) == "the stove is idle"


def test_a_stream_holds_what_was_appended() -> None:
    stream = MemoryStream("Ada", 2)
    first = seen(1, created=3, importance=4.0)
    second = seen(2, created=5, kind="reflection", importance=8.0)
    assert [stream.append(first, EAST), stream.append(second, towards(1.0))] == [0, 1]
    assert (len(stream), stream.version) == (2, 2)
    assert list(stream) == [first, second]
    assert stream[0] == first
    assert stream[-1] == second
    assert stream.by_id("m2") == second
    assert stream.index_of("m2") == 1
    assert "m1" in stream
    assert "m3" not in stream
    assert stream.vectors.tolist()[0] == [SCALE, 0]
    assert stream.created.tolist() == [3, 5]
    assert stream.last_access.tolist() == [3, 5]
    assert stream.importance.tolist() == [4.0, 8.0]
    assert stream.kinds.tolist() == [KINDS.index("observation"), KINDS.index("reflection")]
    assert stream.counts.tolist() == [1, 1]
    assert repr(stream) == "MemoryStream('Ada', 2): 2 memories"


def test_the_same_text_about_the_same_is_one_memory_with_a_count() -> None:
    stream = MemoryStream("Ada", 2)
    for tick in (1, 4, 9):
        memory = seen(tick, "The stove is idle.", created=tick, about="the stove is idle")
        assert stream.remember(memory, EAST) == (0, tick == 1)
    assert len(stream) == 1
    assert stream[0].count == 3
    assert stream.by_id("m1").count == 3
    assert stream.created.tolist() == [1]
    assert stream.last_access.tolist() == [9]


def test_another_text_or_no_subject_is_another_memory() -> None:
    stream = MemoryStream("Ada", 2)
    assert stream.remember(seen(1, "It is shut.", about="mill"), EAST).is_new
    assert stream.remember(seen(2, "It is open.", about="mill"), EAST).is_new
    assert stream.remember(seen(3, "It is open.", about="inn"), EAST).is_new
    assert stream.remember(seen(4, "Hm."), EAST).is_new
    assert stream.remember(seen(5, "Hm."), EAST).is_new
    assert not stream.remember(seen(6, "It is shut.", about="mill"), EAST).is_new
    assert stream.counts.tolist() == [2, 1, 1, 1, 1]


def test_a_memory_is_read_with_its_count_its_last_access_and_its_recalls() -> None:
    stream = MemoryStream("Ada", 2)
    stream.append(seen(1, created=3), EAST)
    assert (stream[0].count, stream[0].last_access, stream[0].recalls) == (1, 3, 0)
    stream.bump(0, 5)
    assert (stream[0].count, stream[0].last_access, stream[0].recalls) == (2, 5, 0)
    stream.touch([0], 8)
    stream.touch([0], 9)
    assert (stream[0].count, stream[0].last_access, stream[0].recalls) == (2, 9, 2)
    assert stream.recalls.tolist() == [2]


def test_a_memory_that_was_read_goes_on_in_another_stream() -> None:
    stream, other = MemoryStream("Ada", 2), MemoryStream("Ada", 2)
    stream.append(seen(1, created=3), EAST)
    stream.bump(0, 5)
    stream.touch([0], 8)
    other.append(stream[0], stream.vector(0))
    assert other[0] == stream[0]
    assert other.recalls.tolist() == [1]
    assert other.last_access.tolist() == [8]


def test_the_last_access_is_never_before_the_creation() -> None:
    assert seen(1, created=7).last_access == 7
    assert seen(1, created=7, last_access=9).last_access == 9
    assert seen(1, created=7, last_access=2).last_access == 7


def test_the_same_text_is_found_by_what_it_is_about() -> None:
    stream = MemoryStream("Ada", 2)
    for number, about in enumerate(["mill", "inn", "", "barn", "inn"]):
        stream.append(seen(number, "It is shut.", about=about), EAST)
    found = [stream.find(about, "It is shut.") for about in ("mill", "inn", "barn", "quay")]
    assert found == [0, 1, 3, None]
    assert stream.find("mill", "It is open.") is None


@pytest.mark.parametrize("number", [1, 1023, 1024, 1025, 2100])
def test_cosines_are_exact_whatever_the_length(number: int) -> None:
    stream = MemoryStream("Ada", 3)
    whole = to_int16(np.random.default_rng(number).normal(size=(number, 3)))
    for row, vector in enumerate(whole):
        stream.append(seen(row), vector)
    query = to_int16([1.0, -2.0, 0.5])
    wanted = (whole.astype(np.int64) @ query.astype(np.int64)) / SCALE**2
    assert stream.cosines(query).tolist() == wanted.tolist()
    assert stream.vector(number - 1).tolist() == whole[-1].tolist()
    with pytest.raises(VectorError, match="expected a query of 3"):
        stream.cosines(EAST)


def _length(memory: Memory) -> float:
    return len(memory.text)


def test_a_column_grows_with_the_stream() -> None:
    stream = MemoryStream("Ada", 2)
    assert stream.column(_length).tolist() == []
    stream.append(seen(1, "One."), EAST)
    first = stream.column(_length)
    stream.append(seen(2, "Twenty."), EAST)
    stream.append(seen(3, "Six."), EAST)
    assert first.tolist() == [4.0]
    assert stream.column(_length).tolist() == [4.0, 7.0, 4.0]


def test_what_is_derived_is_made_again_only_when_the_stream_has_grown() -> None:
    stream, made = MemoryStream("Ada", 2), list[int]()

    def number(of: MemoryStream) -> int:
        made.append(len(of))
        return len(of)

    for count in (0, 1, 2):
        if count:
            stream.append(seen(count), EAST)
        assert [stream.derived(number), stream.derived(number)] == [count, count]
    assert made == [0, 1, 2]


def test_an_access_never_moves_back() -> None:
    stream = MemoryStream("Ada", 2)
    for number in range(3):
        stream.append(seen(number, created=5), EAST)
    stream.touch([0, 2], 8)
    stream.touch([2], 7)
    stream.touch([], 99)
    assert stream.last_access.tolist() == [8, 5, 8]
    with pytest.raises(IndexError, match="no such memories among 3"):
        stream.touch([3], 9)
    with pytest.raises(IndexError, match="no memory 3 among 3"):
        stream.bump(3, 9)
    with pytest.raises(IndexError):
        _ = stream[3]


def test_what_came_lately_comes_oldest_first() -> None:
    stream = MemoryStream("Ada", 2)
    for number in range(5):
        stream.append(seen(number, created=number * 10), EAST)
    assert [m.id for m in stream.since(20)] == ["m2", "m3", "m4"]
    assert [m.id for m in stream.latest(2)] == ["m3", "m4"]
    assert len(stream.latest(99)) == 5
    assert stream.latest(0) == []


def test_what_does_not_belong_is_refused_and_leaves_no_trace() -> None:
    stream = MemoryStream("Ada", 2)
    stream.append(seen(1), EAST)
    with pytest.raises(ValueError, match="is 'Bo''s, this is the stream of 'Ada'"):
        stream.append(seen(2, agent="Bo"), EAST)
    with pytest.raises(ValueError, match="has a memory 'm1' already"):
        stream.append(seen(1), EAST)
    with pytest.raises(VectorError, match="expected vectors of 2 components, got 3"):
        stream.append(seen(3, about="x"), to_int16([1.0, 2.0, 3.0]))
    assert len(stream) == 1
    assert "m3" not in stream
    with pytest.raises(VectorError, match="one component or more"):
        MemoryStream("Ada", 0)


def test_a_view_that_was_handed_out_survives_growth() -> None:
    stream = MemoryStream("Ada", 2)
    stream.append(seen(0), EAST)
    view = stream.vectors
    for number in range(1, 200):
        stream.append(seen(number, created=number), towards(number / 50))
    assert view.tolist() == [[SCALE, 0]]
    assert stream.created.tolist() == list(range(200))
    assert stream.vectors.tolist() == [towards(n / 50).tolist() for n in range(200)]


@given(st.lists(st.sampled_from(["stove", "bed", "door"]), max_size=40))
def test_counts_add_up_to_what_was_observed(things: list[str]) -> None:
    stream = MemoryStream("Ada", 2)
    for tick, thing in enumerate(things):
        stream.remember(seen(tick, f"The {thing} is idle.", created=tick, about=thing), EAST)
    assert int(stream.counts.sum()) == len(things)
    assert {m.about: m.count for m in stream} == {t: things.count(t) for t in set(things)}
    for memory in stream:
        last = max(tick for tick, thing in enumerate(things) if thing == memory.about)
        assert stream.last_access[stream.index_of(memory.id)] == last
