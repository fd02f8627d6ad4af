"""Where exposure moves nobody, a comparison of its arms finds nothing more often than by chance."""

from __future__ import annotations

from random import Random
from statistics import fmean

from simulation.analysis.statistics.permutation import permutation_test
from simulation.behaviours.behaviours import Watch, gather
from simulation.behaviours.conformity import Conformity
from simulation.behaviours.shifts import exposed
from tests.behaviours.test_conformity_cases import WORLD, Talk

SUBJECTS = tuple(f"p{number}" for number in range(6))
SOURCES = ("dov", "felix", "gudrun")
RUNS = 4
"""In each arm."""


def share_moved(stream: Random, chance: float, *, group: bool) -> float:
    """A run: six people are asked, hear b three times, and go over with a chance of their own."""
    stage = Talk(spec=WORLD)
    for who in SUBJECTS:
        stage.probe(who, "line", "a")
    stage.at(1)
    for source in SOURCES if group else SOURCES[:1] * len(SOURCES):
        stage.take(source, "line", "b", told=SUBJECTS)
    stage.at(2)
    for who in SUBJECTS:
        stage.probe(who, "line", "b" if stream.random() < chance else "a")
    watch = Watch(WORLD, lambda _: "", [Conformity()])
    rows = exposed(gather(watch, stage.events).findings)
    assert len(rows) == len(SUBJECTS)
    return fmean(row.shifted for row in rows)


def significant(seed: int, by_group: float, by_one: float) -> bool:
    stream = Random(seed)
    group = [share_moved(stream, by_group, group=True) for _ in range(RUNS)]
    one = [share_moved(stream, by_one, group=False) for _ in range(RUNS)]
    p = permutation_test([*one, *group], [False] * RUNS + [True] * RUNS).p
    assert p is not None
    return p <= 0.05


def test_an_arm_without_an_effect_is_significant_no_oftener_than_by_chance() -> None:
    # At most 5 % of 150, and three standard errors.
    assert sum(significant(seed, 0.3, 0.3) for seed in range(150)) <= 15


def test_an_effect_that_was_planted_is_found() -> None:
    assert sum(significant(seed, 0.85, 0.1) for seed in range(20)) >= 19
