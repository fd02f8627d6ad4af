"""``sociarium show``: an episode in the terminal, line by line or in a page."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli import completion
from simulation.cli.console import out, say_json
from simulation.cli.options import Debug, Episode, Json, examples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType
    from rich.text import Text

    from simulation.episode.episode import Episode as Recorded
    from simulation.episode.timeline import Line

Agents = Annotated[
    list[str] | None,
    typer.Option("--agent", metavar="NAME", help="Only this person; may be given again."),
]
Kinds = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        help="Only lines of this kind, such as talk, deed, fact, choice; may be given again.",
        autocompletion=completion.kinds,
    ),
]
Since = Annotated[
    str | None, typer.Option("--from", metavar="WHEN", help="From this tick or hour (14:05) on.")
]
Until = Annotated[
    str | None, typer.Option("--to", metavar="WHEN", help="Until this tick or hour, without it.")
]
Why = Annotated[bool, typer.Option("--why", help="Show every choice with its likeliest options.")]
InAPage = Annotated[bool, typer.Option("--summary", help="Sum it up instead.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "show",
        epilog=examples(
            "sociarium show episodes/village-7-1 --summary",
            "sociarium show episodes/village-7-1 --kind talk --from 12:00 --to 14:00",
            "sociarium show episodes/village-7-1 --agent dov --why",
        ),
    )(show)


def show(
    episode: Episode,
    *,
    agents: Agents = None,
    kinds: Kinds = None,
    since: Since = None,
    until: Until = None,
    why: Why = False,
    in_a_page: InAPage = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Tell what happened: who said and did what, and came to know it from whom.

    With --json each line is an object on a line of its own.
    """
    from simulation.episode.episode import Episode as Recorded
    from simulation.episode.timeline import tick_at, timeline

    recorded = Recorded.open(episode)
    if in_a_page:
        _sum_up(recorded, as_json=as_json)
        return
    lines = timeline(
        recorded,
        agents=agents or (),
        kinds=kinds or (),
        since=None if since is None else tick_at(recorded, since),
        until=None if until is None else tick_at(recorded, until),
        why=why,
    )
    if as_json:
        _print_json(lines)
    else:
        _print(lines, recorded)


def _sum_up(recorded: Recorded, *, as_json: bool) -> None:
    from simulation.episode.report import render

    summary = recorded.summary()
    if as_json:
        say_json(summary.model_dump(mode="json"))
    else:
        out().print(render(summary))


def _print(lines: Iterable[Line], recorded: Recorded) -> None:
    from simulation.episode.timeline import name_width, render_line

    console, width = out(), name_width(recorded)
    for line in lines:
        text = render_line(line, width)
        if console.is_terminal:
            heading = line.kind == "day"
            console.print(text if heading else _hanging(text, len("00:00  ") + width + 1))
        else:
            console.print(text, soft_wrap=True)


def _hanging(text: Text, indent: int) -> RenderableType:
    """Words that wrap under themselves and not under the hour."""
    from rich.console import Group
    from rich.table import Table

    def columns(part: Text) -> Table:
        grid = Table.grid(expand=True)
        grid.add_column(width=indent)
        grid.add_column(ratio=1)
        grid.add_row(part[:indent], part[indent:])
        return grid

    return Group(*map(columns, text.split("\n")))


def _print_json(lines: Iterable[Line]) -> None:
    for line in lines:
        sys.stdout.write(json.dumps(line._asdict()) + "\n")
