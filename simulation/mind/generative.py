"""The mind of a generative agent, after Park et al. (2023), with what later work added.

In a tick: what is new is perceived and remembered; a talk comes first; when it is over, positions
that were voiced in it are looked at again; an activity goes on without a question to any model
unless something salient breaks into it; otherwise the plan, the needs and the place give a short
list, memories come to mind, and one question decides. When enough has gathered it reflects.

Each part is a module of its own with its prompt beside it, and can be switched off by its name in
:attr:`MindOptions.without`, for an ablation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.episode.events import FellBack, Related
from simulation.kernel.action import Action, Go, Say, Sleep, Wait, Write
from simulation.mind.decide import Choice, ask_decision
from simulation.mind.decision import note_decision
from simulation.mind.importance import Importance
from simulation.mind.in_hand import InHand
from simulation.mind.inner import InnerState
from simulation.mind.intentions import Intentions
from simulation.mind.perceive import PRESENCE, Attention, line_note
from simulation.mind.react import Reaction, Salient, note_reaction
from simulation.mind.recollection import Note
from simulation.mind.reflect import Reflection
from simulation.mind.relationship import Relationships
from simulation.mind.scene import Scene, scene
from simulation.mind.shortlist import A_WALK, PLANNED, shortlist
from simulation.mind.speak import fact_clause
from simulation.mind.stance import Stances
from simulation.mind.tail import without_tail
from simulation.mind.thought import Thought, thought_note
from simulation.mind.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from personas import Persona
    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Heard, LearnedFact, Percept
    from simulation.kernel.rules import Option
    from simulation.kernel.world import World
    from simulation.memory import Memory
    from simulation.mind.faculties import Faculties
    from simulation.mind.plan import PlanItem

IN_VIEW_TICKS = 5
"""A memory this fresh is still what one sees."""
COMPANY, FREEDOM, CLOSENESS = 1.0, 0.5, 0.1
"""Rank that talk gains for who misses company, an act that is not planned for who misses fun, and
talk for each point of closeness."""


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
        options, asker, persona = faculties.options, faculties.asker, world.stage.cast[agent]
        self._agent = agent
        self._streams = world.streams
        self._options = options
        self._asker = asker
        self._importance = Importance(asker)
        self._attention = Attention(options, world.spec.tick_minutes)
        self._recollection = faculties.recollection(agent)
        self._reflection = Reflection(options)
        self._intentions = Intentions(persona, world.streams, options, asker, self._recollection)
        self._relationships = Relationships(persona, options)
        closeness = self._relationships.closeness
        self._stances = Stances(persona, world.stage.topics, closeness)
        self._voice = Voice(
            agent,
            streams=world.streams,
            asker=asker,
            recollection=self._recollection,
            intentions=self._intentions,
            options=options,
            relationships=self._relationships,
            stances=self._stances,
        )
        self._inner = InnerState(persona, world.spec.tick_minutes)
        self._reaction = Reaction(
            options.salience,
            max(1, options.reaction_minutes // world.spec.tick_minutes),
            closeness,
        )
        self._in_hand = InHand()
        self._thought = Thought(world.spec.tick_minutes)
        self._acts: dict[str, int] = {}

    def become(self, persona: Persona) -> None:
        """Be this person from now on; what was lived, and felt for others, stays."""
        for part in (self._intentions, self._relationships, self._stances, self._inner):
            part.become(persona)

    async def probe(self, percept: Percept, scribe: Scribe, topics: Sequence[str]) -> None:
        """Say in private where this agent stands, and be the same afterwards."""
        await self._stances.probe(topics, percept, scribe, self._asker, self._recollection)

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        """Perceive, remember, talk or decide; None while an activity goes on."""
        await self._perceive(percept, scribe)
        await self._intentions.plan_the_day(percept, scribe)
        due, activity = self._intentions.due(percept), percept.activity
        if self._options.has("inner_state"):
            self._inner.live(percept, scribe, free=due is None)
        turn = await self._voice.turn(percept, scribe)
        self._feel_about_talk(scribe)
        if activity is not None and isinstance(activity.action, Sleep):
            return None
        self._thought.fades()
        salient = self._noticed(percept, due)
        if turn in ("speak", "close"):
            self._in_hand.suspend(percept)
            return await self._speak(percept, scribe, closing=turn == "close")
        if turn == "wait":
            return None
        if self._options.has("stance"):
            await self._stances.look_again(percept, scribe, self._asker, self._recollection)
        if activity is not None and salient is None:
            return None
        if self._reflection.due and self._options.has("reflection"):
            await self._reflection.reflect(percept, scribe, self._asker, self._recollection)
        if salient is None:
            action = self._unasked(percept, due)
            if action is not None:
                return await self._intentions.in_steps(percept, scribe, action)
        due = self._intentions.still_due(percept, scribe)
        return await self._decide(percept, scribe, due, salient)

    def _noticed(self, percept: Percept, due: PlanItem | None) -> Salient | None:
        """What is new and salient enough to break into an activity."""
        if not self._options.has("reacting"):
            return None
        return self._reaction.notice(percept, due, self._voice.joinable(percept))

    def _unasked(self, percept: Percept, due: PlanItem | None) -> Action | None:
        """What needs no decision: what a talk broke into, is in hand, or was walked here for."""
        hand, options = self._in_hand, self._intentions.options(percept)
        return (
            hand.resumed(percept, options)
            or hand.going_on(percept, due, options)
            or hand.arrived(percept, due, options)
        )

    async def _speak(self, percept: Percept, scribe: Scribe, *, closing: bool) -> Say:
        self._inner.spoke()
        return await self._voice.answer(percept, scribe, closing=closing)

    def _feel_about_talk(self, scribe: Scribe) -> None:
        """A talk that is over leaves a feeling where it changed how close somebody is."""
        if self._options.has("inner_state"):
            for event in [event for event in scribe.events if isinstance(event, Related)]:
                self._inner.talked(scribe, event.closeness - event.before, event.id)

    # Perceiving and remembering ---------------------------------------------------------------

    async def _perceive(self, percept: Percept, scribe: Scribe) -> None:
        if self._options.has("observation"):
            for note in self._attention.notes(percept):
                self._remember(scribe, note)
        for whispered in percept.whispers:
            note = thought_note(percept.persona.name, whispered)
            self._thought.comes(self._remember(scribe, note))
        for learned in percept.learned:
            await self._learn(percept, scribe, learned)
        for heard in percept.heard:
            clause = _clause_of(heard)
            if not heard.facts and not heard.last:
                self._remember(scribe, line_note(percept, heard, clause))
            self._voice.heard(percept, heard, clause)
            self._stances.hear(heard)

    def _remember(self, scribe: Scribe, note: Note) -> Memory:
        known = len(self._recollection.stream)
        memory = self._recollection.remember(scribe, note)
        if len(self._recollection.stream) > known:
            self._reflection.gather(memory.importance)
        return memory

    async def _learn(self, percept: Percept, scribe: Scribe, learned: LearnedFact) -> None:
        fact, source, teller = (
            percept.view.stage.facts[learned.fact],
            learned.source,
            learned.teller,
        )
        rating = await self._importance.of_fact(scribe, fact, source)
        self._remember(
            scribe,
            Note(
                kind="fact",
                text=fact.statement,
                spoken=fact_clause(percept, fact.id),
                importance=rating.value,
                rated=rating.rated,
                people=(teller,) if teller else (),
                evidence=(learned.event,),
                fact=fact.id,
                source=f"{source}:{teller}" if teller else source,
                fresh=True,
            ),
        )
        if source != "seeded" and self._options.has("inner_state"):
            self._inner.learned(scribe, fact, rating.value, learned.event)
        self._intentions.hear_of(percept, scribe, fact, learned.event)

    # Deciding -----------------------------------------------------------------------------------

    async def _decide(
        self, percept: Percept, scribe: Scribe, due: PlanItem | None, salient: Salient | None
    ) -> Action | None:
        """Ask what comes next, or whether something salient changes what is in hand."""
        tick, offered = percept.tick, self._intentions.options(percept)
        at_it = self._in_hand.option(percept, offered)
        options = shortlist(
            percept,
            due,
            self._options.shortlist,
            self._streams.stream(self._agent, tick, "menu"),
            lambda text: _since(self._acts.get(text), tick),
            lambda other: _since(self._voice.last_talk(other), tick),
            lean=lambda option: self._lean(option, due),
            keep=at_it,
            options=offered,
        )
        shown = self._scene(percept, scribe, due)
        stream = self._streams.stream(self._agent, tick, "decide")
        choice = None
        if len(options) > 1:
            exponent, fields = self._options.exponent, shown.fields
            choice = await ask_decision(
                self._asker, scribe, fields, options, exponent, stream, self._options
            )
        option = options[choice.option] if choice else self._safe(scribe, options, due)
        self._note(percept, scribe, options, option, choice, shown.memories, shown.dropped)
        went_on = at_it is not None and option.text == at_it.text
        if went_on:
            if salient is not None:
                note_reaction(scribe, salient, option.action, went_on=True)
            return None
        self._take_up(percept, option)
        action = await self._carried_out(percept, scribe, option.action)
        if salient is not None:
            reacted = note_reaction(scribe, salient, action, went_on=False)
            self._intentions.revise(percept, scribe, option, reacted.id)
        return await self._intentions.in_steps(percept, scribe, action)

    def _scene(self, percept: Percept, scribe: Scribe, due: PlanItem | None) -> Scene:
        recalled = self._recollection.recall(
            scribe, self._query(percept, due), "decide", self._options.retrieved
        )
        memories = [memory for memory in recalled if not _before_the_eyes(percept, memory)]
        return scene(
            percept,
            self._first_in_mind(memories, due),
            due,
            self._intentions.focus,
            self._options,
            self._inner.words(),
            brief=not self._asker.chats,
        )

    def _first_in_mind(self, memories: list[Memory], due: PlanItem | None) -> list[Memory]:
        """What comes before all else: a thought from nowhere, one's position on why one is here."""
        view = self._stances.on(due.fact) if due is not None else None
        first = [name for name in (self._thought.memory, view.memory if view else "") if name]
        own = [self._recollection.stream.by_id(name) for name in first]
        return own + [memory for memory in memories if memory.id not in first]

    def _lean(self, option: Option, due: PlanItem | None) -> float:
        """What the inner state and closeness add to an option's rank on the short list."""
        if self._thought.speaks_of(option.text):
            return PLANNED
        felt = self._inner.words()
        if isinstance(option.action, Say):
            lonely = COMPANY if "lonely" in felt else 0.0
            close = self._relationships.closeness(option.action.to)
            return lonely + CLOSENESS * close
        planned = due is not None and option.text == due.doing
        free = not planned and not isinstance(option.action, (Go, Wait))
        return FREEDOM if free and "bored" in felt else 0.0

    def _take_up(self, percept: Percept, option: Option) -> None:
        self._acts[option.text] = percept.tick
        if isinstance(option.action, Go):
            self._acts[A_WALK] = percept.tick
        self._in_hand.took_up(percept, option)

    async def _carried_out(self, percept: Percept, scribe: Scribe, action: Action) -> Action:
        """The act with its words, where it needs some."""
        if isinstance(action, Say):
            self._inner.spoke()
            return await self._voice.open(percept, scribe, action)
        if isinstance(action, Write) and action.own_words:
            line = self._voice.line_for_a_notice(percept, scribe)
            return action.model_copy(update={"text": line})
        return action

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


def _before_the_eyes(percept: Percept, memory: Memory) -> bool:
    """Whether the percept says it already, or says what has become of it.

    True of what was seen just now, and of what somebody who is here was seen doing at any time.
    What one was told is not before the eyes.
    """
    if memory.source != "saw":
        return False
    in_passing = memory.importance <= PRESENCE and bool(memory.people)
    about = {person.id for person in percept.people}
    stale = in_passing and not about.isdisjoint(memory.people)
    return stale or percept.tick - memory.created <= IN_VIEW_TICKS


def _clause_of(heard: Heard) -> str:
    """The part of an utterance that carries something: what stands before the tail."""
    return without_tail(heard.text).rstrip(".!?")


def _since(tick: int | None, now: int) -> int | None:
    return None if tick is None else now - tick
