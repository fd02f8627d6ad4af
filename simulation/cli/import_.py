"""``sociarium import``: a recording made by other software, read into an episode."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.progress import Progress as Bar

from simulation.cli.console import err, pairs, say, say_json
from simulation.cli.options import Debug, Json, examples
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from simulation.imports import Imported

FORMATS: Final = ("generative-agents",)

Format = Annotated[
    str,
    typer.Argument(
        metavar="FORMAT",
        help="What made the recording: generative-agents.",
        autocompletion=lambda: list(FORMATS),
    ),
]
Recording = Annotated[
    Path,
    typer.Argument(
        metavar="PATH",
        help="Its folder: the one with master_movement.json, or the one with `movement`.",
    ),
]
Maze = Annotated[
    Path | None,
    typer.Option(
        "--maze",
        metavar="PATH",
        help="The folder `matrix` with the map's CSV files; without it, the map is made of paths.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FOLDER", help="Where the episode is to be, not there yet."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the folder and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "import",
        epilog=examples(
            "sociarium import generative-agents compressed_storage/July1_the_ville-step-3-20",
            "sociarium import generative-agents storage/my_run --maze the_ville/matrix",
        ),
    )(import_)


def import_(
    form: Format,
    path: Recording,
    *,
    maze: Maze = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Read a recording made by other software into an episode, to be watched and asked.

    It was not lived here: it can be replayed, shown, measured and interviewed, but neither gone on
    with nor verified.
    """
    if form not in FORMATS:
        raise ConfigError("no format that can be read", value=form, allowed=FORMATS)
    from simulation.imports import import_generative_agents

    console = err()
    silent = quiet or as_json or not console.is_terminal
    with Bar(console=console, transient=True, disable=silent) as bar:
        task = bar.add_task("reading", total=None)

        def told(done: int, of: int) -> None:
            bar.update(task, description="writing", completed=done, total=of)

        imported = import_generative_agents(path, maze=maze, out=out, progress=told)
    if as_json:
        say_json({**imported._asdict(), "folder": str(imported.folder)})
    elif quiet:
        say(str(imported.folder))
    else:
        _say(imported)


def _say(imported: Imported) -> None:
    from simulation.cli.console import out

    counts = imported.counts
    say(f"{imported.folder}: {imported.people} people, {imported.steps:,} steps")
    rows = {
        "world": imported.title,
        "a step": f"{imported.seconds} s",
        "map": imported.maze or "made of paths and addresses",
        "said": f"{counts.get('Said', 0):,} utterances",
        "done": f"{counts.get('Acted', 0):,} acts, {counts.get('Moved', 0):,} moves",
        "within": f"{counts.get('Remembered', 0):,} memories, "
        f"{counts.get('Reflected', 0):,} conclusions, {counts.get('Planned', 0):,} plans",
    }
    out().print(pairs(rows))
    for note in imported.notes:
        say(f"Note: {note}")
    say(f"Watch it with `sociarium replay {imported.folder}`.")
