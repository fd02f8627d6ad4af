"""The mind of a generative agent (after Park et al. 2023), thin but whole.

In a tick: what is new is perceived and remembered; a talk comes first; an activity that goes on
goes on without a question to any model; otherwise the plan, the needs and the place give a short
list, memories come to mind, and one question decides. When enough has gathered it reflects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.episode.events import FellBack
from simulation.kernel.action import Action, Go, Say, Sleep, Wait, Write
from simulation.mind.decide import Choice, ask_decision
from simulation.mind.decision import note_decision
from simulation.mind.importance import Importance
from simulation.mind.intentions import Intentions
from simulation.mind.perceive import Attention, line_note
from simulation.mind.plan import GO_TO_BED
from simulation.mind.recollection import Note
from simulation.mind.reflect import Reflection
from simulation.mind.scene import scene
from simulation.mind.shortlist import A_WALK, shortlist
from simulation.mind.speak import without_tail
from simulation.mind.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Heard, Percept
    from simulation.kernel.rules import Option
    from simulation.kernel.world import World
    from simulation.mind.faculties import Faculties
    from simulation.mind.plan import PlanItem

IN_VIEW_TICKS = 5
"""A memory this fresh is still what one sees."""
INTERRUPT_TICKS = 15
"""A striking sight interrupts an activity at most once in this time."""


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
        options, asker = faculties.options, faculties.asker
        self._agent = agent
        self._streams = world.streams
        self._options = options
        self._asker = asker
        self._importance = Importance(asker)
        self._attention = Attention(options, world.spec.tick_minutes)
        self._recollection = faculties.recollection(agent)
        self._reflection = Reflection(options)
        self._intentions = Intentions(world.stage.cast[agent], world.streams, options.exponent)
        self._voice = Voice(
            agent,
            streams=world.streams,
            asker=asker,
            recollection=self._recollection,
            intentions=self._intentions,
            options=options,
        )
        self._suspended: Action | None = None
        self._in_hand: tuple[str, frozenset[str]] = ("", frozenset())
        self._headed_for = ""
        self._last_interrupt = -INTERRUPT_TICKS
        self._acts: dict[str, int] = {}

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        """Perceive, remember, talk or decide; None while an activity goes on."""
        await self._perceive(percept, scribe)
        await self._intentions.plan_the_day(percept, scribe, self._asker)
        activity = percept.activity
        if activity is not None and isinstance(activity.action, Sleep):
            return None
        turn = self._voice.conversation.turn(percept, scribe)
        if turn in ("speak", "close"):
            self._suspend(percept)
            return await self._voice.answer(percept, scribe, closing=turn == "close")
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
            self._voice.heard(heard, clause)

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
        self._intentions.hear_of(percept, scribe, fact, event)

    # Going on, breaking off ---------------------------------------------------------------------

    def _interrupted(self, percept: Percept) -> bool:
        """Whether something breaks into what the body is doing: a rule, never a model."""
        activity, due = percept.activity, self._intentions.due(percept)
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
        due = self._intentions.due(percept)
        people = frozenset(person.id for person in percept.people)
        if due is None or not people <= company or self._interrupted(percept):
            return None
        found = next((option for option in percept.options if option.text == doing), None)
        if found is None or not self._is_at(percept, due) or due.doing == GO_TO_BED:
            return None
        stays = isinstance(found.action, Wait) and not found.action.doing
        return found.action if stays or doing == due.doing else None

    def _arrived(self, percept: Percept) -> Action | None:
        """What one has walked here for, when nobody else is about: the walk was the decision."""
        due = self._intentions.due(percept)
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
        due, tick = self._intentions.due(percept), percept.tick
        options = shortlist(
            percept,
            due,
            self._options.shortlist,
            self._streams.stream(self._agent, tick, "menu"),
            lambda text: _since(self._acts.get(text), tick),
            lambda other: _since(self._voice.last_talk(other), tick),
        )
        recalled = self._recollection.recall(
            scribe, self._query(percept, due), "decide", self._options.retrieved
        )
        # What is before one's eyes stands in the prompt already; what one was told does not.
        memories = [
            memory
            for memory in recalled
            if memory.source != "saw" or tick - memory.created > IN_VIEW_TICKS
        ]
        shown = scene(percept, memories, due, self._intentions.focus, self._options)
        stream = self._streams.stream(self._agent, tick, "decide")
        choice = None
        if len(options) > 1:
            choice = await ask_decision(
                self._asker, scribe, shown.fields, options, self._options.exponent, stream
            )
        option = options[choice.option] if choice else self._safe(scribe, options, due)
        self._note(percept, scribe, options, option, choice, shown.memories, shown.dropped)
        self._acts[option.text] = tick
        if isinstance(option.action, Go):
            self._acts[A_WALK] = tick
        self._in_hand = (option.text, frozenset(person.id for person in percept.people))
        self._headed_for = option.action.to if isinstance(option.action, Go) else ""
        if isinstance(option.action, Say):
            return await self._voice.open(percept, scribe, option.action)
        if isinstance(option.action, Write) and option.action.own_words:
            line = self._voice.line_for_a_notice(percept, scribe)
            return option.action.model_copy(update={"text": line})
        return option.action

    def _query(self, percept: Percept, due: PlanItem | None) -> str:
        parts = [
            percept.place.name if percept.place else "",
            due.doing if due else self._intentions.focus,
        ]
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


def _clause_of(heard: Heard) -> str:
    """The part of an utterance that carries something: what stands before the tail."""
    return without_tail(heard.text).rstrip(".!?")


def _since(tick: int | None, now: int) -> int | None:
    return None if tick is None else now - tick


def _same_act(option: Action, before: Action) -> bool:
    if isinstance(option, Wait) and isinstance(before, Wait):
        return option.doing == before.doing
    return option == before
