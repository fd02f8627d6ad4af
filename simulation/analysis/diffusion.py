"""How facts travel: who knows what, since when, and from whom.

The share of a group that knows a fact is counted as in Park et al. (2023): those who
know it over all in the group. Somebody counts as knowing only from the event in which they learned
it, and that event is named, with the memory that holds it where the mind keeps memories.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulation.episode.events import Learned, Remembered, Said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import networkx as nx

    from simulation.episode.episode import Episode
    from simulation.episode.events import Happening


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
    talk: str = ""
    """Id of the conversation in which it was said; empty where nobody told them."""
    memory: str = ""
    """Id of the memory that holds it; empty where the mind keeps none, or has not yet."""


class Diffusion(NamedTuple):
    """How far a fact has spread."""

    fact: str
    statement: str
    tick: int
    """As it stood when this tick was over."""
    people: int
    """The denominator: everyone in the cast."""
    knowers: tuple[Knower, ...]
    """In the order in which they came to know it."""

    @property
    def share(self) -> float:
        """Of everyone, how many know it; 0 where there is nobody."""
        return len(self.knowers) / self.people if self.people else 0.0

    @property
    def share_at_start(self) -> float:
        """The same for those who knew it from the start."""
        seeded = [knower for knower in self.knowers if knower.source == "seeded"]
        return len(seeded) / self.people if self.people else 0.0


class Share(NamedTuple):
    """How many of a group know a fact from a tick on."""

    tick: int
    share: float
    event: str
    """Id of the event in which the last of them learned it."""


def knowers(events: Iterable[Happening]) -> list[Knower]:
    """Everyone who knows a fact, in the order in which they came to know it.

    Who learns a fact a second time keeps the first source.

    Args:
        events: In their order. Who knows is read from ``Learned``; ``Said`` adds in which
            conversation, ``Remembered`` which memory holds it.
    """
    found: dict[tuple[str, str], Knower] = {}
    talks: dict[str, str] = {}
    for event in events:
        if isinstance(event, Said):
            talks[event.id] = event.talk or event.id
        elif isinstance(event, Learned):
            found.setdefault((event.fact, event.agent), _knower(event, talks))
        elif isinstance(event, Remembered):
            known = found.get((event.fact, event.agent))
            if known is not None and not known.memory:
                memory = event.again or event.id
                found[event.fact, event.agent] = known._replace(memory=memory)
    return list(found.values())


def _knower(event: Learned, talks: dict[str, str]) -> Knower:
    return Knower(
        fact=event.fact,
        agent=event.agent,
        tick=event.tick,
        source=event.source,
        teller=event.teller,
        event=event.id,
        causes=event.causes,
        talk=next((talks[cause] for cause in event.causes if cause in talks), ""),
    )


def spread(episode: Episode, tick: int | None = None) -> list[Diffusion]:
    """How far every fact of the world had spread when a tick was over.

    Args:
        episode: Finished or running.
        tick: None: the last that was lived.

    Raises:
        EpisodeError: The tick was not lived.
    """
    tick = episode.moment(tick)
    events = episode.iter_events((Learned, Said, Remembered), until=tick + 1)
    cast = set(episode.agents)
    by_fact: dict[str, list[Knower]] = {fact.id: [] for fact in episode.spec.facts}
    for knower in knowers(events):
        if knower.agent in cast:
            by_fact.setdefault(knower.fact, []).append(knower)
    told = {fact.id: fact.statement for fact in episode.spec.facts}
    return [
        Diffusion(fact, told.get(fact, fact), tick, len(cast), tuple(known))
        for fact, known in by_fact.items()
    ]


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
