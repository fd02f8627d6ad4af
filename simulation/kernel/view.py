"""What minds and rules may read: the world at one instant."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from simulation.kernel.action import ACTION, Action
from simulation.kernel.plan import Place, Plan, chebyshev

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from personas import Persona
    from simulation.kernel.clock import Clock
    from simulation.kernel.effect import Cell, Value
    from simulation.kernel.facts import Fact
    from simulation.kernel.ledger import Ledger
    from simulation.kernel.topics import Topic


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What changes only when somebody reaches into a world, shared by all views of an instant."""

    plan: Plan
    clock: Clock
    cast: Mapping[str, Persona]
    """Everyone who lives here or has lived here; who is gone is in no cell."""
    facts: Mapping[str, Fact]
    topics: Mapping[str, Topic]
    settings: Mapping[str, str]
    sight: int = 8
    """Cells."""
    hearing: int = 5
    """Cells."""
    speed: int = 4
    """Cells in a tick."""
    reach: int = 1
    """How far an act can touch, in cells."""


@dataclass(frozen=True, kw_only=True)
class Activity:
    """What a body is in the middle of."""

    action: Action
    since: int
    due: int
    """The tick in which the rules resolve it next."""

    def dump(self) -> str:
        """One line of JSON, as it stands in the ledger."""
        return f"{self.since} {self.due} {self.action.model_dump_json(exclude_defaults=False)}"

    @classmethod
    def load(cls, text: str) -> Activity:
        """Read it back."""
        since, due, action = text.split(" ", 2)
        return cls(action=ACTION.validate_json(action), since=int(since), due=int(due))


@dataclass(frozen=True)
class WorldView:
    """The world as it stood at the start of ``tick``.

    With ``within``, also what was applied during the tick so far: that is how actions of one
    tick meet each other when they are resolved in turn.
    """

    stage: Stage
    ledger: Ledger = field(repr=False)
    tick: int
    within: bool = False

    def get(self, target: str, attribute: str, default: Value = None) -> Value:
        """The value of an attribute."""
        read = self.ledger.during if self.within else self.ledger.before
        return read((target, attribute), self.tick, default)

    def number(self, target: str, attribute: str, default: float = 0) -> float:
        """The value of an attribute that is a number."""
        value = self.get(target, attribute, default)
        return value if isinstance(value, (int, float)) else default

    def text(self, target: str, attribute: str, default: str = "") -> str:
        """The value of an attribute that is a text."""
        value = self.get(target, attribute, default)
        return value if isinstance(value, str) else default

    @property
    def agents(self) -> tuple[str, ...]:
        """Everyone with a persona, in the order of the roster."""
        return tuple(self.stage.cast)

    def name(self, agent: str) -> str:
        """What people call them."""
        persona = self.stage.cast.get(agent)
        return persona.name if persona else self.text(agent, "name", agent)

    def cell(self, target: str) -> Cell | None:
        """Where somebody or something is; None: nowhere (carried, gone)."""
        value = self.get(target, "cell")
        return value if isinstance(value, tuple) else None

    def place(self, target: str) -> Place | None:
        """The place that somebody or something is in."""
        cell = self.cell(target)
        found = self.stage.plan.place_at.get(cell) if cell else None
        return self.stage.plan.places[found] if found else None

    def place_id(self, target: str) -> str:
        """The id of that place, or empty."""
        place = self.place(target)
        return place.id if place else ""

    def holds(self, agent: str, thing: str) -> int:
        """How many of a thing somebody has on them."""
        return int(self.number(agent, f"has:{thing}"))

    def activity(self, agent: str) -> Activity | None:
        """What a body is in the middle of."""
        text = self.text(agent, "activity")
        return Activity.load(text) if text else None

    def asleep(self, agent: str) -> bool:
        """Whether a body sleeps."""
        activity = self.activity(agent)
        return activity is not None and activity.action.verb == "sleep"

    @cached_property
    def _by_place(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for agent in self.agents:
            found.setdefault(self.place_id(agent), []).append(agent)
        return {place: tuple(people) for place, people in found.items()}

    def people_in(self, place: str) -> tuple[str, ...]:
        """Everyone with a persona who is in a place."""
        if self.within:
            return tuple(agent for agent in self.agents if self.place_id(agent) == place)
        return self._by_place.get(place, ())

    def in_sight(self, agent: str) -> list[str]:
        """Whom a body can see, nearest first."""
        return self._near(agent, self.stage.sight, self.stage.plan.sees)

    def in_earshot(self, agent: str) -> list[str]:
        """Who can hear a body, nearest first."""
        return self._near(agent, self.stage.hearing, self.stage.plan.hears)

    def _near(self, agent: str, radius: int, test: Callable[[Cell, Cell, int], bool]) -> list[str]:
        here = self.cell(agent)
        if here is None:
            return []
        found: list[tuple[int, str]] = []
        for other in self.agents:
            cell = self.cell(other)
            if other != agent and cell is not None and test(here, cell, radius):
                found.append((chebyshev(here, cell), other))
        return [other for _, other in sorted(found)]
