"""``sociarium intervene``: reach into an episode while it runs in another terminal."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from simulation.cli.console import say
from simulation.cli.interventions import say_what_is_named
from simulation.cli.options import Debug, Episode, Json, examples
from simulation.errors import ConfigError, EpisodeError

What = Annotated[
    str,
    typer.Argument(
        metavar="WHAT",
        help="""What is done: 'whisper ana "…"', 'announce "…" in the quay', …; """
        "see `sociarium list interventions`.",
    ),
]
Wait = Annotated[
    float,
    typer.Option("--wait", metavar="SECONDS", min=0, help="How long to wait for the run's answer."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "intervene",
        epilog=examples(
            """sociarium intervene episodes/village-7-1 'whisper ada "the lamp is out"'""",
            "sociarium intervene episodes/village-7-1 'move hugo to the quay'",
        ),
    )(intervene)


def intervene(
    episode: Episode, what: What, *, wait: Wait = 60.0, as_json: Json = False, debug: Debug = False
) -> None:
    """Do something to an episode that runs in another terminal, from its next tick on.

    It is an event in the log like any other, so the episode can still be resumed and verified.
    """
    from simulation.episode.episode import Episode as Recorded
    from simulation.episode.seal import is_being_written
    from simulation.inbox import ask
    from simulation.kernel.intervention import parse

    wanted = parse(what, where="WHAT")
    Recorded.open(episode)
    if not is_being_written(episode):
        hint = "`sociarium branch` begins one that goes another way."
        raise EpisodeError("nobody lives this episode now", where=episode, hint=hint)
    say_what_is_named([wanted.as_text()])
    answer = ask(episode, wanted, seconds=wait, alive=lambda: is_being_written(episode))
    if as_json:
        say(json.dumps(answer._asdict() if answer else None))
    elif answer is None:
        say("Left for the run, which has not come to it yet: it does it in its next tick.")
    elif not answer.refused:
        say(f"Done in tick {answer.tick}: {wanted.as_text()}")
    if answer is not None and answer.refused:
        raise ConfigError(f"not done in tick {answer.tick}: {answer.refused}")
