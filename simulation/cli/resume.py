"""``sociarium resume``: go on with an episode that stopped, as if it had not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli.console import err, say
from simulation.cli.ending import leave, say_ending, say_summary_as_json
from simulation.cli.keyboard import Keyboard
from simulation.cli.live import Show, ctrl_c, hush, open_again, watcher, way_to_show
from simulation.cli.minds import read_budget, read_endurance
from simulation.cli.options import (
    Attempts,
    Budget,
    Debug,
    Episode,
    Json,
    Outage,
    Prices,
    Timeout,
    examples,
)
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
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from simulation.episode.episode import Episode as Recorded
    from simulation.language.patience import Endurance
    from simulation.mind.budget import Budget as Spending

Ticks = Annotated[
    int | None,
    typer.Option(
        "--ticks",
        min=1,
        help="Ticks in all, those already lived included; without it, as many as were wanted.",
    ),
]
Model = Annotated[
    str | None,
    typer.Option("--model", help="Who answers from now on; without it, the same model."),
]
BudgetCalls = Annotated[
    int | None,
    typer.Option("--budget-calls", min=0, help="Model calls in all, those already made included."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the folder and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "resume",
        epilog=examples(
            "sociarium resume episodes/village-7-1",
            "sociarium resume episodes/village-7-1 --ticks 900",
            "sociarium resume episodes/village-7-1 --budget-calls 1000",
        ),
    )(resume)


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """What is to be gone on with, and how."""

    folder: Path
    recorded: Recorded
    until: int
    model: str | None
    budget: Spending
    endurance: Endurance
    show: Show


def resume(
    episode: Episode,
    *,
    ticks: Ticks = None,
    model: Model = None,
    timeout: Timeout = None,
    attempts: Attempts = None,
    outage: Outage = None,
    budget_calls: BudgetCalls = None,
    budget: Budget = None,
    prices: Prices = None,
    live: Live = False,
    port: Port = None,
    no_open: NoOpen = False,
    paused: Paused = False,
    pace: Pace = None,
    quiet: Quiet = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Go on with an episode that was stopped, killed or cut off, as if nothing had happened.

    Its past is lived again from the replies in its journal, without asking a model, and compared
    with the log event by event. From there on the model is asked. What was lived never changes.
    """
    from simulation.episode.episode import Episode as Recorded
    from simulation.past import check_lived_here, target

    recorded = Recorded.open(episode)
    check_lived_here(recorded)
    recorded.log.check_current()
    if ticks is not None and ticks < recorded.ticks:
        hint = f"{recorded.ticks} were lived already, and stay."
        raise ConfigError("too few ticks", where="--ticks", value=ticks, hint=hint)
    wish = _Wish(
        folder=episode,
        recorded=recorded,
        until=ticks or target(recorded),
        model=model,
        budget=read_budget(budget, budget_calls, prices),
        endurance=read_endurance(timeout, attempts, outage),
        show=way_to_show(err(), quiet=quiet),
    )
    view = read_view(live=live, port=port, no_open=no_open, paused=paused, pace=pace)
    with held(view):
        end = _go_on(wish, view, err())
        if as_json:
            say_summary_as_json(episode)
        elif quiet:
            say(str(episode))
        else:
            say_ending(episode, end)
        stay(view, err(), end)
    leave(end)


def _go_on(wish: _Wish, view: View | None, console: Console) -> str:
    """Live what is left; returns how it ended."""
    from simulation.simulation import Simulation

    lived = wish.recorded.ticks
    speaks = wish.show != "nothing"
    if wish.until <= lived:
        if speaks:
            console.print(f"Nothing is left to live: all {lived} ticks are there.")
        return "finished"
    hush()
    model = open_again(wish.recorded, wish.model, console, wish.show)
    if speaks and lived:
        console.print(f"Living {lived} ticks again from their own replies …")
    with watcher(console, wish.recorded.spec.title, wish.show) as watch:
        simulation = Simulation.resume(
            wish.folder,
            model=model,
            budget=wish.budget,
            progress=view.told(watch) if view else watch,
            ask=Keyboard(console, watch),
            endurance=wish.endurance,
            gate=view.gate if view else None,
        )
        with (
            simulation,
            watched(view, simulation, note_for(watch, wish.show), lived=lived, until=wish.until),
            ctrl_c(simulation.stop, watch.note),
        ):
            simulation.run(wish.until)
    if simulation.rebuilt and speaks:
        console.print(f"Note: {simulation.rebuilt}.")
    return simulation.end or "finished"
