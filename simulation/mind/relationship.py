"""Relationships: what each agent makes of each other person, and how talk changes it.

Of everyone one keeps the tie and the feeling that the persona states, a closeness from -5 to 5 and
a summary of about a hundred tokens, renewed by both sides after a talk of two utterances or more
(the summaries: Affordable Generative Agents, Yu et al. 2024; closeness that moves by one a talk:
Humanoid Agents, Wang et al. 2023).

A chat model writes the summary and says whether the talk brought the two closer. A completion
model is not asked: the summary is put together from what is known (the tie, the feeling, how often
and when they talked, the weightiest things known about or through the other), and closeness goes

- down by one if the talk was broken off, or if the other took a position opposed to one that is
  held strongly;
- else up by one if each of the two told the other a fact or took a position;
- else not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from simulation.episode.events import Origin, Related
from simulation.language.plausible import an_utterance, json_of
from simulation.language.prompts import load_prompt
from simulation.mind import scene
from simulation.mind.perceive import PRESENCE
from simulation.mind.tail import without_tail
from simulation.mind.words import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from personas import Persona
    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Percept
    from simulation.kernel.topics import Position
    from simulation.memory import Memory
    from simulation.mind.asker import Asker
    from simulation.mind.options import MindOptions
    from simulation.mind.recollection import Recollection
    from simulation.mind.talk import Talk

_RELATE = load_prompt(Path(__file__).parent / "prompts" / "relate.md", "relate")

FARTHEST, CLOSEST = -5.0, 5.0
PER_PERSONA_POINT = 2.0
"""Closeness at the start for each of the persona's points, which go from -2 to 2."""
STRONGLY_HELD = 0.6
"""From this distance to the middle a position is held strongly; a named option always is."""
BROKEN_OFF: Final = frozenset({"no answer", "out of earshot"})
"""Ends of a talk in which nobody took leave."""
SHORT_TIE = 3
"""Words of a tie that introduces somebody in passing: ``Ada's godson``."""
KNOWN = 2
"""Things known about or through the other that a summary holds at most."""
CHARACTERS_A_TOKEN = 6
"""Beyond so many characters for each token, a model's summary is asked for again."""

OwnPosition = Callable[[str], "Position | None"]
"""Where somebody stands on a topic."""


@dataclass(frozen=True, kw_only=True)
class Bond:
    """What somebody is to an agent."""

    other: str
    tie: str = ""
    """``godson``, or empty for a neighbour like any other."""
    feeling: str = ""
    """``counts the minutes when his boat is late``."""
    closeness: float = 0.0
    """From -5 (cannot bear) over 0 to 5 (very close)."""
    summary: str = ""
    """What one would say of them, in the third person; empty until there is something."""
    talks: int = 0
    """How often the two talked."""
    last_talk: int | None = None
    """The tick in which their last talk ended."""


class RelateReply(BaseModel):
    """What a chat model makes of somebody after a talk."""

    model_config = ConfigDict(extra="ignore")
    summary: str
    closeness: Literal[-1, 0, 1] = 0


class Renewed(NamedTuple):
    """A summary and a step of closeness, with what made them."""

    summary: str
    step: float
    origin: Origin
    call: str = ""


class Relationships:
    """One agent's relationships.

    Args:
        persona: Whose.
        options: The mind's settings.
    """

    def __init__(self, persona: Persona, options: MindOptions) -> None:
        self._name = persona.name
        self._options = options
        self._on = options.has("relationships")
        self._bonds: dict[str, Bond] = {}
        self.become(persona)

    def become(self, persona: Persona) -> None:
        """Be this person; what somebody has come to be to one stays."""
        self._name = persona.name
        for row in persona.relationships if self._on else ():
            stated = Bond(
                other=row.person,
                tie=row.tie,
                feeling=row.feeling,
                closeness=PER_PERSONA_POINT * row.closeness,
            )
            self._bonds.setdefault(row.person, stated)

    def of(self, other: str) -> Bond:
        """What somebody is to this agent now."""
        return self._bonds.get(other) or Bond(other=other)

    def closeness(self, other: str) -> float:
        """How close somebody is, from -5 to 5; 0 for everybody where this part is switched off."""
        return self.of(other).closeness

    def introduced(self, percept: Percept, other: str) -> str:
        """Somebody's job, and what they are to this agent where that is said in a few words."""
        job, tie = percept.view.stage.cast[other].job, self.of(other).tie
        short = 0 < len(tie.split()) <= SHORT_TIE
        return f"{job}, {self._name}'s {tie}" if short else job

    def about(self, percept: Percept, other: str) -> str:
        """What there is to say of somebody: the latest summary, or what the persona says."""
        bond = self.of(other)
        return bond.summary or " ".join(_stated(self._name, percept.view.name(other), bond))

    async def after(
        self,
        talk: Talk,
        percept: Percept,
        scribe: Scribe,
        asker: Asker,
        recollection: Recollection,
        position: OwnPosition = lambda topic: None,
    ) -> None:
        """Renew what is kept of those who spoke in a talk that is over.

        Args:
            talk: The talk.
            percept: What the agent perceives now.
            scribe: Writes the agent's events.
            asker: The language model.
            recollection: What the agent remembers.
            position: Where the agent stands on a topic.
        """
        if not self._on or talk.turns < 2:
            return
        spoke = {line.speaker for line in talk.lines}
        for other in [who for who in talk.met if who in spoke]:
            before = self.of(other)
            counted = replace(before, talks=before.talks + 1, last_talk=scribe.tick)
            known = weightiest(list(recollection.stream), other)
            renewed = await self._by_model(counted, talk, percept, scribe, asker, known)
            if renewed is None:
                step = closeness_step(talk, percept.agent, other, position)
                origin: Origin = "fallback" if asker.chats else "rules"
                renewed = Renewed(self._given(counted, percept, known), step, origin)
            closeness = max(FARTHEST, min(CLOSEST, before.closeness + renewed.step))
            self._bonds[other] = replace(counted, closeness=closeness, summary=renewed.summary)
            scribe.note(
                Related,
                other=other,
                closeness=closeness,
                before=before.closeness,
                summary=renewed.summary,
                origin=renewed.origin,
                memories=tuple(memory.id for memory in known),
                call=renewed.call,
                causes=tuple(line.event for line in talk.lines if line.event),
            )

    async def _by_model(
        self,
        bond: Bond,
        talk: Talk,
        percept: Percept,
        scribe: Scribe,
        asker: Asker,
        known: Sequence[Memory],
    ) -> Renewed | None:
        """What a chat model makes of it; None where the rule is to be used."""
        if not asker.chats:
            return None
        answer = await asker.write(
            scribe,
            asker.worded(_RELATE).render(**self._fields(bond, talk, percept, known)),
            read=self._read,
            stop=(),
            max_tokens=2 * self._options.relationship_tokens,
            temperature=0.3,
        )
        if answer is None:
            return None
        return Renewed(answer.value.summary, answer.value.closeness, "model", answer.call)

    def _read(self, text: str) -> RelateReply:
        reply = json_of(RelateReply)(text)
        longest = CHARACTERS_A_TOKEN * self._options.relationship_tokens
        return reply.model_copy(update={"summary": an_utterance("English", longest)(reply.summary)})

    def _fields(
        self, bond: Bond, talk: Talk, percept: Percept, known: Sequence[Memory]
    ) -> dict[str, str]:
        other, job = percept.view.name(bond.other), percept.view.stage.cast[bond.other].job
        texts = [sentence(memory.text) for memory in known]
        return {
            "who": scene.who(percept),
            "traits": scene.traits(percept),
            "name": self._name,
            "other": f"{other}, {job}",
            "summary": self.about(percept, bond.other) or f"{other} is a neighbour like any other.",
            "memories": f"{self._name} remembers: {' '.join(texts)}" if texts else "",
            "lines": "\n".join(f"{line.name}: {line.words}" for line in talk.lines),
            "about": other,
            "tokens": str(self._options.relationship_tokens),
        }

    def _given(self, bond: Bond, percept: Percept, known: Sequence[Memory]) -> str:
        """What is known of somebody as a few given sentences, the tie first."""
        other = percept.view.name(bond.other)
        lines = _stated(self._name, other, bond)
        clock, place = percept.view.stage.clock, percept.place
        times = {1: "once", 2: "twice"}.get(bond.talks, f"{bond.talks} times")
        where = f" {place.where}" if place else ""
        lines.append(f"They talked {times} so far, last at {clock.label(percept.tick)}{where}.")
        for memory in known:
            told = memory.fact and memory.source.endswith(f":{bond.other}")
            heard = f"From {other} {self._name} knows: " if told else ""
            lines.append(f"{heard}{_content(memory)}")
        return " ".join(scene.within(lines, self._options.relationship_tokens)[0])


def _content(memory: Memory) -> str:
    """What is remembered, without what only made it an answer."""
    if memory.kind != "dialogue":
        return sentence(memory.text)
    who, _, words = memory.text.partition(": ")
    return f"{who}: {sentence(without_tail(words))}"


def _stated(name: str, other: str, bond: Bond) -> list[str]:
    """What the persona says of somebody, as sentences."""
    lines = [f"{other} is {name}'s {bond.tie}."] if bond.tie else []
    return [*lines, f"{name} {bond.feeling}."] if bond.feeling else lines


def weightiest(memories: Sequence[Memory], other: str, limit: int = KNOWN) -> tuple[Memory, ...]:
    """The most important of what is remembered about somebody or from them, oldest first.

    That they were somewhere about and what was soon over is left out, and what they said comes
    before what they did.
    """
    theirs = [
        memory
        for memory in memories
        if (other in memory.people or memory.source.endswith(f":{other}"))
        and (memory.importance > PRESENCE or memory.kind != "observation")
        and (memory.spoken or memory.kind != "dialogue")
    ]
    best = sorted(
        theirs,
        key=lambda memory: (
            -memory.importance,
            memory.kind == "observation",
            -memory.created,
            memory.id,
        ),
    )
    return tuple(sorted(best[:limit], key=lambda memory: (memory.created, memory.id)))


def closeness_step(talk: Talk, agent: str, other: str, position: OwnPosition) -> float:
    """How a talk moves closeness by the rule: down, up, or not at all."""
    theirs = [line for line in talk.lines if line.speaker == other]
    own = [line for line in talk.lines if line.speaker == agent]
    took_leave = any(line.last for line in (*theirs, *own))
    if talk.over in BROKEN_OFF and not took_leave:
        return -1.0
    taken = [(topic, taken) for line in theirs for topic, taken in line.positions]
    if any(opposed(position(topic), taken) for topic, taken in taken):
        return -1.0
    told = [any(line.facts or line.positions for line in side) for side in (own, theirs)]
    return 1.0 if all(told) else 0.0


def opposed(own: Position | None, other: Position) -> bool:
    """Whether a position is opposed to one that is held strongly.

    Examples:
        >>> opposed(0.9, -0.3), opposed(0.3, -0.9), opposed("ada", "hugo"), opposed(None, 1.0)
        (True, False, True, False)
    """
    if isinstance(own, str) or isinstance(other, str):
        return own is not None and own != other
    return own is not None and abs(own) >= STRONGLY_HELD and own * other < 0
