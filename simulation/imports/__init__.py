"""Recordings made by other software, read into episodes of ours.

One format so far: what the code released with the paper on generative agents (Park et al. 2023)
leaves on disk, see :mod:`simulation.imports.recording`. What comes out is an episode like any
other, for the player, the networks, ``show`` and interviews; it was not lived here, so it cannot be
gone on with, branched or verified.
"""

from __future__ import annotations

from simulation.imports.generative_agents import Imported, import_generative_agents

__all__ = ["Imported", "import_generative_agents"]
