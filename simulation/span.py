"""A range around an estimate."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A range: most runs end within it.

    Examples:
        >>> Span(0.5, 2).times(100)
        Span(low=50.0, high=200)
    """

    low: float
    high: float

    def times(self, amount: float) -> Span:
        """The range around an amount."""
        return Span(self.low * amount, self.high * amount)
