"""All that an agent can answer from at one tick: what comes to mind, and what stands anyway."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from simulation.episode.events import TookStance
from simulation.episode.memories import memory_stream
from simulation.interview.conditions import LIVED, PART_OF, PARTS
from simulation.interview.grounds import Ground, feelings, intentions, persona_grounds, views
from simulation.interview.wording import memory_clause
from simulation.memory import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.episode import Episode
    from simulation.interview.conditions import Condition
    from simulation.memory import Embedder, Memory, MemoryStream, RetrievalStrategy

RECALLED: Final = 60
"""Memories that come to mind for a question. The paper's released code takes 30; measured on a day
in the village, what was asked for stood at up to the 54th place of 139, as recency and importance
count as much there as relevance."""
_LATEST: Final = 8
"""Own deeds that make up the day so far."""


class Knowledge:
    """What one agent knows when a tick is over.

    Args:
        episode: Where they live.
        agent: Who.
        tick: When it was over.
        condition: What of it is within reach.
        as_known_to: Id of the person who asks: what is kept from them is left out. Empty: an
            inner voice, which hears everything.
        embedder: Of the run.
        strategy: Of the run: what comes to mind.
    """

    def __init__(
        self,
        episode: Episode,
        agent: str,
        tick: int,
        *,
        condition: Condition,
        as_known_to: str,
        embedder: Embedder,
        strategy: RetrievalStrategy,
    ) -> None:
        self.persona = episode.persona(agent, tick)
        self._tick = tick
        self._episode = episode
        self._embedder = embedder
        self._strategy = strategy
        self._kept = _kept_from(episode, as_known_to)
        self._stances = {taken.id for taken in episode.each(TookStance, agent, until=tick + 1)}
        parts = PARTS[condition]
        self.stream: MemoryStream = memory_stream(
            episode,
            agent,
            until=tick + 1,
            kinds=[kind for kind in KINDS if PART_OF[kind] in parts],
            embedder=embedder,
        )
        standing = chain(
            persona_grounds(episode, self.persona, secrets=not as_known_to),
            intentions(episode, self.persona, tick),
            views(episode, self.persona, tick),
            feelings(episode, self.persona, tick),
        )
        self.standing = [ground for ground in standing if PART_OF[ground.source] in parts]
        """Who one is, what is planned, what one makes of others and how one feels."""

    def recall(self, query: str) -> list[Ground]:
        """The memories that come to mind, best first. To be asked does not refresh a memory."""
        if not len(self.stream):
            return []
        found = self._strategy.retrieve(
            self.stream,
            self._embedder.embed([query])[0],
            self._tick,
            RECALLED,
            self._episode.clock.minutes_a_tick,
        )
        return self._as_grounds([self.stream[int(index)] for index in found.indices])

    def latest_deeds(self) -> list[Ground]:
        """What one did last, in order: the day so far."""
        deeds = [
            memory
            for memory in self.stream
            if memory.source == "saw" and memory.text.startswith(f"{self.persona.name} ")
        ]
        return self._as_grounds(deeds[-_LATEST:])

    def everything(self) -> list[Ground]:
        """All of it, whether it comes to mind or not."""
        return [*self.standing, *self._as_grounds(list(self.stream))]

    def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """The cosine of a text to each of the others."""
        if not others:
            return []
        one, *rows = self._embedder.embed([text, *others]).astype(float)
        return [
            round(float(one @ row) / float((one @ one) * (row @ row)) ** 0.5, 4) for row in rows
        ]

    def _as_grounds(self, memories: Sequence[Memory]) -> list[Ground]:
        """These memories, without what is kept from the one who asks."""
        return [
            Ground(
                id=memory.id,
                source="stance" if self._stances & {*memory.evidence} else memory.kind,
                text=memory.text,
                clause=memory_clause(memory, self.persona, self._episode.names),
                tick=memory.created,
                people=memory.people,
                fact=memory.fact,
                told=memory.source.partition(":")[0] in ("told", "overheard", "read"),
                minute=self._episode.clock.minute_of_day(memory.created)
                if memory.kind in LIVED and memory.source != "seeded"
                else None,
                importance=memory.importance,
            )
            for memory in memories
            if not (memory.source == "seeded" and memory.fact in self._kept)
        ]


def _kept_from(episode: Episode, partner: str) -> frozenset[str]:
    """Facts that those who know them from the start do not tell this person."""
    if not partner:
        return frozenset()
    facts = episode.spec.facts
    return frozenset(fact.id for fact in facts if {"*", partner} & set(fact.kept_from))
