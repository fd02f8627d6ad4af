"""Conformity over runs: more sources against one that repeats itself, and saying yes to all."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from simulation.analysis.statistics.effects import difference
from simulation.analysis.statistics.result import Result, cannot

if TYPE_CHECKING:
    from collections.abc import Sequence


def sources_effect(many: Sequence[float], repeated: Sequence[float], *, seed: int = 0) -> Result:
    """``P(shift | n sources) - P(shift | one source n times)``.

    Args:
        many: The share that shifted, a number a run, both directions of the topic among them.
        repeated: The same where one source said it as often.
        seed: Of the bootstrap.
    """
    found = difference(repeated, many, seed=seed)
    return replace(found, what="shift by sources beyond repetition")


def yea_saying(accepts: float, accepts_the_contrary: float) -> float:
    """``accept(p) + accept(not p) - 1``: 0 for who weighs what is said, 1 for who always agrees.

    Examples:
        >>> yea_saying(0.9, 0.8)
        0.7
    """
    return round(accepts + accepts_the_contrary - 1, 12)


def trend(doses: Sequence[float], taken: Sequence[int], of: Sequence[int]) -> Result:
    """Whether a share rises with the dose (Cochran 1954, Armitage 1955); the estimate is its z."""
    from scipy.stats import norm  # noqa: PLC0415 - half a second

    what, n = "trend over doses (z)", sum(of)
    share = sum(taken) / n if n else 0.0
    if len({dose for dose, size in zip(doses, of, strict=True) if size}) < 2:
        return cannot(what, n, "it takes two doses or more")
    if share in (0.0, 1.0):
        return cannot(what, n, "all did the same at every dose")
    rows = list(zip(doses, taken, of, strict=True))
    score = sum(dose * (hits - size * share) for dose, hits, size in rows)
    spread = sum(size * dose**2 for dose, _, size in rows)
    spread -= sum(size * dose for dose, _, size in rows) ** 2 / n
    z = score / math.sqrt(share * (1 - share) * spread)
    return Result(
        what=what, estimate=z, p=float(2 * norm.sf(abs(z))), n=n, method="Cochran-Armitage"
    )
