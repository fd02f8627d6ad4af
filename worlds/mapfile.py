"""Reads a map file: the plan out of its characters, and everything that can be wrong with it.

Four glyphs mean the same in every plan: ``#`` a wall, ``+`` a door, ``~`` water and ``^`` growth
(both seen across and not entered). All others are named by the legend, each as part of a place.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from simulation.errors import FileError
from simulation.kernel.plan import Place, Plan
from simulation.kernel.stakes import COMMONS
from simulation.located_yaml import Located, read_yaml, validate
from worlds.schema import Outcome, Test, Thing, Town

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from simulation.kernel.effect import Cell

WALL: Final = "#"
DOOR: Final = "+"
BARRIERS: Final = "~^"
_SIDES: Final = ((-1, 0), (0, -1), (0, 1), (1, 0))


def read_map(path: str | Path) -> Town:
    """Read and check a map file.

    Raises:
        FileError: It is not one, a place cannot be reached, a name is unknown or stands twice.
    """
    located = read_yaml(path)
    town = validate(located, Town)
    _Check(town, located).all()
    return town


def rows_of(town: Town) -> list[str]:
    """The rows of the plan, top first."""
    return town.plan.strip("\n").split("\n")


def build_plan(town: Town) -> Plan:
    """The kernel's plan of a map that was checked."""
    rows = rows_of(town)
    glyphs = {(r, c): glyph for r, row in enumerate(rows) for c, glyph in enumerate(row)}
    doors = {cell for cell, glyph in glyphs.items() if glyph == DOOR}
    members: dict[str, list[Cell]] = {room.id: [] for room in town.places}
    for cell, glyph in glyphs.items():
        if glyph in town.legend:
            members[town.legend[glyph]].append(cell)
    for door in sorted(doors):
        members[_room_behind(town, glyphs, door)].append(door)
    places = {
        room.id: Place(
            id=room.id,
            name=room.name,
            cells=tuple(sorted(members[room.id])),
            at=room.at,
            indoors=room.indoors,
            capacity=room.capacity,
        )
        for room in town.places
    }
    return Plan(
        rows=len(rows),
        columns=len(rows[0]),
        walls=frozenset(cell for cell, glyph in glyphs.items() if glyph == WALL),
        doors=frozenset(doors),
        places=places,
        barriers=frozenset(cell for cell, glyph in glyphs.items() if glyph in BARRIERS),
    )


def _room_behind(town: Town, glyphs: Mapping[Cell, str], door: Cell) -> str:
    """A door belongs to the room behind it, so that nobody stands nowhere."""
    near = [glyphs.get((door[0] + down, door[1] + right), WALL) for down, right in _SIDES]
    indoors = {room.id: room.indoors for room in town.places}
    beside = [town.legend[glyph] for glyph in near if glyph in town.legend]
    return max(beside, key=lambda place: indoors[place])


def cell_of(town: Town, glyph: str) -> Cell | None:
    """The first cell with a glyph."""
    for number, row in enumerate(rows_of(town)):
        if glyph in row:
            return (number, row.index(glyph))
    return None


def middle(cells: Iterable[Cell]) -> Cell:
    """The cell of a place that is nearest to its middle."""
    found = sorted(cells)
    row = sum(cell[0] for cell in found) / len(found)
    column = sum(cell[1] for cell in found) / len(found)
    return min(found, key=lambda cell: ((cell[0] - row) ** 2 + (cell[1] - column) ** 2, cell))


class _Check:
    """What pydantic cannot see: whether the parts of a map fit each other."""

    def __init__(self, town: Town, located: Located) -> None:
        self.town = town
        self.located = located
        self.rooms = {room.id for room in town.places}
        self.things = {thing.id for thing in town.things}

    def fail(
        self,
        what: str,
        loc: Sequence[str | int],
        value: object,
        hint: str,
        allowed: Iterable[str] = (),
    ) -> FileError:
        where = self.located.where(tuple(loc))
        return FileError(what, where=where, value=value, allowed=allowed, hint=hint)

    def all(self) -> None:
        self.ids("places", [room.id for room in self.town.places])
        self.ids("things", [thing.id for thing in self.town.things])
        self.ids("facts", [fact.id for fact in self.town.facts])
        self.ids("topics", [topic.id for topic in self.town.topics])
        self.ids("goals", [goal.id for goal in self.town.goals])
        self.ids("norms", [norm.id for norm in self.town.norms])
        self.glyphs()
        self.reachable()
        for number, thing in enumerate(self.town.things):
            self.thing(number, thing)
        self.names()

    def ids(self, section: str, ids: list[str]) -> None:
        for number, name in enumerate(ids):
            if name in ids[:number]:
                first = self.located.where((section, ids.index(name), "id"))
                hint = f"It stands at {first} already; rename one of the two."
                raise self.fail("an id that stands twice", (section, number, "id"), name, hint)

    def row_place(self, row: int) -> str:
        """``PATH:LINE`` of a row of the plan, which begins on the line after its key."""
        lead = len(self.town.plan) - len(self.town.plan.lstrip("\n"))
        line = self.located.line_of(("plan",)) + 1 + lead + row
        return f"{self.located.path}:{line}"

    def glyphs(self) -> None:
        rows = rows_of(self.town)
        known = set(self.town.legend) | {WALL, DOOR} | set(BARRIERS)
        for glyph, place in self.town.legend.items():
            if place not in self.rooms:
                hint = "Name a place of this file."
                raise self.fail("unknown place", ("legend", glyph), place, hint, sorted(self.rooms))
        for number, row in enumerate(rows):
            if len(row) != len(rows[0]):
                raise FileError(
                    f"a row of {len(row)} cells where the first has {len(rows[0])}",
                    where=self.row_place(number),
                    hint="Make all rows of the plan equally long.",
                )
            for column, glyph in enumerate(row):
                if glyph not in known:
                    raise FileError(
                        f"unknown glyph in column {column + 1}",
                        where=self.row_place(number),
                        value=glyph,
                        allowed=sorted(known),
                        hint="Name it in the legend.",
                    )
                if glyph == DOOR and not self.leads_somewhere(rows, number, column):
                    raise FileError(
                        f"a door in column {column + 1} that touches no place",
                        where=self.row_place(number),
                        hint="Put it beside a cell of a place.",
                    )

    def leads_somewhere(self, rows: list[str], row: int, column: int) -> bool:
        near = [(row + down, column + right) for down, right in _SIDES]
        return any(
            rows[r][c] in self.town.legend
            for r, c in near
            if 0 <= r < len(rows) and 0 <= c < len(rows[r])
        )

    def reachable(self) -> None:
        plan = build_plan(self.town)
        for number, room in enumerate(self.town.places):
            if not plan.places[room.id].cells:
                glyphs = sorted(g for g, place in self.town.legend.items() if place == room.id)
                hint = "Draw it in the plan with a glyph of the legend, or remove it."
                raise self.fail("a place of no cells", ("places", number), room.id, hint, glyphs)
        start = plan.places[self.town.places[0].id].cells[0]
        reached = walkable_from(plan, start)
        for number, room in enumerate(self.town.places):
            outside = [cell for cell in plan.places[room.id].cells if cell not in reached]
            if outside:
                row, column = outside[0]
                hint = (
                    f"Give it a door ({DOOR}) or a path: row {row + 1}, column {column + 1} of the "
                    f"plan cannot be walked to from {self.town.places[0].name}."
                )
                raise self.fail("a place that cannot be reached", ("places", number), room.id, hint)

    def thing(self, number: int, thing: Thing) -> None:
        loc = ("things", number)
        if thing.place and thing.place not in self.rooms:
            hint = "Name a place of this file."
            raise self.fail("unknown place", (*loc, "place"), thing.place, hint, sorted(self.rooms))
        if thing.mark and self.town.legend.get(thing.mark) != thing.place:
            hint = f"Give the legend a glyph for a cell of {thing.place!r} and draw it once."
            raise self.fail("a mark that is not in its place", (*loc, "mark"), thing.mark, hint)
        if thing.mark and cell_of(self.town, thing.mark) is None:
            hint = "Draw it once in the plan."
            raise self.fail("a mark that is not in the plan", (*loc, "mark"), thing.mark, hint)
        self.use_ids(loc, thing)

    def use_ids(self, loc: tuple[str, int], thing: Thing) -> None:
        seen: set[str] = set()
        for index, use in enumerate(thing.uses):
            if use.id in seen:
                hint = "Uses of one thing need ids of their own."
                raise self.fail("an id that stands twice", (*loc, "uses", index), use.id, hint)
            seen.add(use.id)
            for kind, tests in (("requires", use.requires), ("effects", use.effects)):
                for place, part in enumerate(tests):
                    self.part((*loc, "uses", index, kind, place), part)

    def part(self, loc: tuple[str | int, ...], part: Test | Outcome) -> None:
        """An effect or a test names things, items and levers that exist."""
        people = set(self.town.cast)
        known = self.things | self.rooms | people | {"self", "actor", "person"}
        if part.of not in known:
            raise self.fail("unknown thing", (*loc, "of"), part.of, "Name one.", sorted(known))
        if part.holds is not None and part.holds not in self.things:
            hint = "Name an item of this file."
            raise self.fail("unknown item", (*loc, "holds"), part.holds, hint, sorted(self.things))
        if isinstance(part, Test) and part.setting is not None:
            self.lever(loc, part.setting, part.among)

    def lever(self, loc: tuple[str | int, ...], name: str, values: Iterable[str]) -> None:
        levers = self.town.settings
        if name not in levers:
            raise self.fail("unknown lever", loc, name, "Name one.", sorted(levers))
        for value in values:
            if value not in levers[name]:
                raise self.fail(f"unknown value of {name}", loc, value, "Correct it.", levers[name])

    def names(self) -> None:
        """Levers and facts that something else in the file names exist."""
        facts = {fact.id for fact in self.town.facts}
        for number, thing in enumerate(self.town.things):
            for index, variant in enumerate(thing.variants):
                loc = ("things", number, "variants", index)
                self.lever(loc, variant.setting, variant.among)
            for index, use in enumerate(thing.uses):
                for fact in set(use.learned) - facts:
                    loc = ("things", number, "uses", index, "learned")
                    raise self.fail("unknown fact", loc, fact, "Name one.", sorted(facts))
        for number, fact in enumerate(self.town.facts):
            for lever, values in fact.when.items():
                self.lever(("facts", number, "when"), lever, values)
        for number, topic in enumerate(self.town.topics):
            if topic.fact and topic.fact not in facts:
                loc = ("topics", number, "fact")
                raise self.fail("unknown fact", loc, topic.fact, "Name one.", sorted(facts))
        self.speech()
        self.stakes(facts)

    def speech(self) -> None:
        """The levers that talk hangs on exist."""
        for lever, values in self.town.silent.items():
            self.lever(("silent", lever), lever, values)
        for condition in self.town.voices:
            lever, _, value = condition.partition("=")
            self.lever(("voices", condition), lever, (value,))

    def stakes(self, facts: set[str]) -> None:
        """What goals, norms and facts name exists."""
        topics = {topic.id for topic in self.town.topics}
        targets = self.things | self.rooms | set(self.town.cast)
        for number, goal in enumerate(self.town.goals):
            loc = ("goals", number)
            self.among((*loc, "owner"), "person", (goal.owner,), {COMMONS, *self.town.cast})
            self.among((*loc, "target"), "thing", (goal.target,), targets)
            told = (*goal.facts, *goal.hints, *goal.asks, *goal.orders)
            self.among(loc, "fact", told, facts)
            self.among((*loc, "assigned"), "person", goal.assigned, set(self.town.cast))
            for lever, values in goal.when.items():
                self.lever((*loc, "when"), lever, values)
        for number, norm in enumerate(self.town.norms):
            loc = ("norms", number)
            self.among((*loc, "target"), "thing", (norm.target,), targets)
            self.among((*loc, "fact"), "fact", (norm.fact,) if norm.fact else (), facts)
            self.among((*loc, "mandate"), "person", norm.mandate, set(self.town.cast))
            for lever, values in norm.when.items():
                self.lever((*loc, "when"), lever, values)
        for number, fact in enumerate(self.town.facts):
            loc = ("facts", number)
            self.among((*loc, "contradicts"), "fact", fact.contradicts, facts)
            self.among((*loc, "bears_on"), "topic", tuple(fact.bears_on), topics)

    def among(
        self, loc: tuple[str | int, ...], kind: str, names: Iterable[str], known: set[str]
    ) -> None:
        for name in names:
            if name not in known:
                raise self.fail(f"unknown {kind}", loc, name, "Name one.", sorted(known))


def walkable_from(plan: Plan, start: Cell, closed: frozenset[Cell] = frozenset()) -> set[Cell]:
    """Every cell that a walk from ``start`` can reach."""
    found, waiting = {start}, deque([start])
    while waiting:
        for cell in plan.neighbours(waiting.popleft()):
            if cell not in found and cell not in closed:
                found.add(cell)
                waiting.append(cell)
    return found
