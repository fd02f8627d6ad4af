"""Episodes that earlier versions wrote are read for ever; see ``README.md`` beside this file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from simulation.episode.difference import first_difference
from simulation.episode.episode import Episode
from simulation.episode.events import Asked, Remembered
from simulation.episode.export import export
from simulation.episode.memories import memory_stream
from simulation.episode.sink import JournalKey
from simulation.errors import EpisodeError
from simulation.language.recorded import RecordedModel
from simulation.past import Past

HERE = Path(__file__).parent
EARLIER = ["first_version", "second_version"]


@pytest.fixture(params=EARLIER)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An episode of an earlier version, copied."""
    return Path(shutil.copytree(HERE / str(request.param), tmp_path / "e"))


def test_an_earlier_episode_is_opened_and_summed_up(folder: Path) -> None:
    episode = Episode.open(folder)
    assert (episode.ticks, episode.seed, episode.agents) == (12, 7, ("ada", "bram"))
    assert episode.summary().ticks == 12
    assert episode.ended is not None


def test_an_earlier_episode_is_exported_with_every_canonical_event(folder: Path) -> None:
    episode = Episode.open(folder)
    lines = [json.loads(line) for line in export(episode)]
    events = [line for line in lines if line["type"] not in ("header", "content")]
    assert len(events) == sum(1 for _ in episode.log.rows(canonical=True)) > 20


def test_an_earlier_episode_is_remembered(folder: Path) -> None:
    episode = Episode.open(folder)
    formed = [event for event in episode.each(Remembered, "ada") if not event.again]
    assert len(memory_stream(episode, "ada")) == len(formed) > 0


def test_an_earlier_episode_is_compared(folder: Path) -> None:
    episode = Episode.open(folder)
    assert first_difference(episode, Episode.open(folder)) is None


def test_replies_of_an_earlier_episode_can_be_given_again(folder: Path) -> None:
    episode, model = Episode.open(folder), RecordedModel.of(str(folder))
    asked = next(event for event in episode.each(Asked) if event.purpose == "decide")
    key = JournalKey((asked.agent, asked.tick, asked.purpose, asked.ordinal))
    assert model.name == "fake"
    assert model.recording.reply(key, asked.prompt) is not None


def test_an_earlier_episode_is_not_gone_on_with(folder: Path) -> None:
    for use in (Past.to_go_on, Past.to_repeat):
        with pytest.raises(EpisodeError, match="older version"):
            use(folder)
    assert not (folder / "writing.lock").exists()
