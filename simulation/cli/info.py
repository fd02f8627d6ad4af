"""``sociarium info``: everything about an episode as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from simulation.cli.console import out, pairs, say, say_json, table
from simulation.cli.options import Debug, Episode, Json, examples
from simulation.cli.text import amount_of_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from simulation.info import Info, Spent


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "info",
        epilog=examples(
            "sociarium info episodes/village-7-1", "sociarium info episodes/village-7-1 --json"
        ),
    )(info)


def info(episode: Episode, *, as_json: Json = False, debug: Debug = False) -> None:
    """Say where an episode comes from, what it took and holds, how it ended, and how to go on."""
    from simulation.episode.episode import Episode as Recorded
    from simulation.info import about

    found = about(Recorded.open(episode))
    if as_json:
        say_json(found.model_dump(mode="json"))
        return
    out().print(pairs(_whole(found)))
    _section("Events", [f"{number:,} {kind}" for kind, number in found.events.items()])
    if found.spent:
        say("")
        out().print(_costs(found))
    _section("Warnings", found.warnings)
    say("")
    say(f"To go on: {found.next}")


def _whole(found: Info) -> dict[str, str]:
    seed = "" if found.seed is None else f", seed {found.seed}"
    ended = f"{found.state}{f': {found.why}' if found.why else ''}"
    rows = {
        "episode": found.folder,
        "world": f"{found.title} ({found.world}{seed})",
        "people": f"{len(found.agents)}: {', '.join(found.agents)}",
        "minds": ", ".join(filter(None, (found.mind, found.model, found.embedder))),
        "lived": f"{found.ticks:,} of {found.until:,} ticks, {found.since} to {found.now}",
        "ended": ended,
        "stretches": str(found.stretches),
        "shares a past with": ", ".join(found.branches),
        "allowed": ", ".join(f"{value:,g} {name}" for name, value in found.limits.items()),
        "took": _took(found),
        "log": f"version {found.schema_version}, {'sealed' if found.sealed else 'not sealed'}",
        "written with": _versions(found),
    }
    sizes = [f"{name} {amount_of_bytes(size)}" for name, size in found.files.items()]
    held = [f"{h.rows:,} {name} {amount_of_bytes(h.bytes)}" for name, h in found.held.items()]
    rows |= {"in the log": ", ".join(held), "on disk": ", ".join(sizes)}
    return {name: text for name, text in rows.items() if text}


def _took(found: Info) -> str:
    if not found.calls:
        return "no call of a model"
    failed = f", {found.failed:,} unanswered" if found.failed else ""
    waiting = f", {found.waiting:,} replies wait for the next tick" if found.waiting else ""
    unknown = f" and what {', '.join(found.unpriced)} costs" if found.unpriced else ""
    calls = f"{found.calls:,} calls{failed}{waiting}"
    return f"{calls}; {found.tokens:,} tokens; {found.cost:,.4f} US dollars{unknown}"


def _versions(found: Info) -> str:
    names = ("sociarium", "python", "mesa")
    return ", ".join(f"{name} {found.versions[name]}" for name in names if name in found.versions)


def _section(title: str, lines: Iterable[str]) -> None:
    lines = list(lines)
    if lines:
        say("")
        say(title)
        for line in lines:
            say(line, indent=2)


def _costs(found: Info) -> Table:
    heads = ("agent", "purpose", "calls", "prompt", "cached", "reply", "seconds", "US dollars")
    return table(heads, [_row(spent) for spent in found.spent])


def _row(spent: Spent) -> list[str]:
    tokens = (spent.calls, spent.prompt_tokens, spent.cached_tokens, spent.reply_tokens)
    counted = [f"{number:,}" for number in tokens]
    return [spent.agent, spent.purpose, *counted, f"{spent.seconds:,.1f}", f"{spent.cost:,.4f}"]
