"""Needs as levels that fall with time: energy and fullness, from 10 (satisfied) to 0 (empty).

What is kept is the level plus all that has been used up since tick 0. That number stands still
while time passes, so nothing has to be written then, and a meal raises it by what it is worth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulation.kernel.effect import Effect

if TYPE_CHECKING:
    from simulation.kernel.view import WorldView

FULL: Final = 10.0
MINUTES_A_LEVEL: Final = {"energy": 150.0, "fullness": 90.0}
"""How long a need takes to fall by one: a waking day of 15 hours costs 6 of energy and 10 of
fullness, which is two meals."""
SLEEP_MINUTES_A_LEVEL: Final = 70.0
"""How long one sleeps for one level of energy: a night of seven hours makes good for a day."""


def used(need: str, tick: int, tick_minutes: int) -> float:
    """What has been used up of a need since tick 0."""
    return tick * tick_minutes / MINUTES_A_LEVEL[need]


def level(view: WorldView, agent: str, need: str) -> float:
    """How far a need is satisfied now."""
    left = view.number(agent, need) - used(need, view.tick, view.stage.clock.tick_minutes)
    return min(FULL, max(0.0, left))


def change(view: WorldView, agent: str, need: str, add: float) -> Effect:
    """The effect of satisfying a need by some levels."""
    reached = min(FULL, level(view, agent, need) + add)
    after = round(reached + used(need, view.tick, view.stage.clock.tick_minutes), 6)
    return Effect(agent, need, view.get(agent, need), after, agent, True)
