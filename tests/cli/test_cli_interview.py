from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from command_line import Cli
from typer.testing import CliRunner

from simulation import Simulation
from simulation.cli.app import app
from simulation.mind.options import MindOptions
from worlds import village

WORK = "What work do you do here?"


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An hour of three residents."""
    out = tmp_path_factory.mktemp("evening") / "e"
    spec, options = village.load(agents=3), MindOptions(reflection_threshold=15)
    with Simulation(
        spec, model="fake", embedder="hash", out=out, start="17:30", options=options
    ) as simulation:
        simulation.run(ticks=60)
    return out


def test_one_question_is_answered_with_the_ids_that_it_rests_on(cli: Cli, evening: Path) -> None:
    result = cli("interview", str(evening), "Ada", WORK)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("I am a warden who keeps the tide book")
    assert "persona:ada.who" in result.stdout
    assert result.stderr == ""


def test_an_answer_as_json_has_everything(cli: Cli, evening: Path) -> None:
    at = ("--at", "18:00", "--condition", "no-reflection", "--as-known-to", "bram")
    answer = json.loads(cli("interview", str(evening), "ada", WORK, *at, "--json").stdout)
    assert (answer["tick"], answer["time"]) == (30, "18:00")
    assert (answer["condition"], answer["as_known_to"]) == ("no-reflection", "bram")
    assert answer["cites"][0]["id"] == "persona:ada.who"
    assert (answer["fallback"], answer["calls"]) == (False, 1)


def test_no_answer_is_marked_as_one(cli: Cli, evening: Path) -> None:
    result = cli("interview", str(evening), "ada", "What is the capital of France?")
    assert result.exit_code == 0
    assert result.stdout == "I cannot say.\n"
    assert "no answer" in result.stderr


def test_an_interview_writes_nothing(cli: Cli, evening: Path, tmp_path: Path) -> None:
    def state() -> dict[str, str]:
        files = [path for path in evening.rglob("*") if path.is_file()]
        return {str(path): sha256(path.read_bytes()).hexdigest() for path in files}

    before = state()
    assert cli("interview", str(evening), "ada", WORK).exit_code == 0
    assert state() == before
    assert list(tmp_path.iterdir()) == []


def test_a_talk_goes_on_until_it_is_left(evening: Path) -> None:
    lines = f"{WORK}\n\n  What are you going to do at 20:00? \n/quit\nWho are you?\n"
    result = CliRunner().invoke(app, ["interview", str(evening), "ada"], input=lines)
    assert result.exit_code == 0, result.stderr
    assert "I am a warden" in result.stdout
    assert result.stdout.count("what it rests on") == 2


def test_a_question_that_is_none_does_not_end_a_talk(evening: Path) -> None:
    lines = f"{'x' * 3000}\n{WORK}\n"
    result = CliRunner().invoke(app, ["interview", str(evening), "ada"], input=lines)
    assert result.exit_code == 0
    assert "at most 2,000 characters" in result.stderr
    assert "I am a warden" in result.stdout


def test_a_talk_ends_with_its_lines(evening: Path) -> None:
    result = CliRunner().invoke(app, ["interview", str(evening), "ada"], input=WORK)
    assert result.exit_code == 0, result.stderr
    assert "I am a warden" in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has another Ctrl-C")
def test_ctrl_c_leaves_a_talk_in_order(evening: Path) -> None:
    code = (
        "import signal\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # A background job ignores it.
        "from simulation.cli import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code, "interview", str(evening), "ada"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{WORK}\n")
        process.stdin.flush()
        assert process.stdout.readline().startswith("I am a warden")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors


def test_the_set_is_asked_under_all_conditions_and_written_down(
    cli: Cli, evening: Path, tmp_path: Path
) -> None:
    everybody = ("interview", str(evening), "all", "--set", "believability")
    result = cli(*everybody, "--out", "answers.csv")
    assert result.exit_code == 0, result.stderr
    for word in ("self-knowledge", "reactions", "no-reflection", "nothing", "all"):
        assert word in result.stdout
    with (tmp_path / "answers.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["agent"] for row in rows} == {"ada", "bram", "chiara"}
    assert len({row["condition"] for row in rows}) == 4
    assert {row["supported"] for row in rows} == {"True", "False"}


def test_the_set_as_json_has_shares_and_answers(cli: Cli, evening: Path) -> None:
    chosen = ("--set", "believability", "--conditions", "full,nothing", "--json")
    told = json.loads(cli("interview", str(evening), "ada", *chosen).stdout)
    shares = {(row["condition"], row["family"]): row["share"] for row in told["shares"]}
    assert shares["full", "all"] > shares["nothing", "all"] == 0
    assert {row["answer"]["condition"] for row in told["answers"]} == {"full", "nothing"}
    assert told["judgements"] == []


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("zed", WORK), ["'zed'", "ada, bram, chiara"]),
        (("all", WORK), ["'all'", "ada, bram, chiara"]),
        (("ada", WORK, "--tick", "60"), ["60", "Ticks 0 to 59 were lived, 17:30 to 18:29"]),
        (("ada", WORK, "--at", "23:00"), ["330", "Ticks 0 to 59"]),
        (("ada", WORK, "--at", "noon"), ["'noon'"]),
        (("ada", WORK, "--at", "18:00", "--tick", "3"), ["--at", "not both"]),
        (("ada", WORK, "--condition", "ful"), ["'ful'", "did you mean 'full'?"]),
        (("ada", WORK, "--condition", "all"), ["--condition", "one condition at a time"]),
        (("ada", WORK, "--as-known-to", "zed"), ["'zed'"]),
        (("ada", WORK, "--model", "nix"), ["'nix'"]),
        (("ada", WORK, "--out", "a.csv"), ["--out", "--set believability"]),
        (("ada", WORK, "--judge", "fake"), ["--judge", "--set believability"]),
        (("ada", WORK, "--set", "believability"), ["--set"]),
        (("ada", "--set", "belief"), ["--set", "'belief'", "believability"]),
        (("ada", "--set", "believability", "--judge", "fake"), ["judge", "chat model"]),
        (("ada", " "), ["an empty question"]),
    ],
)
def test_bad_input_is_told_in_one_line(
    cli: Cli, evening: Path, args: tuple[str, ...], told: list[str]
) -> None:
    result = cli("interview", str(evening), *args)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    for part in told:
        assert part in result.stderr


def test_answers_are_never_written_over(cli: Cli, evening: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine")
    asked = ("interview", str(evening), "ada", "--set", "believability", "--out", "a.csv")
    result = cli(*asked)
    assert result.exit_code == 2
    assert "a.csv" in result.stderr
    assert (tmp_path / "a.csv").read_text() == "mine"


def test_who_keeps_no_memories_is_told_from_who_does(cli: Cli) -> None:
    run = ("run", "village", "--mind", "rules", "--ticks", "3", "--agents", "2", "--quiet")
    assert cli(*run, "--out", "ruled").exit_code == 0
    result = cli("interview", "ruled", "ada", WORK)
    assert result.exit_code == 2
    assert "formed no memories" in result.stderr


def test_there_is_no_such_episode(cli: Cli) -> None:
    result = cli("interview", "nowhere", "ada", WORK)
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
