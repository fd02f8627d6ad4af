"""``sociarium run``: live a world, and say what came of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli import completion
from simulation.cli.console import err, say
from simulation.cli.door import INTERRUPTED
from simulation.cli.ending import leave, say_ending, say_summary_as_json
from simulation.cli.interventions import read_interventions
from simulation.cli.keyboard import Keyboard
from simulation.cli.live import Show, ctrl_c, fetching, hush, watcher, way_to_show
from simulation.cli.minds import read_budget, read_endurance, read_minds, read_options
from simulation.cli.options import Attempts, Budget, Debug, Json, Outage, Prices, Timeout, examples
from simulation.cli.watch import (
    Live,
    NoOpen,
    Pace,
    Paused,
    Port,
    View,
    held,
    note_for,
    read_view,
    stay,
    watched,
)
from simulation.cli.worlds import describe
from simulation.errors import ConfigError, EpisodeError

if TYPE_CHECKING:
    from rich.console import Console

    from simulation.interventions import Timed
    from simulation.kernel.spec import WorldSpec
    from simulation.language.base import LanguageModel
    from simulation.language.patience import Endurance
    from simulation.mind.budget import Budget as Spending
    from simulation.mind.options import MindOptions
    from simulation.minds import Minds
    from simulation.simulation import Simulation

World = Annotated[
    str,
    typer.Argument(
        metavar="WORLD",
        help="An installed world, module:Class, or a folder with a map file.",
        autocompletion=completion.worlds,
    ),
]
Agents = Annotated[
    int | None, typer.Option("--agents", metavar="N", help="The first N of the cast.")
]
Ticks = Annotated[
    int | None, typer.Option("--ticks", metavar="N", min=1, help="How many ticks to live.")
]
Start = Annotated[
    str | None, typer.Option("--start", metavar="HH:MM", help="The hour at which it begins.")
]
Model = Annotated[
    str,
    typer.Option(
        "--model",
        metavar="NAME",
        help="The language model; see `sociarium list models`.",
        autocompletion=completion.models,
    ),
]
Then = Annotated[
    str | None,
    typer.Option(
        "--then",
        metavar="NAME",
        help="With --model recorded:EPISODE: who answers what has no recorded reply.",
        autocompletion=completion.models,
    ),
]
MindName = Annotated[
    list[str] | None,
    typer.Option(
        "--mind",
        metavar="NAME",
        help="The kind of mind; see `sociarium list minds`. Again as human:NAME: you play them.",
        autocompletion=completion.minds,
    ),
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="The seed of all chance.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FOLDER", help="The episode's folder; must not exist yet."),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="A lever of the world; may be given again for others.",
        autocompletion=completion.levers,
    ),
]
BudgetCalls = Annotated[
    int | None,
    typer.Option("--budget-calls", metavar="N", min=0, help="End after N model calls."),
]
Option = Annotated[
    list[str] | None,
    typer.Option(
        "--option",
        metavar="KEY=VALUE",
        help="A setting of the minds; may be given again for others.",
        autocompletion=completion.options,
    ),
]
Probe = Annotated[
    list[str] | None,
    typer.Option(
        "--probe",
        metavar="TOPIC every N",
        help="Ask everybody in private where they stand on TOPIC (or all) every N ticks, or "
        "'TOPIC at 0,300'; may be given again.",
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="PART",
        help="Switch a part of the minds off: reflection, planning, …; may be given again.",
        autocompletion=completion.parts,
    ),
]
Chroma = Annotated[
    str | None,
    typer.Option(
        "--chroma",
        metavar="URL",
        help="Store memories on a Chroma server, http://HOST:PORT, or only in `memory`.",
    ),
]
Do = Annotated[
    list[str] | None,
    typer.Option(
        "--do",
        metavar="'WHEN WHAT'",
        help="Reach into the run: '08:30 whisper ana \"…\"'; may be given again. "
        "See `sociarium list interventions`.",
    ),
]
Script = Annotated[
    Path | None,
    typer.Option(
        "--interventions", metavar="FILE", help="A YAML file of what is done to the run, and when."
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Rehearse it without a model, and say what it would take."),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print the episode's folder and no more.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "run",
        epilog=examples(
            "sociarium run village",
            "sociarium run village --agents 4 --ticks 120 --seed 1",
            "sociarium run village --mind rules --set till=attended",
            "sociarium run village --mind human:Ada --mind rules",
            "sociarium run village --without reflection --option retrieval=recent",
            "sociarium run village --probe 'limit every 60'",
            "sociarium run village --model openai:gpt-5-mini --dry-run",
            "sociarium run village --model ollama:qwen3 --budget calls=500,minutes=30",
            """sociarium run village --do '08:30 whisper ada "the lamp is out"'""",
            "sociarium run village --live",
        ),
    )(run)


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """What was asked for, checked as far as it can be before anything is written."""

    spec: WorldSpec
    minds: Minds
    model: str
    then: str | None
    seed: int
    out: Path
    ticks: int | None
    budget: Spending
    options: MindOptions
    chroma: str | None
    script: tuple[Timed, ...]
    endurance: Endurance
    show: Show


def run(
    world: World,
    *,
    agents: Agents = None,
    ticks: Ticks = None,
    start: Start = None,
    model: Model = "local",
    then: Then = None,
    mind: MindName = None,
    seed: Seed = 7,
    out: Out = None,
    settings: Set = None,
    option: Option = None,
    without: Without = None,
    probe: Probe = None,
    budget_calls: BudgetCalls = None,
    budget: Budget = None,
    prices: Prices = None,
    chroma: Chroma = None,
    timeout: Timeout = None,
    attempts: Attempts = None,
    outage: Outage = None,
    do: Do = None,
    interventions: Script = None,
    live: Live = False,
    port: Port = None,
    no_open: NoOpen = False,
    paused: Paused = False,
    pace: Pace = None,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Live a world from morning to night and write the episode.

    Ctrl-C ends after the minute in hand and keeps everything; again, it stops at once.
    """
    spec = describe(world, agents=agents, settings=settings or [], start=start)
    minds = read_minds(mind, spec)
    _check_model(model)
    _check_then(model, then)
    _check_chroma(chroma)
    options = read_options(option or [], without or [], probe or [])
    wish = _Wish(
        spec=spec,
        minds=minds,
        model=model,
        then=then,
        seed=seed,
        out=_free_folder(out, spec.world, seed),
        ticks=ticks,
        budget=read_budget(budget, budget_calls, prices),
        chroma=chroma,
        options=options,
        script=read_interventions(spec, do, interventions),
        endurance=read_endurance(timeout, attempts, outage),
        show=way_to_show(err(), quiet=quiet),
    )
    if dry_run:
        if live:
            raise ConfigError("nothing is lived with --dry-run", where="--live")
        _rehearse(wish, as_json=as_json)
        return
    view = read_view(live=live, port=port, no_open=no_open, paused=paused, pace=pace)
    with held(view):
        end = _live(wish, view)
        if as_json:
            say_summary_as_json(wish.out)
        elif quiet:
            say(str(wish.out))
        else:
            say_ending(wish.out, end)
        stay(view, err(), end)
    leave(end)


def _rehearse(wish: _Wish, *, as_json: bool) -> None:
    """Say what the run would take; nothing of it is kept."""
    from simulation.cli.rehearse import say_estimate
    from simulation.minds import HUMAN
    from simulation.rehearsal import rehearse

    hush()
    with watcher(err(), wish.spec.title, wish.show) as watch:
        estimate = rehearse(
            wish.spec,
            model=wish.model,
            # Whoever is played asks no model.
            mind="rules" if wish.minds.others == HUMAN else wish.minds.others,
            seed=wish.seed,
            ticks=wish.ticks,
            options=wish.options,
            interventions=wish.script,
            prices=wish.budget.prices,
            progress=watch,
        )
    if estimate is None:
        raise typer.Exit(INTERRUPTED)
    say_estimate(estimate, wish.budget.limits, as_json=as_json)


def _live(wish: _Wish, view: View | None) -> str:
    """Live the run; returns how it ended."""
    from simulation.simulation import Simulation

    hush()
    console = err()
    model = _open_model(wish, console)
    with watcher(console, wish.spec.title, wish.show) as watch:
        simulation = Simulation(
            wish.spec,
            model=model,
            seed=wish.seed,
            mind=str(wish.minds),
            out=wish.out,
            budget=wish.budget,
            chroma=wish.chroma,
            endurance=wish.endurance,
            options=wish.options,
            interventions=wish.script,
            ask=Keyboard(console, watch),
            progress=view.told(watch) if view else watch,
            gate=view.gate if view else None,
        )
        with (
            simulation,
            watched(view, simulation, note_for(watch, wish.show), until=wish.ticks),
            ctrl_c(simulation.stop, watch.note),
        ):
            _run_or_say_what_is_kept(simulation, wish)
    return simulation.end or "finished"


def _run_or_say_what_is_kept(simulation: Simulation, wish: _Wish) -> None:
    try:
        simulation.run(wish.ticks)
    except BaseException:
        if wish.out.exists():
            err().print(f"What was lived until then is kept in {wish.out}", soft_wrap=True)
        raise


def _open_model(wish: _Wish, console: Console) -> str | LanguageModel:
    """The model, ready; its weights are fetched before the run's own display begins."""
    if not wish.minds.need_model:
        return wish.model
    from simulation.language.names import open_model

    with fetching(console, wish.show) as progress:
        if wish.then is None:
            return open_model(wish.model, progress=progress)
        from simulation.language.recorded import RecordedModel

        after = open_model(wish.then, progress=progress)
        return RecordedModel.of(wish.model.partition(":")[2], after)


def _check_model(name: str) -> None:
    """Refuse a name that nobody knows, even where the mind would not ask it."""
    from simulation.language.names import list_models, open_model

    kinds = {info.name.partition(":")[0] for info in list_models()}
    if name.strip().partition(":")[0] not in kinds:
        open_model(name)


def _check_then(model: str, then: str | None) -> None:
    if then is None:
        return
    if not model.startswith("recorded:"):
        hint = "Give --model recorded:EPISODE with it."
        raise ConfigError("nothing comes before it", where="--then", value=then, hint=hint)
    _check_model(then)


def _check_chroma(place: str | None) -> None:
    from simulation.memory.server import check_place

    check_place(place)


def _free_folder(given: Path | None, world: str, seed: int) -> Path:
    """A folder that an episode can be written to; nothing is made yet."""
    from simulation.episode.folder import default_folder

    # A world that is a folder goes by the whole path, an episode by the last part of it.
    folder = given or default_folder(Path(world).name, seed)
    if os.path.lexists(folder):
        hint = "Give another folder, or leave --out away to have one named for you."
        what = "something is there already"
        raise EpisodeError(what, where="--out", value=str(folder), hint=hint)
    nearest = next(parent for parent in folder.absolute().parents if parent.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        what = f"{nearest} is not a folder that can be written"
        hint = "Give another with --out."
        raise EpisodeError(what, where="--out", value=str(folder), hint=hint)
    return folder
