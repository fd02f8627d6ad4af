"""``sociarium run --live`` as somebody types it."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from live_client import SECONDS, wait_until

from simulation import Episode, Simulation
from simulation.episode.events import Intervened
from worlds import village

RUN = ("run", "village", "--mind", "rules", "--agents", "2", "--live", "--no-open", "--out", "e")
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/\?token=([\w-]{43})")

Start = Callable[..., "Command"]


class Command:
    """The command as a process, with what it said to its terminal or its pipe."""

    def __init__(self, folder: Path, *args: str, terminal: bool = False) -> None:
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "200"}
        self._said = folder / "said"
        self._master, end = pty.openpty() if terminal else (-1, -1)
        with self._said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "simulation.cli", *args],
                cwd=folder, env=environ, stdin=subprocess.DEVNULL,
                stdout=end if terminal else said, stderr=end if terminal else said,
            )  # fmt: skip
        if terminal:
            os.close(end)

    @property
    def said(self) -> str:
        """All that it has said so far."""
        while self._master >= 0 and (part := _read(self._master)):
            with self._said.open("ab") as said:
                said.write(part)
        return self._said.read_text(encoding="utf-8", errors="replace")

    def address(self) -> tuple[int, str]:
        """The port and the token that it printed."""
        wait_until(lambda: bool(ADDRESS.search(self.said)), 60)
        found = ADDRESS.search(self.said)
        assert found is not None
        return int(found[1]), found[2]

    def tell(self, do: str, text: str = "") -> str:
        """Command the run through its live view."""
        port, token = self.address()
        connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        headers = {"x-sociarium-token": token, "content-type": "application/json"}
        connection.request("POST", "/command", json.dumps({"do": do, "text": text}), headers)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return str(answer["text"])

    def begun(self) -> None:
        """Wait until the run takes commands."""
        wait_until(lambda: "not begun" not in self.tell("pause"))

    def end(self) -> int:
        """Its exit code."""
        until = time.monotonic() + SECONDS
        while self.process.poll() is None and time.monotonic() < until:
            _ = self.said
            time.sleep(0.01)
        return self.process.wait(timeout=1)

    def close(self) -> None:
        """Let go of it."""
        self.process.kill()
        self.process.wait()
        if self._master >= 0:
            os.close(self._master)


def _read(terminal: int) -> bytes:
    os.set_blocking(terminal, False)
    try:
        return os.read(terminal, 65536)
    except OSError:  # nothing there yet, or nobody at the other end
        return b""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    made: list[Command] = []

    def begin(*args: str, terminal: bool = False) -> Command:
        made.append(Command(tmp_path, *args, terminal=terminal))
        return made[-1]

    yield begin
    for command in made:
        command.close()


def test_a_run_that_waits_is_reached_into_steps_and_ends_in_order_at_ctrl_c(
    start: Start, tmp_path: Path
) -> None:
    run = start(*RUN, "--paused")
    run.begun()
    assert run.tell("intervene", 'whisper ada "the lamp is out"').startswith("Is done in the next")
    run.tell("step")
    wait_until(lambda: Episode.open(tmp_path / "e").ticks == 1)
    run.process.send_signal(signal.SIGINT)
    assert run.end() == 130, run.said
    episode = Episode.open(tmp_path / "e")
    assert [event.kind for event in episode.each(Intervened)] == ["whisper"]
    assert episode.ended is not None
    assert (episode.ended.reason, episode.ticks) == ("interrupted", 1)


def test_at_a_terminal_the_view_stays_up_until_ctrl_c(start: Start) -> None:
    run = start(*RUN, "--ticks", "3", terminal=True)
    wait_until(lambda: "until Ctrl-C" in run.said, 60)
    assert run.tell("play").startswith("the run is over (finished)")
    assert run.process.poll() is None
    run.process.send_signal(signal.SIGINT)
    assert run.end() == 0, run.said


def test_an_episode_is_gone_on_with_before_ones_eyes(start: Start, tmp_path: Path) -> None:
    spec = village.load(agents=2)
    with Simulation(spec, mind="rules", out=tmp_path / "e") as simulation:
        simulation.run(3)
    run = start("resume", "e", "--ticks", "6", "--live", "--no-open", "--paused", "--quiet")
    run.begun()
    assert Episode.open(tmp_path / "e").ticks == 3
    run.tell("play")
    assert run.end() == 0, run.said
    assert Episode.open(tmp_path / "e").ticks == 6
    assert re.fullmatch(r"Live: http\S+\ne\n", run.said)


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (["--port", "8000"], "--port: goes with --live alone"),
        (["--no-open"], "--no-open: goes with --live alone"),
        (["--paused"], "--paused: goes with --live alone"),
        (["--pace", "1"], "--pace: goes with --live alone"),
        (["--live", "--port", "70000"], "--port: no such port: 70000"),
        (["--live", "--dry-run"], "--live: nothing is lived with --dry-run"),
        (["--live", "--pace", "inf"], "--pace: not a number of seconds"),
    ],
)
def test_options_that_do_not_go_together_are_told_in_a_line_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], what: str
) -> None:
    from typer.testing import CliRunner

    from simulation.cli.app import app

    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(app, ["run", "village", "--mind", "rules", *args])
    assert told.exit_code == 2
    assert told.stderr.startswith(f"error: {what}")
    assert told.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())
