"""Which memories come to mind: named strategies, each an exact score over all of a stream.

``park`` is the formula of the paper on generative agents (Park et al. 2023): recency, importance
and relevance, each scaled to [0, 1] over all memories, then summed with weights. ``recent`` gives
the newest, ``none`` gives nothing: the two controls of a study on memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, runtime_checkable

import numpy as np

from simulation.errors import ConfigError
from simulation.memory.vectors import SCALE, Float64s, Int16s, VectorError, from_int16

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.memory.stream import Int64s, MemoryStream

_FLAT: Final = 0.5
"""What a term is scaled to when all candidates have the same: it moves no rank."""


class Retrieved(NamedTuple):
    """The memories that came to mind, best first, and why.

    ``scores`` is the weighted sum of the three terms, which are as they were scaled: each in
    [0, 1], and zero where a strategy does not use it.
    """

    indices: Int64s
    scores: Float64s
    recency: Float64s
    importance: Float64s
    relevance: Float64s


@runtime_checkable
class RetrievalStrategy(Protocol):
    """Scores memories. It reads the stream and changes nothing; the mind notes the access."""

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
        """Return at most ``limit`` memories, best first; ties: newest first, then by index."""
        ...


@dataclass(frozen=True, kw_only=True)
class Park:
    """Recency, importance and relevance, as in the paper.

    Examples:
        >>> open_retrieval("park")
        Park(recency=1.0, importance=1.0, relevance=1.0, decay=0.995, name='park')
    """

    recency: float = 1.0
    """The weight of recency; so for the next two."""
    importance: float = 1.0
    relevance: float = 1.0
    decay: float = 0.995
    """What recency is multiplied by for each simulated hour since the last access."""
    name: str = "park"

    def __post_init__(self) -> None:
        for term in ("recency", "importance", "relevance"):
            weight: float = getattr(self, term)
            if not 0 <= weight < float("inf"):
                raise ConfigError("a weight is zero or more", where=term, value=weight)
        if not 0 < self.decay <= 1:
            raise ConfigError("decay is above 0 and at most 1", where="decay", value=self.decay)

    def retrieve(
        self,
        stream: MemoryStream,
        query_vector: Int16s,
        now_tick: int,
        limit: int,
        tick_minutes: float,
    ) -> Retrieved:
        """Score all memories and return the best."""
        if limit < 1 or not len(stream):
            return nothing()
        if query_vector.shape != (stream.dimension,):
            msg = f"expected a query of {stream.dimension} components, got {query_vector.shape}"
            raise VectorError(msg)
        ages = np.maximum(now_tick - stream.last_access, 0)
        recency = scaled(_decayed(ages, self.decay, tick_minutes))
        importance = scaled(stream.importance)
        dots = stream.vectors @ from_int16(query_vector)
        relevance = scaled(dots.astype(np.float64) / SCALE**2)
        scores = self.recency * recency + self.importance * importance + self.relevance * relevance
        best = top(scores, stream.created, limit)
        return Retrieved(best, scores[best], recency[best], importance[best], relevance[best])


@dataclass(frozen=True, kw_only=True)
class Recent:
    """The newest memories, whatever they are about."""

    name: str = "recent"

    def retrieve(
        self,
        stream: MemoryStream,
        query_vector: Int16s,
        now_tick: int,
        limit: int,
        tick_minutes: float,
    ) -> Retrieved:
        """Return the memories formed last."""
        del query_vector, now_tick, tick_minutes
        if limit < 1 or not len(stream):
            return nothing()
        recency = scaled(stream.created.astype(np.float64))
        best = top(recency, stream.created, limit)
        zeros = np.zeros(len(best))
        return Retrieved(best, recency[best], recency[best], zeros, zeros)


@dataclass(frozen=True, kw_only=True)
class Forgetful:
    """No memory comes to mind: the control arm."""

    name: str = "none"

    def retrieve(
        self,
        stream: MemoryStream,
        query_vector: Int16s,
        now_tick: int,
        limit: int,
        tick_minutes: float,
    ) -> Retrieved:
        """Return nothing."""
        del stream, query_vector, now_tick, limit, tick_minutes
        return nothing()


_STRATEGIES: Final[dict[str, Callable[[], RetrievalStrategy]]] = {
    "park": Park,
    "recent": Recent,
    "none": Forgetful,
}


def open_retrieval(strategy: str | RetrievalStrategy) -> RetrievalStrategy:
    """Return the strategy of this name; an instance passes through.

    Raises:
        ConfigError: If there is no such strategy.
    """
    if not isinstance(strategy, str):
        return strategy
    if strategy not in _STRATEGIES:
        raise ConfigError(
            "no such way to retrieve memories", value=strategy, allowed=sorted(_STRATEGIES)
        )
    return _STRATEGIES[strategy]()


def scaled(values: Float64s) -> Float64s:
    """Scale values to [0, 1] by their least and greatest; all alike become 0.5."""
    low, high = values.min(), values.max()
    if low == high:
        return np.full(values.shape, _FLAT)
    return (values - low) / (high - low)


def top(scores: Float64s, created: Int64s, limit: int) -> Int64s:
    """Return the indices of the best scores; ties: newest first, then by index."""
    candidates = np.arange(len(scores))
    if limit < len(scores):
        # All that reach the worst score that can still be in: ties at the edge are settled below.
        edge = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        candidates = np.flatnonzero(scores >= edge)
    order = np.lexsort((candidates, -created[candidates], -scores[candidates]))
    return candidates[order[:limit]]


def nothing() -> Retrieved:
    """Return an empty answer."""
    empty = np.zeros(0)
    return Retrieved(np.zeros(0, np.int64), empty, empty, empty, empty)


def _decayed(ages: Int64s, decay: float, tick_minutes: float) -> Float64s:
    size = 1 << max(10, int(ages.max()).bit_length())
    return _decay_table(decay, tick_minutes, size)[ages]


@lru_cache(maxsize=16)
def _decay_table(decay: float, tick_minutes: float, size: int) -> Float64s:
    """Recency by age in ticks.

    Powers in floating point differ in the last bit between processors. Decimal arithmetic and
    plain products do not, and looking up is faster besides.
    """
    per_tick = float(Decimal(repr(decay)) ** (Decimal(repr(tick_minutes)) / 60))
    table = np.full(size, per_tick)
    table[0] = 1.0
    table = np.multiply.accumulate(table)
    table.flags.writeable = False
    return table
