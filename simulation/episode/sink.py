"""Where a world writes what happens: the seam between the kernel and the log."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from simulation.episode.events import Happening
from simulation.kernel.ids import EventId, Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

H = TypeVar("H", bound=Happening)


class JournalKey(tuple[str, int, str, int]):
    """(agent, tick, purpose, ordinal): which reply this is, whenever it arrives."""

    __slots__ = ()


class EventSink(Protocol):
    """Takes committed ticks and, as they arrive, the replies of models."""

    def commit(self, tick: int, events: Sequence[Happening], contents: dict[str, str]) -> None:
        """Write a whole tick: its events in the order of their ids, and new contents by hash."""
        ...

    def journal(self, key: JournalKey, prompt: str, reply: str) -> None:
        """Keep a model's reply at once. ``prompt`` is its content hash, ``reply`` is JSON."""
        ...

    def journal_vectors(self, vectors: dict[str, bytes]) -> None:
        """Keep embeddings (little-endian int16) by content hash of their text, at once."""
        ...


class NoSink:
    """Forgets everything: for a world that runs alone under Mesa's tools."""

    def commit(self, tick: int, events: Sequence[Happening], contents: dict[str, str]) -> None:
        """Forget a tick."""

    def journal(self, key: JournalKey, prompt: str, reply: str) -> None:
        """Forget a reply."""

    def journal_vectors(self, vectors: dict[str, bytes]) -> None:
        """Forget vectors."""


def content_hash(text: str) -> str:
    """The name of a content: the first 128 bits of its SHA-256, in hex."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def canonical_json(value: Any) -> str:
    """The one spelling of a JSON value: sorted keys, no blanks, UTF-8 as it is."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Scribe:
    """Writes one agent's events of one tick and phase, giving each its identity.

    The id is known as soon as the event is noted, so later ones can name it as their cause.
    """

    def __init__(
        self, tick: int, phase: Phase, rank: int, agent: str, place: str = "", *, first: int = 0
    ) -> None:
        self._first = first
        self.tick = tick
        self.agent = agent
        self.place = place
        self._phase = phase
        self._rank = rank
        self.events: list[Happening] = []
        self.asides: list[Happening] = []
        self.contents: dict[str, str] = {}

    def note(self, kind: type[H], /, **fields: Any) -> H:
        """Add an event; ``id``, ``tick``, ``agent`` and ``place`` are filled in."""
        number = EventId(max(self.tick, 0), self._phase, self._rank, self._first + len(self.events))
        known: dict[str, Any] = {"tick": self.tick, "agent": self.agent, "place": self.place}
        event = kind(id=str(number), **{**known, **fields})
        self.events.append(event)
        return event

    def aside(self, kind: type[H], /, **fields: Any) -> H:
        """Add an incidental event: it moves no other's id, and may get a later one in the log."""
        number = EventId(max(self.tick, 0), Phase.CLOSE, self._rank, len(self.asides))
        known: dict[str, Any] = {"tick": self.tick, "agent": self.agent, "place": self.place}
        event = kind(id=str(number), **{**known, **fields})
        self.asides.append(event)
        return event

    def keep(self, value: Any) -> str:
        """Store a content once and return its hash; text as it is, the rest as JSON."""
        text = value if isinstance(value, str) else canonical_json(value)
        name = content_hash(text)
        self.contents[name] = text
        return name
