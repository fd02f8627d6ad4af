"""``sociarium diff``: where two episodes part."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from simulation.cli.console import say, say_json
from simulation.cli.options import Debug, Episode, Json, examples

if TYPE_CHECKING:
    from simulation.episode.difference import Difference
    from simulation.episode.episode import Episode as Recorded

DIFFERENT = 1


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "diff",
        epilog=examples(
            "sociarium diff episodes/village-7-1 episodes/village-7-2",
            "sociarium diff episodes/village-7-1 episodes/village-7-2 --json",
        ),
    )(diff)


def diff(first: Episode, second: Episode, *, as_json: Json = False, debug: Debug = False) -> None:
    """Show where two episodes part, with both sides of the first event that differs.

    Exit code 0: they are the same. 1: they differ. 2: one of them cannot be read.
    """
    from simulation.episode.difference import first_difference, relation
    from simulation.episode.episode import Episode as Recorded

    left, right = Recorded.open(first), Recorded.open(second)
    difference = first_difference(left, right)
    if as_json:
        found = None if difference is None else asdict(difference)
        kin = relation(left, right)
        both = {"a": str(first), "b": str(second), "same": found is None}
        say_json({**both, "relation": kin._asdict() if kin else None, "first": found})
    else:
        _tell(left, right, difference)
    if difference is not None:
        raise typer.Exit(DIFFERENT)


def _tell(left: Recorded, right: Recorded, difference: Difference | None) -> None:
    from simulation.episode.difference import relation

    if difference is None:
        say(f"The same: {left.ticks} ticks, event for event.")
        return
    say(f"A: {left!r}")
    say(f"B: {right!r}")
    kin = relation(left, right)
    if kin is not None:
        say(kin.as_text())
    at = f"tick {difference.tick}, {left.time(difference.tick)}"
    say(f"They share {difference.position} events and part at {at}:")
    say(f"{difference}", indent=2)
