"""What of a stage does not move: the ground in colours, the names of places, edges of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Image = npt.NDArray[np.uint8]

LOOKS: Final = {
    "grass": (196, 213, 162),
    "growth": (169, 196, 138),
    "water": (137, 184, 209),
    "sand": (233, 217, 176),
    "path": (224, 209, 178),
    "paving": (217, 211, 200),
    "ground": (222, 216, 196),
    "rock": (176, 174, 170),
    "door": (214, 188, 150),
    "wall": (92, 84, 84),
}
"""Colours by look, those of the player's map."""
FLOORS: Final = (
    (227, 203, 166), (222, 208, 186), (217, 196, 170), (214, 205, 192),
    (231, 211, 178), (208, 199, 181), (223, 196, 165), (212, 209, 198),
)  # fmt: skip
"""Floors of rooms, in the order of the places."""
_PLAIN: Final = (214, 210, 200)
_NIGHTS: Final = (
    (0.0, 18, 26, 68, 0.52), (4.5, 18, 26, 68, 0.5), (6.0, 120, 90, 120, 0.24),
    (7.2, 255, 190, 120, 0.1), (8.5, 255, 255, 255, 0.0), (16.5, 255, 255, 255, 0.0),
    (18.5, 255, 170, 90, 0.12), (20.0, 130, 80, 120, 0.26), (21.5, 30, 34, 84, 0.44),
    (24.0, 18, 26, 68, 0.52),
)  # fmt: skip
"""The light of the hours: (hour, red, green, blue, how much of it lies over the ground)."""


def coloured(drawn: Mapping[str, Any]) -> Image:
    """The plan of a grid as an image of one pixel a cell."""
    colours = {glyph: _colour(drawn, glyph) for glyph in {*"".join(drawn["plan"])}}
    image = np.full((drawn["rows"], drawn["cols"], 3), _PLAIN, dtype=np.uint8)
    for row, cells in enumerate(drawn["plan"]):
        for column, glyph in enumerate(cells):
            image[row, column] = colours[glyph]
    return image


def _colour(drawn: Mapping[str, Any], glyph: str) -> tuple[int, int, int]:
    look = drawn["legend"].get(glyph, {}).get("look", "")
    if look == "floor":
        return FLOORS[drawn["ground"].get(glyph, 0) % len(FLOORS)]
    return LOOKS.get(look, _PLAIN)


def daylight(minute: float) -> tuple[float, float, float, float]:
    """The light of a minute of the day, to be laid over the ground: red, green, blue, alpha."""
    hour = minute / 60 % 24
    stops = [stop[0] for stop in _NIGHTS]
    red, green, blue, alpha = (
        float(np.interp(hour, stops, [stop[part] for stop in _NIGHTS])) for part in range(1, 5)
    )
    return red / 255, green / 255, blue / 255, alpha
