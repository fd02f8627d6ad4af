"""How long a call takes."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_SECONDS: Final = 0.3
_LEAST: Final = 5
_MOST: Final = 300


def p50(call: Callable[[], object]) -> float:
    """The median of the seconds that a call takes, after a first one that is not counted.

    It is called for 0.3 seconds, but at least 5 and at most 300 times.
    """
    call()
    seconds: list[float] = []
    end = perf_counter() + _SECONDS
    while len(seconds) < _MOST and (len(seconds) < _LEAST or perf_counter() < end):
        before = perf_counter()
        call()
        seconds.append(perf_counter() - before)
    return median(seconds)
