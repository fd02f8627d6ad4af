"""``recent`` and ``none``: the two controls of a study on memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulation.memory.retrieval.strategy import Retrieved, nothing, scaled, top

if TYPE_CHECKING:
    from simulation.memory.stream import MemoryStream
    from simulation.memory.vectors import Int16s


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
    """No memory ever comes to mind."""

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
