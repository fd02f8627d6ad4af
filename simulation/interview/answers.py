"""What comes back from an interview."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, ConfigDict

from simulation.interview.conditions import Condition, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.interview.grounds import Ground
    from simulation.language.base import Usage

CANNOT_SAY = "I cannot say."
"""The answer where there is none."""


class Cite(BaseModel):
    """Something that an answer rests on."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    id: str
    """Of the event behind it; ``persona:ada.goals.0`` for what the persona brought along."""
    source: Source
    text: str
    """What it says, in the third person."""
    time: str
    """The hour at which it was formed; empty: before the first tick."""


class Answer(BaseModel):
    """An answer, with what it rests on and what it cost."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    agent: str
    name: str
    tick: int
    """They answer as they were when this tick was over."""
    time: str
    """Its hour."""
    question: str
    text: str
    given: str
    """The beginning of the text, where it was supplied; what follows a weak model added. Empty:
    the model wrote all of it."""
    cites: tuple[Cite, ...]
    """Most important first."""
    condition: Condition
    as_known_to: str
    """Id of the person who asked; empty: an inner voice."""
    model: str
    fallback: bool
    """Whether this is a safe answer because there was none."""
    reason: str
    """Why it is one."""
    calls: int
    """Times that the model was asked."""
    prompt_tokens: int
    reply_tokens: int


class Reply(NamedTuple):
    """An answer in the making."""

    text: str
    given: str = ""
    grounds: tuple[Ground, ...] = ()
    usages: tuple[Usage, ...] = ()
    reason: str = ""
    """Why there is no answer; empty where there is one."""


def no_answer(reason: str, usages: Sequence[Usage] = ()) -> Reply:
    """The safe answer, marked as one."""
    return Reply(CANNOT_SAY, reason=reason, usages=tuple(usages))
