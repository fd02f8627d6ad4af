"""How a generative mind takes part in talk: what comes to mind, and the words for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulation.mind.common_ground import CommonGround, hearers
from simulation.mind.converse import converse
from simulation.mind.given_words import RAISED, GivenWords
from simulation.mind.perceive import PRESENCE
from simulation.mind.shortlist import ANYBODY
from simulation.mind.speak import (
    Exchange,
    Remark,
    Utterance,
    as_action,
    may_tell,
    position_remark,
    remarks,
)
from simulation.mind.tail import compose
from simulation.mind.talk import Conversation, Turn, is_about
from simulation.mind.words import names

if TYPE_CHECKING:
    from simulation.episode.sink import Scribe
    from simulation.kernel.action import Say
    from simulation.kernel.percept import Heard, Percept
    from simulation.kernel.streams import Streams
    from simulation.memory import Memory
    from simulation.mind.asker import Asker
    from simulation.mind.intentions import Intentions
    from simulation.mind.options import MindOptions
    from simulation.mind.recollection import Recollection
    from simulation.mind.relationship import Relationships
    from simulation.mind.stance import Stances

WORTH_TELLING = 2.0
"""Importance from which something keeps a talk going, and is worth a model's tail."""
TOPICS_OFFERED = 6
"""Pieces of knowledge that a chat model may choose from."""
WARMTH = 0.1
"""Share by which something weighs more, or less, for each point of closeness to the hearer."""
CLOSE = 3.0
"""Closeness from which talk about somebody concerns one."""
POSITION = 5.0
"""Importance of a position that is held wholly, as something to say."""
FRESH_LINES = 3
"""So many lines of a talk one still answers to."""
BEARING = 4.0
"""What it adds to the weight of a remark to have all to do with what was just said (cosine)."""
EVERYONE = "all"


class Stock(NamedTuple):
    """What came to mind for an utterance."""

    remarks: list[Remark]
    memories: list[Memory]
    """The rest, which is thought of and not passed on."""


class Voice:
    """One agent's part in conversations.

    Args:
        agent: Who speaks.
        streams: Where chance comes from.
        asker: The language model.
        recollection: What can be told.
        intentions: What is said when there is no news.
        options: The mind's settings.
        relationships: What others are to the agent.
        stances: The positions that the agent holds.
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
        relationships: Relationships,
        stances: Stances,
    ) -> None:
        self.conversation = Conversation(options.talk_turns, options.talk_party, self._concerns)
        self._agent = agent
        self._asker = asker
        self._recollection = recollection
        self._intentions = intentions
        self._options = options
        self._relationships = relationships
        self._stances = stances
        self._ground = CommonGround()
        self._given = GivenWords(
            streams=streams,
            asker=asker,
            intentions=intentions,
            options=options,
            stances=stances,
        )

    def last_talk(self, other: str) -> int | None:
        """The tick in which the last talk with somebody ended; with ``ANYBODY``, any talk."""
        ended = self.conversation.ended_at
        return max(ended.values(), default=None) if other == ANYBODY else ended.get(other)

    # Listening --------------------------------------------------------------------------------

    def heard(self, percept: Percept, heard: Heard, clause: str) -> None:
        """Note what others know, as it has just been said to them or in their hearing."""
        self._ground.hear(percept, heard, clause)

    async def turn(self, percept: Percept, scribe: Scribe) -> Turn:
        """What the talk asks for now; after one that has ended, what it made of those in it."""
        self._ground.see(percept)
        turn = self.conversation.turn(percept, scribe)
        if self.conversation.ended is not None:
            await self._relationships.after(
                self.conversation.ended,
                percept,
                scribe,
                self._asker,
                self._recollection,
                self._stances.position,
            )
        return turn

    def joinable(self, percept: Percept) -> str:
        """Id of words just overheard of a talk that one may join, or empty."""
        may_join = self.conversation.may_join
        return next((heard.event for heard in percept.heard if may_join(percept, heard)), "")

    def _concerns(self, percept: Percept, heard: Heard) -> bool:
        """Whether words meant for others are about the agent, a topic of theirs, or a friend."""
        if is_about(percept, heard):
            return True
        topics = percept.view.stage.topics
        if any(t in topics and self._stances.position(t) is not None for t, _ in heard.positions):
            return True
        facts = percept.view.stage.facts
        spoken_of = {who for fact in heard.facts if fact in facts for who in facts[fact].concerns}
        return any(
            self._relationships.closeness(who) >= CLOSE
            and (who in spoken_of or names(heard.text, percept.view.name(who)))
            for who in percept.view.agents
            if who not in (self._agent, heard.speaker)
        )

    # Speaking ---------------------------------------------------------------------------------

    async def open(self, percept: Percept, scribe: Scribe, action: Say) -> Say:
        """Begin a talk, step into the one that somebody is in, or say something to everyone."""
        if not action.to:
            self.conversation.ended_at[EVERYONE] = percept.tick
            return await self._speak(percept, scribe, "", action.about)
        running = self.conversation.talk_of(percept, action.to)
        if running is not None:
            return await self.join(percept, scribe, running)
        self.conversation.open(action.to, percept.tick)
        return await self._speak(percept, scribe, action.to, action.about)

    async def join(self, percept: Percept, scribe: Scribe, heard: Heard) -> Say:
        """Step into the talk of others with something that what they said brings to mind."""
        self.conversation.join(percept, heard)
        return await self._speak(percept, scribe, heard.speaker, "")

    async def answer(self, percept: Percept, scribe: Scribe, *, closing: bool) -> Say:
        """Say the next thing in the running talk, or the last."""
        talk = self.conversation.talk
        to = talk.addressee if talk else ""
        return await self._speak(percept, scribe, to, "", closing=closing)

    def line_for_a_notice(self, percept: Percept, scribe: Scribe) -> str:
        """What one would write up for everybody to read."""
        known = self._stock(percept, scribe, Exchange(also=percept.view.agents)).remarks
        clause = known[0].clause if known else self._intentions.opening(percept)
        return compose(clause, "")

    async def _speak(
        self, percept: Percept, scribe: Scribe, to: str, about: str, *, closing: bool = False
    ) -> Say:
        talk = self.conversation.talk if to else None
        exchange = self._exchange(percept, to, closing=closing)
        stock = Stock([], []) if closing else self._stock(percept, scribe, exchange)
        said = await self._words(percept, scribe, stock, exchange)
        self._ground.add(hearers(percept), said.keys)
        action = as_action(said, to, talk, about)
        self.conversation.spoke(action)
        return action

    def _exchange(self, percept: Percept, to: str, *, closing: bool) -> Exchange:
        talk = self.conversation.talk
        if not to or talk is None:
            return Exchange(also=tuple(hearers(percept)))
        introduced = self._relationships.introduced(percept, to)
        return Exchange(
            to=to,
            also=talk.also(to),
            lines=talk.lines,
            introduced=f"{percept.view.name(to)} ({introduced})",
            closing=closing,
            joins=not talk.admitted,
        )

    # What comes to mind -----------------------------------------------------------------------

    def _stock(self, percept: Percept, scribe: Scribe, exchange: Exchange) -> Stock:
        """What comes to mind about who is addressed and what was just said."""
        heard = exchange.heard
        name = percept.view.name(exchange.to) if exchange.to else "everyone"
        query = f"{name} {heard.words if heard else ''} {self._intentions.focus}"
        memories = self._recollection.recall(scribe, query, "utter", 3 * self._options.retrieved)
        known = remarks(percept, memories, exchange, self._ground)
        known = self._ranked(self._with_positions(percept, exchange, known), exchange)
        known = known[:TOPICS_OFFERED]
        offered = {remark.memory for remark in known}
        rest = [
            memory
            for memory in memories
            if memory.id not in offered and self._sayable(percept, memory, exchange)
        ]
        return Stock(known, rest[: self._options.retrieved])

    def _sayable(self, percept: Percept, memory: Memory, exchange: Exchange) -> bool:
        """Whether a model that speaks freely may have something in mind.

        Nothing that is kept, and not that somebody is about, which is before everyone's eyes.
        """
        if memory.kind == "observation" and memory.importance <= PRESENCE:
            return False
        return not memory.fact or may_tell(percept, memory.fact, exchange.to, exchange.also)

    def _with_positions(
        self, percept: Percept, exchange: Exchange, known: list[Remark]
    ) -> list[Remark]:
        """Add the positions that one would bring up, the first if it answers what was just said."""
        views = self._stances.views()
        own = {view.memory for view in views}
        known = [remark for remark in known if remark.memory not in own]
        for view in views:
            raised = _is_raised(percept, exchange, view.topic)
            weight = RAISED if raised else POSITION * view.strength
            remark = position_remark(view, weight)
            if not self._ground.knows(exchange.to, remark.keys[0]):
                known.append(remark)
        return known

    def _ranked(self, known: list[Remark], exchange: Exchange) -> list[Remark]:
        """What is worth saying, best first: by weight, closeness and bearing on the last words.

        Routine opens a talk and does not keep it going.
        """
        heard = exchange.heard
        if heard is None:
            return sorted(known, key=lambda remark: -remark.weight)
        warmth = 1 + WARMTH * self._relationships.closeness(exchange.to)
        worth = [remark for remark in known if remark.weight * warmth >= WORTH_TELLING]

        def rank(remark: Remark) -> float:
            near = 0.0
            if remark.memory and heard.words.strip():
                memory = self._recollection.stream.by_id(remark.memory)
                near = self._recollection.closeness(heard.words, [memory])
            return remark.weight * warmth + BEARING * near

        return sorted(worth, key=rank, reverse=True)

    async def _words(
        self, percept: Percept, scribe: Scribe, stock: Stock, exchange: Exchange
    ) -> Utterance:
        talk, tongue = self.conversation.talk, percept.persona.speech.language
        # Where talk has run dry, a model would only go on in the same way.
        dry = talk is not None and bool(talk.fault) and tongue == "English"
        if self._asker.chats and not dry:
            relation = self._relationships.about(percept, exchange.to) if exchange.to else ""
            spoken = await converse(
                percept,
                scribe,
                self._asker,
                stock.remarks,
                stock.memories,
                exchange,
                relation,
                self._options,
            )
            if spoken is not None:
                return spoken
        return await self._given.say(percept, scribe, stock.remarks, exchange)


def _is_raised(percept: Percept, exchange: Exchange, topic: str) -> bool:
    """Whether a position on a topic was taken just now, or told the fact that raises it."""
    fact = percept.view.stage.topics[topic].fact
    return any(
        fact in line.facts or any(topic == taken for taken, _ in line.positions)
        for line in exchange.lines[-FRESH_LINES:]
        if line.speaker != percept.agent
    )
