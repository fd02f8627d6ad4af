"""A store behind a thread: writing is an append to a queue, whatever the store takes.

One thread opens the table, writes batches to it, reads from it and closes it; no other thread
ever touches it. So a table needs no locks, an import of two seconds delays nobody, and a table
that fails in whatever way (a panic of native code included) is a fault on record, not the end
of a run.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeVar
from weakref import finalize

from simulation.memory.store import EMPTY, Hit, Row, StoreError, Where
from simulation.memory.vectors import Int16s, checked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulation.memory.record import Memory

T = TypeVar("T")

BATCH: Final = 256
"""Rows per write: a batch costs 0.5 ms a row where single rows cost 10."""
LINGER: Final = 0.5
"""Seconds that a short batch waits for company; recorded nowhere, so no matter to a run."""
EXIT_SECONDS: Final = 15.0
"""How long the end of the process waits for the rest; a rebuild mends what is missing."""


class Table(Protocol):
    """What a durable store is made of: plain calls, all from one thread. They may raise."""

    @property
    def high_water(self) -> int:
        """As last written; -1 if never."""
        ...

    def write(self, rows: Sequence[Row], high_water: int) -> None:
        """Insert or replace rows (their ids are distinct), then record the high-water tick."""
        ...

    def query(self, vector: Int16s, limit: int, where: Where) -> list[Hit]:
        """Return the nearest, nearest first."""
        ...

    def get(self, ids: Sequence[str]) -> list[Memory]:
        """Return those that exist, in any order."""
        ...

    def count(self) -> int:
        """Return the number of rows."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class _Job(NamedTuple):
    """Something to do on the thread once all that was put before is written."""

    work: Callable[[Table], Any]
    answer: Future[Any]


class BackgroundStore:
    """A :class:`~simulation.memory.MemoryStore` over any table.

    The thread starts, and the table opens, at the first use. Leaving the process without
    :meth:`close` still writes what is waiting, for a few seconds at most.

    Args:
        open_table: Opens the table; called once, on the thread.
    """

    def __init__(self, open_table: Callable[[], Table]) -> None:
        self._worker = _Worker(open_table)
        self._dimension: int | None = None
        # Runs at exit, or when a store that nobody closed is collected.
        self._finalizer = finalize(self, self._worker.stop, EXIT_SECONDS)

    @property
    def fault(self) -> str | None:
        """Why the store stopped taking memories, or None while all is well."""
        return self._worker.fault

    @property
    def high_water(self) -> int:
        """The last tick of which all memories are known to be stored; -1: none.

        After a fault or the end: as far as it came.
        """
        self._wait()
        return self._worker.high_water

    def put(self, memory: Memory, vector: Int16s, tick: int) -> None:
        """Queue a memory. After a fault it is dropped: the episode still has it."""
        checked(vector, self._dimension)
        self._dimension = len(vector)
        self._worker.put(Row(memory, vector, tick))

    def seal(self, tick: int) -> None:
        """Say that no memory of this tick or an earlier one will follow."""
        self._worker.seal(tick)

    def flush(self) -> None:
        """Wait until all that was put is stored, or the store has failed."""
        if self._worker.started:
            self._wait()

    def query(self, vector: Int16s, limit: int = 10, where: Where | None = None) -> list[Hit]:
        """Return the memories nearest to a vector, nearest first."""
        checked(vector, self._dimension)
        if limit < 1:
            return []
        return self._worker.ask(lambda table: table.query(vector, limit, where or Where()))

    def get(self, ids: Sequence[str]) -> list[Memory]:
        """Return the memories with these ids in this order, leaving out unknown ones."""
        wanted = list(ids)
        if not wanted:
            return []
        found = {
            m.id: m for m in self._worker.ask(lambda table: table.get(list(dict.fromkeys(wanted))))
        }
        return [found[one] for one in wanted if one in found]

    def count(self) -> int:
        """Return how many memories are stored."""
        return self._worker.ask(lambda table: table.count())

    def close(self) -> None:
        """Write what was put, then close the table and end the thread. Twice is once."""
        self._worker.stop(None)
        self._finalizer.detach()

    def _wait(self) -> None:
        with suppress(StoreError):  # failed or closed: nothing is left to wait for
            self._worker.ask(lambda _: None)


class _Worker:
    """The queue and its thread. It holds no reference to the store, which can so be collected.

    idle ──first use──► running ──stop──► stopped
                           └──an error in opening or writing──► failed: drops all that comes
    """

    def __init__(self, open_table: Callable[[], Table]) -> None:
        self.fault: str | None = None
        self.high_water = EMPTY
        self.stopped = False
        self._open_table = open_table
        self._inbox: deque[Row | _Job] = deque()
        self._jobs = 0
        self._at_hand: _Job | None = None
        self._sealed = EMPTY
        self._hurry = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    @property
    def started(self) -> bool:
        return self._thread is not None

    def put(self, row: Row) -> None:
        with self._changed:
            self._refuse_if_stopped()
            if self.fault is None:
                self._sealed = max(self._sealed, row.tick - 1)
                self._add(row)

    def seal(self, tick: int) -> None:
        with self._changed:
            self._sealed = max(self._sealed, tick)
            self._changed.notify()

    def ask(self, work: Callable[[Table], T]) -> T:
        answer: Future[T] = Future()
        with self._changed:
            self._refuse_if_stopped()
            if self.fault is not None:
                raise _failed(self.fault)
            self._jobs += 1
            self._add(_Job(work, answer))
        return answer.result()

    def stop(self, seconds: float | None) -> None:
        """End the thread when the queue is empty, or after the batch at hand when time is up."""
        with self._changed:
            self.stopped = True
            self._changed.notify()
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            return
        thread.join(seconds)
        if thread.is_alive():
            with self._changed:
                self._hurry = True
            thread.join(seconds)

    def _refuse_if_stopped(self) -> None:
        if self.stopped:
            msg = "this memory store is closed"
            raise StoreError(msg)

    def _add(self, item: Row | _Job) -> None:
        self._inbox.append(item)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="memory-store", daemon=True)
            self._thread.start()
        self._changed.notify()

    def _run(self) -> None:
        try:
            table = self._open_table()
            self.high_water = table.high_water
            try:
                while self._step(table):
                    pass
            finally:
                table.close()
        except BaseException as error:  # noqa: BLE001 - native panics too; the log records it
            self._give_up(_told(error))
        else:
            self._give_up(None)

    def _give_up(self, fault: str | None) -> None:
        with self._changed:
            self.fault = fault
            left = [*self._inbox, self._at_hand]
            self._inbox.clear()
            self._jobs, self._at_hand = 0, None
        for item in left:
            if isinstance(item, _Job):
                item.answer.set_exception(_failed(fault or "the process ends"))

    def _step(self, table: Table) -> bool:
        rows, high_water, job = self._next()
        self._at_hand = job
        if rows or high_water > self.high_water:
            # The last of several rows with one id counts.
            table.write(list({row.memory.id: row for row in rows}.values()), high_water)
            self.high_water = high_water
        if job is not None:
            try:
                job.answer.set_result(job.work(table))
            except Exception as error:  # noqa: BLE001 - it is raised where the question was asked
                job.answer.set_exception(_failed(_told(error)))
            self._at_hand = None
        with self._changed:
            return not (self.stopped and (self._hurry or not self._inbox))

    def _next(self) -> tuple[list[Row], int, _Job | None]:
        """Wait for work; take rows up to a full batch or up to a job, and how far they reach."""
        with self._changed:
            self._changed.wait_for(self._is_due)
            self._changed.wait_for(self._is_urgent, LINGER)
            rows: list[Row] = []
            job: _Job | None = None
            while self._inbox and len(rows) < BATCH and job is None:
                item = self._inbox.popleft()
                if isinstance(item, _Job):
                    job, self._jobs = item, self._jobs - 1
                else:
                    rows.append(item)
            # A tick of which a row still waits is not stored yet.
            waiting = next((item for item in self._inbox if isinstance(item, Row)), None)
            reached = self._sealed if waiting is None else min(self._sealed, waiting.tick - 1)
            return rows, max(self.high_water, reached), job

    def _is_due(self) -> bool:
        return bool(self._inbox) or self.stopped or self._sealed > self.high_water

    def _is_urgent(self) -> bool:
        return self.stopped or self._jobs > 0 or len(self._inbox) >= BATCH


def _told(error: BaseException) -> str:
    return str(error) if isinstance(error, StoreError) else f"{type(error).__name__}: {error}"


def _failed(fault: str) -> StoreError:
    return StoreError(f"the memory store has failed: {fault}. Rebuild it from the episode.")
