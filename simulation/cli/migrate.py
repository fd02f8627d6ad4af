"""``sociarium migrate``: an episode of an earlier version, in the shape of today's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli.console import say, say_json
from simulation.cli.options import Debug, Episode, Json, examples

if TYPE_CHECKING:
    from collections.abc import Sequence

Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FOLDER", help="Where the copy goes; without it, beside the episode."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "migrate",
        epilog=examples(
            "sociarium migrate episodes/village-7-1",
            "sociarium migrate old/episode --out episodes/old",
        ),
    )(migrate)


def migrate(
    episode: Episode, *, out: Out = None, as_json: Json = False, debug: Debug = False
) -> None:
    """Copy an episode that an earlier version wrote into the shape of today's.

    Episodes of all earlier versions can be read as they are; the copy has a tally and a seal, too,
    so that damage shows. The original stays as it is.
    """
    from simulation.episode.migration import migrate as copy

    folder = out or episode.with_name(f"{episode.name}-migrated")
    steps = copy(episode, folder)
    if as_json:
        say_json({"episode": str(folder if steps else episode), "versions": steps})
    else:
        say(_told(episode, folder, steps))


def _told(episode: Path, folder: Path, steps: Sequence[int]) -> str:
    if not steps:
        return f"{episode} has today's shape already."
    return f"{folder} holds the same events in the shape of version {steps[-1]}."
