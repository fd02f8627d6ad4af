"""What a model says is untrusted: clean it, then read it strictly."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from simulation.errors import InvalidReply

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_REPLY: Final = 4_000
"""Characters kept of any reply."""

_NUMBER: Final = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w])")
_OUT_OF: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(?:/|out of)\s*\d+", re.IGNORECASE)
_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str, limit: int = LONGEST_REPLY) -> str:
    """Cap a reply and drop what could harm a log, a terminal or a page that shows it.

    Control characters (NUL among them), lone surrogates and direction overrides go; line breaks
    and tabs stay.
    """
    kept = (c for c in text[:limit] if c in "\n\t" or not _harmful(c))
    return "".join(kept).strip()


def _harmful(character: str) -> bool:
    return character in _BIDI or unicodedata.category(character) in {"Cc", "Cs"}


def cut(text: str, stop: Sequence[str]) -> str:
    """Keep what stands before the first of the stops."""
    ends = [at for s in stop if s and (at := text.find(s)) >= 0]
    return text[: min(ends)].rstrip() if ends else text


def read_choice(reply: str, options: Sequence[str]) -> int:
    """Find the index of the option that a reply names, by its number or by its text.

    Raises:
        InvalidReply: It names none, several, or one that was not offered.
    """
    numbers = {float(found) for found in _NUMBER.findall(reply)}
    named = [i for i, text in enumerate(options) if text.casefold() in reply.casefold()]
    if len(numbers) == 1:
        number = numbers.pop()
        if number.is_integer() and 1 <= number <= len(options):
            return int(number) - 1
        raise InvalidReply(f"there is no option {number:g}", reply)
    if len(named) == 1:
        return named[0]
    if numbers or named:
        raise InvalidReply("it names more than one option", reply)
    raise InvalidReply("it is empty" if not reply else "it names no option", reply)


def read_number(reply: str, low: int, high: int) -> float:
    """Find the one number in a reply; ``7/10`` and ``7 out of 10`` are 7.

    Raises:
        InvalidReply: There is none, there are several, or it is out of range.
    """
    numbers = {float(found) for found in _NUMBER.findall(_OUT_OF.sub(r"\1", reply))}
    if not numbers:
        raise InvalidReply("it is empty" if not reply else "it holds no number", reply)
    if len(numbers) > 1:
        raise InvalidReply("it holds more than one number", reply)
    number = numbers.pop()
    if not low <= number <= high:
        raise InvalidReply(f"{number:g} is not between {low} and {high}", reply)
    return number
