"""Facts: what can be known, told and overheard, by id."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Appointment(BaseModel):
    """Something at a place and an hour that those who know of it may come to."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    place: str
    time: str
    minutes: int = 60


class Fact(BaseModel):
    """A piece of knowledge that travels between people by its id.

    The wording is given, so that a weak model passes on what is meant and nothing else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    id: str
    """Short and stable: ``supper``."""
    statement: str
    """In the third person, a sentence: ``Chiara gives a supper at the inn at seven.``"""
    spoken: str
    """As anyone who knows it would say it, a clause: ``Chiara gives a supper at the inn``."""
    spoken_by: dict[str, str] = {}
    """As the person concerned would say it: ``chiara: I give a supper at the inn at seven``."""
    seeded: tuple[str, ...] = ()
    """Who knows it from the start."""
    true: bool = True
    """Whether it is so; known to the world alone."""
    contradicts: tuple[str, ...] = ()
    """Ids of facts that cannot be so if this is; who knows one of them and says this does not
    believe it."""
    bears_on: dict[str, float | str] = {}
    """Topic → the position that it speaks for; to whom it is new, it is a reason, not pressure."""
    concerns: tuple[str, ...] = ()
    """Ids of the people it is about."""
    kept_from: tuple[str, ...] = ()
    """Whom those who know it from the start do not tell of their own accord; ``*``: everyone."""
    importance: float | None = None
    """From 1 to 10 where it is given; otherwise it is rated."""
    strikes: Literal["", "happy", "sad", "angry", "afraid", "surprised", "disgusted"] = ""
    """How it strikes those whom it concerns when they learn of it; empty: not at all."""
    appointment: Appointment | None = None
