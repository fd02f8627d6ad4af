"""The same seed and the same replies give the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simulation.episode.export import canonical_sha256
from tests.simulation.renew import FILE, golden_sha256

if TYPE_CHECKING:
    from tests.simulation.conftest import MakeSimulation

ROOT = Path(__file__).parents[2]
KINDS: list[dict[str, Any]] = [{"mind": "rules"}, {"mind": "uniform"}, {"model": "fake"}]

AGAIN = """
import sys
from simulation import Simulation
from simulation.episode.export import canonical_sha256
from worlds import village

spec, out = village.load(agents=2), sys.argv[1]
with Simulation(spec, model="fake", embedder="hash", seed=7, out=out) as sim:
    print(canonical_sha256(sim.run(ticks=20)))
"""


@pytest.mark.parametrize("options", KINDS)
def test_one_seed_gives_the_same_bytes(simulate: MakeSimulation, options: dict[str, Any]) -> None:
    first, second = (simulate(**options).run(ticks=30) for _ in range(2))
    assert canonical_sha256(first) == canonical_sha256(second)


@pytest.mark.parametrize("options", KINDS[:2])
def test_another_seed_gives_others(simulate: MakeSimulation, options: dict[str, Any]) -> None:
    first, second = (simulate(seed=seed, **options).run(ticks=40) for seed in (7, 8))
    assert canonical_sha256(first) != canonical_sha256(second)


def test_another_process_with_another_hash_seed_gives_the_same_bytes(
    simulate: MakeSimulation, tmp_path: Path
) -> None:
    here = canonical_sha256(simulate(model="fake").run(ticks=20))
    there = subprocess.run(
        [sys.executable, "-W", "error", "-c", AGAIN, str(tmp_path / "there")],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "4711"},
        text=True,
        capture_output=True,
        check=True,
    )
    assert there.stdout.strip() == here


def test_the_golden_episode_is_lived_again(tmp_path: Path) -> None:
    known = FILE.read_text(encoding="utf-8").strip()
    assert golden_sha256(tmp_path / "episode") == known, (
        "what people do has changed; if it is meant: python -m tests.simulation.renew"
    )
