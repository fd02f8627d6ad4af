"""What somebody means to do: the aim of the day, its plan, and what is due now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.episode.events import Planned
from simulation.mind.decide import ask_focus
from simulation.mind.plan import DayPlan, PlanItem
from simulation.mind.scene import traits, who
from simulation.mind.words import own_words

if TYPE_CHECKING:
    from personas import Persona
    from simulation.episode.sink import Scribe
    from simulation.kernel.facts import Fact
    from simulation.kernel.percept import Percept
    from simulation.kernel.streams import Streams
    from simulation.mind.asker import Asker


class Intentions:
    """One agent's plan, made each morning and changed by what it hears of.

    Args:
        persona: Whose habits and aims they come from.
        streams: Where chance comes from.
        exponent: Of the correction for the content-free prior.
    """

    def __init__(self, persona: Persona, streams: Streams, exponent: float) -> None:
        self._persona = persona
        self._streams = streams
        self._exponent = exponent
        self._plan = DayPlan(persona)
        self._day = 0
        self.focus = ""
        """The aim that comes first today."""

    def due(self, percept: Percept) -> PlanItem | None:
        """What is planned for now."""
        return self._plan.current(_minute(percept))

    async def plan_the_day(self, percept: Percept, scribe: Scribe, asker: Asker) -> None:
        """Once a day, when awake: let the model say which aim comes first; log the plan."""
        day = percept.view.stage.clock.day(percept.tick)
        if day == self._day or percept.view.asleep(percept.agent):
            return
        self._day = day
        goals = self._persona.goals
        self.focus = goals[0] if goals else ""
        if len(goals) > 1:
            fields = {"who": who(percept), "traits": traits(percept), "name": self._persona.name}
            stream = self._streams.stream(percept.agent, percept.tick, "plan")
            choice = await ask_focus(asker, scribe, fields, goals, self._exponent, stream)
            self.focus = goals[choice.option if choice else 0]
        self._note(percept, scribe, "", ())

    def hear_of(self, percept: Percept, scribe: Scribe, fact: Fact, event: str) -> None:
        """Put an appointment that a fact speaks of into the plan."""
        where = fact.appointment.place if fact.appointment else ""
        place = percept.view.stage.plan.places.get(where)
        if place is not None and self._plan.add_appointment(fact, place.name):
            self._note(percept, scribe, f"heard of {fact.id}", (event,))

    def opening(self, percept: Percept) -> str:
        """What there is to say when nothing else comes to mind."""
        due = self.due(percept)
        if due is not None and _has_come_for(percept, due):
            return "I mean to stay for a while"
        if due is not None:
            return f"I mean to {own_words(due.doing, self._persona.pronouns)}"
        return f"I want to {self.focus}" if self.focus else "it is a long day"

    def parting(self, percept: Percept) -> str:
        """A last word that says where one is off to, so that talk ends without ceremony."""
        due = self.due(percept)
        item = due or self._plan.upcoming(_minute(percept))
        if item is None:
            return "I will be on my way"
        if _has_come_for(percept, item):
            return "I will sit down for a while"
        doing = own_words(item.doing, self._persona.pronouns)
        return f"I have to {doing}" if due and due.fixed else f"I am going to {doing}"

    def _note(self, percept: Percept, scribe: Scribe, reason: str, causes: tuple[str, ...]) -> None:
        clock = percept.view.stage.clock
        items = [item.dump(clock) for item in self._plan.items]
        if self.focus:
            items.insert(0, {"focus": self.focus})
        scribe.note(Planned, items=tuple(items), origin="rules", reason=reason, causes=causes)


def _has_come_for(percept: Percept, item: PlanItem) -> bool:
    """Whether this is an appointment, and one is there."""
    return bool(item.fact) and percept.place is not None and percept.place.id == item.place


def _minute(percept: Percept) -> int:
    return percept.view.stage.clock.minute_of_day(percept.tick)
