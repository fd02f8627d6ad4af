"""A count and a sum over every row of a log: what is missing, doubled or changed shows.

Each row has a mark, 64 bits of a hash of what it holds. The log keeps how many rows there are and
the sum of their marks, changed in the same transaction as the rows. The order in which rows came
does not matter, so a reply that was asked for again only takes its old mark out of the sum.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from simulation.episode.reader import damaged

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Cell = str | bytes | int

TALLIED: Final = ("events", "contents", "vectors", "journal")
"""Tables whose rows are counted."""
_BITS: Final = 64
_AT_ONCE: Final = 10_000


class Tally(NamedTuple):
    """How many rows there are, and the sum of their marks."""

    rows: int = 0
    marks: int = 0

    def plus(self, table: str, rows: Iterable[Sequence[Cell]]) -> Tally:
        """The tally with these rows more."""
        marks = [mark(table, row) for row in rows]
        return Tally(self.rows + len(marks), (self.marks + sum(marks)) % 2**_BITS)

    def minus(self, table: str, row: Sequence[Cell]) -> Tally:
        """The tally with one row less."""
        return Tally(self.rows - 1, (self.marks - mark(table, row)) % 2**_BITS)

    def dump(self) -> str:
        """As the log keeps it: ``rows:marks``."""
        return f"{self.rows}:{self.marks}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """What :meth:`dump` gave.

        Raises:
            ValueError: It is none.
        """
        rows, _, marks = text.partition(":")
        return cls(int(rows), int(marks))


def mark(table: str, row: Sequence[Cell]) -> int:
    """The mark of a row: 64 bits, the same on every machine and in every Python."""
    raw = ascii((table, *row)).encode()
    return int.from_bytes(blake2b(raw, digest_size=_BITS // 8).digest(), "little")


def check_tally(db: sqlite3.Connection, folder: Path, kept: str) -> None:
    """Count a log anew and compare.

    Args:
        db: A connection to it.
        folder: The episode, for the error.
        kept: What the log says of itself.

    Raises:
        EpisodeError: Rows are missing, doubled or changed.
    """
    try:
        wanted = Tally.parse(kept)
    except ValueError as error:
        raise damaged(folder, f"its tally is {kept!r}") from error
    found = Tally()
    for table in TALLIED:
        rows = db.execute(f"SELECT * FROM {table}")
        while part := rows.fetchmany(_AT_ONCE):
            found = found.plus(table, part)
    if found.rows != wanted.rows:
        raise damaged(folder, f"it should have {wanted.rows} rows and has {found.rows}")
    if found != wanted:
        raise damaged(folder, "something in it was changed")
