"""What every world must do: run this suite on one of your own.

::

    def test_my_world_keeps_the_contract():
        check_world(MyWorld)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa.datacollection import DataCollector
from mesa.discrete_space import CellAgent

from simulation.episode.sink import NoSink, canonical_json
from simulation.kernel.action import ACTION
from simulation.kernel.effect import dump_effects
from simulation.kernel.spec import WorldSpec
from simulation.mind.uniform import UniformMind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simulation.episode.events import Happening
    from simulation.kernel.effect import Effect, Value
    from simulation.kernel.view import WorldView
    from simulation.kernel.world import World


class ContractError(AssertionError):
    """A world breaks the contract; the text says which part."""


class Events(NoSink):
    """Keeps events as canonical lines, for comparing two runs."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def commit(self, tick: int, events: Sequence[Happening], contents: dict[str, str]) -> None:
        """Keep a tick."""
        self.lines += [canonical_json(event.model_dump(mode="json")) for event in events]
        self.lines += sorted(contents)


class PlainAgent(CellAgent):
    """A Mesa agent without a mind."""

    steps_taken = 0

    def step(self) -> None:
        """Count."""
        self.steps_taken += 1


def check_world(world_class: type[World], *, ticks: int = 60) -> None:
    """Live some ticks with minds that draw at random, and check what comes of it.

    Raises:
        ContractError: The world breaks the contract.
    """
    spec = world_class.load()
    _check_spec(world_class, spec)
    with world_class(spec, rng=1, mind=UniformMind) as world:
        _check_start(world)
        plain = PlainAgent(world)
        plain.cell = world.grid[_free_cell(world)]
        collector = DataCollector(agent_reporters={"place": lambda a: getattr(a, "place", "")})
        for _ in range(ticks):
            _check_instant(world)
            world.step()
            collector.collect(world)
        frame = collector.get_agent_vars_dataframe()
        _must(len(frame) == ticks * (len(world.bodies) + 1), "a DataCollector sees every body")
        _must(plain.steps_taken == ticks, "a plain Mesa agent steps once a tick")
    _must(_lines(world_class, spec, ticks) == _lines(world_class, spec, ticks), "one seed, one run")


def _check_spec(world_class: type[World], spec: WorldSpec) -> None:
    text = spec.model_dump_json()
    _must(WorldSpec.model_validate_json(text) == spec, "its description goes through JSON and back")
    people = [persona.id for persona in spec.cast]
    _must(bool(people), "somebody lives there")
    places = list(world_class.plan_of(spec).places)
    _unique("people", people)
    _unique("facts", (fact.id for fact in spec.facts))
    _unique("people and places", people + places)
    for fact in spec.facts:
        where = fact.appointment.place if fact.appointment else places[0]
        _must(where in places, f"fact {fact.id} has its appointment in a place of the plan")


def _check_start(world: World) -> None:
    view = world.view()
    for agent in view.agents:
        _must(view.place(agent) is not None, f"{agent} begins in a place")


def _check_instant(world: World) -> None:
    view = world.view()
    known = _copy(world, view)
    for agent in view.agents:
        options = world.rules.legal(view, agent)
        _must(bool(options), f"{agent} can do something at tick {view.tick}")
        for option in options:
            action = option.action
            _must(bool(option.text.strip()), f"the option {action!r} has a text")
            _must(ACTION.validate_json(action.model_dump_json()) == action, "actions are JSON")
            minutes = world.rules.minutes(view, agent, action)
            _must(minutes >= 1, f"{option.text!r} takes a minute or more")
            _check_effects(view, world.rules.resolve(view, agent, action).effects, option.text)
        world.rules.doing(view, agent)
        world.rules.things(view, agent)
        levels = world.rules.needs(view, agent).values()
        _must(all(0 <= level <= 10 for level in levels), "needs are from 0 to 10")
    _must(_copy(world, view) == known, "rules change nothing")


def _check_effects(view: WorldView, effects: Iterable[Effect], text: str) -> None:
    seen: dict[tuple[str, str], Value] = {}
    for effect in effects:
        key = (effect.target, effect.attribute)
        before = seen.get(key, view.get(*key))
        _must(effect.before == before, f"effects of {text!r} begin with what is true: {effect}")
        seen[key] = effect.after
    canonical_json(dump_effects(tuple(effects)))


def _copy(world: World, view: WorldView) -> dict[tuple[str, str], Value]:
    return {key: view.get(*key) for key in sorted(world.ledger)}


def _free_cell(world: World) -> tuple[int, int]:
    place = next(iter(world.plan.places.values()))
    return place.cells[0]


def _lines(world_class: type[World], spec: WorldSpec, ticks: int) -> list[str]:
    events = Events()
    with world_class(spec, rng=2, mind=UniformMind, sink=events) as world:
        for _ in range(ticks):
            world.step()
    return events.lines


def _unique(what: str, ids: Iterable[str]) -> None:
    found = list(ids)
    twice = sorted({name for name in found if found.count(name) > 1})
    _must(not twice, f"ids of {what} are unique, not {twice}")


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise ContractError(f"broken: {what}")
