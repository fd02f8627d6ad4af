"""Networks of an episode: who talks to, tells, moves, does good to or harms whom, and how that is.

Every edge has a ``weight``, the ``ticks`` at which it was acted on, and the ids of the ``events``
behind it. Measures are those of networkx; one that is not defined on a graph is None, with the
reason beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

from simulation.analysis.inequality import gini
from simulation.episode.events import Related, Said, TookStance
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import networkx as nx
    import pandas as pd

    from simulation.behaviours.finding import Finding
    from simulation.episode.episode import Episode
    from simulation.kernel.topics import Position

    Graph = nx.DiGraph[str]

Kind = Literal["talk", "knowledge", "influence", "relationship", "help", "harm"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
HELP: Final = ("volunteered", "complied", "reciprocated", "assigned")
"""Kinds of findings that are a tie of ``help``: whatever was done for somebody, asked or not."""
HARM: Final = ("instrumental", "constrained", "gratuitous", "retaliation")
"""Kinds of findings that are a tie of ``harm``."""
_TRAITS: Final = ("openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism")
ALIKE: Final = ("home", *_TRAITS)
"""What people can be alike in: where they live, and the Big Five."""
EXPORTS: Final = (".graphml", ".gexf", ".json")


class Edge(NamedTuple):
    """One time that somebody did something towards somebody."""

    source: str
    target: str
    tick: int
    event: str
    weight: float = 1.0


def network(episode: Episode, kind: Kind, *, until: int | None = None, since: int = 0) -> Graph:
    """The network of a kind, from one tick up to another.

    Args:
        episode: Finished or running.
        kind: ``talk``: an utterance that reached somebody who was addressed. ``knowledge``: a fact
            passed on. ``influence``: a position that moved towards one that was heard.
            ``relationship``: how close people feel, the latest of each. ``help``, ``harm``: what
            the detectors of volunteering and destruction found; the commons is nobody.
        until: Before this tick; None: to the end.
        since: From this tick on.

    Raises:
        ConfigError: There is no such kind.
    """
    import networkx as nx  # noqa: PLC0415 - a quarter of a second

    if kind not in _EDGES:
        raise ConfigError("unknown kind of network", value=kind, allowed=KINDS)
    graph: Graph = nx.DiGraph()
    for persona in episode.cast:
        traits = {name: getattr(persona.big_five, name) for name in _TRAITS}
        graph.add_node(persona.id, name=persona.name, home=persona.home, **traits)
    for edge in _EDGES[kind](episode, until):
        if edge.tick < since or edge.source not in graph or edge.target not in graph:
            continue
        if kind == "relationship" or not graph.has_edge(edge.source, edge.target):
            graph.add_edge(edge.source, edge.target, weight=0.0, ticks=[], events=[])
        data = graph.edges[edge.source, edge.target]
        data["weight"] += edge.weight
        data["ticks"].append(edge.tick)
        data["events"].append(edge.event)
    return graph


def _talk(episode: Episode, until: int | None) -> Iterable[Edge]:
    for said in episode.each(Said, until=until):
        for hearer in said.told:
            yield Edge(said.agent, hearer, said.tick, said.id)


def _knowledge(episode: Episode, until: int | None) -> Iterable[Edge]:
    from simulation.analysis.diffusion import knowers, tellings  # noqa: PLC0415 - it imports this
    from simulation.episode.events import Learned  # noqa: PLC0415 - with it

    for one in tellings(knowers(episode.each(Learned, until=until))):
        yield Edge(one.teller, one.agent, one.tick, one.event)


def _influence(episode: Episode, until: int | None) -> Iterable[Edge]:
    said = {event.id: event for event in episode.each(Said, until=until) if event.positions}
    for look in episode.each(TookStance, until=until):
        for name in look.heard:
            voice = said.get(name)
            if voice is None:
                continue
            heard = [position for topic, position in voice.positions if topic == look.topic]
            if heard and _nearer(look.before, look.after, heard[-1]):
                yield Edge(voice.agent, look.agent, look.tick, look.id)


def _nearer(before: Position | None, after: Position | None, heard: Position) -> bool:
    """Whether a position moved towards one that was heard."""
    if isinstance(heard, str) or isinstance(after, str) or after is None:
        return after == heard and before != after
    start = 0.0 if before is None or isinstance(before, str) else before
    return abs(heard - after) < abs(heard - start)


def _relationship(episode: Episode, until: int | None) -> Iterable[Edge]:
    for related in episode.each(Related, until=until):
        yield Edge(related.agent, related.other, related.tick, related.id, related.closeness)


def _found(family: str, kinds: Iterable[str]) -> Callable[[Episode, int | None], Iterable[Edge]]:
    wanted = set(kinds)

    def edges(episode: Episode, until: int | None) -> Iterable[Edge]:
        from simulation.behaviours.behaviours import observe  # noqa: PLC0415 - it imports this

        findings: Iterable[Finding] = observe(episode, [family], until=until).findings
        for one in findings:
            if one.kind in wanted:
                yield Edge(one.actor, one.target, one.tick, one.events[-1])

    return edges


_EDGES: Final[dict[str, Callable[[Episode, int | None], Iterable[Edge]]]] = {
    "talk": _talk,
    "knowledge": _knowledge,
    "influence": _influence,
    "relationship": _relationship,
    "help": _found("volunteering", HELP),
    "harm": _found("destruction", HARM),
}


# Measures ----------------------------------------------------------------------------------------


class Shape(NamedTuple):
    """What a network is like as a whole."""

    people: int
    ties: int
    density: float | None
    reciprocity: float | None
    """Of the ties, how many go both ways; None: there is no tie."""
    clustering: float
    """Mean local clustering, directions left aside."""
    components: int
    """Weakly connected."""
    modularity: float | None
    """Of the communities that Louvain's method finds; None: there is no tie."""
    communities: tuple[tuple[str, ...], ...]
    gini: float | None
    """Of the weights that people send, see :func:`simulation.analysis.inequality.gini`."""


def shape(graph: Graph, seed: int = 0) -> Shape:
    """The measures of a network as a whole.

    Args:
        graph: Of :func:`network`.
        seed: Of the search for communities.
    """
    import networkx as nx  # noqa: PLC0415 - a quarter of a second

    ties = graph.number_of_edges()
    plain = graph.to_undirected()
    groups: list[set[str]] = []
    if ties:
        groups = nx.community.louvain_communities(plain, weight=None, seed=seed)
    ordered = sorted((tuple(sorted(group)) for group in groups), key=lambda one: (-len(one), one))
    sent = [max(0.0, float(degree)) for _, degree in graph.out_degree(weight="weight")]
    mutual: Any = nx.reciprocity(graph) if ties else None
    clustered: Any = nx.average_clustering(plain) if len(graph) else 0.0
    return Shape(
        people=len(graph),
        ties=ties,
        density=nx.density(graph) if len(graph) > 1 else None,
        reciprocity=float(mutual) if ties else None,
        clustering=float(clustered),
        components=nx.number_weakly_connected_components(graph) if len(graph) else 0,
        modularity=float(nx.community.modularity(plain, groups, weight=None)) if ties else None,
        communities=tuple(ordered),
        gini=gini(sent),
    )


def assortativity(graph: Graph, attribute: str) -> float | None:
    """Whether like go with like in a trait of people; None where it is not defined.

    It is Newman's coefficient (2003), numeric for numbers; it is not defined without ties, or where
    all at the ends of ties are alike.
    """
    import math  # noqa: PLC0415 - only here
    import warnings  # noqa: PLC0415 - only here

    import networkx as nx  # noqa: PLC0415 - a quarter of a second

    values = [data.get(attribute) for _, data in graph.nodes(data=True)]
    if not graph.number_of_edges() or None in values:
        return None
    numbers = all(isinstance(value, (int, float)) for value in values)
    measure = (
        nx.numeric_assortativity_coefficient if numbers else nx.attribute_assortativity_coefficient
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found = float(measure(graph, attribute))
    return found if math.isfinite(found) else None


def people(graph: Graph) -> pd.DataFrame:
    """A row for each person: ties in and out, weights, betweenness, closeness, PageRank."""
    import networkx as nx  # noqa: PLC0415 - a quarter of a second
    import pandas as pd  # noqa: PLC0415 - half a second

    columns = {
        "ties_in": dict(graph.in_degree()),
        "ties_out": dict(graph.out_degree()),
        "weight_in": dict(graph.in_degree(weight="weight")),
        "weight_out": dict(graph.out_degree(weight="weight")),
        "betweenness": nx.betweenness_centrality(graph),
        "closeness": nx.closeness_centrality(graph),
        "pagerank": nx.pagerank(graph, weight=None) if len(graph) else {},
    }
    frame = pd.DataFrame(columns)
    frame.insert(0, "name", [graph.nodes[node].get("name", node) for node in frame.index])
    frame.index.name = "agent"
    return frame.sort_values(["ties_out", "name"], ascending=[False, True])


def over_time(episode: Episode, kind: Kind, every: int) -> pd.DataFrame:
    """The shape of a network window by window, of so many ticks, and cumulatively.

    Raises:
        ConfigError: A window of no length.
    """
    import pandas as pd  # noqa: PLC0415 - half a second

    if every < 1:
        raise ConfigError("a window has a tick or more", where="every", value=every)
    rows: list[dict[str, Any]] = []
    seed = episode.seed or 0
    for since in range(0, episode.ticks, every):
        until = min(since + every, episode.ticks)
        for span, first in (("window", since), ("so far", 0)):
            found = shape(network(episode, kind, since=first, until=until), seed)
            fields = found._asdict()
            del fields["communities"]
            rows.append({"span": span, "since": first, "until": until, **fields})
    return pd.DataFrame(rows)


# Export ------------------------------------------------------------------------------------------


def export(graph: Graph, path: str | Path) -> Path:
    """Write a network for other programs: GraphML, GEXF or node-link JSON, as its ending says.

    Lists of events and ticks become texts with blanks between.

    Raises:
        ConfigError: Another ending, or a file that cannot be written.
    """
    import json  # noqa: PLC0415 - only here

    import networkx as nx  # noqa: PLC0415 - a quarter of a second

    path = Path(path)
    if path.suffix not in EXPORTS:
        raise ConfigError("unknown kind of file", value=path.suffix, allowed=EXPORTS)
    plain: Graph = nx.DiGraph()
    plain.add_nodes_from(graph.nodes(data=True))
    for source, target, data in graph.edges(data=True):
        plain.add_edge(source, target, **{key: _flat(value) for key, value in data.items()})
    try:
        if path.suffix == ".json":
            path.write_text(json.dumps(nx.node_link_data(plain, edges="edges"), indent=1))
        elif path.suffix == ".gexf":
            nx.write_gexf(plain, path)
        else:
            nx.write_graphml(plain, path)
    except OSError as error:
        raise ConfigError(f"cannot be written ({error.strerror})", value=str(path)) from error
    return path


def _flat(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value
