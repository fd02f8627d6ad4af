"""A world of two rooms with fixed minds: small enough to work out by hand what must happen.

::

    hall │ yard      three rows of nine cells; column 4 is a wall with a door in its middle
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from personas import Persona
from simulation.episode.sink import NoSink, Scribe
from simulation.kernel.action import Action, Carry, Go, Leave, Read, Say, Sleep, Take, Wait
from simulation.kernel.effect import Effect, Value
from simulation.kernel.facts import Appointment, Fact
from simulation.kernel.plan import Place, Plan
from simulation.kernel.rules import Change, Option, Resolution, Thing
from simulation.kernel.spec import WorldSpec
from simulation.kernel.world import World

if TYPE_CHECKING:
    from typing import TypeVar

    from simulation.episode.events import Happening
    from simulation.kernel.percept import Percept
    from simulation.kernel.view import Stage, WorldView

    H = TypeVar("H", bound=Happening)

HEARING = 3
PEOPLE: Mapping[str, tuple[int, int]] = {
    "ann": (1, 0), "ben": (1, 1), "cat": (0, 2), "dan": (1, 8),
}  # fmt: skip
"""Ann, Ben and Cat stand in the hall within earshot of each other, Dan at the far end of the yard.
Cat is near enough to overhear."""

SUPPER = Fact(
    id="supper",
    statement="Ann gives a supper in the yard at eight.",
    spoken="Ann gives a supper in the yard at eight",
    spoken_by={"ann": "I give a supper in the yard at eight"},
    seeded=("ann",),
    concerns=("ann",),
    appointment=Appointment(place="yard", time="08:00"),
)
PAPER = Fact(id="paper", statement="The mill is shut.", spoken="the mill is shut")
FACTS = (SUPPER, PAPER)

DEEDS = {
    "take an apple": Take(thing="apple"),
    "read the board": Read(thing="board"),
    "carry a log to the other": Carry(thing="log"),
    "take from the other's box": Leave(thing="box"),
    "stay": Wait(minutes=1),
    "go to bed": Sleep(),
}


def person(name: str, **changes: Any) -> Persona:
    """Somebody in the middle of every scale, who sweeps the hall in the morning."""
    five = dict.fromkeys(
        ("openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism"), 3.0
    )
    fields: dict[str, Any] = {
        "id": name,
        "name": name.title(),
        "age": 40,
        "pronouns": "they",
        "occupation": "miller",
        "who": "lives by the hall",
        "biography": "Was always there.",
        "big_five": five | changes.pop("five", {}),
        "home": "hall",
        "bedtime": "22:00",
        "habits": [{"at": "07:00", "place": "hall", "doing": "sweep the hall", "minutes": 30}],
        "speech": {"style": "plain"},
    }
    return Persona.model_validate(fields | changes)


def two_rooms() -> Plan:
    """The hall and the yard, a wall and a door."""
    hall = tuple((row, column) for row in range(3) for column in range(4))
    yard = ((1, 4), *((row, column) for row in range(3) for column in range(5, 9)))
    places = {
        "hall": Place(id="hall", name="the hall", cells=hall, at="in", indoors=True),
        "yard": Place(id="yard", name="the yard", cells=yard, at="in"),
    }
    walls = frozenset({(0, 4), (2, 4)})
    return Plan(3, 9, walls, frozenset({(1, 4)}), places)


class ToyRules:
    """Apples on a table, a board to read, a log to carry, a box that is somebody's."""

    def __init__(self, spec: WorldSpec, stage: Stage) -> None:
        self._stage = stage
        self._data = spec.data

    def initial(self) -> Mapping[tuple[str, str], Value]:
        cells = {(who, "cell"): tuple(cell) for who, cell in self._data["cells"].items()}
        return {**cells, ("table", "apples"): self._data["apples"], ("other", "box"): 3}

    def ambient(self, view: WorldView) -> Sequence[Change]:
        if view.tick != self._data.get("bell"):
            return ()
        rung = Effect("bell", "rung", view.get("bell", "rung"), True)
        return (Change(text="The bell rings.", effects=(rung,), place="yard"),)

    def legal(self, view: WorldView, agent: str) -> Sequence[Option]:
        here = view.place_id(agent)
        walks = [place for place in self._stage.plan.places if place != here]
        return [
            *(Option(text=text, action=deed) for text, deed in DEEDS.items()),
            *(Option(text=f"go to the {place}", action=Go(to=place)) for place in walks),
            *(
                Option(text=f"talk with {view.name(who)}", action=Say(to=who))
                for who in view.in_earshot(agent)
            ),
        ]

    def minutes(self, view: WorldView, agent: str, action: Action) -> int:
        return action.minutes if isinstance(action, Wait) else 1

    def resolve(self, view: WorldView, agent: str, action: Action) -> Resolution:
        if isinstance(action, Take) and action.thing == "poison":
            raise RuntimeError("nobody wrote a rule for poison")
        if isinstance(action, Take):
            return self._take(view, agent)
        if isinstance(action, Go):
            return self._walk(view, agent, action.to)
        others = {
            "read": Resolution(deed="read the board", learned=("paper",)),
            "carry": Resolution(effects=self._to_other(view), deed="carried a log"),
            "leave": Resolution(effects=self._from_other(view), deed="took from the box"),
            "sleep": Resolution(again=1),
            "wait": Resolution(deed="waited"),
        }
        return others.get(action.verb, Resolution())

    def _take(self, view: WorldView, agent: str) -> Resolution:
        left, held = view.number("table", "apples"), view.number(agent, "has:apple")
        if left < 1:
            return Resolution(reason="there is no apple left")
        gone = Effect("table", "apples", left, left - 1)
        had = Effect(agent, "has:apple", held, held + 1, agent)
        return Resolution(effects=(gone, had), deed="took an apple")

    def _walk(self, view: WorldView, agent: str, place: str) -> Resolution:
        here, goal = view.cell(agent), self._stage.plan.places[place].cells[-1]
        assert here is not None
        path = self._stage.plan.path(here, goal)
        if len(path) <= 1:
            moved = (Effect(agent, "cell", here, goal, agent),)
            return Resolution(effects=moved, deed=f"walked to the {place}")
        return Resolution(effects=(Effect(agent, "cell", here, path[0], agent),), again=1)

    def _to_other(self, view: WorldView) -> tuple[Effect, ...]:
        before = view.number("other", "logs")
        return (Effect("other", "logs", before, before + 3, "other", consent=True),)

    def _from_other(self, view: WorldView) -> tuple[Effect, ...]:
        before = view.number("other", "box")
        return (Effect("other", "box", before, before - 3, "other", consent=False),)

    def doing(self, view: WorldView, agent: str) -> str:
        return "sweeping" if view.activity(agent) else ""

    def things(self, view: WorldView, agent: str) -> Sequence[Thing]:
        text = "The board hangs by the door."
        if view.tick >= self._data.get("falls", view.tick + 1):
            text = "The board lies on the floor by the swept hearth."
        return [Thing(id="board", text=text)]

    def needs(self, view: WorldView, agent: str) -> Mapping[str, float]:
        return {"energy": float(self._data.get("energy", 8)), "fullness": self._fullness()}

    def _fullness(self) -> float:
        return float(self._data.get("fullness", 8))


class Toy(World):
    """Two rooms."""

    @classmethod
    def load(cls, *, agents: int | None = None, **settings: str) -> WorldSpec:
        return toy_spec(tuple(person(name) for name in list(PEOPLE)[:agents]))

    @classmethod
    def plan_of(cls, spec: WorldSpec) -> Plan:
        return two_rooms()

    @classmethod
    def rules_of(cls, spec: WorldSpec, stage: Stage) -> ToyRules:
        return ToyRules(spec, stage)


def toy_spec(cast: tuple[Persona, ...], **data: Any) -> WorldSpec:
    """The description, with everyone at their place unless ``cells`` says otherwise."""
    cells = {who.id: PEOPLE.get(who.id, (2, 0)) for who in cast} | data.pop("cells", {})
    return WorldSpec(
        world="toy",
        title="Two rooms",
        cast=cast,
        facts=tuple(data.pop("facts", FACTS)),
        topics=tuple(data.pop("topics", ())),
        start=data.pop("start", "07:00"),
        hearing=HEARING,
        data={"apples": 1, "cells": cells} | data,
    )


class Events(NoSink):
    """Keeps what was committed."""

    def __init__(self) -> None:
        self.all: list[Happening] = []
        self.contents: dict[str, str] = {}
        self.ticks: list[int] = []
        self.replies: list[tuple[str, int, str, int]] = []

    def commit(self, tick: int, events: Sequence[Happening], contents: dict[str, str]) -> None:
        self.ticks.append(tick)
        self.all += events
        self.contents |= contents

    def journal(self, key: tuple[str, int, str, int], prompt: str, reply: str) -> None:
        self.replies.append(key)

    def of(self, kind: type[H], agent: str = "") -> list[H]:
        found = [event for event in self.all if isinstance(event, kind)]
        return [event for event in found if agent in ("", event.agent)]


class Script:
    """Does at each tick what stands in a list, and keeps what it perceived."""

    def __init__(self, acts: Mapping[int, Action] | None = None) -> None:
        self.acts = acts or {}
        self.percepts: list[Percept] = []

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        self.percepts.append(percept)
        return self.acts.get(percept.tick)

    def heard(self, tick: int) -> list[tuple[str, str, bool]]:
        return [(h.speaker, h.text, h.told) for h in self.percepts[tick].heard]


class Play:
    """The two rooms with a script for each person."""

    def __init__(
        self,
        acts: Mapping[str, Mapping[int, Action]] | None = None,
        *,
        seed: int = 1,
        people: Sequence[str] = tuple(PEOPLE),
        cast: tuple[Persona, ...] = (),
        **data: Any,
    ) -> None:
        self.events = Events()
        scripts = acts or {}
        self.minds = {name: Script(scripts.get(name)) for name in people}
        self.world = Toy(
            toy_spec(cast or tuple(person(name) for name in people), **data),
            mind=lambda _world, agent: self.minds[agent],
            rng=seed,
            sink=self.events,
        )

    def live(self, ticks: int) -> Play:
        for _ in range(ticks):
            self.world.step()
        return self
