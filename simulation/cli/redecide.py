"""``sociarium redecide``: ask recorded choices again, with another model or in other words."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from simulation.cli.console import err, out, say, say_json, table
from simulation.cli.door import INTERRUPTED
from simulation.cli.live import counting, ctrl_c, fetching, hush
from simulation.cli.options import Debug, Episode, Json, examples
from simulation.cli.text import plain
from simulation.errors import ConfigError, ModelError

if TYPE_CHECKING:
    from simulation.analysis.agreement import Agreement, Preference, Twice
    from simulation.episode.episode import Episode as Recorded
    from simulation.redecide import Redecided

SHOWN: Final = 10
"""Options in the table of those that shifted most."""

Model = Annotated[
    str | None, typer.Option("--model", help="Who is asked; without it, the episode's model.")
]
PromptFile = Annotated[
    Path | None,
    typer.Option(
        "--prompt",
        metavar="FILE",
        help="Other instructions, examples or content-free question for one purpose.",
    ),
]
Purpose = Annotated[
    str,
    typer.Option(
        "--purpose", help="Only choices of this purpose: decide, plan or stance.", metavar="NAME"
    ),
]
Sample = Annotated[
    int | None,
    typer.Option("--sample", min=1, metavar="N", help="So many choices at most, at random."),
]
Seed = Annotated[int, typer.Option("--seed", help="Of that draw.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "redecide",
        epilog=examples(
            "sociarium redecide episodes/village-7-1 --model openai:gpt-5-mini --sample 100",
            "sociarium redecide episodes/village-7-1 --prompt decide.md --json",
        ),
    )(redecide)


def redecide(
    episode: Episode,
    *,
    model: Model = None,
    prompt: PromptFile = None,
    purpose: Purpose = "",
    sample: Sample = None,
    seed: Seed = 0,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Ask recorded choices again with another model or other words, and count what stays the same.

    The same menus, in the same order, with the same seeds. Nothing is written.
    """
    from simulation.episode.episode import Episode as Recorded
    from simulation.redecide import Redecision

    if model is None and prompt is None:
        hint = "Give --model, --prompt or both; the episode's own --model shows how it repeats."
        raise ConfigError("nothing would differ", hint=hint)
    hush()
    recorded = Recorded.open(episode)
    with counting(err(), "choices") as progress:
        redecision = Redecision(
            recorded,
            _opened(recorded, model),
            prompt=prompt,
            purpose=purpose,
            sample=sample,
            seed=seed,
            progress=progress,
        )
        with ctrl_c(redecision.stop, lambda _: err().print("ending after what is being asked…")):
            found = redecision.run()
    _check_answered(found)
    if as_json:
        given = {"episode": str(episode), "prompt": prompt and str(prompt), "seed": seed}
        say_json(given | _as_json(found))
    else:
        _show(recorded, found)
    if found.interrupted:
        raise typer.Exit(INTERRUPTED)


def _opened(recorded: Recorded, name: str | None) -> Any:
    """The model, ready; its weights are fetched first. Nobody if nobody was asked."""
    from simulation.language.names import open_model

    began = recorded.began
    name = name or (began.model if began else "")
    if not name:
        return None
    console = err()
    with fetching(console, "bar" if console.is_terminal else "lines") as progress:
        return open_model(name, progress=progress)


def _check_answered(found: Redecided) -> None:
    """Refuse to compare with nothing."""
    if found.rows and not any(row.now for row in found.rows):
        (why, _), *_ = _reasons(found.rows)
        raise ModelError(f"{found.model} answered none of {len(found.rows)} choices ({why})")


def _reasons(rows: tuple[Twice, ...]) -> list[tuple[str, int]]:
    return Counter(row.why for row in rows if row.now is None).most_common()


# JSON --------------------------------------------------------------------------------------------


def _as_json(found: Redecided) -> dict[str, Any]:
    from simulation.analysis.agreement import agreement, agreement_by, shifts

    rows = found.rows
    return {
        "recorded_model": found.recorded,
        "model": found.model,
        "of": found.of,
        "reworded": found.reworded,
        "interrupted": found.interrupted,
        "all": asdict(agreement(rows)),
        "purposes": {k: asdict(v) for k, v in agreement_by(rows, lambda r: r.purpose).items()},
        "agents": {k: asdict(v) for k, v in agreement_by(rows, lambda r: r.agent).items()},
        "options": [asdict(shift) for shift in shifts(rows)],
        "unanswered": [{"why": why, "times": times} for why, times in _reasons(rows)],
        "choices": [_choice_as_json(row) for row in rows],
    }


def _choice_as_json(row: Twice) -> dict[str, Any]:
    return {
        "call": row.call,
        "agent": row.agent,
        "tick": row.tick,
        "purpose": row.purpose,
        "options": list(row.options),
        "then": _preference_as_json(row.then),
        "now": None if row.now is None else _preference_as_json(row.now),
        "same": row.same,
        "why": row.why,
    }


def _preference_as_json(held: Preference) -> dict[str, Any]:
    shares = held.shares
    return {
        "best": held.best,
        "probabilities": None if shares is None else [round(share, 6) for share in shares],
    }


# Tables ------------------------------------------------------------------------------------------


def _show(recorded: Recorded, found: Redecided) -> None:
    from simulation.analysis.agreement import agreement, agreement_by, shifts

    rows = found.rows
    say(f"Asked again: {len(rows)} of {found.of} choices that {found.recorded} made.")
    say(f"Answered by: {found.model}" + (", in other words." if found.reworded else "."))
    counted = {"all": agreement(rows)}
    counted |= agreement_by(rows, lambda row: row.purpose)
    counted |= agreement_by(rows, lambda row: recorded.name(row.agent))
    say("")
    headings = ["choices", "answered", "same", "agreement (95 %)", "total variation", "KL, nats"]
    cells = [[plain(name), *_cells(value)] for name, value in counted.items()]
    _print_table([" ", *headings], cells)
    for why, times in _reasons(rows):
        say(f"Not answered, {times}: {why}")
    moved = [shift for shift in shifts(rows)[:SHOWN] if not math.isclose(shift.then, shift.now)]
    if moved:
        say("")
        say("What shifted most, with the mean probability in the menus that have it")
        say("")
        cells = [[f"{s.then:.2f} → {s.now:.2f}", str(s.menus), plain(s.option)] for s in moved]
        _print_table(["probability", "menus", "option"], cells)


def _cells(counted: Agreement) -> list[str]:
    return [
        str(counted.asked),
        str(counted.answered),
        str(counted.same),
        "-"
        if counted.share is None or counted.low is None or counted.high is None
        else f"{counted.share:.0%} ({counted.low:.0%} to {counted.high:.0%})",
        "-" if counted.variation is None else f"{counted.variation:.3f}",
        "-" if counted.divergence is None else f"{counted.divergence:.3f}",
    ]


def _print_table(columns: list[str], rows: list[list[str]]) -> None:
    made = table(columns, rows)
    for column in made.columns[:-1]:
        column.no_wrap = True
    out().print(made)
