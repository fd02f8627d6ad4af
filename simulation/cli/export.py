"""``sociarium export``: an episode as canonical JSON lines."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from simulation.cli.options import Debug, Episode, examples
from simulation.errors import ConfigError

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
        ),
    )(export)


def export(episode: Episode, *, out: Out = None, debug: Debug = False) -> None:
    """Print an episode as canonical JSON lines.

    The same seed and the same replies give the same bytes.
    """
    from simulation.episode.episode import Episode as Recorded
    from simulation.episode.export import export as lines

    if out is not None and os.path.lexists(out):
        hint = "Give another file with --out."
        raise ConfigError("something is there already", where="--out", value=str(out), hint=hint)
    recorded = Recorded.open(episode)
    if out is None:
        _write(lines(recorded), sys.stdout.buffer)
        return
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with draft.open("xb") as file:
            _write(lines(recorded), file)
        draft.replace(out)
    except OSError as error:
        hint = "Give another file with --out."
        what = f"cannot be written ({error.strerror or error})"
        raise ConfigError(what, where="--out", value=str(out), hint=hint) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _write(lines: Iterable[str], file: BinaryIO) -> None:
    """UTF-8 and line feeds, whatever the platform and the locale say."""
    for line in lines:
        file.write(f"{line}\n".encode())
