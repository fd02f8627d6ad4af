"""Freezes the golden episodes anew: ``python -m tests.simulation.renew``.

To be run after a change that is meant to change what people do. The commit says why.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from simulation.episode.export import canonical_sha256
from simulation.simulation import Simulation
from worlds import village

GOLDEN = Path(__file__).parent / "golden"
FILE = GOLDEN / "village-rules.sha256"


def golden_sha256(out: Path) -> str:
    """Three residents of the village with the rules mind, two hours from seven on."""
    with Simulation(village.load(agents=3), mind="rules", seed=7, out=out) as simulation:
        return canonical_sha256(simulation.run(ticks=120))


def main() -> None:
    """Write the hash that holds now."""
    with tempfile.TemporaryDirectory() as folder:
        FILE.write_text(golden_sha256(Path(folder) / "episode") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
