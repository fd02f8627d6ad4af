"""Networks: edges with their events, measures as networkx has them, and files for others."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation import Episode, Simulation
from simulation.analysis.networks import (
    KINDS,
    Kind,
    assortativity,
    export,
    gini,
    network,
    over_time,
    people,
    shape,
)
from simulation.behaviours.behaviours import observe
from simulation.errors import ConfigError
from worlds import village


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    out = tmp_path_factory.mktemp("networks") / "morning"
    with Simulation(village.load(agents=8), mind="rules", seed=3, out=out) as simulation:
        return simulation.run(ticks=300)


def weighted(*ties: tuple[str, str, float]) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from("abcd", trait=1.0)
    graph.add_weighted_edges_from(ties)
    return graph


@pytest.mark.parametrize("kind", KINDS)
def test_every_edge_has_its_events_and_their_ticks(lived: Episode, kind: Kind) -> None:
    for _, _, data in network(lived, kind).edges(data=True):
        assert data["events"]
        assert [lived.event(name).tick for name in data["events"]] == data["ticks"]


def test_talk_is_that_of_the_dialogue(lived: Episode) -> None:
    told = sum(len(row) for row in lived.dialogue["told"])
    graph = network(lived, "talk")
    assert sum(data["weight"] for *_, data in graph.edges(data=True)) == told


def test_help_and_harm_are_what_detectors_found(lived: Episode) -> None:
    harmed = {
        (one.actor, one.target)
        for one in observe(lived, ["destruction"]).findings
        if one.kind == "instrumental" and one.target != "commons"
    }
    assert harmed
    assert harmed <= set(network(lived, "harm").edges)


def test_an_episode_gives_the_same_graphs(lived: Episode) -> None:
    assert set(lived.graph("harm").edges) == set(network(lived, "harm").edges)


def test_a_window_holds_what_happened_in_it(lived: Episode) -> None:
    whole = network(lived, "talk").size(weight="weight")
    parts = [network(lived, "talk", since=0, until=150), network(lived, "talk", since=150)]
    assert sum(part.size(weight="weight") for part in parts) == whole
    frame = over_time(lived, "talk", 150)
    assert list(frame[frame["span"] == "so far"]["until"]) == [150, 300]


def test_the_shape_is_that_of_networkx() -> None:
    graph = weighted(("a", "b", 3), ("b", "a", 1), ("b", "c", 1))
    found = shape(graph)
    assert found.density == nx.density(graph) == 0.25
    assert found.reciprocity == pytest.approx(2 / 3)
    assert (found.components, found.ties) == (2, 3)
    assert {person for group in found.communities for person in group} == set("abcd")


@pytest.mark.parametrize("size", [0, 1, 3])
def test_a_network_without_ties_says_what_is_not_defined(size: int) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from("abc"[:size], name="x", trait=1.0)
    found = shape(graph)
    assert (found.reciprocity, found.modularity, found.gini) == (None, None, None)
    assert len(people(graph)) == size
    assert assortativity(graph, "trait") is None


def test_assortativity_is_newmans_and_none_where_all_are_alike() -> None:
    graph = weighted(("a", "b", 1), ("b", "a", 1), ("c", "d", 1), ("d", "c", 1))
    assert assortativity(graph, "trait") is None
    nx.set_node_attributes(graph, {"a": 1.0, "b": 1.0, "c": 5.0, "d": 5.0}, "trait")
    assert assortativity(graph, "trait") == pytest.approx(1)


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=20))
def test_ginis_coefficient_is_the_mean_difference_over_twice_the_mean(values: list[float]) -> None:
    found = gini(values)
    if found is None:
        assert sum(values) == 0
        return
    count, total = len(values), sum(values)
    gaps = sum(abs(one - two) for one in values for two in values)
    assert found == pytest.approx(gaps / (2 * count * total), abs=1e-9)


@pytest.mark.parametrize("ending", ["graphml", "gexf", "json"])
def test_what_is_exported_reads_back(lived: Episode, tmp_path: Path, ending: str) -> None:
    graph = network(lived, "talk")
    path = export(graph, tmp_path / f"talk.{ending}")
    if ending == "json":
        back = nx.node_link_graph(json.loads(path.read_text()), edges="edges")
    else:
        back = nx.read_graphml(path) if ending == "graphml" else nx.read_gexf(path)
    assert set(back.edges) == set(graph.edges)
    edge = next(iter(graph.edges))
    assert back.edges[edge]["events"].split() == graph.edges[edge]["events"]


def test_an_unknown_kind_or_ending_is_refused(lived: Episode, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown kind of network"):
        network(lived, "envy")  # pyright: ignore[reportArgumentType]
    with pytest.raises(ConfigError, match="unknown kind of file"):
        export(weighted(), tmp_path / "graph.txt")
