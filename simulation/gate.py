"""Where a run waits between two ticks: play, pause, and one step at a time.

A tick that has begun is always lived to its end. Nothing of a wait stands in the log, so an episode
that was paused is, byte for byte, the one that was not.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Going = Literal["playing", "pausing", "paused"]
"""``pausing``: a pause was asked for, and the tick in hand is not over yet."""


class Gate:
    """Lets a run pass from one tick to the next, or makes it wait.

    Every method but :meth:`passed` may be called from any thread.

    Args:
        paused: Whether the run waits before its first tick.
        pace: Seconds that a tick takes at least, for who wants to look on; 0: as quick as it goes.
        on_change: Is called, on any thread, when :attr:`going` has changed.

    Examples:
        >>> gate = Gate(paused=True)
        >>> gate.play()
        >>> gate.going
        'playing'
    """

    def __init__(
        self,
        *,
        paused: bool = False,
        pace: float = 0.0,
        on_change: Callable[[], None] | None = None,
    ) -> None:
        self._lock = threading.Lock()
        self._paused = paused
        self._steps = 0
        """Ticks that are lived in spite of the pause."""
        self._pace = pace
        self._began_at = float("-inf")
        """When the tick in hand began, by the clock of its loop."""
        self._waits: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._waiting = False
        self._on_change = on_change

    @property
    def going(self) -> Going:
        """How the run goes on."""
        with self._lock:
            if not self._paused or self._steps:
                return "playing"
            return "paused" if self._waiting else "pausing"

    def play(self) -> None:
        """Let the run go on."""
        with self._lock:
            self._paused, self._steps = False, 0
        self._changed()

    def pause(self) -> None:
        """Let it wait when the tick in hand is over; steps that are left are forgotten."""
        with self._lock:
            self._paused, self._steps = True, 0
        self._changed()

    def step(self) -> None:
        """Let it live one tick more and wait; while it plays, let the one in hand be the last."""
        with self._lock:
            self._steps = self._steps + 1 if self._paused else 0
            self._paused = True
        self._changed()

    def wake(self) -> None:
        """Let a run that waits look again whether it is to stop."""
        with self._lock:
            waits = self._waits
        if waits is not None and not waits[0].is_closed():
            loop, event = waits
            loop.call_soon_threadsafe(event.set)

    async def passed(self, stopped: Callable[[], bool]) -> float:
        """Wait until the next tick may begin; awaited by the run before each.

        Args:
            stopped: Whether the run is to end, and waits no more.

        Returns:
            Seconds that were waited.
        """
        loop = asyncio.get_running_loop()
        since = loop.time()
        event = asyncio.Event()
        with self._lock:
            self._waits = (loop, event)
        try:
            await self._keep_pace(loop, event, stopped)
            while not stopped() and not self._let_through():
                self._tell()
                await event.wait()
                event.clear()
        finally:
            with self._lock:
                self._waits, self._waiting = None, False
        self._began_at = loop.time()
        self._tell()
        return self._began_at - since

    async def _keep_pace(
        self, loop: asyncio.AbstractEventLoop, event: asyncio.Event, stopped: Callable[[], bool]
    ) -> None:
        while not stopped() and not self._paused:
            rest = self._began_at + self._pace - loop.time()
            if rest <= 0:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), rest)
            event.clear()

    def _let_through(self) -> bool:
        with self._lock:
            if self._paused and not self._steps:
                self._waiting = True
                return False
            self._steps = max(0, self._steps - 1)
            return True

    def _changed(self) -> None:
        self.wake()
        self._tell()

    def _tell(self) -> None:
        if self._on_change is not None:
            self._on_change()
