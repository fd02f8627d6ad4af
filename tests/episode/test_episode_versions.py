"""Episodes that earlier versions wrote are read for ever; see ``README.md`` beside this file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from simulation.episode.difference import first_difference
from simulation.episode.episode import Episode
from simulation.episode.events import Asked, Remembered
from simulation.episode.export import canonical_sha256, export
from simulation.episode.memories import memory_stream
from simulation.episode.migration import migrate
from simulation.episode.schema import SCHEMA_VERSION
from simulation.episode.sink import JournalKey
from simulation.errors import Diverged, EpisodeError
from simulation.language.recorded import RecordedModel
from simulation.past import Past
from simulation.verify import Verification

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


def test_an_earlier_episode_is_copied_into_the_shape_of_today(folder: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    steps = migrate(folder, tmp_path / "new")
    assert steps[-1] == SCHEMA_VERSION
    old, new = Episode.open(folder), Episode.open(tmp_path / "new")
    assert first_difference(old, new) is None
    assert canonical_sha256(new) == canonical_sha256(old)
    new.log.check_current()
    new.log.count_anew()
    assert [*new.log.replies()] == [*old.log.replies()]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert migrate(tmp_path / "new", tmp_path / "again") == []
    assert not (tmp_path / "again").exists()


def test_a_copy_notices_damage_as_any_episode_does(folder: Path, tmp_path: Path) -> None:
    migrate(folder, tmp_path / "new")
    (tmp_path / "new" / "run.json").write_text("{}")
    with pytest.raises(EpisodeError, match="not as it was written"):
        Episode.open(tmp_path / "new")


def test_a_copy_of_the_second_version_is_lived_again_to_the_letter(tmp_path: Path) -> None:
    migrate(HERE / "second_version", tmp_path / "new")
    assert Verification(tmp_path / "new").run().ticks == 12


def test_minds_that_have_become_others_since_the_first_version_are_told_apart(
    tmp_path: Path,
) -> None:
    migrate(HERE / "first_version", tmp_path / "new")
    with pytest.raises(Diverged, match=r"event 0000\d"):
        Verification(tmp_path / "new").run()


def test_nothing_is_written_over(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with pytest.raises(EpisodeError, match="there already"):
        migrate(folder, tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e", "new"]


def test_an_earlier_episode_is_not_gone_on_with(folder: Path) -> None:
    for use in (Past.to_go_on, Past.to_repeat):
        with pytest.raises(EpisodeError, match="older version"):
            use(folder)
    assert not (folder / "writing.lock").exists()
