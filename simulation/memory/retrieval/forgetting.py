"""``forgetting``: retention along Ebbinghaus's curve, as MemoryBank has it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from simulation.errors import ConfigError
from simulation.memory.retrieval.strategy import Retrieved, nothing, top

if TYPE_CHECKING:
    from simulation.memory.stream import MemoryStream
    from simulation.memory.vectors import Float64s, Int16s

_STEPS: Final = 1024
_GONE: Final = 700.0
"""From here on retention is the same 1e-304."""


@dataclass(frozen=True, kw_only=True)
class Forgetting:
    """Retention times relevance; recalls make it fade slower (MemoryBank, Zhong et al. 2023).

    Retention is ``R = e^(-t/S)``, with t the time since the last access and S the strength, which
    is 1 at first and grows by 1 at each recall; a recall sets t back to 0. In the paper a memory is
    lost with probability 1 - R and what is left is searched by cosine. Here nothing is drawn: the
    score is what the cosine is worth on average, ``R * max(0, cosine)``.
    """

    hours: float = 24.0
    """Simulated hours in a unit of t; the paper's is a day."""
    name: str = "forgetting"

    def __post_init__(self) -> None:
        if not 0 < self.hours < float("inf"):
            raise ConfigError("a unit of time is above 0", where="hours", value=self.hours)

    def retrieve(
        self,
        stream: MemoryStream,
        query_vector: Int16s,
        now_tick: int,
        limit: int,
        tick_minutes: float,
    ) -> Retrieved:
        """Score all memories and return the best."""
        if limit < 1 or not len(stream):
            return nothing()
        ticks = np.maximum(now_tick - stream.last_access, 0)
        elapsed = ticks * (tick_minutes / (60 * self.hours))
        retention = exp_of_minus(elapsed / (1 + stream.recalls))
        relevance = np.minimum(np.maximum(stream.cosines(query_vector), 0.0), 1.0)
        scores = retention * relevance
        best = top(scores, stream.created, limit)
        return Retrieved(best, scores[best], retention[best], np.zeros(len(best)), relevance[best])


def exp_of_minus(values: Float64s) -> Float64s:
    """Return e to the power of minus each value; the same bits on every machine.

    The exponential of a processor's library may differ in the last bit. This one is made of tables
    in decimal arithmetic and of plain products, and is off by a share of 1e-13 at most.

    Args:
        values: Zero or more each.
    """
    capped = np.minimum(values, _GONE)
    steps = (capped * _STEPS).astype(np.int64)
    rest = capped - steps / _STEPS
    series = 1.0 - rest * (1.0 - rest * (0.5 - rest / 6))
    tables = _tables()
    return tables.wholes[steps // _STEPS] * tables.parts[steps % _STEPS] * series


class _Tables(NamedTuple):
    """e to the power of minus n, and of minus n / 1024."""

    wholes: Float64s
    parts: Float64s


@cache
def _tables() -> _Tables:
    wholes = [float(Decimal(-n).exp()) for n in range(int(_GONE) + 1)]
    parts = [float((Decimal(-n) / _STEPS).exp()) for n in range(_STEPS)]
    return _Tables(np.array(wholes), np.array(parts))
