"""A run that is there to be killed: ``python -m simulation.bench.victim FOLDER MIND TICKS``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from simulation.simulation import Simulation
from worlds import village

if TYPE_CHECKING:
    from pathlib import Path

    from simulation.progress import Progress

PEOPLE: Final = 3
SEED: Final = 7


def simulation(out: Path | str, mind: str, **options: Any) -> Simulation:
    """A small village that lives fast.

    Args:
        out: Where its episode goes.
        mind: ``rules``, or ``model`` for minds that ask the hashing model.
        options: Passed on.
    """
    chosen = {"mind": "rules"} if mind == "rules" else {"model": "fake", "embedder": "hash"}
    return Simulation(village.load(agents=PEOPLE), out=out, seed=SEED, **chosen, **options)


def main() -> None:
    """Live until the end or the kill, telling every tick."""
    out, mind, ticks = sys.argv[1:]
    with simulation(out, mind, progress=_tell) as running:
        running.run(int(ticks))


def _tell(at: Progress) -> None:
    sys.stdout.write(f"{at.tick}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
