"""What is true, and since when: every attribute of every thing, with its history.

A tick's view reads the values committed before that tick, so minds that run ahead or behind read
what held at their own instant, and nothing is copied.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulation.kernel.effect import Effect, Value

Key = tuple[str, str]


class Ledger:
    """A versioned store of (target, attribute) → value.

    A value stamped with tick ``t`` was set during ``t``: views of later ticks see it, and so do
    the actions that are resolved after it within ``t``.
    """

    def __init__(self, initial: Mapping[Key, Value]) -> None:
        self._stamps: dict[Key, list[int]] = {key: [-1] for key in initial}
        self._values: dict[Key, list[Value]] = {key: [value] for key, value in initial.items()}

    def before(self, key: Key, tick: int, default: Value = None) -> Value:
        """The value at the start of ``tick``."""
        stamps = self._stamps.get(key)
        if stamps is None:
            return default
        if stamps[-1] < tick:
            return self._values[key][-1]
        found = bisect_left(stamps, tick) - 1
        return default if found < 0 else self._values[key][found]

    def during(self, key: Key, tick: int, default: Value = None) -> Value:
        """The value within ``tick``, after what was applied in it so far."""
        stamps = self._stamps.get(key)
        if stamps is None:
            return default
        found = bisect_right(stamps, tick) - 1
        return default if found < 0 else self._values[key][found]

    def apply(self, effect: Effect, tick: int) -> None:
        """Set an attribute during ``tick``; ticks of one key never go back."""
        key = (effect.target, effect.attribute)
        stamps = self._stamps.setdefault(key, [])
        values = self._values.setdefault(key, [])
        if stamps and stamps[-1] > tick:
            raise ValueError(f"{key} is already known at tick {stamps[-1]}, later than {tick}")
        if stamps and stamps[-1] == tick:
            values[-1] = effect.after
        else:
            stamps.append(tick)
            values.append(effect.after)

    def __iter__(self) -> Iterator[Key]:
        """Every (target, attribute) that was ever set."""
        return iter(self._stamps)
