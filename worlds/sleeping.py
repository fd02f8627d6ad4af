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
"""Below this energy one can sleep by day, at home."""
NAP = 90
"""The longest sleep by day, in minutes."""
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
        persona = view.stage.cast[agent]
        if not self._bed(view, agent):
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
        if not self._bed(view, agent):
            return Resolution(reason="there is no bed here")
        clock = view.stage.clock
        activity = view.activity(agent)
        asleep = activity is not None and activity.action.verb == "sleep"
        since = activity.since if activity is not None and asleep else view.tick
        total = (view.tick - since + 1) * clock.tick_minutes if asleep else ROUND
        slept = min(ROUND, total)
        gain = slept / needs.SLEEP_MINUTES_A_LEVEL + slept / needs.MINUTES_A_LEVEL["energy"]
        effects = (needs.change(view, agent, "energy", gain),)
        persona = view.stage.cast[agent]
        # The next tick is the first in which one could be awake.
        night = is_night(persona, clock.minute_of_day(view.tick + 1))
        slept_through = is_night(persona, clock.minute_of_day(since))
        if night or (total < NAP and not slept_through):
            return Resolution(effects=effects, again=clock.ticks(self.minutes(view, agent)))
        return Resolution(effects=effects, deed="woke up")

    def _bed(self, view: WorldView, agent: str) -> bool:
        """Whether there is a bed here: at home, and by night in a place with guest rooms."""
        place = view.place_id(agent)
        persona = view.stage.cast[agent]
        now = view.stage.clock.minute_of_day(view.tick)
        return place == persona.home or (place in self.beds and is_night(persona, now))


def wake_minute(persona: Persona) -> int:
    """When a person gets up: half an hour before the first habit, from five to seven."""
    return max(EARLIEST, min(LATEST, persona.habits[0].start - 30))


def is_night(persona: Persona, minute: int) -> bool:
    """Whether a minute of the day is between a person's bedtime and getting up."""
    bed, wake = minute_of_day(persona.bedtime), wake_minute(persona)
    return bed <= minute or minute < wake if bed > wake else bed <= minute < wake
