"""Sleep: where and when one can, how it refills, and when one wakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from personas.schema import minute_of_day
from simulation.kernel.action import Sleep
from simulation.kernel.clock import MINUTES_A_DAY
from simulation.kernel.rules import Option, Resolution
from worlds import needs

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from personas import Persona
    from simulation.kernel.view import WorldView

TIRED = 7.0
"""Below this energy one can sleep by day."""
RESTED = 9.5
ROUND = 15
"""Minutes of sleep between two looks at the clock."""
EARLIEST, LATEST = 5 * 60, 7 * 60
"""Nobody gets up before, or lies longer than, these minutes of the day."""


class Sleeping:
    """The sleeping rules of a town.

    Args:
        beds: Places with beds for those who live elsewhere.
    """

    def __init__(self, beds: AbstractSet[str]) -> None:
        self.beds = beds

    def legal(self, view: WorldView, agent: str) -> list[Option]:
        """The option to sleep, or none."""
        place = view.place_id(agent)
        persona = view.stage.cast[agent]
        if place != persona.home and place not in self.beds:
            return []
        night = is_night(persona, view.stage.clock.minute_of_day(view.tick))
        if not night and needs.level(view, agent, "energy") >= TIRED:
            return []
        text = "sleep until morning" if night else "sleep for a while"
        return [Option(text=text, action=Sleep(), minutes=self.minutes(view, agent))]

    def minutes(self, view: WorldView, agent: str) -> int:
        """Until the next look at the clock; by night never past the hour of waking."""
        now = view.stage.clock.minute_of_day(view.tick)
        persona = view.stage.cast[agent]
        until = (wake_minute(persona) - now) % MINUTES_A_DAY
        return max(1, min(ROUND, until)) if is_night(persona, now) else ROUND

    def resolve(self, view: WorldView, agent: str) -> Resolution:
        """Refill by what was slept since the last look; wake when it is time."""
        place = view.place_id(agent)
        persona = view.stage.cast[agent]
        if place != persona.home and place not in self.beds:
            return Resolution(reason="there is no bed here")
        clock = view.stage.clock
        slept = self._slept(view, agent)
        gain = slept / needs.SLEEP_MINUTES_A_LEVEL + slept / needs.MINUTES_A_LEVEL["energy"]
        effect = needs.change(view, agent, "energy", gain)
        after = needs.level(view, agent, "energy") + gain
        # The next tick is the first that one could be awake in.
        now = (clock.minute_of_day(view.tick) + clock.tick_minutes) % MINUTES_A_DAY
        if is_night(persona, now) or (after < RESTED and not self._slept_through(view, agent, now)):
            return Resolution(effects=(effect,), again=clock.ticks(self.minutes(view, agent)))
        return Resolution(effects=(effect,), deed="woke up")

    def _slept(self, view: WorldView, agent: str) -> float:
        """Minutes since the sleeper last looked at the clock."""
        activity = view.activity(agent)
        if activity is None or activity.action.verb != "sleep":
            return float(self.minutes(view, agent))
        return float(min(ROUND, (view.tick - activity.since + 1) * view.stage.clock.tick_minutes))

    def _slept_through(self, view: WorldView, agent: str, now: int) -> bool:
        """Whether the night ends in this sleep."""
        activity = view.activity(agent)
        if activity is None:
            return False
        began = view.stage.clock.minute_of_day(activity.since)
        persona = view.stage.cast[agent]
        return is_night(persona, began) and not is_night(persona, now)


def wake_minute(persona: Persona) -> int:
    """When a person gets up: half an hour before the first habit, from five to seven."""
    return max(EARLIEST, min(LATEST, persona.habits[0].start - 30))


def is_night(persona: Persona, minute: int) -> bool:
    """Whether a minute of the day is between a person's bedtime and getting up."""
    bed, wake = minute_of_day(persona.bedtime), wake_minute(persona)
    return bed <= minute or minute < wake if bed > wake else bed <= minute < wake
