"""A conversation as one of those in it lives it: whose turn it is, and when it is over.

Nobody presides. Minds think about the same instant, so each works out the same turn from what it
heard: whoever was addressed last speaks next; if they stay silent for ``PATIENCE`` ticks, whoever
has been silent longest takes their place, and they count as gone. A speaker among several
addresses the one who has been silent longest and is heard as speaking to all of them.

One leaves a talk by a last word, by walking off, by falling asleep or silent; it goes on while two
are left. It ends by itself: everyone has a limit, nobody comes back to a talk they have left, and
talk that has run dry (:mod:`simulation.mind.degenerate`) is closed. The same for every mind; what
is said is the mind's own affair.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from simulation.episode.events import TalkEnded
from simulation.kernel.percept import Heard, Percept
from simulation.mind.degenerate import Fault, find_fault, have_parted
from simulation.mind.words import names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.sink import Scribe
    from simulation.kernel.action import Say

Turn = Literal["none", "wait", "speak", "close"]
"""What the talk asks for now: nothing (there is none), patience, an answer, or a last word."""

Concern = Callable[[Percept, Heard], bool]
"""Whether words that were not meant for somebody concern them."""

PATIENCE = 2
"""Ticks of silence after which the turn passes on, and with the last of them the talk is over."""
PARTY = 4
"""People in one conversation at most."""


class Line(NamedTuple):
    """One utterance of a talk, as it was heard."""

    speaker: str
    name: str
    words: str
    event: str = ""
    facts: tuple[str, ...] = ()
    positions: tuple[tuple[str, float | str], ...] = ()
    last: bool = False


@dataclass
class Talk:
    """One running conversation, from the side of one who is in it."""

    partner: str
    """With whom it was opened."""
    begun: int
    """The tick of its first words, as far as one heard them."""
    id: str = ""
    """Id of the utterance that opened it; empty until that is known."""
    party: list[str] = field(default_factory=list[str])
    """Who else is in it now, in the order in which they came."""
    met: dict[str, None] = field(default_factory=dict[str, None])
    """Who else was ever in it, in that order."""
    gone: set[str] = field(default_factory=set[str])
    """Who left it, and is in it again only by speaking."""
    order: list[str] = field(default_factory=list[str])
    """Whose turn it is after the last words, and who takes it if they stay silent."""
    own: int = 0
    """Utterances made by this side."""
    turns: int = 0
    """Utterances by all."""
    last_tick: int = 0
    """The tick of the last words."""
    lines: list[Line] = field(default_factory=list[Line])
    spoke_at: dict[str, int] = field(default_factory=dict[str, int])
    """The number of each one's latest utterance."""
    admitted: bool = True
    """Whether one is in it; whoever joins is as soon as their first words are heard."""
    fault: Fault = ""
    over: str = ""
    """Why it is over, or empty."""

    @property
    def addressee(self) -> str:
        """To whom one speaks: the one who has been silent longest, by name where that is equal."""
        return min(self.party, key=lambda who: (self.spoke_at.get(who, -1), who), default="")

    def also(self, to: str) -> tuple[str, ...]:
        """The others in it, who are spoken to as well."""
        return tuple(who for who in self.party if who != to)

    def add(self, who: str) -> None:
        """Somebody comes into it, unless they have left it."""
        if who not in self.gone:
            self.met.setdefault(who)
            if who not in self.party:
                self.party.append(who)

    def drop(self, who: str, why: str) -> None:
        """Somebody leaves it; with the last of them it is over."""
        self.gone.add(who)
        if who in self.party:
            self.party.remove(who)
        if not self.party:
            self.over = self.over or why


class Conversation:
    """Keeps the talk of one agent, if there is one.

    ``none`` → ``open()``, ``join()`` or being spoken to → ``speak``/``wait`` in turn → ``none``.

    Args:
        limit: Utterances that this side makes in a talk at most.
        party: People in one conversation at most.
        concern: What draws somebody into the talk of others; left out: their name, or a fact about
            them.
    """

    def __init__(self, limit: int, party: int = PARTY, concern: Concern | None = None) -> None:
        self._limit = limit
        self._most = party
        self._concern = concern or is_about
        self._said: Say | None = None
        self._left: set[str] = set()
        self.talk: Talk | None = None
        self.ended: Talk | None = None
        """The talk that ended in this tick."""
        self.ended_at: dict[str, int] = {}
        """When the last talk with each person ended."""

    # Coming and going -------------------------------------------------------------------------

    def open(self, partner: str, tick: int) -> None:
        """Begin one by one's own will; the first words follow at once."""
        talk = Talk(partner=partner, begun=tick, last_tick=tick, order=[partner])
        talk.add(partner)
        self.talk = talk

    def may_join(self, percept: Percept, heard: Heard) -> bool:
        """Whether one could step into the talk of others on hearing this, and would by rule.

        One is free, was not spoken to, has not left that talk before; there is room; and what is
        said concerns one.
        """
        free = self.talk is None and not percept.view.asleep(percept.agent)
        meant = heard.told and heard.to
        fresh = not heard.last and _talk_id(percept, heard) not in self._left
        if not free or meant or not fresh or len(_members(heard)) >= self._most:
            return False
        return self._concern(percept, heard)

    def join(self, percept: Percept, heard: Heard) -> None:
        """Step into the talk that was overheard; the first words follow at once."""
        talk = Talk(
            partner=heard.speaker,
            begun=-1,
            id=_talk_id(percept, heard),
            last_tick=percept.tick,
            lines=[_line(percept, heard)],
            admitted=False,
        )
        for who in _members(heard):
            if who != percept.agent:
                talk.add(who)
        self.talk = talk

    def talk_of(self, percept: Percept, who: str) -> Heard | None:
        """What was just heard of a talk that somebody is in and that has room."""
        for heard in percept.heard:
            members = _members(heard)
            fresh = not heard.last and _talk_id(percept, heard) not in self._left
            if who in members and 2 <= len(members) < self._most and fresh:
                return heard
        return None

    def leave(self, scribe: Scribe, reason: str = "left") -> None:
        """Step out without a word."""
        if self.talk is not None:
            self._end(scribe, self.talk, reason)

    # Speaking and listening -------------------------------------------------------------------

    def spoke(self, said: Say) -> None:
        """Note one's own utterance; it is in the talk as soon as it has been heard."""
        if self.talk is not None and said.to:
            self.talk.own += 1
            self._said = said

    def turn(self, percept: Percept, scribe: Scribe) -> Turn:
        """Take in what was heard and say what the talk asks for."""
        self.ended = None
        self._take_in(percept)
        talk = self.talk
        if talk is None:
            return "none"
        self._look_round(percept, talk)
        turn = self._asked(percept, talk)
        if talk.over:
            return self._end(scribe, talk, talk.fault or talk.over)
        return turn

    def _asked(self, percept: Percept, talk: Talk) -> Turn:
        passed = (percept.tick - talk.last_tick - 1) // PATIENCE
        for who in talk.order[:passed]:
            talk.drop(who, "no answer")
        if percept.agent in talk.order[:passed]:
            talk.over = talk.over or "fell silent"
        present = {*talk.party, percept.agent}
        speaker = next((who for who in talk.order[passed:] if who in present), "")
        if not speaker:
            talk.over = talk.over or "no answer"
        if talk.fault == "thanks and farewells" or (
            len(talk.party) == 1 and have_parted(talk.lines)
        ):
            talk.over = talk.over or "closed"
        if speaker != percept.agent:
            return "wait"
        if talk.own >= self._limit:
            talk.over = talk.over or "nothing left to say"
        return "close" if talk.fault or talk.own >= self._limit - 1 else "speak"

    def _look_round(self, percept: Percept, talk: Talk) -> None:
        """Notice who has walked off or fallen asleep, oneself included."""
        if percept.view.asleep(percept.agent):
            talk.over = talk.over or "fell asleep"
            return
        for who in tuple(talk.party):
            if who not in percept.earshot:
                talk.drop(who, "out of earshot")
            elif percept.view.asleep(who):
                talk.drop(who, "fell asleep")

    def _take_in(self, percept: Percept) -> None:
        """Go through what was said in the last tick, one's own words among it, in its order."""
        said, self._said = self._said, None
        heard, outcome = list(percept.heard), percept.outcome
        if said is not None and self.talk is not None and outcome is not None:
            if outcome.reason:
                self.talk.id = self.talk.id or outcome.event
                self.talk.drop(said.to, "out of earshot")
            else:
                heard.append(_own(percept, said, outcome.event))
        heard.sort(key=lambda line: line.event)
        if self.talk is None:
            self._drawn_in(percept, heard)
        if self.talk is not None:
            for line in heard:
                self._hear(percept, self.talk, line)

    def _hear(self, percept: Percept, talk: Talk, heard: Heard) -> None:
        if not self._belongs(percept, talk, heard):
            if heard.talk not in ("", talk.id):
                talk.drop(heard.speaker, "left")
            return
        other = heard.talk or heard.event
        talk.id = min(talk.id, other) if talk.id else other
        talk.gone.discard(heard.speaker)
        for who in _members(heard):
            if who in percept.earshot:
                talk.add(who)
        talk.turns += 1
        talk.spoke_at[heard.speaker] = talk.turns
        talk.last_tick = percept.tick - 1
        talk.lines.append(_line(percept, heard))
        talk.fault = talk.fault or find_fault(talk.lines)
        others = {*talk.party, percept.agent} - {heard.speaker, heard.to}
        order = sorted(others, key=lambda who: (talk.spoke_at.get(who, -1), who))
        talk.order = [heard.to, *order]
        self._leave_taken(percept, talk, heard)

    def _leave_taken(self, percept: Percept, talk: Talk, heard: Heard) -> None:
        """Notice a last word, and whether one's own first words came too late."""
        own = heard.speaker == percept.agent
        if own and not talk.admitted:
            talk.admitted = True
            talk.over = "no room" if len(talk.party) >= self._most else talk.over
        if heard.last and (own or talk.fault):
            talk.over = talk.over or "closed"
        if heard.last and not own:
            talk.drop(heard.speaker, "closed")

    def _drawn_in(self, percept: Percept, told: Sequence[Heard]) -> None:
        """Enter the talk in which one, being free, is spoken to first."""
        for heard in told:
            if not heard.told or not heard.to:
                continue
            if heard.last:
                # A word that wants no answer is a talk all the same.
                self.ended_at[heard.speaker] = percept.tick
            elif self.talk is None and _talk_id(percept, heard) not in self._left:
                self.talk = Talk(partner=heard.speaker, begun=percept.tick - 1)
                self.talk.add(heard.speaker)

    def _belongs(self, percept: Percept, talk: Talk, heard: Heard) -> bool:
        """Whether words belong to one's talk.

        They do if they say so, if somebody in it says them to oneself, and if several begin at
        once. Whoever comes to a full party is not heard.
        """
        me, known = percept.agent, heard.speaker in talk.party
        if heard.speaker == me:
            return True
        if not heard.to or (not known and len(talk.party) + talk.admitted >= self._most):
            return False
        if heard.talk:
            return heard.talk == talk.id or (known and heard.told and not talk.id)
        at_once = talk.begun == percept.tick - 1
        company = {me, *talk.party}
        return (known and heard.told) or (
            at_once and (heard.to in company or heard.speaker in company)
        )

    def _end(self, scribe: Scribe, talk: Talk, reason: str) -> Turn:
        self.talk, self._said, self.ended = None, None, talk
        talk.over = reason
        self._left.add(talk.id)
        for who in talk.met:
            self.ended_at[who] = scribe.tick
        scribe.note(
            TalkEnded,
            talk=talk.id,
            partner=talk.partner,
            others=tuple(who for who in talk.met if who != talk.partner),
            turns=talk.turns,
            reason=reason,
        )
        return "none"


def is_about(percept: Percept, heard: Heard) -> bool:
    """Whether words name the hearer, or carry a fact about them."""
    facts = percept.view.stage.facts
    concerned = any(percept.agent in facts[fact].concerns for fact in heard.facts if fact in facts)
    return concerned or names(heard.text, percept.persona.name)


def _members(heard: Heard) -> list[str]:
    """Who is in a talk by the words of one in it."""
    return [who for who in dict.fromkeys((heard.speaker, heard.to, *heard.also)) if who]


def _talk_id(percept: Percept, heard: Heard) -> str:
    """By what id those who speak know their talk: of two openings at once, the first."""
    if heard.talk or not heard.to:
        return heard.talk or heard.event
    both = (heard.speaker, heard.to)
    openings = [
        other.event
        for other in percept.heard
        if not other.talk and (other.to, other.speaker) == both
    ]
    return min([heard.event, *openings])


def _line(percept: Percept, heard: Heard) -> Line:
    return Line(
        heard.speaker,
        percept.view.name(heard.speaker),
        heard.text,
        heard.event,
        heard.facts,
        heard.positions,
        heard.last,
    )


def _own(percept: Percept, said: Say, event: str) -> Heard:
    """One's own words as the others heard them."""
    return Heard(
        event=event,
        speaker=percept.agent,
        to=said.to,
        also=said.also,
        text=said.text,
        facts=said.facts,
        about=said.about,
        positions=said.positions,
        told=True,
        last=said.last,
        talk=said.talk,
    )
