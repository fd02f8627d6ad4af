"""What a statistic says, and what it cannot say."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, kw_only=True)
class Result:
    """An estimate with its interval.

    Examples:
        >>> print(Result(what="difference of means", estimate=0.5, low=0.1, high=0.9, n=20))
        difference of means 0.5 (95 % 0.1 to 0.9), 20 runs
    """

    what: str
    """What was estimated."""
    estimate: float | None
    """None: it cannot be given; ``why`` says why."""
    n: int
    """Runs that it rests on."""
    low: float | None = None
    high: float | None = None
    p: float | None = None
    method: str = ""
    why: str = ""
    """What cannot be concluded, and why; empty: nothing stands against it."""

    def __str__(self) -> str:
        """In a line, fit for a report."""
        if self.estimate is None:
            return f"{self.what}: {self.why}"
        interval = ""
        if self.low is not None and self.high is not None:
            interval = f" (95 % {_short(self.low)} to {_short(self.high)})"
        chance = "" if self.p is None else f", p = {_short(self.p)}"
        caveat = f"; {self.why}" if self.why else ""
        runs = "run" if self.n == 1 else "runs"
        return f"{self.what} {_short(self.estimate)}{interval}{chance}, {self.n} {runs}{caveat}"


def cannot(what: str, n: int, why: str) -> Result:
    """The result where there is none."""
    return Result(what=what, estimate=None, n=n, why=why)


def generator(*key: object) -> np.random.Generator:
    """A stream of random numbers of its own for this key: the same on every machine."""
    import numpy as np  # noqa: PLC0415 - a tenth of a second

    digest = sha256("/".join(map(str, key)).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def runs_only(keys: Sequence[object]) -> None:
    """Refuse rows that are not one a run.

    Raises:
        ConfigError: A run stands in several rows.
    """
    seen: set[object] = set()
    for key in keys:
        if key in seen:
            raise ConfigError(
                "a run that stands in several rows",
                value=str(key),
                hint="Bring each run to one number first: people of one run are not independent.",
            )
        seen.add(key)


def _short(value: float) -> str:
    return f"{value:.3g}"
