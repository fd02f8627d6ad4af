"""An evening of five residents, lived once for all interviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulation import Episode, Simulation
from simulation.mind.options import MindOptions
from worlds import village

if TYPE_CHECKING:
    from pathlib import Path

TICKS = 150
LAST = TICKS - 1


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the evening is, finished."""
    out = tmp_path_factory.mktemp("evening") / "e"
    options = MindOptions(reflection_threshold=20)
    with Simulation(
        village.load(agents=5), model="fake", embedder="hash", out=out, start="17:30",
        options=options,
    ) as simulation:  # fmt: skip
        simulation.run(ticks=TICKS)
    return out


@pytest.fixture
def evening(folder: Path) -> Episode:
    """The evening, opened anew."""
    return Episode.open(folder)
