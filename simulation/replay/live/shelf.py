"""The parts of the reel of a run, made when they are asked for, and once for everybody."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.episode.episode import Episode
from simulation.replay.reel import CHUNK, Reel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from simulation.replay.live.session import State

_CORES: Final = 4
"""Cores whose columns are kept: pages ask for them a moment later."""
_SPARED: Final = 10
"""How many times as long as a society took to read, it is not read again while the run plays."""
_LEVEL: Final = 2
"""How hard gzip tries: what is sent goes from a machine to itself."""


class Gone(Exception):
    """The columns of a core that is not kept any more."""


class _Kept(NamedTuple):
    """A part as it was made."""

    at: tuple[int, str]
    """The ticks that were lived, and how the run had ended, or that it never changes again."""
    data: bytes
    good_until: float
    """How long it will do while the run plays, by the shelf's clock."""


class Shelf:
    """Gives parts of a reel, compressed. Any thread may ask.

    One reel is kept and grows with the run. A part is made once for each tick at which somebody
    asks for it, and a piece of events that is full never again. The findings and ties of a society,
    which are read from the whole log, take a tenth of the time at most while the run plays.

    Args:
        folder: The episode.
        state: Where the run stands.
        clock: Seconds.
    """

    def __init__(
        self,
        folder: Path,
        state: Callable[[], State],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._state = state
        self._clock = clock
        self._lock = threading.Lock()
        self._reel: Reel | None = None
        self._at = (-1, "")
        self._kept: dict[str, _Kept] = {}
        self._columns: OrderedDict[int, bytes] = OrderedDict()

    def part(self, name: str) -> bytes:
        """A part by its name, as it is now: ``core``, ``lines/3``, ``life/0``, ….

        Raises:
            EpisodeError: There is no such part, or the log cannot be read.
        """
        with self._lock:
            kept = self._kept.get(name)
            if kept is None or not self._will_do(kept):
                reel = self._grown()
                began = self._clock()
                data = _packed(self._make(name, reel))
                spare = self._clock() - began if name == "society" else 0.0
                kept = _Kept(self._lasts(name, reel), data, began + _SPARED * spare)
                self._kept[name] = kept
            return kept.data

    def columns(self, ticks: int) -> bytes:
        """The columns of the core of so many ticks.

        Raises:
            Gone: Nobody asked for that core, or it is long ago.
        """
        with self._lock:
            if ticks not in self._columns:
                raise Gone(f"the columns of {ticks} ticks are not kept any more; ask for core")
            return self._columns[ticks]

    def _will_do(self, kept: _Kept) -> bool:
        state = self._state()
        if kept.at in ((state.ticks, state.ended), _FOR_EVER):
            return True
        return state.state == "playing" and self._clock() < kept.good_until

    def _grown(self) -> Reel:
        state = self._state()
        at = (state.ticks, state.ended)
        # One that fails half-way is not used again.
        reel, self._reel = self._reel, None
        if reel is None:
            reel = Reel(Episode.open(self._folder))
        elif at != self._at:
            reel.grow()
        self._reel, self._at = reel, at
        return reel

    def _make(self, name: str, reel: Reel) -> bytes:
        if name != "core":
            return reel.part(name)
        core = reel.core(live=True)
        self._columns[core["ticks"]] = _packed(reel.columns())
        self._columns.move_to_end(core["ticks"])
        while len(self._columns) > _CORES:
            self._columns.popitem(last=False)
        return json.dumps(core, separators=(",", ":"), allow_nan=False).encode()

    def _lasts(self, name: str, reel: Reel) -> tuple[int, str]:
        """When a part was made, or that it never changes again."""
        kind, _, number = name.partition("/")
        if kind in ("lines", "minds") and (int(number) + 1) * CHUNK <= len(reel.index):
            return _FOR_EVER
        return self._at


_FOR_EVER: Final = (-1, "for ever")


def _packed(part: bytes) -> bytes:
    return gzip.compress(part, compresslevel=_LEVEL, mtime=0)
