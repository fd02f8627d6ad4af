"""``park_code``: retrieval as the code released with the paper on generative agents does it.

It differs from the paper (Park et al. 2023), and these differences are kept on purpose, so that
what was recorded with that code can be computed again:

* candidates are events and thoughts, no chats, and nothing that mentions *idle*;
* recency goes by rank, not by time: candidates are sorted by their last access, oldest first, and
  the i-th gets ``decay`` to the power of i. So the *oldest* scores highest;
* the three terms, each scaled to [0, 1], are weighted 0.5 (recency), 3 (relevance), 2 (importance);
* candidates stand newest first, events before thoughts; both sorts are stable, so ties keep that
  order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from simulation.memory.retrieval.strategy import (
    Retrieved,
    check_decay,
    check_weights,
    nothing,
    reaching,
    scaled,
    scaled_between,
)

if TYPE_CHECKING:
    from simulation.memory.record import Kind, Memory
    from simulation.memory.stream import Int64s, MemoryStream
    from simulation.memory.vectors import Float64s, Int16s

IDLE: Final = "idle"
"""What mentions this is no candidate."""
_UINT16_MAX: Final = 2**16 - 1
_EVENT, _THOUGHT, _NEITHER = 1.0, 2.0, 0.0
_ROLES: Final[dict[Kind, float]] = {
    "observation": _EVENT,
    "fact": _EVENT,
    "plan": _THOUGHT,
    "reflection": _THOUGHT,
    "dialogue": _NEITHER,
}


@dataclass(frozen=True, kw_only=True)
class ParkCode:
    """What the code released with Park et al. 2023 computes, its faults included.

    Observations and facts are its events, plans and reflections its thoughts, dialogue its chats.
    For what that code itself recorded there is :class:`simulation.memory.Recording`.
    """

    recency: float = 1.0
    """A weight on top of the fixed one; so for the next two."""
    importance: float = 1.0
    relevance: float = 1.0
    decay: float = 0.99
    """What recency is multiplied by for each rank."""
    name: str = "park_code"

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
        """Score the candidates and return the best."""
        del now_tick, tick_minutes
        candidates = stream.derived(_candidates)
        if limit < 1 or not len(candidates):
            return nothing()
        ranked = candidates[_oldest_first(stream.last_access.take(candidates))]
        importance = stream.importance.take(ranked)
        best, *terms = self.best(importance, stream.cosines(query_vector).take(ranked), limit)
        return Retrieved(ranked[best], *terms)

    def best(self, importance: Float64s, cosines: Float64s, limit: int) -> Retrieved:
        """Score candidates that are sorted by their last access; indices are into these arrays."""
        # Bits depend on the order of sums and products. It is that code's; only a factor that is a
        # power of two may stand anywhere.
        powers = _powers(self.decay, len(cosines))
        recency = scaled_between(powers, powers[-1], powers[0])
        importance, relevance = scaled(importance), scaled(cosines)
        scores = (
            recency * (self.recency * 0.5)
            + self.relevance * relevance * 3
            + importance * (self.importance * 2)
        )
        reached = reaching(scores, limit)
        best = reached[(-scores[reached]).argsort(kind="stable")[:limit]]
        return Retrieved(best, scores[best], recency[best], importance[best], relevance[best])


def _candidates(stream: MemoryStream) -> Int64s:
    """Events newest first, then thoughts newest first: the order that ties keep."""
    roles = stream.column(_role)
    return np.concatenate([(roles == role).nonzero()[0][::-1] for role in (_EVENT, _THOUGHT)])


def _oldest_first(accesses: Int64s) -> Int64s:
    """Return the order of ticks, stable."""
    since = accesses - np.minimum.reduce(accesses)
    if np.maximum.reduce(since) <= _UINT16_MAX:
        # Whole numbers this small are sorted digit by digit: three times as fast from 10,000.
        since = since.astype(np.uint16)
    return since.argsort(kind="stable")


def _role(memory: Memory) -> float:
    return _NEITHER if IDLE in memory.text else _ROLES[memory.kind]


def _powers(decay: float, number: int) -> Float64s:
    return _power_table(decay, 1 << max(10, number.bit_length()))[:number]


@lru_cache(maxsize=8)
def _power_table(decay: float, size: int) -> Float64s:
    # Python's power, as in that code: NumPy's may differ in the last bit.
    table = np.array([decay**rank for rank in range(1, size + 1)])
    table.flags.writeable = False
    return table
