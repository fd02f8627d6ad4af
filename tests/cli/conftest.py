from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Cli
from typer.testing import CliRunner, Result

from simulation.cli.app import app


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Runs a command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*args: str) -> Result:
        return CliRunner().invoke(app, list(args))

    return run
