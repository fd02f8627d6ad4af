"""The folder of an episode: its name, its draft, and who may write it."""

from __future__ import annotations

import os
import re
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from simulation.episode.schema import LOCK
from simulation.errors import EpisodeError


def default_folder(world: str, seed: int, base: str | Path = "episodes") -> Path:
    """The folder of the next episode: ``episodes/village-7-1``, the first number that is free."""
    name = f"{re.sub(r'[^A-Za-z0-9_]+', '-', world).strip('-') or 'world'}-{seed}"
    for number in count(1):
        path = Path(base) / f"{name}-{number}"
        drafts = path.parent.glob(f".{path.name}.*.part")
        if not os.path.lexists(path) and not any(drafts):
            return path
    raise AssertionError  # pragma: no cover - the numbers do not end


def make_draft(path: Path) -> Path:
    """Make a hidden folder beside the place where the episode will be."""
    for number in count():
        draft = path.with_name(f".{path.name}.{os.getpid()}-{number}.part")
        try:
            draft.mkdir()
        except FileExistsError:
            continue
        return draft
    raise AssertionError  # pragma: no cover - the numbers do not end


def write_through(path: Path, text: str) -> None:
    """Write a file so that it is on the disk."""
    with path.open("wb") as file:
        file.write(text.encode("utf-8", "backslashreplace") + b"\n")
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Make a rename last through a power cut; only POSIX systems can, and need to."""
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def only_writer(folder: Path) -> FileLock:
    """Hold the episode against other writers; a killed process lets go of it by itself."""
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=1)
    except Timeout as error:
        hint = "Wait until it ends, or stop it."
        raise EpisodeError(
            "another process writes this episode", where=folder, hint=hint
        ) from error
    return lock
