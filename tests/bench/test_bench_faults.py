from __future__ import annotations

import pytest

from simulation.bench.faults import inject
from simulation.language.faulty import KINDS


def test_injected_faults_end_no_run_and_leave_no_trace_in_anybodys_mind() -> None:
    told = inject(60, seed=9)
    assert told["faults"] >= 60
    assert (told["crashes"], told["illegal"], told["remembered"]) == (0, 0, 0)
    assert told["retried"] > 0
    assert told["fell_back"] > 0


@pytest.mark.slow
def test_a_thousand_injected_faults_of_all_kinds_do_no_harm() -> None:
    told = inject(1_000, seed=10)
    assert all(told["met"].values())
    assert set(told["per_kind"]) == set(KINDS)
    assert min(told["per_kind"].values()) > 0
