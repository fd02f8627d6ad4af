"""The measures of a whole episode, at its end and on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulation import Simulation
from simulation.analysis.acquaintance import relationship_density
from simulation.analysis.coordination import coordination
from simulation.analysis.diffusion import spread
from simulation.analysis.frames import coordination_frame, density_frame, diffusion_frame
from simulation.errors import EpisodeError
from worlds import village

if TYPE_CHECKING:
    from simulation import Episode


@pytest.fixture(scope="module")
def episode(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    out = tmp_path_factory.mktemp("measured") / "e"
    spec = village.load(agents=6)
    with Simulation(spec, model="fake", embedder="hash", out=out, start="18:30") as simulation:
        return simulation.run(ticks=100)


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    out = tmp_path_factory.mktemp("ruled") / "e"
    with Simulation(village.load(agents=6), mind="rules", out=out) as simulation:
        return simulation.run(ticks=300)


def test_every_fact_is_measured_and_every_knower_has_evidence(episode: Episode) -> None:
    measured = {diffusion.fact: diffusion for diffusion in spread(episode)}
    assert set(measured) == {fact.id for fact in episode.spec.facts}
    supper = measured["supper"]
    assert supper.people == 6
    assert "chiara" in {knower.agent for knower in supper.knowers if knower.source == "seeded"}
    for knower in supper.knowers:
        assert episode.event(knower.event).agent == knower.agent
        assert episode.event(knower.memory).agent == knower.agent


def test_a_share_at_a_tick_holds_only_what_was_known_by_then(episode: Episode) -> None:
    ends = {d.fact: len(d.knowers) for d in spread(episode)}
    for tick in (0, 30, 60):
        for measured in spread(episode, tick):
            assert len(measured.knowers) <= ends[measured.fact]
            assert all(knower.tick <= tick for knower in measured.knowers)


def test_density_names_events_and_personas_as_evidence(episode: Episode) -> None:
    start, now = relationship_density(episode)
    assert start.density <= now.density
    assert len(now.relations) > len(start.relations)
    for edge in now.relations:
        for knows in edge:
            if knows.how == "memory":
                assert episode.event(knows.evidence).agent == knows.who
            else:
                assert knows.evidence == f"persona:{knows.who}.relationships.{knows.whom}"


def test_coordination_follows_the_clock_of_the_episode(episode: Episode) -> None:
    measured = {one.fact: one for one in coordination(episode)}
    assert measured["supper"].begins == 30
    assert "chiara" not in {guest.knower.agent for guest in measured["supper"].invited}
    before = {one.fact: one for one in coordination(episode, 10)}
    assert not before["supper"].begun


def test_the_rules_mind_is_measured_by_what_it_heard(ruled: Episode) -> None:
    start, now = relationship_density(ruled)
    assert start.density < now.density
    assert "words" in {knows.how for edge in now.relations for knows in edge}
    assert all(knower.memory == "" for d in spread(ruled) for knower in d.knowers)


def test_frames_have_a_row_for_each(episode: Episode) -> None:
    rows = diffusion_frame(episode)
    assert len(rows) == sum(len(d.knowers) for d in spread(episode))
    assert rows.groupby("fact")["share"].max().to_dict() == {
        d.fact: d.share for d in spread(episode) if d.knowers
    }
    assert len(density_frame(episode)) == len(relationship_density(episode).now.relations)
    invited = coordination_frame(episode)
    assert len(invited) == sum(len(one.invited) for one in coordination(episode))
    assert coordination_frame(episode, 0)["came"].isna().all()


def test_the_graph_of_acquaintance_is_that_of_the_density(episode: Episode) -> None:
    graph = episode.graph("acquaintance")
    both = [edge for edge in graph.edges if graph.has_edge(edge[1], edge[0])]
    assert len(both) == 2 * len(relationship_density(episode).now.relations)
    assert set(graph) == set(episode.agents)
    assert {"how", "tick", "events"} <= set(next(iter(graph.edges(data=True)))[2])


@pytest.mark.parametrize("measure", [spread, relationship_density, coordination])
def test_a_tick_that_was_not_lived_is_refused(episode: Episode, measure: object) -> None:
    assert callable(measure)
    with pytest.raises(EpisodeError, match="Ticks 0 to 99 were lived, 18:30 to 20:09"):
        measure(episode, 100)
