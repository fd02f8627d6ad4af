"""Reading ``log.sqlite`` without ever writing to it.

A connection is opened for each question and closed with its answer, so an episode that lies around
in a notebook holds no file, blocks no run and needs no closing. Three ways in, tried in order:

- read-only: a finished log, and one that a run is writing or that a kill left behind;
- immutable: in a folder that cannot be written, where SQLite could not keep its shared memory;
- a copy: in such a folder, when the last ticks still stand in the write-ahead file.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import weakref
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from simulation.episode.events import SCHEMA_VERSION
from simulation.episode.schema import ID, LOG, RUN, SEAL, SPEC, first_key, loaded
from simulation.episode.seal import (
    COUNTED_AT_MOST,
    changed_files,
    file_sha256,
    is_being_written,
    missing_ticks,
)
from simulation.errors import EpisodeError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterator

T = TypeVar("T")

READABLE = tuple(str(version) for version in range(1, SCHEMA_VERSION + 1))
"""Versions of the log that can be read: later ones only added fields with defaults."""
TALLIED_SINCE = 3
"""The first version of the log that keeps a tally and a seal."""
_BATCH = 500
"""Values asked for at once: SQLite allows 999 in one statement in its oldest builds."""
_PORTION = 5_000
"""Events read at once: more would only take memory."""


_TYPES = (str, int, str, str, str, str)


class Row(NamedTuple):
    """An event as it is stored."""

    id: str
    tick: int
    type: str
    agent: str
    place: str
    body: str


class LogReader:
    """Answers questions about the log of an episode.

    Args:
        folder: The episode.

    Raises:
        EpisodeError: There is no log, or it cannot be read, or it is of another version.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._uri = _uri(folder / LOG, "mode=ro")
        if not (folder / LOG).is_file():
            raise _not_an_episode(folder)
        self._find_a_way_in()
        self._check_version()
        self._check_unchanged()

    def _find_a_way_in(self) -> None:
        try:
            self._probe()
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise self._damaged(error) from error
            self._read_without_writing()
        except (sqlite3.DatabaseError, UnicodeError) as error:
            raise self._damaged(error) from error

    def _read_without_writing(self) -> None:
        ahead = self.folder / f"{LOG}-wal"
        log = self.folder / LOG
        if ahead.exists() and ahead.stat().st_size:
            log = self._copy()
        self._uri = _uri(log, "mode=ro&immutable=1" if log.parent == self.folder else "mode=rw")
        try:
            self._probe()
        except (sqlite3.DatabaseError, UnicodeError) as error:
            raise self._damaged(error) from error

    def _copy(self) -> Path:
        copy = Path(tempfile.mkdtemp(prefix="sociarium-"))
        weakref.finalize(self, shutil.rmtree, copy, ignore_errors=True)
        for name in (LOG, f"{LOG}-wal"):
            shutil.copyfile(self.folder / name, copy / name)
        return copy / LOG

    def _probe(self) -> None:
        with closing(sqlite3.connect(self._uri, uri=True)) as db:
            db.execute("SELECT name FROM sqlite_master").fetchall()

    def _check_version(self) -> None:
        found = self.meta("schema_version")
        if found not in READABLE:
            raise EpisodeError(
                "the log has another version than this program reads",
                where=self.folder,
                value=found,
                allowed=READABLE,
                hint="Read it with the release of Sociarium that wrote it, or a newer one.",
            )

    def _check_unchanged(self) -> None:
        """Refuse what is not as it was written; nothing is known of logs before version 3."""
        if int(self.meta("schema_version")) < TALLIED_SINCE:
            return
        sealed = (self.folder / SEAL).exists()
        if not sealed and is_being_written(self.folder):
            return
        if not sealed and self.size <= COUNTED_AT_MOST:
            self.count_anew()
        beside = {name: self.meta(name) for name in (SPEC, RUN)}
        changed = changed_files(self.folder) or [
            name for name, kept in beside.items() if file_sha256(self.folder / name) != kept
        ]
        if changed:
            raise damaged(self.folder / changed[0], "it is not as it was written")

    def check_current(self) -> None:
        """Refuse a log that can be read, but not lived again.

        Raises:
            EpisodeError: Another version of the program wrote it.
        """
        if self.meta("schema_version") != str(SCHEMA_VERSION):
            hint = "It can be read, and `sociarium migrate` copies it into today's shape."
            what = "an older version of the program wrote this episode"
            raise EpisodeError(what, where=self.folder, hint=hint)

    @property
    def size(self) -> int:
        """Bytes of the log, without what still stands in the write-ahead file."""
        return (self.folder / LOG).stat().st_size

    def count_anew(self) -> None:
        """Read every row and every page, and compare with what the log says of itself.

        Raises:
            EpisodeError: Something is missing, doubled or changed.
        """
        from simulation.episode.tally import check_tally  # noqa: PLC0415 - it tells of damage

        why = missing_ticks(self.folder, self.ticks())
        if why:
            raise self._damaged(why)
        kept = self.meta("tally")
        with self.connection() as db:
            told = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if told != "ok":
                raise self._damaged(told)
            check_tally(db, self.folder, kept)

    # Asking ------------------------------------------------------------------------------------

    @contextmanager
    def connection(self) -> Generator[sqlite3.Connection]:
        """A connection for one question.

        Raises:
            EpisodeError: The log is damaged, or gone.
        """
        try:
            with closing(sqlite3.connect(self._uri, uri=True)) as db:
                yield db
        except (sqlite3.Error, UnicodeError) as error:
            raise self._damaged(error) from error

    def meta(self, name: str) -> str:
        """A value of the log as a whole."""
        with self.connection() as db:
            row = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise self._damaged(f"it does not say its {name}")
        return str(row[0])

    def rows(
        self,
        types: Collection[str] = (),
        agents: Collection[str] = (),
        since: int | None = None,
        until: int | None = None,
        *,
        canonical: bool = False,
    ) -> Iterator[Row]:
        """Events in the order of their ids; ``until`` is not included.

        They are read in portions, so that one who stops half-way leaves nothing open. What a run
        adds after the first is not among them.

        Args:
            types: Only these; none: all.
            agents: Only those of these people; none: all.
            since: From this tick on.
            until: Before this tick.
            canonical: Only what belongs to the run's result.
        """
        tests, values = _wanted(types, agents)
        if canonical:
            tests.append("canonical")
        where = " AND ".join([*tests, "key > ?", "key <= ?"])
        sql = (
            f"SELECT key, {ID}, tick, type, agent, place, body FROM events WHERE {where} "
            f"ORDER BY key LIMIT {_PORTION}"
        )
        # By one index rows come in order; by two SQLite would sort all that is left each time.
        stepped = max(len(types), len(agents)) > 1
        last = -1 if since is None else first_key(since) - 1
        end = self._last_key() if until is None else min(self._last_key(), first_key(until) - 1)
        while last < end:
            with self.connection() as db:
                ahead = _ahead(db, last, end) if stepped else end
                portion = db.execute(sql, (*values, last, ahead)).fetchall()
            for _, *found in portion:
                yield self._row(tuple(found))
            last = portion[-1][0] if len(portion) == _PORTION else ahead

    def _last_key(self) -> int:
        with self.connection() as db:
            found = db.execute("SELECT max(key) FROM events").fetchone()[0]
        return -1 if found is None else int(found)

    def row(self, key: int) -> Row | None:
        """One event."""
        with self.connection() as db:
            found = db.execute(
                f"SELECT {ID}, tick, type, agent, place, body FROM events WHERE key = ?", (key,)
            ).fetchone()
        return None if found is None else self._row(found)

    def rows_at(self, keys: Collection[int]) -> list[Row]:
        """Some events, in their order; those that the log does not have are left out."""
        wanted = sorted(set(keys))
        found: list[Row] = []
        with self.connection() as db:
            for start in range(0, len(wanted), _BATCH):
                part = wanted[start : start + _BATCH]
                marks = ", ".join("?" * len(part))
                sql = f"SELECT {ID}, tick, type, agent, place, body FROM events WHERE key IN "
                found += map(self._row, db.execute(f"{sql} ({marks}) ORDER BY key", part))
        return found

    def _row(self, found: tuple[Any, ...]) -> Row:
        # SQLite keeps any type in any column, so a flipped bit can make a number of a text.
        if tuple(map(type, found)) != _TYPES:
            raise self._damaged(f"event {found[0]} is not one")
        return Row._make(found)

    def contents(self, names: Collection[str]) -> dict[str, str]:
        """Texts by their hashes; those that the log does not have are left out."""
        return self._kept("contents", "text", names, loaded)

    @contextmanager
    def reading(self) -> Generator[Callable[[str], str]]:
        """A reader of contents by hash, empty where there is none, that opens the log once.

        Raises:
            EpisodeError: The log is damaged, or gone.
        """
        with self.connection() as db:

            def read(name: str) -> str:
                sql = "SELECT text FROM contents WHERE hash = ?"
                found = db.execute(sql, (name,)).fetchone()
                return "" if found is None else loaded(found[0])

            yield read

    def vectors(self, names: Collection[str]) -> dict[str, bytes]:
        """Embeddings by the hashes of their texts, little-endian int16; unknown ones left out."""
        return self._kept("vectors", "vector", names, bytes)

    def vector(self, name: str) -> bytes | None:
        """The embedding of the text with this hash: little-endian int16."""
        return self.vectors((name,)).get(name)

    def _kept(
        self, table: str, column: str, names: Collection[str], read: Callable[[Any], T]
    ) -> dict[str, T]:
        wanted = sorted(set(names))
        found: dict[str, T] = {}
        with self.connection() as db:
            for start in range(0, len(wanted), _BATCH):
                part = wanted[start : start + _BATCH]
                marks = ", ".join("?" * len(part))
                sql = f"SELECT hash, {column} FROM {table} WHERE hash IN ({marks})"
                found.update((name, read(value)) for name, value in db.execute(sql, part))
        return found

    def replies(self) -> Iterator[tuple[str, int, str, int, str, str]]:
        """The journal: agent, tick, purpose, ordinal, hash of the prompt, reply as JSON."""
        sql = "SELECT agent, tick, purpose, ordinal, prompt, reply FROM journal ORDER BY 2, 1, 3, 4"
        with self.connection() as db:
            journal = db.execute(sql).fetchall()
        for *key, reply in journal:
            yield (*key, loaded(reply))

    def ticks(self) -> int:
        """How many ticks are whole."""
        last = self.meta("tick")
        try:
            return int(last) + 1
        except ValueError as error:
            raise self._damaged(f"its last tick is {last!r}") from error

    def count(self) -> int:
        """How many events there are."""
        with self.connection() as db:
            return int(db.execute("SELECT count(*) FROM events").fetchone()[0])

    def _damaged(self, why: object) -> EpisodeError:
        return damaged(self.folder, why)


def damaged(folder: Path, why: object) -> EpisodeError:
    """The error that says that a log cannot be read."""
    hint = "Take a copy of it from before, or run it again."
    return EpisodeError(f"the episode's log is damaged ({why})", where=folder, hint=hint)


def _wanted(types: Collection[str], agents: Collection[str]) -> tuple[list[str], list[Any]]:
    tests: list[str] = []
    values: list[Any] = []
    for column, wanted in (("type", types), ("agent", agents)):
        if wanted:
            tests.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            values += wanted
    return tests, values


def _ahead(db: sqlite3.Connection, last: int, end: int) -> int:
    """The key up to which a portion of the log reaches."""
    sql = f"SELECT key FROM events WHERE key > ? ORDER BY key LIMIT 1 OFFSET {_PORTION - 1}"
    found = db.execute(sql, (last,)).fetchone()
    return end if found is None else min(int(found[0]), end)


def _uri(path: Path, options: str) -> str:
    return f"{path.absolute().as_uri()}?{options}"


def _not_an_episode(folder: Path) -> EpisodeError:
    if not os.path.lexists(folder):
        hint = "Give the folder that `sociarium run` named at its end."
        return EpisodeError("there is no such episode", where=folder, hint=hint)
    hint = f"An episode is a folder with a {LOG} in it, as `sociarium run` makes it."
    return EpisodeError("this is not an episode", where=folder, hint=hint)
