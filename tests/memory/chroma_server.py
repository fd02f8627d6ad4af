"""A Chroma server of one's own on loopback, for as long as a test needs it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from simulation.errors import ConfigError
from simulation.memory.server import ChromaServer

if TYPE_CHECKING:
    from collections.abc import Generator

_SECONDS = 60
_SERVE = "import sys; from chromadb.cli.cli import app; sys.argv[0] = 'chroma'; app()"


class Running(NamedTuple):
    """A server that answers, and its process."""

    server: ChromaServer
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it, whether it wants to or not."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def chroma_server(folder: Path) -> Generator[Running]:
    """Start ``chroma run`` on a free port and wait until it answers; it is always stopped."""
    port = free_port()
    command = ["run", "--path", str(folder / "db"), "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, *command],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    running = Running(ChromaServer(host="127.0.0.1", port=port), process)
    try:
        _wait_for(running, folder / "server.log")
        yield running
    finally:
        running.stop()


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(running: Running, log: Path) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        assert running.process.poll() is None, log.read_text(errors="replace")
        try:
            running.server.check()
        except ConfigError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text(errors="replace"))
