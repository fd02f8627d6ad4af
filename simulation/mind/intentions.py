"""What somebody means to do: the day's plan, what is due now, and what changes it.

Day, hours, minutes (Park et al. 2023, §4.3). The day is made anew each morning, from yesterday's
summary: written by a chat model, or the habits with the aim that comes first. A stroke is cut into
hours, and an hour into steps, when one is at its place and begins with it. An appointment that is
heard of, a reaction that took time, and a place that cannot be reached change what is left of the
day, by rule. Every stroke is a memory, so that it can be asked about.

Without the part ``planning`` there is no plan at all, in the log, in memory or in a prompt; only
bedtime remains, which is the body's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.episode.events import Planned
from simulation.kernel.action import Action, Go
from simulation.mind.day import write_day
from simulation.mind.decide import ask_focus
from simulation.mind.decompose import Decomposer
from simulation.mind.in_hand import is_at
from simulation.mind.options import MindOptions
from simulation.mind.plan import DayPlan, PlanItem, clock_face, dump_plan, habits_of
from simulation.mind.recollection import Note
from simulation.mind.scene import traits, who
from simulation.mind.under_way import UnderWay
from simulation.mind.words import own_words
from simulation.mind.yesterday import sum_up

if TYPE_CHECKING:
    from collections.abc import Iterable

    from personas import Persona
    from simulation.episode.events import Origin
    from simulation.episode.sink import Scribe
    from simulation.kernel.facts import Fact
    from simulation.kernel.percept import Percept
    from simulation.kernel.rules import Option
    from simulation.kernel.streams import Streams
    from simulation.memory import Memory
    from simulation.mind.asker import Asker
    from simulation.mind.recollection import Recollection

A_MOMENT = 5
"""Minutes that a reaction takes at least: as long as an ordinary talk."""
USUAL, FIXED, APPOINTMENT = 2.0, 3.0, 5.0
"""Importance of a planned stroke as a memory: what is usual, what always is, what was promised."""

STAYING = (
    "I will sit down for a while",
    "I want to hear the others",
    "I will see who else is here",
)
"""Last words of somebody who stays where they are, as they have come for it."""


class Intentions:
    """One agent's plan, made each morning and changed by what comes between.

    Args:
        persona: Whose habits and aims it starts from.
        streams: Where chance comes from.
        options: The mind's settings.
        asker: The language model; None: the habits are the day.
        recollection: Where plans are remembered; None: nowhere.
    """

    def __init__(
        self,
        persona: Persona,
        streams: Streams,
        options: MindOptions | None = None,
        asker: Asker | None = None,
        recollection: Recollection | None = None,
    ) -> None:
        self._persona = persona
        self._streams = streams
        self._options = options or MindOptions()
        self._asker = asker
        self._recollection = recollection
        self._plans = self._options.has("planning")
        self._plan = DayPlan(persona, None if self._plans else ())
        decomposer = (
            Decomposer(self._options, asker, recollection)
            if asker is not None and recollection is not None
            else None
        )
        self._under_way = UnderWay(decomposer, self._options.decompose_from)
        self._day = 0
        self._event = ""
        """Id of the event in which the plan was last made or changed."""
        self._causes: list[str] = []
        """Ids of what the next plan comes from: calls, and appointments that were heard of."""
        self._kept: set[PlanItem] = set()
        """Strokes that are remembered."""
        self.focus = ""
        """The aim that comes first today."""

    def become(self, persona: Persona) -> None:
        """Be somebody else: the habits of an ordinary day are theirs, appointments stay."""
        before, self._persona = self._persona, persona
        items = list(self._plan.items)
        if self._plans and before.habits != persona.habits:
            usual = set(habits_of(before))
            items = [item for item in items if item not in usual] + list(habits_of(persona))
        self._plan = DayPlan(persona, items)
        if self.focus in before.goals and self.focus not in persona.goals:
            self.focus = persona.goals[0] if persona.goals else ""

    def due(self, percept: Percept) -> PlanItem | None:
        """What is planned for now."""
        return self._plan.current(_minute(percept))

    # The morning -------------------------------------------------------------------------------

    async def plan_the_day(self, percept: Percept, scribe: Scribe) -> None:
        """Once a day, when awake: make the plan, log it and remember it."""
        day = percept.view.stage.clock.day(percept.tick)
        if day == self._day or not self._plans or percept.view.asleep(percept.agent):
            return
        first, self._day = self._day == 0, day
        self._kept.clear()
        self._under_way.begin_day()
        yesterday = None
        if not first and self._asker is not None and self._recollection is not None:
            yesterday = await sum_up(percept, scribe, self._asker, self._recollection)
        origin = await self._make(percept, scribe, yesterday)
        self._note(percept, scribe, "", self._causes, origin, yesterday)

    async def _make(self, percept: Percept, scribe: Scribe, yesterday: Memory | None) -> Origin:
        """Choose the aim of the day and lay out its strokes."""
        goals, known = self._persona.goals, self._plan.appointments
        self.focus = goals[0] if goals else ""
        self._plan = DayPlan(self._persona, (*habits_of(self._persona), *known))
        told = yesterday.text if yesterday is not None else ""
        if self._asker is None:
            return "rules"
        if not self._asker.chats:
            await self._choose_focus(percept, scribe, self._asker, told)
            return "rules"
        written = await write_day(
            percept, scribe, self._asker, known, told, self._options.temperature
        )
        if written is None:
            return "fallback"
        self._plan = DayPlan(self._persona, written.items)
        self.focus = written.aim or self.focus
        self._causes.append(written.call)
        return "model"

    async def _choose_focus(
        self, percept: Percept, scribe: Scribe, asker: Asker, yesterday: str
    ) -> None:
        """Let a completion model say which aim comes first."""
        goals = self._persona.goals
        if len(goals) < 2:
            return
        fields = {
            "who": who(percept),
            "yesterday": yesterday,
            "traits": traits(percept),
            "name": self._persona.name,
        }
        stream = self._streams.stream(percept.agent, percept.tick, "plan")
        choice = await ask_focus(asker, scribe, fields, goals, self._options.exponent, stream)
        if choice is not None:
            self.focus = goals[choice.option]
            self._causes.append(choice.call)

    # What changes it ---------------------------------------------------------------------------

    def hear_of(self, percept: Percept, scribe: Scribe, fact: Fact, event: str) -> None:
        """Put an appointment that a fact speaks of into the plan."""
        where = fact.appointment.place if fact.appointment else ""
        place = percept.view.stage.plan.places.get(where)
        if not self._plans or place is None or not self._plan.add_appointment(fact, place.name):
            return
        self._causes.append(event)
        # What is heard before the day is planned is part of the morning's plan.
        if self._day == percept.view.stage.clock.day(percept.tick):
            self._note(percept, scribe, f"heard of {fact.id}", self._causes)

    def revise(self, percept: Percept, scribe: Scribe, option: Option, cause: str) -> None:
        """After a reaction: what it cuts short goes on after it, and what follows moves.

        Args:
            percept: What is perceived.
            scribe: Writes the agent's events.
            option: What is done instead; if that is what is planned, nothing changes.
            cause: Id of the reaction.
        """
        due, action = self.due(percept), option.action
        on_the_way = due is not None and isinstance(action, Go) and action.to == due.place
        if due is None or on_the_way or option.text == due.doing:
            return
        dropped = self._plan.push_back(_minute(percept), max(A_MOMENT, option.minutes))
        if dropped is not None:
            self._note(percept, scribe, _reason(f"{due.doing} goes on later", dropped), [cause])

    def still_due(self, percept: Percept, scribe: Scribe) -> PlanItem | None:
        """What is due now, once what cannot happen today has been given up.

        That is what is planned for a place to which no way leads at its time. What is fixed is not
        given up: who has to be somewhere may wait for the way to open.
        """
        due = self.due(percept)
        while due is not None and not due.fixed and not _can_be_there(percept, due):
            self._plan.drop(due)
            place = percept.view.stage.plan.places.get(due.place)
            where = place.name if place else due.place
            self._note(percept, scribe, _reason(f"no way leads to {where}", [due]), [])
            due = self.due(percept)
        return due

    # Doing it ----------------------------------------------------------------------------------

    def options(self, percept: Percept) -> tuple[Option, ...]:
        """Everything legal now, the planned activity among it; see :class:`UnderWay`."""
        return self._under_way.options(percept, self.due(percept))

    async def in_steps(self, percept: Percept, scribe: Scribe, action: Action) -> Action:
        """An act that is about to begin; a planned activity as its step, taken apart if need be."""
        due = self.due(percept)
        return await self._under_way.in_steps(percept, scribe, due, action, self._event)

    # Saying it ---------------------------------------------------------------------------------

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
            stream = self._streams.stream(percept.agent, percept.tick, "parting")
            return STAYING[stream.randrange(len(STAYING))]
        doing = own_words(item.doing, self._persona.pronouns)
        return f"I have to {doing}" if due and due.fixed else f"I am going to {doing}"

    # Writing it down ---------------------------------------------------------------------------

    def _note(
        self,
        percept: Percept,
        scribe: Scribe,
        reason: str,
        causes: list[str],
        origin: Origin = "rules",
        yesterday: Memory | None = None,
    ) -> None:
        """Log the day as it is planned now, and remember what is new in it."""
        strokes = sorted(
            (*self._plan.items, *self._plan.free_time(self.focus)), key=lambda item: item.at
        )
        made = scribe.note(
            Planned,
            items=dump_plan(strokes, self.focus),
            origin=origin,
            reason=reason,
            memories=(yesterday.id,) if yesterday is not None else (),
            causes=tuple(causes),
        )
        self._event = made.id
        self._causes = []
        self._remember(percept, scribe, strokes)

    def _remember(self, percept: Percept, scribe: Scribe, strokes: Iterable[PlanItem]) -> None:
        if self._recollection is None:
            return
        for stroke in strokes:
            if stroke in self._kept or not stroke.doing:
                continue
            self._kept.add(stroke)
            does, says = self._told(percept, stroke)
            importance = APPOINTMENT if stroke.fact else FIXED if stroke.fixed else USUAL
            name = self._persona.name
            self._recollection.remember(
                scribe,
                Note(
                    kind="plan",
                    text=f"{name} {does}.",
                    spoken=f"I {says}",
                    importance=importance,
                    evidence=(self._event,),
                ),
            )

    def _told(self, percept: Percept, stroke: PlanItem) -> tuple[str, str]:
        """A stroke as others would tell it and as one says it, both after the name."""
        own = own_words(stroke.doing, self._persona.pronouns)
        if stroke.free:
            since = f"from {clock_face(stroke.at)} to {clock_face(stroke.until)}"
            return f"is free {since} to {stroke.doing}", f"am free {since} to {own}"
        place = percept.view.stage.plan.places.get(stroke.place)
        where = f" {place.where}" if place and not stroke.fact else ""
        when = f"{where} at {clock_face(stroke.at)}"
        return f"plans to {stroke.doing}{when}", f"plan to {own}{when}"


def _has_come_for(percept: Percept, item: PlanItem) -> bool:
    """Whether this is an appointment, and one is there."""
    return bool(item.fact) and is_at(percept, item)


def _can_be_there(percept: Percept, item: PlanItem) -> bool:
    """Whether one is where something is planned, or could walk there now."""
    return is_at(percept, item) or any(
        isinstance(option.action, Go) and option.action.to == item.place
        for option in percept.options
    )


def _reason(what: str, dropped: Iterable[PlanItem]) -> str:
    given_up = ", ".join(item.doing for item in dropped)
    return f"{what}; given up: {given_up}" if given_up else what


def _minute(percept: Percept) -> int:
    return percept.view.stage.clock.minute_of_day(percept.tick)
