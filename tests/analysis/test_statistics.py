"""Statistics over runs: known answers, and what each says where it cannot say anything."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simulation.analysis.statistics.doses import sources_effect, trend, yea_saying
from simulation.analysis.statistics.effects import (
    cliffs_delta,
    difference,
    hedges_g,
    paired_difference,
)
from simulation.analysis.statistics.equivalence import Published, equivalent, like
from simulation.analysis.statistics.many import corrected, power, runs_needed
from simulation.analysis.statistics.models import mixed, variance_split
from simulation.analysis.statistics.permutation import permutation_test
from simulation.analysis.statistics.raters import cohens_kappa, krippendorffs_alpha
from simulation.analysis.statistics.rates import mean_over_runs, wilson
from simulation.analysis.statistics.result import Result, generator, runs_only
from simulation.analysis.statistics.sensitivity import morris, sobol
from simulation.analysis.statistics.survival import hazard_ratio, log_rank, survival
from simulation.errors import ConfigError

A = [3.0, 4.0, 5.0, 6.0, 7.0]
B = [5.0, 6.0, 7.0, 9.0, 10.0]


# Effects -----------------------------------------------------------------------------------------


def test_the_difference_is_that_of_the_means() -> None:
    found = difference(A, B)
    assert found.estimate == pytest.approx(2.4)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 2.4 < found.high


def test_hedges_g_is_cohens_d_with_its_correction() -> None:
    pooled = math.sqrt((np.var(A, ddof=1) + np.var(B, ddof=1)) / 2)
    assert hedges_g(A, B).estimate == pytest.approx(2.4 / pooled * (1 - 3 / (4 * 8 - 1)))


def test_cliffs_delta_is_that_of_all_pairs() -> None:
    pairs = [np.sign(b - a) for a, b in product(A, B)]
    assert cliffs_delta(A, B).estimate == pytest.approx(np.mean(pairs))


def test_pairs_are_compared_with_each_other() -> None:
    found = paired_difference(A, B)
    assert found.estimate == pytest.approx(2.4)
    assert found.n == 5


def test_a_seed_gives_an_interval_again() -> None:
    assert difference(A, B, seed=3) == difference(A, B, seed=3)


@pytest.mark.parametrize("effect", [difference, hedges_g, cliffs_delta])
@pytest.mark.parametrize(
    ("first", "second"),
    [([], []), ([1.0], [2.0]), ([1.0], [1.0, 2.0]), ([math.nan, 1.0], [1.0, 2.0])],
)
def test_too_little_gives_a_reason_and_no_number(
    effect: Callable[..., Result], first: list[float], second: list[float]
) -> None:
    found = effect(first, second)
    assert (found.estimate, found.low, found.high) == (None, None, None)
    assert found.why


def test_runs_that_do_not_differ_have_no_interval() -> None:
    found = difference([1, 1, 1], [2, 2, 2])
    assert (found.estimate, found.low) == (1.0, None)
    assert found.why
    assert hedges_g([1, 1, 1], [1, 1, 1]).estimate is None


@given(
    st.lists(st.floats(-100, 100), min_size=2, max_size=8),
    st.lists(st.floats(-100, 100), min_size=2, max_size=8),
)
@settings(max_examples=25, deadline=None)
def test_no_effect_is_ever_not_a_number(first: list[float], second: list[float]) -> None:
    for found in (difference(first, second), hedges_g(first, second), cliffs_delta(first, second)):
        for value in (found.estimate, found.low, found.high):
            assert value is None or math.isfinite(value)


# Permutation -------------------------------------------------------------------------------------


def test_a_small_test_is_exact() -> None:
    found = permutation_test([*A, *B], [False] * 5 + [True] * 5)
    reference = stats.permutation_test(
        (A, B), lambda a, b: np.mean(b) - np.mean(a), permutation_type="independent"
    )
    assert found.p == pytest.approx(reference.pvalue)


def test_labels_stay_within_their_blocks() -> None:
    # Within each block the second run is higher by 1: only 2 of 2^4 arrangements are as extreme.
    values = [0, 1, 10, 11, 20, 21, 30, 31]
    second = [False, True] * 4
    blocks = [0, 0, 1, 1, 2, 2, 3, 3]
    assert permutation_test(values, second, blocks).p == pytest.approx(2 / 16)
    assert (permutation_test(values, second).p or 0) > 0.5


def test_many_arrangements_are_sampled_and_p_is_never_zero() -> None:
    values = [*range(20), *range(100, 120)]
    found = permutation_test(values, [False] * 20 + [True] * 20, shuffles=999)
    assert found.p == pytest.approx(1 / 1000)


@pytest.mark.parametrize("blocked", [False, True])
def test_shuffled_labels_are_significant_at_the_nominal_rate(blocked: bool) -> None:
    stream = generator("type I", blocked)
    values = stream.normal(size=12)
    labels = np.array([False, True] * 6)
    blocks = [index // 6 for index in range(12)] if blocked else None
    hits = 0
    for _ in range(1000):
        if blocked:
            parts = [stream.permutation(labels[i : i + 6]) for i in (0, 6)]
            shuffled = np.concatenate(parts)
        else:
            shuffled = stream.permutation(labels)
        p = permutation_test(values.tolist(), shuffled.tolist(), blocks).p
        hits += p is not None and p <= 0.05
    low, high = stats.binom.interval(0.999, 1000, 0.05)
    assert low <= hits <= high


def test_a_block_with_one_condition_says_nothing() -> None:
    found = permutation_test([1, 2, 3, 4], [False, False, True, True], [0, 0, 1, 1])
    assert found.estimate is None
    assert "no block" in found.why


# Rates, equivalence, survival --------------------------------------------------------------------


def test_wilson_is_that_of_scipy() -> None:
    interval = stats.binomtest(3, 20).proportion_ci(method="wilson")
    assert (wilson(3, 20).low, wilson(3, 20).high) == (interval.low, interval.high)
    assert wilson(0, 0).estimate is None


def test_runs_without_an_opportunity_are_left_out_and_told() -> None:
    found = mean_over_runs([0.0, 1.0, None, 0.5])
    assert (found.estimate, found.n) == (0.5, 3)
    assert "1 run without a value (no opportunity)" in found.why


def test_equivalence_is_that_of_statsmodels() -> None:
    from statsmodels.stats.weightstats import ttost_ind

    reference = ttost_ind(np.array(B), np.array(A), -5, 5, usevar="unequal")[0]
    assert equivalent(A, B, 5).p == pytest.approx(reference)


def test_what_is_not_shown_to_differ_is_not_shown_to_be_alike() -> None:
    assert (equivalent([0, 1, 2], [0.1, 1.1, 2.2], 0.2).p or 0) > 0.05


def test_a_share_near_a_published_one_is_like_it_with_enough_runs() -> None:
    asch = Published(share=0.368, n=123, source="Asch 1951")
    assert (like(370, 1000, asch, 0.15).p or 1) < 0.05
    assert (like(4, 10, asch, 0.15).p or 0) > 0.05


def test_a_survival_curve_steps_where_something_happens() -> None:
    steps = survival([2, 4, 4, 6], [True, True, False, True])
    assert [(step.time, step.share) for step in steps] == [(2, 0.75), (4, 0.5), (6, 0.0)]
    assert all(step.low <= step.share <= step.high for step in steps)


def test_curves_that_part_early_differ() -> None:
    early, late = ([1, 2, 2, 3, 3, 4], [True] * 6), ([8, 9, 9, 10, 10, 10], [True] * 6)
    assert (log_rank(early, late).p or 1) < 0.01
    assert (log_rank(early, early).p or 0) == pytest.approx(1)


def test_a_hazard_ratio_above_one_is_sooner() -> None:
    times = [8, 9, 3, 10, 7, 2, 3, 9, 1, 4]
    found = hazard_ratio(times, [True] * 10, [False] * 5 + [True] * 5)
    assert (found.estimate or 0) > 1


def test_what_never_happens_has_no_ratio() -> None:
    found = hazard_ratio([5, 5, 1, 2], [False, False, True, True], [False, False, True, True])
    assert found.estimate is None
    assert "never" in found.why


# Models ------------------------------------------------------------------------------------------


def frame() -> pd.DataFrame:
    stream = generator("frame")
    rows = [
        {"arm": arm, "paraphrase": which, "value": 2.0 * (arm == "b") + which + stream.normal() / 5}
        for arm in "ab"
        for which in range(4)
        for _ in range(5)
    ]
    return pd.DataFrame(rows)


def test_a_mixed_model_finds_the_effect_beside_a_random_factor() -> None:
    (found,) = mixed(frame(), "value", "arm", "paraphrase")
    assert found.estimate == pytest.approx(2.0, abs=0.2)
    assert found.what == "effect of b"


def test_a_mixed_model_of_one_condition_says_so() -> None:
    (found,) = mixed(frame().query("arm == 'a'"), "value", "arm", "paraphrase")
    assert found.estimate is None


def test_the_variance_is_split_by_factor() -> None:
    shares = variance_split(frame(), "value", ["arm", "paraphrase"])
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["residual"] < 0.1


# Raters ------------------------------------------------------------------------------------------


def test_kappa_is_that_of_cohens_paper() -> None:
    # Cohen 1960, table 1, as counts of 200: kappa = 0.49.
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    first = [str(i) for i, row in enumerate(table) for count in row for _ in range(count)]
    second = [str(j) for row in table for j, count in enumerate(row) for _ in range(count)]
    found = cohens_kappa(first, second)
    assert found.estimate == pytest.approx(0.4915, abs=5e-3)


def test_alpha_is_that_of_krippendorffs_example() -> None:
    ratings = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    assert krippendorffs_alpha(ratings).estimate == pytest.approx(0.743, abs=5e-4)
    assert krippendorffs_alpha(ratings, "interval").estimate == pytest.approx(0.849, abs=5e-4)
    assert krippendorffs_alpha(ratings, "ordinal").estimate == pytest.approx(0.815, abs=5e-4)


@pytest.mark.parametrize("labels", [["yes", "yes"], [None, None]])
def test_one_label_or_none_gives_no_agreement(labels: list[str | None]) -> None:
    assert cohens_kappa(labels, labels).estimate is None
    assert krippendorffs_alpha([labels, labels]).estimate is None


# Many tests, power, doses ------------------------------------------------------------------------


def test_holm_is_that_of_the_textbook() -> None:
    assert corrected([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_power_rises_with_the_number_of_runs() -> None:
    def p_value(runs: int, trial: int) -> float:
        stream = generator("power", runs, trial)
        found: Any = stats.ttest_ind(stream.normal(size=runs), stream.normal(1, size=runs))
        return float(found.pvalue)

    curve = power(p_value, [5, 20, 40], trials=100)
    assert [point.power for point in curve] == sorted(point.power for point in curve)
    assert runs_needed(curve) == 20


def test_a_rising_share_has_a_trend() -> None:
    assert (trend([0, 1, 2], [1, 5, 9], [10, 10, 10]).p or 1) < 0.001
    assert trend([0, 1], [0, 0], [9, 9]).estimate is None


def test_sources_count_beyond_repetition() -> None:
    found = sources_effect([0.6, 0.7, 0.8], [0.1, 0.2, 0.3])
    assert found.estimate == pytest.approx(0.5)
    assert yea_saying(1, 1) == 1


# Sensitivity -------------------------------------------------------------------------------------


def test_morris_and_sobol_rank_what_matters_first() -> None:
    bounds = {"x": (0.0, 1.0), "y": (0.0, 1.0), "idle": (0.0, 1.0)}

    def outcome(at: Mapping[str, float]) -> float:
        return 4 * at["x"] + at["y"]

    assert [row.parameter for row in morris(outcome, bounds)] == ["x", "y", "idle"]
    first = {row.parameter: row.first for row in sobol(outcome, bounds, samples=256)}
    assert first["x"] == pytest.approx(16 / 17, abs=0.05)
    assert first["idle"] == pytest.approx(0, abs=0.02)


def test_rows_of_people_are_refused() -> None:
    with pytest.raises(ConfigError, match="several rows"):
        runs_only(["run-1", "run-1"])
