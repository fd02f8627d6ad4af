"""How a fact travelled: the tree of who had it from whom, and its shape.

Who has a fact without having been told it (seeded, read, seen) is a root. For each fact:

- *Depth*: the longest way from a root, in tellings; *breadth*: the most people at one depth.
- *Structural virality* (Goel, Anderson, Hofman and Watts 2016, *Management Science* 62): the mean
  distance of all pairs in a tree, 2 for a broadcast to many, more for a chain. Of several trees, it
  is that of the largest.
- *Reproduction*: how many people had it first from each knower, on average: the reproduction number
  of epidemiology by direct count. It lies below 1 in a finite group, and lower the earlier one
  looks, as the latest knowers had no time to tell.
- *Half time*: the tick by which half of the group knows it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from simulation.analysis.diffusion import spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import networkx as nx

    from simulation.analysis.diffusion import Diffusion, Knower
    from simulation.episode.episode import Episode


class Cascade(NamedTuple):
    """How one fact travelled."""

    fact: str
    statement: str
    tick: int
    """As it stood when this tick was over."""
    people: int
    knowers: tuple[Knower, ...]
    """In the order in which they came to know it."""
    roots: tuple[str, ...]
    """Who has it from nobody."""
    depth: int | None
    """None: nobody knows it."""
    breadth: int | None
    virality: float | None
    """None: nobody was told."""
    reproduction: float | None
    """None: nobody knows it."""
    half_time: int | None
    """None: fewer than half know it. 0 is before the first tick, too."""
    why: str = ""
    """Why it has no shape; empty: it has one."""


def cascades(episode: Episode, tick: int | None = None) -> list[Cascade]:
    """How every fact of the world had travelled when a tick was over.

    Raises:
        EpisodeError: The tick was not lived.
    """
    return [cascade(one) for one in spread(episode, tick)]


def cascade(spread_of: Diffusion) -> Cascade:
    """The shape of one fact's way through a group."""
    known = spread_of.knowers
    name = (spread_of.fact, spread_of.statement, spread_of.tick, spread_of.people, known)
    if not known:
        return Cascade(*name, (), None, None, None, None, None, "nobody knows it")
    graph = tree(known)
    depths = depth_of(known)
    told = sum(1 for _ in graph.edges)
    return Cascade(
        *name,
        roots=tuple(agent for agent, depth in depths.items() if depth == 0),
        depth=max(depths.values()),
        breadth=max(Counter(depths.values()).values()),
        virality=structural_virality(graph),
        reproduction=told / len(known),
        half_time=_half_time(known, spread_of.people),
        why="" if told else "nobody was told it by anybody",
    )


def tree(known: Iterable[Knower]) -> nx.DiGraph[str]:
    """Who had it from whom: an edge from teller to hearer, with ``tick`` and ``event``."""
    import networkx as nx  # noqa: PLC0415 - a quarter of a second

    graph: nx.DiGraph[str] = nx.DiGraph()
    rows = list(known)
    graph.add_nodes_from(row.agent for row in rows)
    for row in rows:
        if row.teller and row.teller in graph:
            graph.add_edge(row.teller, row.agent, tick=row.tick, event=row.event, how=row.source)
    return graph


def depth_of(known: Sequence[Knower]) -> dict[str, int]:
    """How many tellings lie between everybody and a root, in the order of learning.

    Whoever names a teller that did not know it yet is a root: the log does not tell how it came.
    """
    depths: dict[str, int] = {}
    for row in known:
        above = depths.get(row.teller) if row.teller else None
        depths[row.agent] = 0 if above is None else above + 1
    return depths


def structural_virality(graph: nx.DiGraph[str]) -> float | None:
    """The mean distance of all pairs in the largest tree; None where nobody was told.

    Examples:
        >>> import networkx as nx
        >>> structural_virality(nx.DiGraph([("a", "b"), ("b", "c")])) == 4 / 3
        True
    """
    import networkx as nx  # noqa: PLC0415 - a quarter of a second

    if not graph.number_of_edges():
        return None
    largest = max(nx.weakly_connected_components(graph), key=lambda one: (len(one), min(one)))
    return float(nx.average_shortest_path_length(graph.subgraph(largest).to_undirected()))


def _half_time(known: Sequence[Knower], people: int) -> int | None:
    ticks = sorted(max(0, row.tick) for row in known)
    needed = -(-people // 2)
    return ticks[needed - 1] if people and len(ticks) >= needed else None
