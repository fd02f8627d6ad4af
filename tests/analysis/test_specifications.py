"""Specification curves, published shares and variance, against SciPy and statsmodels."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from simulation.analysis.statistics.equivalence import Published, runs_like
from simulation.analysis.statistics.models import variance_split
from simulation.analysis.statistics.specification import Specification, specification_curve

VALUES = (0.31, 0.42, 0.36, 0.29, 0.4, 0.38)


def test_a_share_taken_as_exact_is_a_pair_of_one_sample_t_tests_of_scipy() -> None:
    found = runs_like(VALUES, Published(share=0.368), 0.1)
    below: Any = stats.ttest_1samp(VALUES, 0.268, alternative="greater")
    above: Any = stats.ttest_1samp(VALUES, 0.468, alternative="less")
    assert found.p == pytest.approx(max(below.pvalue, above.pvalue))
    assert "taken as exact" in found.why


def test_the_variance_of_a_published_share_counts() -> None:
    exact = runs_like(VALUES, Published(share=0.368), 0.1)
    few = runs_like(VALUES, Published(share=0.368, n=20), 0.1)
    assert exact.p is not None
    assert few.p is not None
    assert few.p > exact.p


def test_one_run_is_like_nothing() -> None:
    assert runs_like([0.3], Published(share=0.3), 0.1).estimate is None


def frame() -> pd.DataFrame:
    stream = np.random.Generator(np.random.PCG64(3))
    rows = [
        {"arm": arm, "model": model, "seed": seed, "value": gap + lift + stream.normal(0, 0.3)}
        for arm, gap in (("a", 0.0), ("b", 0.5))
        for model, lift in (("m", 0.0), ("n", 1.0))
        for seed in range(4)
    ]
    return pd.DataFrame(rows[:-1])  # unbalanced, so that the type of the sums matters


def test_the_split_of_the_variance_is_that_of_statsmodels() -> None:
    import statsmodels.formula.api as smf
    from statsmodels.stats.anova import anova_lm

    rows = frame()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known: Any = anova_lm(smf.ols("value ~ C(arm) + C(model) + C(seed)", rows).fit(), typ=2)
    total = float(((rows["value"] - rows["value"].mean()) ** 2).sum())
    found = variance_split(rows, "value", ["arm", "model", "seed"])
    for factor in ("arm", "model", "seed"):
        assert found[factor] == pytest.approx(known.loc[f"C({factor})", "sum_sq"] / total)
    assert found["residual"] == pytest.approx(known.loc["Residual", "sum_sq"] / total)


def test_as_many_parameters_as_runs_split_nothing() -> None:
    rows = pd.DataFrame({"arm": ["a", "b", "a"], "seed": [1, 2, 3], "value": [0.1, 0.5, 0.9]})
    assert variance_split(rows, "value", ["arm", "seed"]) == {"arm": 0.0, "seed": 0.0}


def test_a_curve_of_one_specification_is_the_permutation_test_of_scipy() -> None:
    values = [0.0, 0.1, 0.2, 0.4, 0.5, 0.6, 0.9, 1.0]
    second = [False] * 4 + [True] * 4
    one = Specification({"runs": "all"}, tuple(range(8)), tuple(values))
    found = specification_curve([one], second, ["block"] * 8).whole
    known: Any = stats.permutation_test(
        (values[4:], values[:4]),
        lambda a, b: np.mean(a) - np.mean(b),
        permutation_type="independent",
    )
    assert found.estimate == pytest.approx(0.575)
    assert found.p == pytest.approx(known.pvalue, abs=0.01)


def test_effects_stand_in_order_with_their_choices() -> None:
    second = [False, False, True, True]
    ways = [
        Specification({"scale": "up"}, (0, 1, 2, 3), (0.0, 0.0, 2.0, 2.0)),
        Specification({"scale": "down"}, (0, 1, 2, 3), (0.0, 0.0, -1.0, -1.0)),
    ]
    curve = specification_curve(ways, second, [0, 0, 0, 0], shuffles=19)
    told = [(point.choices["scale"], point.effect) for point in curve.points]
    assert told == [("down", -1.0), ("up", 2.0)]


def test_without_runs_of_both_conditions_there_is_no_curve() -> None:
    one = Specification({}, (0, 1, 2), (0.0, 1.0, 2.0))
    curve = specification_curve([one], [False] * 3, [0, 0, 0])
    assert (curve.points, curve.whole.estimate) == ((), None)
