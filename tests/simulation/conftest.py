from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from simulation.simulation import Simulation
from worlds import village

MakeSimulation = Callable[..., Simulation]


@pytest.fixture
def simulate(tmp_path: Path) -> Iterator[MakeSimulation]:
    """Makes simulations of the village, with the rules mind where nothing is said."""
    made: list[Simulation] = []

    def make(agents: int = 2, **options: Any) -> Simulation:
        settings: dict[str, Any] = {"mind": "rules", "out": tmp_path / f"episode-{len(made)}"}
        settings |= options
        if "model" in options:
            settings = {"embedder": "hash"} | settings | {"mind": "generative"}
        made.append(Simulation(village.load(agents=agents), **settings))
        return made[-1]

    yield make
    for simulation in made:
        simulation.close()
