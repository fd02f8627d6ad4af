"""``sociarium branch``: what would have been, had something been otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli import completion
from simulation.cli.console import err, say
from simulation.cli.ending import leave, say_ending, say_summary_as_json
from simulation.cli.interventions import read_interventions
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
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from simulation.episode.episode import Episode as Recorded
    from simulation.interventions import Timed
    from simulation.language.patience import Endurance
    from simulation.mind.budget import Budget as Spending

At = Annotated[
    str,
    typer.Option(
        "--at", metavar="WHEN", help="The first tick that is not shared: a number or an hour."
    ),
]
Do = Annotated[
    list[str] | None,
    typer.Option(
        "--do",
        metavar="WHAT",
        help="What is done at that tick: 'whisper ana \"…\"', 'move ana to the quay'; or later, "
        "with a moment before it. See `sociarium list interventions`.",
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="A lever of the world stands otherwise."),
]
NewPersona = Annotated[
    list[Path] | None,
    typer.Option(
        "--persona",
        metavar="FILE",
        help="A persona's file: whoever has its id is this person from then on.",
    ),
]
Script = Annotated[
    Path | None,
    typer.Option("--interventions", metavar="FILE", help="A YAML file of what is done, and when."),
]
Ticks = Annotated[
    int | None,
    typer.Option("--ticks", min=1, help="Ticks in all; without it, as many as were wanted."),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="Who answers from then on; without it the same, and recorded replies to the same "
        "questions are used again.",
        autocompletion=completion.models,
    ),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Ask everything anew from then on, recorded or not.")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FOLDER", help="The branch's folder; must not exist yet."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the folder and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "branch",
        epilog=examples(
            """sociarium branch episodes/village-7-1 --at 08:30 --do 'whisper ada "go home"'""",
            "sociarium branch episodes/village-7-1 --at 120 --set logs=asked",
            "sociarium branch episodes/village-7-1 --at 120 --do 'persona ada bedtime=20:00'",
            "sociarium diff episodes/village-7-1 episodes/village-7-2",
        ),
    )(branch)


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """What is to be otherwise, and how it is lived."""

    recorded: Recorded
    at: int
    until: int
    script: tuple[Timed, ...]
    model: str | None
    fresh: bool
    out: Path | None
    budget: Spending
    endurance: Endurance
    show: Show


def branch(
    episode: Episode,
    *,
    at: At,
    do: Do = None,
    settings: Set = None,
    persona: NewPersona = None,
    interventions: Script = None,
    ticks: Ticks = None,
    model: Model = None,
    fresh: Fresh = False,
    timeout: Timeout = None,
    attempts: Attempts = None,
    outage: Outage = None,
    out: Out = None,
    budget: Budget = None,
    prices: Prices = None,
    quiet: Quiet = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Begin another episode that shares the past of one, and see where they part.

    The past is lived again from the replies in the journal. From the tick on, a question that is
    asked in the same words gets the same reply, so that nothing differs but what follows from
    what is done. Both episodes name their relation; `sociarium diff` shows where they part.
    """
    from simulation.episode.episode import Episode as Recorded
    from simulation.episode.timeline import tick_at
    from simulation.past import target

    recorded = Recorded.open(episode)
    moment = tick_at(recorded, at)
    lines = [*(do or ()), *(f"set {pair}" for pair in settings or ())]
    script = read_interventions(recorded.spec, lines, interventions, at=moment)
    until = ticks or max(target(recorded), recorded.ticks)
    if until <= moment:
        hint = f"The branch begins at tick {moment}."
        raise ConfigError("too few ticks", where="--ticks", value=until, hint=hint)
    wish = _Wish(
        recorded=recorded,
        at=moment,
        until=until,
        script=(*script, *_people(persona or (), moment)),
        model=model,
        fresh=fresh,
        out=out,
        budget=read_budget(budget, None, prices),
        endurance=read_endurance(timeout, attempts, outage),
        show=way_to_show(err(), quiet=quiet),
    )
    folder, end = _live(wish)
    if as_json:
        say_summary_as_json(folder)
    elif quiet:
        say(str(folder))
    else:
        say_ending(folder, end)
    leave(end)


def _people(files: list[Path] | tuple[()], at: int) -> list[Timed]:
    import personas
    from simulation.interventions import Timed
    from simulation.kernel.intervention import Become

    found = [personas.load_file(path) for path in files]
    return [Timed(at=at, do=Become(who=persona.id, persona=persona)) for persona in found]


def _live(wish: _Wish) -> tuple[Path, str]:
    """Live the branch; returns its folder and how it ended."""
    from simulation.simulation import Simulation

    hush()
    console = err()
    model = open_again(wish.recorded, wish.model, console, wish.show)
    with watcher(console, wish.recorded.spec.title, wish.show) as watch:
        simulation = Simulation.branch(
            wish.recorded.folder,
            wish.at,
            interventions=wish.script,
            model=model,
            fresh=wish.fresh or wish.model is not None,
            out=wish.out,
            budget=wish.budget,
            progress=watch,
            endurance=wish.endurance,
            ask=Keyboard(console, watch),
        )
        if wish.show != "nothing":
            console.print(f"Living {wish.at} ticks again from their own replies …")
        with simulation, ctrl_c(simulation.stop, watch.note):
            simulation.run(wish.until)
    return simulation.out, simulation.end or "finished"
