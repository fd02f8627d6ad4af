"""Findings over whole episodes: the same live and afterwards, and each with its evidence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simulation import Episode, Simulation
from simulation.behaviours.behaviours import Behaviours, observe, sorted_out
from simulation.behaviours.detector import detector_names, make_detectors
from simulation.behaviours.live import Watching
from simulation.behaviours.words import default_classifier
from simulation.episode.sink import NoSink
from simulation.errors import ConfigError
from tests.behaviours.stagecraft import SPEC, Stage, carry, coins
from worlds import village

if TYPE_CHECKING:
    from simulation.behaviours.finding import Evidence


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Episode, list[Evidence]]:
    """A morning of rules minds, and what detectors found while it was lived."""
    found: list[Evidence] = []
    out = tmp_path_factory.mktemp("behaviours") / "morning"
    spec = village.load(agents=6)
    with Simulation(spec, mind="rules", seed=3, out=out, on_finding=found.append) as simulation:
        episode = simulation.run(ticks=240)
        watching = simulation.world.sink
        assert isinstance(watching, Watching)
        watching.close()
    return episode, found


def test_what_is_found_live_is_what_is_found_afterwards(
    lived: tuple[Episode, list[Evidence]],
) -> None:
    episode, live = lived
    afterwards = observe(episode)
    assert afterwards.findings
    assert sorted_out(live) == afterwards


def test_every_finding_names_events_of_the_log(lived: tuple[Episode, list[Evidence]]) -> None:
    episode, _ = lived
    for one in (*(found := observe(episode)).findings, *found.opportunities):
        assert [episode.event(name).id for name in one.events] == list(one.events)


def test_findings_up_to_a_tick_are_those_of_a_shorter_life(
    lived: tuple[Episode, list[Evidence]], tmp_path: Path
) -> None:
    episode, _ = lived
    spec = village.load(agents=6)
    with Simulation(spec, mind="rules", seed=3, out=tmp_path / "short") as simulation:
        short = simulation.run(ticks=120)
    assert observe(short) == observe(episode, until=120)


def test_an_episode_has_its_findings_as_a_frame(lived: tuple[Episode, list[Evidence]]) -> None:
    episode, _ = lived
    frame = episode.behaviours
    assert list(frame["family"]) == [one.family for one in observe(episode).findings]
    assert {"kind", "actor", "target", "tick", "events", "fields"} <= set(frame.columns)


def test_fields_are_plain_json(lived: tuple[Episode, list[Evidence]]) -> None:
    for finding in observe(lived[0]).findings:
        assert json.loads(json.dumps(finding.fields, allow_nan=False)) == finding.fields


def test_an_empty_log_holds_nothing() -> None:
    assert Stage().found() == Behaviours((), ())


def test_contents_that_the_log_does_not_have_are_no_opportunity() -> None:
    stage = Stage().do("felix", carry(), coins("felix"))
    stage.contents.clear()
    found = stage.found("volunteering", "destruction")
    assert found.opportunities == ()
    assert [one.kind for one in found.findings] == ["volunteered"]


def test_one_detector_alone_finds_what_it_finds_beside_others() -> None:
    stage = Stage().do("felix", carry()).at(9).do("felix", coins("felix"))
    together = stage.found().findings
    alone = [one for name in detector_names() for one in stage.found(name).findings]
    assert sorted(one.events for one in together) == sorted(one.events for one in alone)


def test_an_unknown_detector_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"destruction.*volunteering"):
        make_detectors(["kindness"])


def test_watching_keeps_no_more_contents_than_the_latest_decisions_need() -> None:
    watching = Watching(NoSink(), SPEC, lambda _: None, classifier=default_classifier())
    for tick in range(50):
        stage = Stage(tick=tick).decide("felix", carry(tick % 11), coins("felix"))
        watching.commit(tick, stage.events, stage.contents)
    assert len(watching.__dict__["_contents"]) <= 4
