"""``sociarium schema``: the JSON Schema of a kind of YAML file, for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from simulation.cli.console import say_json
from simulation.cli.options import Debug, examples
from simulation.cli.plugins import SCHEMAS, plugin, plugin_names

Kind = Annotated[
    str,
    typer.Argument(
        metavar="KIND",
        help="A kind of YAML file, such as persona or map.",
        autocompletion=lambda: list(plugin_names(SCHEMAS)),
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    shown = examples("sociarium schema persona > persona.schema.json")
    hint = "Begin the YAML file with `# yaml-language-server: $schema=persona.schema.json`."
    app.command("schema", epilog=f"{shown}\n\n{hint}")(schema)


def schema(kind: Kind, debug: Debug = False) -> None:
    """Print the JSON Schema of a kind of YAML file."""
    say_json(plugin(SCHEMAS, kind)())
