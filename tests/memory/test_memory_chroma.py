from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simulation.errors import ConfigError
from simulation.memory.background import BackgroundStore
from simulation.memory.chroma import ChromaStore, collection_name
from simulation.memory.contract import check_memory_store, check_reopening
from simulation.memory.embeddings import HashEmbedder
from simulation.memory.process import ProcessTable
from simulation.memory.record import Memory
from simulation.memory.store import Row, StoreError, Where
from simulation.memory.vectors import to_int16

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
EMBEDDER = HashEmbedder()

WRITER = """
import signal
import sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
from simulation.memory import ChromaStore, HashEmbedder, Memory

store, embedder = ChromaStore(sys.argv[1], "a run"), HashEmbedder()
for tick in range(20):
    text = f"Ada saw cart number {tick} pass."
    memory = Memory(id=f"{tick}.0", agent="Ada", kind="observation", text=text, created=tick)
    store.put(memory, embedder.embed([text])[0], tick)
store.seal(19)
"""


def rows(number: int) -> Iterator[Row]:
    for tick in range(number):
        text = f"Ada saw cart number {tick} pass."
        memory = Memory(id=f"{tick}.0", agent="Ada", kind="observation", text=text, created=tick)
        yield Row(memory, EMBEDDER.embed([text])[0], tick)


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_chroma_on_disk_keeps_the_contract(tmp_path: Path) -> None:
    folders = iter(range(99))
    check_memory_store(lambda: ChromaStore(tmp_path / str(next(folders)), "run", process=False))
    check_reopening(lambda: ChromaStore(tmp_path / "again", "run", process=False))


def test_chroma_in_a_process_of_its_own_keeps_the_contract(tmp_path: Path) -> None:
    check_reopening(lambda: ChromaStore(tmp_path, "again"))


def test_chroma_in_memory_keeps_the_contract() -> None:
    check_memory_store(lambda: ChromaStore(None, "run"))


def test_two_runs_of_one_name_in_memory_do_not_meet() -> None:
    one, other = ChromaStore(None, "run"), ChromaStore(None, "run")
    for row in rows(3):
        one.put(*row)
    assert (one.count(), other.count()) == (3, 0)
    one.close()
    assert other.count() == 0
    other.close()


def test_runs_share_a_folder_without_meeting(tmp_path: Path) -> None:
    one = ChromaStore(tmp_path, "one", process=False)
    other = ChromaStore(tmp_path, "other", process=False)
    for row in rows(3):
        one.put(*row)
    assert (one.count(), other.count()) == (3, 0)
    one.close()
    assert other.fault is None
    assert other.count() == 0
    other.close()


def test_another_process_reads_what_one_wrote_even_if_it_never_closed(tmp_path: Path) -> None:
    writer = python(WRITER, str(tmp_path))
    assert writer.communicate(timeout=60) == ("", "")
    store = ChromaStore(tmp_path, "a run")
    assert store.count() == 20
    assert store.high_water == 19
    wanted = EMBEDDER.embed(["Ada saw cart number 7 pass."])[0]
    [hit] = store.query(wanted, 1, Where(since=5, until=15))
    assert (hit.memory.id, hit.memory.created) == ("7.0", 7)
    assert hit.similarity == pytest.approx(1, abs=1e-3)
    store.close()


def test_a_killed_run_leaves_a_store_that_opens(tmp_path: Path) -> None:
    endless = WRITER + "store.flush()\nprint('ready', flush=True)\nwhile True: store.count()\n"
    writer = python(endless, str(tmp_path))
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    writer.kill()
    writer.communicate(timeout=20)
    store = ChromaStore(tmp_path, "a run")
    assert (store.count(), store.high_water, store.fault) == (20, 19, None)
    store.close()


def test_a_crash_of_native_code_is_a_fault() -> None:
    store = BackgroundStore(partial(ProcessTable, partial(os._exit, 7)))
    with pytest.raises(StoreError, match="ended with code 7: it said nothing"):
        store.count()
    assert store.fault is not None
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a POSIX signal")
def test_ctrl_c_leaves_no_thread_hanging(tmp_path: Path) -> None:
    endless = WRITER + "store.flush()\nprint('ready', flush=True)\nwhile True: store.count()\n"
    writer = python(endless, str(tmp_path))
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    writer.send_signal(signal.SIGINT)
    _, errors = writer.communicate(timeout=20)
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert "Fatal" not in errors


def test_a_damaged_store_is_a_fault_and_is_rebuilt_elsewhere(tmp_path: Path) -> None:
    damaged = tmp_path / "old"
    damaged.mkdir()
    (damaged / "chroma.sqlite3").write_bytes(b"not a database" * 999)
    store = ChromaStore(damaged, "run")
    for row in rows(5):
        store.put(*row)
    store.flush()
    assert store.fault is not None
    with pytest.raises(StoreError, match="Rebuild it"):
        store.count()
    store.close()
    rebuilt = ChromaStore.rebuild(tmp_path / "new", "run", rows(5), high_water=9)
    assert (rebuilt.count(), rebuilt.high_water, rebuilt.fault) == (5, 9, None)
    rebuilt.close()


def test_a_rebuild_refuses_a_folder_in_use_or_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine")
    with pytest.raises(ConfigError, match="in use"):
        ChromaStore.rebuild(tmp_path, "run", rows(1))
    with pytest.raises(ConfigError, match="in use"):
        ChromaStore.rebuild(tmp_path / "kept", "run", rows(1))
    with pytest.raises(StoreError, match="could not be rebuilt"):
        ChromaStore.rebuild(tmp_path / "kept" / "below", "run", rows(1))


def test_a_vector_of_another_dimension_than_on_disk_is_a_fault(tmp_path: Path) -> None:
    store = ChromaStore(tmp_path, "run", process=False)
    [row] = rows(1)
    store.put(*row)
    store.close()
    again = ChromaStore(tmp_path, "run", process=False)
    again.put(row.memory, to_int16([1.0, 2.0]), 1)
    again.flush()
    assert again.fault is not None
    again.close()


def test_half_a_character_stops_no_store() -> None:
    store = ChromaStore(None, "run")
    [row] = rows(1)
    store.put(replace(row.memory, text="So \ud83d", spoken="\ud83d"), row.vector, 1)
    assert [memory.text for memory in store.get([row.memory.id])] == ["So ?"]
    store.close()


def test_a_run_id_becomes_a_name_that_chroma_allows() -> None:
    assert collection_name("village-7") == "run-village-7"
    odd = [collection_name(run_id) for run_id in ("a b", "a/b", "a-b", "", "日本", "x" * 999)]
    assert len(set(odd)) == len(odd)
    for name in odd:
        assert 3 <= len(name) <= 250
        assert name[-1].isalnum()
        assert all(c.isascii() and (c.isalnum() or c in "-_") for c in name)
