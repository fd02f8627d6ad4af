"""What an episode may cost: calls, tokens, money and time, for everybody together and for each."""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Self

from simulation.errors import BudgetExceeded, ConfigError
from simulation.language.prices import Prices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulation.language.base import Usage

WARNS_AT: Final = 0.8
"""The share of a limit at which a warning is given."""
_WHOLE: Final = ("calls", "tokens", "agent_calls", "agent_tokens")
"""Limits that are whole numbers."""
_DOLLARS: Final = "US dollars"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What may be spent at most; None: as much as it takes."""

    calls: int | None = None
    """Model calls of an episode."""
    tokens: int | None = None
    """Tokens read and written, those of a prefix cache not counted."""
    usd: float | None = None
    """Money, in US dollars."""
    minutes: float | None = None
    """Wall time of one stretch of the run, without pauses."""
    agent_calls: int | None = None
    """Model calls of each agent."""
    agent_tokens: int | None = None
    """Tokens of each agent."""
    agent_usd: float | None = None
    """Money of each agent."""

    def __post_init__(self) -> None:
        """Refuse what is below zero."""
        for name, value in asdict(self).items():
            if value is not None and not value >= 0:
                where = f"budget {name.replace('_', '.')}"
                raise ConfigError("a budget cannot be negative", where=where, value=value)

    @classmethod
    def parse(cls, texts: Sequence[str]) -> Self:
        """Limits as they are written: ``calls=500,minutes=30``, ``agent.tokens=2e5``.

        Raises:
            ConfigError: A name is unknown or given twice, or a value is no number.

        Examples:
            >>> Limits.parse(["calls=500,agent.calls=50"]).agent_calls
            50
            >>> Limits.parse(["usd=2.50"]).usd
            2.5
        """
        names = {field.name.replace("_", "."): field.name for field in fields(cls)}
        found: dict[str, float] = {}
        for part in (part.strip() for text in texts for part in text.split(",")):
            name, _, value = part.partition("=")
            if name not in names:
                hint = "Write NAME=NUMBER, such as calls=500."
                what = "unknown budget"
                raise ConfigError(what, where="--budget", value=part, allowed=names, hint=hint)
            if names[name] in found:
                raise ConfigError("given twice", where="--budget", value=name)
            found[names[name]] = _number(name, value)
        values: dict[str, Any] = {
            name: int(value) if name in _WHOLE else value for name, value in found.items()
        }
        return cls(**values)

    @property
    def money(self) -> bool:
        """Whether money is limited."""
        return self.usd is not None or self.agent_usd is not None


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        hint = f"Write {name}=NUMBER."
        raise ConfigError("not a number", where=f"--budget {name}", value=text, hint=hint)
    return value


class Budget:
    """Counts what is spent and stops at a limit: the tick in which that happens is not lived.

    An agent whose own limit is reached gets no more answers and does what is safe; the others go
    on. What a resumed run repeats is counted and never refused.

    Args:
        limits: What is allowed.
        prices: What models cost; None: as the package's own table says.
        clock: Seconds of wall time.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        prices: Prices | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits or Limits()
        self.prices = prices or Prices.load()
        self.calls: Counter[str] = Counter()
        """Calls by agent."""
        self.tokens: Counter[str] = Counter()
        """Tokens by agent."""
        self.usd: defaultdict[str, float] = defaultdict(float)
        """Money by agent, where prices are known."""
        self._clock = clock
        self._began: float | None = None
        self._warned: set[str] = set()

    @property
    def minutes(self) -> float:
        """Wall time since :meth:`start`, without pauses."""
        return 0.0 if self._began is None else (self._clock() - self._began) / 60

    def start(self) -> None:
        """Let the time of a stretch begin."""
        self._began = self._clock()

    def waited(self, seconds: float) -> None:
        """Take out of the time what the run waited for somebody to let it go on."""
        if self._began is not None:
            self._began += seconds

    def check(self) -> None:
        """Look at what is spent, before anything more is.

        Raises:
            BudgetExceeded: A limit of the episode is reached.
        """
        for name, spent, limit in self._shares():
            if spent >= limit:
                raise BudgetExceeded(f"the budget of {_shown(limit)} {name} is spent")

    def spend(self, agent: str) -> str:
        """Take one call; why it is refused, or nothing.

        Raises:
            BudgetExceeded: A limit of the episode is reached.
        """
        self.check()
        for name, spent, limit in (
            ("model calls", self.calls[agent], self.limits.agent_calls),
            ("tokens", self.tokens[agent], self.limits.agent_tokens),
            (_DOLLARS, self.usd[agent], self.limits.agent_usd),
        ):
            if limit is not None and spent >= limit:
                return f"{agent} has spent a budget of {_shown(limit)} {name}"
        self.count(agent)
        return ""

    def count(self, agent: str) -> None:
        """Count a call that was paid for before."""
        self.calls[agent] += 1

    def check_price(self, model: str) -> None:
        """See that money can be counted, where it is limited.

        Raises:
            ConfigError: The price of this model is not known.
        """
        if self.limits.money:
            self.prices.need(model)

    def add(self, agent: str, usage: Usage, model: str = "") -> float:
        """Count what a reply took; what it cost, in US dollars."""
        used = usage.prompt_tokens - usage.cached_tokens + usage.reply_tokens
        self.tokens[agent] += used
        cost = self.prices.cost(model, usage)
        self.usd[agent] += cost
        return cost

    def warning(self) -> str:
        """What is nearly spent, told once for each limit; empty: nothing new."""
        near = [
            (name, spent, limit)
            for name, spent, limit in self._shares()
            if spent >= WARNS_AT * limit and name not in self._warned
        ]
        self._warned.update(name for name, _, _ in near)
        return "; ".join(
            f"{_shown(spent)} of {_shown(limit)} {name} are spent" for name, spent, limit in near
        )

    def _shares(self) -> list[tuple[str, float, float]]:
        limits = self.limits
        all_of = (
            ("model calls", self.calls.total(), limits.calls),
            ("tokens", self.tokens.total(), limits.tokens),
            (_DOLLARS, sum(self.usd.values()), limits.usd),
            ("minutes", self.minutes, limits.minutes),
        )
        return [(name, spent, limit) for name, spent, limit in all_of if limit is not None]


def _shown(amount: float) -> str:
    """An amount in as many digits as it needs: ``2,000,000``, ``4``, ``1.6``, ``0.0525``."""
    return f"{amount:,.0f}" if amount >= 1000 or amount == int(amount) else f"{amount:.4g}"
