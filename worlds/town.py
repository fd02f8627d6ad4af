"""A world out of a map file: what a town needs beyond its YAML is nothing.

::

    class Harbour(TownWorld):
        FILE = Path(__file__).with_name("map.yaml")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from simulation.kernel.world import World
from worlds.mapfile import build_plan
from worlds.town_rules import TownRules
from worlds.town_spec import load_town, town_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from simulation.kernel.plan import Plan
    from simulation.kernel.rules import Rules
    from simulation.kernel.spec import WorldSpec
    from simulation.kernel.view import Stage


class TownWorld(World):
    """A town: a map file brought to life by :class:`TownRules`."""

    FILE: ClassVar[Path]
    """The map file."""
    NAME: ClassVar[str] = ""
    """The entry point's name; empty: ``module:Class``."""

    @classmethod
    def load(cls, *, agents: int | None = None, **settings: str) -> WorldSpec:
        """The town with the first ``agents`` of its cast, and its levers.

        Raises:
            ConfigError: An unknown lever or value, or more people than there are.
            FileError: The map file cannot be used.
        """
        name = cls.NAME or f"{cls.__module__}:{cls.__qualname__}"
        return load_town(cls.FILE, name, agents=agents, settings=settings)

    @classmethod
    def plan_of(cls, spec: WorldSpec) -> Plan:
        """The plan out of the map in the description."""
        return build_plan(town_of(spec))

    @classmethod
    def rules_of(cls, spec: WorldSpec, stage: Stage) -> Rules:
        """The rules out of the map in the description."""
        return TownRules(town_of(spec), stage.plan, stage)

    @classmethod
    def levers_of(cls, spec: WorldSpec) -> Mapping[str, tuple[str, ...]]:
        """The levers that the map file has, with their values."""
        return {name: tuple(values) for name, values in town_of(spec).settings.items()}
