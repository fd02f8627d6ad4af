"""Ways to run the command in a test: inside the process, or as one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

Cli = Callable[..., Result]
"""Runs a command line in this process and returns what came of it."""


def start(*args: str, cwd: Path, **environ: str) -> subprocess.Popen[str]:
    """The command as a process, for what is about locales, pipes or signals."""
    return subprocess.Popen(
        [sys.executable, "-m", "simulation.cli", *args],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def finish(process: subprocess.Popen[str], seconds: float = 60) -> tuple[int, str, str]:
    """Wait for a process: exit code, stdout, stderr."""
    out, err = process.communicate(timeout=seconds)
    return process.returncode, out, err
