"""A run with a live view, and a client that speaks to it as a browser does."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

from simulation import Simulation
from simulation.replay.live.server import LiveServer
from simulation.replay.live.session import Session
from worlds import village

SECONDS = 20.0
"""How long anything may take on a machine that is shared."""
PAGE = "<!doctype html><title>a page</title>"


class Answered(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        """The body as JSON."""
        packed = self.headers.get("content-encoding") == "gzip"
        return json.loads(gzip.decompress(self.body) if packed else self.body)


class Client:
    """Sends requests as they are given: what a browser would refuse to send, too."""

    def __init__(self, server: LiveServer) -> None:
        self.port = server.port
        self.token = server.guard.token

    @property
    def origin(self) -> str:
        """The server's own."""
        return f"http://127.0.0.1:{self.port}"

    def send(
        self, method: str, path: str, body: bytes | None = None, **headers: str | None
    ) -> Answered:
        """Send a request with the token; a header that is None is left away."""
        given = {"x-sociarium-token": self.token, "host": f"127.0.0.1:{self.port}"}
        if body is not None:
            given |= {"content-type": "application/json", "content-length": str(len(body))}
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        wanted = {name: value for name, value in {**given, **changed}.items() if value is not None}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in wanted.items():
                connection.putheader(name, value)
            with suppress(ConnectionError):  # an answer may come before all of a body is sent
                connection.endheaders(body)
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answered(answer.status, told, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str | None) -> Answered:
        """Ask for something."""
        return self.send("GET", path, body=None, **headers)

    def command(self, do: str, text: str | None = None, **headers: str | None) -> Answered:
        """Tell the run what to do."""
        said = {"do": do} if text is None else {"do": do, "text": text}
        return self.send("POST", "/command", body=json.dumps(said).encode(), **headers)

    @contextmanager
    def follow(self) -> Generator[Iterator[tuple[str, Any]]]:
        """Read the stream: kinds of messages, and what they say."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        connection.request("GET", "/growth", headers={"x-sociarium-token": self.token})
        answer = connection.getresponse()
        assert answer.status == 200
        try:
            yield _frames(iter(answer.readline, b""))
        finally:
            answer.close()
            connection.close()


def _frames(lines: Iterator[bytes]) -> Iterator[tuple[str, Any]]:
    kind = ""
    for line in lines:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            yield kind, json.loads(value)


def wait_until(what: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Wait for something that another thread brings about."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.005)


class Watched(NamedTuple):
    """A run that is looked at."""

    simulation: Simulation
    session: Session
    server: LiveServer
    client: Client

    def until(self, what: Callable[[], bool], seconds: float = SECONDS) -> None:
        """Wait for something that the run brings about."""
        wait_until(what, seconds)

    def lived(self, ticks: int) -> None:
        """Wait until so many ticks were lived and the run waits."""
        self.until(lambda: self.session.state()[:2] == (ticks, "paused"))

    def over(self) -> None:
        """Let it live to its end."""
        self.session.gate.play()
        self.until(lambda: self.session.state().state == "over")


@contextmanager
def watched(
    out: Path, ticks: int = 10, *, page: str | None = PAGE, **options: Any
) -> Generator[Watched]:
    """A run of two residents by rules that waits before its first tick, with its live view."""
    session = Session(paused=True)
    settings: dict[str, Any] = {"mind": "rules", "chroma": "memory", **options}
    server = LiveServer()
    spec = village.load(agents=settings.pop("agents", 2))
    with (
        server,
        Simulation(spec, out=out, progress=session, gate=session.gate, **settings) as simulation,
    ):
        session.attach(simulation, until=ticks)
        server.serve(session, page)

        def live() -> None:
            simulation.run(ticks)
            session.end(simulation.end or "finished")

        thread = threading.Thread(target=live)
        thread.start()
        try:
            found = Watched(simulation, session, server, Client(server))
            found.lived(0)
            yield found
        finally:
            simulation.stop()
            thread.join()
