"""How a generative mind takes part in talk: what comes to mind, and the words for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.memory.record import about_key
from simulation.mind.decision import draw
from simulation.mind.shortlist import ANYBODY
from simulation.mind.speak import Remark, Utterance, as_action, complete, compose, converse, topics
from simulation.mind.talk import Conversation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.sink import Scribe
    from simulation.kernel.action import Say
    from simulation.kernel.percept import Heard, Percept
    from simulation.kernel.streams import Streams
    from simulation.mind.asker import Asker
    from simulation.mind.intentions import Intentions
    from simulation.mind.options import MindOptions
    from simulation.mind.recollection import Recollection

WORTH_TELLING = 2.0
"""Importance from which something keeps a talk going, and is worth a model's tail."""
TOPICS_OFFERED = 6
"""Pieces of knowledge that a chat model may choose from."""
EVERYONE = "all"

Lines = list[tuple[str, str]]


class Voice:
    """One agent's part in conversations.

    Args:
        agent: Who speaks.
        streams: Where chance comes from.
        asker: The language model.
        recollection: What can be told.
        intentions: What is said when there is no news.
        options: The mind's settings.
    """

    def __init__(
        self,
        agent: str,
        *,
        streams: Streams,
        asker: Asker,
        recollection: Recollection,
        intentions: Intentions,
        options: MindOptions,
    ) -> None:
        self.conversation = Conversation(options.talk_turns)
        self._agent = agent
        self._streams = streams
        self._asker = asker
        self._recollection = recollection
        self._intentions = intentions
        self._options = options
        self._told: set[tuple[str, str]] = set()
        """(person, fact or clause) that they heard from this agent or said themselves."""

    def last_talk(self, other: str) -> int | None:
        """The tick in which the last talk with somebody ended; with ``ANYBODY``, any talk."""
        ended = self.conversation.ended_at
        return max(ended.values(), default=None) if other == ANYBODY else ended.get(other)

    def heard(self, heard: Heard, clause: str) -> None:
        """Note what somebody knows, as they have just said it."""
        self._told.update((heard.speaker, key) for key in (*heard.facts, about_key(clause)))

    async def open(self, percept: Percept, scribe: Scribe, action: Say) -> Say:
        """Begin a talk, or say something to everyone."""
        if action.to:
            self.conversation.open(action.to, percept.tick)
        else:
            self.conversation.ended_at[EVERYONE] = percept.tick
        return await self._speak(percept, scribe, action.to, action.about, closing=False)

    async def answer(self, percept: Percept, scribe: Scribe, *, closing: bool) -> Say:
        """Say the next thing in the running talk, or the last."""
        talk = self.conversation.talk
        partner = talk.addressee if talk else ""
        return await self._speak(percept, scribe, partner, "", closing=closing)

    def line_for_a_notice(self, percept: Percept, scribe: Scribe) -> str:
        """What one would write up for everybody to read: what one would tell everybody."""
        known = self._topics(percept, scribe, "", [])
        clause = known[0].clause if known else self._intentions.opening(percept)
        return compose(clause, "")

    async def _speak(
        self, percept: Percept, scribe: Scribe, partner: str, about: str, *, closing: bool
    ) -> Say:
        talk = self.conversation.talk if partner else None
        lines = [(line.name, line.words) for line in talk.lines] if talk else []
        known = [] if closing else self._topics(percept, scribe, partner, lines)
        said = await self._words(percept, scribe, known, partner, lines, closing=closing)
        keys = {*said.facts, about_key(said.given)}
        hearers = [partner] if partner else list(percept.earshot)
        self._told.update((hearer, key) for hearer in hearers for key in keys)
        action = as_action(said, partner, talk, about)
        self.conversation.spoke(action)
        return action

    def _topics(self, percept: Percept, scribe: Scribe, partner: str, lines: Lines) -> list[Remark]:
        """What comes to mind about this person and what was just said."""
        last = lines[-1][1] if lines else ""
        name = percept.view.name(partner) if partner else "everyone"
        query = f"{name} {last} {self._intentions.focus}"
        memories = self._recollection.recall(scribe, query, "utter", 3 * self._options.retrieved)
        known = topics(percept, memories, partner, self._told)
        if lines:
            # Routine opens a talk and does not keep it going.
            known = [topic for topic in known if topic.weight >= WORTH_TELLING]
        return known[:TOPICS_OFFERED]

    async def _words(
        self,
        percept: Percept,
        scribe: Scribe,
        known: Sequence[Remark],
        partner: str,
        lines: Lines,
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
            clause = self._intentions.parting(percept)
            return Utterance(compose(clause, ""), (), clause, "", last=True)
        topic = self._pick(percept, known) if known else Remark(self._intentions.opening(percept))
        if self._asker.chats or not known or topic.weight < WORTH_TELLING:
            facts = (topic.fact,) if topic.fact else ()
            return Utterance(compose(topic.clause, ""), facts, topic.clause, "")
        likeness = self._recollection.likeness
        return await complete(
            percept, scribe, self._asker, topic, partner, lines, self._options, likeness
        )

    def _pick(self, percept: Percept, known: Sequence[Remark]) -> Remark:
        """One of the best topics; each next one half as likely."""
        weights = [0.5**rank for rank in range(len(known))]
        return known[draw(weights, self._streams.stream(self._agent, percept.tick, "topic"))]
