"""How a store follows a stream: after the log, and without a write for every recall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from simulation.errors import ModelError
from simulation.memory.embeddings import HashEmbedder, embed_text
from simulation.memory.follower import Follower
from simulation.memory.record import Memory
from simulation.memory.store import ListStore
from simulation.memory.stream import MemoryStream
from simulation.memory.vectors import Int16s, VectorError, to_int16

EAST = to_int16([1.0, 0.0])


class Diary(ListStore):
    """A store that notes what is put, and at which tick."""

    def __init__(self) -> None:
        super().__init__()
        self.puts: list[tuple[str, int, int]] = []

    def put(self, memory: Memory, vector: Int16s, tick: int) -> None:
        super().put(memory, vector, tick)
        self.puts.append((memory.id, memory.last_access, tick))


def followed(tick_minutes: int = 1) -> tuple[MemoryStream, Follower, Diary]:
    stream, diary = MemoryStream("Ada", 2), Diary()
    follower = Follower(stream, tick_minutes)
    follower.store = diary
    return stream, follower, diary


def form(stream: MemoryStream, follower: Follower, number: int, tick: int) -> None:
    memory = Memory(id=f"m{number}", agent="Ada", kind="plan", text=f"To do {number}.")
    follower.formed(stream.append(replace(memory, created=tick), EAST))


def recall(stream: MemoryStream, follower: Follower, index: int, tick: int) -> None:
    stream.touch([index], tick)
    follower.recalled([index])


def test_nothing_reaches_the_store_before_its_tick_is_in_the_log() -> None:
    stream, follower, diary = followed()
    form(stream, follower, 1, 0)
    assert diary.puts == []
    follower.settle(0)
    assert diary.puts == [("m1", 0, 0)]
    form(stream, follower, 2, 1)
    follower.pass_on(1)
    assert diary.puts == [("m1", 0, 0)]


def test_recalls_of_an_hour_are_one_write_each() -> None:
    stream, follower, diary = followed()
    form(stream, follower, 1, 0)
    form(stream, follower, 2, 0)
    for tick in range(125):
        recall(stream, follower, 0, tick)
        follower.settle(tick)
    formed = [("m1", 0, 0), ("m2", 0, 0)]
    assert diary.puts == [*formed, ("m1", 59, 59), ("m1", 119, 119)]
    follower.pass_on(125)
    assert diary.puts[4:] == [("m1", 124, 125)]
    assert [memory.recalls for memory in diary.get(["m1", "m2"])] == [125, 0]


@pytest.mark.parametrize(("tick_minutes", "last"), [(1, 59), (10, 5), (25, 2), (60, 0), (90, 0)])
def test_an_hour_is_an_hour_of_the_simulation(tick_minutes: int, last: int) -> None:
    stream, follower, diary = followed(tick_minutes)
    form(stream, follower, 1, 0)
    follower.settle(0)
    for tick in range(1, 90):
        recall(stream, follower, 0, tick)
        follower.settle(tick)
        if len(diary.puts) > 1:
            break
    assert diary.puts[1:] == [("m1", max(1, last), max(1, last))]


def test_what_is_observed_again_goes_along_with_its_recalls() -> None:
    stream, follower, diary = followed()
    form(stream, follower, 1, 0)
    follower.settle(0)
    recall(stream, follower, 0, 3)
    follower.settle(3)
    stream.bump(0, 4)
    follower.formed(0)
    follower.settle(4)
    follower.pass_on(5)
    assert diary.puts == [("m1", 0, 0), ("m1", 4, 4)]
    [kept] = diary.get(["m1"])
    assert (kept.count, kept.recalls, kept.last_access) == (2, 1, 4)


def test_a_recall_of_a_tick_that_never_came_into_the_log_is_not_stored() -> None:
    stream, follower, diary = followed()
    form(stream, follower, 1, 0)
    recall(stream, follower, 0, 1)
    follower.settle(1)
    recall(stream, follower, 0, 2)
    follower.pass_on(2)
    [kept] = diary.get(["m1"])
    assert (kept.recalls, kept.last_access) == (1, 1)


def test_without_a_store_nothing_gathers() -> None:
    stream = MemoryStream("Ada", 2)
    follower = Follower(stream)
    form(stream, follower, 1, 0)
    recall(stream, follower, 0, 1)
    follower.store = Diary()
    follower.settle(1)
    follower.pass_on(2)
    assert follower.store.puts == []


class Own:
    """An embedder of the user's own, which gives what it was told to."""

    name = "own"
    dimension = 2

    def __init__(self, gives: Any) -> None:
        self.gives = gives

    def embed(self, texts: Sequence[str]) -> Int16s:
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives


@pytest.mark.parametrize(
    ("gives", "kind", "problem"),
    [
        (OSError("no\nroute"), ModelError, "OSError: no route"),
        ([[1.0, 0.0]], ModelError, "AttributeError: "),
        (to_int16([[1.0, 0.0, 0.0]]), VectorError, "expected vectors of 2 components, got 3"),
        (to_int16([[1.0, 0.0]]) * 0, VectorError, "a stored vector is 2048 long"),
        (VectorError("own: NaN"), VectorError, "NaN"),
    ],
)
def test_an_embedder_of_ones_own_that_fails_is_named_with_the_text(
    gives: object, kind: type[Exception], problem: str
) -> None:
    text = "The stove\nis idle. " * 20
    with pytest.raises(kind, match=problem) as caught:
        embed_text(Own(gives), text, 2)
    told = str(caught.value)
    assert told.startswith("the embedder 'own' failed on 'The stove is idle. The stove is ")
    assert "\n" not in told
    assert len(told) < 400


def test_an_embedder_that_works_gives_its_vector() -> None:
    embedder = HashEmbedder(64)
    assert (embed_text(embedder, "mill", 64) == embedder.embed(["mill"])[0]).all()
