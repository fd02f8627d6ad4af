"""A conversation as one side lives it: whose turn it is, and when it is over.

Two parties here. Whoever is spoken to answers in the next tick, unless the words were meant to
close the talk; a talk ends when one side closes it, walks off, falls silent, or has said enough.
The same for every mind; what is said is the mind's own affair.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from simulation.episode.events import TalkEnded

if TYPE_CHECKING:
    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Heard, Percept

Turn = Literal["none", "wait", "speak", "close"]
"""What the talk asks for now: nothing (there is none), patience, an answer, or a last word."""

PATIENCE = 2
"""Ticks without an answer after which a talk is over."""
LINES_KEPT = 4


@dataclass
class Talk:
    """One running conversation."""

    partner: str
    id: str
    """Id of the utterance that opened it; empty until that is known."""
    own: int = 0
    """Utterances made by this side."""
    turns: int = 0
    """Utterances by both."""
    last_tick: int = 0
    lines: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=LINES_KEPT))
    """(speaker, words), latest last."""
    closed: bool = False
    """Whether this side has said its last word."""


class Conversation:
    """Keeps the talk of one agent, if there is one.

    ``none`` → ``open()`` or being told something → ``speak``/``wait`` in turn → ``none``.

    Args:
        limit: Utterances that this side makes at most.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.talk: Talk | None = None
        self.ended_at: dict[str, int] = {}
        """When the last talk with each person ended."""

    def open(self, partner: str, tick: int) -> None:
        """Begin one by one's own will; the first words follow at once."""
        self.talk = Talk(partner=partner, id="", last_tick=tick)

    def spoke(self, name: str, words: str, tick: int, *, last: bool) -> None:
        """Note one's own utterance."""
        if self.talk is not None:
            self.talk.own += 1
            self.talk.turns += 1
            self.talk.last_tick = tick
            self.talk.closed = last
            self.talk.lines.append((name, words))

    def turn(self, percept: Percept, scribe: Scribe) -> Turn:
        """Take in what was heard and say what the talk asks for."""
        self._name_opening(percept)
        heard = self._addressed(percept)
        talk = self.talk
        if talk is None:
            return "none"
        if heard is not None:
            self._listen(percept, talk, heard)
            if heard.last or talk.closed:
                return self._end(scribe, "closed")
            return "close" if talk.own >= self._limit - 1 else "speak"
        over = self._over(percept, talk)
        return self._end(scribe, over) if over else "wait"

    def _over(self, percept: Percept, talk: Talk) -> str:
        """Why the talk is over although the partner said nothing now, or empty."""
        if talk.closed:
            return "closed"
        if talk.partner not in percept.earshot:
            return "out of earshot"
        return "no answer" if percept.tick - talk.last_tick > PATIENCE else ""

    def _name_opening(self, percept: Percept) -> None:
        talk = self.talk
        if talk is not None and not talk.id and percept.outcome is not None:
            talk.id = percept.outcome.event

    def _addressed(self, percept: Percept) -> Heard | None:
        """What the partner said to this agent, or whoever speaks first to one who is free."""
        told = [heard for heard in percept.heard if heard.told and heard.to == percept.agent]
        if self.talk is not None:
            return next((heard for heard in told if heard.speaker == self.talk.partner), None)
        opening = next((heard for heard in told if not heard.last), None)
        # A word that wants no answer is a talk all the same.
        self.ended_at.update((heard.speaker, percept.tick) for heard in told if heard.last)
        if opening is not None:
            self.talk = Talk(
                partner=opening.speaker, id=opening.talk or opening.event, last_tick=percept.tick
            )
        return opening

    def _listen(self, percept: Percept, talk: Talk, heard: Heard) -> None:
        other = heard.talk or heard.event
        talk.id = min(talk.id, other) if talk.id else other
        talk.turns += 1
        talk.last_tick = percept.tick
        talk.lines.append((percept.view.name(heard.speaker), heard.text))

    def _end(self, scribe: Scribe, reason: str) -> Turn:
        talk, self.talk = self.talk, None
        if talk is not None:
            self.ended_at[talk.partner] = scribe.tick
            scribe.note(
                TalkEnded, talk=talk.id, partner=talk.partner, turns=talk.turns, reason=reason
            )
        return "none"
