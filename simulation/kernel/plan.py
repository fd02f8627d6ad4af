"""The plan of a world on a grid: places, walls, doors; walking, seeing, hearing.

A plan never changes. What does change (a gate, the tide) is named by the rules as ``closed``
cells when they ask for a path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from simulation.errors import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from simulation.kernel.effect import Cell

_STEPS = ((-1, 0), (0, -1), (0, 1), (1, 0), (-1, -1), (-1, 1), (1, -1), (1, 1))


def chebyshev(a: Cell, b: Cell) -> int:
    """Moves between two cells when diagonal moves count as one."""
    return max(abs(a[0] - b[0]), abs(a[1] - b[1]))


@dataclass(frozen=True, kw_only=True)
class Place:
    """A named part of the plan: a room, a yard, a path."""

    id: str
    name: str
    """As it stands in a sentence: ``the bakehouse``."""
    cells: tuple[Cell, ...]
    at: str = "at"
    """The preposition: ``at the quay``, ``in the inn``."""
    indoors: bool = False
    capacity: int | None = None
    """How many people it holds."""

    @property
    def where(self) -> str:
        """``in the inn``."""
        return f"{self.at} {self.name}"


@dataclass(frozen=True)
class Plan:
    """A grid of cells, some of them walls, each open one in a place.

    Args:
        rows: Height in cells.
        columns: Width in cells.
        walls: Cells that nobody can enter, see through or stand in.
        doors: Cells that can be walked through and not seen through.
        places: By id; no cell is in two places.
        barriers: Cells that can be seen across and not entered (water).
    """

    rows: int
    columns: int
    walls: frozenset[Cell]
    doors: frozenset[Cell]
    places: dict[str, Place]
    barriers: frozenset[Cell] = frozenset()
    _paths: dict[tuple[Cell, frozenset[Cell]], np.ndarray] = field(
        default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def place_at(self) -> dict[Cell, str]:
        """The place that each cell belongs to."""
        return {cell: place.id for place in self.places.values() for cell in place.cells}

    def open(self, cell: Cell) -> bool:
        """Whether a body can stand there."""
        row, column = cell
        inside = 0 <= row < self.rows and 0 <= column < self.columns
        return inside and cell not in self.walls and cell not in self.barriers

    def _index(self, cell: Cell) -> int:
        return cell[0] * self.columns + cell[1]

    def neighbours(self, cell: Cell) -> list[Cell]:
        """Open cells one move away; no corner of a wall is cut."""
        row, column = cell
        found: list[Cell] = []
        for down, right in _STEPS:
            other = (row + down, column + right)
            if not self.open(other):
                continue
            sides = ((row + down, column), (row, column + right))
            if down and right and not all(self.open(side) for side in sides):
                continue
            found.append(other)
        return found

    @cached_property
    def _graph(self) -> csr_array:
        size = self.rows * self.columns
        heads: list[int] = []
        starts = [0]
        for number in range(size):
            cell = divmod(number, self.columns)
            if self.open(cell):
                heads += [self._index(other) for other in self.neighbours(cell)]
            starts.append(len(heads))
        weights = np.ones(len(heads), dtype=np.int8)
        return csr_array((weights, heads, starts), shape=(size, size))

    def _towards(self, goal: Cell, closed: frozenset[Cell]) -> np.ndarray:
        """For every cell the next one on a shortest walk to ``goal``; negative: none."""
        key = (goal, closed)
        if key not in self._paths:
            graph = self._graph
            if closed:
                keep = np.ones(self.rows * self.columns, dtype=np.int8)
                keep[[self._index(cell) for cell in sorted(closed - {goal})]] = 0
                graph = csr_array(graph.multiply(keep[None, :]))
                graph.eliminate_zeros()
            _, before = breadth_first_order(graph, self._index(goal), directed=True)
            if len(self._paths) > 512:
                self._paths.clear()
            self._paths[key] = before
        return self._paths[key]

    def path(self, start: Cell, goal: Cell, closed: Collection[Cell] = ()) -> tuple[Cell, ...]:
        """A shortest walk from ``start`` (left out) to ``goal`` (included).

        Raises:
            UnreachableError: No walk leads there.
        """
        if start == goal:
            return ()
        if self.open(start) and self.open(goal) and goal not in closed:
            before = self._towards(goal, frozenset(closed))
            walk: list[Cell] = []
            here = int(before[self._index(start)])
            while here >= 0:
                row, column = divmod(here, self.columns)
                walk.append((row, column))
                if walk[-1] == goal:
                    return tuple(walk)
                here = int(before[here])
        raise UnreachableError(f"no walk leads from {start} to {goal}")

    def reachable(self, start: Cell, closed: Collection[Cell] = ()) -> set[Cell]:
        """Every cell that a walk from ``start`` can reach, itself included."""
        before = self._towards(start, frozenset(closed))
        found = {divmod(int(number), self.columns) for number in np.flatnonzero(before >= 0)}
        return {(row, column) for row, column in found} | {start}

    def sees(self, a: Cell, b: Cell, radius: int) -> bool:
        """Whether two cells are within ``radius`` with neither wall nor door between them."""
        return chebyshev(a, b) <= radius and self._line_is_free(min(a, b), max(a, b))

    def hears(self, a: Cell, b: Cell, radius: int) -> bool:
        """Whether a voice carries from one cell to the other."""
        return chebyshev(a, b) <= radius

    @cached_property
    def _opaque(self) -> frozenset[Cell]:
        return self.walls | self.doors

    @cached_property
    def _line_is_free(self) -> Callable[[Cell, Cell], bool]:
        @lru_cache(maxsize=200_000)
        def free(a: Cell, b: Cell) -> bool:
            return not any(cell in self._opaque for cell in line(a, b))

        return free


def line(a: Cell, b: Cell) -> Iterator[Cell]:
    """The cells strictly between two cells on a straight line (Bresenham 1965)."""
    (row, column), last = a, b
    down, right = abs(last[0] - row), -abs(last[1] - column)
    row_step, column_step = (1 if last[0] > row else -1), (1 if last[1] > column else -1)
    error = down + right
    while (row, column) != last:
        if (row, column) != a:
            yield (row, column)
        doubled = 2 * error
        if doubled >= right:
            error += right
            row += row_step
        if doubled <= down:
            error += down
            column += column_step
