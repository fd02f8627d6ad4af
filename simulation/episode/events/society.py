"""What can be seen and heard: bodies, words, things, and who reaches in from outside."""

from __future__ import annotations

from typing import Any, Literal

from simulation.episode.events.happening import Happening


class Joined(Happening):
    """A persona comes to live in the world."""

    type: Literal["joined"] = "joined"
    name: str
    """As people call them."""
    cell: tuple[int, int]
    """(row, column) on the grid."""


class Left(Happening):
    """Somebody leaves the world for good."""

    type: Literal["left"] = "left"
    name: str
    """As people called them."""


class Changed(Happening):
    """The world changes by itself: the tide, the hour, somebody without a mind."""

    type: Literal["changed"] = "changed"
    text: str
    """What could be seen, as a sentence."""
    effects: tuple[dict[str, Any], ...] = ()
    """What changed: target, attribute, before, after, owner, consent."""


class Intervened(Happening):
    """Somebody outside the society reaches into it: a whisper, a changed object, a newcomer."""

    type: Literal["intervened"] = "intervened"
    kind: str
    """What sort of intervention: ``whisper``, ``announce``, ``change``, ``move``, …"""
    details: dict[str, Any]
    """The whole of it, from which it can be done again."""
    text: str
    """The same in words, as it can be written on the command line."""
    effects: tuple[dict[str, Any], ...] = ()
    """What changed: target, attribute, before, after, owner, consent."""
    scripted: bool = False
    """Whether it was planned before the run, as against done while it ran."""
    request: str = ""
    """The name under which it was asked for while the episode ran."""


class Acted(Happening):
    """An action took place, with what it changed."""

    type: Literal["acted"] = "acted"
    action: dict[str, Any]
    """The typed action."""
    deed: str
    """What was done, in the past tense: ``carried a log into the shed``."""
    since: int
    """The tick at which it was begun."""
    effects: tuple[dict[str, Any], ...] = ()
    """What changed: target, attribute, before, after, owner, consent."""


class Failed(Happening):
    """An action could not take place; the agent perceives the reason next."""

    type: Literal["failed"] = "failed"
    action: dict[str, Any]
    """The typed action."""
    reason: str
    """Why, as a clause."""


class Moved(Happening):
    """A body went from one cell to another."""

    type: Literal["moved"] = "moved"
    cell: tuple[int, int]
    """(row, column) where it is now."""
    to: str = ""
    """Where it is heading: a place's or a person's id."""


class Said(Happening):
    """Somebody said something; it is heard one tick later."""

    type: Literal["said"] = "said"
    to: str = ""
    """A person's id; empty: all in earshot."""
    text: str
    """The words."""
    facts: tuple[str, ...] = ()
    """Ids of the facts that the words carry; a generated tail is never credited with one."""
    told: tuple[str, ...] = ()
    """Who was addressed and in earshot."""
    overheard: tuple[str, ...] = ()
    """Who was in earshot and not addressed."""
    given: str = ""
    """The clause that the engine supplied, where it did."""
    about: str = ""
    """What it is about, where the world's rules know the subject (``request:logs``)."""
    positions: tuple[tuple[str, float | str], ...] = ()
    """(topic, position) for each position that the words take."""
    talk: str = ""
    """Id of the conversation: the id of the event that opened it."""
    last: bool = False
    """Whether the speaker meant it to close the talk."""
    call: str = ""
    """Id of the model call behind the words."""


class TalkEnded(Happening):
    """A conversation is over for this agent."""

    type: Literal["talk_ended"] = "talk_ended"
    talk: str
    """Id of the conversation."""
    partner: str
    """With whom it was opened."""
    others: tuple[str, ...] = ()
    """Who else took part."""
    turns: int
    """Utterances by all."""
    reason: str
    """Why it ended."""


class Learned(Happening):
    """An agent comes to know a fact, from a source."""

    type: Literal["learned"] = "learned"
    fact: str
    """The fact's id."""
    source: Literal["seeded", "told", "overheard", "read", "saw", "inferred"]
    """How."""
    teller: str = ""
    """From whom, where it was said."""
