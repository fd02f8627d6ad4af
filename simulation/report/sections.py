"""The tables of an episode's report: rows of numbers, each with the events that it rests on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.analysis import networks
from simulation.analysis.acquaintance import relationship_density
from simulation.analysis.cascades import cascades
from simulation.analysis.coordination import coordination
from simulation.analysis.inequality import inequality
from simulation.analysis.norms import norms
from simulation.analysis.polarisation import polarisation
from simulation.cli.text import plain
from simulation.episode.events import Acted, Asked, Decided, Learned, Moved, Said
from simulation.report.evidence import NONE, Evidence, Number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from simulation.analysis.acquaintance import Density
    from simulation.analysis.cascades import Cascade
    from simulation.analysis.norms import Kept, NormKept
    from simulation.analysis.polarisation import Polarisation
    from simulation.behaviours.behaviours import Behaviours, Rate
    from simulation.episode.episode import Episode

Cell = Number | str


class Table(NamedTuple):
    """A table of a report."""

    caption: str
    columns: tuple[str, ...]
    rows: list[list[Cell]]
    nothing: str = "There is nothing to be told."
    """What stands in its place where it has no rows."""


_UNKNOWN: Final = "not defined"


def numbers(episode: Episode, found: Behaviours, evidence: Evidence) -> list[tuple[str, Number]]:
    """The figures at the head of the page."""
    said = [event.id for event in episode.each(Said)]
    decided = list(episode.each(Decided))
    bad = [event.id for event in decided if event.origin in ("fallback", "refusal")]
    share = f" ({len(bad) / len(decided):.1%})" if decided else ""
    told = [event.id for event in episode.each(Learned) if event.teller]
    rows = [
        ("utterances", evidence.number(len(said), said, "Utterances")),
        ("choices", evidence.number(len(decided), (one.id for one in decided), "Choices")),
        (
            "of these fallbacks or refusals",
            _plain(evidence, f"{len(bad)}{share}", bad, "Fallbacks"),
        ),
        ("facts passed on", evidence.number(len(told), told, "Facts passed on")),
    ]
    families = Counter(one.family for one in found.findings)
    for family, count in families.items():
        ids = [one.events[-1] for one in found.findings if one.family == family]
        rows.append((f"findings of {family}", evidence.number(count, ids, f"Findings: {family}")))
    return rows


def _plain(evidence: Evidence, text: str, events: Iterable[str], title: str) -> Number:
    return evidence.number(text, events, title)


def rates(found: Behaviours, evidence: Evidence) -> Table:
    """How often each act was done, of the times at which it could be."""
    rows: list[list[Cell]] = []
    for rate in found.rates():
        chances = [
            one
            for one in found.opportunities
            if (one.family, one.act) == (rate.family, rate.act) and not one.excluded
        ]
        taken = [name for one in chances if one.taken for name in one.events]
        given = [name for one in chances for name in one.events]
        what = f"{rate.family}, {rate.act}"
        rows.append(
            [
                rate.family,
                rate.act,
                evidence.number(rate.taken, taken, f"{what}: done"),
                evidence.number(rate.opportunities, given, f"{what}: could be done"),
                _share(rate.share),
                _interval(rate),
                str(rate.actors),
                str(rate.excluded),
            ]
        )
    columns = ("family", "act", "done", "of", "share", "95 % (Wilson)", "people", "left out")
    about = (
        "An opportunity is a choice whose menu held the act and another one. Choices of a run hang "
        "together."
    )
    return Table(about, columns, rows, "There was no opportunity: no rate can be given.")


def diffusion(episode: Episode, evidence: Evidence) -> Table:
    """How far every fact spread, and along which tree."""
    rows = [_cascade(one, episode, evidence) for one in cascades(episode)]
    columns = (
        "fact",
        "knew it before",
        "know it",
        "by",
        "depth",
        "breadth",
        "virality",
        "R",
        "half of all by",
    )
    about = (
        "Share of everybody (Park et al. 2023). Virality: mean distance in the tree (Goel et al. "
        "2016); R: people told first by each who knows."
    )
    return Table(about, columns, rows, "The world has no facts.")


def _cascade(one: Cascade, episode: Episode, evidence: Evidence) -> list[Cell]:
    seeded = [knower.event for knower in one.knowers if knower.source == "seeded"]
    events = [knower.event for knower in one.knowers]
    ways = Counter(knower.source for knower in one.knowers)
    people = one.people or 1
    return [
        plain(one.statement),
        evidence.number(f"{len(seeded) / people:.0%}", seeded, f"{one.fact}: knew it before"),
        evidence.number(f"{len(events) / people:.0%}", events, f"{one.fact}: know it"),
        ", ".join(f"{way} {count}" for way, count in ways.items()) or NONE,
        _text(one.depth),
        _text(one.breadth),
        NONE if one.virality is None else f"{one.virality:.2f}",
        NONE if one.reproduction is None else f"{one.reproduction:.2f}",
        "not reached" if one.half_time is None else episode.time(one.half_time),
    ]


def ties(episode: Episode, evidence: Evidence) -> Table:
    """The six networks and that of acquaintance, as a whole."""
    rows: list[list[Cell]] = []
    for kind in networks.KINDS:
        graph = networks.network(episode, kind)
        found = networks.shape(graph, episode.seed or 0)
        events = [name for *_, data in graph.edges(data=True) for name in data["events"]]
        alike = networks.assortativity(graph, "extraversion")
        rows.append(
            [
                kind,
                evidence.number(found.ties, events, f"Ties of {kind}"),
                _measure(found.density),
                _measure(found.reciprocity),
                _measure(found.clustering if found.ties else None),
                _measure(found.modularity),
                "; ".join(
                    ", ".join(map(episode.name, group))
                    for group in found.communities
                    if len(group) > 1
                )
                or NONE,
                _measure(alike),
            ]
        )
    columns = (
        "ties of",
        "ties",
        "density",
        "reciprocity",
        "clustering",
        "modularity",
        "communities of two or more",
        "assort. by extraversion",
    )
    about = (
        "Measures of networkx; communities by Louvain's method, assortativity by Newman (2003). "
        "`sociarium network` has centrality for each person, windows of time, GraphML and GEXF."
    )
    return Table(about, columns, rows)


def acquaintance(episode: Episode, evidence: Evidence) -> Table:
    """Who knows of whom, before and after."""
    start, now = relationship_density(episode)
    rows: list[list[Cell]] = [
        [when, evidence.number(len(one.relations), _proofs(one), f"Relations, {when}"),
         f"{one.density:.3f}"]
        for when, one in (("before the first tick", start), ("at the end", now))
    ]  # fmt: skip
    about = "Pairs who know of each other, 2|E| / (|V| (|V| - 1)) (Park et al. 2023)."
    return Table(about, ("when", "pairs", "density"), rows)


def _proofs(one: Density) -> list[str]:
    return [knows.evidence for edge in one.relations for knows in edge if knows.how != "tie"]


def stands(episode: Episode, evidence: Evidence) -> Table:
    """How far apart people stand on each topic, before and after."""
    before = {one.topic: one for one in polarisation(episode, -1)}
    rows = [_topic(one, before[one.topic], evidence) for one in polarisation(episode)]
    columns = (
        "topic",
        "hold a position",
        "undecided",
        "polarisation before",
        "after",
        "spread",
        "homophily of talk",
    )
    about = (
        "Numbers: Flache and Macy (2011), spread is the standard deviation. Options: Montalvo and "
        "Reynal-Querol (2005), spread is the effective number (Laakso and Taagepera 1979)."
    )
    return Table(about, columns, rows, "The world has no topics.")


def _topic(one: Polarisation, before: Polarisation, evidence: Evidence) -> list[Cell]:
    events = [held.event for held in one.held]
    spread = one.effective if one.dispersion is None else one.dispersion
    return [
        plain(one.statement),
        str(len(one.positions)),
        str(one.undecided),
        _measure(before.polarisation) if not before.why else before.why,
        evidence.number(_measure(one.polarisation), events, f"{one.topic}: latest looks")
        if not one.why
        else one.why,
        _measure(spread),
        _measure(one.homophily),
    ]


def kept(episode: Episode, evidence: Evidence) -> Table:
    """What was left undone, and what was not."""
    rows = [_norm(one, evidence) for one in norms(episode)]
    columns = (
        "norm",
        "know it",
        "choices",
        "broken",
        "kept, knowing it",
        "kept, not knowing",
        "reproached",
    )
    about = (
        "Of the choices in which it could be broken and something else be done; intervals are "
        "Wilson's. Known, kept and answered apart: Bicchieri (2006), Cialdini et al. (1990)."
    )
    return Table(about, columns, rows, "The world declares no norms.")


def _norm(one: NormKept, evidence: Evidence) -> list[Cell]:
    return [
        f"{one.norm} ({one.kind})",
        f"{one.knowers} of {one.people}",
        evidence.number(len(one.temptations), (row.event for row in one.temptations),
                        f"{one.norm}: choices"),
        evidence.number(len(one.breaches), one.breaches, f"{one.norm}: broken"),
        _kept(one.knowing),
        _kept(one.unknowing),
        f"{one.answered} of {one.seen} seen",
    ]  # fmt: skip


def _kept(one: Kept) -> str:
    if one.share is None or one.low is None or one.high is None:
        return "no choice"
    return f"{one.share:.0%} ({one.low:.0%} to {one.high:.0%})"


def shares(episode: Episode, evidence: Evidence) -> Table:
    """How unequally things are spread."""
    rows: list[list[Cell]] = []
    for one in inequality(episode):
        events = [name for amount in one.amounts for name in amount.events]
        most = one.amounts[-1] if one.amounts else None
        rows.append(
            [
                one.of,
                f"{one.total:g}",
                _measure(one.at_start),
                evidence.number(_measure(one.gini), events, f"{one.of}: what changed hands")
                if not one.why
                else one.why,
                NONE if one.richest_fifth is None else f"{one.richest_fifth:.0%}",
                NONE
                if most is None or one.why
                else f"{plain(episode.name(most.agent))}, {most.amount:g}",
            ]
        )
    columns = ("of", "in all", "Gini before", "Gini", "richest fifth has", "the most")
    return Table("Gini (1912), over everybody who lives there.", columns, rows)


def came(episode: Episode, evidence: Evidence) -> Table:
    """Who came to what they knew of."""
    rows: list[list[Cell]] = []
    for one in coordination(episode):
        invited = [guest.knower.event for guest in one.invited]
        there = [guest.event for guest in one.came]
        rows.append(
            [
                plain(one.statement),
                episode.time(one.begins),
                evidence.number(len(one.invited), invited, f"{one.fact}: knew of it in time"),
                evidence.number(len(one.came), there, f"{one.fact}: came")
                if one.begun
                else "it has not begun",
                _share(one.share),
            ]
        )
    about = "Of those who knew of it in time and do not give it, who was there (Park et al. 2023)."
    return Table(about, ("appointment", "at", "knew", "came", "share"), rows,
                 "No fact of this world speaks of an appointment.")  # fmt: skip


def reliance(episode: Episode, evidence: Evidence) -> Table:
    """What made the choices, and what the model was asked."""
    decided: dict[str, list[str]] = {}
    for event in episode.each(Decided):
        decided.setdefault(event.origin, []).append(event.id)
    asked: dict[str, list[str]] = {}
    for call in episode.each(Asked):
        asked.setdefault(call.purpose, []).append(call.id)
    rows: list[list[Cell]] = [
        ["choice made by", origin, evidence.number(len(ids), ids, f"Choices by {origin}")]
        for origin, ids in decided.items()
    ]
    rows += [
        ["model asked to", purpose, evidence.number(len(ids), ids, f"Asked: {purpose}")]
        for purpose, ids in asked.items()
    ]
    return Table("What came from where.", ("what", "which", "how often"), rows)


def people(episode: Episode, evidence: Evidence) -> Table:
    """A row for each person: what they did, and how they stand in the network of talk."""
    counts: dict[str, dict[str, list[str]]] = {agent: {} for agent in episode.agents}
    names: dict[type, str] = {Said: "says", Decided: "chooses", Acted: "acts", Moved: "steps"}
    for event in episode.iter_events(list(names)):
        if event.agent in counts:
            counts[event.agent].setdefault(names[type(event)], []).append(event.id)
    table = networks.people(networks.network(episode, "talk"))
    rows: list[list[Cell]] = []
    for agent, found in counts.items():
        who = plain(episode.name(agent))
        row: list[Cell] = [who]
        for name in names.values():
            ids = found.get(name, [])
            # Steps are many, and tell nothing that a reader would look up one by one.
            listed = () if name == "steps" else ids
            row.append(evidence.number(len(ids), listed, f"{who} {name}"))
        talk: dict[Any, Any] = table.loc[agent].to_dict() if agent in table.index else {}
        row += [_text(talk.get("ties_in")), _text(talk.get("ties_out")),
                _measure(talk.get("betweenness")), _measure(talk.get("pagerank"))]  # fmt: skip
        rows.append(row)
    columns = ("who", *names.values(), "heard from", "talked to", "betweenness", "PageRank")
    return Table("Centrality is that of the network of talk.", columns, rows)


SOCIETY: Final[tuple[tuple[str, str, Callable[[Episode, Evidence], Table]], ...]] = (
    ("people", "The people", people),
    ("spread", "How facts spread", diffusion),
    ("came", "Who came", came),
    ("ties", "Who with whom", ties),
    ("known", "Who knows of whom", acquaintance),
    ("stands", "How far apart people stand", stands),
    ("norms", "What was left undone", kept),
    ("shares", "Who has how much", shares),
    ("made", "What it rests on", reliance),
)
"""Anchor, heading and table of each section."""


def _share(share: float | None) -> str:
    return NONE if share is None else f"{share:.0%}"


def _interval(rate: Rate) -> str:
    if rate.low is None or rate.high is None:
        return NONE
    return f"{rate.low:.0%} to {rate.high:.0%}"


def _measure(value: float | None) -> str:
    return NONE if value is None else f"{value:.3g}"


def _text(value: object) -> str:
    return NONE if value is None else str(value)
