"""``sociarium verify``: live an episode again from its own replies, and compare."""

from __future__ import annotations

from dataclasses import asdict

import typer

from simulation.cli.console import err, say, say_json
from simulation.cli.door import INTERRUPTED
from simulation.cli.live import ctrl_c, hush, watcher, way_to_show
from simulation.cli.options import Debug, Episode, Json, examples


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "verify",
        epilog=examples(
            "sociarium verify episodes/village-7-1",
            "sociarium verify episodes/village-7-1 --json",
        ),
    )(verify)


def verify(episode: Episode, *, as_json: Json = False, debug: Debug = False) -> None:
    """Live an episode again from its own replies, without a model, and compare every event.

    Nothing is written. Exit code 0: it came out the same. 1: it did not, and the first event that
    differs is shown with both sides.
    """
    from simulation.episode.episode import Episode as Recorded
    from simulation.verify import Verification

    hush()
    title = Recorded.open(episode).spec.title
    with watcher(err(), title, way_to_show(err(), quiet=as_json)) as watch:
        verification = Verification(episode, progress=watch)
        with ctrl_c(verification.stop, watch.note):
            verified = verification.run()
    if as_json:
        say_json({"episode": str(episode), "same": not verified.interrupted} | asdict(verified))
    elif verified.interrupted:
        say(f"Stopped after {verified.ticks} ticks, which came out the same.")
    else:
        say(
            f"The same: {verified.ticks} ticks, {verified.events} events, "
            f"{verified.replies} replies from the journal."
        )
    if verified.interrupted:
        raise typer.Exit(INTERRUPTED)
