"""Records the day that ships: ``python -m worlds.village.record``.

Six minutes on two cores. The day is lived with the default settings, verified, and packed; the
file in the repository changes, and is committed like any other.
"""

from __future__ import annotations

import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from simulation.episode.archive import label_path, pack
from worlds.village import load
from worlds.village.day import COMMAND, DAY, SEED

if TYPE_CHECKING:
    from simulation.episode.archive import Label
    from simulation.progress import Progress


def record(archive: Path = DAY.path, *, agents: int | None = None, ticks: int = 900) -> Label:
    """Live a day, verify it, and pack it.

    Args:
        archive: Where it goes; the label goes beside it.
        agents: The first so many of the cast; None: all.
        ticks: How long it lasts.
    """
    from simulation.simulation import Simulation  # noqa: PLC0415 - Mesa, half a second
    from simulation.verify import Verification  # noqa: PLC0415 - with it

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "tidemark-day"
        with Simulation(
            load(agents), seed=SEED, out=out, chroma="memory", progress=_Told()
        ) as simulation:
            simulation.run(ticks)
        verified = Verification(out).run()
        people = len(simulation.spec.cast)
        about = (
            f"{people} people of Tidemark, {ticks} minutes, seed {SEED}, {verified.events} events"
        )
        return pack(out, archive, about=about, made_by=COMMAND, version=version("sociarium"))


class _Told:
    """A line on the terminal every simulated hour."""

    def __init__(self) -> None:
        self._hour = ""

    def __call__(self, progress: Progress) -> None:
        hour = progress.clock[:2]
        if hour != self._hour:
            self._hour = hour
            sys.stderr.write(f"{progress.clock} …\n")


if __name__ == "__main__":
    made = record(Path(sys.argv[1]) if len(sys.argv) > 1 else DAY.path)
    sys.stdout.write(f"{made.about}\n{DAY.path} and {label_path(DAY.path).name}\n")
