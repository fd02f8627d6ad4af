"""A person at the keyboard, as a terminal or a pipe has them."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from simulation import Episode
from simulation.episode.events import Asked

RUN = (
    "run", "village", "--mind", "human:Ada", "--mind", "rules", "--agents", "2", "--out", "e",
)  # fmt: skip


def command(*args: str) -> list[str]:
    return [sys.executable, "-m", "simulation.cli", *args]


def typed(folder: Path, lines: str, *args: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "100"}
    return subprocess.run(
        command(*args), cwd=folder, env=environ, input=lines, capture_output=True,
        encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


def test_lines_from_a_pipe_are_typed(tmp_path: Path) -> None:
    done = typed(tmp_path, "99\n?\n1\n", *RUN, "--ticks", "10")
    assert done.returncode == 0, done.stderr
    assert "There is no 99" in done.stderr
    assert "Ada> 1" in done.stderr
    asked = Episode.open(tmp_path / "e").each(Asked)
    assert [call.reply for call in asked] == ["99", "1"]


def test_the_end_of_the_lines_stops_in_order_and_more_lines_go_on(tmp_path: Path) -> None:
    stopped = typed(tmp_path, "1\n", *RUN, "--ticks", "40")
    assert stopped.returncode == 130
    lived = Episode.open(tmp_path / "e").ticks
    assert 0 < lived < 40
    on = typed(tmp_path, "wait 60\n", "resume", "e")
    assert on.returncode == 0, on.stderr
    assert Episode.open(tmp_path / "e").ticks == 40
    same = typed(tmp_path, "", "verify", "e")
    assert same.stdout.startswith("The same: 40 ticks")


def test_who_does_not_live_there_is_named_in_a_line(tmp_path: Path) -> None:
    done = typed(tmp_path, "", "run", "village", "--mind", "human:Zoe", "--agents", "2")
    assert done.returncode == 2
    assert "human:Zoe" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_ctrl_c_at_a_terminal_stops_in_order(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm"}
    with subprocess.Popen(
        command(*RUN, "--ticks", "40"), cwd=tmp_path, env=environ,
        stdin=theirs, stdout=theirs, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        # A starting line editor throws away what was typed before, and lets a signal wait for the
        # next key: a person presses again.
        try:
            shown = Shown(ours)
            shown.until(b"Ada> ")
            shown.until(b"You ate", nudge=lambda: os.write(ours, b"1\n"))
            shown.until(b"Ada> ")
            interrupt = partial(process.send_signal, signal.SIGINT)
            shown.until(b"sociarium resume e", nudge=interrupt)
            assert process.wait(timeout=60) == 130
        finally:
            process.kill()
    os.close(ours)
    assert Episode.open(tmp_path / "e").ticks > 0


class Shown:
    """What a terminal shows, read piece by piece.

    Args:
        terminal: The near end of it.
    """

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._rest = b""
        """Read already, and not looked at yet."""

    def until(
        self, wanted: bytes, *, nudge: Callable[[], object] = lambda: None, seconds: int = 60
    ) -> None:
        """Read on until something stands there.

        Args:
            wanted: What is waited for.
            nudge: Called at first, and whenever nothing was shown for five seconds.
            seconds: How long to wait without anything to read.
        """
        silent = 0
        nudge()
        while wanted not in self._rest:
            if not select.select([self._terminal], [], [], 5)[0]:
                silent += 5
                assert silent < seconds, f"{wanted!r} did not come: {self._rest[-500:]!r}"
                nudge()
                continue
            try:
                more = os.read(self._terminal, 4096)
            except OSError:
                more = b""
            assert more, f"{wanted!r} did not come: {self._rest[-500:]!r}"
            self._rest += more
        self._rest = self._rest.partition(wanted)[2]
