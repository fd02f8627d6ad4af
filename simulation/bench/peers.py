"""Other ways to remember, to be measured beside ours on the same memories."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from simulation.memory.vectors import SCALE, from_int16

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.memory.vectors import Int16s

CONCORDIA: Final = "gdm-concordia"
CHROMA_BATCH: Final = 1_000


class ChromaCollection:
    """A collection in memory: vectors and ids, asked for the nearest."""

    def __init__(self, vectors: Int16s) -> None:
        import chromadb  # noqa: PLC0415 - two seconds
        from chromadb.config import Settings  # noqa: PLC0415

        self._client = chromadb.EphemeralClient(Settings(anonymized_telemetry=False))
        self._name = f"bench-{len(vectors)}"
        self._collection = self._client.get_or_create_collection(
            self._name,
            configuration={"hnsw": {"space": "cosine"}},
            embedding_function=None,
        )
        wide = from_int16(vectors) / SCALE
        for start in range(0, len(wide), CHROMA_BATCH):
            rows = wide[start : start + CHROMA_BATCH]
            ids = [str(row) for row in range(start, start + len(rows))]
            self._collection.add(ids=ids, embeddings=cast("Any", rows))

    def nearest(self, vector: Int16s, number: int) -> list[int]:
        """The rows that Chroma takes for the nearest."""
        found = self._collection.query(
            query_embeddings=cast("Any", [from_int16(vector) / SCALE]),
            n_results=number,
            include=["distances"],
        )
        return [int(one) for one in found["ids"][0]]

    def close(self) -> None:
        """Drop it."""
        self._client.delete_collection(self._name)
        cast("Any", self._client).close()


@dataclass(kw_only=True)
class Node:
    """A memory as the code released with the paper on generative agents keeps it."""

    name: str
    accessed: int
    importance: float
    vector: list[float]


def retrieve_node_by_node(
    nodes: Sequence[Node], query: list[float], now: int, limit: int = 30
) -> list[Node]:
    """Retrieve as that code does: lists and dictionaries, one comparison at a time."""
    queue = sorted(nodes, key=lambda node: node.accessed)
    recency = _spread({node.name: 0.99**rank for rank, node in enumerate(queue, start=1)})
    importance = _spread({node.name: node.importance for node in queue})
    relevance = _spread({node.name: _cosine(node.vector, query) for node in queue})
    scores = {
        name: 0.5 * recency[name] + 3 * relevance[name] + 2 * importance[name] for name in recency
    }
    best = sorted(scores, key=lambda name: scores[name], reverse=True)[:limit]
    by_name = {node.name: node for node in queue}
    for name in best:
        by_name[name].accessed = now
    return [by_name[name] for name in best]


def _cosine(one: list[float], other: list[float]) -> float:
    return np.dot(one, other) / (np.linalg.norm(one) * np.linalg.norm(other))


def _spread(values: dict[str, float]) -> dict[str, float]:
    low, high = min(values.values()), max(values.values())
    if high == low:
        return dict.fromkeys(values, 0.5)
    return {name: (value - low) / (high - low) for name, value in values.items()}


def concordia_version() -> str | None:
    """Which gdm-concordia is installed, if one is."""
    try:
        return version(CONCORDIA)
    except PackageNotFoundError:
        return None


class ConcordiaMemory:
    """The associative memory of gdm-concordia, with vectors that cost it nothing."""

    def __init__(self, vectors: Int16s) -> None:
        module = import_module("concordia.associative_memory.basic_associative_memory")
        unit = from_int16(vectors) / SCALE
        known = {str(row): vector for row, vector in enumerate(unit)}
        self._bank = module.AssociativeMemoryBank(sentence_embedder=known.__getitem__)

    def add(self, row: int) -> None:
        """Remember a row."""
        self._bank.add(str(row))

    def nearest(self, row: int, number: int) -> list[int]:
        """The rows nearest to another."""
        return [int(text) for text in self._bank.retrieve_associative(str(row), number)]
