"""How far raters agree: people, judges and detectors."""

from __future__ import annotations

import warnings
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any, Literal

from simulation.analysis.statistics.result import Result, cannot

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

Label = str | float | None
"""What a rater said; None: nothing, or that it cannot be told."""


def cohens_kappa(first: Sequence[Label], second: Sequence[Label]) -> Result:
    """Agreement of two raters beyond chance (Cohen 1960), with the asymptotic interval.

    Examples:
        >>> cohens_kappa(["yes", "no", "yes", "no"], ["yes", "no", "no", "no"]).estimate
        0.5
    """
    import numpy as np  # noqa: PLC0415 - only where it is asked for
    from statsmodels.stats.inter_rater import cohens_kappa as kappa  # noqa: PLC0415 - a second

    what = "Cohen's kappa"
    both = [
        (one, two)
        for one, two in zip(first, second, strict=True)
        if one is not None and two is not None
    ]
    labels: list[str | float] = sorted({label for pair in both for label in pair}, key=str)
    if not both:
        return cannot(what, 0, "there is nothing that both have labelled")
    if len(labels) < 2:
        return cannot(what, len(both), "both gave one label only: chance cannot be told from it")
    table = np.zeros((len(labels), len(labels)))
    for one, two in both:
        table[labels.index(one), labels.index(two)] += 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: Any = kappa(table)
    return Result(
        what=what,
        estimate=round(float(found.kappa), 12),
        low=float(found.kappa_low),
        high=min(1.0, float(found.kappa_upp)),
        n=len(both),
        method="asymptotic",
    )


def krippendorffs_alpha(
    ratings: Sequence[Sequence[Label]],
    level: Literal["nominal", "ordinal", "interval"] = "nominal",
) -> Result:
    """Agreement of any number of raters, some of whom may have left things out (2004).

    Args:
        ratings: A row for each rater, a column for each thing.
        level: How labels are to be compared.
    """
    import numpy as np  # noqa: PLC0415 - only where it is asked for

    what = "Krippendorff's alpha"
    columns = list(zip(*ratings, strict=True))
    pairable = [[label for label in column if label is not None] for column in columns]
    things = sum(len(labels) > 1 for labels in pairable)
    values = sorted({label for labels in pairable if len(labels) > 1 for label in labels}, key=str)
    if not things:
        return cannot(what, 0, "there is nothing that two raters have labelled")
    if len(values) < 2:
        return cannot(what, things, "all gave one label only: chance cannot be told from it")
    known = {label: index for index, label in enumerate(_in_order(values, level))}
    together = np.zeros((len(known), len(known)))
    for labels in pairable:
        for one, two in permutations(labels, 2):
            together[known[one], known[two]] += 1 / (len(labels) - 1)
    sizes = together.sum(axis=1)
    apart = _distances(list(known), sizes, level)
    expected = (np.outer(sizes, sizes) * apart).sum() / (sizes.sum() - 1)
    alpha = 1 - float((together * apart).sum() / expected)
    return Result(what=what, estimate=alpha, n=things, method=level)


def _in_order(values: Sequence[str | float], level: str) -> list[str | float]:
    """Labels in the order of their scale: numbers by size."""
    numbers = all(isinstance(value, (int, float)) for value in values)
    return sorted(values, key=float) if level != "nominal" and numbers else list(values)


def _distances(
    labels: Sequence[str | float], sizes: npt.NDArray[np.float64], level: str
) -> npt.NDArray[np.float64]:
    """How far two labels lie apart, squared."""
    import numpy as np  # noqa: PLC0415 - only where it is asked for

    count = len(labels)
    if level == "nominal":
        return 1 - np.eye(count)
    if level == "interval":
        at = np.array([float(label) for label in labels])
        return (at[:, None] - at[None, :]) ** 2
    found = np.zeros((count, count))
    for one, two in combinations(range(count), 2):
        between = sizes[one : two + 1].sum() - (sizes[one] + sizes[two]) / 2
        found[one, two] = found[two, one] = between**2
    return found
