"""How many runs it takes: the test of an experiment on runs that are drawn as one expects them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulation.analysis.statistics.many import Power, power
from simulation.analysis.statistics.permutation import permutation_test
from simulation.analysis.statistics.result import generator
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.experiment.parts import Expected
    from simulation.experiment.schema import Design

SIZES: Final = (5, 8, 12, 16, 24, 40)
"""Runs in each arm that are tried."""
TRIALS: Final = 200
SHUFFLES: Final = 499
"""Drawn in each trial at least."""
SHUFFLES_EACH: Final = 60
"""Drawn for each comparison that is corrected for. With 20 or fewer no p could come out below 0.05
once it is corrected, however large the effect."""


def power_of(design: Design, sizes: Sequence[int] = SIZES, trials: int = TRIALS) -> list[Power]:
    """How often the expected effect would be found with so many runs in each arm.

    Each trial draws runs (a share of ``opportunities``, or normal with ``spread``), pairs them by
    seed and puts the permutation test of the analysis to them; found is p below 0.05, or below that
    divided by the number of comparisons that the design makes, as Holm's first step has it.

    Raises:
        ConfigError: The file does not say what is expected, or has no control.
    """
    expected = design.expected
    if expected is None or design.control is None:
        hint = "Write expected: {measure: NAME, control: 0.2, arm: 0.5, opportunities: 10}."
        what = "it takes a control and what is expected"
        raise ConfigError(what, where="--power", hint=hint)
    comparisons = max(1, (len(design.arms) - 1) * len(design.measures))

    shuffles = max(SHUFFLES, SHUFFLES_EACH * comparisons)

    def simulate(size: int, trial: int) -> float | None:
        values = _drawn(expected, size, trial)
        second = [False] * size + [True] * size
        pairs = [*range(size), *range(size)]
        found = permutation_test(values, second, pairs, shuffles=shuffles, seed=trial)
        return None if found.p is None else found.p * comparisons

    return power(simulate, sizes, trials=trials)


def _drawn(expected: Expected, size: int, trial: int) -> list[float]:
    stream = generator("power", size, trial)
    found: list[float] = []
    for mean in (expected.control, expected.arm):
        if expected.spread is not None:
            found += stream.normal(mean, expected.spread, size).tolist()
        else:
            of = expected.opportunities
            found += (stream.binomial(of, mean, size) / of).tolist()
    return found
