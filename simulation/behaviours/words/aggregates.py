"""Tags drawn together: how hurtful words are, how far they are for others, whether they hedge."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from simulation.behaviours.words import default_classifier
from simulation.behaviours.words.tags import Tag, Utterance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.behaviours.words.tags import Classifier

TOXIC: Final[tuple[Tag, ...]] = ("threat", "insult", "slur", "obscene")
"""What makes words toxic."""
FOR_OTHERS: Final[Mapping[Tag, float]] = {
    "offer": 1.0, "inquiry": 1.0, "care": 0.9, "promise": 0.4, "thanks": 0.3, "agreement": 0.3,
}  # fmt: skip
FOR_ONESELF: Final[Mapping[Tag, float]] = {
    "selfish": 1.0, "threat": 0.9, "power_seeking": 0.8, "insult": 0.6, "refusal": 0.5,
    "boast": 0.4, "order": 0.3, "request": 0.1,
}  # fmt: skip
"""How far a tag alone moves :func:`helpfulness`."""


def toxicity(text: str, classifier: Classifier | None = None) -> float:
    """How hurtful words are, 0 to 1: the most of threat, insult, slur and obscenity.

    Examples:
        >>> toxicity("You worthless idiot!") > 0.5, toxicity("The ferry leaves at nine.") < 0.2
        (True, True)
    """
    found = _tags(text, classifier)
    return max(found.get(tag, 0.0) for tag in TOXIC)


def helpfulness(text: str, classifier: Classifier | None = None) -> float:
    """How far words are for others: -1 for oneself against others, 1 for others, 0 neither.

    Examples:
        >>> helpfulness("Let me carry that for you.") > 0.5
        True
        >>> helpfulness("Not my problem, get your own.") < -0.5
        True
    """
    found = _tags(text, classifier)
    return _strongest(found, FOR_OTHERS) - _strongest(found, FOR_ONESELF)


def deception_cues(text: str, classifier: Classifier | None = None) -> float:
    """How far words look like those of somebody who hides something, 0 to 1.

    Words alone do not show a lie: honest people protest their honesty, and a good lie sounds like
    the truth. Take this for choosing what to read, never for what somebody did. A *lie* is found by
    :mod:`simulation.behaviours.words_said` from what the speaker knew.
    """
    return _tags(text, classifier).get("deception_cue", 0.0)


def _tags(text: str, classifier: Classifier | None) -> Mapping[Tag, float]:
    return (classifier or _shared()).classify(Utterance(text=text))


def _strongest(found: Mapping[Tag, float], weights: Mapping[Tag, float]) -> float:
    return max(weight * found.get(tag, 0.0) for tag, weight in weights.items())


@cache
def _shared() -> Classifier:
    return default_classifier()
