"""A town for made-up episodes: houses in rows along streets, as large as it need be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from random import Random

Cell = tuple[int, int]

_WIDE, _HIGH, _STREET = 9, 6, 2
"""Cells of a house with what grows beside it, and of the street before it."""
_AVENUE: Final = 2
_GLYPHS: Final = tuple(chr(code) for code in range(0x4E00, 0x4E00 + 500))
"""A character for each house."""


class Town:
    """Houses in rows, a street before each row, an avenue that joins the streets.

    Args:
        houses: How many.
    """

    def __init__(self, houses: int) -> None:
        self.across = max(4, round((houses * (_HIGH + _STREET) / _WIDE) ** 0.5))
        self.down = -(-houses // self.across)
        self.houses = houses
        self.columns = _AVENUE + self.across * _WIDE
        self.rows = self.down * (_HIGH + _STREET)

    def inside(self, house: int, chance: Random) -> Cell:
        """Somewhere in a house."""
        top, left = self._corner(house)
        return top + chance.randrange(1, _HIGH - 1), left + chance.randrange(1, _WIDE - 2)

    def way(self, here: Cell, house: int, there: Cell, other: int) -> list[Cell]:
        """The cells from one house to another, by door, street and avenue."""
        turns = [here, *self._out(house), *reversed(self._out(other)), there]
        street, further = turns[2], turns[3]
        if street[0] != further[0]:
            turns[3:3] = [(street[0], 0), (further[0], 0)]
        cells = [here]
        for turn in turns[1:]:
            while cells[-1] != turn:
                row, column = cells[-1]
                cells.append((row + _toward(row, turn[0]), column + _toward(column, turn[1])))
        return cells

    def map(self) -> dict[str, Any]:
        """The same as a map file has it."""
        plan = [["."] * self.columns for _ in range(self.rows)]
        for house in range(self.houses):
            self._build(plan, house)
        legend = {_GLYPHS[house % len(_GLYPHS)]: self.place(house) for house in self._named()}
        rooms = [
            {"id": self.place(house), "name": f"house {house + 1}", "at": "in", "indoors": True}
            for house in self._named()
        ]
        streets = {"id": "street", "name": "the street", "at": "in"}
        return {
            "title": "The crowd",
            "plan": "\n".join(map("".join, plan)) + "\n",
            "legend": {".": "street", **legend},
            "places": [streets, *rooms],
            "cast": [],
        }

    def place(self, house: int) -> str:
        """The id of a house; with more houses than a plan has characters, some share one."""
        return f"house_{house % len(_GLYPHS)}"

    def _named(self) -> range:
        return range(min(self.houses, len(_GLYPHS)))

    def _corner(self, house: int) -> Cell:
        row, column = divmod(house, self.across)
        return row * (_HIGH + _STREET), _AVENUE + column * _WIDE

    def _out(self, house: int) -> list[Cell]:
        """The door, and the street before it."""
        top, left = self._corner(house)
        return [(top + _HIGH - 1, left + 3), (top + _HIGH, left + 3)]

    def _build(self, plan: list[list[str]], house: int) -> None:
        top, left = self._corner(house)
        for down in range(_HIGH):
            for right in range(_WIDE):
                edge = down in (0, _HIGH - 1) or right in (0, _WIDE - 2)
                glyph = "^" if right == _WIDE - 1 else "#" if edge else self._glyph(house)
                plan[top + down][left + right] = glyph
        door = self._out(house)[0]
        plan[door[0]][door[1]] = "+"

    def _glyph(self, house: int) -> str:
        return _GLYPHS[house % len(_GLYPHS)]


def _toward(here: int, there: int) -> int:
    return (there > here) - (there < here)
