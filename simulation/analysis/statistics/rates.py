"""Rates: shares with intervals, within a run and over runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.analysis.statistics.result import CONFIDENCE, Result, cannot, generator

if TYPE_CHECKING:
    from collections.abc import Sequence


def wilson(taken: int, of: int) -> Result:
    """A share with Wilson's interval (1927), for counts that are independent.

    Examples:
        >>> print(wilson(5, 10))
        share 0.5 (95 % 0.237 to 0.763), 10 runs
    """
    from scipy.stats import binomtest  # noqa: PLC0415 - half a second

    if not of:
        return cannot("share", 0, "there was no opportunity")
    interval = binomtest(taken, of).proportion_ci(CONFIDENCE, method="wilson")
    return Result(
        what="share",
        estimate=taken / of,
        low=float(interval.low),
        high=float(interval.high),
        n=of,
        method="Wilson",
    )


def mean_over_runs(values: Sequence[float | None], *, seed: int = 0, lacking: str = "") -> Result:
    """The mean of the runs' own rates, each run counting once, with a bootstrap interval.

    Args:
        values: Of each run; those without one (None) are left out and told.
        seed: Of the bootstrap.
        lacking: Why a run has none; empty: there was no opportunity.
    """
    import numpy as np  # noqa: PLC0415 - only where it is asked for
    from scipy import stats  # noqa: PLC0415 - half a second

    known = np.array([value for value in values if value is not None], float)
    left = len(values) - len(known)
    told = f"{left} {'run' if left == 1 else 'runs'} without a value"
    why = f"{told} ({lacking or 'no opportunity'})" if left else ""
    if not len(known):
        return cannot("mean over runs", 0, why or "there are no runs")
    mean = float(known.mean())
    if len(known) == 1 or not known.std():
        told = "one run has no interval" if len(known) == 1 else "the runs do not differ"
        why = "; ".join(part for part in (told, why) if part)
        return Result(what="mean over runs", estimate=mean, n=len(known), why=why)
    found = stats.bootstrap(
        (known,), np.mean, method="percentile", n_resamples=5000, rng=generator("mean", seed)
    ).confidence_interval
    return Result(
        what="mean over runs",
        estimate=mean,
        low=float(found.low),
        high=float(found.high),
        n=len(known),
        method="percentile bootstrap over runs",
        why=why,
    )
