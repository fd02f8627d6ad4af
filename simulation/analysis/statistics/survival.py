"""Time until something is first done, where some runs end before it is (Kaplan and Meier 1958)."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from simulation.analysis.statistics.result import Result, cannot

if TYPE_CHECKING:
    from collections.abc import Sequence


class Step(NamedTuple):
    """A point of a survival curve."""

    time: float
    share: float
    """Of the runs, how many had not done it after this time."""
    low: float
    high: float


def survival(times: Sequence[float], happened: Sequence[bool]) -> list[Step]:
    """The curve, with log-minus-log intervals; each run counts once.

    Args:
        times: Until it was done, or until the run ended.
        happened: Whether it was done.
    """
    import numpy as np  # noqa: PLC0415 - only where it is asked for
    from scipy import stats  # noqa: PLC0415 - half a second

    if not len(times):
        return []
    data = np.asarray(times, float)
    done = np.asarray(happened, bool)
    sample = stats.CensoredData(uncensored=data[done], right=data[~done])
    found = stats.ecdf(sample).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        interval = found.confidence_interval(method="log-log")
    rows = zip(
        found.quantiles,
        found.probabilities,
        interval.low.probabilities,
        interval.high.probabilities,
        strict=True,
    )
    return [
        Step(float(time), float(share), _within(low, share), _within(high, share))
        for time, share, low, high in rows
    ]


def log_rank(
    first: tuple[Sequence[float], Sequence[bool]], second: tuple[Sequence[float], Sequence[bool]]
) -> Result:
    """Whether two curves differ (Mantel 1966); the estimate is the test's statistic."""
    import numpy as np  # noqa: PLC0415 - only where it is asked for
    from scipy import stats  # noqa: PLC0415 - half a second

    what = "log-rank statistic"
    n = len(first[0]) + len(second[0])
    if not first[0] or not second[0]:
        return cannot(what, n, "one of the conditions has no runs")
    if not any(first[1]) and not any(second[1]):
        return cannot(what, n, "it was never done in any run")
    samples: list[stats.CensoredData] = []
    for times, happened in (first, second):
        data, done = np.asarray(times, float), np.asarray(happened, bool)
        samples.append(stats.CensoredData(uncensored=data[done], right=data[~done]))
    found = stats.logrank(samples[0], samples[1])
    if not math.isfinite(found.statistic):
        return cannot(what, n, "nobody was left to compare")
    return Result(
        what=what, estimate=float(found.statistic), p=float(found.pvalue), n=n, method="log-rank"
    )


def hazard_ratio(
    times: Sequence[float], happened: Sequence[bool], second: Sequence[bool]
) -> Result:
    """How much sooner it is done in the second condition (Cox 1972), by statsmodels."""
    import numpy as np  # noqa: PLC0415 - only where it is asked for
    from statsmodels.duration.hazard_regression import PHReg  # noqa: PLC0415 - a second

    what, n = "hazard ratio", len(times)
    done, label = np.asarray(happened, bool), np.asarray(second, bool)
    if not label.any() or label.all():
        return cannot(what, n, "one of the conditions has no runs")
    if not done[label].any() or not done[~label].any():
        return cannot(what, n, "it was never done in one of the conditions: the ratio has no bound")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = PHReg(np.asarray(times, float), label.astype(float)[:, None], status=done)
        fitted: Any = model.fit()
    low, high = fitted.conf_int()[0]
    return Result(
        what=what,
        estimate=math.exp(float(fitted.params[0])),
        low=math.exp(float(low)),
        high=math.exp(float(high)),
        p=float(fitted.pvalues[0]),
        n=n,
        method="Cox regression",
    )


def _within(bound: float, share: float) -> float:
    return float(bound) if math.isfinite(bound) else float(share)
