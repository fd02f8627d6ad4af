"""The map of a recording as our map files have one: a plan of characters, places and things."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

Cell = tuple[int, int]
"""(row, column)."""

OUTSIDE: Final = "outside"
"""The place of all that belongs to no sector."""
_OPEN: Final = "."
WALL: Final = "#"
GROWTH: Final = "^"
_AROUND: Final = tuple((down, right) for down in (-1, 0, 1) for right in (-1, 0, 1))
_OUTDOORS: Final = ("park", "garden", "field", "yard", "square", "street")
_GLYPHS: Final = tuple(
    char for char in map(chr, range(0x41, 0x2000)) if unicodedata.category(char) in ("Lu", "Ll")
)


class Spot(NamedTuple):
    """An address: ``the Ville:Hobbs Cafe:cafe:counter`` without the world."""

    sector: str
    arena: str = ""
    thing: str = ""

    @property
    def room(self) -> Spot:
        """The same without the thing."""
        return Spot(self.sector, self.arena)


def spot_of(address: str) -> Spot | None:
    """The spot that an address names; None for ``<persona> NAME``, ``<waiting> 3 4``, nothing."""
    if not address or address.startswith("<"):
        return None
    parts = [part.strip() for part in address.split(":")[1:]]
    named = [part for part in parts if part and not part.startswith("<")]
    return Spot(*named[:3]) if named else None


def identifier(text: str, taken: Collection[str]) -> str:
    """A free id for a name: ``Hobbs Cafe`` is ``hobbs_cafe``.

    Examples:
        >>> identifier("Zoë's room", ["zoe_s_room"])
        'zoe_s_room_2'
    """
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "_", ascii_only.lower()).strip("_")[:34].strip("_")
    if not base or not base[0].isalpha():
        base = f"x_{base}".rstrip("_")
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    return name


class Ground(NamedTuple):
    """A map, and where on it everything is."""

    town: dict[str, Any]
    """As a map file: ``plan``, ``legend``, ``places``, ``things``."""
    place_at: dict[Cell, str]
    """The place of each cell that is in one."""
    rooms: dict[Spot, str]
    """The place of each room."""
    size: tuple[int, int]
    """Rows and columns."""

    def place(self, address: str) -> str:
        """The id of the place that an address is in; empty where it names none."""
        spot = spot_of(address)
        if spot is None:
            return ""
        return self.rooms.get(spot.room) or self.rooms.get(Spot(spot.sector), "")


class Groundwork:
    """Puts a map together, cell by cell.

    Args:
        rows: Height.
        columns: Width.
        title: What the world is called.
        empty: The glyph of cells of which nothing is said.
    """

    def __init__(self, rows: int, columns: int, title: str, empty: str) -> None:
        self._title = title
        self._plan = [[empty] * columns for _ in range(rows)]
        self._cells: dict[Spot, list[Cell]] = defaultdict(list)
        self._things: dict[Spot, list[Cell]] = defaultdict(list)
        self._open: list[Cell] = []
        self._bounds: list[Cell] = []

    def blocked(self, cell: Cell, *, built: bool) -> None:
        """A cell that nobody enters: built, or something that grows unless it bounds a room."""
        self._plan[cell[0]][cell[1]] = WALL if built else GROWTH
        if not built:
            self._bounds.append(cell)

    def outside(self, cell: Cell) -> None:
        """A cell that belongs to no room."""
        self._plan[cell[0]][cell[1]] = _OPEN
        self._open.append(cell)

    def room(self, cell: Cell, spot: Spot) -> None:
        """A cell of a room."""
        self._cells[spot.room].append(cell)

    def thing(self, cell: Cell, spot: Spot) -> None:
        """A cell on which something stands."""
        self._things[spot].append(cell)

    def known(self, spots: Iterable[Spot]) -> None:
        """Rooms of which no cell need be known."""
        for spot in spots:
            self._cells[spot.room].extend(())

    def done(self, where: str) -> Ground:
        """The map as it stands.

        Raises:
            FileError: There are more places than a plan has characters for.
        """
        glyphs = iter(_GLYPHS)
        spots = list(self._cells)
        if len(spots) > len(_GLYPHS) // 2:
            most = len(_GLYPHS) // 2
            raise FileError(f"more places than the {most} of a map", where=where, value=len(spots))
        alone = _alone(spots)
        rooms: dict[Spot, str] = {}
        legend, places, place_at = {_OPEN: OUTSIDE}, [self._outdoors()], dict[Cell, str]()
        for spot in spots:
            place = identifier(f"{spot.sector} {spot.arena}", {OUTSIDE, *rooms.values()})
            rooms[spot] = place
            places.append(_room(place, _name(spot, spot.sector in alone), spot))
            glyph = next(glyphs)
            legend[glyph] = place
            for row, column in self._cells[spot]:
                place_at[row, column] = place
                self._plan[row][column] = glyph
        inside = {place["id"] for place in places if place.get("indoors")}
        for row, column in self._bounds:
            near = (place_at.get((row + down, column + right)) for down, right in _AROUND)
            if not inside.isdisjoint(near):
                self._plan[row][column] = WALL
        place_at |= dict.fromkeys(self._open, OUTSIDE)
        things = self._placed(rooms, glyphs, legend)
        town = {
            "title": self._title,
            "plan": "\n".join(map("".join, self._plan)) + "\n",
            "legend": legend,
            "places": places,
            "cast": [],
            "things": things,
        }
        return Ground(town, place_at, rooms, (len(self._plan), len(self._plan[0])))

    def _outdoors(self) -> dict[str, Any]:
        return {"id": OUTSIDE, "name": self._title, "at": "in"}

    def _placed(
        self, rooms: dict[Spot, str], glyphs: Iterable[str], legend: dict[str, str]
    ) -> list[dict[str, Any]]:
        """The things, each with a character of its own as long as there are any."""
        found: list[dict[str, Any]] = []
        taken: set[str] = set()
        for spot, cells in self._things.items():
            place = rooms.get(spot.room, OUTSIDE)
            name = identifier(f"{spot.thing} {spot.arena}", taken)
            taken.add(name)
            thing: dict[str, Any] = {"id": name, "name": f"the {spot.thing}", "place": place}
            glyph = next(iter(glyphs), None)
            if glyph is not None:
                row, column = _middle(cells)
                self._plan[row][column] = glyph
                legend[glyph] = place
                thing["mark"] = glyph
            found.append(thing)
        return found


def _alone(spots: Iterable[Spot]) -> set[str]:
    """Sectors that are one room."""
    arenas: dict[str, set[str]] = defaultdict(set)
    for spot in spots:
        arenas[spot.sector].add(spot.arena)
    return {sector for sector, names in arenas.items() if len(names - {""}) < 2}


def _name(spot: Spot, alone: bool) -> str:
    whole = spot.sector if alone or not spot.arena else f"{spot.sector}, {spot.arena}"
    return whole[:120]


def _room(place: str, name: str, spot: Spot) -> dict[str, Any]:
    words = f"{spot.sector} {spot.arena}".lower()
    open_air = any(word in words for word in _OUTDOORS)
    return {"id": place, "name": name, "at": "in", "indoors": bool(spot.arena) and not open_air}


def _middle(cells: list[Cell]) -> Cell:
    row = sum(cell[0] for cell in cells) / len(cells)
    column = sum(cell[1] for cell in cells) / len(cells)
    return min(cells, key=lambda cell: ((cell[0] - row) ** 2 + (cell[1] - column) ** 2, cell))
