"""What a strategy is, and the arithmetic that strategies share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, runtime_checkable

import numpy as np

from simulation.errors import ConfigError

if TYPE_CHECKING:
    from simulation.memory.stream import Int64s, MemoryStream
    from simulation.memory.vectors import Float64s, Int16s

_FLAT: Final = 0.5
"""What a term is scaled to when all candidates have the same: it moves no rank."""


class Retrieved(NamedTuple):
    """The memories that came to mind, best first, and why.

    ``scores`` is what they were ranked by. The three terms are as the strategy used them: each in
    [0, 1], and zero where it does not use it.
    """

    indices: Int64s
    scores: Float64s
    recency: Float64s
    importance: Float64s
    relevance: Float64s


@runtime_checkable
class RetrievalStrategy(Protocol):
    """Scores memories. It reads the stream and changes nothing; the mind notes the access.

    Run ``check_retrieval`` on your own.
    """

    @property
    def name(self) -> str:
        """As a user would name it; it goes into the episode."""
        ...

    def retrieve(
        self,
        stream: MemoryStream,
        query_vector: Int16s,
        now_tick: int,
        limit: int,
        tick_minutes: float,
    ) -> Retrieved:
        """Return at most ``limit`` memories, best first; ties always in the same order."""
        ...


def scaled(values: Float64s) -> Float64s:
    """Scale values to [0, 1] by their least and greatest; all alike become 0.5."""
    if not len(values):
        return values
    return scaled_between(values, np.minimum.reduce(values), np.maximum.reduce(values))


def scaled_between(values: Float64s, low: float, high: float) -> Float64s:
    """Scale values to [0, 1] where their least and greatest are known."""
    if low == high:
        return np.full(values.shape, _FLAT)
    return (values - low) / (high - low)


def top(scores: Float64s, created: Int64s, limit: int) -> Int64s:
    """Return the indices of the best scores; ties: newest first, then by index."""
    candidates = reaching(scores, limit)
    order = np.lexsort((candidates, -created[candidates], -scores[candidates]))
    return candidates[order[:limit]]


def reaching(scores: Float64s, limit: int) -> Int64s:
    """Return the indices of all that reach the ``limit``-th best score, ties with it included."""
    if limit >= len(scores):
        return np.arange(len(scores))
    edge = np.partition(scores, len(scores) - limit)[len(scores) - limit]
    return (scores >= edge).nonzero()[0]


def nothing() -> Retrieved:
    """Return an empty answer."""
    empty = np.zeros(0)
    return Retrieved(np.zeros(0, np.int64), empty, empty, empty, empty)


def check_weights(**weights: float) -> None:
    """Refuse a weight that is negative or no number.

    Raises:
        ConfigError: Naming the weight.
    """
    for name, weight in weights.items():
        if not 0 <= weight < float("inf"):
            raise ConfigError("a weight is zero or more", where=name, value=weight)


def check_decay(decay: float) -> None:
    """Refuse a factor of decay that is none.

    Raises:
        ConfigError: If it is not above 0 and at most 1.
    """
    if not 0 < decay <= 1:
        raise ConfigError("decay is above 0 and at most 1", where="decay", value=decay)
