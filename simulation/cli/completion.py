"""What the shell offers when a person presses TAB."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

import typer

from simulation.errors import SimulationError

EPISODES: Final = Path("episodes")
"""Where runs go unless they are told otherwise."""


def worlds(incomplete: str) -> list[str]:
    """Worlds that are installed."""
    return _starting(incomplete, [entry.name for entry in entry_points(group="sociarium.worlds")])


def minds(incomplete: str) -> list[str]:
    """Kinds of mind that are installed."""
    return _starting(incomplete, [entry.name for entry in entry_points(group="sociarium.minds")])


def models(incomplete: str) -> list[str]:
    """Names of models, as far as they can be known beforehand."""
    from simulation.language.names import list_models

    fixed = [info.name.split("NAME")[0].split("PATH")[0] for info in list_models()]
    return _starting(incomplete, fixed)


def tables(incomplete: str) -> list[str]:
    """What of an episode can be written into a file."""
    from simulation.episode.records import TABLES

    return _starting(incomplete, ["canonical", *TABLES])


def kinds(incomplete: str) -> list[str]:
    """Kinds of lines in an episode's story."""
    from simulation.episode.timeline import KINDS

    return _starting(incomplete, list(KINDS))


def levers(context: typer.Context, incomplete: str) -> list[str]:
    """Levers of the world on the line, as ``key=value``."""
    from simulation.cli.worlds import lever_values

    # Where the value of an option is still missing, the argument before it waits among the rest.
    world = context.params.get("world") or next(iter(context.args), "")
    try:
        known = lever_values(str(world))
    except SimulationError:
        return []
    pairs = [f"{key}={value}" for key, values in known.items() for value in values or [""]]
    return _starting(incomplete, pairs)


def suites(incomplete: str) -> list[str]:
    """Suites of measures."""
    from simulation.bench import suite_names

    return _starting(incomplete, list(suite_names()))


def parts(incomplete: str) -> list[str]:
    """Parts of a mind that can be switched off."""
    from simulation.mind.options import PARTS

    return _starting(incomplete, list(PARTS))


def options(incomplete: str) -> list[str]:
    """Settings of minds, as ``key=value`` with the value that holds unless another is given."""
    from simulation.mind.options import MindOptions

    fields = MindOptions.model_fields.items()
    return _starting(incomplete, [f"{k}={f.default}" for k, f in fields if k != "without"])


def episodes(incomplete: str) -> list[str]:
    """Episodes in the folder where runs go, or beside what was typed."""
    typed = Path(incomplete)
    around = typed if incomplete.endswith("/") else typed.parent
    folders = [entry for place in {EPISODES, around} for entry in _folders(place)]
    found = [str(folder) for folder in folders if _is_episode(folder)]
    return _starting(incomplete, found)


def _folders(place: Path) -> list[Path]:
    try:
        return [entry for entry in place.iterdir() if entry.is_dir()]
    except OSError:
        return []


def _is_episode(folder: Path) -> bool:
    return (folder / "log.sqlite").is_file()


def _starting(incomplete: str, found: list[str]) -> list[str]:
    return sorted({name for name in found if name.startswith(incomplete)})
