"""``sociarium export``: an episode as canonical JSON lines, or one of its tables as a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from simulation.cli import completion
from simulation.cli.options import Debug, Episode, examples
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from simulation.episode.episode import Episode as Recorded

CANONICAL = "canonical"
"""What is written if nothing else is asked for."""

Form = Annotated[
    str,
    typer.Option("--format", metavar="jsonl|csv|parquet", help="How; csv and parquet need --what."),
]
What = Annotated[
    str,
    typer.Option(
        "--what",
        metavar="TABLE",
        help="events, memories, dialogue, replies, …; without it, the canonical lines.",
        autocompletion=completion.tables,
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write there instead of to stdout.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "export",
        epilog=examples(
            "sociarium export episodes/village-7-1 | head",
            "sociarium export episodes/village-7-1 --out village.jsonl",
            "sociarium export episodes/village-7-1 --what memories --format csv --out memories.csv",
        ),
    )(export)


def export(
    episode: Episode,
    *,
    what: What = CANONICAL,
    form: Form = "jsonl",
    out: Out = None,
    debug: Debug = False,
) -> None:
    """Print an episode as canonical JSON lines, or one of its tables as JSON lines, CSV or Parquet.

    The same seed and the same replies give the same canonical bytes.
    """
    from simulation.episode.episode import Episode as Recorded

    if out is not None and os.path.lexists(out):
        hint = "Give another file with --out."
        raise ConfigError("something is there already", where="--out", value=str(out), hint=hint)
    write = _writer(Recorded.open(episode), what, form)
    if out is None:
        if form == "parquet":
            hint = "Give one with --out."
            raise ConfigError("Parquet is written into a file", where="--format", hint=hint)
        write(sys.stdout.buffer)
        return
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with draft.open("xb") as file:
            write(file)
        draft.replace(out)
    except OSError as error:
        hint = "Give another file with --out."
        what = f"cannot be written ({error.strerror or error})"
        raise ConfigError(what, where="--out", value=str(out), hint=hint) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _writer(recorded: Recorded, what: str, form: str) -> Callable[[BinaryIO], None]:
    """What writes into a file what is asked for."""
    from simulation.episode.export import export as lines
    from simulation.episode.files import check_format, write_table
    from simulation.episode.records import TABLES, open_table

    checked = check_format(form)
    if what == CANONICAL:
        if checked != "jsonl":
            hint = f"Say what with --what, such as --what events --format {form}."
            raise ConfigError(f"what is canonical is no {form}", where="--format", hint=hint)
        return lambda file: _write(lines(recorded), file)
    if what not in TABLES:
        allowed = (CANONICAL, *TABLES)
        raise ConfigError(
            "nothing of that name is kept", where="--what", value=what, allowed=allowed
        )
    table = open_table(recorded, what)
    return lambda file: write_table(table, file, checked)


def _write(lines: Iterable[str], file: BinaryIO) -> None:
    """UTF-8 and line feeds, whatever the platform and the locale say."""
    for line in lines:
        file.write(f"{line}\n".encode())
