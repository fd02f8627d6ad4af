"""An agent's memory at work: forming memories, and bringing them back to mind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from simulation.episode.events import Recalled, Remembered
from simulation.episode.sink import EventSink, Scribe, content_hash
from simulation.memory import Memory, MemoryStream
from simulation.memory.embeddings import embed_text
from simulation.memory.follower import Follower
from simulation.memory.record import KINDS, Kind, about_key
from simulation.memory.retrieval import Retrieved
from simulation.memory.vectors import similarity

if TYPE_CHECKING:
    from simulation.memory.embeddings import Embedder
    from simulation.memory.retrieval import RetrievalStrategy
    from simulation.memory.vectors import Int16s

_PLAN = KINDS.index("plan")
_JOURNALLED = 512
"""Texts of which is remembered that their vectors are journalled."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something to be remembered, before it has an identity."""

    kind: Kind
    text: str
    importance: float
    spoken: str = ""
    rated: str = "rule"
    people: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    fact: str = ""
    source: str = ""
    fresh: bool = False
    """Whether it is never merged with an identical one."""


class Recollection:
    """One agent's stream, with what embeds, scores and stores it.

    Args:
        agent: Whose.
        embedder: Turns texts into vectors.
        strategy: Scores memories for a query.
        sink: Whose journal keeps new vectors.
        tick_minutes: Sim minutes in a tick.
    """

    def __init__(
        self,
        agent: str,
        *,
        embedder: Embedder,
        strategy: RetrievalStrategy,
        sink: EventSink,
        tick_minutes: int = 1,
    ) -> None:
        self.stream = MemoryStream(agent, embedder.dimension)
        self._embedder = embedder
        self._strategy = strategy
        self._sink = sink
        self.follower = Follower(self.stream, tick_minutes)
        self._tick_minutes = tick_minutes
        self._journalled: dict[str, None] = {}

    def embed(self, text: str) -> Int16s:
        """The vector of a text; the journal keeps it.

        Raises:
            VectorError: If what the embedder gave is no vector for a memory.
            ModelError: If it failed in another way.
        """
        vector = embed_text(self._embedder, text, self.stream.dimension)
        name = content_hash(text)
        if name not in self._journalled:
            self._sink.journal_vectors({name: vector.astype("<i2").tobytes()})
            self._journalled[name] = None
            if len(self._journalled) > _JOURNALLED:
                del self._journalled[next(iter(self._journalled))]
        return vector

    def remember(self, scribe: Scribe, note: Note) -> Memory:
        """Form a memory, or count an identical one again; either is an event."""
        about = "" if note.fresh else about_key(note.text)
        known = self.stream.find(about, note.text) if about else None
        vector = self.embed(note.text) if known is None else self.stream.vector(known)
        event = scribe.note(
            Remembered,
            kind=note.kind,
            text=note.text,
            spoken=note.spoken,
            importance=note.importance,
            rated=note.rated,
            people=note.people,
            evidence=note.evidence,
            fact=note.fact,
            source=note.source,
            again="" if known is None else self.stream[known].id,
            fresh=note.fresh,
            vector=content_hash(note.text),
            causes=note.evidence,
        )
        if known is not None:
            self.stream.bump(known, scribe.tick)
            self.follower.formed(known)
            return self.stream[known]
        memory = Memory(
            id=event.id,
            agent=scribe.agent,
            kind=note.kind,
            text=note.text,
            spoken=note.spoken,
            created=scribe.tick,
            importance=note.importance,
            place=scribe.place,
            people=note.people,
            evidence=note.evidence,
            fact=note.fact,
            source=note.source,
            about=about,
        )
        self.follower.formed(self.stream.append(memory, vector))
        return memory

    def glance(self, query: str, tick: int, limit: int) -> list[Memory]:
        """What would come to mind for a query, plans apart; nothing is touched or written."""
        if len(self.stream) == 0:
            return []
        return [self.stream[int(index)] for index in self._found(query, tick, limit).indices]

    def recall(
        self, scribe: Scribe, query: str, purpose: str, limit: int, *, plans: bool = False
    ) -> list[Memory]:
        """The memories that come to mind for a query, best first; their last access is now.

        Plans do so only where they are asked for: elsewhere they would take the place of what
        happened, and what is due stands in a prompt anyway.
        """
        if len(self.stream) == 0:
            return []
        found = self._found(query, scribe.tick, limit, plans=plans)
        if len(found.indices) == 0:
            return []
        self.stream.touch(found.indices, scribe.tick)
        self.follower.recalled(found.indices.tolist())
        memories = [self.stream[int(index)] for index in found.indices]
        parts = zip(found.scores, found.recency, found.importance, found.relevance, strict=True)
        scribe.note(
            Recalled,
            purpose=purpose,
            query=scribe.keep(query),
            strategy=self._strategy.name,
            memories=tuple(memory.id for memory in memories),
            scores=tuple(
                (round(float(a), 4), round(float(b), 4), round(float(c), 4), round(float(d), 4))
                for a, b, c, d in parts
            ),
        )
        return memories

    def _found(self, query: str, tick: int, limit: int, *, plans: bool = False) -> Retrieved:
        passed_over = 0 if plans else int(np.count_nonzero(self.stream.kinds == _PLAN))
        found = self._strategy.retrieve(
            self.stream, self.embed(query), tick, limit + passed_over, self._tick_minutes
        )
        if passed_over:
            return _first(found, self.stream.kinds[found.indices] != _PLAN, limit)
        return found

    def likeness(self, text: str, other: str) -> float:
        """Cosine of two texts, in [-1, 1]."""
        return round(similarity(self.embed(text), self.embed(other)), 4)

    def closeness(self, text: str, memories: list[Memory]) -> float:
        """Cosine of a text to the centre of some memories, in [-1, 1]."""
        rows = self.stream.vectors[[self.stream.index_of(memory.id) for memory in memories]]
        centre = rows.mean(axis=0)
        vector = self.embed(text).astype(np.float32)
        length = float(np.linalg.norm(centre) * np.linalg.norm(vector))
        return round(float(centre @ vector) / length, 4) if length else 0.0


def _first(found: Retrieved, wanted: npt.NDArray[np.bool_], limit: int) -> Retrieved:
    """The first of what was found that is wanted."""
    rows = np.flatnonzero(wanted)[:limit]
    return Retrieved(
        found.indices[rows],
        found.scores[rows],
        found.recency[rows],
        found.importance[rows],
        found.relevance[rows],
    )
