"""The mind of a generative agent (after Park et al. 2023), thin but whole.

In a tick: what is new is perceived and remembered; a talk comes first; an activity that goes on
goes on without a question to any model; otherwise the plan, the needs and the place give a short
list, memories come to mind, and one question decides. When enough has gathered it reflects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.episode.events import FellBack, Planned
from simulation.kernel.action import Action, Go, Say, Sleep, Wait
from simulation.memory.record import about_key
from simulation.mind.decide import Choice, ask_decision, ask_focus
from simulation.mind.decision import draw, note_decision
from simulation.mind.importance import Importance
from simulation.mind.perceive import Attention, line_note
from simulation.mind.plan import DayPlan, PlanItem
from simulation.mind.recollection import Note, Recollection
from simulation.mind.reflect import Reflection
from simulation.mind.scene import scene, traits, who
from simulation.mind.shortlist import shortlist
from simulation.mind.speak import (
    Topic,
    Utterance,
    as_action,
    complete,
    compose,
    converse,
    topics,
    without_tail,
)
from simulation.mind.talk import Conversation
from simulation.mind.words import own_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Heard, Percept
    from simulation.kernel.rules import Option
    from simulation.kernel.world import World
    from simulation.memory import Memory
    from simulation.mind.faculties import Faculties

INTERRUPT_TICKS = 15
"""A striking sight interrupts an activity at most once in this time."""
WORTH_TELLING = 2.0
"""Importance from which something keeps a talk going."""
TOPICS_OFFERED = 6
"""Pieces of knowledge that a chat model may choose from."""


class GenerativeMind:
    """One resident's mind.

    Args:
        world: Where the body lives; read for its streams, clock and places.
        agent: Whose mind it is.
        faculties: Model, embedder and settings; None: the embedded model and the defaults.
    """

    def __init__(self, world: World, agent: str, faculties: Faculties | None = None) -> None:
        if faculties is None:
            from simulation.mind.faculties import Faculties  # noqa: PLC0415 - loads a model

            faculties = Faculties.shared(world)
        persona = world.stage.cast[agent]
        self._agent = agent
        self._streams = world.streams
        self._options = faculties.options
        self._asker = faculties.asker
        self._importance = Importance(faculties.asker)
        self._attention = Attention(faculties.options, world.spec.tick_minutes)
        self._recollection: Recollection = faculties.recollection(agent)
        self._reflection = Reflection(faculties.options)
        self._conversation = Conversation(faculties.options.talk_turns)
        self._plan = DayPlan(persona)
        self._focus = ""
        self._planned_day = 0
        self._suspended: Action | None = None
        self._in_hand: tuple[str, frozenset[str]] = ("", frozenset())
        self._headed_for = ""
        self._last_interrupt = -INTERRUPT_TICKS
        self._told: set[tuple[str, str]] = set()
        self._acts: dict[str, int] = {}

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        """Perceive, remember, talk or decide; None while an activity goes on."""
        await self._perceive(percept, scribe)
        await self._plan_the_day(percept, scribe)
        activity = percept.activity
        if activity is not None and isinstance(activity.action, Sleep):
            return None
        turn = self._conversation.turn(percept, scribe)
        if turn in ("speak", "close"):
            self._suspend(percept)
            return await self._answer(percept, scribe, closing=turn == "close")
        if turn == "wait":
            return None
        if activity is not None and not self._interrupted(percept):
            return None
        if self._reflection.due:
            await self._reflection.reflect(percept, scribe, self._asker, self._recollection)
        return (
            self._resumed(percept)
            or self._going_on(percept)
            or self._arrived(percept)
            or await self._decide(percept, scribe)
        )

    # Perceiving and remembering ---------------------------------------------------------------

    async def _perceive(self, percept: Percept, scribe: Scribe) -> None:
        for note in self._attention.notes(percept):
            self._remember(scribe, note)
        for learned in percept.learned:
            await self._learn(
                percept, scribe, learned.fact, learned.source, learned.teller, learned.event
            )
        for heard in percept.heard:
            clause = _clause_of(heard)
            if not heard.facts and not heard.last:
                self._remember(scribe, line_note(percept, heard, clause))
            self._told.update((heard.speaker, key) for key in (*heard.facts, about_key(clause)))

    def _remember(self, scribe: Scribe, note: Note) -> None:
        known = len(self._recollection.stream)
        memory = self._recollection.remember(scribe, note)
        if len(self._recollection.stream) > known:
            self._reflection.gather(memory.importance)

    async def _learn(
        self, percept: Percept, scribe: Scribe, fact_id: str, source: str, teller: str, event: str
    ) -> None:
        fact = percept.view.stage.facts[fact_id]
        rating = await self._importance.of_fact(scribe, fact, source)
        self._remember(
            scribe,
            Note(
                kind="fact",
                text=fact.statement,
                spoken=fact.spoken_by.get(self._agent, fact.spoken),
                importance=rating.value,
                rated=rating.rated,
                people=(teller,) if teller else (),
                evidence=(event,),
                fact=fact.id,
                source=f"{source}:{teller}" if teller else source,
                fresh=True,
            ),
        )
        place = percept.view.stage.plan.places.get(
            fact.appointment.place if fact.appointment else ""
        )
        if place is not None and self._plan.add_appointment(fact, place.name):
            self._note_plan(percept, scribe, f"heard of {fact.id}", (event,))

    # Planning -----------------------------------------------------------------------------------

    async def _plan_the_day(self, percept: Percept, scribe: Scribe) -> None:
        day = percept.view.stage.clock.day(percept.tick)
        if day == self._planned_day or percept.view.asleep(self._agent):
            return
        self._planned_day = day
        goals = percept.persona.goals
        if len(goals) > 1:
            fields = {"who": who(percept), "traits": traits(percept), "name": percept.persona.name}
            stream = self._streams.stream(self._agent, percept.tick, "plan")
            choice = await ask_focus(
                self._asker, scribe, fields, goals, self._options.exponent, stream
            )
            self._focus = goals[choice.option if choice else 0]
        elif goals:
            self._focus = goals[0]
        self._note_plan(percept, scribe, "", ())

    def _note_plan(
        self, percept: Percept, scribe: Scribe, reason: str, causes: tuple[str, ...]
    ) -> None:
        clock = percept.view.stage.clock
        items = [item.dump(clock) for item in self._plan.items]
        if self._focus:
            items.insert(0, {"focus": self._focus})
        scribe.note(Planned, items=tuple(items), origin="rules", reason=reason, causes=causes)

    def _due(self, percept: Percept) -> PlanItem | None:
        return self._plan.current(percept.view.stage.clock.minute_of_day(percept.tick))

    # Going on, breaking off ---------------------------------------------------------------------

    def _interrupted(self, percept: Percept) -> bool:
        """Whether something breaks into what the body is doing: a rule, never a model."""
        activity, due = percept.activity, self._due(percept)
        if activity is None or percept.tick - self._last_interrupt < INTERRUPT_TICKS:
            return False
        walking = isinstance(activity.action, Go)
        called = due is not None and due.fixed and not walking and not self._is_at(percept, due)
        startled = any(noticed.notable for noticed in percept.noticed)
        if called or startled:
            self._last_interrupt = percept.tick
            return True
        return False

    def _is_at(self, percept: Percept, item: PlanItem) -> bool:
        return percept.place is not None and percept.place.id == item.place

    def _suspend(self, percept: Percept) -> None:
        activity = percept.activity
        if activity is not None and not isinstance(activity.action, Say):
            self._suspended = activity.action

    def _resumed(self, percept: Percept) -> Action | None:
        """What a talk broke into, if it can still be done; that is no new decision."""
        before, self._suspended = self._suspended, None
        if before is None or self._interrupted(percept):
            return None
        return next((o.action for o in percept.options if _same_act(o.action, before)), None)

    def _going_on(self, percept: Percept) -> Action | None:
        """What is in hand and fits the plan, while nobody new has come: no new decision."""
        doing, company = self._in_hand
        due = self._due(percept)
        people = frozenset(person.id for person in percept.people)
        if due is None or not people <= company or self._interrupted(percept):
            return None
        found = next((option for option in percept.options if option.text == doing), None)
        if found is None or not self._is_at(percept, due):
            return None
        stays = isinstance(found.action, Wait) and not found.action.doing
        return found.action if stays or doing == due.doing else None

    def _arrived(self, percept: Percept) -> Action | None:
        """What one has walked here for, when nobody else is about: the walk was the decision."""
        due = self._due(percept)
        if due is None or self._headed_for != due.place or not self._is_at(percept, due):
            return None
        self._headed_for = ""
        if percept.people or self._interrupted(percept):
            return None
        for option in percept.options:
            if option.text == due.doing:
                self._in_hand = (option.text, frozenset())
                return option.action
        return None

    # Deciding -----------------------------------------------------------------------------------

    async def _decide(self, percept: Percept, scribe: Scribe) -> Action:
        due, tick = self._due(percept), percept.tick
        options = shortlist(
            percept,
            due,
            self._options.shortlist,
            self._streams.stream(self._agent, tick, "menu"),
            lambda text: _since(self._acts.get(text), tick),
            lambda other: _since(self._conversation.ended_at.get(other), tick),
        )
        memories = self._recollection.recall(
            scribe, self._query(percept, due), "decide", self._options.retrieved
        )
        shown = scene(percept, memories, due, self._focus, self._options)
        stream = self._streams.stream(self._agent, tick, "decide")
        choice = None
        if len(options) > 1:
            choice = await ask_decision(
                self._asker, scribe, shown.fields, options, self._options.exponent, stream
            )
        option = options[choice.option] if choice else self._safe(scribe, options, due)
        self._note(percept, scribe, options, option, choice, shown.memories, shown.dropped)
        self._acts[option.text] = tick
        self._in_hand = (option.text, frozenset(person.id for person in percept.people))
        self._headed_for = option.action.to if isinstance(option.action, Go) else ""
        if isinstance(option.action, Say):
            return await self._open_talk(percept, scribe, option.action)
        return option.action

    def _query(self, percept: Percept, due: PlanItem | None) -> str:
        parts = [percept.place.name if percept.place else "", due.doing if due else self._focus]
        parts += [person.name for person in percept.people[:3]]
        return " ".join(part for part in parts if part)

    def _safe(self, scribe: Scribe, options: Sequence[Option], due: PlanItem | None) -> Option:
        """What one does when no model answers: what was planned, else stay."""
        waits = [option for option in options if isinstance(option.action, Wait)]
        planned = [option for option in options if due and option.text == due.doing]
        if len(options) > 1 and not any(isinstance(e, FellBack) for e in scribe.events):
            scribe.note(FellBack, purpose="decide", reason="no usable choice")
        return (planned or waits or list(options))[0]

    def _note(
        self,
        percept: Percept,
        scribe: Scribe,
        options: Sequence[Option],
        option: Option,
        choice: Choice | None,
        memories: tuple[str, ...],
        dropped: tuple[str, ...],
    ) -> None:
        only = len(options) == 1
        note_decision(
            scribe,
            percept,
            options,
            options.index(option),
            origin="model" if choice else "rules" if only else "fallback",
            raw=choice.raw if choice else None,
            corrected=choice.corrected if choice else None,
            exponent=self._options.exponent if choice and choice.raw else None,
            memories=memories,
            dropped=dropped,
            call=choice.call if choice else "",
        )

    # Talking ------------------------------------------------------------------------------------

    async def _open_talk(self, percept: Percept, scribe: Scribe, action: Say) -> Action:
        if action.to:
            self._conversation.open(action.to, percept.tick)
        return await self._speak(percept, scribe, action.to, action.about, closing=False)

    async def _answer(self, percept: Percept, scribe: Scribe, *, closing: bool) -> Action:
        talk = self._conversation.talk
        partner = talk.partner if talk else ""
        return await self._speak(percept, scribe, partner, "", closing=closing)

    async def _speak(
        self, percept: Percept, scribe: Scribe, partner: str, about: str, *, closing: bool
    ) -> Action:
        talk = self._conversation.talk if partner else None
        lines = list(talk.lines) if talk else []
        known = [] if closing else self._topics(percept, scribe, partner, lines)
        utterance = await self._words(percept, scribe, known, partner, lines, closing=closing)
        said = {*utterance.facts, about_key(utterance.given)}
        hearers = [partner] if partner else list(percept.earshot)
        self._told.update((hearer, key) for hearer in hearers for key in said)
        if not partner:
            self._conversation.ended_at["all"] = percept.tick
        self._conversation.spoke(
            percept.persona.name, utterance.text, percept.tick, last=utterance.last
        )
        return as_action(utterance, partner, talk.id if talk else "", about)

    def _topics(
        self, percept: Percept, scribe: Scribe, partner: str, lines: list[tuple[str, str]]
    ) -> list[Topic]:
        """What comes to mind about this person and what was just said."""
        last = lines[-1][1] if lines else ""
        name = percept.view.name(partner) if partner else "everyone"
        memories: list[Memory] = self._recollection.recall(
            scribe, f"{name} {last} {self._focus}", "utter", 3 * self._options.retrieved
        )
        known = topics(percept, memories, partner, self._told)
        if lines:
            # Routine opens a talk and does not keep it going.
            known = [topic for topic in known if topic.weight >= WORTH_TELLING]
        return known[:TOPICS_OFFERED]

    async def _words(
        self,
        percept: Percept,
        scribe: Scribe,
        known: Sequence[Topic],
        partner: str,
        lines: Sequence[tuple[str, str]],
        *,
        closing: bool,
    ) -> Utterance:
        if self._asker.chats and not closing:
            spoken = await converse(
                percept, scribe, self._asker, known, partner, lines, self._options
            )
            if spoken is not None:
                return spoken
        if closing or (not known and lines):
            clause = self._parting(percept)
            return Utterance(compose(clause, ""), (), clause, "", last=True)
        topic = self._pick(percept, known) if known else Topic(self._small_talk(percept))
        if self._asker.chats:
            facts = (topic.fact,) if topic.fact else ()
            return Utterance(compose(topic.clause, ""), facts, topic.clause, "")
        return await complete(
            percept,
            scribe,
            self._asker,
            topic,
            partner,
            lines,
            self._options,
            self._recollection.likeness,
        )

    def _pick(self, percept: Percept, known: Sequence[Topic]) -> Topic:
        """One of the best topics; each next one half as likely."""
        weights = [0.5**rank for rank in range(len(known))]
        stream = self._streams.stream(self._agent, percept.tick, "topic")
        return known[draw(weights, stream)]

    def _small_talk(self, percept: Percept) -> str:
        due = self._due(percept)
        if due is not None and due.doing:
            return f"I mean to {own_words(due.doing, percept.persona.pronouns)}"
        return f"I want to {self._focus}" if self._focus else "it is a long day"

    def _parting(self, percept: Percept) -> str:
        """A last word that says where one is off to, so that talk ends without ceremony."""
        minute = percept.view.stage.clock.minute_of_day(percept.tick)
        due, following = self._due(percept), self._plan.upcoming(minute)
        item = due or following
        if item is None:
            return "I will be on my way"
        doing = own_words(item.doing, percept.persona.pronouns)
        return f"I have to {doing}" if due and due.fixed else f"I am going to {doing}"


def _clause_of(heard: Heard) -> str:
    """The part of an utterance that carries something: what stands before the tail."""
    return without_tail(heard.text).rstrip(".!?")


def _since(tick: int | None, now: int) -> int | None:
    return None if tick is None else now - tick


def _same_act(option: Action, before: Action) -> bool:
    if isinstance(option, Wait) and isinstance(before, Wait):
        return option.doing == before.doing
    return option == before
