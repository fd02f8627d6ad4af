"""Keyed random streams: the only source of chance in an episode."""

from __future__ import annotations

from hashlib import blake2b
from random import Random


class Streams:
    """Random streams named by who, when and what for.

    A stream depends on its key alone, not on how many others were drawn before it: that is what
    lets minds think in any order and an episode be branched without moving every later draw.

    Examples:
        >>> Streams(7).stream("ada", 3, "decide").random() == Streams(7).stream(
        ...     "ada", 3, "decide").random()
        True
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def key(self, agent: str, tick: int, purpose: str) -> int:
        """A 64-bit number that belongs to this key and to no other."""
        name = f"{self.seed}|{agent}|{tick}|{purpose}".encode()
        return int.from_bytes(blake2b(name, digest_size=8).digest(), "big")

    def stream(self, agent: str, tick: int, purpose: str) -> Random:
        """A fresh stream for this key."""
        return Random(self.key(agent, tick, purpose))

    def turn(self, number: int) -> None:
        """Draw otherwise from here on: as the seed and this number together say.

        Examples:
            >>> first, second = Streams(7), Streams(7)
            >>> first.turn(1)
            >>> first.key("ada", 3, "decide") == second.key("ada", 3, "decide")
            False
        """
        self.seed = self.key("", number, "chance")

    def order(self, names: tuple[str, ...], tick: int) -> tuple[str, ...]:
        """The order in which actions of this tick are resolved."""
        return tuple(sorted(names, key=lambda name: (self.key(name, tick, "order"), name)))
