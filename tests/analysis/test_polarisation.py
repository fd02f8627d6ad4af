"""How far positions lie apart: the published measures by known answers."""

from __future__ import annotations

from statistics import pstdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulation import Episode, Simulation
from simulation.analysis.polarisation import (
    Held,
    apart,
    bimodality,
    camps,
    dispersion,
    effective_number,
    fractionalisation,
    polarisation,
    spread_of_distances,
)
from simulation.kernel.topics import Topic
from worlds import village

POSITIONS = st.lists(st.floats(-1, 1), min_size=4, max_size=15)
LIMIT = Topic(id="limit", statement="the limit should stay", pro="it should", con="it should not")
WARDEN = Topic(id="warden", statement="who", options={"ada": "Ada", "hugo": "Hugo"})


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    out = tmp_path_factory.mktemp("polarisation") / "evening"
    spec = village.load(agents=8)
    with Simulation(spec, mind="rules", seed=3, out=out, start="18:00") as simulation:
        return simulation.run(ticks=150)


@given(POSITIONS)
def test_flache_and_macys_is_the_variance_of_all_distances(values: list[float]) -> None:
    gaps = [abs(a - b) for i, a in enumerate(values) for j, b in enumerate(values) if i != j]
    assert spread_of_distances(values) == pytest.approx(float(np.var(gaps)), abs=1e-12)


def test_two_camps_are_the_most_polarised_and_agreement_the_least() -> None:
    assert spread_of_distances([1.0, 1.0, -1.0, -1.0]) == pytest.approx(8 / 9)
    assert spread_of_distances([0.4] * 6) == 0
    assert spread_of_distances([0.4]) is None


@given(POSITIONS)
def test_dispersion_and_bimodality_are_those_of_scipy(values: list[float]) -> None:
    assert dispersion(values) == pytest.approx(pstdev(values), abs=1e-12)
    found = bimodality(values)
    if found is not None and pstdev(values) > 1e-3:
        assert found == pytest.approx(float(stats.kurtosis(values)), abs=1e-6)


def test_named_positions_have_their_known_values() -> None:
    halves, one = ["ada", "ada", "hugo", "hugo"], ["ada"] * 4
    thirds = ["ada", "hugo", "esi"]
    assert (camps(halves), camps(one)) == (1.0, 0.0)
    assert camps(thirds) == pytest.approx(8 / 9)
    assert (fractionalisation(halves), fractionalisation(one)) == (0.5, 0.0)
    assert effective_number(halves) == 2
    assert effective_number(thirds) == pytest.approx(3)
    assert (camps([]), fractionalisation([]), effective_number([])) == (None, None, None)


@pytest.mark.parametrize(("topic", "position"), [(LIMIT, 0.5), (WARDEN, "ada")])
def test_fewer_than_two_positions_say_why_there_is_no_measure(
    topic: Topic, position: float | str
) -> None:
    nobody = apart(topic, [Held("ada", None, "", -1)], 0)
    alone = apart(topic, [Held("ada", position, "", -1), Held("bram", None, "", -1)], 0)
    assert nobody.why == "nobody has a position: there is nothing to compare"
    assert alone.why == "one person alone has a position: there is nothing to compare"
    assert (nobody.polarisation, alone.polarisation) == (None, None)
    assert (nobody.undecided, alone.undecided) == (1, 1)


def test_positions_are_those_of_the_latest_looks(lived: Episode) -> None:
    last = {
        (row.agent, row.topic): (row.after, row.id)
        for row in lived.stances.itertuples()
    }  # fmt: skip
    assert last
    for one in polarisation(lived):
        for held in one.held:
            if held.event:
                assert last[held.agent, one.topic] == (held.position, held.event)


def test_before_the_first_tick_people_stand_where_the_world_says(lived: Episode) -> None:
    for topic, one in zip(lived.spec.topics, polarisation(lived, -1), strict=True):
        assert {held.agent: held.position for held in one.held if held.position is not None} == {
            agent: position for agent, position in topic.held.items() if agent in lived.agents
        }


def test_homophily_is_newmans_over_talk(lived: Episode) -> None:
    import networkx as nx

    from simulation.analysis.networks import network

    limit = next(one for one in polarisation(lived) if one.topic == "limit")
    graph = network(lived, "talk")
    known = {held.agent: held.position for held in limit.held if held.position is not None}
    graph.remove_nodes_from([agent for agent in list(graph) if agent not in known])
    nx.set_node_attributes(graph, known, "position")
    assert limit.homophily is not None
    wanted = nx.numeric_assortativity_coefficient(graph, "position")
    assert limit.homophily == pytest.approx(wanted)
