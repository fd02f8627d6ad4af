"""How a town begins: who is where, who has what, and how things stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.kernel.action import Sleep
from simulation.kernel.clock import MINUTES_A_DAY
from simulation.kernel.view import Activity
from worlds import needs
from worlds.sleeping import ROUND, is_night, wake_minute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from personas import Persona
    from simulation.kernel.effect import Cell, Value
    from simulation.kernel.view import Stage
    from worlds.schema import Thing, Town
    from worlds.walking import Walking

State = dict[tuple[str, str], "Value"]

HUNGRY_AT_START = 5.0
"""Fullness before breakfast; a little more or less from person to person."""


def initial(town: Town, stage: Stage, walking: Walking) -> State:
    """The whole state before the first tick."""
    state: State = {}
    taken: set[Cell] = set()
    for number, persona in enumerate(stage.cast.values()):
        state |= _person(town, stage, persona, number)
        cell = _bed(walking, persona, taken)
        taken.add(cell)
        state[persona.id, "cell"] = cell
    for thing in town.things:
        state |= _thing(thing, stage.settings)
        if thing.id in walking.cells:
            state[thing.id, "cell"] = walking.cells[thing.id]
    for room in town.places:
        state[room.id, "owner"] = "commons"
    for debtor, debts in town.owed.items():
        for creditor, coins in debts.items():
            state[debtor, f"owes:{creditor}"] = coins
    return state


def _person(town: Town, stage: Stage, persona: Persona, number: int) -> State:
    now = stage.clock.minute_of_day(0)
    asleep = is_night(persona, now)
    activity = Activity(action=Sleep(), since=0, due=ROUND - 1).dump() if asleep else ""
    awake_for = (now - wake_minute(persona)) % MINUTES_A_DAY
    tired = 4.0 if asleep else min(7.0, awake_for / needs.MINUTES_A_LEVEL["energy"])
    energy = round(9.8 - 0.1 * (number % 4) - tired, 6)
    fullness = HUNGRY_AT_START + 0.4 * (number % 4)
    state: State = {(persona.id, "activity"): activity}
    state[persona.id, "energy"] = energy
    state[persona.id, "fullness"] = fullness
    for thing in town.things:
        if not thing.place and not thing.worn_by:
            state[persona.id, f"has:{thing.id}"] = thing.holders.get(persona.id, 0)
    return state


def _bed(walking: Walking, persona: Persona, taken: set[Cell]) -> Cell:
    home = persona.home if persona.home in walking.spots else next(iter(walking.spots))
    spots = walking.spots[home]
    return next((cell for cell in spots if cell not in taken), spots[0])


def _thing(thing: Thing, settings: Mapping[str, str]) -> State:
    owner, attributes = thing.owner, dict(thing.state)
    for variant in thing.variants:
        if settings.get(variant.setting) in variant.among:
            attributes |= variant.state
            owner = owner if variant.owner is None else variant.owner
    state: State = {(thing.id, name): value for name, value in attributes.items()}
    state[thing.id, "owner"] = owner
    return state
