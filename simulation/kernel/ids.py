"""The identity of an event: where it stands in the episode, never a row number."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Phase(IntEnum):
    """The parts of a tick, in order."""

    WORLD = 0
    """What nobody does: the tide, the hour, what is set up before the first tick."""
    THINK = 1
    """All minds think about the same instant."""
    ACT = 2
    """Their actions are resolved in a seeded order."""
    CLOSE = 3
    """What follows from the tick as a whole: the end of an episode."""
    PROBE = 4
    """What people say when they are asked in private; nothing in the life hangs on it."""


class EventId(NamedTuple):
    """(tick, phase, rank, ordinal): sorts in the order in which things happened.

    ``rank`` is the agent's place in the seeded order of that tick, 0 for the world itself.

    Examples:
        >>> str(EventId(432, Phase.ACT, 3, 1))
        '00432.2.003.001'
        >>> EventId.parse('00432.2.003.001') == EventId(432, 2, 3, 1)
        True
    """

    tick: int
    phase: int
    rank: int
    ordinal: int

    def __str__(self) -> str:
        return f"{self.tick:05d}.{self.phase:d}.{self.rank:03d}.{self.ordinal:03d}"

    @classmethod
    def parse(cls, text: str) -> EventId:
        """Read an id back.

        Raises:
            ValueError: The text is not an event id.
        """
        tick, phase, rank, ordinal = (int(part) for part in text.split("."))
        return cls(tick, phase, rank, ordinal)
