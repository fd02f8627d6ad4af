"""Retrieval, appending and size of memories, beside other ways to remember."""

from __future__ import annotations

import gc
import tracemalloc
from functools import partial
from itertools import cycle
from time import perf_counter
from typing import TYPE_CHECKING, Final

from simulation.bench import corpus
from simulation.bench.figure import Figure, Measure
from simulation.bench.peers import (
    CONCORDIA,
    ChromaCollection,
    ConcordiaMemory,
    Node,
    concordia_version,
    retrieve_node_by_node,
)
from simulation.bench.timing import p50
from simulation.memory.retrieval import list_retrieval, open_retrieval
from simulation.memory.stream import MemoryStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from simulation.memory.vectors import Int16s

LIMIT: Final = 30
"""Memories that a retrieval returns."""
GOALS: Final = {1_000: 0.10, 10_000: 1.0}
"""Milliseconds that a retrieval may take, by the length of the stream."""
APPEND_GOAL: Final = 5.0
SIZE_GOAL: Final = 2.0
_NEAREST: Final = 100
_TICK_MINUTES: Final = 1.0


def measures() -> Sequence[Measure]:
    """All measures of the suite."""
    of_length: list[Measure] = []
    for number in GOALS:
        of_length += [
            Measure(f"retrieval from {number:,}", partial(_retrieval, number)),
            Measure(f"the released code on {number:,}", partial(_node_by_node, number)),
            Measure(f"Chroma on {number:,}", partial(_chroma, number)),
            Measure(f"Concordia on {number:,}", partial(_concordia, number)),
        ]
    return [Measure("appending", _appending), Measure("size", _size), *of_length]


def _appending() -> list[Figure]:
    number = 10_000
    memories, vectors = [corpus.memory(row) for row in range(number)], corpus.vectors(number)
    seconds: list[float] = []
    for _ in range(7):
        stream = MemoryStream("Imani", corpus.DIMENSION)
        before = perf_counter()
        for memory, vector in zip(memories, vectors, strict=False):
            stream.append(memory, vector)
        seconds.append((perf_counter() - before) / number)
    # The best, as whatever else runs on the machine only ever adds.
    return [_figure("append", min(seconds) * 1e6, "µs", APPEND_GOAL)]


def _size() -> list[Figure]:
    return [
        _figure(f"size of a memory, {number:,}", _bytes_each(number) / 1000, "kB", SIZE_GOAL)
        for number in GOALS
    ]


def _bytes_each(number: int) -> float:
    """What a remembered item takes, its texts and everything else included."""
    vectors = corpus.vectors(number)
    gc.collect()
    tracemalloc.start()
    try:
        stream = MemoryStream("Imani", corpus.DIMENSION)
        for row in range(number):
            stream.append(corpus.memory(row), vectors[row])
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / len(stream)
    finally:
        tracemalloc.stop()


def _retrieval(number: int) -> list[Figure]:
    stream, queries = corpus.stream(number), corpus.queries(number)
    return [
        _figure(
            f"{info.name}, {number:,}",
            p50(_asking(stream, info.name, queries)) * 1e3,
            "ms",
            GOALS[number],
        )
        for info in list_retrieval()
    ]


def _asking(stream: MemoryStream, name: str, queries: Iterator[Int16s]) -> Callable[[], object]:
    strategy, now = open_retrieval(name), len(stream)
    return lambda: strategy.retrieve(stream, next(queries), now, LIMIT, _TICK_MINUTES)


def _node_by_node(number: int) -> list[Figure]:
    stream, queries = corpus.stream(number), corpus.queries(number)
    nodes = [
        Node(
            name=memory.id,
            accessed=memory.last_access,
            importance=memory.importance,
            vector=stream.vector(row).astype(float).tolist(),
        )
        for row, memory in enumerate(stream)
    ]
    ours = p50(_asking(stream, "park_code", queries))
    theirs = p50(
        lambda: retrieve_node_by_node(nodes, next(queries).astype(float).tolist(), number, LIMIT)
    )
    return _beside("released code", number, theirs, "park_code", ours)


def _chroma(number: int) -> list[Figure]:
    stream, queries = corpus.stream(number), corpus.queries(number)
    collection = ChromaCollection(corpus.vectors(number)[:number])
    try:
        ours = p50(_asking(stream, "park", queries))
        theirs = p50(lambda: collection.nearest(next(queries), LIMIT))
        recall = _recall(stream, collection)
    finally:
        collection.close()
    return [
        *_beside("Chroma", number, theirs, "park", ours),
        _figure(f"recall@{LIMIT} of Chroma's {_NEAREST}, {number:,}", recall, "share"),
    ]


def _recall(stream: MemoryStream, collection: ChromaCollection) -> float:
    """The share of the true best that is among Chroma's nearest, ranked by the true score."""
    strategy, number = open_retrieval("park"), len(stream)
    found = 0
    for query in corpus.vectors(number)[number:]:
        ranked = strategy.retrieve(stream, query, number, number, _TICK_MINUTES).indices.tolist()
        near = set(collection.nearest(query, _NEAREST))
        again = [row for row in ranked if row in near][:LIMIT]
        found += len(set(again) & set(ranked[:LIMIT]))
    return found / (LIMIT * corpus.QUERIES)


def _concordia(number: int) -> list[Figure]:
    name = "Concordia"
    if concordia_version() is None:
        return [Figure(name=f"{name}, {number:,}", value=None, unit=f"no {CONCORDIA} here")]
    stream, queries = corpus.stream(number), corpus.queries(number)
    theirs = ConcordiaMemory(corpus.vectors(number))
    for row in range(number):
        theirs.add(row)
    ours = p50(_asking(stream, "park", queries))
    asked = cycle(range(number, number + corpus.QUERIES))
    return _beside(name, number, p50(lambda: theirs.nearest(next(asked), LIMIT)), "park", ours)


def _beside(name: str, number: int, theirs: float, strategy: str, ours: float) -> list[Figure]:
    return [
        _figure(f"{name}, {number:,}", theirs * 1e3, "ms"),
        _figure(f"{name} / {strategy}, {number:,}", theirs / ours, "x"),
    ]


def _figure(name: str, value: float, unit: str, goal: float | None = None) -> Figure:
    return Figure(name=name, value=value, unit=unit, goal=goal)
