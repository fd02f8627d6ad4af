"""Small streams for tests of retrieval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.memory.record import Kind, Memory
from simulation.memory.stream import MemoryStream
from simulation.memory.vectors import Int16s, to_int16

if TYPE_CHECKING:
    from collections.abc import Sequence

HOUR = 60
"""Minutes in a tick where a tick is an hour."""
EAST, NORTH_EAST, NORTH = (to_int16(v) for v in ([1.0, 0.0], [1.0, 1.0], [0.0, 1.0]))


def stream_of(
    *rows: tuple[int, float, Int16s],
    kinds: Sequence[Kind] = (),
    texts: Sequence[str] = (),
) -> MemoryStream:
    """A stream with rows of (created, importance, vector)."""
    stream = MemoryStream("Ada", 2)
    for number, (created, importance, vector) in enumerate(rows):
        memory = Memory(
            id=f"m{number}",
            agent="Ada",
            kind=kinds[number] if kinds else "observation",
            text=texts[number] if texts else f"Thing {number} happened.",
            created=created,
            importance=importance,
        )
        stream.append(memory, vector)
    return stream
