"""From weights to a choice."""

from __future__ import annotations

import json
import math
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulation.episode.events import Decided
from simulation.language.base import Chosen
from simulation.mind.decide import phrase, sample
from simulation.mind.decision import draw, softmax
from simulation.mind.options import MindOptions
from tests.mind.company import Scripted

if TYPE_CHECKING:
    from tests.mind.conftest import MakeCompany

SCORES = st.lists(st.floats(-50, 50), min_size=1, max_size=40)


def logs(*weights: float) -> tuple[float, ...]:
    return tuple(math.log(weight) for weight in weights)


@given(SCORES)
def test_probabilities_sum_to_one(scores: list[float]) -> None:
    shares = softmax(scores)
    assert math.fsum(shares) == pytest.approx(1.0, abs=1e-6 * len(scores))
    assert all(0 <= share <= 1 for share in shares)


@given(SCORES, st.floats(-20, 20))
def test_probabilities_do_not_depend_on_a_constant(scores: list[float], shift: float) -> None:
    shifted = softmax([score + shift for score in scores])
    assert shifted == pytest.approx(softmax(scores), abs=2e-6)


@given(SCORES)
def test_a_higher_score_is_never_less_likely(scores: list[float]) -> None:
    shares = softmax(scores)
    ordered = [share for _, share in sorted(zip(scores, shares, strict=True))]
    assert ordered == sorted(ordered)


@pytest.mark.parametrize(
    ("exponent", "corrected"),
    [
        # Situation 1/2 1/4 1/4, nothing 1/4 1/4 1/2: quotients 2 1 1/2, roots 1 1/2 0.3536.
        (0.0, (0.5, 0.25, 0.25)),
        (0.5, (0.539504, 0.269752, 0.190744)),
        (1.0, (0.571429, 0.285714, 0.142857)),
    ],
)
def test_a_declared_share_of_the_prior_is_taken_off(
    exponent: float, corrected: tuple[float, ...]
) -> None:
    reply = Chosen(logps=logs(0.5, 0.25, 0.25), priors=logs(0.25, 0.25, 0.5))
    choice = sample(reply, exponent, Random(1))
    assert choice.raw == (0.5, 0.25, 0.25)
    assert choice.corrected == pytest.approx(corrected, abs=1e-6)


def test_a_model_without_probabilities_is_taken_at_its_word() -> None:
    choice = sample(Chosen(pick=2), 0.5, Random(1))
    assert (choice.option, choice.raw, choice.corrected) == (2, None, None)


def test_draws_follow_the_corrected_probabilities() -> None:
    reply = Chosen(logps=logs(0.5, 0.25, 0.25), priors=logs(0.25, 0.25, 0.5))
    stream = Random(7)
    drawn = [sample(reply, 1.0, stream).option for _ in range(6000)]
    shares = [drawn.count(option) / 6000 for option in range(3)]
    # Three standard deviations of a share at 6000 draws are less than 0.02.
    assert shares == pytest.approx((0.571429, 0.285714, 0.142857), abs=0.02)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.integers())
def test_what_is_impossible_is_not_drawn(shares: list[float], seed: int) -> None:
    chosen = draw(shares, Random(seed))
    assert shares[chosen] > 0 or not any(shares)


@pytest.mark.parametrize("exponent", [0, 0.5, 1])
def test_a_share_of_the_prior_can_be_declared(exponent: float) -> None:
    assert MindOptions(exponent=exponent).exponent == exponent


@pytest.mark.parametrize("exponent", [0.3, -0.5, 2, math.nan])
def test_no_other_share_can_be_declared(exponent: float) -> None:
    with pytest.raises(ValidationError, match=r"must be one of 0.0, 0.5, 1.0"):
        MindOptions(exponent=exponent)


def test_a_phrase_is_taken_apart_for_the_model() -> None:
    one = phrase("carry a log into the shed")
    assert (one.text, one.verb, one.lead, one.head) == (
        "carry a log into the shed", "carry", "a", "log",
    )  # fmt: skip


def test_a_decision_is_logged_with_its_whole_menu(company: MakeCompany) -> None:
    here = company(Scripted(likes={"take an apple": 50}), people=["ann"], start="12:00").live(1)
    [decided] = here.events.of(Decided)
    menu = json.loads(here.events.contents[decided.menu])
    assert len(menu) == decided.options <= decided.legal
    assert menu[decided.chosen]["action"] == decided.action
    assert decided.raw is not None
    assert decided.corrected is not None
    assert len(decided.raw) == len(decided.corrected) == decided.options
    apple = next(option for option in menu if option["text"] == "take an apple")
    assert [effect["target"] for effect in apple["effects"]] == ["table", "ann"]


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0])
def test_the_declared_exponent_is_logged(company: MakeCompany, exponent: float) -> None:
    options = MindOptions(exponent=exponent)
    here = company(Scripted(), people=["ann"], options=options, start="12:00").live(1)
    assert here.events.of(Decided)[0].exponent == exponent


def test_a_model_without_probabilities_logs_none(company: MakeCompany) -> None:
    model = Scripted(likes={"read the board": 2}, picks=True)
    here = company(model, people=["ann"], start="12:00").live(1)
    [decided] = here.events.of(Decided)
    assert (decided.raw, decided.corrected, decided.exponent) == (None, None, None)
    assert decided.action["verb"] == "read"
