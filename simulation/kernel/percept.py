"""What a mind gets to know in a tick, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from personas import Persona
    from simulation.kernel.effect import Cell
    from simulation.kernel.plan import Place
    from simulation.kernel.rules import Option, Rules, Thing
    from simulation.kernel.view import Activity, WorldView


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Another person in sight."""

    id: str
    name: str
    place: str
    doing: str
    """``carrying a log``, or empty."""
    asleep: bool = False


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Words that reached the body."""

    event: str
    """Id of the utterance."""
    speaker: str
    to: str
    """Whom it was said to; empty: everyone."""
    text: str
    facts: tuple[str, ...]
    about: str
    told: bool
    """Told (addressed, or said to all), as against overheard."""
    also: tuple[str, ...] = ()
    """Who was spoken to as well, where it was said to one of several."""
    positions: tuple[tuple[str, float | str], ...] = ()
    """(topic, position) for each position that the words take."""
    last: bool = False
    """Whether it was meant to close the talk."""
    talk: str = ""


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """Something that happened in sight in the last tick."""

    event: str
    actor: str
    """Who did it; empty: nobody."""
    text: str
    """A sentence."""
    notable: bool = False
    """Whether every eye is drawn to it."""
    routine: bool = False
    """Whether it was a walk or somebody going about their own business."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one's own last action."""

    event: str
    deed: str
    """What was done, or empty."""
    reason: str = ""
    """Why it failed, or empty."""


class Sight(NamedTuple):
    """A deed as onlookers can notice it."""

    noticed: Noticed
    cell: Cell | None
    """Where; None: noticed everywhere in ``place``."""
    place: str = ""


class Whispered(NamedTuple):
    """A thought that came to somebody, who does not know from where."""

    event: str
    words: str


class LearnedFact(NamedTuple):
    """A fact that somebody came to know."""

    fact: str
    source: str
    teller: str
    event: str


@dataclass(frozen=True)
class Percept:
    """The world through one body's senses at one instant. Options are worked out when asked."""

    agent: str
    view: WorldView = field(repr=False)
    rules: Rules = field(repr=False)
    people: tuple[Seen, ...]
    earshot: tuple[str, ...]
    heard: tuple[Heard, ...]
    noticed: tuple[Noticed, ...]
    outcome: Outcome | None
    learned: tuple[LearnedFact, ...] = ()
    """Facts that reached this body in the last tick, new ones only."""
    whispers: tuple[Whispered, ...] = ()
    """Thoughts that came to it from outside the world, asleep or awake."""

    @property
    def tick(self) -> int:
        """The instant."""
        return self.view.tick

    @property
    def persona(self) -> Persona:
        """Who perceives."""
        return self.view.stage.cast[self.agent]

    @cached_property
    def place(self) -> Place | None:
        """Where the body is."""
        return self.view.place(self.agent)

    @cached_property
    def activity(self) -> Activity | None:
        """What it is in the middle of."""
        return self.view.activity(self.agent)

    @cached_property
    def time(self) -> str:
        """The hour: ``08:05``."""
        return self.view.stage.clock.label(self.tick)

    @cached_property
    def needs(self) -> Mapping[str, float]:
        """Each need, from 0 (empty) to 10 (satisfied)."""
        return self.rules.needs(self.view, self.agent)

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        """Objects in sight."""
        return tuple(self.rules.things(self.view, self.agent))

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """Everything legal now."""
        return tuple(self.rules.legal(self.view, self.agent))

    @property
    def events(self) -> tuple[str, ...]:
        """Ids of the events in this percept."""
        ids = [event for event, _ in self.whispers]
        ids += [h.event for h in self.heard] + [n.event for n in self.noticed]
        return tuple(ids + ([self.outcome.event] if self.outcome else []))

    def content(self) -> dict[str, Any]:
        """What the log keeps of it: words and ids, no objects."""
        thoughts = {"thoughts": [words for _, words in self.whispers]} if self.whispers else {}
        return thoughts | {
            "place": self.place.id if self.place else "",
            "people": [[p.id, p.place, p.doing] for p in self.people],
            "heard": [[h.speaker, h.text, h.told] for h in self.heard],
            "noticed": [n.text for n in self.noticed],
            "outcome": [self.outcome.deed, self.outcome.reason] if self.outcome else [],
            "things": [thing.text for thing in self.things],
            "needs": {name: round(level, 1) for name, level in self.needs.items()},
        }
