"""Equivalence: saying "no difference", or "as people did", takes a test of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulation.analysis.statistics.result import Result, cannot

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True)
class Published:
    """A figure from the literature that runs are compared with."""

    share: float
    n: int | None = None
    """How many people it rests on; None: it is taken as exact, which the result says."""
    source: str = ""


def equivalent(first: Sequence[float], second: Sequence[float], margin: float) -> Result:
    """Two one-sided t-tests (Schuirmann 1987; Welch's): do the means lie within ``margin``?

    ``p`` below 0.05 says that they do. A large ``p`` says neither that they do nor that they do
    not.
    """
    import numpy as np  # noqa: PLC0415 - only where it is asked for
    from scipy import stats  # noqa: PLC0415 - half a second

    what = f"difference within ±{margin:g}"
    one, two = np.asarray(first, float), np.asarray(second, float)
    n = len(one) + len(two)
    if len(one) < 2 or len(two) < 2:
        return cannot(what, n, "it takes two runs or more in each condition")
    gap = float(two.mean() - one.mean())
    if not one.std() and not two.std():
        return Result(what=what, estimate=gap, n=n, why="runs of a condition do not differ")
    below: Any = stats.ttest_ind(two, one - margin, equal_var=False, alternative="greater")
    above: Any = stats.ttest_ind(two, one + margin, equal_var=False, alternative="less")
    welch: Any = stats.ttest_ind(two, one, equal_var=False)
    interval = welch.confidence_interval(0.90)
    return Result(
        what=what,
        estimate=gap,
        low=float(interval.low),
        high=float(interval.high),
        p=float(max(below.pvalue, above.pvalue)),
        n=n,
        method="TOST, Welch; the interval is the 90 % one that belongs to it",
    )


def like(taken: int, of: int, published: Published, margin: float) -> Result:
    """Whether a share lies within ``margin`` of a published one, by two one-sided z-tests."""
    from scipy.stats import norm  # noqa: PLC0415 - half a second

    what = f"share within ±{margin:g} of {published.share:g}"
    if not of:
        return cannot(what, 0, "there was no opportunity")
    share = taken / of
    # A share of 0 or 1 has no variance of its own: the score version takes that of the bound.
    tests: list[float] = []
    for bound, sign in ((published.share - margin, 1), (published.share + margin, -1)):
        held = min(max(bound, 1e-9), 1 - 1e-9)
        variance = held * (1 - held) / of
        if published.n:
            variance += published.share * (1 - published.share) / published.n
        tests.append(float(norm.sf(sign * (share - bound) / variance**0.5)))
    why = "" if published.n else "the published share is taken as exact"
    return Result(
        what=what, estimate=share - published.share, p=max(tests), n=of, method="TOST", why=why
    )


def runs_like(values: Sequence[float], published: Published, margin: float) -> Result:
    """Whether the mean over runs lies within ``margin`` of a published share.

    Two one-sided tests (Schuirmann 1987) with the runs as the units: the variance of their mean,
    and that of the published share where its number of people is known; Welch's degrees of freedom.

    Examples:
        >>> found = runs_like([0.36, 0.38, 0.37, 0.35, 0.39], Published(share=0.368, n=123), 0.2)
        >>> found.p is not None and found.p < 0.05
        True
    """
    import numpy as np  # noqa: PLC0415 - only where it is asked for
    from scipy.stats import t as student  # noqa: PLC0415 - half a second

    what = f"mean over runs within ±{margin:g} of {published.share:g}"
    data = np.asarray(values, float)
    if len(data) < 2:
        return cannot(what, len(data), "it takes two runs or more with a value")
    gap, own = float(data.mean()) - published.share, float(data.var(ddof=1)) / len(data)
    theirs = published.share * (1 - published.share) / published.n if published.n else 0.0
    why = "" if published.n else "the published share is taken as exact"
    if not own and not theirs:
        return Result(what=what, estimate=gap, n=len(data), why="the runs do not differ")
    spread = (own + theirs) ** 0.5
    parts = own**2 / (len(data) - 1)
    if published.n is not None and published.n > 1:
        parts += theirs**2 / (published.n - 1)
    freedom = (own + theirs) ** 2 / parts if parts else float("inf")
    below = float(student.sf((gap + margin) / spread, freedom))
    above = float(student.cdf((gap - margin) / spread, freedom))
    reach = float(student.ppf(0.95, freedom)) * spread
    return Result(
        what=what,
        estimate=gap,
        low=gap - reach,
        high=gap + reach,
        p=max(below, above),
        n=len(data),
        method="TOST over runs; the interval is the 90 % one that belongs to it",
        why=why,
    )
