"""Who knows of whom, and how dense a society is.

Two people are related when each knows of the other, and each of the two needs evidence that can be
looked up: a tie that the persona brought along, or a memory of the other. Where a mind keeps no
memories, the first words that reached somebody stand in for one. The density over all pairs is
that of Park et al. (2023), see :func:`simulation.analysis.relations.density`.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from simulation.analysis.relations import density
from simulation.episode.events import Remembered, Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import networkx as nx

    from personas import Persona
    from simulation.episode.episode import Episode
    from simulation.episode.events import Happening

BEFORE: Final = -1
"""The tick of what somebody brought along: older than everything that was lived."""


class Knows(NamedTuple):
    """Somebody knows of somebody else."""

    who: str
    whom: str
    tick: int
    """Since when; -1: from before the first tick."""
    how: Literal["tie", "memory", "words"]
    evidence: str
    """Id of the event behind it; ``persona:ada.relationships.esi`` for a tie."""


class Relation(NamedTuple):
    """Two people who know of each other."""

    one: Knows
    other: Knows

    @property
    def tick(self) -> int:
        """Since when both do; -1: from before the first tick."""
        return max(self.one.tick, self.other.tick)


class Density(NamedTuple):
    """How dense the relations of a society are at a moment."""

    tick: int
    """When this tick was over; -1: before the first."""
    people: tuple[str, ...]
    relations: tuple[Relation, ...]

    @property
    def density(self) -> float:
        """``2·|E| / (|V|·(|V| - 1))``."""
        edges = [frozenset((edge.one.who, edge.one.whom)) for edge in self.relations]
        return density(self.people, edges)


class DensityChange(NamedTuple):
    """The relations that were brought along, and those of a later moment."""

    start: Density
    now: Density


def acquaintances(cast: Iterable[Persona], events: Iterable[Happening]) -> list[Knows]:
    """Who knows of whom, each with the earliest evidence, in the order of that evidence.

    Args:
        cast: Everybody.
        events: In their order. ``Remembered`` counts when the other is in it or named in its
            words; ``Said`` counts for those who remember nothing in all these events.
    """
    people = {persona.id: persona for persona in cast}
    found: dict[tuple[str, str], Knows] = {}
    heard: dict[tuple[str, str], Knows] = {}
    remembering: set[str] = set()
    for tie in _ties(people):
        found.setdefault((tie.who, tie.whom), tie)
    named = _names(people)
    for event in events:
        if isinstance(event, Remembered):
            remembering.add(event.agent)
            for knows in _remembered(event, named):
                found.setdefault((knows.who, knows.whom), knows)
        elif isinstance(event, Said):
            for hearer in event.told + event.overheard:
                knows = Knows(hearer, event.agent, event.tick, "words", event.id)
                heard.setdefault((hearer, event.agent), knows)
    for pair, knows in heard.items():
        if knows.who not in remembering:
            found.setdefault(pair, knows)
    known = [knows for knows in found.values() if knows.who in people and knows.whom in people]
    return sorted(known, key=lambda knows: knows.tick)


def relations_at(known: Iterable[Knows], people: tuple[str, ...], tick: int) -> Density:
    """The relations between people when a tick was over; at -1, those brought along."""
    ways = {(knows.who, knows.whom): knows for knows in known if knows.tick <= tick}
    edges = [
        Relation(ways[one, other], ways[other, one])
        for one, other in combinations(people, 2)
        if (one, other) in ways and (other, one) in ways
    ]
    return Density(tick, people, tuple(edges))


def relationship_density(episode: Episode, tick: int | None = None) -> DensityChange:
    """The density at the start, and when a tick was over.

    Args:
        episode: Finished or running.
        tick: None: the last that was lived.

    Raises:
        EpisodeError: The tick was not lived.
    """
    tick = episode.moment(tick)
    known = _known(episode)
    return DensityChange(
        relations_at(known, episode.agents, BEFORE), relations_at(known, episode.agents, tick)
    )


def acquaintance_graph(episode: Episode) -> nx.DiGraph[str]:
    """Who knows of whom: ``how``, since which ``tick``, and the ``events`` behind it."""
    import networkx as nx  # noqa: PLC0415 - a quarter of a second

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from((agent, {"name": episode.name(agent)}) for agent in episode.agents)
    for knows in _known(episode):
        events = [] if knows.how == "tie" else [knows.evidence]
        graph.add_edge(knows.who, knows.whom, how=knows.how, tick=knows.tick, events=events)
    return graph


def _known(episode: Episode) -> list[Knows]:
    return acquaintances(episode.cast, episode.iter_events((Remembered, Said)))


def _ties(people: Mapping[str, Persona]) -> Iterator[Knows]:
    for persona in people.values():
        for tie in persona.relationships:
            evidence = f"persona:{persona.id}.relationships.{tie.person}"
            yield Knows(persona.id, tie.person, BEFORE, "tie", evidence)


def _names(people: Mapping[str, Persona]) -> Mapping[str, re.Pattern[str]]:
    return {
        agent: re.compile(rf"(?<!\w){re.escape(persona.name)}(?!\w)")
        for agent, persona in people.items()
    }


def _remembered(event: Remembered, named: Mapping[str, re.Pattern[str]]) -> Iterator[Knows]:
    tick = BEFORE if event.source == "seeded" else event.tick
    for agent, name in named.items():
        if agent != event.agent and (agent in event.people or name.search(event.text)):
            yield Knows(event.agent, agent, tick, "memory", event.again or event.id)
