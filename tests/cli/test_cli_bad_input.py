from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Cli

RUN = ("run", "village", "--mind", "rules", "--ticks", "2", "--agents", "2")


def complaint(cli: Cli, *args: str) -> str:
    """The one line that bad input gets."""
    before = sorted(Path.cwd().rglob("*"))
    result = cli(*args)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert sorted(Path.cwd().rglob("*")) == before, "something was written"
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("run", "vilage"), ["'vilage'", "did you mean 'village'?"]),
        (("run", "no.module:Class"), ["'no.module:Class'"]),
        (("run", "village", "--mind", "rule"), ["--mind", "'rule'", "did you mean 'rules'?"]),
        (("run", "village", "--model", "opanai:x"), ["'opanai:x'", "openai:NAME"]),
        (("run", "village", "--model", "openai:x"), ["pip install"]),
        (("run", "village", "--model", "local:/no/such.gguf"), ["/no/such.gguf"]),
        ((*RUN, "--agents", "0"), ["--agents", "0", "10"]),
        ((*RUN, "--agents", "11"), ["--agents", "11", "10"]),
        ((*RUN, "--agents", "many"), ["--agents"]),
        ((*RUN, "--ticks", "0"), ["--ticks"]),
        ((*RUN, "--ticks", "-5"), ["--ticks"]),
        ((*RUN, "--start", "25:00"), ["--start", "'25:00'"]),
        ((*RUN, "--start", "7"), ["--start", "'7'"]),
        ((*RUN, "--budget-calls", "-1"), ["--budget-calls"]),
        ((*RUN, "--seed", "x"), ["--seed"]),
        ((*RUN, "--set", "vote"), ["--set", "'vote'", "key=value"]),
        ((*RUN, "--set", "vot=hands"), ["'vot'", "did you mean 'vote'?"]),
        ((*RUN, "--set", "vote=shouts"), ["'shouts'", "hands", "ballot"]),
        ((*RUN, "--set", "agents=3"), ["'agents'"]),
        ((*RUN, "--without", "reflexion"), ["'reflexion'", "did you mean 'reflection'?"]),
        ((*RUN, "--option", "exponent=0.7"), ["exponent", "0.5", "'0.7'"]),
        ((*RUN, "--option", "retrived=3"), ["'retrived'", "did you mean 'retrieved'?"]),
        ((*RUN, "--option", "retrieved"), ["--option", "key=value"]),
        ((*RUN, "--option", "retrieval=nearest"), ["'nearest'", "park"]),
        ((*RUN, "--tick", "2"), ["--tick", "--ticks"]),
        (("rum", "village"), ["'rum'", "'run'"]),
        (("run",), ["WORLD"]),
        (("run", "village", "harbour"), ["harbour"]),
        (("show", "nowhere"), ["nowhere"]),
        (("export", "nowhere"), ["nowhere"]),
        (("list", "people"), ["'people'", "personas"]),
        (("new", "planet", "x"), ["'planet'", "persona"]),
        (("new", "persona", "Anna Maria"), ["'Anna Maria'"]),
        (("schema", "planet"), ["'planet'", "persona"]),
    ],
)
def test_bad_input_is_told_in_one_line(cli: Cli, args: tuple[str, ...], told: list[str]) -> None:
    line = complaint(cli, *args)
    for part in told:
        assert part in line


def test_an_episode_folder_that_exists_is_refused_before_anything_is_lived(
    cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "here").mkdir()
    assert "here" in complaint(cli, *RUN, "--out", "here")


def test_an_episode_in_a_place_that_cannot_be_written_is_refused(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "file" in complaint(cli, *RUN, "--out", "file/episode")


def test_a_folder_that_is_no_episode_is_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    for command in ("show", "export"):
        assert "notes" in complaint(cli, command, "notes")


def test_a_file_that_is_no_weights_is_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"not a model")
    assert "model.gguf" in complaint(cli, "run", "village", "--model", "local:model.gguf")


def test_a_persona_is_never_written_over(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "anna.yaml").write_text("mine")
    assert "anna.yaml" in complaint(cli, "new", "persona", "anna")
    assert (tmp_path / "anna.yaml").read_text() == "mine"


def test_a_folder_without_a_world_is_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "empty" in complaint(cli, "run", "./empty")


@pytest.mark.parametrize("args", [("--debug", "run", "vilage"), ("run", "vilage", "--debug")])
def test_debug_shows_the_traceback_and_the_same_line(cli: Cli, args: tuple[str, ...]) -> None:
    result = cli(*args)
    assert result.exit_code == 2
    assert "Traceback" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("error: unknown world")


def test_what_is_said_about_bad_input_cannot_steer_the_terminal(cli: Cli) -> None:
    assert "\x1b" not in complaint(cli, "run", "\x1b[31mred")
