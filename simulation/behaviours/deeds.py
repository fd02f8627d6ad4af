"""Deeds: what somebody does from one decision until they do something else.

Work that takes several rounds (logs carried one by one) is many events and one deed, so that a
rate counts people's choices and not how finely a world cuts time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulation.episode.events import Acted, Decided, Failed, Left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.behaviours.society import Choice, Society
    from simulation.episode.events import Happening
    from simulation.kernel.effect import Effect


@dataclass(frozen=True)
class Round:
    """One time that something came of it."""

    event: str
    tick: int
    effects: tuple[Effect, ...]


@dataclass
class Deed:
    """One act with all its rounds."""

    agent: str
    place: str
    verb: str
    thing: str
    """``thing`` and the way it is used: ``logs:into_shed``."""
    since: int
    """The tick at which it was begun."""
    choice: Choice | None
    """The decision behind it; None: it is not in the log."""
    rounds: list[Round] = field(default_factory=list[Round])

    @property
    def tick(self) -> int:
        """When something first came of it."""
        return self.rounds[0].tick

    @property
    def until(self) -> int:
        """When something last came of it."""
        return self.rounds[-1].tick

    @property
    def ticks(self) -> int:
        """Time spent on it, in ticks."""
        return self.until - self.since + 1

    @property
    def events(self) -> tuple[str, ...]:
        """Ids: the decision, then each round."""
        decided = (self.choice.event.id,) if self.choice else ()
        return (*decided, *(one.event for one in self.rounds))

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The effects of all rounds."""
        return tuple(effect for one in self.rounds for effect in one.effects)


class Deeds:
    """Gathers the rounds of each person's deed; gives it when they turn to something else."""

    def __init__(self) -> None:
        self._open: dict[str, Deed] = {}

    def feed(self, event: Happening, society: Society) -> Deed | None:
        """Take an event in; give the deed that it ends, if it ends one."""
        if isinstance(event, Acted):
            return self._act(event, society)
        if isinstance(event, (Decided, Failed, Left)):
            return self._open.pop(event.agent, None)
        return None

    def close(self) -> Iterator[Deed]:
        """What was still under way, in the order in which it was begun."""
        yield from sorted(self._open.values(), key=lambda deed: (deed.tick, deed.events))
        self._open = {}

    def _act(self, event: Acted, society: Society) -> Deed | None:
        effects = society.effects(event)
        this = Round(event.id, event.tick, effects)
        known = self._open.get(event.agent)
        thing = thing_of(event.action)
        if known and (known.since, known.thing) == (event.since, thing):
            known.rounds.append(this)
            return None
        choice = society.choices.get(event.agent)
        decided = choice if choice and choice.event.tick == event.since else None
        verb = str(event.action.get("verb", ""))
        deed = Deed(event.agent, event.place, verb, thing, event.since, decided, [this])
        self._open[event.agent] = deed
        return known


def thing_of(action: dict[str, object]) -> str:
    """What is done with what: ``logs:into_shed``, ``till:coins``; the verb where it needs nothing.

    Examples:
        >>> thing_of({"verb": "take", "thing": "coin", "source": "till", "way": "coins"})
        'till:coins'
        >>> thing_of({"verb": "wait"})
        'wait'
    """
    thing = action.get("source") or action.get("thing") or action.get("task")
    way = action.get("way")
    if not thing:
        return str(action.get("verb", ""))
    return f"{thing}:{way}" if way else str(thing)
