"""Writing an episode: a folder with one append-only log in it.

::

    draft    a hidden folder beside the place where the episode will be
    open     it stands there, whole up to the last tick that was committed
    closed   the log is one file that opens in a read-only folder, too

The first commit makes it appear, by a rename. Every tick is one transaction with a full sync: it is
wholly on the disk when ``commit`` returns, or not at all. Replies and vectors are written when they
arrive, in transactions of their own that a killed process survives and that reach the disk with the
next tick at the latest.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from pydantic_core import PydanticSerializationError

from simulation.episode.folder import make_draft, only_writer, sync_folder, write_through
from simulation.episode.reader import LogReader
from simulation.episode.schema import (
    COLUMNS,
    LOCK,
    LOG,
    NAMES,
    RUN,
    SEAL,
    SPEC,
    TABLES,
    id_of,
    key_of,
    stored,
    tick_of,
)
from simulation.episode.seal import (
    COUNTED_AT_MOST,
    break_seal,
    file_sha256,
    note_tick,
    put_seal,
)
from simulation.episode.tally import Tally
from simulation.errors import EpisodeError, SimulationError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from filelock import FileLock
    from pydantic import BaseModel

    from simulation.episode.events import Happening
    from simulation.episode.sink import JournalKey

_EVENT: Final = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)"
_CONTENT: Final = "INSERT OR IGNORE INTO contents VALUES (?, ?)"
_VECTOR: Final = "INSERT OR IGNORE INTO vectors VALUES (?, ?)"
_REPLY: Final = "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)"
_KEYED: Final = "agent = ? AND tick = ? AND purpose = ? AND ordinal = ?"
_TICK: Final = "UPDATE meta SET value = ? WHERE name = 'tick'"
_TALLY: Final = "UPDATE meta SET value = ? WHERE name = 'tally'"

Row = tuple[int, int, str, str, str, int, str]


class EpisodeWriter:
    """Takes what happens in a run and keeps it; an :class:`~simulation.episode.sink.EventSink`.

    Any thread may call any method. What the run's own files hold (a store of memories) belongs
    into :attr:`folder` once :attr:`appeared` is true: before that the folder still moves.

    Args:
        path: Where the episode is to be; nothing may be there yet.
        spec: The world's description, kept as ``spec.json``.
        run: The options of the run, kept as ``run.json``.

    Raises:
        EpisodeError: Something is there already, or nothing can be written there.
    """

    def __init__(
        self, path: str | Path, *, spec: BaseModel, run: Mapping[str, Any] | None = None
    ) -> None:
        self._start(path)
        if os.path.lexists(self.path):
            raise _taken(self.path)
        try:
            self._begin(spec, run or {})
        except (OSError, sqlite3.Error, ValueError) as error:
            self._discard()
            raise _unwritable(self.path, error) from error
        except BaseException:
            self._discard()
            raise

    def _start(self, path: str | Path) -> None:
        self.path = Path(path).absolute()
        self._lock = threading.Lock()
        self._last_key = -1
        self._last_tick = -1
        self._tally = Tally()
        self._synchronous = ""
        self._made: list[Path] = []
        self._draft: Path | None = None
        self._db: sqlite3.Connection | None = None
        self._alone: FileLock | None = None

    @classmethod
    def reopen(cls, path: str | Path) -> Self:
        """Go on with an episode that was written before, after its last whole tick.

        Raises:
            EpisodeError: There is none, another process writes it, or it cannot be written.
        """
        writer = cls.__new__(cls)
        writer._start(path)
        writer._go_on()
        return writer

    @property
    def folder(self) -> Path:
        """Where the files are now: a hidden folder until the first commit."""
        return self._draft or self.path

    @property
    def appeared(self) -> bool:
        """Whether the episode stands where it was wanted."""
        return self._draft is None

    @property
    def last_tick(self) -> int:
        """The last tick that is wholly on the disk; -1: none."""
        return self._last_tick

    # Writing -----------------------------------------------------------------------------------

    def commit(self, tick: int, events: Sequence[Happening], contents: dict[str, str]) -> None:
        """Write a whole tick: its events in the order of their ids, and new contents by hash.

        Incidental events have an order of their own: they never move a canonical one's id, and
        where theirs is taken they get the next free one.

        Raises:
            EpisodeError: The disk does not take it; all earlier ticks are kept.
            SimulationError: An event is out of order; nothing of the tick is written.
        """
        lived = not events or any(not event.incidental for event in events)
        with self._lock, self._transaction("FULL") as db:
            if lived and tick < self._last_tick:
                raise SimulationError(f"tick {tick} comes after tick {self._last_tick}")
            rows, last = self._rows(db, tick, events)
            kept = [(name, stored(text)) for name, text in contents.items()]
            tally = self._add(db, "contents", _CONTENT, kept, self._tally)
            db.executemany(_EVENT, rows)
            tally = tally.plus("events", rows)
            db.execute(_TALLY, (tally.dump(),))
            if lived:
                db.execute(_TICK, (str(tick),))
        self._last_key, self._tally = last, tally
        self._last_tick = tick if lived else self._last_tick
        if not self.appeared:
            self._appear()
        if self._last_tick >= 0:
            try:
                note_tick(self.path, self._last_tick)
            except OSError as error:
                raise self._failed(error) from error

    def journal(self, key: JournalKey, prompt: str, reply: str) -> None:
        """Keep a model's reply at once. ``prompt`` is its content hash, ``reply`` is JSON."""
        with self._lock, self._transaction("NORMAL") as db:
            row = (*key, prompt, stored(reply))
            tally = self._tally
            for old in db.execute(f"SELECT * FROM journal WHERE {_KEYED}", key).fetchall():
                tally = tally.minus("journal", old)
                db.execute(f"DELETE FROM journal WHERE {_KEYED}", key)
            tally = self._add(db, "journal", _REPLY, [row], tally)
            db.execute(_TALLY, (tally.dump(),))
        self._tally = tally

    def journal_vectors(self, vectors: dict[str, bytes]) -> None:
        """Keep embeddings (little-endian int16) by content hash of their text, at once."""
        with self._lock, self._transaction("NORMAL") as db:
            tally = self._add(db, "vectors", _VECTOR, list(vectors.items()), self._tally)
            db.execute(_TALLY, (tally.dump(),))
        self._tally = tally

    def _add(
        self,
        db: sqlite3.Connection,
        table: str,
        sql: str,
        rows: Sequence[tuple[Any, ...]],
        tally: Tally,
    ) -> Tally:
        """Insert rows; the tally that then holds. One that is there already is not counted."""
        return tally.plus(table, [row for row in rows if db.execute(sql, row).rowcount])

    def _rows(
        self, db: sqlite3.Connection, tick: int, events: Sequence[Happening]
    ) -> tuple[list[Row], int]:
        rows: list[Row] = []
        last, asides = self._last_key, set[int]()
        for event in events:
            key = key_of(event.id)
            canonical = int(not event.incidental)
            if canonical:
                _check_order(key, last, tick)
                last = key
            else:
                key = _free_key(db, key, asides)
                asides.add(key)
            kind = NAMES[type(event)]
            body = body_of(event)
            rows.append((key, event.tick, kind, event.agent, event.place, canonical, body))
        return rows, last

    @contextmanager
    def _transaction(self, synchronous: str) -> Generator[sqlite3.Connection]:
        db = self._db
        if db is None:
            raise SimulationError(f"the episode {self.path} is closed and takes nothing more")
        try:
            if synchronous != self._synchronous:
                db.execute(f"PRAGMA synchronous = {synchronous}")
                self._synchronous = synchronous
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> EpisodeError:
        kept = f"everything up to tick {self._last_tick}" if self._last_tick >= 0 else "nothing"
        what = f"the episode cannot be written ({error}); on the disk is {kept}"
        return EpisodeError(what, where=self.path, hint="Is there room on the disk?")

    # Its places --------------------------------------------------------------------------------

    def _begin(self, spec: BaseModel, run: Mapping[str, Any]) -> None:
        for parent in self.path.parents:
            if parent.exists():
                break
            self._made.append(parent)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._draft = make_draft(self.path)
        write_through(self._draft / SPEC, spec.model_dump_json(indent=1))
        options = json.dumps(dict(run), indent=1, sort_keys=True, default=str)
        write_through(self._draft / RUN, options)
        note_tick(self._draft, 0)  # never without it or a seal, or nothing tells what is lost
        self._db = _connect(self._draft)
        self._db.executescript(TABLES)
        for name in (SPEC, RUN):
            row = (name, file_sha256(self._draft / name))
            self._db.execute("INSERT INTO meta VALUES (?, ?)", row)

    def _go_on(self) -> None:
        log = LogReader(self.path)
        log.check_current()
        if not (self.path / SEAL).exists() and log.size > COUNTED_AT_MOST:
            log.count_anew()
        try:
            self._alone = only_writer(self.path)
            self._db = _connect(self.path)
            self._last_tick = log.ticks() - 1
            self._tally = Tally.parse(log.meta("tally"))
            break_seal(self.path, self._last_tick)
            row = self._db.execute("SELECT max(key) FROM events WHERE canonical").fetchone()
            self._last_key = -1 if row[0] is None else int(row[0])
        except (OSError, sqlite3.Error) as error:
            self.close()
            raise _unwritable(self.path, error, "Is the folder, or the disk, read-only?") from error

    def _appear(self) -> None:
        """Move the folder to its place: the log is closed meanwhile, as its files have paths."""
        with self._lock:
            draft = self.folder
            if self._db is not None:
                self._db.close()
                self._db = None
            try:
                if os.path.lexists(self.path):
                    raise _taken(self.path)
                draft.rename(self.path)
            except (OSError, EpisodeError) as error:
                self._discard()
                raise _taken(self.path) from error
            self._draft = None
            sync_folder(self.path.parent)
            self._alone = only_writer(self.path)
            self._db = _connect(self.path)
            self._synchronous = ""

    def _discard(self) -> None:
        """Leave nothing: the draft goes, and so do the folders that were made for it."""
        if self._db is not None:
            self._db.close()
            self._db = None
        if self._draft is not None:
            shutil.rmtree(self._draft, ignore_errors=True)
        for parent in self._made:
            try:
                parent.rmdir()
            except OSError:
                break

    def close(self) -> None:
        """Write everything into the one file of the log; an episode without a tick disappears."""
        with self._lock:
            if not self.appeared:
                self._discard()
            if self._db is None:
                self._let_go()
                return
            sealable = False
            try:
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                self._db.execute("PRAGMA journal_mode = DELETE")
            except sqlite3.OperationalError:
                # Somebody is reading, and a log in WAL mode is as good as long as they do.
                pass
            else:
                sealable = True
            finally:
                self._db.close()
                self._db = None
            if sealable:
                # On a full disk there is none: such a log is counted anew when it is opened.
                with suppress(OSError):
                    put_seal(self.path)
            self._let_go()

    def _let_go(self) -> None:
        """Let others write the episode."""
        if self._alone is not None:
            (self.path / LOCK).unlink(missing_ok=True)
            self._alone.release()
            self._alone = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def body_of(event: Happening) -> str:
    """What of an event stands in no column, as JSON."""
    try:
        return event.model_dump_json(exclude=COLUMNS, exclude_defaults=True)
    except PydanticSerializationError:
        # A text that UTF-8 cannot hold: JSON has an escape for it.
        return json.dumps(event.model_dump(exclude=COLUMNS, exclude_defaults=True))


def _check_order(key: int, last: int, tick: int) -> None:
    if key <= last:
        raise SimulationError(f"event {id_of(key)} does not come after {id_of(last)}")
    if tick_of(key) != max(tick, 0):
        raise SimulationError(f"event {id_of(key)} does not belong to tick {tick}")


def _free_key(db: sqlite3.Connection, key: int, taken: set[int]) -> int:
    while key in taken or db.execute("SELECT 1 FROM events WHERE key = ?", (key,)).fetchone():
        key += 1
    return key


def _connect(folder: Path) -> sqlite3.Connection:
    db = sqlite3.connect(folder / LOG, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _taken(path: Path) -> EpisodeError:
    hint = "Give another folder with --out, or none to have one named for you."
    return EpisodeError("something is there already", where=path, hint=hint)


def _unwritable(
    path: Path, error: Exception, hint: str = "Give a folder that can be written with --out."
) -> EpisodeError:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return EpisodeError(f"no episode can be written there ({why})", where=path, hint=hint)
