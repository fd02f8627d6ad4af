"""Speed of memories, for pytest-benchmark: ``pytest benchmarks``.

``sociarium bench memory`` measures the same with goals and beside other ways to remember.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulation.bench import corpus
from simulation.memory import MemoryStream, list_retrieval, open_retrieval

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture


@pytest.mark.parametrize("number", [1_000, 10_000])
@pytest.mark.parametrize("name", [info.name for info in list_retrieval()])
def test_retrieval(benchmark: BenchmarkFixture, name: str, number: int) -> None:
    stream, queries = corpus.stream(number), corpus.queries(number)
    strategy = open_retrieval(name)
    benchmark(lambda: strategy.retrieve(stream, next(queries), number, 30, 1.0))


def test_append(benchmark: BenchmarkFixture) -> None:
    number = 1_000
    memories, vectors = [corpus.memory(row) for row in range(number)], corpus.vectors(number)

    def fill(stream: MemoryStream) -> None:
        for memory, vector in zip(memories, vectors, strict=False):
            stream.append(memory, vector)

    def an_empty_stream() -> tuple[tuple[MemoryStream], dict[str, object]]:
        return (MemoryStream("Imani", corpus.DIMENSION),), {}

    benchmark.pedantic(fill, setup=an_empty_stream, rounds=20)


def test_forming_a_memory(benchmark: BenchmarkFixture) -> None:
    benchmark(corpus.memory, 77)
