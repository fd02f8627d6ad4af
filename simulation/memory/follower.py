"""How a durable store follows a stream: after the log, and without a write for every recall."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulation.memory.record import Memory
    from simulation.memory.store import MemoryStore
    from simulation.memory.stream import MemoryStream

_HOUR = 60


class Follower:
    """Passes what happens in a stream on to a store, once a tick is in the log.

    So the store is never ahead of the log. What was formed or observed again goes there with its
    tick. That a memory came to mind waits until a simulated hour is full, and is then written once
    for all the times it did.

    Args:
        stream: Is followed.
        tick_minutes: Simulated minutes in a tick.
    """

    def __init__(self, stream: MemoryStream, tick_minutes: int = 1) -> None:
        self.store: MemoryStore | None = None
        """What follows; None: nothing does."""
        self._stream = stream
        self._tick_minutes = tick_minutes
        self._formed: dict[int, None] = {}
        self._recalled: dict[int, None] = {}
        self._due: dict[int, Memory] = {}

    def formed(self, index: int) -> None:
        """Note that a memory was formed or observed again in the tick in hand."""
        if self.store is not None:
            self._formed[index] = None

    def recalled(self, indices: Iterable[int]) -> None:
        """Note that memories came to mind in the tick in hand."""
        if self.store is not None:
            self._recalled |= dict.fromkeys(indices)

    def settle(self, tick: int) -> None:
        """Take it that a tick is in the log."""
        self._due |= {index: self._stream[index] for index in self._recalled}
        for index in self._formed:
            self._due.pop(index, None)
            self._put(index, self._stream[index], tick)
        self._formed.clear()
        self._recalled.clear()
        if (tick + 1) * self._tick_minutes % _HOUR < self._tick_minutes:
            self.pass_on(tick)

    def pass_on(self, tick: int) -> None:
        """Write all recalls of settled ticks that are not written yet."""
        for index, memory in self._due.items():
            self._put(index, memory, tick)
        self._due.clear()

    def _put(self, index: int, memory: Memory, tick: int) -> None:
        if self.store is not None:
            self.store.put(memory, self._stream.vector(index), tick)
