"""A Chroma server: the store's contract on it, a run with it, and what happens without it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from chroma_server import Running, chroma_server, free_port
from typer.testing import CliRunner

from simulation.cli.app import app
from simulation.episode.events import Remembered, Warned
from simulation.errors import ConfigError
from simulation.memory.background import BackgroundStore, Table
from simulation.memory.chroma import ChromaStore
from simulation.memory.process import ProcessTable
from simulation.memory.server import ChromaServer, check_place
from simulation.memory.store import StoreError
from simulation.simulation import Simulation
from worlds import village

if TYPE_CHECKING:
    from typer.testing import Result


ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as server:
        yield server


CHECK = """
import sys
from simulation.memory import ChromaStore, check_memory_store, check_reopening

url, names = sys.argv[1], (f"contract {number}" for number in range(99))
check_memory_store(lambda: ChromaStore(url, next(names), process=False))
check_reopening(lambda: ChromaStore(url, "reopened", process=False))
"""


def test_a_server_keeps_the_contract(running: Running) -> None:
    # In a process that ends with its connections; one for each store would take far longer.
    done = subprocess.run(
        [sys.executable, "-c", CHECK, running.server.url],
        cwd=ROOT, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@contextmanager
def open_collection(url: str, collection: str) -> Generator[ChromaStore]:
    store = ChromaStore(url, collection.removeprefix("run-"))
    try:
        assert store.collection == collection
        yield store
    finally:
        store.close()


def live(out: Path, chroma: str, ticks: int = 20) -> Simulation:
    with Simulation(
        village.load(agents=2), model="fake", embedder="hash", out=out, chroma=chroma
    ) as simulation:
        simulation.run(ticks=ticks)
    return simulation


def test_a_run_stores_its_memories_on_a_server(running: Running, tmp_path: Path) -> None:
    url = running.server.url
    for out in (tmp_path / "one" / "episode", tmp_path / "other" / "episode"):
        simulation = live(out, url, ticks=3)
        formed = [event for event in simulation.episode.each(Remembered) if not event.again]
        assert not (out / "chroma").exists()
        options = json.loads((out / "run.json").read_text())
        assert options["chroma"] == url
        with open_collection(url, options["collection"]) as store:
            assert store.count() == len(formed) > 0
            assert store.high_water == 2
            found = store.get([formed[0].id])
            assert [memory.text for memory in found] == [formed[0].text]


def test_a_server_that_dies_is_a_fault_and_the_run_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "episode"
    with (
        chroma_server(tmp_path) as running,
        Simulation(
            village.load(agents=2), model="fake", embedder="hash", out=out,
            chroma=running.server.url,
        ) as simulation,
    ):  # fmt: skip
        simulation.run(ticks=5)
        running.stop()
        episode = simulation.run(ticks=40)
    assert episode.ticks == 45
    [warned] = episode.each(Warned)
    assert f"the Chroma server at {running.server.url} failed: " in warned.text
    assert "\n" not in warned.text


def test_memory_in_memory_leaves_no_folder(tmp_path: Path) -> None:
    simulation = live(tmp_path / "episode", "memory")
    assert any(simulation.episode.each(Remembered))
    assert sorted(path.name for path in simulation.out.iterdir()) == [
        "log.sqlite", "run.json", "seal.json", "spec.json",
    ]  # fmt: skip


def run_command(*args: str) -> Result:
    return CliRunner().invoke(app, ["run", "village", *args])


def test_the_command_stores_memories_on_a_server(running: Running, tmp_path: Path) -> None:
    out = tmp_path / "episode"
    url = running.server.url
    done = run_command(
        "--chroma", url, "--model", "fake", "--agents", "1", "--ticks", "2",
        "--out", str(out), "--quiet",
    )  # fmt: skip
    assert (done.exit_code, done.stdout.strip()) == (0, str(out))
    with open_collection(url, json.loads((out / "run.json").read_text())["collection"]) as store:
        assert store.count() > 0


def test_an_unreachable_server_is_one_line_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = f"http://127.0.0.1:{free_port()}"
    done = run_command("--chroma", url, "--mind", "rules", "--ticks", "2")
    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert line.startswith("error: no Chroma server answers there ([Errno ")
    assert line.endswith(f"): '{url}'. Start one with `chroma run --port 8000`.")
    with pytest.raises(ConfigError, match="no Chroma server answers there"):
        live(tmp_path / "episode", url)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ("./chroma", "not the address of a Chroma server: './chroma'. Give 'memory' or an"),
        ("localhost:8000", "not the address of a Chroma server"),
        ("http://", "not the address of a Chroma server"),
        ("http://localhost:99999", "not a port"),
        ("http://localhost/api/v2", "the address of a Chroma server ends with its port"),
        ("http://ada:secret@localhost", "a password does not belong into an address"),
    ],
)
def test_what_is_no_address_is_refused(place: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem) as caught:
        check_place(place)
    assert "secret" not in str(caught.value)


def test_an_address_is_read_and_written() -> None:
    assert ChromaServer.parse("https://chroma.example") == ChromaServer(
        host="chroma.example", port=8000, tls=True
    )
    assert ChromaServer.parse("http://[::1]:81/").url == "http://[::1]:81"
    assert check_place(None) is check_place("memory") is None


def test_what_is_no_chroma_server_is_found_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}")

        thread = Thread(target=answer)
        thread.start()
        with pytest.raises(ConfigError, match="that is no Chroma server"):
            check_place(f"http://127.0.0.1:{port}")
        thread.join(10)


def _hang() -> Table:
    time.sleep(60)
    raise AssertionError


@pytest.mark.skipif(sys.platform == "win32", reason="a process that hangs is killed by a signal")
def test_a_store_that_never_answers_is_given_up() -> None:
    store = BackgroundStore(lambda: ProcessTable(_hang, seconds=2))
    with pytest.raises(StoreError, match="it did not answer within 2 seconds"):
        store.count()
    store.close()
