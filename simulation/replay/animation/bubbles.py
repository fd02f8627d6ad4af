"""Where bubbles stand: near who speaks, inside the picture, and none over another."""

from __future__ import annotations

from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

FONT: Final = 6.0
"""Points of the letters in a bubble."""
_WIDE: Final = 32
"""Letters of a line."""
_LONGEST: Final = 96
_LETTER: Final = 0.6
"""Width of a letter as a part of its size."""
_LINE: Final = 1.3
"""Height of a line as a part of the size of its letters."""
_PAD: Final = 1.2
"""Room around the words as a part of the size of letters."""
_AWAY: Final = (1.8, 4.5, 8.0, 12.0)
"""How far a bubble is from who speaks, in sizes of letters; the nearest that is free."""
_SIDES: Final = ((0.25, 1), (0.75, 1), (0.25, -1), (0.75, -1), (0.5, 1), (0.5, -1))
"""Where along a bubble the speaker is, and whether it is above (1) or below (-1)."""

Box = tuple[float, float, float, float]
"""left, bottom, right, top as parts of the picture."""


class Bubble(NamedTuple):
    """A bubble that has its place; everything as parts of the picture, from below."""

    text: str
    left: float
    bottom: float
    """Where its words begin."""
    tail: tuple[tuple[float, float], tuple[float, float]]
    """From the bubble to who speaks."""


def words_of(text: str) -> str:
    """The words of a bubble, in lines."""
    short = shorten(text, _LONGEST, placeholder="…")
    if short == "…" and len(text) > 1:  # one word without an end
        short = text[: _LONGEST - 1] + "…"
    return "\n".join(wrap(short, _WIDE))


def placed(
    said: Iterable[tuple[str, npt.NDArray[np.float64]]],
    pixel: tuple[float, float],
    people: Iterable[npt.NDArray[np.float64]] = (),
) -> list[Bubble]:
    """Bubbles for what is said, the most important first; what finds no room is left out.

    Args:
        said: (words in lines, (x, y) of who says them as parts of the picture).
        pixel: The size of letters as a part of the picture's width and of its height.
        people: (x, y) of those whom bubbles should not cover, where there is room elsewhere.
    """
    found: list[Bubble] = []
    boxes: list[Box] = []
    discs = [
        (x - pixel[0], y - pixel[1], x + pixel[0], y + pixel[1])
        for x, y in people
        if not np.isnan(x)
    ]
    for text, (x, y) in said:
        if np.isnan(x) or not (0 <= x <= 1 and 0 <= y <= 1):
            continue
        lines = text.split("\n")
        wide = (max(map(len, lines)) * _LETTER + _PAD) * pixel[0]
        high = (len(lines) * _LINE + _PAD) * pixel[1]
        at, size = (float(x), float(y)), (wide, high)
        box = _free(at, size, pixel, [*boxes, *discs]) or _free(at, size, pixel, boxes)
        if box is None:
            continue
        boxes.append(box)
        left, bottom, right, top = box
        edge = bottom if bottom > y else top
        middle = min(max(float(x), left), right)
        inner = (left + _PAD * pixel[0] / 2, bottom + _PAD * pixel[1] / 2)
        found.append(Bubble(text, *inner, ((middle, edge), (float(x), float(y)))))
    return found


def _free(
    at: tuple[float, float],
    size: tuple[float, float],
    pixel: tuple[float, float],
    taken: Sequence[Box],
) -> Box | None:
    (x, y), (wide, high) = at, size
    for away in _AWAY:
        for along, side in _SIDES:
            left = min(max(x - along * wide, 0.0), 1 - wide)
            gap = away * pixel[1]
            bottom = y + gap if side > 0 else y - gap - high
            box = (left, bottom, left + wide, bottom + high)
            inside = left >= 0 and bottom >= 0 and box[3] <= 1
            if inside and not any(over(box, other) for other in taken):
                return box
    return None


def over(one: Box, other: Box) -> bool:
    """Whether two boxes cover each other."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
