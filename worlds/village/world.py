"""Tidemark, the village that the tide shuts off from two to six."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from mesa.discrete_space import CellAgent

from worlds.town import TownWorld
from worlds.village import load
from worlds.village.day import DAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.episode.archive import Archived
    from simulation.kernel.spec import WorldSpec

VISITOR_CELLS: Final = ((9, 50), (9, 51), (9, 52), (9, 53))
"""Where day visitors stand in the lane, in sight of the logs."""


class Visitor(CellAgent):
    """A day visitor: a plain Mesa agent without a mind, who stands and looks on."""


class Village(TownWorld):
    """Tidemark with its residents, and as many day visitors as the lever says.

    Examples:
        >>> with Village(rng=1, agents=3) as village:  # doctest: +SKIP
        ...     village.step()
    """

    NAME: ClassVar[str] = "village"
    FILE: ClassVar[Path] = Path(__file__).with_name("tidemark.yaml")

    @classmethod
    def load(cls, *, agents: int | None = None, **settings: str) -> WorldSpec:
        """The description: see :func:`worlds.village.load`."""
        return load(agents, **settings)

    @classmethod
    def recordings(cls) -> Mapping[str, Archived]:
        """The recorded day: see :mod:`worlds.village.day`."""
        return {DAY.name: DAY}

    def furnish(self) -> None:
        """Put the day visitors into the lane."""
        for cell in VISITOR_CELLS[: int(self.spec.settings["watchers"])]:
            Visitor(self).cell = self.grid[cell]
