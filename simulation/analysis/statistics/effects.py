"""How far two conditions lie apart, over runs."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Final, Literal

from simulation.analysis.statistics.result import CONFIDENCE, Result, cannot, generator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

RESAMPLES: Final = 5000
Method = Literal["BCa", "percentile"]
_FEW: Final = 2


def difference(first: Sequence[float], second: Sequence[float], *, seed: int = 0) -> Result:
    """The difference of two means, second minus first, with a bootstrap interval.

    The interval is bias-corrected and accelerated (Efron 1987), by SciPy.

    Examples:
        >>> difference([0, 0, 1, 0], [1, 1, 1, 0]).estimate
        0.5
    """
    return _bootstrapped("difference of means", _mean_difference, first, second, seed=seed)


def hedges_g(first: Sequence[float], second: Sequence[float], *, seed: int = 0) -> Result:
    """The difference of means in standard deviations, corrected for small samples (Hedges 1981)."""
    return _bootstrapped("Hedges' g", _hedges, first, second, seed=seed)


def cliffs_delta(first: Sequence[float], second: Sequence[float], *, seed: int = 0) -> Result:
    """How much likelier a run of the second is above one of the first than below (Cliff 1993).

    Examples:
        >>> cliffs_delta([1, 2, 3], [4, 5, 6]).estimate
        1.0
    """
    return _bootstrapped("Cliff's delta", _cliff, first, second, seed=seed)


def paired_difference(first: Sequence[float], second: Sequence[float], *, seed: int = 0) -> Result:
    """The mean of the differences of pairs of runs, such as branches of the same past."""
    import numpy as np  # noqa: PLC0415 - only where it is asked for
    from scipy import stats  # noqa: PLC0415 - half a second

    what = "mean difference of pairs"
    if len(first) != len(second):
        return cannot(what, 0, f"{len(first)} and {len(second)} runs are no pairs")
    gaps = np.asarray(second, float) - np.asarray(first, float)
    if len(gaps) < _FEW:
        return cannot(what, len(gaps), "it takes two pairs of runs or more")
    mean = float(gaps.mean())
    if not gaps.std():
        why = "all pairs differ by the same, so there is no interval"
        return Result(what=what, estimate=mean, n=len(gaps), why=why)
    found = stats.bootstrap(
        (gaps,), np.mean, n_resamples=RESAMPLES, rng=generator("paired", seed), method="BCa"
    )
    interval = found.confidence_interval
    return Result(
        what=what,
        estimate=mean,
        low=float(interval.low),
        high=float(interval.high),
        n=len(gaps),
        method="BCa bootstrap over pairs",
    )


def _bootstrapped(
    what: str,
    statistic: Callable[[Floats, Floats, int], Floats],
    first: Sequence[float],
    second: Sequence[float],
    *,
    seed: int,
) -> Result:
    import numpy as np  # noqa: PLC0415 - only where it is asked for

    one, two = np.asarray(first, float), np.asarray(second, float)
    n = len(one) + len(two)
    if len(one) < _FEW or len(two) < _FEW:
        return cannot(what, n, "it takes two runs or more in each condition")
    if not (np.isfinite(one).all() and np.isfinite(two).all()):
        return cannot(what, n, "some runs have no value")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        estimate = float(statistic(one, two, -1))
    if not math.isfinite(estimate):
        return cannot(what, n, "all runs of both conditions are alike, so there is no scale")
    if not one.std() and not two.std():
        why = "runs of a condition do not differ, so there is no interval"
        return Result(what=what, estimate=estimate, n=n, why=why)
    interval, method = _interval(statistic, one, two, seed)
    if interval is None:
        why = "no interval: resampling gives no spread"
        return Result(what=what, estimate=estimate, n=n, why=why)
    return Result(
        what=what, estimate=estimate, low=interval[0], high=interval[1], n=n, method=method
    )


def _interval(
    statistic: Callable[[Floats, Floats, int], Floats], one: Floats, two: Floats, seed: int
) -> tuple[tuple[float, float] | None, str]:
    """The interval by the better method that gives one."""
    from scipy import stats  # noqa: PLC0415 - half a second

    methods: tuple[Method, ...] = ("BCa", "percentile")
    for method in methods:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = stats.bootstrap(
                (one, two),
                lambda a, b, axis=-1: statistic(a, b, axis),
                n_resamples=RESAMPLES,
                confidence_level=CONFIDENCE,
                method=method,
                rng=generator("effect", seed),
                vectorized=True,
            ).confidence_interval
        if math.isfinite(found.low) and math.isfinite(found.high):
            return (float(found.low), float(found.high)), f"{method} bootstrap over runs"
    return None, ""


def _mean_difference(one: Floats, two: Floats, axis: int) -> Floats:
    return two.mean(axis=axis) - one.mean(axis=axis)


def _hedges(one: Floats, two: Floats, axis: int) -> Floats:
    import numpy as np  # noqa: PLC0415 - only where it is asked for

    n, m = one.shape[axis], two.shape[axis]
    freedom = n + m - 2
    pooled = ((n - 1) * one.var(axis=axis, ddof=1) + (m - 1) * two.var(axis=axis, ddof=1)) / freedom
    return _mean_difference(one, two, axis) / np.sqrt(pooled) * (1 - 3 / (4 * freedom - 1))


def _cliff(one: Floats, two: Floats, axis: int) -> Floats:
    import numpy as np  # noqa: PLC0415 - only where it is asked for

    gaps = np.moveaxis(two, axis, -1)[..., :, None] - np.moveaxis(one, axis, -1)[..., None, :]
    return np.sign(gaps).mean(axis=(-2, -1))
