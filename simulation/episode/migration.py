"""Bringing an episode of an earlier version to the shape of today's, as a copy.

A log is taken up one version after the other; each step does what has changed in that version and
no more. What happened is not touched: the canonical events of the copy are those of the original.

=======  ==========================================================================================
Version  What is new in it
=======  ==========================================================================================
2        plans of several levels, reactions, feelings, relationships, stances: fields with defaults
3        a tally of all rows, hashes of the files beside the log, a seal; ``run.json`` names the
         style of the model, the embedder, the budget and the name of the store
4        private questions about positions; goals and norms of a world: fields with defaults
=======  ==========================================================================================
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from simulation.episode.folder import make_draft, sync_folder, write_through
from simulation.episode.reader import LogReader, damaged
from simulation.episode.schema import LOG, RUN, SCHEMA_VERSION, SPEC
from simulation.episode.seal import file_sha256, put_seal
from simulation.episode.tally import TALLIED, Tally
from simulation.errors import EpisodeError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def migrate(old: Path, new: Path) -> list[int]:
    """Write a copy of an episode in today's shape.

    Args:
        old: The episode; nothing in it changes.
        new: Where the copy goes; nothing may be there yet.

    Returns:
        The versions that it went through, today's last; empty: it was of today's already, and
        nothing was written.

    Raises:
        EpisodeError: It is no episode, it is damaged, or the copy cannot be written.
    """
    log = LogReader(old)
    version = int(log.meta("schema_version"))
    if version == SCHEMA_VERSION:
        return []
    try:
        new.parent.mkdir(parents=True, exist_ok=True)
        draft = make_draft(new)
        try:
            _copy(log, draft)
            steps = list(range(version + 1, SCHEMA_VERSION + 1))
            for step in steps:
                _STEPS[step](draft)
            put_seal(draft)
            if new.exists():
                raise EpisodeError("something is there already", where=new)
            draft.rename(new)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        sync_folder(new.parent)
    except (OSError, sqlite3.Error) as error:
        raise EpisodeError(f"the copy cannot be written ({error})", where=new) from error
    return steps


def _copy(log: LogReader, draft: Path) -> None:
    with log.connection() as source, closing(sqlite3.connect(draft / LOG)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    for name in (SPEC, RUN):
        shutil.copyfile(log.folder / name, draft / name)


def _to_2(draft: Path) -> None:
    _stamp(draft, 2)


def _to_3(draft: Path) -> None:
    try:
        run: dict[str, Any] = json.loads((draft / RUN).read_text(encoding="utf-8"))
        run["budget"] = {"calls": run.pop("budget_calls", None)}
        with closing(sqlite3.connect(draft / LOG)) as db:
            began = db.execute("SELECT body FROM events WHERE type = 'began'").fetchone()
            prompt = db.execute("SELECT prompt FROM journal LIMIT 1").fetchone()
            asked = prompt and db.execute("SELECT text FROM contents WHERE hash = ?", prompt)
            text = str((asked.fetchone() or ("",))[0]) if asked else ""
        options = json.loads(began[0]).get("options", {}) if began else {}
    except (OSError, ValueError, AttributeError) as error:
        raise damaged(draft, error) from error
    run.setdefault("style", "chat" if text.startswith('[{"') else "completion")
    run.setdefault("embedder", options.get("embedder", ""))
    run.setdefault("run_id", str(run.get("collection", "")).removeprefix("run-"))
    write_through(draft / RUN, json.dumps(run, indent=1, sort_keys=True))
    with closing(sqlite3.connect(draft / LOG)) as db, db:
        rows = [(name, file_sha256(draft / name)) for name in (SPEC, RUN)]
        tally = Tally()
        for table in TALLIED:
            tally = tally.plus(table, db.execute(f"SELECT * FROM {table}"))
        db.executemany("INSERT INTO meta VALUES (?, ?)", [*rows, ("tally", tally.dump())])
    _stamp(draft, 3)


def _to_4(draft: Path) -> None:
    _stamp(draft, 4)


def _stamp(draft: Path, version: int) -> None:
    with closing(sqlite3.connect(draft / LOG)) as db, db:
        db.execute("UPDATE meta SET value = ? WHERE name = 'schema_version'", (str(version),))
        db.execute(f"PRAGMA user_version = {version}")


_STEPS: Final[dict[int, Callable[[Path], None]]] = {2: _to_2, 3: _to_3, 4: _to_4}
"""What leads to each version from the one before."""
