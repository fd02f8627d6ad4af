"""``sociarium bench``: measure again what the documents say about speed, size and cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from simulation.cli import completion
from simulation.cli.console import err, out, say_json, table
from simulation.cli.options import Debug, Json, examples
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from simulation.bench import Figure, Measure

Suite = Annotated[
    str,
    typer.Argument(
        metavar="SUITE", help="What to measure: cost, memory, …", autocompletion=completion.suites
    ),
]
Full = Annotated[
    bool, typer.Option("--full", help="At full size, which takes longer; some suites have one.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    shown = examples(
        "sociarium bench memory", "sociarium bench memory --json", "sociarium bench cost --full"
    )
    app.command("bench", epilog=shown)(bench)


def bench(suite: Suite, full: Full = False, as_json: Json = False, debug: Debug = False) -> None:
    """Measure a suite on this machine."""
    from simulation.bench import find_suite

    found = find_suite(suite)
    if full and found.full_measures is None:
        raise ConfigError("this suite has one size only", where="--full", value=suite)
    measures = found.full_measures if full and found.full_measures else found.measures
    figures = _measured(measures())
    if as_json:
        say_json([figure.row(found.name) for figure in figures])
    else:
        rows = [_cells(figure) for figure in figures]
        out().print(table(("figure", "value", "unit", "goal", "met"), rows))


def _measured(measures: Sequence[Measure]) -> list[Figure]:
    figures: list[Figure] = []
    console = err()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    quiet = not console.is_terminal
    with Bar(*columns, TimeElapsedColumn(), console=console, transient=True, disable=quiet) as bar:
        task = bar.add_task("", total=len(measures))
        for measure in measures:
            bar.update(task, description=measure.label)
            figures += measure.run()
            bar.advance(task)
    return figures


def _cells(figure: Figure) -> list[str]:
    goal = "" if figure.goal is None else f"{'≥' if figure.at_least else '≤'} {figure.goal:g}"
    value = "-" if figure.value is None else f"{figure.value:.4g}"
    met = {True: "yes", False: "no", None: ""}[figure.met]
    return [figure.name, value, figure.unit, goal, met]
