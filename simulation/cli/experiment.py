"""``sociarium experiment``: arms, seeds and models in one file, run and analysed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli.console import err, out, say, say_json, table
from simulation.cli.options import Debug, Json, examples
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.analysis.statistics.result import Result
    from simulation.experiment.analyse import Analysis, Compared
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


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "experiment",
        epilog=examples(
            "sociarium experiment helping --mind rules    seconds, without a model",
            "sociarium experiment helping                 minutes, on the embedded model",
            "sociarium experiment my.yaml --seeds 0..19 --json",
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
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Run every arm of an experiment with every seed and model, and say what came of it.

    Each run is an episode. Ctrl-C keeps what is finished; the same command goes on from there.
    """
    from simulation.cli.live import counting, ctrl_c, hush
    from simulation.experiment.analyse import analyse
    from simulation.experiment.plan import check
    from simulation.experiment.ready import find_experiment
    from simulation.experiment.runner import Experiment, read_design

    hush()
    path = find_experiment(file)
    design = read_design(path)
    changed = {"mind": mind, "models": model or None, "seeds": seeds}
    given = {name: value for name, value in changed.items() if value is not None}
    if given:
        design = _with(design, given)
        check(design)
    if dry_run:
        _say_plan(design)
        return
    folder = out_folder or Path("experiments") / path.stem
    lived = Experiment(design, folder)
    console = err()
    with counting(console, design.title) as count, ctrl_c(lived.stop, console.print):
        outcome = lived.run(jobs=jobs, progress=lambda done, total, _: count(done, total))
    analysis = analyse(design, outcome.frame())
    if as_json:
        say_json({**analysis.as_json(), "runs": outcome.rows, "failed": outcome.failed})
    else:
        _tell(analysis, outcome, lived)
    if outcome.interrupted:
        raise typer.Exit(INTERRUPTED)
    if outcome.failed:
        raise typer.Exit(FAILED)


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


def _say_plan(design: Design) -> None:
    from simulation.experiment.plan import mind_of, runs_of

    runs = runs_of(design)
    say(f"{design.title}: {len(runs)} runs of {design.ticks} ticks")
    rows = [
        [name, mind_of(design, arm), ", ".join(f"{k}={v}" for k, v in arm.set.items()), arm.what]
        for name, arm in design.arms.items()
    ]
    out().print(table(["arm", "mind", "levers", "what"], rows))
    say(f"seeds: {len(design.seeds)}; models: {', '.join(design.models)}")


def _tell(analysis: Analysis, outcome: Outcome, lived: Experiment) -> None:
    design = analysis.design
    say(design.title)
    say(f"Hypothesis: {design.hypothesis}")
    for known in design.literature:
        say(f"Known: {known.finding} ({known.source})", indent=2)
    say("")
    for name, arms in analysis.means.items():
        say(f"{name} ({design.measures[name].kind} {design.measures[name].of})")
        rows = [[arm, _mean(result)] for arm, result in arms.items()]
        made = table(["arm", "mean over runs"], rows)
        out().print(made)
        for one in (one for one in analysis.compared if one.measure == name):
            say(_compared(one, design.control or ""), indent=2)
        say("")
    if not analysis.is_evidence:
        say("Engine check, not evidence:")
    for gate in analysis.gates:
        say(f"{'holds' if gate.passed else 'FAILS'}: {gate.name} ({gate.figure})", indent=2)
    if design.weak_model:
        say(f"With a small model: {design.weak_model}")
    for key, why in outcome.failed.items():
        say(f"failed: {key}: {why}")
    if outcome.interrupted:
        say("Interrupted; the same command goes on from here.")
    say(f"Runs: {lived.out / 'runs.csv'}")


def _compared(one: Compared, control: str) -> str:
    told = "; ".join(str(result) for result in one.results)
    p = (
        ""
        if one.p_corrected is None
        else f"; p corrected for all comparisons {one.p_corrected:.3g}"
    )
    return f"{one.arm} against {control}: {told}{p}"


def _mean(result: Result) -> str:
    return str(result).removeprefix(result.what).strip(" :")
