"""What episodes leave behind and nobody needs: found, told, and removed if that is wanted.

- the store of memories of an episode that nobody writes: it can be written anew from the log,
- SQLite's files beside a log that is sealed: all of it stands in the log itself,
- drafts of episodes and exports whose process was killed before they appeared,
- folders that killed processes of ours left where temporary files go, and half fetched weights.

A log, its seal and its options are never touched, nor anything of an episode that is being written.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import platformdirs

from simulation.episode.events import SCHEMA_VERSION
from simulation.episode.folder import only_writer
from simulation.episode.reader import LogReader
from simulation.episode.schema import LOCK, LOG, SEAL
from simulation.episode.seal import changed_files, is_being_written
from simulation.errors import EpisodeError
from simulation.info import size_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

_DRAFT: Final = re.compile(r"^\..+\.(\d+)(?:-\d+)?\.part$")
_HOUR: Final = 3600.0
_DAY: Final = 24 * _HOUR


class Leftover(NamedTuple):
    """Something that could go."""

    path: Path
    bytes: int
    why: str
    episode: Path | None = None
    """Whose it is; None: nobody's."""


def find_leftovers(folder: Path, *, elsewhere: bool = False) -> list[Leftover]:
    """Everything that could go.

    Args:
        folder: A folder of episodes, or an episode.
        elsewhere: Whether to look, too, where temporary files and weights go.
    """
    found = [*_beside(folder)]
    for episode in [folder] if (folder / LOG).is_file() else _episodes(folder):
        found += _of_episode(episode)
    return [*found, *_elsewhere()] if elsewhere else found


def remove(leftover: Leftover) -> None:
    """Remove it.

    Raises:
        EpisodeError: The episode is being written by now.
        OSError: It cannot be removed.
    """
    with _nobody_writes(leftover.episode):
        if leftover.path.is_dir() and not leftover.path.is_symlink():
            shutil.rmtree(leftover.path)
        else:
            leftover.path.unlink(missing_ok=True)


@contextmanager
def _nobody_writes(episode: Path | None) -> Generator[None]:
    if episode is None:
        yield
        return
    lock = only_writer(episode)
    try:
        yield
    finally:
        (episode / LOCK).unlink(missing_ok=True)
        lock.release()


def _episodes(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not path.is_symlink() and not path.name.startswith(".") and (path / LOG).is_file():
            yield path


def _of_episode(episode: Path) -> Iterator[Leftover]:
    if is_being_written(episode):
        return
    store = episode / "chroma"
    if store.is_dir() and not store.is_symlink() and _can_be_rebuilt(episode):
        why = "memories that can be written anew from the log"
        yield Leftover(store, size_of(store), why, episode)
    if (episode / SEAL).exists() and not changed_files(episode):
        for name in (f"{LOG}-wal", f"{LOG}-shm", f".{SEAL}"):
            if (episode / name).is_file():
                why = "left by a process that was killed; the sealed log has it all"
                yield Leftover(episode / name, size_of(episode / name), why, episode)


def _can_be_rebuilt(episode: Path) -> bool:
    """Whether the log is whole, and of a version that can be lived again."""
    try:
        return LogReader(episode).meta("schema_version") == str(SCHEMA_VERSION)
    except EpisodeError:
        return False


def _beside(folder: Path) -> Iterator[Leftover]:
    """Drafts that a killed process left, in the folder where episodes appear."""
    for path in sorted(folder.glob(".*.part")) if folder.is_dir() else ():
        draft = _DRAFT.match(path.name)
        if draft and not _lives(int(draft[1])) and _age(path) > _HOUR:
            yield Leftover(path, size_of(path), "a draft whose process was killed")


def _elsewhere() -> Iterator[Leftover]:
    weights = Path(platformdirs.user_cache_dir("sociarium", appauthor=False)) / "weights"
    for parent, pattern in ((Path(tempfile.gettempdir()), "sociarium-*"), (weights, "fetch-*")):
        for path in sorted(parent.glob(pattern)):
            ours = os.name != "posix" or path.lstat().st_uid == os.getuid()
            if ours and path.is_dir() and not path.is_symlink() and _age(path) > _DAY:
                yield Leftover(path, size_of(path), "left by a process that was killed")


def _lives(process: int) -> bool:
    """Whether a process of that number is there; elsewhere than on POSIX, its age must do."""
    if os.name != "posix":
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _age(path: Path) -> float:
    """Seconds since anything in it was written."""
    inner = path.rglob("*") if path.is_dir() else ()
    return time.time() - max(each.lstat().st_mtime for each in (path, *inner))
