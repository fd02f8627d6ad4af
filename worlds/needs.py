"""Needs as lines that fall with time: energy and fullness, from 10 (satisfied) to 0 (empty).

A need is kept as the tick in which it will be empty, so nothing has to be written while time
passes, and to eat or sleep is one effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulation.kernel.effect import Effect

if TYPE_CHECKING:
    from simulation.kernel.view import WorldView

FULL: Final = 10.0
EMPTY_AT: Final = {"energy": "energy_empty_at", "fullness": "fullness_empty_at"}
"""Need → the attribute that holds the tick in which it is empty."""
MINUTES_A_LEVEL: Final = {"energy": 110, "fullness": 70}
"""How long it takes to fall by one: a rested body tires in 18 hours, a full one hungers in 12."""
SLEEP_MINUTES_A_LEVEL: Final = 50
"""How long one sleeps for one level of energy: a night of eight hours refills it."""


def level(view: WorldView, agent: str, need: str) -> float:
    """How far a need is satisfied now."""
    left = view.number(agent, EMPTY_AT[need]) - view.tick
    ticks = MINUTES_A_LEVEL[need] / view.stage.clock.tick_minutes
    return min(FULL, max(0.0, left / ticks))


def empty_at(view_tick: int, tick_minutes: int, need: str, amount: float) -> int:
    """The tick in which a need that stands at ``amount`` now will be empty."""
    return view_tick + round(min(FULL, max(0.0, amount)) * MINUTES_A_LEVEL[need] / tick_minutes)


def change(view: WorldView, agent: str, need: str, add: float) -> Effect:
    """The effect of satisfying a need by some levels."""
    after = empty_at(view.tick, view.stage.clock.tick_minutes, need, level(view, agent, need) + add)
    attribute = EMPTY_AT[need]
    return Effect(agent, attribute, view.get(agent, attribute), after, agent, True)
