"""Whatever happens to the files of an episode: it is refused, or it reads as it was written."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tale import Tale, noted

from simulation.episode.episode import Episode
from simulation.episode.events import Said
from simulation.episode.export import export
from simulation.episode.schema import LOCK, LOG, RUN, SEAL, SPEC, TICK
from simulation.errors import EpisodeError
from simulation.kernel.ids import Phase

Files = dict[str, bytes]
AHEAD = f"{LOG}-wal"
NAMES = (LOG, AHEAD, SPEC, RUN, SEAL, TICK)


class Change(NamedTuple):
    """Something that befalls a file."""

    what: Literal["flip", "cut", "delete", "swap", "append", "borrow", "zero"]
    file: str
    other: str
    where: float
    """Where in the file, as a share of its length."""
    bit: int
    more: bytes


CHANGE = st.builds(
    Change,
    what=st.sampled_from(["flip", "cut", "delete", "swap", "append", "borrow", "zero"]),
    file=st.sampled_from(NAMES),
    other=st.sampled_from(NAMES),
    where=st.floats(0, 1, exclude_max=True),
    bit=st.integers(0, 7),
    more=st.binary(min_size=1, max_size=40),
)


def finished(folder: Path, words: str) -> Files:
    """The files of an episode that was closed."""
    tale = Tale(folder)
    for tick in range(4):
        said = (Said, {"to": "", "text": f"{words} {tick}"})
        tale.commit(tick, noted(tick, Phase.ACT, "ada", "", [said]))
    tale.end()
    return files_of(folder)


def killed(folder: Path) -> Files:
    """The files of an episode as a kill leaves them, with ticks in its write-ahead file."""
    tale = Tale(folder)
    for tick in range(4):
        said = (Said, {"to": "", "text": f"Hm {tick}"})
        tale.commit(tick, noted(tick, Phase.ACT, "ada", "", [said]))
    files = files_of(folder)
    tale.end()
    return files


def files_of(folder: Path) -> Files:
    return {name: (folder / name).read_bytes() for name in NAMES if (folder / name).exists()}


def changed(files: Files, change: Change, elsewhere: Files) -> Files:
    """The files after a change; as they were where it cannot befall them."""
    name, other = change.file, change.other
    if name not in files:
        return files
    raw = files[name]
    if change.what == "delete":
        return {kept: value for kept, value in files.items() if kept != name}
    if change.what == "swap":
        return files | {name: files.get(other, raw), other: raw}
    if change.what == "borrow":
        return files | {name: elsewhere.get(name, raw)}
    return files | {name: spoilt(raw, change)}


def spoilt(raw: bytes, change: Change) -> bytes:
    """What a change leaves of the bytes of a file."""
    at = int(change.where * len(raw))
    if change.what == "append":
        return raw + change.more
    if change.what == "cut":
        return raw[:at]
    if change.what == "zero":
        return raw[:at] + bytes(len(raw[at : at + 512])) + raw[at + 512 :]
    flipped = bytes([raw[at] ^ 1 << change.bit]) if raw else b""
    return raw[:at] + flipped + raw[at + 1 :]


def read(files: Files) -> list[str] | None:
    """Everything that an episode of these files says; None: it is refused in a line."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "e"
        folder.mkdir()
        for name, raw in files.items():
            (folder / name).write_bytes(raw)
        try:
            episode = Episode.open(folder)
            lines = [episode.spec.model_dump_json(), repr(dict(episode.run)), str(episode.ticks)]
            return [*lines, *export(episode)]
        except EpisodeError:
            return None


class Episodes(dict[str, Files]):
    """The files of episodes, by what became of them; too long to be shown."""

    def __repr__(self) -> str:
        return f"Episodes({', '.join(self)})"


@pytest.fixture(scope="module")
def episodes(tmp_path_factory: pytest.TempPathFactory) -> Episodes:
    """Files of an episode that was closed, of one that was killed, and of another one."""
    base = tmp_path_factory.mktemp("changes")
    return Episodes(
        finished=finished(base / "finished", "Hm"),
        killed=killed(base / "killed"),
        elsewhere=finished(base / "elsewhere", "Well"),
    )


@pytest.mark.parametrize("kind", ["finished", "killed"])
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CHANGE, min_size=1, max_size=2))
def test_a_changed_episode_is_refused_or_reads_as_it_was(
    episodes: Episodes, kind: str, changes: list[Change]
) -> None:
    whole = files = episodes[kind]
    for change in changes:
        files = changed(files, change, episodes["elsewhere"])
    found = read(files)
    # Whoever puts another log there with its seal has put another whole episode there.
    assert found in (None, read(whole), read(episodes["elsewhere"]))


def test_untouched_files_are_read(episodes: Episodes) -> None:
    assert all(read(files) for files in episodes.values())


@pytest.mark.parametrize("lost", [(AHEAD, TICK), (AHEAD, TICK, LOCK)])
def test_a_killed_episode_that_lost_its_end_and_what_tells_of_it_is_refused(
    episodes: Episodes, lost: tuple[str, ...]
) -> None:
    assert read({name: raw for name, raw in episodes["killed"].items() if name not in lost}) is None
