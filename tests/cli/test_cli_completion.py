from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulation.cli.app import app


def offered(line: str) -> list[str]:
    words = line.split(" ")
    environ = {
        "_SOCIARIUM_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    return CliRunner().invoke(app, [], env=environ).stdout.split()


def test_worlds_are_offered() -> None:
    assert "village" in offered("sociarium run v")


def test_minds_are_offered() -> None:
    assert offered("sociarium run village --mind r") == ["rules"]


def test_models_are_offered_up_to_where_a_name_is_needed() -> None:
    assert "fake" in offered("sociarium run village --model f")
    assert "ollama:" in offered("sociarium run village --model o")


def test_levers_of_the_world_are_offered_with_their_values() -> None:
    found = offered("sociarium run village --set vote=")
    assert found == ["vote=ballot", "vote=hands"]


def test_levers_of_a_world_that_does_not_exist_are_not_offered() -> None:
    assert offered("sociarium run nowhere --set v") == []


def test_kinds_are_offered() -> None:
    assert offered("sociarium new p") == ["persona"]
    assert "map" in offered("sociarium schema m")


def test_episodes_are_offered_and_other_folders_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("village-7-1", "notes"):
        (tmp_path / "episodes" / name).mkdir(parents=True)
    (tmp_path / "episodes" / "village-7-1" / "log.sqlite").touch()
    monkeypatch.chdir(tmp_path)
    assert offered("sociarium show episodes/") == ["episodes/village-7-1"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_the_shell_is_printed(shell: str) -> None:
    environ = {"_SOCIARIUM_COMPLETE": f"source_{shell}"}
    assert "sociarium" in CliRunner().invoke(app, [], env=environ).stdout
