"""How facts travel: who knows what, since when, and from whom.

The share of a group that knows a fact is counted as in Park et al. (2023): those who
know it over all in the group. Somebody counts as knowing only from the event in which they learned
it, and that event is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulation.episode.events import Learned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import networkx as nx

    from simulation.episode.episode import Episode


class Knower(NamedTuple):
    """Somebody who knows a fact."""

    fact: str
    agent: str
    tick: int
    """Since when."""
    source: str
    """How they came to know it: seeded, told, overheard, read, saw, inferred."""
    teller: str
    """From whom; empty where nobody told them."""
    event: str
    """Id of the event in which they learned it."""
    causes: tuple[str, ...] = ()
    """Ids of the events that made them learn it: the words, the notice."""


class Share(NamedTuple):
    """How many of a group know a fact from a tick on."""

    tick: int
    share: float
    event: str
    """Id of the event in which the last of them learned it."""


def knowers(events: Iterable[Learned]) -> list[Knower]:
    """Everyone who knows a fact, in the order in which they came to know it.

    Who learns a fact a second time keeps the first source.
    """
    found: dict[tuple[str, str], Knower] = {}
    for event in events:
        found.setdefault(
            (event.fact, event.agent),
            Knower(
                event.fact,
                event.agent,
                event.tick,
                event.source,
                event.teller,
                event.id,
                event.causes,
            ),
        )
    return list(found.values())


def diffusion(
    known: Iterable[Knower], fact: str, group: Collection[str], *, seeds: bool = True
) -> list[Share]:
    """The share of a group that knows a fact, at every tick at which it grows.

    Args:
        known: Who knows what, as :func:`knowers` gives it.
        fact: The fact's id.
        group: The denominator: everyone who could know it.
        seeds: Whether those who knew it from the start count; without them, neither do they in
            the denominator.
    """
    members = set(group)
    rows = [knower for knower in known if knower.fact == fact and knower.agent in members]
    if not seeds:
        members -= {knower.agent for knower in rows if knower.source == "seeded"}
        rows = [knower for knower in rows if knower.source != "seeded"]
    last_of_tick = {
        knower.tick: Share(knower.tick, count / len(members), knower.event)
        for count, knower in enumerate(rows, start=1)
    }
    return list(last_of_tick.values())


def share_at(shares: Iterable[Share], tick: int) -> float:
    """The share at a tick, 0 before the first."""
    return max((row.share for row in shares if row.tick <= tick), default=0.0)


def tellings(known: Iterable[Knower]) -> list[Knower]:
    """Those who have it from somebody: the edges of who told whom."""
    return [knower for knower in known if knower.teller]


def knowledge_graph(episode: Episode) -> nx.DiGraph[str]:
    """Who told whom: an edge from teller to hearer, with ``facts``, ``weight`` and ``events``."""
    import networkx as nx  # noqa: PLC0415 - a quarter of a second

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from((agent, {"name": episode.name(agent)}) for agent in episode.agents)
    for edge in tellings(knowers(episode.each(Learned))):
        if not graph.has_edge(edge.teller, edge.agent):
            graph.add_edge(edge.teller, edge.agent, weight=0, facts=[], events=[])
        data = graph.edges[edge.teller, edge.agent]
        data["weight"] += 1
        data["facts"].append(edge.fact)
        data["events"].append(edge.event)
    return graph
