"""Effects: the only way in which anything in a world changes."""

from __future__ import annotations

from typing import Any, NamedTuple

Cell = tuple[int, int]
"""(row, column) on the grid of a world."""

Value = str | int | float | bool | Cell | None
"""What an attribute can hold."""


class Effect(NamedTuple):
    """One attribute of one thing changes from ``before`` to ``after``.

    ``owner`` and ``consent`` are the world's knowledge, never shown in a label: whose it is
    (empty for nobody's) and whether that owner agreed (None where there is nobody to ask).
    """

    target: str
    attribute: str
    before: Value
    after: Value
    owner: str = ""
    consent: bool | None = None

    @property
    def delta(self) -> float:
        """How much a number changed by; 0 for what is not a number."""
        before, after = self.before, self.after
        if isinstance(before, (int, float)) and isinstance(after, (int, float)):
            return float(after) - float(before)
        return 0.0


def dump_effects(effects: tuple[Effect, ...]) -> tuple[dict[str, Any], ...]:
    """Effects as the log keeps them."""
    return tuple(effect._asdict() for effect in effects)
