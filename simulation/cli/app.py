"""The command line as a whole: its subcommands, and what holds for all of them."""

from __future__ import annotations

from typing import NoReturn

import typer
from typer.main import get_command

from simulation.cli import (
    behaviours,
    bench,
    branch,
    diff,
    doctor,
    experiment,
    export,
    gc,
    import_,
    info,
    intervene,
    interview,
    label,
    listing,
    measure,
    migrate,
    network,
    new,
    redecide,
    replay,
    report,
    resume,
    run,
    schema,
    show,
    verify,
)
from simulation.cli.console import say
from simulation.cli.door import Door
from simulation.cli.options import Debug, Version, examples

app = typer.Typer(
    name="sociarium",
    cls=Door,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "sociarium run village                 a day on the embedded model",
        "sociarium run village --mind rules    the same in seconds, without a model",
        "sociarium doctor                      what is missing, and what to do",
    ),
)

for module in (
    run,
    resume,
    branch,
    intervene,
    show,
    replay,
    info,
    interview,
    measure,
    network,
    behaviours,
    label,
    experiment,
    report,
    verify,
    diff,
    redecide,
    export,
    import_,
    gc,
    migrate,
    listing,
    new,
    schema,
    bench,
    doctor,
):
    module.register(app)


@app.callback(invoke_without_command=True)
def sociarium(context: typer.Context, version: Version = False, debug: Debug = False) -> None:
    """Societies in a glass box: people who do not exist, and every cause on record."""
    if version:
        from importlib.metadata import version as installed

        say(f"sociarium {installed('sociarium')}")
    elif context.invoked_subcommand is None:
        say_help(context)


def say_help(context: typer.Context) -> None:
    """Print what ``--help`` prints."""
    typer.echo(context.get_help())


def main() -> NoReturn:
    """Run the command line of this process and leave with its exit code."""
    command = get_command(app)
    command.main()
    raise SystemExit
