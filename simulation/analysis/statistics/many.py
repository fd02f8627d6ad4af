"""Many tests at once, and how many runs one takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from simulation.analysis.statistics.rates import wilson

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def corrected(
    p_values: Sequence[float | None], method: Literal["holm", "fdr_bh"] = "holm"
) -> list[float | None]:
    """P values corrected for their number: Holm (1979) or Benjamini and Hochberg (1995).

    Examples:
        >>> corrected([0.01, None, 0.04])
        [0.02, None, 0.04]
    """
    from statsmodels.stats.multitest import multipletests  # noqa: PLC0415 - a second

    known = [p for p in p_values if p is not None]
    if not known:
        return list(p_values)
    found: Any = multipletests(known, method=method)[1]
    adjusted = iter(found.tolist())
    return [None if p is None else round(float(next(adjusted)), 12) for p in p_values]


class Power(NamedTuple):
    """How often an effect would be found with so many runs in each condition."""

    runs: int
    power: float
    low: float
    high: float


def power(
    simulate: Callable[[int, int], float | None],
    sizes: Sequence[int],
    *,
    trials: int = 200,
    level: float = 0.05,
) -> list[Power]:
    """Power by simulation.

    Args:
        simulate: Given (runs in each condition, number of the trial), the p value of the test on
            data drawn under the effect that is of interest; None counts as not found.
        sizes: Runs in each condition.
        trials: For each size.
        level: Below which an effect counts as found.
    """
    found: list[Power] = []
    for size in sizes:
        ps = [simulate(size, trial) for trial in range(trials)]
        share = wilson(sum(p is not None and p < level for p in ps), trials)
        found.append(Power(size, share.estimate or 0.0, share.low or 0.0, share.high or 1.0))
    return found


def runs_needed(curve: Sequence[Power], wanted: float = 0.8) -> int | None:
    """The fewest runs whose power reaches what is wanted; None: none of those tried."""
    return next((point.runs for point in curve if point.power >= wanted), None)
