"""``sociarium behaviours``: what emerged in an episode, each finding with its events."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli.console import out, say, say_json, table
from simulation.cli.options import Debug, Episode, Json, examples
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from simulation.behaviours.behaviours import Behaviours, Rate
    from simulation.episode.episode import Episode as Recorded

FAMILY_NAMES = ("volunteering", "conformity", "destruction", "words")

Family = Annotated[
    str | None,
    typer.Argument(
        metavar="[volunteering|conformity|destruction|words]",
        help="One family; without it, all of them.",
        autocompletion=lambda: list(FAMILY_NAMES),
    ),
]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="WHEN", help="As it was when this tick or hour (14:05) was over."),
]
Csv = Annotated[
    str | None,
    typer.Option("--csv", metavar="FILE", help="Write the findings as a table; - is the output."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "behaviours",
        epilog=examples(
            "sociarium behaviours episodes/village-7-1",
            "sociarium behaviours episodes/village-7-1 volunteering --at 12:00",
            "sociarium behaviours episodes/village-7-1 --json",
            "sociarium behaviours episodes/village-7-1 --csv findings.csv",
        ),
    )(behaviours)


def behaviours(
    episode: Episode,
    family: Family = None,
    *,
    at: At = None,
    csv: Csv = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Find who did something for others, moved with the group, or did harm.

    Everything is read from the log: each finding names the events that it rests on, and each rate
    its opportunities, the choices at which the same could have been done and something else, too.
    """
    from simulation.behaviours.behaviours import Behaviours, observe
    from simulation.behaviours.behaviours import as_json as plain_json
    from simulation.episode.episode import Episode as Recorded
    from simulation.episode.timeline import tick_at

    if family is not None and family not in FAMILY_NAMES:
        raise ConfigError("unknown family", value=family, allowed=FAMILY_NAMES)
    recorded = Recorded.open(episode)
    until = None if at is None else recorded.moment(tick_at(recorded, at)) + 1
    found = observe(recorded, until=until)
    if family is not None:
        found = Behaviours(
            tuple(one for one in found.findings if one.family == family),
            tuple(one for one in found.opportunities if one.family == family),
        )
    if csv is not None:
        _write_csv(found, csv)
    elif as_json:
        say_json(plain_json(found))
    else:
        _tell(found, recorded, [family] if family else list(FAMILY_NAMES))


def _write_csv(found: Behaviours, target: str) -> None:
    import json
    import sys
    from pathlib import Path

    frame = found.frame()
    frame["events"] = frame["events"].map(" ".join)
    frame["fields"] = frame["fields"].map(lambda fields: json.dumps(fields, ensure_ascii=False))
    text = frame.to_csv(index=False)
    if target == "-":
        sys.stdout.write(text)
        return
    try:
        Path(target).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"cannot be written ({error.strerror})", where="--csv", value=target
        ) from error
    say(f"{len(frame)} findings: {target}")


def _tell(found: Behaviours, episode: Recorded, wanted: list[str]) -> None:
    from rich.padding import Padding

    from simulation.behaviours.telling import told, why_nothing

    families = sorted({one.family for one in (*found.findings, *found.opportunities)})
    for family in families:
        say(family.capitalize())
        rows = [one for one in found.findings if one.family == family]
        for kind, group in groupby(
            sorted(rows, key=lambda one: one.kind), key=lambda one: one.kind
        ):
            some = list(group)
            say(f"{kind}: {len(some)}", indent=2)
            lines = [[episode.time(one.tick), told(one, episode), one.events[-1]] for one in some]
            made = table(["", "", "event"], lines)
            made.show_header = False
            out().print(Padding(made, (0, 0, 0, 4)))
        if not rows:
            say("nothing was found", indent=2)
        rates = [rate for rate in found.rates() if rate.family == family]
        if rates:
            columns = ["act", "done", "of", "share", "95 %", "people", "left out"]
            out().print(Padding(table(columns, map(_rate_row, rates)), (1, 0, 0, 2)))
        say("")
    say("What cannot be concluded")
    for line in why_nothing(found, episode, wanted):
        say(line, indent=2)


def _rate_row(rate: Rate) -> list[str]:
    share = "" if rate.share is None else f"{rate.share:.0%}"
    interval = "" if rate.low is None else f"{rate.low:.0%} to {rate.high:.0%}"
    return [
        rate.act,
        str(rate.taken),
        str(rate.opportunities),
        share,
        interval,
        str(rate.actors),
        str(rate.excluded),
    ]
