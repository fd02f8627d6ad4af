"""A village to try things in: people are put where a test wants them, at its hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import pytest

from simulation.episode.events import Acted, Changed, Failed
from simulation.episode.sink import NoSink
from simulation.kernel.action import Wait
from simulation.kernel.effect import Effect
from worlds import village
from worlds.town_rules import TownRules
from worlds.village.world import Village

if TYPE_CHECKING:
    from simulation.episode.events import Happening
    from simulation.episode.sink import Scribe
    from simulation.kernel.action import Action
    from simulation.kernel.effect import Value
    from simulation.kernel.percept import Percept
    from simulation.kernel.rules import Option, Resolution
    from simulation.kernel.world import World


class Events(NoSink):
    """Keeps what happens."""

    def __init__(self) -> None:
        self.all: list[Happening] = []

    def commit(self, tick: int, events: Sequence[Happening], contents: dict[str, str]) -> None:
        self.all += events


class ScriptedMind:
    """Does what it was told, one thing after the other, and then waits."""

    def __init__(self, script: list[Action]) -> None:
        self._script = script

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        if percept.activity is not None:
            return None
        return self._script.pop(0) if self._script else Wait(minutes=60)


class Town:
    """The village, with handles for tests."""

    def __init__(self, start: str, script: dict[str, list[Action]], **settings: str) -> None:
        spec = village.load(None, **settings).model_copy(update={"start": start})
        self.events = Events()
        self.world = Village(
            spec,
            rng=1,
            mind=lambda _world, agent: ScriptedMind(script.get(agent, [])),
            sink=self.events,
        )
        assert isinstance(self.world.rules, TownRules)
        self.rules = self.world.rules

    def put(self, agent: str, place: str, spot: int = 0) -> None:
        self.set(agent, "cell", self.rules.walking.spots[place][spot])

    def set(self, target: str, attribute: str, value: Value) -> None:
        view = self.world.view()
        before = view.get(target, attribute)
        self.world.ledger.apply(Effect(target, attribute, before, value), self.world.tick - 1)

    def get(self, target: str, attribute: str) -> Value:
        return self.world.view().get(target, attribute)

    def texts(self, agent: str) -> list[str]:
        return [option.text for option in self.rules.legal(self.world.view(), agent)]

    def option(self, agent: str, text: str) -> Option:
        options = self.rules.legal(self.world.view(), agent)
        return next(option for option in options if option.text == text)

    def resolve(self, agent: str, text: str) -> Resolution:
        return self.rules.resolve(self.world.view(), agent, self.option(agent, text).action)

    def things(self, agent: str) -> list[str]:
        return [thing.text for thing in self.rules.things(self.world.view(), agent)]

    def step(self, ticks: int = 1) -> None:
        for _ in range(ticks):
            self.world.step()

    def reasons(self, agent: str) -> list[str]:
        failed = [event for event in self.events.all if isinstance(event, Failed)]
        return [event.reason for event in failed if event.agent == agent]

    def deeds(self, agent: str) -> list[str]:
        acted = [event for event in self.events.all if isinstance(event, Acted)]
        return [event.deed for event in acted if event.agent == agent]

    def changes(self) -> list[str]:
        return [event.text for event in self.events.all if isinstance(event, Changed)]


MakeTown = Callable[..., Town]


@pytest.fixture
def town() -> Iterator[MakeTown]:
    made: list[World] = []

    def make(
        start: str = "10:00", script: dict[str, list[Action]] | None = None, **settings: str
    ) -> Town:
        found = Town(start, script or {}, **settings)
        made.append(found.world)
        return found

    yield make
    for world in made:
        world.close()
