"""``sociarium gc``: what episodes left behind and nobody needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simulation.cli import completion
from simulation.cli.console import err, out, say, say_json, table
from simulation.cli.options import Debug, Json, examples
from simulation.cli.text import amount_of_bytes
from simulation.errors import EpisodeError

if TYPE_CHECKING:
    from simulation.leftovers import Leftover

Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FOLDER]",
        help="Where episodes are, or one of them. Without it: `episodes`, and where temporary "
        "files and weights go.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Remove it.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("gc", epilog=examples("sociarium gc", "sociarium gc episodes/village-7-1 --yes"))(
        gc
    )


def gc(
    folder: Folder = None, *, yes: Yes = False, as_json: Json = False, debug: Debug = False
) -> None:
    """Say what could go: stores of memories that can be rebuilt, drafts, what kills left behind.

    Nothing is removed without --yes; a log, and an episode that is being written, never.
    """
    from simulation.leftovers import find_leftovers

    if folder is not None and not folder.is_dir():
        raise EpisodeError("there is no such folder", where="FOLDER", value=str(folder))
    found = find_leftovers(folder or completion.EPISODES, elsewhere=folder is None)
    gone = [leftover for leftover in found if yes and _removed(leftover)]
    if as_json:
        say_json({"found": [_row(each) for each in found], "removed": [_row(e) for e in gone]})
        return
    if not found:
        say("There is nothing that could go.")
        return
    rows = [[amount_of_bytes(each.bytes), str(each.path), each.why] for each in found]
    out().print(table(("size", "what", "why"), rows))
    size = amount_of_bytes(sum(each.bytes for each in (gone if yes else found)))
    say(f"{size} are free now." if yes else f"{size} would be free: sociarium gc … --yes")


def _removed(leftover: Leftover) -> bool:
    from simulation.leftovers import remove

    try:
        remove(leftover)
    except (OSError, EpisodeError) as error:
        err().print(f"Kept: {leftover.path} ({error})", soft_wrap=True)
        return False
    return True


def _row(leftover: Leftover) -> dict[str, Any]:
    return {"path": str(leftover.path), "bytes": leftover.bytes, "why": leftover.why}
