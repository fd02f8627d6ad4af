"""A dry run says what a run would take, and keeps nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Cli

from simulation import Episode

RUN = ("run", "village", "--agents", "2", "--start", "12:00", "--ticks", "60")


def rehearsed(cli: Cli, *args: str) -> dict[str, Any]:
    result = cli(*RUN, "--dry-run", "--quiet", "--json", *args)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_dry_run_keeps_nothing_and_needs_no_key(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    estimate = rehearsed(cli, "--model", "openai:gpt-5-mini")
    assert estimate["calls"] == sum(share["calls"] for share in estimate["shares"]) > 0
    assert estimate["cost"] > 0
    assert not list(tmp_path.iterdir())


def test_every_figure_lies_in_its_range(cli: Cli) -> None:
    estimate = rehearsed(cli, "--model", "anthropic:claude-opus-5")
    for name in ("calls", "tokens", "cost"):
        low, high = estimate[f"{name}_range"]
        assert low < estimate[name] < high
    fastest, slowest = estimate["seconds_range"]
    assert 0 < fastest < slowest


def test_the_cost_is_that_of_what_is_read_and_written(cli: Cli, tmp_path: Path) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text("prices:\n  - {model: house:one, input: 10, output: 100}\n")
    estimate = rehearsed(cli, "--model", "openai-compatible:one@http://x", "--prices", str(prices))
    assert estimate["cost"] is None
    prices.write_text("prices:\n  - {model: 'openai-compatible:one', input: 10, output: 100}\n")
    estimate = rehearsed(cli, "--model", "openai-compatible:one@http://x", "--prices", str(prices))
    read = sum(share["prompt_tokens"] for share in estimate["shares"])
    written = sum(share["reply_tokens"] for share in estimate["shares"])
    assert estimate["cost"] == pytest.approx((read * 10 + written * 100) / 1e6, abs=1e-5)


def test_two_rehearsals_of_a_seed_are_the_same(cli: Cli) -> None:
    one, other = (rehearsed(cli, "--model", "local") for _ in range(2))
    assert one["shares"] == other["shares"]


def test_a_budget_that_will_not_do_is_told(cli: Cli) -> None:
    result = cli(*RUN, "--dry-run", "--model", "openai:gpt-5-mini", "--budget", "calls=1,usd=100")
    assert "The budget of 1 calls will end it before." in result.stdout
    assert "100 US dollars" not in result.stdout


def test_minds_that_ask_nobody_cost_nothing(cli: Cli) -> None:
    result = cli(*RUN, "--dry-run", "--mind", "rules")
    assert "No model is asked: it costs nothing." in result.stdout


def test_the_run_takes_about_what_was_rehearsed(cli: Cli, tmp_path: Path) -> None:
    estimate = rehearsed(cli, "--model", "fake")
    assert cli(*RUN, "--model", "fake", "--quiet", "--out", "e").exit_code == 0
    low, high = estimate["calls_range"]
    assert low <= len(Episode.open(tmp_path / "e").calls) <= high
