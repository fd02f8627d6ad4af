from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Cli, finish, start

from simulation import Episode
from simulation.episode.export import canonical_sha256
from tests.episode.forge import forge

SHORT = ("run", "village", "--mind", "rules", "--agents", "3", "--quiet")


def test_an_interrupted_run_says_how_to_go_on_and_does(cli: Cli, tmp_path: Path) -> None:
    day = ("run", "village", "--mind", "rules", "--ticks", "100000", "--out", "day")
    process = start(*day, cwd=tmp_path)
    while not (tmp_path / "day").exists() or Episode.open(tmp_path / "day").ticks < 3:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    code, out, _ = finish(process)
    assert code == 130
    assert "sociarium resume day" in out
    lived = Episode.open(tmp_path / "day").ticks
    result = cli("resume", "day", "--ticks", str(lived + 5))
    assert result.exit_code == 0, result.stderr
    assert f"Living {lived} ticks again" in result.stderr
    assert Episode.open(tmp_path / "day").ticks == lived + 5


def test_an_episode_that_reached_its_end_is_left_as_it_is(cli: Cli, tmp_path: Path) -> None:
    assert cli(*SHORT, "--ticks", "5", "--out", "e").exit_code == 0
    before = (tmp_path / "e" / "log.sqlite").read_bytes()
    result = cli("resume", "e")
    assert result.exit_code == 0
    assert "Nothing is left to live" in result.stderr
    assert (tmp_path / "e" / "log.sqlite").read_bytes() == before


def test_ticks_that_were_lived_cannot_be_taken_back(cli: Cli) -> None:
    assert cli(*SHORT, "--ticks", "5", "--out", "e").exit_code == 0
    result = cli("resume", "e", "--ticks", "3")
    assert result.exit_code == 2
    assert "--ticks" in result.stderr
    assert result.stderr.count("\n") == 1


def test_verify_says_what_it_compared(cli: Cli) -> None:
    assert cli(*SHORT, "--ticks", "20", "--out", "e").exit_code == 0
    said = cli("verify", "e")
    assert said.exit_code == 0
    assert said.stdout.startswith("The same: 20 ticks,")
    verified = json.loads(cli("verify", "e", "--json").stdout)
    assert verified["same"] is True
    assert verified["ticks"] == 20


def test_verify_shows_the_first_event_that_differs_and_exits_with_1(
    cli: Cli, tmp_path: Path
) -> None:
    run = ("run", "village", "--model", "fake", "--agents", "2", "--ticks", "40", "--quiet")
    assert cli(*run, "--out", "e").exit_code == 0
    said = '{"failed":"no"}'
    forge(tmp_path / "e", "UPDATE journal SET reply = ? WHERE purpose = 'decide'", (said,))
    result = cli("verify", "e")
    assert result.exit_code == 1
    assert "differs: then" in result.stderr


def test_recorded_replies_are_a_model_by_name(cli: Cli, tmp_path: Path) -> None:
    run = ("run", "village", "--agents", "2", "--ticks", "15", "--quiet")
    assert cli(*run, "--model", "fake", "--out", "a").exit_code == 0
    again = cli(*run, "--model", "recorded:a", "--out", "b")
    assert again.exit_code == 0, again.stderr
    first, second = (Episode.open(tmp_path / name) for name in "ab")
    assert canonical_sha256(first) == canonical_sha256(second)


def test_who_comes_after_needs_a_record_before(cli: Cli) -> None:
    result = cli("run", "village", "--model", "fake", "--then", "fake")
    assert result.exit_code == 2
    assert "--then" in result.stderr


def test_a_model_that_is_gone_stops_the_run_in_order_to_be_gone_on_with(
    cli: Cli, tmp_path: Path
) -> None:
    run = ("run", "village", "--agents", "3", "--ticks", "300", "--out", "e")
    result = cli(*run, "--model", "faulty:unauthorised=1:fake")
    assert result.exit_code == 1
    assert "has not answered" in result.stdout
    assert "sociarium resume e" in result.stdout
    assert "sk-" not in result.stdout + result.stderr
    again = cli("resume", "e", "--model", "fake", "--ticks", "40", "--quiet")
    assert again.exit_code == 0, again.stderr
    assert Episode.open(tmp_path / "e").ticks == 40


def test_a_run_goes_on_without_its_model_where_that_is_wanted(cli: Cli, tmp_path: Path) -> None:
    run = ("run", "village", "--agents", "3", "--ticks", "300", "--out", "e", "--quiet")
    wanted = ("--model", "faulty:unauthorised=1:fake", "--outage", "fall-back")
    assert cli(*run, *wanted).exit_code == 0
    assert cli("verify", "e").exit_code == 0
    assert cli(*run, "--outage", "panic").exit_code == 2


SHORT_OF_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
from simulation.cli import main
sys.argv = ["sociarium", *sys.argv[1:]]
main()
"""
"""A file that cannot grow any more is what a full disk looks like from inside."""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are POSIX")
def test_a_full_disk_ends_a_run_in_one_line_and_it_goes_on_when_there_is_room(
    cli: Cli, tmp_path: Path
) -> None:
    run = ("run", "village", "--model", "fake", "--agents", "3", "--ticks", "300", "--quiet")
    more = ("--chroma", "memory")
    done = subprocess.run(
        [sys.executable, "-c", SHORT_OF_DISK, *run, *more, "--out", "e"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "the episode cannot be written" in done.stderr
    assert str(tmp_path) in done.stderr
    assert "Traceback" not in done.stderr
    assert cli("resume", "e", "--quiet").exit_code == 0
    assert cli(*run, *more, "--out", "whole").exit_code == 0
    episodes = [Episode.open(tmp_path / name) for name in ("e", "whole")]
    assert canonical_sha256(episodes[0]) == canonical_sha256(episodes[1])


def test_a_model_that_answers_nothing_is_not_passed_over(cli: Cli) -> None:
    run = ("run", "village", "--agents", "2", "--ticks", "5", "--out", "e")
    result = cli(*run, "--model", "faulty:unauthorised=1:fake")
    assert result.exit_code == 0
    assert "The model answered nothing" in result.stdout
