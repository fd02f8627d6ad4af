from __future__ import annotations

import subprocess
import sys

import pytest
from command_line import Cli

COMMANDS = (
    "run", "show", "interview", "measure", "export", "list", "new", "schema", "doctor",
)  # fmt: skip
HEAVY = ("mesa", "numpy", "pandas", "chromadb", "langchain_core", "xllamacpp", "networkx")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_examples(cli: Cli, command: str) -> None:
    result = cli(command, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.stdout
    assert f"sociarium {command}" in result.stdout


def test_the_command_alone_prints_the_same_as_help(cli: Cli) -> None:
    alone = cli()
    assert alone.exit_code == 0
    assert alone.stdout == cli("--help").stdout
    assert all(command in alone.stdout for command in COMMANDS)


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "simulation.cli", "run", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert imported.isdisjoint(HEAVY)


def test_the_version_is_the_one_that_is_installed(cli: Cli) -> None:
    result = cli("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("sociarium ")
