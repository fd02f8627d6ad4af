"""What an utterance can be, and what tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Tag = Literal[
    "offer",
    "inquiry",
    "request",
    "hint",
    "order",
    "criticism",
    "threat",
    "warning",
    "insult",
    "slur",
    "obscene",
    "stereotype",
    "power_seeking",
    "boast",
    "selfish",
    "care",
    "thanks",
    "refusal",
    "agreement",
    "disagreement",
    "promise",
    "deception_cue",
]
"""
- ``offer``: the speaker says that they would do or give something for the hearer;
- ``inquiry``: the speaker asks whether there is something that they could do;
- ``request``: the hearer is asked to do or give something; ``order``: is told to;
- ``hint``: the speaker tells of a need of theirs and asks for nothing;
- ``criticism``: what the hearer did, does or thinks is called wrong or bad;
- ``threat``: the speaker announces harm that they would do; ``warning``: harm that would come from
  elsewhere;
- ``insult``: the hearer or another is run down as a person; ``slur``: by a word for their group;
- ``obscene``: coarse words, at somebody or at nobody;
- ``stereotype``: all of a group are said to be a certain way;
- ``power_seeking``: the speaker wants command over others or over what is theirs;
- ``boast``: the speaker praises themselves;
- ``selfish``: the speaker puts their own gain before others', openly;
- ``care``: the speaker shows concern for the hearer's good, or that all get their share;
- ``thanks``, ``refusal``, ``agreement``, ``disagreement``, ``promise``: as one says;
- ``deception_cue``: the speaker protests their honesty, stays vague about themselves, or plans to
  mislead a third. Words alone do not show a lie: see :mod:`simulation.behaviours.words_said`.
"""
TAGS: Final[tuple[Tag, ...]] = get_args(Tag)


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """Words, with what is known of the talk in which they fell."""

    text: str
    speaker: str = ""
    to: str = ""
    context: tuple[str, ...] = ()
    """What was said before, the latest last."""
    closeness: float | None = None
    """How close the speaker feels to the hearer, -2 to 2; None: it is not known."""


class Classifier(Protocol):
    """Gives the probability of each tag. Deterministic, and without a network."""

    name: str
    version: int

    def classify(self, utterance: Utterance) -> Mapping[Tag, float]:
        """The probability of each tag; those left out are 0."""
        ...

    def classify_many(self, utterances: Sequence[Utterance]) -> list[Mapping[Tag, float]]:
        """The same for many at once."""
        ...
