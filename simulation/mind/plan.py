"""A plan: a list for the day, from one's habits and the appointments one has heard of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from simulation.kernel.clock import Clock, minutes_of

if TYPE_CHECKING:
    from personas import Persona
    from simulation.kernel.facts import Fact


GO_TO_BED = "go to bed"
"""What is planned for the night."""


@dataclass(frozen=True, kw_only=True)
class PlanItem:
    """One thing that an agent means to do."""

    at: int
    """Minutes after midnight."""
    minutes: int
    place: str
    doing: str
    """A verb phrase: ``knead the dough``."""
    fixed: bool = False
    """Whether it happens at this time whatever the day brings."""
    fact: str = ""
    """Id of the fact behind it, for an appointment."""

    @property
    def until(self) -> int:
        """Minutes after midnight at which it is over."""
        return self.at + self.minutes

    def dump(self, clock: Clock) -> dict[str, Any]:
        """As the log keeps it."""
        hour, minute = divmod(self.at % (24 * 60), 60)
        shown = {"at": f"{hour:02d}:{minute:02d}", "minutes": self.minutes, "place": self.place}
        return (
            shown
            | {"doing": self.doing, "fixed": self.fixed}
            | ({"fact": self.fact} if self.fact else {})
        )


class DayPlan:
    """What somebody means to do today, in the order of the clock.

    A plan says what the agent intends; the world says what is possible, and the mind decides.

    Args:
        persona: Whose habits it starts from.
    """

    def __init__(self, persona: Persona) -> None:
        self._home = persona.home
        self._bedtime = minutes_of(persona.bedtime)
        self.items = [
            PlanItem(
                at=minutes_of(habit.at),
                minutes=habit.minutes,
                place=habit.place,
                doing=habit.doing,
                fixed=habit.fixed,
            )
            for habit in persona.habits
        ]

    def add_appointment(self, fact: Fact, place_name: str) -> bool:
        """Note an appointment that was heard of; False if it is in the plan already."""
        when = fact.appointment
        if when is None or any(item.fact == fact.id for item in self.items):
            return False
        item = PlanItem(
            at=minutes_of(when.time),
            minutes=when.minutes,
            place=when.place,
            doing=f"go to {place_name}",
            fixed=True,
            fact=fact.id,
        )
        self.items = sorted([*self.items, item], key=lambda known: known.at)
        return True

    def current(self, minute: int) -> PlanItem | None:
        """What is planned for this minute of the day; an appointment comes before a habit."""
        due = [item for item in self.items if item.at <= minute < item.until]
        if not due:
            return self._night(minute)
        return max(due, key=lambda item: (bool(item.fact), item.fixed, item.at))

    def upcoming(self, minute: int) -> PlanItem | None:
        """What is planned next."""
        return next((item for item in self.items if item.at > minute), None)

    def _night(self, minute: int) -> PlanItem | None:
        first = self.items[0].at if self.items else 7 * 60
        if minute >= self._bedtime or minute < first:
            night = PlanItem(
                at=self._bedtime, minutes=8 * 60, place=self._home, doing=GO_TO_BED, fixed=True
            )
            return replace(night, at=minute) if minute < first else night
        return None
