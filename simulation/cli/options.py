"""Options and arguments that commands share, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulation.cli import completion

Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
Version = Annotated[bool, typer.Option("--version", help="Print the version.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def recorded_or_folder(path: Path) -> Path:
    """The folder of an episode; a recording that ships is known by its name, too."""
    from simulation.episode.archive import at_hand

    return at_hand(path)


Episode = Annotated[
    Path,
    typer.Argument(
        metavar="EPISODE",
        help="The folder of an episode, as `sociarium run` names it; or tidemark, a recorded day.",
        autocompletion=completion.episodes,
        callback=recorded_or_folder,
    ),
]


Budget = Annotated[
    list[str] | None,
    typer.Option(
        "--budget",
        metavar="NAME=N,…",
        help="End in order when so much is spent: calls, tokens, usd, minutes; "
        "agent.calls, agent.tokens and agent.usd are for each agent.",
    ),
]
Prices = Annotated[
    Path | None,
    typer.Option(
        "--prices", metavar="FILE", help="Your own prices of models; see `sociarium list prices`."
    ),
]


Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout", metavar="SECONDS", help="How long a reply is waited for; 120 if not given."
    ),
]
Attempts = Annotated[
    int | None,
    typer.Option(
        "--attempts", metavar="N", help="How often a request is sent at most; 5 if not given."
    ),
]
Outage = Annotated[
    str | None,
    typer.Option(
        "--outage",
        metavar="stop|fall-back",
        help="What comes of a model that answers nobody for minutes: the run stops in order, or "
        "goes on with what is safe.",
        autocompletion=lambda: ["stop", "fall-back"],
    ),
]


def examples(*lines: str) -> str:
    """The end of a help text: command lines to copy, kept as they are."""
    # Typer's formatter leaves the lines of a paragraph alone that begins with a backspace.
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])
