"""What a command says when a run ends: what came of it, and what one can do next."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import typer

from simulation.cli.console import out as console
from simulation.cli.console import say, say_json
from simulation.cli.door import FAILED, INTERRUPTED

if TYPE_CHECKING:
    from pathlib import Path

    from simulation.episode.episode import Episode


def say_summary_as_json(folder: Path) -> None:
    """Print the summary of an episode as JSON."""
    from simulation.episode.episode import Episode

    summary = Episode.open(folder).summary()
    say_json({"episode": str(folder), **summary.model_dump(mode="json")})


def say_ending(folder: Path, end: str) -> None:
    """Print how a run ended, its summary, and the commands that come next.

    Args:
        folder: The episode, as it was named.
        end: How it ended: ``finished``, ``interrupted``, ``budget``, ``outage``.
    """
    from simulation.episode.episode import Episode
    from simulation.episode.report import render

    episode = Episode.open(folder)
    name = shlex.quote(str(folder))
    ended = episode.ended
    if end in ("budget", "outage") and ended is not None:
        say(f"{ended.text[:1].upper()}{ended.text[1:]}; the episode ends here.")
    elif _nobody_answered(episode):
        say("The model answered nothing: what follows is what people do without one.")
    console().print(render(episode.summary()))
    say("")
    say(f"Episode: {folder}")
    say("Next:")
    someone = episode.agents[0]
    lines = [
        f"sociarium show {name} --agent {someone} --why",
        f"sociarium show {name} --kind talk",
        f"sociarium interview {name} {someone}",
        f"sociarium export {name} --out episode.jsonl",
    ]
    if end == "budget":
        lines.insert(0, f"sociarium resume {name} --budget …")
    elif end != "finished":
        lines.insert(0, f"sociarium resume {name}")
    for line in lines:
        say(line, indent=2)


def _nobody_answered(episode: Episode) -> bool:
    """Whether a model was asked, and gave no reply at all."""
    from simulation.episode.events import Asked, FellBack

    return any(episode.each(FellBack)) and not any(episode.each(Asked))


def leave(end: str) -> None:
    """Leave with the exit code of how a run ended; nothing happens where all is well."""
    if end == "interrupted":
        raise typer.Exit(INTERRUPTED)
    if end == "outage":
        raise typer.Exit(FAILED)
