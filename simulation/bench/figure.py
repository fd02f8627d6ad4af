"""What a suite measures, and the figures that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One thing that was measured.

    Examples:
        >>> Figure(name="append", value=3.9, unit="µs", goal=5).met
        True
    """

    name: str
    value: float | None
    """None: it could not be measured here; ``unit`` says why."""
    unit: str = ""
    goal: float | None = None
    """What the value should not pass; None: there is no goal."""
    at_least: bool = False
    """Whether it should not fall below the goal instead."""

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is no goal or no value."""
        if self.goal is None or self.value is None:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def row(self, suite: str) -> dict[str, Any]:
        """The figure as it stands in JSON."""
        value = None if self.value is None else _rounded(self.value)
        return {
            "suite": suite,
            "name": self.name,
            "value": value,
            "unit": self.unit,
            "goal": self.goal,
            "met": self.met,
        }


class Measure(NamedTuple):
    """A part of a suite."""

    label: str
    """What is shown while it runs."""
    run: Callable[[], Sequence[Figure]]


def _rounded(value: float) -> float:
    """Four significant digits: more would be noise."""
    return float(f"{value:.4g}")
