"""``sociarium report``: an episode or an experiment as one page that holds everything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulation.cli.console import say
from simulation.cli.options import Debug, examples, recorded_or_folder
from simulation.errors import ConfigError

What = Annotated[
    Path, typer.Argument(metavar="EPISODE|EXPERIMENT", help="A folder that a run wrote.")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="The page; NAME.html here if not given."),
]
Open = Annotated[bool, typer.Option("--open", help="Open it in the browser.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "report",
        epilog=examples(
            "sociarium report episodes/village-7-1 --open",
            "sociarium report experiments/helping --out helping.html",
        ),
    )(report)


def report(what: What, *, out: Out = None, open_it: Open = False, debug: Debug = False) -> None:
    """Write one HTML file with tables and figures, where every number leads to its events.

    The page needs nothing from anywhere: it can be mailed, printed and kept.
    """
    from simulation.cli.live import hush
    from simulation.experiment.runner import DESIGN

    hush()
    what = recorded_or_folder(what)
    text = _experiment(what) if (what / DESIGN).is_file() else _episode(what)
    path = out or Path(f"{what.name or 'report'}.html")
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = f"cannot be written ({error.strerror})"
        raise ConfigError(reason, where="--out", value=str(path)) from error
    say(f"{path} ({len(text) / 1e6:.1f} MB)")
    if open_it:
        typer.launch(path.absolute().as_uri())


def _episode(folder: Path) -> str:
    from simulation.episode.episode import Episode
    from simulation.report.page import episode_page

    return episode_page(Episode.open(folder))


def _experiment(folder: Path) -> str:
    from simulation.experiment.analyse import analyse
    from simulation.experiment.asked import gates_kept
    from simulation.experiment.runner import Experiment, lived_design
    from simulation.report.page import experiment_page

    design = lived_design(folder)
    frame = Experiment(design, folder).results()
    gates = gates_kept(design, folder, set(frame["run"]) if len(frame) else ())
    return experiment_page(analyse(design, frame, gates), frame)
