"""``sociarium network``: who with whom in an episode, measured and exported."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli.console import out, say, say_json, table
from simulation.cli.options import Debug, Episode, Json, examples

if TYPE_CHECKING:
    from simulation.analysis.networks import Kind as NetworkKind

NAMES = ("talk", "knowledge", "influence", "relationship", "help", "harm")
_PEOPLE = ("name", "in", "out", "weight in", "weight out", "between", "close", "PageRank")
"""The columns of :func:`simulation.analysis.networks.people`, narrow enough for a terminal."""

Kind = Annotated[
    str,
    typer.Argument(
        metavar=f"[{'|'.join(NAMES)}]", help="Which ties.", autocompletion=lambda: list(NAMES)
    ),
]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="WHEN", help="As it was when this tick or hour (14:05) was over."),
]
Over = Annotated[
    int | None, typer.Option("--over", metavar="TICKS", min=1, help="Window by window.")
]
Export = Annotated[
    Path | None,
    typer.Option("--export", metavar="FILE", help="Write it as .graphml, .gexf or .json."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "network",
        epilog=examples(
            "sociarium network episodes/village-7-1",
            "sociarium network episodes/village-7-1 knowledge --at 12:00",
            "sociarium network episodes/village-7-1 talk --over 60",
            "sociarium network episodes/village-7-1 harm --export harm.gexf",
        ),
    )(network)


def network(
    episode: Episode,
    kind: Kind = "talk",
    *,
    at: At = None,
    over: Over = None,
    export: Export = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Measure who talked to, told, moved, did good to or harmed whom.

    Every tie has the ids of the events behind it; --export keeps them.
    """
    from typing import cast

    from simulation.analysis import networks
    from simulation.episode.episode import Episode as Recorded
    from simulation.episode.timeline import tick_at

    recorded = Recorded.open(episode)
    which = cast("NetworkKind", kind)
    until = None if at is None else recorded.moment(tick_at(recorded, at)) + 1
    graph = networks.network(recorded, which, until=until)
    shape = networks.shape(graph, recorded.seed or 0)
    if export is not None:
        say(f"{networks.export(graph, export)}: {shape.people} people, {shape.ties} ties")
        return
    people = networks.people(graph)
    alike = {name: networks.assortativity(graph, name) for name in networks.ALIKE}
    if as_json:
        rows = people.reset_index().to_dict("records")
        say_json({"kind": kind, **shape._asdict(), "assortativity": alike, "per_person": rows})
        return
    if over is not None:
        frame = networks.over_time(recorded, which, over)
        frame = frame[frame["span"] == "window"].drop(columns=["span", "people"])
        rows = [[_number(value) for value in row] for row in frame.itertuples(index=False)]
        out().print(table([str(column) for column in frame.columns], rows))
        return
    say(f"{kind.capitalize()}: {shape.ties} ties among {shape.people} people")
    for name in ("density", "reciprocity", "clustering", "modularity", "gini"):
        value = getattr(shape, name)
        why = "one person lives there" if shape.people < 2 else "there is no tie"
        say(f"{name}: {f'not defined: {why}' if value is None else _number(value)}", indent=2)
    told = ", ".join(
        f"{name} {'not defined' if value is None else f'{value:+.2f}'}"
        for name, value in alike.items()
    )
    say(f"assortativity: {told}", indent=2)
    for number, group in enumerate(shape.communities, start=1):
        say(f"community {number}: {', '.join(map(recorded.name, group))}", indent=2)
    rows = [[_number(value) for value in row] for row in people.itertuples(index=False)]
    out().print(table(_PEOPLE, rows))


def _number(value: object) -> str:
    if isinstance(value, float):
        return "-" if isnan(value) else f"{value:.3g}"
    return "-" if value is None else str(value)
