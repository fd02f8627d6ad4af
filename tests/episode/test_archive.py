"""Episodes that ship in one small file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from simulation import Episode, Simulation
from simulation.episode.archive import Archived, at_hand, label_path, pack, recordings, unpacked
from simulation.errors import EpisodeError
from simulation.verify import Verification
from worlds import village


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("archive") / "day"
    spec = village.load(agents=2)
    with Simulation(spec, model="fake", embedder="hash", out=out, chroma="memory") as simulation:
        return simulation.run(ticks=30).folder


def packed(lived: Path, folder: Path) -> Archived:
    pack(lived, folder / "day.tar.xz", about="a day", made_by="a command", version="0")
    return Archived("day", folder / "day.tar.xz")


def test_what_is_unpacked_is_the_same_episode_and_verifies(lived: Path, tmp_path: Path) -> None:
    folder = unpacked(packed(lived, tmp_path), tmp_path / "cache")
    there, here = Episode.open(lived), Episode.open(folder)
    assert list(here.iter_events()) == list(there.iter_events())
    assert Verification(folder).run().ticks == 30


def test_the_same_episode_gives_the_same_bytes(lived: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = packed(lived, tmp_path / "one"), packed(lived, tmp_path / "two")
    assert one.path.read_bytes() == two.path.read_bytes()


def test_it_is_unpacked_once_and_again_when_its_copy_is_damaged(
    lived: Path, tmp_path: Path
) -> None:
    archived = packed(lived, tmp_path)
    folder = unpacked(archived, tmp_path / "cache")
    born = (folder / "log.sqlite").stat().st_ino
    assert unpacked(archived, tmp_path / "cache") == folder
    assert (folder / "log.sqlite").stat().st_ino == born
    (folder / "run.json").write_text("{}")
    assert Episode.open(unpacked(archived, tmp_path / "cache")).ticks == 30


def test_an_archive_that_was_changed_is_refused(lived: Path, tmp_path: Path) -> None:
    archived = packed(lived, tmp_path)
    archived.path.write_bytes(archived.path.read_bytes()[:-1] + b"x")
    with pytest.raises(EpisodeError, match="not the one that its label names"):
        unpacked(archived, tmp_path / "cache")


def test_an_archive_that_is_none_is_refused_whatever_its_label_says(
    lived: Path, tmp_path: Path
) -> None:
    from hashlib import sha256

    archived = packed(lived, tmp_path)
    archived.path.write_bytes(b"no archive")
    label = archived.label.model_dump() | {"sha256": sha256(b"no archive").hexdigest()}
    label_path(archived.path).write_text(json.dumps(label))
    with pytest.raises(EpisodeError, match="cannot be unpacked"):
        unpacked(archived, tmp_path / "cache")
    assert not list((tmp_path / "cache" / "recorded").glob("*day*/"))


def test_an_episode_that_was_changed_is_not_packed(lived: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(lived, copy)
    (copy / "run.json").write_text("{}")
    with pytest.raises(EpisodeError, match=r"cannot be packed \(run.json\)"):
        packed(copy, tmp_path)


def test_a_cache_that_cannot_be_written_is_told_with_what_to_do(
    lived: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EpisodeError, match="XDG_CACHE_HOME"):
        unpacked(packed(lived, tmp_path), tmp_path / "file")


def test_worlds_bring_recordings_by_name_and_a_folder_of_that_name_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "tidemark" in recordings()
    monkeypatch.chdir(tmp_path)
    assert at_hand(Path("tidemark")).name.startswith("tidemark-")
    Path("tidemark").mkdir()
    assert at_hand(Path("tidemark")) == Path("tidemark")
    assert at_hand(Path("nothing-of-the-sort")) == Path("nothing-of-the-sort")
