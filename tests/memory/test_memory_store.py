from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from simulation.errors import SimulationError
from simulation.memory.background import BATCH, BackgroundStore
from simulation.memory.contract import ContractError, check_memory_store, check_reopening
from simulation.memory.process import ProcessTable
from simulation.memory.record import Memory
from simulation.memory.store import EMPTY, Hit, ListStore, Row, StoreError, Where
from simulation.memory.vectors import Int16s, similarity, to_int16

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

VECTOR = to_int16([1.0, 2.0])


class DictTable:
    """A table that keeps a diary, and can be told to fail or to wait."""

    def __init__(self) -> None:
        self.high_water = EMPTY
        self.rows: dict[str, Row] = {}
        self.batches: list[tuple[int, int]] = []
        self.threads: set[int] = set()
        self.closed = 0
        self.fail: BaseException | None = None
        self.gate = threading.Event()
        self.gate.set()

    def open(self) -> DictTable:
        self.threads.add(threading.get_ident())
        return self

    def write(self, rows: Sequence[Row], high_water: int) -> None:
        assert self.gate.wait(10)
        self.threads.add(threading.get_ident())
        if self.fail is not None:
            raise self.fail
        assert len({row.memory.id for row in rows}) == len(rows)
        self.rows |= {row.memory.id: row for row in rows}
        self.batches.append((len(rows), high_water))
        self.high_water = high_water

    def query(self, vector: Int16s, limit: int, where: Where) -> list[Hit]:
        self.threads.add(threading.get_ident())
        rows = [row for row in self.rows.values() if where.allows(row.memory)]
        hits = [Hit(row.memory, similarity(row.vector, vector)) for row in rows]
        return sorted(hits, key=lambda hit: -hit.similarity)[:limit]

    def get(self, ids: Sequence[str]) -> list[Memory]:
        return [self.rows[one].memory for one in sorted(ids) if one in self.rows]

    def count(self) -> int:
        if self.fail is not None:
            raise self.fail
        return len(self.rows)

    def close(self) -> None:
        self.closed += 1


def memory(number: int, tick: int = 0) -> Memory:
    text = f"Thing {number} happened."
    return Memory(id=f"m{number}", agent="Ada", kind="observation", text=text, created=tick)


def test_a_list_keeps_the_contract() -> None:
    check_memory_store(ListStore)


def test_a_table_behind_a_thread_keeps_the_contract() -> None:
    check_memory_store(lambda: BackgroundStore(DictTable))
    kept = DictTable()
    check_reopening(lambda: BackgroundStore(lambda: kept))


def test_a_table_in_another_process_keeps_the_contract() -> None:
    check_memory_store(lambda: BackgroundStore(partial(ProcessTable, DictTable)))


class Forgets(ListStore):
    def put(self, memory: Memory, vector: Int16s, tick: int) -> None:
        if memory.id != "2.act.0.0":
            super().put(memory, vector, tick)


class Unsorted(ListStore):
    def query(self, vector: Int16s, limit: int = 10, where: Where | None = None) -> list[Hit]:
        return super().query(vector, 99, where)[::-1][: max(0, limit)]


class Unlimited(ListStore):
    def query(self, vector: Int16s, limit: int = 10, where: Where | None = None) -> list[Hit]:
        del where
        return super().query(vector, limit)


class Hasty(ListStore):
    def put(self, memory: Memory, vector: Int16s, tick: int) -> None:
        super().put(memory, vector, tick)
        self.seal(tick)


class Undead(ListStore):
    def close(self) -> None:
        pass


class Disorderly(ListStore):
    def get(self, ids: Sequence[str]) -> list[Memory]:
        return super().get(sorted(ids))


class Faulty(ListStore):
    @property
    def fault(self) -> str | None:
        return "disk full"


@pytest.mark.parametrize(
    ("make_store", "problem"),
    [
        (Forgets, "every field must come back"),
        (Disorderly, "in the order asked"),
        (Unsorted, "the very vector must come first"),
        (Unlimited, "must give"),
        (Hasty, "tick 3 is open"),
        (Undead, "a closed store must raise"),
        (Faulty, "disk full"),
    ],
)
def test_the_contract_finds_a_store_that_breaks_it(
    make_store: Callable[[], ListStore], problem: str
) -> None:
    with pytest.raises(ContractError, match=problem):
        check_memory_store(make_store)


def test_the_contract_finds_a_store_that_is_not_durable() -> None:
    with pytest.raises(ContractError, match="reopened at tick 3, it says -1"):
        check_reopening(ListStore)


def test_rows_are_written_in_batches_on_one_other_thread() -> None:
    table = DictTable()
    store = BackgroundStore(table.open)
    for number in range(2 * BATCH + 10):
        store.put(memory(number), VECTOR, 0)
    assert store.count() == 2 * BATCH + 10
    store.query(VECTOR)
    store.close()
    assert len(table.batches) <= 4
    assert len(table.threads) == 1
    assert threading.get_ident() not in table.threads
    assert table.closed == 1


def test_writing_does_not_wait_for_a_slow_table() -> None:
    table = DictTable()
    table.gate.clear()
    store = BackgroundStore(table.open)
    for number in range(3 * BATCH):
        store.put(memory(number), VECTOR, number)
    assert table.rows == {}
    table.gate.set()
    store.flush()
    assert len(table.rows) == 3 * BATCH
    store.close()


def test_no_mark_is_set_for_a_tick_of_which_a_row_still_waits() -> None:
    table = DictTable()
    store = BackgroundStore(table.open)
    for number in range(BATCH + 44):
        store.put(memory(number), VECTOR, number // 100)
    store.seal(2)
    store.close()
    written = 0
    for size, high_water in table.batches:
        written += size
        # A tick is 100 rows; the last one counts once all are in.
        assert high_water <= (2 if written == BATCH + 44 else written // 100 - 1)
    assert table.high_water == 2


def test_a_memory_put_twice_in_a_batch_is_written_as_it_was_last() -> None:
    table = DictTable()
    store = BackgroundStore(table.open)
    store.put(memory(1, tick=1), VECTOR, 1)
    store.put(memory(1, tick=2), VECTOR, 2)
    store.close()
    assert table.rows["m1"].memory.created == 2


def test_a_table_that_never_opened_is_never_closed() -> None:
    table = DictTable()
    BackgroundStore(table.open).close()
    assert table.threads == set()
    assert table.closed == 0


class Panic(BaseException):
    """As native code raises it."""


@pytest.mark.parametrize("error", [OSError("disk full"), Panic("poisoned")])
def test_a_table_that_fails_stops_the_store_and_not_the_run(error: BaseException) -> None:
    table = DictTable()
    store = BackgroundStore(table.open)
    store.put(memory(1), VECTOR, 1)
    store.seal(1)
    store.flush()
    table.fail = error
    store.put(memory(2), VECTOR, 2)
    store.flush()
    assert store.fault == f"{type(error).__name__}: {error}"
    store.put(memory(3), VECTOR, 3)
    store.seal(3)
    store.flush()
    assert store.high_water == 1
    with pytest.raises(StoreError, match=f"has failed: .*{error}. Rebuild it"):
        store.count()
    store.close()
    assert store.fault is not None
    assert table.closed == 1
    assert set(table.rows) == {"m1"}


def test_a_table_that_cannot_be_opened_is_a_fault() -> None:
    def refuse() -> DictTable:
        raise PermissionError("read-only")

    store = BackgroundStore(refuse)
    store.put(memory(1), VECTOR, 1)
    store.flush()
    assert store.fault == "PermissionError: read-only"
    assert store.high_water == EMPTY
    store.close()


def test_a_question_that_fails_is_answered_and_harms_no_writing() -> None:
    table = DictTable()
    store = BackgroundStore(table.open)
    store.flush()
    table.fail = KeyError("odd")
    with pytest.raises(SimulationError, match="KeyError"):
        store.count()
    table.fail = None
    store.put(memory(1), VECTOR, 1)
    assert store.count() == 1
    assert store.fault is None
    store.close()


def test_a_closed_store_refuses_and_says_so() -> None:
    store = BackgroundStore(DictTable)
    store.put(memory(1), VECTOR, 4)
    store.close()
    store.flush()
    assert store.high_water == 3
    with pytest.raises(StoreError, match="closed"):
        store.put(memory(2), VECTOR, 5)
    with pytest.raises(StoreError, match="closed"):
        store.get(["m1"])


def test_a_store_that_nobody_closed_ends_with_its_last_reference() -> None:
    table = DictTable()
    store = BackgroundStore(table.open)
    store.put(memory(1), VECTOR, 1)
    del store
    assert table.closed == 1
    assert set(table.rows) == {"m1"}
