"""A description of a world that is not a run: frozen, and JSON through and through."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
)

from personas import Persona
from simulation.errors import WorldError
from simulation.kernel.clock import Clock, minutes_of
from simulation.kernel.facts import Fact
from simulation.kernel.stakes import Goal, Norm
from simulation.kernel.topics import Topic

if TYPE_CHECKING:
    from simulation.kernel.world import World

WORLDS = "sociarium.worlds"
"""Entry-point group: ``name = "module:Class"``, the class a :class:`World`."""


class WorldSpec(BaseModel):
    """Everything that makes a world, before any seed is chosen.

    Examples:
        >>> from worlds import village
        >>> spec = village.load(agents=2)
        >>> spec == WorldSpec.model_validate_json(spec.model_dump_json())
        True
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    world: str
    """An entry point's name, a folder, or ``module:Class``."""
    title: str
    """What it is called in a heading."""
    cast: tuple[Persona, ...]
    """Who lives there, in the order of the roster."""
    facts: tuple[Fact, ...] = ()
    """What can be known and told."""
    topics: tuple[Topic, ...] = ()
    """What one can take a stand on."""
    goals: tuple[Goal, ...] = ()
    """What people want to be so; no mind is shown them."""
    norms: tuple[Norm, ...] = ()
    """What is not done, and who can know of it; no mind is shown them."""
    settings: dict[str, str] = {}
    """Every lever of the world with its value."""
    start: str = "07:00"
    """The hour of tick 0."""
    tick_minutes: int = 1
    """Sim minutes that a tick stands for."""
    tick_seconds: int | None = Field(default=None, ge=1, le=86_400)
    """Sim seconds that a tick stands for, where that is no whole number of minutes, as in a
    recording made elsewhere: then ``tick_minutes`` says nothing. Left out where it is None."""
    ticks: int = 900
    """How long an episode lasts unless somebody says otherwise."""
    sight: int = 8
    """How far a body sees, in cells."""
    hearing: int = 5
    """How far a voice carries, in cells."""
    speed: int = 4
    """How far a body walks in a tick, in cells."""
    reach: int = 1
    """How far an act can touch, in cells."""
    data: dict[str, Any] = {}
    """The world's own files, as data: the map and what lies on it."""

    @field_validator("start")
    @classmethod
    def _start_is_an_hour(cls, start: str) -> str:
        minutes_of(start)
        return start

    @model_serializer(mode="wrap")
    def _without_what_says_nothing(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """The file of a world that is lived here stays as it always was."""
        fields = dump(self)
        if self.tick_seconds is None:
            fields.pop("tick_seconds", None)
        return fields

    @property
    def clock(self) -> Clock:
        """What turns ticks into hours."""
        return Clock(
            start=self.start, tick_minutes=self.tick_minutes, tick_seconds=self.tick_seconds
        )

    def world_class(self) -> type[World]:
        """The class that builds this world."""
        return find_world(self.world)


def world_names() -> tuple[str, ...]:
    """The worlds that are installed."""
    return tuple(sorted(entry.name for entry in entry_points(group=WORLDS)))


def find_world(name: str) -> type[World]:
    """A world's class by the name of its entry point, by its folder, or as ``module:Class``.

    Raises:
        WorldError: No such world.
    """
    for entry in entry_points(group=WORLDS):
        if entry.name == name:
            return entry.load()
    if name and Path(name).is_dir():
        from simulation.kernel.folder import world_in  # noqa: PLC0415 - it imports Mesa

        return world_in(Path(name))
    module, _, attribute = name.partition(":")
    if attribute:
        try:
            return getattr(import_module(module), attribute)
        except (ImportError, AttributeError) as error:
            raise WorldError(f"cannot be imported ({error})", where="world", value=name) from error
    raise WorldError(
        "unknown world",
        value=name,
        allowed=world_names(),
        hint="A world of your own is given as module:Class, or as a folder made by "
        "`sociarium new world NAME`.",
    )
