"""Changes to a log that every check believes: for tests of what looks behind the checks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from simulation.episode.schema import LOG
from simulation.episode.seal import put_seal
from simulation.episode.tally import TALLIED, Tally

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def forge(folder: Path, sql: str, values: Sequence[Any] = ()) -> None:
    """Change a log, count it anew and seal it again."""
    with closing(sqlite3.connect(folder / LOG)) as db, db:
        db.execute(sql, values)
        tally = Tally()
        for table in TALLIED:
            tally = tally.plus(table, db.execute(f"SELECT * FROM {table}"))
        db.execute("UPDATE meta SET value = ? WHERE name = 'tally'", (tally.dump(),))
    put_seal(folder)
