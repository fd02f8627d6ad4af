"""``sociarium run … --dry-run``: what a run would take, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.cli.console import out, say, say_json, table
from simulation.span import Span

if TYPE_CHECKING:
    from simulation.mind.budget import Limits
    from simulation.rehearsal import Estimate


def say_estimate(estimate: Estimate, limits: Limits, *, as_json: bool) -> None:
    """Print what a run would take, each figure with the range in which most runs end.

    Args:
        estimate: What was rehearsed.
        limits: What may be spent; whether that is enough is told, too.
        as_json: Whether a program reads it.
    """
    if as_json:
        say_json(estimate.model_dump(mode="json"))
        return
    say(f"{estimate.agents} people, {estimate.ticks:,} ticks, {estimate.model}: a rehearsal.")
    if not estimate.calls:
        say("No model is asked: it costs nothing.")
        return
    out().print(
        table(("purpose", "calls", "tokens read", "written", "US dollars"), _rows(estimate))
    )
    say("")
    say(f"calls   {_range(estimate.calls_range)}")
    say(f"tokens  {_range(estimate.tokens_range)}")
    say(f"money   {_money(estimate)}")
    low, high = estimate.seconds_range
    say(f"time    {_duration(low)} to {_duration(high)}")
    for name, limit, span in (
        ("calls", limits.calls, estimate.calls_range),
        ("tokens", limits.tokens, estimate.tokens_range),
        ("US dollars", limits.usd, estimate.cost_range),
        ("minutes", limits.minutes, Span(low / 60, high / 60)),
    ):
        if limit is not None and span is not None and limit < span.high:
            verb = "will" if limit < span.low else "may"
            say(f"The budget of {limit:,g} {name} {verb} end it before.")


def _rows(estimate: Estimate) -> list[list[str]]:
    shares = estimate.shares
    rows = [
        (share.purpose, share.calls, share.prompt_tokens, share.reply_tokens, share.cost)
        for share in shares
    ]
    read, written = (sum(column) for column in list(zip(*rows, strict=True))[2:4])
    rows.append(("all", estimate.calls, read, written, estimate.cost or 0.0))
    known = estimate.cost is not None
    return [
        [name, *(f"{number:,}" for number in numbers), f"{cost:,.4f}" if known else "?"]
        for name, *numbers, cost in rows
    ]


def _range(span: Span) -> str:
    return f"{span.low:,.0f} to {span.high:,.0f}"


def _money(estimate: Estimate) -> str:
    if estimate.cost_range is None:
        return "not known: give a price with --prices; see `sociarium list prices`"
    if not estimate.cost:
        return "nothing"
    low, high = estimate.cost_range
    read = f", by the price of {estimate.price['as_of']}" if estimate.price.get("as_of") else ""
    places = 2 if high >= 1 else 4
    span = f"{low:,.{places}f} to {high:,.{places}f}"
    return f"{span} US dollars{read}, without thoughts and caches"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
