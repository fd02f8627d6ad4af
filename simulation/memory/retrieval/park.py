"""``park``: the formula of the paper on generative agents."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from simulation.memory.retrieval.strategy import (
    Retrieved,
    check_decay,
    check_weights,
    nothing,
    scaled,
    top,
)

if TYPE_CHECKING:
    from simulation.memory.stream import Int64s, MemoryStream
    from simulation.memory.vectors import Float64s, Int16s


@dataclass(frozen=True, kw_only=True)
class Park:
    """Recency + importance + relevance, as in the paper on generative agents (Park et al. 2023).

    Recency is ``decay`` to the power of the simulated hours since the last access, relevance the
    cosine to the query. Each of the three is scaled to [0, 1] over all memories.

    Examples:
        >>> Park(relevance=2.0)
        Park(recency=1.0, importance=1.0, relevance=2.0, decay=0.995, name='park')
    """

    recency: float = 1.0
    """The weight of recency; so for the next two."""
    importance: float = 1.0
    relevance: float = 1.0
    decay: float = 0.995
    """What recency is multiplied by for each simulated hour since the last access."""
    name: str = "park"

    def __post_init__(self) -> None:
        check_weights(recency=self.recency, importance=self.importance, relevance=self.relevance)
        check_decay(self.decay)

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
        ages = np.maximum(now_tick - stream.last_access, 0)
        recency = scaled(_decayed(ages, self.decay, tick_minutes))
        importance = stream.derived(_scaled_importance)
        relevance = scaled(stream.cosines(query_vector))
        scores = self.recency * recency + self.importance * importance + self.relevance * relevance
        best = top(scores, stream.created, limit)
        return Retrieved(best, scores[best], recency[best], importance[best], relevance[best])


def _scaled_importance(stream: MemoryStream) -> Float64s:
    return scaled(stream.importance)


def _decayed(ages: Int64s, decay: float, tick_minutes: float) -> Float64s:
    size = 1 << max(10, int(np.maximum.reduce(ages)).bit_length())
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
