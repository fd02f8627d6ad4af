"""A round table: somebody judges what lies there, aloud or on a slip, after others have.

::

    from worlds import roundtable

    spec = roundtable.load(sources="6", task="hard")
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from personas import Persona
    from simulation.kernel.spec import WorldSpec

__all__ = ["load", "load_table"]

BEFORE, AFTERWARDS = "07:00", "22:00"
"""The habits of those at the table: between them nothing but the cards is planned."""


def load(agents: int | None = None, **settings: str) -> WorldSpec:
    """Describe the table; nothing is built and no seed is chosen.

    Args:
        agents: How many of the eight sit there, in the order of the roster; None: all.
        settings: Levers, such as ``sources="6"``; see ``settings`` in ``table.yaml``.

    Raises:
        ConfigError: An unknown lever or value, or fewer or more people than there can be.
    """
    file = Path(__file__).with_name("table.yaml")
    return load_table(file, "roundtable", agents=agents, settings=settings)


def load_table(
    path: Path, world: str, *, agents: int | None = None, settings: dict[str, str]
) -> WorldSpec:
    """A description out of a table file.

    Raises:
        ConfigError: An unknown lever or value, or fewer or more people than there can be.
        FileError: The file cannot be used.
    """
    import personas  # noqa: PLC0415 - keeps `import roundtable` light
    from simulation.kernel.spec import WorldSpec  # noqa: PLC0415 - the same
    from simulation.located_yaml import read_yaml, validate  # noqa: PLC0415 - the same
    from worlds.levers import head_count, levers_of  # noqa: PLC0415 - the same
    from worlds.roundtable.schema import Table  # noqa: PLC0415 - the same
    from worlds.roundtable.session import Session  # noqa: PLC0415 - the same

    table = validate(read_yaml(path), Table)
    levers = levers_of(table.settings, settings)
    names = table.cast[: head_count(len(table.cast), agents)]
    session = Session.plan(table, levers, names)
    wanted = tuple(dict.fromkeys(card.asks for card in session.cards))
    return WorldSpec(
        world=world,
        title=table.title,
        cast=tuple(
            _seated(personas.load(name), names, wanted if name == session.asked else ())
            for name in names
        ),
        topics=session.topics(),
        settings=levers,
        start=table.start,
        ticks=session.ticks,
        sight=12,
        hearing=12,
        data={"table": table.model_dump(mode="json", exclude_defaults=True)},
    )


def _seated(persona: Persona, names: tuple[str, ...], goals: tuple[str, ...]) -> Persona:
    """Somebody as they sit at the table: who they are, with no errand but what is asked of them."""
    from personas.schema import Habit  # noqa: PLC0415 - keeps `import roundtable` light

    before = Habit(at=BEFORE, place="table", doing="sit down at the table", minutes=15)
    later = Habit(at=AFTERWARDS, place="table", doing="fold up the papers", minutes=5)
    ties = tuple(tie for tie in persona.relationships if tie.person in names)
    return persona.model_copy(
        update={
            "home": "table",
            "bedtime": "23:30",
            "habits": (before, later),
            "goals": goals,
            "relationships": ties,
        }
    )
