"""Models with several factors: a random effect for what is not of interest."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from simulation.analysis.statistics.result import Result, cannot

if TYPE_CHECKING:
    import pandas as pd


def mixed(frame: pd.DataFrame, value: str, arm: str, group: str) -> list[Result]:
    """A linear mixed model: the arm as a fixed effect, ``group`` (model, paraphrase) as random.

    Args:
        frame: One row a run.
        value: The column that is measured.
        arm: The column of the condition; its first value in order is the reference.
        group: The column whose values differ for reasons of no interest.

    Returns:
        One result for each arm but the reference.
    """
    import statsmodels.formula.api as smf  # noqa: PLC0415 - two seconds

    rows = frame[[value, arm, group]].dropna()
    n = len(rows)
    if rows[arm].nunique() < 2:
        return [cannot(f"effect of {arm}", n, "there is one condition only")]
    if rows[group].nunique() < 2:
        return [cannot(f"effect of {arm}", n, f"there is one {group} only: compare means instead")]
    if not rows[value].std():
        return [cannot(f"effect of {arm}", n, "all runs have the same value")]
    formula = f"Q('{value}') ~ C(Q('{arm}'))"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        fitted: Any = smf.mixedlm(formula, rows, groups=rows[group]).fit(reml=True)
    doubts = "" if fitted.converged else "it did not converge"
    if any("singular" in str(one.message).lower() for one in told):
        doubts = f"{group} explains next to nothing"
    interval: Any = fitted.conf_int()
    return [
        Result(
            what=f"effect of {name.partition('[T.')[2].rstrip(']')}",
            estimate=float(fitted.params[name]),
            low=float(interval.loc[name, 0]),
            high=float(interval.loc[name, 1]),
            p=float(fitted.pvalues[name]),
            n=n,
            method=f"linear mixed model, random {group}",
            why=doubts,
        )
        for name in fitted.params.index
        if "[T." in name
    ]


def variance_split(frame: pd.DataFrame, value: str, factors: list[str]) -> dict[str, float]:
    """The share of the variance that goes with each factor (eta squared, type II); rest: residual.

    What a factor adds to all the others, of the whole sum of squares. Factors with one value only
    have 0; so have all where there are as many parameters as runs, since nothing is left over then.
    """
    rows = frame[[value, *factors]].dropna()
    used = [factor for factor in factors if rows[factor].nunique() > 1]
    nothing = dict.fromkeys(factors, 0.0)
    if not used or len(rows) < 3 or not rows[value].std():
        return nothing
    if sum(rows[factor].nunique() - 1 for factor in used) + 1 >= len(rows):
        return nothing
    total, left = _residual(rows, value, []), _residual(rows, value, used)
    added = {
        factor: _residual(rows, value, [one for one in used if one != factor]) - left
        for factor in used
    }
    shares = {factor: max(0.0, gain / total) for factor, gain in added.items()}
    return nothing | shares | {"residual": left / total}


def _residual(rows: pd.DataFrame, value: str, factors: list[str]) -> float:
    """The sum of squares that these factors leave over."""
    import numpy as np  # noqa: PLC0415 - only where it is asked for

    columns = [np.ones(len(rows))]
    for factor in factors:
        levels = rows[factor].astype(str)
        columns += [(levels == level).to_numpy(float) for level in sorted(set(levels))[1:]]
    data, design = rows[value].to_numpy(float), np.column_stack(columns)
    fitted = design @ np.linalg.lstsq(design, data, rcond=None)[0]
    return float(((data - fitted) ** 2).sum())
