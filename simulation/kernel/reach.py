"""What there is in a world that an intervention can reach, and under which names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.errors import ConfigError
from simulation.kernel.intervention import (
    Add,
    Announce,
    Become,
    Chance,
    Change,
    Intervention,
    Lever,
    Move,
    Remove,
    Whisper,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from personas import Persona
    from simulation.kernel.effect import Value
    from simulation.kernel.plan import Place
    from simulation.kernel.world import World

MOST_PEOPLE = 999
"""How many can ever have lived in a world: an event's id has three digits for a rank."""


@dataclass
class Reach:
    """The people, places, objects and levers of a world at one moment.

    Interventions are checked against it one after the other, so that somebody who is to be added
    can be whispered to later in the same script.
    """

    people: dict[str, Persona]
    """Who is here, by id."""
    known: set[str]
    """Ids of all who were ever here."""
    places: Mapping[str, Place]
    things: Mapping[str, Mapping[str, Value]]
    """Objects and places by id, each with its attributes."""
    levers: Mapping[str, tuple[str, ...]]
    """Each lever with its values; none: any text will do."""

    @classmethod
    def of(cls, world: World) -> Reach:
        """What there is now."""
        things: dict[str, dict[str, Value]] = {}
        for target, attribute in world.ledger:
            if target not in world.stage.cast:
                value = world.ledger.during((target, attribute), world.tick)
                things.setdefault(target, {})[attribute] = value
        cast = world.stage.cast
        return cls(
            people={agent: cast[agent] for agent in world.bodies},
            known=set(cast),
            places=world.plan.places,
            things=things,
            levers=world.levers_of(world.spec),
        )

    def resolve(self, asked: Intervention) -> Intervention:
        """The same with ids for names, as it can be done.

        Raises:
            ConfigError: There is no such person, place, object, attribute, lever or value.
        """
        found: Intervention
        if isinstance(asked, Whisper | Remove):
            found = asked.model_copy(update={"who": self._person(asked)})
        elif isinstance(asked, Move):
            names = {"who": self._person(asked), "place": self._place(asked.kind, asked.place)}
            found = asked.model_copy(update=names)
        elif isinstance(asked, Announce):
            place = asked.place and self._place(asked.kind, asked.place)
            found = asked.model_copy(update={"place": place})
        elif isinstance(asked, Change):
            found = self._change(asked)
        elif isinstance(asked, Add):
            found = self._newcomer(asked)
        elif isinstance(asked, Lever):
            found = self._levers(asked)
        elif isinstance(asked, Chance):
            found = asked
        else:
            who = self._person(asked)
            asked.apply(self.people[who])
            found = asked.model_copy(update={"who": who})
        return found

    def after(self, done: Intervention) -> None:
        """Take note of what an intervention makes of it."""
        if isinstance(done, Add):
            self.people[done.persona.id] = done.persona
            self.known.add(done.persona.id)
        elif isinstance(done, Remove):
            self.people.pop(done.who, None)
        elif isinstance(done, Become):
            self.people[done.who] = done.apply(self.people[done.who])

    def _person(self, asked: Whisper | Remove | Move | Become) -> str:
        wanted = asked.who.casefold()
        for agent, persona in self.people.items():
            if wanted in (agent.casefold(), persona.name.casefold()):
                return agent
        what = "nobody of that name is here"
        raise ConfigError(what, where=asked.kind, value=asked.who, allowed=self.people)

    def _place(self, kind: str, name: str) -> str:
        wanted = name.casefold()
        for place in self.places.values():
            plain = place.name.casefold().removeprefix("the ")
            if wanted.removeprefix("the ") in (place.id.casefold(), plain):
                return place.id
        raise ConfigError("no such place", where=kind, value=name, allowed=self.places)

    def _change(self, asked: Change) -> Change:
        known = self.things.get(asked.thing)
        if known is None:
            what = "no such object"
            raise ConfigError(what, where="change", value=asked.thing, allowed=self.things)
        fixed = {name: value for name, value in known.items() if name not in ("cell", "owner")}
        for name, value in asked.values.items():
            if name not in fixed:
                what = f"{asked.thing} has no such attribute"
                raise ConfigError(what, where="change", value=name, allowed=fixed)
            if not _alike(fixed[name], value):
                what = f"{name} of {asked.thing} is {_kind(fixed[name])}"
                raise ConfigError(what, where="change", value=value)
        return asked

    def _newcomer(self, asked: Add) -> Add:
        persona = asked.persona
        if persona.id in self.known:
            what = "somebody of that id lives here, or has"
            raise ConfigError(what, where="add", value=persona.id)
        names = {known.name.casefold() for known in self.people.values()}
        if persona.name.casefold() in names:
            raise ConfigError("somebody of that name lives here", where="add", value=persona.name)
        if len(self.known) >= MOST_PEOPLE:
            raise ConfigError(f"a world holds at most {MOST_PEOPLE} people", where="add")
        place = asked.place and self._place("add", asked.place)
        for where in (persona.home, *(habit.place for habit in persona.habits)):
            if where not in self.places:
                what = f"{persona.id} is used to a place that is not here"
                raise ConfigError(what, where="add", value=where, allowed=self.places)
        return asked.model_copy(update={"place": place})

    def _levers(self, asked: Lever) -> Lever:
        for name, value in asked.values.items():
            if name not in self.levers:
                raise ConfigError("unknown lever", where="set", value=name, allowed=self.levers)
            allowed = self.levers[name]
            if allowed and value not in allowed:
                what = f"unknown value of {name}"
                raise ConfigError(what, where="set", value=value, allowed=allowed)
        return asked


def _alike(known: Value, given: Value) -> bool:
    if isinstance(known, bool) or isinstance(given, bool):
        return isinstance(known, bool) and isinstance(given, bool)
    if isinstance(known, (int, float)):
        return isinstance(given, (int, float))
    return isinstance(given, str) or known is None


def _kind(value: Value) -> str:
    if isinstance(value, bool):
        return "true or false"
    return "a number" if isinstance(value, (int, float)) else "a text"
