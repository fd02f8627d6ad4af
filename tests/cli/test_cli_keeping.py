"""Looking after episodes: what they are, what they become as files, what they leave behind."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import os
import time
from pathlib import Path

import pytest
from command_line import Cli
from filelock import FileLock

from simulation import Episode
from simulation.episode.events import SCHEMA_VERSION
from simulation.episode.export import canonical_sha256

RUN = ("run", "village", "--model", "fake", "--agents", "2", "--start", "12:00", "--quiet")
IN_MEMORY = ("--chroma", "memory")
HAS_ARROW = importlib.util.find_spec("pyarrow") is not None


def priced(folder: Path) -> str:
    """A file in which the fake model costs something: all its tokens are dear."""
    path = folder / "prices.yaml"
    path.write_text("prices:\n  - {model: fake, input: 10, output: 20}\n")
    return str(path)


def live(
    cli: Cli, *args: str, ticks: int = 20, out: str = "e", store: tuple[str, ...] = IN_MEMORY
) -> None:
    result = cli(*RUN, "--ticks", str(ticks), "--out", out, *store, *args)
    assert result.exit_code == 0, result.stderr


# Money -----------------------------------------------------------------------------------------


def test_a_run_stops_in_order_when_its_money_is_spent_and_goes_on_with_more(
    cli: Cli, tmp_path: Path
) -> None:
    prices = ("--prices", priced(tmp_path))
    live(cli, *prices, ticks=40, out="whole")
    live(cli, *prices, "--budget", "usd=0.02", ticks=40, out="poor")
    poor = Episode.open(tmp_path / "poor")
    assert poor.ended is not None
    assert poor.ended.reason == "budget"
    assert "budget of 0.02 US dollars" in poor.ended.text
    result = cli("resume", "poor", *prices, "--budget", "usd=1")
    assert result.exit_code == 0, result.stderr
    whole, rich = Episode.open(tmp_path / "whole"), Episode.open(tmp_path / "poor")
    assert canonical_sha256(rich) == canonical_sha256(whole)
    assert rich.calls["cost"].sum() == pytest.approx(whole.calls["cost"].sum())


def test_what_is_repeated_is_counted_and_never_refused(cli: Cli, tmp_path: Path) -> None:
    live(cli, "--prices", priced(tmp_path))
    before = Episode.open(tmp_path / "e").ticks
    prices = ("--prices", priced(tmp_path))
    result = cli("resume", "e", "--ticks", "60", *prices, "--budget", "usd=0.001")
    assert result.exit_code == 0, result.stderr
    assert "budget of 0.001 US dollars" in result.stdout
    assert Episode.open(tmp_path / "e").ticks == before


def test_the_cost_of_a_call_is_that_of_its_tokens(cli: Cli, tmp_path: Path) -> None:
    live(cli, "--prices", priced(tmp_path))
    calls = Episode.open(tmp_path / "e").calls
    cost = (calls["prompt_tokens"] * 10 + calls["reply_tokens"] * 20) / 1e6
    assert list(calls["cost"]) == pytest.approx(list(cost))
    shown = cli("show", "e", "--summary")
    assert f"{cost.sum():.4f}" in shown.stdout


def test_prices_are_listed_with_the_day_and_the_page(cli: Cli) -> None:
    rows = json.loads(cli("list", "prices", "--json").stdout)
    assert rows
    assert all(row["as of"] and row["source"] for row in rows)


# info ------------------------------------------------------------------------------------------


def test_info_tells_everything_as_json(cli: Cli, tmp_path: Path) -> None:
    live(cli, "--prices", priced(tmp_path), "--budget", "calls=500")
    episode = Episode.open(tmp_path / "e")
    info = json.loads(cli("info", "e", "--json").stdout)
    assert (info["world"], info["seed"], info["ticks"], info["until"]) == ("village", 7, 20, 20)
    assert (info["state"], info["sealed"]) == ("finished", True)
    assert info["schema_version"] == SCHEMA_VERSION
    assert info["models"] == {"fake": len(episode.calls)}
    assert sum(info["events"].values()) == len(episode.events)
    assert sum(row["calls"] for row in info["spent"]) == info["calls"] == len(episode.calls)
    assert info["cost"] == pytest.approx(episode.calls["cost"].sum(), abs=1e-6)
    assert info["limits"] == {"calls": 500}
    assert info["files"]["log.sqlite"] == (tmp_path / "e" / "log.sqlite").stat().st_size
    assert info["held"]["events"]["rows"] == len(episode.events)


def test_info_says_how_to_go_on(cli: Cli) -> None:
    live(cli, "--budget", "calls=3", ticks=60)
    info = cli("info", "e").stdout
    assert "budget: the budget of 3 model calls is spent" in info
    assert "To go on: sociarium resume" in info
    assert "--budget" in info


def test_an_episode_that_somebody_writes_is_running(cli: Cli, tmp_path: Path) -> None:
    live(cli)
    with FileLock(tmp_path / "e" / "writing.lock"):
        assert json.loads(cli("info", "e", "--json").stdout)["state"] == "running"


# export ----------------------------------------------------------------------------------------


def test_a_table_has_the_rows_and_columns_of_its_frame(cli: Cli, tmp_path: Path) -> None:
    live(cli)
    episode = Episode.open(tmp_path / "e")
    for table in ("events", "calls", "memories", "decisions", "acts", "moves"):
        frame = getattr(episode, table)
        written = cli("export", "e", "--what", table, "--format", "csv").stdout
        rows = list(csv.DictReader(io.StringIO(written)))
        assert len(rows) == len(frame)
        assert list(rows[0]) == list(frame.columns)
        assert [row["id"] for row in rows] == list(frame["id"])
        lines = cli("export", "e", "--what", table).stdout.splitlines()
        assert [json.loads(line)["id"] for line in lines] == list(frame["id"])


def test_replies_are_exported_as_the_journal_has_them(cli: Cli, tmp_path: Path) -> None:
    live(cli)
    lines = cli("export", "e", "--what", "replies").stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    log = Episode.open(tmp_path / "e").log
    assert [tuple(row.values()) for row in rows] == list(log.replies())


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--format", "csv"), "--what"),
        (("--what", "event"), "did you mean 'events'"),
        (("--format", "xml"), "allowed: jsonl, csv, parquet"),
    ],
)
def test_an_export_that_there_is_not_is_refused(cli: Cli, args: tuple[str, ...], told: str) -> None:
    live(cli, ticks=2)
    result = cli("export", "e", *args)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.skipif(HAS_ARROW, reason="pyarrow is installed")
def test_without_pyarrow_parquet_says_what_to_install(cli: Cli, tmp_path: Path) -> None:
    live(cli, ticks=2)
    result = cli("export", "e", "--what", "acts", "--format", "parquet", "--out", "acts.parquet")
    assert result.exit_code == 2
    assert "pip install 'sociarium[parquet]'" in result.stderr
    assert not list(tmp_path.glob("*.parquet"))


@pytest.mark.skipif(not HAS_ARROW, reason="pyarrow is not installed")
def test_every_table_is_written_as_parquet(cli: Cli, tmp_path: Path) -> None:
    from simulation.episode.records import TABLES

    live(cli)
    parquet = importlib.import_module("pyarrow.parquet")
    for table in TABLES:
        result = cli("export", "e", "--what", table, "--format", "parquet", "--out", table)
        assert result.exit_code == 0, result.stderr
        lines = cli("export", "e", "--what", table).stdout.splitlines()
        assert parquet.read_table(tmp_path / table).num_rows == len(lines)


# gc --------------------------------------------------------------------------------------------


def test_gc_says_what_could_go_and_leaves_it(cli: Cli, tmp_path: Path) -> None:
    live(cli, ticks=3, store=())
    found = json.loads(cli("gc", ".", "--json").stdout)
    assert [row["path"] for row in found["found"] if row["path"].startswith("e")] == ["e/chroma"]
    assert found["removed"] == []
    assert (tmp_path / "e" / "chroma").is_dir()


def test_a_store_that_went_is_rebuilt_when_the_episode_goes_on(cli: Cli, tmp_path: Path) -> None:
    live(cli, ticks=3, store=())
    assert cli("gc", "e", "--yes").exit_code == 0
    assert sorted(path.name for path in (tmp_path / "e").iterdir()) == [
        "log.sqlite", "run.json", "seal.json", "spec.json",
    ]  # fmt: skip
    result = cli("resume", "e", "--ticks", "5")
    assert result.exit_code == 0, result.stderr
    assert "rebuilt from the log" in result.stderr


def test_gc_leaves_an_episode_alone_while_it_is_written(cli: Cli, tmp_path: Path) -> None:
    live(cli, ticks=3, store=())
    with FileLock(tmp_path / "e" / "writing.lock"):
        cli("gc", "e", "--yes")
        assert (tmp_path / "e" / "chroma").is_dir()


def test_gc_takes_what_sqlite_left_beside_a_sealed_log_only(cli: Cli, tmp_path: Path) -> None:
    for name in ("sealed", "killed"):
        live(cli, ticks=2, out=name)
        (tmp_path / name / "log.sqlite-shm").write_bytes(b"\0" * 32)
    (tmp_path / "killed" / "seal.json").unlink()
    log = (tmp_path / "sealed" / "log.sqlite").read_bytes()
    assert cli("gc", ".", "--yes").exit_code == 0
    assert not (tmp_path / "sealed" / "log.sqlite-shm").exists()
    assert (tmp_path / "sealed" / "log.sqlite").read_bytes() == log
    assert (tmp_path / "killed" / "log.sqlite-shm").exists()


def test_gc_takes_an_old_draft_of_a_process_that_is_gone(cli: Cli, tmp_path: Path) -> None:
    dead, mine = 2**22 + 1, os.getpid()
    for process, age in ((dead, 7200), (mine, 7200), (dead + 1, 0)):
        draft = tmp_path / f".village-7-1.{process}-0.part"
        draft.mkdir()
        then = time.time() - age
        os.utime(draft, (then, then))
    cli("gc", ".", "--yes")
    left = {path.name for path in tmp_path.glob(".*.part")}
    assert left == {f".village-7-1.{mine}-0.part", f".village-7-1.{dead + 1}-0.part"}


def test_gc_needs_a_folder(cli: Cli) -> None:
    result = cli("gc", "nowhere")
    assert result.exit_code == 2
    assert "there is no such folder" in result.stderr
