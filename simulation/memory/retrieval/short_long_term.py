"""``short_long_term``: a buffer of what is new, and what use has made last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulation.errors import ConfigError
from simulation.memory.retrieval.strategy import (
    Retrieved,
    check_weights,
    nothing,
    scaled,
    top,
)

if TYPE_CHECKING:
    from simulation.memory.stream import MemoryStream
    from simulation.memory.vectors import Int16s


@dataclass(frozen=True, kw_only=True)
class ShortLongTerm:
    """What is new or was used; the rest has faded (RecAgent, Wang et al. 2023).

    Within reach is what is in short-term memory (among the last ``items`` that came in, or formed
    in the last ``minutes``) or in long-term memory: used at least ``uses`` times, a use being a
    recall or an identical observation, or at least ``importance`` important. Within reach the
    score is relevance + importance, each scaled to [0, 1]. What is out of reach cannot come to
    mind, so it cannot be used either, unless it is observed again.

    RecAgent has a short-term memory of 10, from which an item is passed on when it was enhanced 3
    times by an observation or a recall like it; before it, Atkinson & Shiffrin (1968) let rehearsal
    in the short-term store do so. That important items are passed on at once is our own choice.
    """

    items: int = 10
    """How many of the latest are in short-term memory."""
    minutes: float = 0.0
    """Besides those: what was formed in so many simulated minutes."""
    uses: int = 3
    """From so many uses on, a memory is in long-term memory."""
    importance: float = 8.0
    """From this importance on, so is it; above 10: never for that."""
    name: str = "short_long_term"

    def __post_init__(self) -> None:
        check_weights(minutes=self.minutes, importance=self.importance)
        for term in ("items", "uses"):
            number: int = getattr(self, term)
            if number < 0:
                raise ConfigError("a number is zero or more", where=term, value=number)

    def retrieve(
        self,
        stream: MemoryStream,
        query_vector: Int16s,
        now_tick: int,
        limit: int,
        tick_minutes: float,
    ) -> Retrieved:
        """Score what is within reach and return the best."""
        if limit < 1 or not len(stream):
            return nothing()
        uses = stream.recalls + stream.counts - 1
        within = (uses >= self.uses) | (stream.importance >= self.importance)
        within[max(0, len(stream) - self.items) :] = True
        within |= (now_tick - stream.created) * tick_minutes < self.minutes
        reach = within.nonzero()[0]
        importance = scaled(stream.importance[reach])
        relevance = scaled(stream.cosines(query_vector)[reach])
        scores = relevance + importance
        best = top(scores, stream.created[reach], limit)
        zeros = np.zeros(len(best))
        return Retrieved(reach[best], scores[best], zeros, importance[best], relevance[best])
