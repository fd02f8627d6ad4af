"""How bodies walk in a town: where they stand, what is closed to them, and step by step there.

A walker knows the hours of the tide. It knows of a gate that is in its way only once it has
stood before it: until then it plans through, and the walk ends there with a reason.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from simulation.errors import UnreachableError
from simulation.kernel.effect import Cell, Effect
from simulation.kernel.plan import Plan, chebyshev
from simulation.kernel.rules import Resolution
from worlds.mapfile import cell_of, middle, rows_of, walkable_from

if TYPE_CHECKING:
    from simulation.kernel.action import Go
    from simulation.kernel.view import Stage, WorldView
    from worlds.schema import Room, Thing, Town

STAND_RADIUS = 3
"""How far from the middle of a place people come to stand, in cells."""


class Goal(NamedTuple):
    """Where a walk leads: a cell, or the reason why there is none."""

    cell: Cell | None
    reason: str = ""


class Walking:
    """The walking rules of one town; nothing in it changes but caches."""

    def __init__(self, town: Town, plan: Plan, stage: Stage) -> None:
        self.plan = plan
        self.stage = stage
        self.rooms: dict[str, Room] = {room.id: room for room in town.places}
        self.cells = thing_cells(town, plan)
        self.gates: tuple[Thing, ...] = tuple(thing for thing in town.things if thing.blocks)
        self.tides = {room.id: _closing_cells(town, plan, room) for room in town.places}
        standing = {self.cells[gate.id] for gate in self.gates}
        self.spots = {room.id: self._spots(town, room, standing) for room in town.places}
        self._tidal = tuple(room for room in town.places if room.closed)
        self._unions: dict[tuple[str, ...], frozenset[Cell]] = {}
        self._areas: dict[frozenset[Cell], dict[Cell, int]] = {}

    def _spots(self, town: Town, room: Room, gates: set[Cell]) -> tuple[Cell, ...]:
        """Where people stand in a place, from its middle outwards."""
        never = self.plan.doors | gates
        if room.closed:
            never |= self.tides[room.id]
        cells = [c for c in self.plan.places[room.id].cells if c not in never]
        if not cells:
            cells = list(self.plan.places[room.id].cells)
        centre = (cell_of(town, room.stand) if room.stand else None) or middle(cells)
        near = [cell for cell in cells if chebyshev(cell, centre) <= STAND_RADIUS]
        return tuple(sorted(near or cells, key=lambda cell: (chebyshev(cell, centre), cell)))

    # What is closed --------------------------------------------------------------------------

    def flooded(self, view: WorldView) -> list[Room]:
        """The places that are closed at this hour."""
        clock = view.stage.clock
        return [
            room
            for room in self._tidal
            if room.closed and clock.between(view.tick, room.closed.since, room.closed.until)
        ]

    def blocking(self, view: WorldView, gate: Thing) -> bool:
        """Whether nobody walks through a gate now."""
        return any(view.get(gate.id, name) in gate.blocks for name in gate.state)

    def closed(self, view: WorldView, agent: str) -> frozenset[Cell]:
        """The cells that an agent walks around, as far as it knows."""
        names = [room.id for room in self.flooded(view)]
        here = view.cell(agent)
        for gate in self.gates:
            if not view.get(agent, f"met:{gate.id}") or here is None:
                continue
            near = chebyshev(here, self.cells[gate.id]) <= view.stage.sight
            if not near or self.blocking(view, gate):
                names.append(gate.id)
        return self._union(tuple(names))

    def _union(self, names: tuple[str, ...]) -> frozenset[Cell]:
        if names not in self._unions:
            cells: set[Cell] = set()
            for name in names:
                cells |= self.tides[name] if name in self.tides else {self.cells[name]}
            self._unions[names] = frozenset(cells)
        return self._unions[names]

    def connected(self, a: Cell, b: Cell, closed: frozenset[Cell]) -> bool:
        """Whether a walk leads from one cell to the other."""
        if closed not in self._areas:
            self._areas[closed] = self._number_areas(closed)
        areas = self._areas[closed]
        return a in areas and areas[a] == areas.get(b, -1)

    def _number_areas(self, closed: frozenset[Cell]) -> dict[Cell, int]:
        areas: dict[Cell, int] = {}
        for cell in self.plan.place_at:
            if cell not in areas and cell not in closed:
                found = walkable_from(self.plan, cell, closed)
                areas |= dict.fromkeys(found, len(areas))
        return areas

    # Where to --------------------------------------------------------------------------------

    def spot(self, view: WorldView, agent: str, place: str) -> Cell:
        """The cell in a place where this agent comes to stand; free ones first, once in sight."""
        spots = self.spots[place]
        first = _number(agent, place) % len(spots)
        here = view.cell(agent)
        if here is None or chebyshev(here, spots[first]) > view.stage.sight:
            return spots[first]
        taken = {view.cell(other) for other in view.agents if other != agent}
        turned = spots[first:] + spots[:first]
        return next((cell for cell in turned if cell not in taken), turned[0])

    def full(self, view: WorldView, agent: str, place: str) -> bool:
        """Whether a place has no room for one more, as far as one can see from here."""
        capacity = self.rooms[place].capacity
        here = view.cell(agent)
        if capacity is None or here is None:
            return False
        if chebyshev(here, self.spots[place][0]) > view.stage.sight:
            return False
        return len([who for who in view.people_in(place) if who != agent]) >= capacity

    def can_go(self, view: WorldView, agent: str, place: str, closed: frozenset[Cell]) -> bool:
        """Whether walking to a place makes sense now."""
        here, spot = view.cell(agent), self.spots[place][0]
        return (
            here is not None
            and spot not in closed
            and self.connected(here, spot, closed)
            and not self.full(view, agent, place)
        )

    # Step by step ------------------------------------------------------------------------------

    def go(self, view: WorldView, agent: str, action: Go) -> Resolution:
        """One tick of a walk."""
        here = view.cell(agent)
        goal = self._goal(view, agent, action.to)
        if here is None or goal.cell is None:
            return Resolution(reason=goal.reason or "there is nowhere to walk from")
        closed = self.closed(view, agent)
        try:
            path = self.plan.path(here, goal.cell, closed)
        except UnreachableError:
            return Resolution(reason=self._no_way(view, action.to))
        if action.to in view.stage.cast:
            path = path[:-1]
        return self._advance(view, agent, action, path)

    def _advance(
        self, view: WorldView, agent: str, action: Go, path: tuple[Cell, ...]
    ) -> Resolution:
        here = view.get(agent, "cell")
        steps, effects, reason = list(path[: view.stage.speed]), list[Effect](), ""
        for number, cell in enumerate(steps):
            gate = self._gate_at(view, cell)
            if gate is not None:
                reason = f"{gate.name} does not open"
                met = f"met:{gate.id}"
                effects.append(Effect(agent, met, view.get(agent, met), True, agent, True))
            elif self._is_full_at(view, agent, cell):
                reason = f"{self.plan.places[self.plan.place_at[cell]].name} is full"
            if reason:
                steps = steps[:number]
                break
        if steps:
            effects.insert(0, Effect(agent, "cell", here, steps[-1], agent, True))
        if reason:
            return Resolution(effects=tuple(effects), reason=reason)
        if len(steps) < len(path):
            return Resolution(effects=tuple(effects), again=1)
        return Resolution(effects=tuple(effects), deed=self._arrival(view, action.to))

    def _gate_at(self, view: WorldView, cell: Cell) -> Thing | None:
        for gate in self.gates:
            if self.cells[gate.id] == cell and self.blocking(view, gate):
                return gate
        return None

    def _is_full_at(self, view: WorldView, agent: str, cell: Cell) -> bool:
        place = self.plan.place_at[cell]
        return place != view.place_id(agent) and self.full(view, agent, place)

    def _goal(self, view: WorldView, agent: str, to: str) -> Goal:
        if to in self.rooms:
            return Goal(self.spot(view, agent, to))
        if to not in view.stage.cast or to == agent:
            return Goal(None, f"there is no {to} to walk to")
        if to not in view.in_sight(agent):
            return Goal(None, f"{view.name(to)} is out of sight")
        return Goal(view.cell(to))

    def _no_way(self, view: WorldView, to: str) -> str:
        for room in self.flooded(view):
            if room.closed_text:
                return room.closed_text
        name = self.rooms[to].name if to in self.rooms else view.name(to)
        return f"no way leads to {name} now"

    def _arrival(self, view: WorldView, to: str) -> str:
        if to in self.rooms:
            return f"walked to {self.rooms[to].name}"
        return f"walked up to {view.name(to)}"


def thing_cells(town: Town, plan: Plan) -> dict[str, Cell]:
    """The cell of everything that stands somewhere."""
    found: dict[str, Cell] = {}
    for thing in town.things:
        if thing.place:
            room = next(room for room in town.places if room.id == thing.place)
            mark = thing.mark or room.stand
            cell = cell_of(town, mark) if mark else None
            found[thing.id] = cell or middle(plan.places[thing.place].cells)
    return found


def _closing_cells(town: Town, plan: Plan, room: Room) -> frozenset[Cell]:
    cells = plan.places[room.id].cells
    if room.closes is None:
        return frozenset(cells)
    rows = rows_of(town)
    return frozenset(cell for cell in cells if rows[cell[0]][cell[1]] == room.closes)


def _number(agent: str, place: str) -> int:
    """The same for the same names on every machine."""
    return int.from_bytes(blake2b(f"{agent}@{place}".encode(), digest_size=4).digest(), "big")
