from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import Cli, finish, start

from simulation import Episode

SHORT = ("run", "village", "--mind", "rules", "--ticks", "30", "--agents", "3")
DAY = ("run", "village", "--mind", "rules", "--ticks", "100000", "--out", "day")


def test_a_run_names_its_episode_sums_it_up_and_says_what_to_do_next(
    cli: Cli, tmp_path: Path
) -> None:
    result = cli(*SHORT)
    assert result.exit_code == 0, result.stderr
    assert "episodes/village-7-1" in result.stdout
    assert "sociarium show episodes/village-7-1" in result.stdout
    assert "Ada" in result.stdout
    assert "07:01" in result.stderr
    assert Episode.open(tmp_path / "episodes" / "village-7-1").ticks == 30


def test_a_quiet_run_prints_the_folder_and_no_more(cli: Cli, tmp_path: Path) -> None:
    result = cli(*SHORT, "--quiet", "--out", "somewhere/deep")
    assert result.exit_code == 0
    assert result.stdout == "somewhere/deep\n"
    assert result.stderr == ""
    assert (tmp_path / "somewhere" / "deep" / "log.sqlite").is_file()


def test_a_run_as_json_is_its_summary(cli: Cli) -> None:
    result = cli(*SHORT, "--json")
    summary = json.loads(result.stdout)
    assert summary["ticks"] == 30
    assert summary["episode"] == "episodes/village-7-1"


def test_options_stand_before_or_after_the_world(cli: Cli, tmp_path: Path) -> None:
    first = cli("run", "--mind", "rules", "--ticks", "2", "village", "--quiet", "--out", "a")
    assert first.exit_code == 0, first.stderr
    assert Episode.open(tmp_path / "a").ticks == 2


def test_what_was_asked_for_is_in_the_episode(cli: Cli, tmp_path: Path) -> None:
    options = ("--seed", "3", "--start", "9:30", "--set", "vote=ballot", "--set", "till=attended")
    assert cli(*SHORT, *options, "--quiet", "--out", "e").exit_code == 0
    began = Episode.open(tmp_path / "e").began
    assert began is not None
    assert (began.seed, began.start, began.mind) == (3, "09:30", "rules")
    assert began.cast == ("ada", "bram", "chiara")
    assert began.settings["vote"] == "ballot"
    assert began.settings["till"] == "attended"


def test_a_budget_of_calls_ends_the_run_in_order(cli: Cli, tmp_path: Path) -> None:
    result = cli(
        "run", "village", "--model", "fake", "--agents", "2", "--ticks", "60",
        "--budget-calls", "3", "--out", "e",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert "budget" in result.stdout
    assert len(Episode.open(tmp_path / "e").calls) <= 3


def test_the_same_seed_gives_the_same_canonical_bytes(cli: Cli) -> None:
    for out in ("a", "b"):
        assert cli(*SHORT, "--quiet", "--out", out).exit_code == 0
    first, second = cli("export", "a"), cli("export", "b")
    assert first.stdout_bytes == second.stdout_bytes
    assert all(json.loads(line) for line in first.stdout.splitlines())


def test_an_export_goes_to_a_file_that_was_not_there(cli: Cli, tmp_path: Path) -> None:
    cli(*SHORT, "--quiet", "--out", "e")
    printed = cli("export", "e").stdout_bytes
    assert cli("export", "e", "--out", "e.jsonl").exit_code == 0
    assert (tmp_path / "e.jsonl").read_bytes() == printed
    assert cli("export", "e", "--out", "e.jsonl").exit_code == 2


def _lived(folder: Path) -> int:
    return Episode.open(folder).ticks if folder.exists() else 0


def _interrupted(tmp_path: Path, times: int) -> tuple[int, str, str]:
    process = start(*DAY, cwd=tmp_path)
    until = time.monotonic() + 60
    while _lived(tmp_path / "day") < 5 and time.monotonic() < until and process.poll() is None:
        time.sleep(0.05)
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    return finish(process)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has another Ctrl-C")
def test_ctrl_c_ends_in_order_and_keeps_what_was_lived(tmp_path: Path) -> None:
    code, out, err = _interrupted(tmp_path, 1)
    assert code == 130
    assert "ending after this minute" in err
    assert "sociarium show day" in out
    episode = Episode.open(tmp_path / "day")
    assert episode.ticks >= 5
    assert episode.ended is not None
    assert episode.ended.reason == "interrupted"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has another Ctrl-C")
def test_a_second_ctrl_c_stops_at_once_and_keeps_what_was_lived(tmp_path: Path) -> None:
    code, _, _ = _interrupted(tmp_path, 2)
    assert code == 130
    assert _lived(tmp_path / "day") >= 5


def test_a_locale_without_letters_and_a_narrow_terminal_are_fine(tmp_path: Path) -> None:
    odd = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "COLUMNS": "40"}
    for args in (SHORT, ("show", "episodes/village-7-1")):
        code, out, err = finish(start(*args, cwd=tmp_path, **odd))
        assert code == 0, err
        assert out.isascii()


def test_a_reader_that_leaves_early_is_no_error(cli: Cli, tmp_path: Path) -> None:
    assert cli(*SHORT, "--quiet", "--out", "e").exit_code == 0
    for command in ("export", "show"):
        process = start(command, "e", cwd=tmp_path)
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        complaints = process.stderr.read()
        process.stderr.close()
        assert process.wait(timeout=60) == 0
        assert complaints == ""


def test_the_command_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "simulation.cli", "--version"], capture_output=True, check=True
    )
    assert done.stdout.startswith(b"sociarium ")
