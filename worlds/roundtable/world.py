"""A round table: cards, answers aloud or on slips, and others whose answers are given."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import ValidationError

from simulation.errors import WorldError
from simulation.kernel.plan import Place, Plan
from simulation.kernel.world import World
from simulation.mind.directed import DirectedMind
from worlds.roundtable import load_table
from worlds.roundtable.rules import TableRules
from worlds.roundtable.schema import Table
from worlds.roundtable.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.kernel.effect import Cell
    from simulation.kernel.rules import Rules
    from simulation.kernel.spec import WorldSpec
    from simulation.kernel.view import Stage
    from simulation.kernel.world import MindFactory

TABLE, SEAT, WALL = "o", "s", "#"


class Roundtable(World):
    """People around a table, one of whom is asked; the others answer by the protocol.

    Another table is a class with another file::

        class MyTable(Roundtable):
            FILE = Path(__file__).with_name("table.yaml")
            NAME = "my-table"

    Examples:
        >>> with Roundtable(rng=1, sources="6") as table:  # doctest: +SKIP
        ...     table.step()
    """

    NAME: ClassVar[str] = "roundtable"
    FILE: ClassVar[Path] = Path(__file__).with_name("table.yaml")

    @classmethod
    def load(cls, *, agents: int | None = None, **settings: str) -> WorldSpec:
        """The description: see :func:`worlds.roundtable.load`."""
        return load_table(cls.FILE, cls.NAME, agents=agents, settings=settings)

    @classmethod
    def plan_of(cls, spec: WorldSpec) -> Plan:
        """The room, with the table in its middle."""
        return _plan(_table_of(spec).plan)

    @classmethod
    def rules_of(cls, spec: WorldSpec, stage: Stage) -> Rules:
        """The rules for the session that the levers make."""
        session = Session.plan(_table_of(spec), dict(stage.settings), tuple(stage.cast))
        return TableRules(session, stage, stage.plan.places["table"].cells)

    @classmethod
    def levers_of(cls, spec: WorldSpec) -> Mapping[str, tuple[str, ...]]:
        """The levers that the file has, with their values."""
        return dict(_table_of(spec).settings)

    @classmethod
    def directed_of(cls, spec: WorldSpec) -> tuple[str, ...]:
        """Everybody but the one who is asked."""
        asked = spec.settings["asked"]
        return tuple(persona.id for persona in spec.cast if persona.id != asked)

    def directs(self, agent: str) -> MindFactory | None:
        """Everybody but the one who is asked does what the protocol says."""
        return None if agent == self.spec.settings["asked"] else DirectedMind


def _table_of(spec: WorldSpec) -> Table:
    """The file inside a description.

    Raises:
        WorldError: There is none in it.
    """
    try:
        return Table.model_validate(spec.data["table"])
    except (KeyError, ValidationError) as error:
        told = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "there is none"
        what = f"the description holds no table that can be used ({told})"
        raise WorldError(what, value=spec.world) from error


@lru_cache(maxsize=16)
def _plan(text: str) -> Plan:
    rows = text.strip("\n").split("\n")
    glyphs = {(r, c): glyph for r, row in enumerate(rows) for c, glyph in enumerate(row)}

    def cells(*wanted: str) -> tuple[Cell, ...]:
        return tuple(sorted(cell for cell, glyph in glyphs.items() if glyph in wanted))

    seats = Place(id="table", name="the table", cells=cells(SEAT), at="at", indoors=True)
    room = Place(id="room", name="the room", cells=cells("."), at="in", indoors=True)
    return Plan(
        rows=len(rows),
        columns=max(map(len, rows)),
        walls=frozenset(cells(WALL)),
        doors=frozenset(),
        places={place.id: place for place in (seats, room) if place.cells},
        barriers=frozenset(cells(TABLE)),
    )
