"""A map out of nothing but the paths of people and the addresses that they were at.

Where the maze files are not at hand: a cell on which somebody stayed while they did something at an
address belongs to that address's room, and so does a walked cell among such cells. Every other cell
that somebody walked on is outside, and of the rest nothing is known.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from simulation.imports.ground import GROWTH, Ground, Groundwork, Spot, spot_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from simulation.imports.ground import Cell
    from simulation.imports.recording import Taken

_STAY: Final = 3
"""Steps on one cell that are a stay; a walker is on each for one."""
_MARGIN: Final = 2


def trace(taken: Taken, known: Iterable[Spot], title: str) -> Ground:
    """The map that the paths draw.

    Args:
        taken: The recording.
        known: Rooms that somebody knows of, whether anybody was there or not.
        title: What the world is called.
    """
    walked = {frame.cell for path in taken.paths.values() for _, frame in path}
    walked |= set(taken.stood.values())
    stays: dict[Cell, Counter[Spot]] = defaultdict(Counter)
    for cell, spot, steps in _stays(taken):
        stays[cell][spot] += steps
    rows = max((row for row, _ in walked), default=0) + 1 + _MARGIN
    columns = max((column for _, column in walked), default=0) + 1 + _MARGIN
    work = Groundwork(rows, columns, title, GROWTH)
    rooms = {cell: counts.most_common(1)[0][0].room for cell, counts in sorted(stays.items())}
    boxes = _boxes(rooms)
    for cell in sorted(walked):
        room = rooms.get(cell) or _only(boxes, cell)
        if room is None:
            work.outside(cell)
        else:
            work.room(cell, room)
    for spot, cell in _things(stays):
        work.thing(cell, spot)
    work.known(known)
    return work.done(str(taken.folder.path))


def _stays(taken: Taken) -> Iterator[tuple[Cell, Spot, int]]:
    """(cell, address, steps) wherever somebody stayed while at something."""
    for path in taken.paths.values():
        for number, (step, frame) in enumerate(path):
            until = path[number + 1][0] if number + 1 < len(path) else taken.steps
            spot = spot_of(frame.address)
            if spot is not None and until - step >= _STAY:
                yield frame.cell, spot, until - step


def _boxes(rooms: Mapping[Cell, Spot]) -> dict[Spot, tuple[int, int, int, int]]:
    cells: dict[Spot, list[Cell]] = defaultdict(list)
    for cell, spot in rooms.items():
        cells[spot].append(cell)
    return {
        spot: (
            min(row for row, _ in found),
            min(column for _, column in found),
            max(row for row, _ in found),
            max(column for _, column in found),
        )
        for spot, found in cells.items()
    }


def _only(boxes: Mapping[Spot, tuple[int, int, int, int]], cell: Cell) -> Spot | None:
    """The one room in whose box a cell lies."""
    found = [
        spot
        for spot, (top, left, bottom, right) in boxes.items()
        if top <= cell[0] <= bottom and left <= cell[1] <= right
    ]
    return found[0] if len(found) == 1 else None


def _things(stays: Mapping[Cell, Counter[Spot]]) -> Iterator[tuple[Spot, Cell]]:
    """Each thing with the cell on which it was used longest."""
    used: dict[Spot, Counter[Cell]] = defaultdict(Counter)
    for cell, counts in sorted(stays.items()):
        for spot, steps in counts.items():
            if spot.thing:
                used[spot][cell] += steps
    taken: set[Cell] = set()
    for spot, cells in used.items():
        free = [cell for cell, _ in cells.most_common() if cell not in taken]
        if free:
            taken.add(free[0])
            yield spot, free[0]
