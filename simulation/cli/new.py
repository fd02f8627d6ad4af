"""``sociarium new``: a commented file to start a persona or a world from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulation.cli.console import say
from simulation.cli.options import Debug, examples
from simulation.cli.plugins import TEMPLATES, plugin_names
from simulation.starting import begin

Kind = Annotated[
    str,
    typer.Argument(
        metavar="persona|world",
        help="What to start.",
        autocompletion=lambda: list(plugin_names(TEMPLATES)),
    ),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, digits and _.")]
Folder = Annotated[Path, typer.Option("--in", metavar="DIR", help="The folder to write into.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "new",
        epilog=examples("sociarium new persona anna", "sociarium new world harbour --in towns"),
    )(new)


def new(kind: Kind, name: Name, folder: Folder = Path(), debug: Debug = False) -> None:
    """Write a commented template that validates as it stands."""
    for path in begin(kind, name, folder):
        say(str(path))
