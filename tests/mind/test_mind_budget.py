from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import BudgetExceeded, ConfigError
from simulation.language.base import Usage
from simulation.language.prices import Price, Prices
from simulation.mind.budget import Budget, Limits


def test_limits_are_read_as_they_are_written() -> None:
    limits = Limits.parse(["calls=500,minutes=0.5", "agent.tokens=2e4"])
    assert limits == Limits(calls=500, minutes=0.5, agent_tokens=20_000)


@pytest.mark.parametrize("text", ["", "calls", "call=5", "calls=", "calls=five", "calls=nan"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="--budget"):
        Limits.parse([text])


def test_a_limit_is_given_once() -> None:
    with pytest.raises(ConfigError, match="given twice"):
        Limits.parse(["calls=5", "calls=6"])


@given(st.text())
def test_any_text_is_limits_or_a_clear_error(text: str) -> None:
    with suppress(ConfigError):
        Limits.parse([text])


def test_the_calls_of_all_are_counted_together() -> None:
    budget = Budget(Limits(calls=2))
    assert (budget.spend("ada"), budget.spend("bram")) == ("", "")
    with pytest.raises(BudgetExceeded, match="budget of 2 model calls"):
        budget.spend("chiara")


def test_cached_tokens_are_not_counted() -> None:
    budget = Budget(Limits(tokens=100))
    budget.add("ada", Usage(prompt_tokens=1000, cached_tokens=950, reply_tokens=49))
    budget.check()
    budget.add("ada", Usage(reply_tokens=1))
    with pytest.raises(BudgetExceeded, match="budget of 100 tokens"):
        budget.check()


def test_minutes_count_from_the_start() -> None:
    now = 1000.0
    budget = Budget(Limits(minutes=2), clock=lambda: now)
    budget.check()
    budget.start()
    now += 119
    budget.check()
    now += 1
    with pytest.raises(BudgetExceeded, match="budget of 2 minutes"):
        budget.check()


def test_one_agent_can_run_out_while_others_go_on() -> None:
    budget = Budget(Limits(agent_calls=1))
    assert budget.spend("ada") == ""
    assert "ada has spent a budget of 1 model calls" in budget.spend("ada")
    assert budget.spend("bram") == ""


def test_a_warning_comes_once_at_four_fifths() -> None:
    budget = Budget(Limits(calls=5))
    warnings: list[str] = []
    for _ in range(5):
        budget.spend("ada")
        warnings.append(budget.warning())
    assert warnings == ["", "", "", "4 of 5 model calls are spent", ""]


def test_what_is_repeated_is_counted_and_never_refused() -> None:
    budget = Budget(Limits(calls=1))
    for _ in range(3):
        budget.count("ada")
    assert budget.calls["ada"] == 3


HOUSE = Prices([Price(model="house", input=10, cached_input=1, output=100)])
DEAR = Usage(prompt_tokens=2000, cached_tokens=1000, reply_tokens=100)
"""Costs 0.01 + 0.001 + 0.01 dollars in that house."""


def test_money_is_counted_by_the_price_of_who_answered() -> None:
    budget = Budget(Limits(usd=0.03), HOUSE)
    assert budget.add("ada", DEAR, "house") == pytest.approx(0.021)
    assert budget.add("bram", DEAR, "local") == 0
    budget.check()
    budget.add("bram", DEAR, "house")
    with pytest.raises(BudgetExceeded, match=r"budget of 0\.03 US dollars"):
        budget.check()


def test_money_warns_at_four_fifths() -> None:
    budget = Budget(Limits(usd=0.025), HOUSE)
    assert budget.warning() == ""
    budget.add("ada", DEAR, "house")
    assert budget.warning() == "0.021 of 0.025 US dollars are spent"


def test_one_agent_can_run_out_of_money_while_others_go_on() -> None:
    budget = Budget(Limits(agent_usd=0.02), HOUSE)
    budget.add("ada", DEAR, "house")
    assert "ada has spent a budget of 0.02 US dollars" in budget.spend("ada")
    assert budget.spend("bram") == ""


@pytest.mark.parametrize("limits", [Limits(usd=1), Limits(agent_usd=1)])
def test_money_cannot_be_limited_where_the_price_is_not_known(limits: Limits) -> None:
    with pytest.raises(ConfigError, match="price is not known"):
        Budget(limits, HOUSE).check_price("elsewhere")


def test_without_a_limit_of_money_a_price_may_be_unknown() -> None:
    budget = Budget(Limits(calls=1), HOUSE)
    budget.check_price("elsewhere")
    assert budget.add("ada", DEAR, "elsewhere") == 0
