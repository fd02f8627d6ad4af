"""Who has to do with whom.

Two people are related when each knows the other, here: when each has said something that reached
the other. The density of relations is that of Park et al. (2023),
``2·|E| / (|V|·(|V| - 1))`` over undirected edges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulation.episode.events import Said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import networkx as nx

    from simulation.episode.episode import Episode


class Words(NamedTuple):
    """What one person said to another, all in all."""

    speaker: str
    hearer: str
    ticks: tuple[int, ...]
    """The tick of each utterance."""
    events: tuple[str, ...]
    """The id of each utterance."""


class Pair(NamedTuple):
    """Two people who talked; ``one`` said the first word."""

    one: str
    other: str
    utterances: int
    """By both."""
    mutual: bool
    """Whether each said something to the other."""
    ticks: int
    """Ticks in which either said something to the other."""
    events: tuple[str, ...]


def words(events: Iterable[Said], *, overheard: bool = False) -> list[Words]:
    """Who said how much to whom, in the order of their first words.

    What is said to all in earshot counts for each who was there to hear it; what reached nobody
    counts for nobody.

    Args:
        events: The utterances.
        overheard: Whether those who were not addressed count as well.
    """
    ticks: dict[tuple[str, str], list[int]] = {}
    ids: dict[tuple[str, str], list[str]] = {}
    for event in events:
        for hearer in event.told + (event.overheard if overheard else ()):
            edge = (event.agent, hearer)
            ticks.setdefault(edge, []).append(event.tick)
            ids.setdefault(edge, []).append(event.id)
    return [Words(*edge, tuple(ticks[edge]), tuple(ids[edge])) for edge in ticks]


def pairs(talk: Iterable[Words]) -> list[Pair]:
    """Those who talked with each other, most utterances first."""
    ways: dict[frozenset[str], list[Words]] = {}
    for way in talk:
        ways.setdefault(frozenset((way.speaker, way.hearer)), []).append(way)
    found = [
        Pair(
            one=both[0].speaker,
            other=both[0].hearer,
            utterances=sum(len(way.events) for way in both),
            mutual=len(both) == 2,
            ticks=len({tick for way in both for tick in way.ticks}),
            events=tuple(sorted(event for way in both for event in way.events)),
        )
        for both in ways.values()
    ]
    return sorted(found, key=lambda pair: -pair.utterances)


def mutual(edges: Iterable[tuple[str, str]]) -> set[frozenset[str]]:
    """The pairs between which there is an edge in both directions."""
    directed = {edge for edge in edges if edge[0] != edge[1]}
    return {frozenset(edge) for edge in directed if (edge[1], edge[0]) in directed}


def density(nodes: Collection[str], edges: Collection[frozenset[str]]) -> float:
    """``2·|E| / (|V|·(|V| - 1))``: of all pairs, how many are related; 0 with fewer than two.

    Examples:
        >>> density(["a", "b", "c"], {frozenset("ab")}) == 1 / 3
        True
    """
    among = set(nodes)
    inside = [edge for edge in edges if edge <= among]
    count = len(among)
    return 2 * len(inside) / (count * (count - 1)) if count > 1 else 0.0


def talk_graph(episode: Episode) -> nx.DiGraph[str]:
    """Who talked to whom: ``weight`` is the number of utterances, ``events`` are their ids."""
    import networkx as nx  # noqa: PLC0415 - a quarter of a second

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from((agent, {"name": episode.name(agent)}) for agent in episode.agents)
    for way in words(episode.each(Said)):
        graph.add_edge(
            way.speaker,
            way.hearer,
            weight=len(way.events),
            ticks=list(way.ticks),
            events=list(way.events),
        )
    return graph
