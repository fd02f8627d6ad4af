"""Sociarium: generative agents on a Mesa world, with every cause on record.

The one door. Everything heavy behind it is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulation.episode.episode import Episode
    from simulation.kernel.spec import WorldSpec
    from simulation.kernel.world import World
    from simulation.simulation import Simulation

_HOMES = {
    "Episode": "simulation.episode.episode",
    "Simulation": "simulation.simulation",
    "World": "simulation.kernel.world",
    "WorldSpec": "simulation.kernel.spec",
}

__all__ = ["Episode", "Simulation", "World", "WorldSpec"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
