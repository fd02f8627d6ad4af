from __future__ import annotations

import pytest

from simulation.bench.durability import kill_and_resume


def test_a_killed_run_is_resumed_as_if_it_had_not_been() -> None:
    outcome = kill_and_resume(1, seed=5)
    assert (outcome.kills, outcome.identical) == (1, 1)
    assert (outcome.lost, outcome.doubled) == (0, 0)


@pytest.mark.slow
def test_a_hundred_killed_runs_are_resumed_as_if_they_had_not_been() -> None:
    outcome = kill_and_resume(100, seed=6)
    assert (outcome.identical, outcome.lost, outcome.doubled) == (100, 0, 0)
