"""Where output goes: results to stdout, progress and notes to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulation.cli.text import plain


class Terminal(Console):
    """A console that leaves it to the command's door what a closed pipe means."""

    def on_broken_pipe(self) -> None:
        """Raise what rich would turn into a failure."""
        raise BrokenPipeError


def out() -> Console:
    """The console for results."""
    return Terminal(highlight=False, markup=False, emoji=False)


def err() -> Console:
    """The console for progress and notes."""
    return Terminal(stderr=True, highlight=False, markup=False, emoji=False)


def say(line: str, *, indent: int = 0) -> None:
    """Print one line of a result as it is: neither wrapped nor cut."""
    out().print(Text(" " * indent + plain(line)), soft_wrap=True)


def say_json(value: Any) -> None:
    """Print JSON that a program can read whatever the terminal's width and encoding."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=True) + "\n")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A plain table that folds its last column where the terminal is narrow."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(Text(plain(cell)) for cell in row))
    return made


def pairs(rows: Mapping[str, str]) -> Table:
    """A two-column list without a heading."""
    made = Table.grid(padding=(0, 2))
    made.add_column(no_wrap=True)
    made.add_column(overflow="fold")
    for key, value in rows.items():
        made.add_row(Text(plain(key)), Text(plain(value)))
    return made
