"""Placebo messages: words beside the point, as many of them as in the message that they replace."""

from __future__ import annotations

from typing import Final

from simulation.kernel.intervention import Announce, Whisper

BY_LENGTH: Final[dict[int, tuple[str, ...]]] = {
    1: ("Well.",),
    2: ("Clouds pass.", "Gulls cry."),
    3: ("The wind turns.", "The air clears."),
    4: ("Gulls sit on posts.", "A shutter moves somewhere."),
    5: ("The morning smells of salt.", "The stones are still damp."),
    6: ("A bell rings over the water.", "The sand has taken new lines."),
    7: ("Light falls on the roofs and walls.", "The clouds in the west are thinning."),
}
"""Sentences about nothing that anybody could act on, by their number of words."""
_LONGEST: Final = max(BY_LENGTH)


def placebo(words: str) -> str:
    """As many words about the weather.

    Examples:
        >>> placebo("Gudrun asks who could carry her logs in")
        'Light falls on the roofs and walls. Well.'
        >>> len(placebo("one two three").split())
        3
    """
    left, number, told = len(words.split()), 0, list[str]()
    while left:
        length = min(left, _LONGEST)
        sentences = BY_LENGTH[length]
        told.append(sentences[number // _LONGEST % len(sentences)])
        left, number = left - length, number + length
    return " ".join(told)


def has_words(intervention: object) -> bool:
    """Whether an intervention is a message."""
    return isinstance(intervention, (Whisper, Announce))
