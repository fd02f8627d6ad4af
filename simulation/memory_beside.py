"""The store of memories that a run keeps beside its log."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from simulation.memory.chroma import ChromaStore
from simulation.memory.server import check_place
from simulation.memory.store import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from simulation.mind.faculties import Faculties
    from simulation.past import Past

REBUILT = "the memory store was behind the log, damaged or gone; it is rebuilt from the log"
"""What a resumed run says of its store."""


class MemoryBeside:
    """Keeps a store of memories in step with the log; what it lacks of the past is filled again.

    ``closed`` → ``open()`` → ``follow()`` after each tick → ``flush()`` … → ``close()``.

    Args:
        place: A Chroma server's ``http://HOST:PORT``, or ``memory``; None: the folder ``chroma``
            of the episode.
        past: What the run repeats before anything new is lived.

    Raises:
        ConfigError: There can be no store at that place.
    """

    def __init__(self, place: str | None, past: Past | None = None) -> None:
        self.rebuilt = ""
        """What a resumed run has to say of its store; empty while all is well."""
        self._server = check_place(place)
        self._in_folder = place is None
        self._past = past
        self._faculties: Faculties | None = None
        self._store: ChromaStore | None = None
        self._attached = False

    @property
    def is_shared(self) -> bool:
        """Whether others may store memories at the same place."""
        return self._server is not None

    def open(self, faculties: Faculties, episode: Path, run_id: str) -> None:
        """Let memories that are formed from now on go into the store.

        A store that has the whole past gets only what comes after it; see :meth:`caught_up`.
        """
        if self._faculties is not None:
            return
        self._faculties = faculties
        self._store = self._open(episode / "chroma" if self._in_folder else None, run_id)
        if self._past is None or self._past.branch is not None or self.rebuilt:
            self._attach()

    def caught_up(self) -> None:
        """Take what comes now: the past has been repeated."""
        if self._faculties is not None:
            self._attach()

    def follow(self, tick: int) -> None:
        """Keep what a tick brought, now that it is in the log."""
        if self._faculties is not None and self._store is not None:
            self._faculties.settle(tick)
            self._store.seal(tick)

    def flush(self, tick: int) -> str:
        """Wait until everything is stored.

        Args:
            tick: The one after the last that was followed.

        Returns:
            Why the store stopped; empty: it did not.
        """
        if self._faculties is None or self._store is None:
            return ""
        self._faculties.pass_on(tick)
        self._store.flush()
        return str(self._store.fault or "")

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            self._store.close()

    def _attach(self) -> None:
        if self._faculties is not None and self._store is not None and not self._attached:
            self._attached = True
            self._faculties.attach(self._store)

    def _open(self, folder: Path | None, run_id: str) -> ChromaStore:
        past, place = self._past, self._server or folder
        if past is None or past.branch is not None:
            return ChromaStore(place, run_id)
        if place is not None and past.stopped_in_order and (folder is None or folder.is_dir()):
            store = ChromaStore(place, run_id)
            if _is_whole(store, past.ticks - 1):
                return store
            store.close()
        self.rebuilt = REBUILT
        if folder is not None and folder.exists():
            shutil.rmtree(folder)
        return ChromaStore(place, run_id)


def _is_whole(store: ChromaStore, tick: int) -> bool:
    """Whether a store can be read and has everything up to a tick."""
    try:
        store.count()
    except StoreError:
        return False
    return store.fault is None and store.high_water == tick
