"""Stance: the positions that somebody holds on topics, and how talk moves them.

What is heard on a topic is gathered, with who said it; when no talk is going on, the position is
looked at again, once for all that was heard. Every look is an event, also one that moved nothing,
with the utterances behind it: what later findings about groups rest on.

A chat model is asked where somebody with these traits and memories stands now. The embedded model
cannot tell: its ratings on 1 to 9 after voices for and after voices against lie less than half a
point apart, and of two names it gives whichever it has just heard, whoever is asked
(``tests/mind/test_mind_embedded.py`` measures both). There, and in minds without a model, a classic
rule moves positions, and the event's ``origin`` says so:

- a number moves towards a position heard if that is near enough (bounded confidence, Deffuant et
  al. 2000): ``x += rate · weight · (heard - x)`` if ``|heard - x| < confidence``;
- a named option gains ``gain · weight`` in a sum of evidence, and the position is the option whose
  share ``exp(sum) / Σ exp(sums)`` passes ``settled``;
- ``weight`` is ``1 + closeness / 5`` for the speaker, halved at each time that the same person
  says the same again; traits move ``confidence`` (openness) and ``rate`` (agreeableness).
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.episode.events import Origin, Probed, TookStance
from simulation.language.prompts import load_prompt
from simulation.mind.decide import phrase
from simulation.mind.decision import softmax
from simulation.mind.recollection import Note
from simulation.mind.scene import traits, who
from simulation.mind.words import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from personas import Persona
    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Heard, Percept
    from simulation.kernel.topics import Position, Topic
    from simulation.memory.record import Memory
    from simulation.mind.asker import Asker
    from simulation.mind.recollection import Recollection

_PROMPTS = Path(__file__).parent / "prompts"
_STANCE = load_prompt(_PROMPTS / "stance.md", "stance")
_SIDE = load_prompt(_PROMPTS / "side.md", "stance")
_STANCE_IN_PRIVATE = load_prompt(_PROMPTS / "stance.md", "probe")
_SIDE_IN_PRIVATE = load_prompt(_PROMPTS / "side.md", "probe")

LOW, HIGH = 1, 9
"""Of the scale on which a chat model rates agreement; 5 is neither."""
CONFIDENCE, OPENNESS_STEP = 1.0, 0.25
"""How far off a number may be to count, for somebody in the middle and for each point of
openness; the scale is 2 wide."""
RATE, AGREEABLENESS_STEP = 0.15, 0.05
"""How far a number moves towards the one heard, and how that changes with agreeableness."""
GAIN, OWN = 0.5, 1.5
"""What an option gains from a voice, and what the one that is held from the start has."""
SETTLED = 0.7
"""The share from which an option is one's position."""
MIDPOINT = 3.0
WORTH_SAYING = 0.2
"""A number nearer to the middle than this is not brought up."""
TURN = 5.0
"""Importance of finding oneself on another side than before."""
MEMORIES: Final = 4

Closeness = Callable[[str], float]
"""How close somebody is, from -5 to 5."""


class Voiced(NamedTuple):
    """A position that somebody was heard to take."""

    event: str
    speaker: str
    position: Position


class View(NamedTuple):
    """A position as its holder would say it."""

    topic: str
    position: Position
    clause: str
    strength: float
    """From 0 to 1."""
    memory: str
    """Id of the memory of having come to it; empty for a mind without memories."""


@dataclass
class _Held:
    """Where somebody stands on one topic, and what they heard since they last looked."""

    topic: Topic
    position: Position | None = None
    evidence: dict[str, float] = field(default_factory=dict[str, float])
    """For named options: the sum for each."""
    heard: list[Voiced] = field(default_factory=list[Voiced])
    said: dict[tuple[str, Position], int] = field(default_factory=dict[tuple[str, "Position"], int])
    """How often each person took each position in this one's hearing."""
    memory: str = ""
    """Id of the memory of the present side."""


class Stances:
    """One agent's positions.

    Args:
        persona: Whose; traits move the rule.
        topics: What one can take a stand on, by id.
        closeness: How close a speaker is.
    """

    def __init__(self, persona: Persona, topics: Mapping[str, Topic], closeness: Closeness) -> None:
        self._persona = persona
        self._closeness = closeness
        self._held = {name: _Held(topic) for name, topic in topics.items()}
        self._begun = False

    def become(self, persona: Persona) -> None:
        """Be this person from now on."""
        self._persona = persona

    def position(self, topic: str) -> Position | None:
        """Where this agent stands; None: nowhere yet."""
        return self._held[topic].position

    def views(self) -> list[View]:
        """The positions that are worth bringing up, the strongest first."""
        found = [view for held in self._held.values() if (view := self._view(held)) is not None]
        return sorted(found, key=lambda view: -view.strength)

    def on(self, fact: str) -> View | None:
        """The position on the topic that a fact raises."""
        return next(
            (self._view(held) for held in self._held.values() if fact and held.topic.fact == fact),
            None,
        )

    def _view(self, held: _Held) -> View | None:
        """A position that has a side, as this agent would say it."""
        position = held.position
        if position is None or not _side(position):
            return None
        strength = 1.0 if isinstance(position, str) else abs(position)
        clause = held.topic.clause(position, self._persona.id)
        return View(held.topic.id, position, clause, strength, held.memory)

    # Moving ------------------------------------------------------------------------------------

    def hear(self, heard: Heard) -> None:
        """Gather the positions that somebody's words take."""
        for topic, position in heard.positions:
            held = self._held.get(topic)
            if held is not None and held.topic.allows(position):
                held.heard.append(Voiced(heard.event, heard.speaker, position))

    async def probe(
        self,
        topics: Sequence[str],
        percept: Percept,
        scribe: Scribe,
        asker: Asker | None = None,
        recollection: Recollection | None = None,
    ) -> None:
        """Write down where this agent stands on topics, and be the same afterwards.

        A copy is asked, which has taken in all that was heard. A chat model answers where there is
        one; else the position that the rule gives.
        """
        for topic in topics:
            held = deepcopy(self._held[topic])
            voices = _take(held)
            asked = None
            if asker is not None and recollection is not None and asker.chats:
                memories = recollection.glance(held.topic.statement, percept.tick, MEMORIES)
                asked = await self._answer(held, voices, percept, scribe, asker, memories)
            shares = asked.probabilities if asked else self._by_rule(held, voices)
            rule: Origin = "fallback" if asker is not None and asker.chats else "rules"
            scribe.note(
                Probed,
                topic=topic,
                position=asked.position if asked else held.position,
                options=tuple(held.topic.options),
                probabilities=shares,
                origin="model" if asked else rule,
                memories=asked.memories if asked else (),
                call=asked.call if asked else "",
                causes=(asked.call,) if asked else (),
            )

    async def look_again(
        self, percept: Percept, scribe: Scribe, asker: Asker, recollection: Recollection
    ) -> None:
        """Take in what was heard since the last time, topic by topic."""
        self._begin(scribe, recollection)
        for held in self._held.values():
            if held.heard:
                await self._reconsider(held, percept, scribe, asker, recollection)

    def begin(self, scribe: Scribe) -> None:
        """Log the positions from the start; for minds without a memory."""
        self._begin(scribe, None)

    def follow_the_rule(self, scribe: Scribe) -> None:
        """Take in what was heard by the rule alone; for minds without a model."""
        self._begin(scribe, None)
        for held in self._held.values():
            if held.heard:
                before, voices = held.position, _take(held)
                probabilities = self._by_rule(held, voices)
                _note(scribe, held, before, voices, "rules", probabilities)

    def _begin(self, scribe: Scribe, recollection: Recollection | None) -> None:
        if self._begun:
            return
        self._begun = True
        for held in self._held.values():
            position = held.topic.held.get(self._persona.id)
            if position is None:
                continue
            held.position = position
            if isinstance(position, str):
                held.evidence[position] = OWN
            event = _note(scribe, held, None, (), "rules")
            if recollection is not None:
                self._remember(scribe, recollection, held, event.id, (), "seeded")

    async def _reconsider(
        self,
        held: _Held,
        percept: Percept,
        scribe: Scribe,
        asker: Asker,
        recollection: Recollection,
    ) -> None:
        before, voices = held.position, _take(held)
        asked = await self._ask(held, voices, percept, scribe, asker, recollection)
        if asked is None:
            probabilities = self._by_rule(held, voices)
            origin: Origin = "fallback" if asker.chats else "rules"
            event = _note(scribe, held, before, voices, origin, probabilities)
        else:
            held.position = asked.position
            event = _note(scribe, held, before, voices, "model", asked=asked)
        if _side(held.position) != _side(before):
            causes = tuple(voice.event for voice in voices)
            self._remember(scribe, recollection, held, event.id, causes, "inferred")

    def _remember(
        self,
        scribe: Scribe,
        recollection: Recollection,
        held: _Held,
        event: str,
        heard: tuple[str, ...],
        source: str,
    ) -> None:
        view = self._view(held)
        if view is None:
            return
        memory = recollection.remember(
            scribe,
            Note(
                kind="reflection",
                text=sentence(f"{self._persona.name} thinks: {view.clause}"),
                spoken=view.clause,
                importance=TURN,
                evidence=(event, *heard),
                source=source,
            ),
        )
        held.memory = memory.id

    # By a model --------------------------------------------------------------------------------

    async def _ask(
        self,
        held: _Held,
        voices: Sequence[Voiced],
        percept: Percept,
        scribe: Scribe,
        asker: Asker,
        recollection: Recollection,
    ) -> _Asked | None:
        """What a chat model makes of it; None where the rule is to be used."""
        if not asker.chats:
            return None
        memories = recollection.recall(scribe, held.topic.statement, "stance", MEMORIES)
        return await self._answer(held, voices, percept, scribe, asker, memories, aloud=True)

    async def _answer(
        self,
        held: _Held,
        voices: Sequence[Voiced],
        percept: Percept,
        scribe: Scribe,
        asker: Asker,
        memories: Sequence[Memory],
        *,
        aloud: bool = False,
    ) -> _Asked | None:
        topic, ids = held.topic, tuple(memory.id for memory in memories)
        side, stance = (_SIDE, _STANCE) if aloud else (_SIDE_IN_PRIVATE, _STANCE_IN_PRIVATE)
        side, stance = asker.worded(side), asker.worded(stance)
        fields = self._fields(held, voices, percept, [memory.text for memory in memories])
        if topic.options:
            names = tuple(topic.options)
            phrases = [phrase(topic.options[option]) for option in names]
            chosen = await asker.choose(scribe, side.render(**fields), phrases, None)
            if chosen is None:
                return None
            shares = softmax(chosen[0].logps) if chosen[0].logps else ()
            best = shares.index(max(shares)) if shares else chosen[0].pick or 0
            return _Asked(names[best], shares, ids, chosen[1])
        rated = await asker.rate(scribe, stance.render(**fields), LOW, HIGH)
        if rated is None:
            return None
        middle = (HIGH + LOW) / 2
        return _Asked(round((rated[0] - middle) / (HIGH - middle), 4), (), ids, rated[1])

    def _fields(
        self, held: _Held, voices: Sequence[Voiced], percept: Percept, remembered: list[str]
    ) -> dict[str, str]:
        topic, name, view = held.topic, self._persona.name, self._view(held)
        clauses = [(voice.speaker, topic.clause(voice.position, voice.speaker)) for voice in voices]
        said = [f"{percept.view.name(by)} said: {sentence(clause)}" for by, clause in clauses]
        memories = " ".join(sentence(text) for text in remembered)
        return {
            "who": who(percept),
            "traits": traits(percept),
            "memories": f"{name} remembers: {memories}" if memories else "",
            "heard": " ".join(said),
            "own": f"{name} has said so far: {sentence(view.clause)}" if view else "",
            "statement": topic.statement,
        }

    # By the rule -------------------------------------------------------------------------------

    def _by_rule(self, held: _Held, voices: Sequence[Voiced]) -> tuple[float, ...]:
        """Move a position by what was heard; give the share of each named option."""
        for voice in voices:
            times = held.said.get((voice.speaker, voice.position), 0)
            held.said[voice.speaker, voice.position] = times + 1
            weight = max(0.0, 1 + self._closeness(voice.speaker) / 5) * 0.5**times
            if isinstance(voice.position, str):
                sum_ = held.evidence.get(voice.position, 0.0)
                held.evidence[voice.position] = sum_ + GAIN * weight
            else:
                held.position = self._moved(held.position, voice.position, weight)
        if not held.topic.options:
            return ()
        shares = softmax([held.evidence.get(option, 0.0) for option in held.topic.options])
        best = max(range(len(shares)), key=lambda number: shares[number])
        if shares[best] >= SETTLED:
            held.position = tuple(held.topic.options)[best]
        return shares

    def _moved(self, own: Position | None, heard: float, weight: float) -> float:
        five = self._persona.big_five
        at = own if isinstance(own, (int, float)) else 0.0
        confidence = CONFIDENCE + OPENNESS_STEP * (five.openness - MIDPOINT)
        rate = RATE + AGREEABLENESS_STEP * (five.agreeableness - MIDPOINT)
        if own is not None and abs(heard - at) >= confidence:
            return at
        return round(at + rate * weight * (heard - at), 4)


class _Asked(NamedTuple):
    """What a model made of a topic."""

    position: Position
    probabilities: tuple[float, ...]
    memories: tuple[str, ...]
    call: str


def _take(held: _Held) -> list[Voiced]:
    voices, held.heard = held.heard, []
    return voices


def _note(
    scribe: Scribe,
    held: _Held,
    before: Position | None,
    voices: Sequence[Voiced],
    origin: Origin,
    probabilities: tuple[float, ...] = (),
    asked: _Asked | None = None,
) -> TookStance:
    heard = tuple(voice.event for voice in voices)
    return scribe.note(
        TookStance,
        topic=held.topic.id,
        before=before,
        after=held.position,
        options=tuple(held.topic.options),
        probabilities=asked.probabilities if asked else probabilities,
        origin=origin,
        heard=heard,
        memories=asked.memories if asked else (),
        call=asked.call if asked else "",
        causes=(*heard, asked.call) if asked else heard,
    )


def _side(position: Position | None) -> str:
    """What counts as the same side: an option, or for, against and neither."""
    if position is None or isinstance(position, str):
        return position or ""
    return "" if abs(position) < WORTH_SAYING else "for" if position > 0 else "against"
