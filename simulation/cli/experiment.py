"""``sociarium experiment``: arms, seeds, models and paraphrases in one file, run and analysed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simulation.cli.console import err, say_json
from simulation.cli.options import Debug, Json, examples
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.experiment.gates import Gate
    from simulation.experiment.runner import Experiment, Outcome
    from simulation.experiment.schema import Design

FAILED = 1
INTERRUPTED = 130

File = Annotated[
    str,
    typer.Argument(metavar="FILE", help="An experiment file, or the name of one that ships."),
]
OutFolder = Annotated[
    Path | None,
    typer.Option("--out", metavar="FOLDER", help="Where runs go; runs that are there are kept."),
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", metavar="N", min=1, help="Runs at the same time.")
]
Dry = Annotated[bool, typer.Option("--dry-run", help="Say what would be run, and run nothing.")]
MindName = Annotated[
    str | None, typer.Option("--mind", metavar="NAME", help="Another mind in all arms.")
]
Models = Annotated[
    list[str] | None,
    typer.Option("--model", metavar="NAME", help="Another model; may be given again."),
]
Seeds = Annotated[
    str | None, typer.Option("--seeds", metavar="A..B", help="Other seeds than the file's.")
]
PowerFirst = Annotated[
    bool, typer.Option("--power", help="Say how many runs it takes, and run nothing.")
]
Vary = Annotated[
    bool, typer.Option("--sensitivity", help="Vary the levers under vary: Morris, then Sobol.")
]
NoGates = Annotated[
    bool, typer.Option("--no-gates", help="Ask no model about its choices; nothing is evidence.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "experiment",
        epilog=examples(
            "sociarium experiment helping --mind rules    seconds, without a model",
            "sociarium experiment helping                 minutes, on the embedded model",
            "sociarium experiment my.yaml --seeds 0..19 --json",
            "sociarium experiment my.yaml --power",
            "sociarium list experiments",
        ),
    )(experiment)


def experiment(
    file: File,
    *,
    out_folder: OutFolder = None,
    jobs: Jobs = None,
    mind: MindName = None,
    model: Models = None,
    seeds: Seeds = None,
    dry_run: Dry = False,
    power: PowerFirst = False,
    sensitivity: Vary = False,
    no_gates: NoGates = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Run every arm of an experiment with every seed and model, and say what came of it.

    Each run is an episode. Ctrl-C keeps what is finished; the same command goes on from there.
    """
    from simulation.cli.live import hush
    from simulation.experiment.plan import check
    from simulation.experiment.ready import find_experiment
    from simulation.experiment.runner import read_design

    hush()
    path = find_experiment(file)
    design = read_design(path)
    changed = {"mind": mind, "models": model or None, "seeds": seeds}
    given = {name: value for name, value in changed.items() if value is not None}
    if given:
        design = _with(design, given)
        check(design)
    folder = out_folder or Path("experiments") / path.stem
    if dry_run:
        _plan(design, as_json=as_json)
    elif power:
        _power(design, as_json=as_json)
    elif sensitivity:
        _sensitivity(design, folder, jobs, as_json=as_json)
    else:
        _run(design, folder, jobs, asks=not no_gates, as_json=as_json)


def _run(design: Design, folder: Path, jobs: int | None, *, asks: bool, as_json: bool) -> None:
    from simulation.cli.experiment_told import tell
    from simulation.cli.live import counting, ctrl_c
    from simulation.experiment.analyse import analyse
    from simulation.experiment.runner import TABLE, Experiment
    from simulation.plots.experiment import draw_all

    lived = Experiment(design, folder)
    console = err()
    with counting(console, design.title) as count, ctrl_c(lived.stop, console.print):
        outcome = lived.run(jobs=jobs, progress=lambda done, total, _: count(done, total))
    gates = _gates(lived, outcome, asks=asks)
    frame = outcome.frame()
    analysis = analyse(design, frame, gates, failed=list(outcome.failed))
    figures = draw_all(analysis, frame, folder) if len(frame) else []
    if as_json:
        told = {"runs": outcome.rows, "failed": outcome.failed, "figures": list(map(str, figures))}
        say_json({**analysis.as_json(), **told})
    else:
        tell(analysis, outcome, folder / TABLE, figures)
    if outcome.interrupted:
        raise typer.Exit(INTERRUPTED)
    if outcome.failed:
        raise typer.Exit(FAILED)


def _gates(lived: Experiment, outcome: Outcome, *, asks: bool) -> list[Gate]:
    """The gates of the mind; nobody is asked after Ctrl-C, or where that is not wanted."""
    from simulation.experiment.asked import ask_the_minds, gates_kept

    finished = {str(row["run"]) for row in outcome.rows}
    if not asks or outcome.interrupted:
        return gates_kept(lived.design, lived.out, finished)
    console = err()
    return ask_the_minds(
        lived.design,
        lived.out,
        finished,
        progress=lambda model: console.print(f"Gates: asking {model} about its choices"),
    )


def _plan(design: Design, *, as_json: bool) -> None:
    from simulation.cli.experiment_told import tell_plan
    from simulation.experiment.plan import left_out, runs_of

    if as_json:
        runs = [run.key for run in runs_of(design)]
        say_json({"title": design.title, "runs": runs, "left_out": left_out(design)})
    else:
        tell_plan(design)


def _power(design: Design, *, as_json: bool) -> None:
    from simulation.cli.experiment_told import tell_power
    from simulation.experiment.power import power_of

    curve = power_of(design)
    if as_json:
        say_json({"title": design.title, "power": [one._asdict() for one in curve]})
    else:
        tell_power(design, curve)


def _sensitivity(design: Design, folder: Path, jobs: int | None, *, as_json: bool) -> None:
    from simulation.cli.experiment_told import tell_sensitivity
    from simulation.cli.live import counting
    from simulation.experiment.sensitivity import Sensitive

    with counting(err(), design.title) as count:
        varied = Sensitive(design, folder)
        found = varied.run(jobs=jobs, progress=lambda done, total, _: count(done, total))
    if as_json:
        told: dict[str, Any] = {"title": design.title, "runs": found.runs}
        for name in ("morris", "sobol"):
            rows = getattr(found, name).items()
            told[name] = {measure: [one._asdict() for one in of] for measure, of in rows}
        say_json({**told, "cannot_conclude": found.cannot})
    else:
        tell_sensitivity(design, found)


def _with(design: Design, given: Mapping[str, object]) -> Design:
    """The design with something given on the command line in its place."""
    from pydantic import ValidationError

    try:
        return type(design).model_validate({**design.model_dump(exclude_unset=True), **given})
    except ValidationError as error:
        told = error.errors()[0]
        name = str(told["loc"][0]) if told["loc"] else ""
        what = told["msg"].removeprefix("Value error, ")
        raise ConfigError(what, where=f"--{name}", value=str(told["input"])) from error
