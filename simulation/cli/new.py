"""``sociarium new``: a commented file to start a persona or a world from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from simulation.cli.console import say
from simulation.cli.options import Debug, examples
from simulation.cli.plugins import TEMPLATES, plugin, plugin_names
from simulation.errors import ConfigError

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
    made: str | Mapping[str, str] = plugin(TEMPLATES, kind)(name)
    files = {f"{name}.yaml": made} if isinstance(made, str) else made
    targets = {folder / path: text for path, text in files.items()}
    for target in targets:
        if target.exists():
            hint = "Choose another NAME or another folder with --in."
            raise ConfigError("exists already", where=target, hint=hint)
    for target, text in targets.items():
        _write(target, text)
        say(str(target))


def _write(target: Path, text: str) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        hint = "Choose another folder with --in."
        reason = error.strerror or str(error)
        raise ConfigError(f"cannot be written ({reason})", where=target, hint=hint) from error
