"""How unequally things are spread: known answers, and what cannot be said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation import Episode, Simulation
from simulation.analysis.inequality import (
    ALONE,
    NOTHING,
    gini,
    holdings,
    inequality,
    lorenz,
    richest_share,
)
from worlds import village

AMOUNTS = st.lists(st.just(0.0) | st.floats(1e-6, 1000), min_size=1, max_size=20)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    out = tmp_path_factory.mktemp("inequality") / "morning"
    with Simulation(village.load(agents=8), mind="rules", seed=3, out=out) as simulation:
        return simulation.run(ticks=240)


@pytest.mark.parametrize(
    ("values", "known"),
    [([1, 1, 1, 1], 0.0), ([0, 0, 0, 1], 0.75), ([1, 2, 3, 4, 5], 4 / 15), ([1, 3], 0.25)],
)
def test_ginis_coefficient_has_its_known_values(values: list[float], known: float) -> None:
    assert gini(values) == pytest.approx(known)


@given(AMOUNTS)
def test_gini_is_one_less_twice_the_area_under_the_curve_of_lorenz(values: list[float]) -> None:
    points = lorenz(values)
    if not points:
        assert gini(values) is None
        return
    xs, ys = np.array(points).T
    area = float(np.sum((xs[1:] - xs[:-1]) * (ys[1:] + ys[:-1]) / 2))
    assert gini(values) == pytest.approx(1 - 2 * area, abs=1e-9)


@given(AMOUNTS, st.floats(0.1, 100))
def test_a_unit_of_measurement_changes_nothing(values: list[float], unit: float) -> None:
    first, second = gini(values), gini([value * unit for value in values])
    assert (first is None) == (second is None)
    if first is not None:
        assert second == pytest.approx(first, abs=1e-6)


def test_the_richest_fifth_is_rounded_up_to_whole_people() -> None:
    assert richest_share([1, 1, 1, 1, 6]) == 0.6
    assert richest_share([1, 1, 1, 1, 1, 5]) == 0.6
    assert richest_share([0, 0]) is None


@pytest.mark.parametrize("values", [[], [0, 0], [-1, 3], [float("inf"), 1], [float("nan"), 1]])
def test_what_cannot_be_shared_has_no_coefficient(values: list[float]) -> None:
    assert gini(values) is None
    assert lorenz(values) == []


def test_holdings_are_those_of_the_effects_on_the_log(lived: Episode) -> None:
    coins = {amount.agent: amount for amount in holdings(lived, 239)["coin"]}
    for agent, amount in coins.items():
        last = [
            effect["after"]
            for event in lived.iter_events(("acted",))
            for effect in event.model_dump()["effects"]
            if (effect["target"], effect["attribute"]) == (agent, "has:coin")
        ]
        assert amount.amount == (last[-1] if last else _start(lived, agent))
        assert len(amount.events) == len(last)
    assert any(amount.events for amount in coins.values())


def _start(lived: Episode, agent: str) -> float:
    return next(one.amount for one in holdings(lived, -1)["coin"] if one.agent == agent)


def test_words_are_counted_once_for_each_who_heard_them(lived: Episode) -> None:
    found = {one.of: one for one in inequality(lived)}
    assert found["words heard"].total == sum(len(told) for told in lived.dialogue["told"])
    assert found["words said"].total == sum(bool(told) for told in lived.dialogue["told"])


def test_one_person_and_nothing_to_share_are_told_apart(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    out = tmp_path_factory.mktemp("inequality") / "alone"
    with Simulation(village.load(agents=1), mind="rules", seed=3, out=out) as simulation:
        found = {one.of: one for one in inequality(simulation.run(ticks=10))}
    assert {one.why for one in found.values()} == {ALONE}
    assert all(one.gini is None for one in found.values())


def test_what_nobody_has_says_so(lived: Episode) -> None:
    start = {one.of: one for one in inequality(lived, 0)}
    assert start["log"].why == NOTHING
    assert start["coin"].gini == start["coin"].at_start
