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
# Possessive and anchored, so that a thousand digits are read once and not a thousand times.
_OUT_OF: Final = re.compile(r"(?<!\d)(\d++(?:\.\d++)?)\s*+(?:/|out of)\s*+\d++", re.IGNORECASE)
_LINE_BREAK: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_JOINERS: Final = frozenset("\u200c\u200d\u200e\u200f\u061c")
"""Invisible, and needed to write Persian, Hindi, Hebrew, Arabic and joined emoji."""


def clean(text: str, limit: int = LONGEST_REPLY) -> str:
    """Cap a reply and drop what could harm a log, a terminal or a page that shows it.

    Control characters (NUL among them), lone surrogates, direction overrides, private characters,
    those without width and those that could not be read go; tabs stay, and so do line breaks, all
    alike.
    """
    text = _LINE_BREAK.sub("\n", text[:limit])
    kept = (c for c in text if c in "\n\t" or not _harmful(c))
    return "".join(kept).strip()


def _harmful(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cf":
        return character not in _JOINERS
    return category in {"Cc", "Cs", "Co"} or character == "\ufffd"


def without_thoughts(text: str) -> str:
    """Drop what a reasoning model says to itself before it answers.

    Examples:
        >>> without_thoughts("<think>Seven, or eight?</think> 7")
        ' 7'
    """
    return text.rpartition("</think>")[2]


def cut(text: str, stop: Sequence[str]) -> str:
    """Keep what stands before the first of the stops."""
    ends = [at for s in stop if s and (at := text.find(s)) >= 0]
    return text[: min(ends)].rstrip() if ends else text


def read_choice(reply: str, options: Sequence[str]) -> int:
    """Find the index of the option that a reply names, by its number or by its text.

    Raises:
        InvalidReply: It names none, several, or one that was not offered.
    """
    wanted = f"; one whole number from 1 to {len(options)} is wanted"
    numbers = {float(found) for found in _NUMBER.findall(reply)}
    named = [i for i, text in enumerate(options) if text.casefold() in reply.casefold()]
    if len(numbers) == 1:
        number = numbers.pop()
        if number.is_integer() and 1 <= number <= len(options):
            return int(number) - 1
        raise InvalidReply(f"there is no option {number:g}{wanted}", reply)
    if len(named) == 1:
        return named[0]
    if numbers or named:
        raise InvalidReply(f"it names more than one option{wanted}", reply)
    raise InvalidReply(f"it {'names no option' if reply else 'is empty'}{wanted}", reply)


def read_number(reply: str, low: int, high: int) -> float:
    """Find the one number in a reply; ``7/10`` and ``7 out of 10`` are 7.

    Raises:
        InvalidReply: There is none, there are several, or it is out of range.
    """
    wanted = f"; one whole number from {low} to {high} is wanted"
    numbers = {float(found) for found in _NUMBER.findall(_OUT_OF.sub(r"\1", reply))}
    if not numbers:
        raise InvalidReply(f"it {'holds no number' if reply else 'is empty'}{wanted}", reply)
    if len(numbers) > 1:
        raise InvalidReply(f"it holds more than one number{wanted}", reply)
    number = numbers.pop()
    if not low <= number <= high:
        raise InvalidReply(f"{number:g} is out of range{wanted}", reply)
    return number
