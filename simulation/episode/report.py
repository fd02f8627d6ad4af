"""A summary as a person reads it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from simulation.episode.plain import plain, shown_position

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from simulation.episode.summary import Cost, Knowing, Known, Stand, Summary, Talk

_MOST_TALKS: Final = 15
_MOST_PLACES: Final = 4
_WAYS: Final = {
    "told": "told",
    "overheard": "overheard it",
    "read": "read it",
    "saw": "saw it",
    "inferred": "worked it out",
}


def render(summary: Summary) -> Group:
    """The whole page, for a rich console; a console without colours leaves them out."""
    return Group(
        Text(_heading(summary), style="bold"),
        *_section("Who talked with whom", _talks(summary)),
        *_section("Who knows what", [_fact(summary, fact) for fact in summary.facts]),
        *_section("Where they stand", _stands(summary)),
        *_section("What they concluded", _reflections(summary)),
        *_section("What they did", _acts(summary)),
        *_section("Where they were", _whereabouts(summary)),
        *_section("What it took", _costs(summary)),
    )


def _section(title: str, rows: Iterable[RenderableType]) -> list[RenderableType]:
    shown = list(rows)
    if not shown:
        return []
    return [Text(f"\n{title}", style="bold"), *(Padding(row, (0, 0, 0, 2)) for row in shown)]


def _heading(summary: Summary) -> str:
    seed = "" if summary.seed is None else f", seed {summary.seed}"
    end = f", {summary.ended}" if summary.ended else ", not ended"
    ticks = _count(summary.ticks, "tick")
    hours = f"{summary.since} to {summary.until}"
    return f"{plain(summary.title, 80)}, {hours} ({ticks}{seed}{end})"


def _talks(summary: Summary) -> list[Text]:
    if not summary.talks:
        return [Text("Nobody talked with anybody.")]
    rows = [Text(_talk(summary, talk)) for talk in summary.talks[:_MOST_TALKS]]
    left = summary.talks[_MOST_TALKS:]
    if left:
        words = sum(talk.utterances for talk in left)
        rows.append(Text(f"… and {_count(len(left), 'more pair')}, {_count(words, 'utterance')}"))
    rows.append(Text(f"{summary.density:.0%} of all pairs talked with each other.", style="dim"))
    return rows


def _talk(summary: Summary, talk: Talk) -> str:
    one, other = (_name(summary, agent) for agent in talk.people)
    who = f"{one} and {other}" if talk.mutual else f"{one} to {other}, without a reply"
    return f"{who}: {_count(talk.utterances, 'utterance')} in {_duration(talk.minutes)}"


def _fact(summary: Summary, fact: Known) -> Tree:
    count, everyone = len(fact.knowers), len(summary.names)
    untrue = ", which is not so" if not fact.true else ""
    statement = plain(fact.statement).rstrip(".")
    tree = Tree(Text(f"{statement}{untrue}: {count} of {everyone} know it"))
    tellers = {knowing.teller for knowing in fact.knowers}
    silent = [k for k in fact.knowers if k.source == "seeded" and k.agent not in tellers]
    branches: dict[str, Tree] = {}
    for knowing in fact.knowers:
        if knowing in silent:
            continue
        # Who told them knew it before, so their branch is there; a stranger's word hangs at the
        # root, with the name.
        teller = branches.get(knowing.teller)
        shown = Text(_knowing(summary, knowing, hangs=teller is not None))
        branches[knowing.agent] = (teller or tree).add(shown)
    if silent:
        kept = " and told nobody who did not" if branches else ""
        names = _listed(_name(summary, knowing.agent) for knowing in silent)
        tree.add(Text(f"{names} knew it from the start{kept}"))
    return tree


def _knowing(summary: Summary, knowing: Knowing, *, hangs: bool) -> str:
    name = _name(summary, knowing.agent)
    if knowing.source == "seeded":
        return f"{name} knew it from the start"
    way = _WAYS.get(knowing.source, knowing.source)
    teller = f" from {_name(summary, knowing.teller)}" if knowing.teller and not hangs else ""
    return f"{name}, {way}{teller} at {knowing.time}"


def _stands(summary: Summary) -> list[Text]:
    rows: list[Text] = []
    for topic, statement in {row.topic: row.statement for row in summary.stands}.items():
        held = [
            f"{_name(summary, row.agent)} {_stand(row)}"
            for row in summary.stands
            if row.topic == topic
        ]
        rows.append(Text(f"{plain(statement)}: {', '.join(held)}"))
    return rows


def _stand(row: Stand) -> str:
    first, now = shown_position(row.first), shown_position(row.now)
    return now if first == now else f"{first} → {now}"


def _reflections(summary: Summary) -> list[Text]:
    return [
        Text(f"{row.time} {_name(summary, row.agent)}: {plain(row.insight)}")
        for row in summary.reflections
    ]


def _acts(summary: Summary) -> list[Text]:
    rows: list[Text] = []
    for agent, verbs in summary.acts.items():
        done = ", ".join(f"{plain(verb, 20)} {count}" for verb, count in verbs.items())
        failed = summary.failures.get(agent, 0)
        could_not = f"; {failed} could not be done" if failed else ""
        rows.append(Text(f"{_name(summary, agent)}: {done or 'nothing'}{could_not}"))
    return rows


def _whereabouts(summary: Summary) -> list[Text]:
    rows: list[Text] = []
    for agent, places in summary.whereabouts.items():
        named = [(summary.places.get(place, place), minutes) for place, minutes in places.items()]
        shown = [f"{place} {_duration(minutes)}" for place, minutes in named[:_MOST_PLACES]]
        rest = sum(minutes for _, minutes in named[_MOST_PLACES:])
        if rest:
            shown.append(f"elsewhere {_duration(rest)}")
        if shown:
            rows.append(Text(f"{_name(summary, agent)}: {', '.join(shown)}"))
    return rows


def _costs(summary: Summary) -> list[RenderableType]:
    rows: list[RenderableType] = []
    if summary.calls:
        rows.append(_table(summary.calls))
    made = sum(summary.decisions.values())
    if made:
        origins = ", ".join(f"{origin} {count}" for origin, count in summary.decisions.items())
        rows.append(Text(f"{_count(made, 'choice')}: {origins}"))
    if summary.saved_calls:
        rows.append(Text(f"{_count(summary.saved_calls, 'call')} saved by plans learned before"))
    failed = sum(summary.fallbacks.values())
    if failed:
        by = ", ".join(f"{plain(name, 20)} {count}" for name, count in summary.fallbacks.items())
        share = f"{summary.fallback_share:.1%} of all choices were made without a usable reply"
        rows.append(Text(f"{_count(failed, 'reply', 'replies')} failed ({by}); {share}"))
    return rows


def _table(costs: tuple[Cost, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("purpose", "calls", "prompt tokens", "cached", "reply tokens", "seconds"):
        table.add_column(heading, justify="left" if heading == "purpose" else "right")
    paid = any(cost.cost for cost in costs)
    if paid:
        table.add_column("US dollars", justify="right")
    rows = [(plain(cost.purpose, 20), cost) for cost in costs]
    for name, cost in rows:
        table.add_row(name, *_numbers([cost], paid=paid))
    if len(rows) > 1:
        table.add_row("all", *_numbers(costs, paid=paid), style="bold")
    return table


def _numbers(costs: Iterable[Cost], *, paid: bool) -> list[str]:
    costs = list(costs)
    counts = [
        sum(cost.calls for cost in costs),
        sum(cost.prompt_tokens for cost in costs),
        sum(cost.cached_tokens for cost in costs),
        sum(cost.reply_tokens for cost in costs),
    ]
    seconds = f"{sum(cost.seconds for cost in costs):,.1f}"
    money = [f"{sum(cost.cost for cost in costs):,.4f}"] if paid else []
    return [*(f"{count:,}" for count in counts), seconds, *money]


def _name(summary: Summary, agent: str) -> str:
    return plain(summary.names.get(agent, agent), 60)


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else ""]
    return " ".join(part for part in parts if part)
