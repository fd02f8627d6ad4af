from __future__ import annotations

from pathlib import Path

import pytest

from simulation.errors import ConfigError, FileError
from simulation.language.base import Usage
from simulation.language.prices import VARIABLE, Price, Prices

ROW = Price(model="openai:gpt-5-mini", input=1, cached_input=0.1, output=10)


def table(path: Path, model: str = "house:one", output: float = 3) -> Path:
    path.write_text(f"prices:\n  - {{model: '{model}', input: 1, output: {output}}}\n")
    return path


def test_what_was_cached_has_its_own_price() -> None:
    usage = Usage(prompt_tokens=2_000_000, cached_tokens=1_500_000, reply_tokens=100_000)
    assert ROW.cost(usage) == pytest.approx(0.5 + 0.15 + 1.0)


def test_without_a_price_for_what_is_cached_it_is_as_dear_as_the_rest() -> None:
    usage = Usage(prompt_tokens=1_000_000, cached_tokens=1_000_000)
    assert Price(model="m", input=2, output=0).cost(usage) == 2


@pytest.mark.parametrize(
    "name",
    [
        "openai:gpt-5-mini",
        "openai:gpt-5-mini-2025-08-07",
        "openai:gpt-5-mini@http://here",
        "faulty:timeout=0.2,empty:openai:gpt-5-mini",
    ],
)
def test_a_price_holds_for_snapshots_servers_and_faults(name: str) -> None:
    assert Prices([ROW]).find(name) == ROW


def test_another_model_of_the_family_has_no_price() -> None:
    assert Prices([ROW]).find("openai:gpt-5-mini-pro") is None


@pytest.mark.parametrize("name", ["local", "local:/a/file.gguf", "fake", "ollama:qwen3"])
def test_what_runs_on_ones_own_machine_costs_nothing(name: str) -> None:
    assert Prices().need(name).cost(Usage(prompt_tokens=10**9, reply_tokens=10**9)) == 0


def test_who_limits_money_is_told_how_to_add_a_price() -> None:
    with pytest.raises(ConfigError, match=r"not known.*'house:two'.*--prices.*input:"):
        Prices().need("house:two")


def test_the_file_that_is_given_counts_more_than_the_one_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(table(tmp_path / "named.yaml", output=3)))
    found = Prices.load().need("house:one")
    assert found.output == 3
    given = table(tmp_path / "given.yaml", output=4)
    assert Prices.load(given).need("house:one").output == 4


def test_a_file_of_the_user_can_change_a_price_of_the_package(tmp_path: Path) -> None:
    known = Prices.load().rows[0].model
    assert Prices.load(table(tmp_path / "p.yaml", known, 7)).need(known).output == 7


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("prices:\n  - model: a\n    input: -1\n    output: 2\n", 3),
        ("prices:\n  - model: a\n    input: 1\n", 2),
        ("prices:\n  - model: a\n    input: 1\n    output: 1\n    write: 1\n", 5),
    ],
)
def test_a_price_that_is_none_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(text)
    with pytest.raises(FileError, match=rf"prices\.yaml:{line}"):
        Prices.load(path)


def test_every_price_of_the_package_says_when_and_where_it_was_read() -> None:
    rows = Prices.load().rows
    assert rows
    assert all(row.as_of and row.source.startswith("https://") for row in rows)
