"""What a detector answers, where people are asked the same question."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from simulation.behaviours.behaviours import Behaviours, as_json, observe
from simulation.behaviours.finding import FAMILIES
from simulation.behaviours.items import detected, items_of
from simulation.behaviours.telling import why_nothing
from simulation.behaviours.words import default_classifier
from simulation.episode.episode import Episode
from simulation.episode.log import EpisodeWriter
from simulation.kernel.topics import Topic
from tests.behaviours.stagecraft import SPEC, Stage, carry, coins, force

if TYPE_CHECKING:
    from pathlib import Path


def kept(stage: Stage, folder: Path) -> Episode:
    """The events of a stage as an episode on disk."""
    with EpisodeWriter(folder, spec=stage.spec) as writer:
        for tick in range(stage.tick + 1):
            events = [event for event in stage.events if event.tick == tick]
            writer.commit(tick, events, stage.contents if not tick else {})
    return Episode.open(folder)


def answers(stage: Stage, folder: Path, family: str) -> dict[str, str]:
    """Who is asked about, and what the detector says."""
    episode = kept(stage, folder / "stage")
    items = items_of(episode, family)
    labels = detected(episode, items, default_classifier())
    return {item.who: one.label for item, one in zip(items, labels, strict=True)}


def test_what_was_asked_for_is_no_volunteering_to_the_detector(tmp_path: Path) -> None:
    stage = Stage().say("gudrun", "bram", "x", about="request:logs").at(2)
    stage.do("bram", carry()).at(3).do("felix", carry(1))
    found = answers(stage, tmp_path, "volunteering")
    assert found == {"Bram": "no", "Felix": "yes"}


@pytest.mark.parametrize(("who", "label"), [("ada", "no"), ("felix", "yes")])
def test_a_loss_with_a_mandate_is_no_destruction_to_the_detector(
    tmp_path: Path, who: str, label: str
) -> None:
    found = answers(Stage().do(who, force(), coins(who)), tmp_path, "destruction")
    assert found == {who.capitalize(): label}


def test_an_episode_says_what_cannot_be_concluded_from_it_and_why(tmp_path: Path) -> None:
    stage = Stage().do("felix", coins("felix"), origin="fallback")
    episode = kept(stage, tmp_path / "stage")
    told = why_nothing(observe(episode), episode, FAMILIES)
    assert any("No choice counts for destruction" in line for line in told)
    assert any("no opportunity for conformity" in line for line in told)
    assert "The world has no topics: nothing can be said about positions." in told
    assert "Nobody said a word: nothing can be said about words." in told


def test_a_topic_on_which_nobody_took_a_position_is_named(tmp_path: Path) -> None:
    spec = SPEC.model_copy(
        update={
            "topics": (
                Topic(
                    id="limit",
                    statement="the limit should stay",
                    pro="I am for it",
                    con="I am against it",
                ),
            )
        }
    )
    episode = kept(Stage(spec=spec).do("felix", coins("felix")), tmp_path / "stage")
    told = why_nothing(observe(episode), episode, ("conformity",))
    assert any("Nobody took a position on limit" in line for line in told)


def test_one_person_alone_has_no_rate_and_no_number_that_is_none(tmp_path: Path) -> None:
    spec = SPEC.model_copy(update={"cast": SPEC.cast[:1]})
    episode = kept(Stage(spec=spec).decide("ada", carry()), tmp_path / "stage")
    found = observe(episode)
    assert "nan" not in json.dumps(as_json(found)).casefold()
    assert why_nothing(found, episode, FAMILIES)[0].startswith("One person lives here")


def test_a_life_of_no_ticks_gives_one_statement(tmp_path: Path) -> None:
    with EpisodeWriter(tmp_path / "born", spec=SPEC) as writer:
        writer.commit(-1, [], {})
    episode = Episode.open(tmp_path / "born")
    assert observe(episode) == Behaviours((), ())
    assert why_nothing(observe(episode), episode, FAMILIES) == [
        "No tick was lived: nothing can be concluded."
    ]
