"""Doing an intervention: how a hand from outside becomes events, effects and percepts.

Interventions of a tick are done before anything else happens in it, in the order in which they were
asked for. What they change is perceived in the next tick, like every other change. Each is one
``Intervened`` event, from which it can be done again, and what follows from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulation.episode.events import Intervened, Left, Moved, Warned
from simulation.errors import ConfigError
from simulation.kernel.effect import Effect, dump_effects
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
from simulation.kernel.mind import Adapts
from simulation.kernel.percept import Noticed, Sight, Whispered
from simulation.kernel.plan import chebyshev
from simulation.kernel.reach import Reach

if TYPE_CHECKING:
    from simulation.episode.sink import Scribe
    from simulation.kernel.effect import Cell, Value
    from simulation.kernel.lockstep import Echo
    from simulation.kernel.world import World


class Asked(NamedTuple):
    """An intervention that waits for its tick."""

    intervention: Intervention
    scripted: bool = False
    """Whether it was planned before the run."""
    request: str = ""
    """The name under which it was asked for while the episode ran."""


def reach_in(world: World, scribe: Scribe, echo: Echo, asked: Asked) -> None:
    """Do one intervention; one that cannot be done is told and changes nothing."""
    try:
        done = Reach.of(world).resolve(asked.intervention)
    except ConfigError as error:
        scribe.aside(Warned, text=f"not done: {asked.intervention.as_text()} ({error})")
        world.refused[asked.request] = str(error)
        return
    effects = _effects(world, done)
    agent, place = _concerned(world, done)
    event = scribe.note(
        Intervened,
        agent=agent,
        place=place,
        kind=done.kind,
        details=done.model_dump(mode="json", exclude_defaults=True, exclude={"kind"}),
        text=done.as_text(),
        effects=dump_effects(effects),
        scripted=asked.scripted,
        request=asked.request,
    )
    for effect in effects:
        world.ledger.apply(effect, world.tick)
    _follow(world, scribe, echo, done, event.id)


def _follow(world: World, scribe: Scribe, echo: Echo, done: Intervention, cause: str) -> None:
    """What comes of it besides its effects."""
    if isinstance(done, Whisper):
        echo.whispers.setdefault(done.who, []).append(Whispered(cause, done.words))
    elif isinstance(done, Announce):
        noticed = Noticed(event=cause, actor="", text=done.words, notable=True)
        echo.sights.append(Sight(noticed, None, done.place))
    elif isinstance(done, Move):
        cell = world.ledger.during((done.who, "cell"), world.tick)
        scribe.note(
            Moved, agent=done.who, place=done.place, cell=cell, to=done.place, causes=(cause,)
        )
    elif isinstance(done, Add):
        world.welcome(done.persona, scribe, echo, cause)
    elif isinstance(done, Remove):
        name = world.stage.cast[done.who].name
        scribe.note(Left, agent=done.who, place=_place(world, done.who), name=name, causes=(cause,))
        world.dismiss(done.who)
    elif isinstance(done, Lever):
        world.turn(done.values)
    elif isinstance(done, Chance):
        world.streams.turn(done.number)
    elif isinstance(done, Become):
        persona = done.apply(world.stage.cast[done.who])
        world.recast(persona)
        mind = world.minds[done.who]
        if isinstance(mind, Adapts):
            mind.become(persona)


def _concerned(world: World, done: Intervention) -> tuple[str, str]:
    """Whom it concerns, and where it happens, as far as that can be said."""
    if isinstance(done, Add):
        return done.persona.id, done.place or done.persona.home
    if isinstance(done, Announce):
        return "", done.place
    if isinstance(done, Move):
        return done.who, done.place
    if isinstance(done, Whisper | Remove | Become):
        return done.who, _place(world, done.who)
    return "", ""


def _place(world: World, agent: str) -> str:
    return world.view().place_id(agent)


def _effects(world: World, done: Intervention) -> tuple[Effect, ...]:
    if isinstance(done, Change):
        owner = str(_value(world, done.thing, "owner") or "")
        return tuple(
            Effect(done.thing, name, _value(world, done.thing, name), value, owner)
            for name, value in done.values.items()
        )
    if isinstance(done, Move):
        return _put(world, done.who, free_cell(world, done.place))
    if isinstance(done, Remove):
        return _put(world, done.who, None)
    if isinstance(done, Add):
        return _newcomer(world, done)
    if isinstance(done, Lever):
        before, after = world.rules.initial(), world.staged(settings=done.values).rules.initial()
        return tuple(
            Effect(*key, _value(world, *key), after[key])
            for key in after
            if before.get(key) != after[key]
        )
    return ()


def _newcomer(world: World, done: Add) -> tuple[Effect, ...]:
    """What the world would have given them at its start, awake and with nothing in hand."""
    who = done.persona.id
    known = set(world.ledger)
    state = world.staged(newcomer=done.persona).rules.initial()
    mine = {key: value for key, value in state.items() if key[0] == who and key not in known}
    cell = mine.get((who, "cell"))
    taken = {_value(world, other, "cell") for other in world.bodies}
    if done.place or not isinstance(cell, tuple) or cell in taken:
        mine[who, "cell"] = free_cell(world, done.place or done.persona.home)
    mine[who, "activity"] = ""
    return tuple(Effect(*key, None, value) for key, value in mine.items())


def _put(world: World, who: str, cell: Cell | None) -> tuple[Effect, ...]:
    return (
        Effect(who, "cell", _value(world, who, "cell"), cell),
        Effect(who, "activity", _value(world, who, "activity"), ""),
    )


def _value(world: World, target: str, attribute: str) -> Value:
    return world.ledger.during((target, attribute), world.tick)


def free_cell(world: World, place: str) -> Cell:
    """Where somebody can stand in a place: near its middle, where nobody is if that can be."""
    plan = world.plan
    cells = [cell for cell in plan.places[place].cells if plan.open(cell)]
    cells = [cell for cell in cells if cell not in plan.doors] or cells
    taken = {_value(world, target, "cell") for target, name in world.ledger if name == "cell"}
    rows, columns = sorted(row for row, _ in cells), sorted(column for _, column in cells)
    middle = (rows[len(rows) // 2], columns[len(columns) // 2])
    return min(cells, key=lambda cell: (cell in taken, chebyshev(cell, middle), cell))
