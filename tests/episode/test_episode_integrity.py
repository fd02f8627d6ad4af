"""An episode that was changed since it was written is refused, or reads as it was written."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from tale import Tale, noted, told

from simulation.episode.episode import Episode
from simulation.episode.events import Said
from simulation.episode.export import export
from simulation.episode.log import EpisodeWriter
from simulation.episode.schema import LOG, RUN, SEAL, SPEC, TICK
from simulation.episode.sink import JournalKey
from simulation.errors import EpisodeError
from simulation.kernel.ids import Phase

BESIDE = [SPEC, RUN, SEAL]


def killed(folder: Path, ticks: int = 6) -> list[str]:
    """An episode as a kill leaves it, with ticks in its write-ahead file; its canonical lines."""
    tale = Tale(folder.with_name("alive"))
    for tick in range(ticks):
        tale.commit(tick, noted(tick, Phase.ACT, "ada", "", [(Said, {"to": "", "text": "Hm."})]))
        key = JournalKey(("ada", tick, "utter", 0))
        tale.writer.journal(key, f"prompt {tick}", '{"failed":"x"}')
    shutil.copytree(tale.writer.path, folder)
    (folder / "writing.lock").unlink()
    tale.end()
    return list(export(Episode.open(folder)))


def flip(path: Path, at: int, bit: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1 << bit
    path.write_bytes(raw)


def copies(folder: Path, tmp_path: Path) -> list[Path]:
    """So many copies of an episode, one for each change."""
    return [
        shutil.copytree(folder, tmp_path / f"copy-{number}") and tmp_path / f"copy-{number}"
        for number in range(60)
    ]


@pytest.mark.parametrize("name", [LOG, *BESIDE])
def test_a_flipped_bit_in_a_finished_episode_is_noticed(tmp_path: Path, name: str) -> None:
    told(tmp_path / "e")
    whole = list(export(Episode.open(tmp_path / "e")))
    stream = np.random.default_rng(1)
    for copy in copies(tmp_path / "e", tmp_path):
        size = (copy / name).stat().st_size
        flip(copy / name, int(stream.integers(size)), int(stream.integers(8)))
        try:
            found = list(export(Episode.open(copy)))
        except EpisodeError:
            continue
        assert name == SEAL, "a seal may be spelled otherwise, as in the case of a letter"
        assert found == whole


@pytest.mark.parametrize("name", [LOG, *BESIDE])
def test_a_truncated_file_in_a_finished_episode_is_noticed(tmp_path: Path, name: str) -> None:
    told(tmp_path / "e")
    size = (tmp_path / "e" / name).stat().st_size
    stream = np.random.default_rng(2)
    for copy in copies(tmp_path / "e", tmp_path)[:20]:
        with (copy / name).open("rb+") as file:
            file.truncate(int(stream.integers(size)))
        if name == SEAL and not (copy / SEAL).read_text().strip():
            continue
        with pytest.raises(EpisodeError):
            Episode.open(copy)


@pytest.mark.parametrize("name", [LOG, f"{LOG}-wal", SPEC, RUN, TICK])
def test_a_flipped_bit_in_a_killed_episode_is_noticed_or_harmless(
    tmp_path: Path, name: str
) -> None:
    whole = killed(tmp_path / "e")
    stream = np.random.default_rng(3)
    for copy in copies(tmp_path / "e", tmp_path):
        size = (copy / name).stat().st_size
        flip(copy / name, int(stream.integers(size)), int(stream.integers(8)))
        try:
            found = list(export(Episode.open(copy)))
        except EpisodeError:
            continue
        assert found == whole


def test_a_write_ahead_file_that_is_gone_is_noticed(tmp_path: Path) -> None:
    killed(tmp_path / "e")
    (tmp_path / "e" / f"{LOG}-wal").unlink()
    with pytest.raises(EpisodeError, match="damaged"):
        Episode.open(tmp_path / "e")


def test_a_write_ahead_file_that_ends_early_is_noticed(tmp_path: Path) -> None:
    whole = killed(tmp_path / "e")
    size = (tmp_path / "e" / f"{LOG}-wal").stat().st_size
    lost = 0
    for number, copy in zip(count(), copies(tmp_path / "e", tmp_path), strict=False):
        with (copy / f"{LOG}-wal").open("rb+") as file:
            file.truncate(size * number // 60)
        try:
            assert list(export(Episode.open(copy))) == whole
        except EpisodeError:
            lost += 1
    assert lost > 40


def test_a_log_that_goes_on_is_sealed_again(tmp_path: Path) -> None:
    told(tmp_path / "e")
    before = (tmp_path / "e" / SEAL).read_text()
    with EpisodeWriter.reopen(tmp_path / "e") as writer:
        assert not (tmp_path / "e" / SEAL).exists()
        tick = writer.last_tick + 1
        scribe = noted(tick, Phase.ACT, "ada", "", [(Said, {"to": "", "text": "Again."})])
        writer.commit(tick, scribe.events, {})
    assert (tmp_path / "e" / SEAL).read_text() != before
    assert not (tmp_path / "e" / TICK).exists()
    assert Episode.open(tmp_path / "e").ticks == tick + 1


def test_a_log_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    tale = Tale(tmp_path / "e")
    for tick in range(3):
        tale.commit(tick, noted(tick, Phase.ACT, "ada", "", [(Said, {"to": "", "text": "Hm."})]))
        assert Episode.open(tmp_path / "e").ticks == tick + 1
    tale.end()
