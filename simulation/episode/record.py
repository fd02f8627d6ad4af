"""What stands in the folder of an episode: the run as a whole, and its events as typed objects."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from pydantic import ValidationError

from personas import Persona
from simulation.episode.events import Began, Ended, Event, Happening, Intervened
from simulation.episode.reader import LogReader, Row, damaged
from simulation.episode.schema import KINDS, NAMES, RUN, SPEC, key_of
from simulation.errors import EpisodeError, SimulationError
from simulation.kernel.intervention import Become
from simulation.kernel.spec import WorldSpec

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from simulation.kernel.clock import Clock

H = TypeVar("H", bound=Happening)


class Record:
    """The record of an episode: who lived where, and what happened.

    Args:
        folder: Where it is; use :meth:`open`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.log = LogReader(folder)

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open an episode for reading, finished or still running.

        Raises:
            EpisodeError: There is none, or it is damaged.
        """
        return cls(Path(path))

    # The run as a whole ------------------------------------------------------------------------

    @cached_property
    def spec(self) -> WorldSpec:
        """The world's description."""
        text = self._read(SPEC)
        try:
            return WorldSpec.model_validate_json(text)
        except ValidationError as error:
            raise damaged(self.folder / SPEC, error.errors()[0]["msg"]) from error

    @cached_property
    def run(self) -> Mapping[str, Any]:
        """The options of the run."""
        try:
            options = json.loads(self._read(RUN))
        except ValueError as error:
            raise damaged(self.folder / RUN, error) from error
        if not isinstance(options, dict):
            raise damaged(self.folder / RUN, "it should hold an object")
        return cast("dict[str, Any]", options)

    @property
    def began(self) -> Began | None:
        """The first event; None where a world was run by itself."""
        return next(self.each(Began), None)

    @property
    def ended(self) -> Ended | None:
        """How it stopped the last time; None while it runs, and after a kill."""
        return max(self.each(Ended), key=lambda event: key_of(event.id), default=None)

    @cached_property
    def seed(self) -> int | None:
        """The seed of all random streams, where the log knows it."""
        began = self.began
        return began.seed if began else self.run.get("seed")

    @property
    def ticks(self) -> int:
        """How many ticks were lived."""
        return self.log.ticks()

    def moment(self, tick: int | None = None) -> int:
        """A tick that was lived, as it was given; None: the last.

        Raises:
            EpisodeError: It was not lived.
        """
        last = self.ticks - 1
        if tick is None:
            return last
        if not 0 <= tick <= last:
            hint = f"Ticks 0 to {last} were lived, {self.time(0)} to {self.time(last)}."
            raise EpisodeError("no moment of the episode", value=tick, hint=hint)
        return tick

    @cached_property
    def agents(self) -> tuple[str, ...]:
        """Everyone's id, in the order of the roster; who came later stands last."""
        return tuple(persona.id for persona in self.cast)

    @cached_property
    def cast(self) -> tuple[Persona, ...]:
        """Everyone who ever lived there, as they were when they came."""
        added = [event for event in self.each(Intervened) if event.kind == "add"]
        try:
            newcomers = [Persona.model_validate(event.details["persona"]) for event in added]
        except (KeyError, ValidationError) as error:
            raise damaged(self.folder, f"a newcomer is no persona: {error}") from error
        return (*self.spec.cast, *newcomers)

    def persona(self, agent: str, tick: int | None = None) -> Persona:
        """Who somebody was at a tick; None: at the end.

        Raises:
            EpisodeError: Nobody of that id lives there.
        """
        found = next((persona for persona in self.cast if persona.id == agent), None)
        if found is None:
            what = "nobody of that name lives there"
            raise EpisodeError(what, value=agent, allowed=self.agents)
        for event in self.each(Intervened, agent, until=None if tick is None else tick + 1):
            if event.kind == "persona":
                found = Become.model_validate(event.details).apply(found)
        return found

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What people are called, by id."""
        return {persona.id: persona.name for persona in self.cast}

    def name(self, agent: str) -> str:
        """What somebody is called; an id that is not in the cast as it is."""
        return self.names.get(agent, agent)

    def resident(self, name: str) -> str:
        """The id of somebody, by id or by what they are called.

        Raises:
            EpisodeError: Nobody of that name lives there.
        """
        for agent, called in self.names.items():
            if name.casefold() in (agent.casefold(), called.casefold()):
                return agent
        raise EpisodeError("nobody of that name lives there", value=name, allowed=self.agents)

    @cached_property
    def clock(self) -> Clock:
        """What turns ticks into hours."""
        return self.spec.clock

    def time(self, tick: int) -> str:
        """The hour of a tick: ``08:05``."""
        return self.clock.label(max(tick, 0))

    # Events ------------------------------------------------------------------------------------

    def event(self, identity: str) -> Event:
        """The event with this id.

        Raises:
            EpisodeError: There is none.
        """
        try:
            row = self.log.row(key_of(identity))
        except SimulationError as error:
            raise EpisodeError(str(error), where=self.folder) from error
        if row is None:
            raise EpisodeError("there is no such event", where=self.folder, value=identity)
        return self.typed(row)

    def iter_events(
        self,
        types: Collection[str | type[Happening]] = (),
        agent: str | Collection[str] = (),
        since: int | None = None,
        until: int | None = None,
    ) -> Iterator[Event]:
        """Events as typed objects, in the order in which they happened.

        Args:
            types: Only these, by class or by name; none: all.
            agent: Only those of this person, or of these.
            since: From this tick on.
            until: Before this tick.
        """
        names = [kind if isinstance(kind, str) else NAMES[kind] for kind in types]
        for name in names:
            if name not in KINDS:
                raise EpisodeError("unknown type of event", value=name, allowed=sorted(KINDS))
        agents = (agent,) if isinstance(agent, str) and agent else tuple(agent)
        for row in self.log.rows(names, agents, since, until):
            yield self.typed(row)

    def each(
        self,
        kind: type[H],
        agent: str | Collection[str] = (),
        since: int | None = None,
        until: int | None = None,
    ) -> Iterator[H]:
        """Events of one class, in the order in which they happened."""
        for event in self.iter_events((kind,), agent, since, until):
            yield cast("H", event)

    def content(self, name: str) -> str:
        """The text that an event names by its hash: a prompt, a menu, a percept.

        Raises:
            EpisodeError: There is none.
        """
        found = self.log.contents((name,))
        if name not in found:
            raise EpisodeError("there is no such content", where=self.folder, value=name)
        return found[name]

    def fields(self, row: Row) -> dict[str, Any]:
        """What a stored event has beside its columns, without fields at their default."""
        try:
            fields = json.loads(row.body)
        except (ValueError, RecursionError) as error:
            raise damaged(self.folder, f"event {row.id}: {error}") from error
        if not isinstance(fields, dict):
            raise damaged(self.folder, f"event {row.id} is not one")
        return cast("dict[str, Any]", fields)

    def typed(self, row: Row) -> Event:
        """A stored event as a typed object."""
        columns = {"id": row.id, "tick": row.tick, "agent": row.agent, "place": row.place}
        try:
            event = KINDS[row.type].model_validate({**columns, **self.fields(row)})
        except (KeyError, ValidationError) as error:
            raise damaged(self.folder, f"event {row.id} is not one") from error
        return cast("Event", event)

    def _read(self, name: str) -> str:
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise damaged(self.folder / name, "the file cannot be read") from error
