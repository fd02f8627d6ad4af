"""How far two answers to the same choices agree: one recorded, one given later.

The *preferred* option is the one with the highest probability, or the one that was picked by a
model without probabilities. Agreement is the share of choices whose preferred option is the same,
with Wilson's 95 % interval. Where both sides have probabilities, their distance is told as well:

- total variation, ``½ · Σ |p - q|``: the most that any set of options gained;
- the divergence of Kullback and Leibler, ``Σ p · log(p / q)`` in nats, with p as recorded.

What is drawn from the probabilities is left out: two draws differ by chance alone.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from simulation.language.base import Chosen

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, kw_only=True)
class Preference:
    """What a model makes of a menu."""

    best: int
    """The preferred option."""
    logs: tuple[float, ...] | None
    """The logarithm of each option's probability, the prior taken off; None: it only picked."""

    @property
    def shares(self) -> tuple[float, ...] | None:
        """Each option's probability."""
        return None if self.logs is None else tuple(math.exp(log) for log in self.logs)


@dataclass(frozen=True, kw_only=True)
class Twice:
    """A choice that was asked twice."""

    call: str
    """Id of the event that recorded the first answer."""
    agent: str
    tick: int
    purpose: str
    options: tuple[str, ...]
    then: Preference
    """The recorded answer."""
    now: Preference | None
    """The later answer; None: there was none that names an option."""
    why: str = ""
    """Why there was none."""

    @property
    def same(self) -> bool:
        """Whether the preferred option is the same."""
        return self.now is not None and self.now.best == self.then.best


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far the answers to some choices agree."""

    asked: int
    answered: int
    """Of those, how many were answered with one of the options."""
    same: int
    """Of those, how many with the same preferred option."""
    share: float | None
    """``same / answered``; None: nothing was answered."""
    low: float | None
    """Where the interval begins."""
    high: float | None
    """Where it ends."""
    weighed: int
    """Choices with probabilities on both sides."""
    variation: float | None
    """The mean of their total variations."""
    divergence: float | None
    """The mean of their divergences, in nats."""


@dataclass(frozen=True, kw_only=True)
class Shift:
    """How the probability of one option changed, over all menus that have it."""

    option: str
    menus: int
    then: float
    """Its mean probability as recorded."""
    now: float
    """Its mean probability as answered later."""


def preference(reply: Chosen, size: int, exponent: float) -> Preference | None:
    """What a reply says of so many options; None: it does not choose among them.

    Args:
        reply: Log weights with their priors, or a pick.
        size: How many options there were.
        exponent: The share of the prior that is taken off.
    """
    if reply.logps is None:
        known = reply.pick is not None and 0 <= reply.pick < size
        return Preference(best=reply.pick or 0, logs=None) if known else None
    priors = reply.priors or (0.0,) * size
    if not len(reply.logps) == len(priors) == size > 0:
        return None
    scores = [logp - exponent * prior for logp, prior in zip(reply.logps, priors, strict=True)]
    if not all(map(math.isfinite, scores)):
        return None
    from scipy.special import log_softmax  # noqa: PLC0415 - scipy, a tenth of a second

    logs = tuple(float(log) for log in log_softmax(scores))
    return Preference(best=logs.index(max(logs)), logs=logs)


def agreement(rows: Iterable[Twice]) -> Agreement:
    """Count how far these choices agree."""
    from scipy.stats import binomtest  # noqa: PLC0415 - scipy, half a second

    rows = list(rows)
    answered = [row for row in rows if row.now is not None]
    same = sum(row.same for row in answered)
    low = high = share = None
    if answered:
        share = same / len(answered)
        interval = binomtest(same, len(answered)).proportion_ci(CONFIDENCE, method="wilson")
        low, high = float(interval.low), float(interval.high)
    both = [pair for row in answered if (pair := _both(row)) is not None]
    return Agreement(
        asked=len(rows),
        answered=len(answered),
        same=same,
        share=share,
        low=low,
        high=high,
        weighed=len(both),
        variation=_mean(total_variation(then, now) for then, now in both),
        divergence=_mean(divergence(then, now) for then, now in both),
    )


def agreement_by(rows: Sequence[Twice], key: Callable[[Twice], str]) -> dict[str, Agreement]:
    """The same for each group of choices, such as those of one agent."""
    groups: dict[str, list[Twice]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return {name: agreement(groups[name]) for name in sorted(groups)}


def shifts(rows: Iterable[Twice]) -> list[Shift]:
    """Every option with its mean probability then and now; what shifted most in all comes first.

    Choices without probabilities on both sides are left out.
    """
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        pair = _both(row)
        if pair is not None:
            for option, then, now in zip(row.options, *pair, strict=True):
                found[option].append((math.exp(then), math.exp(now)))
    moved = {
        option: math.fsum(now - then for then, now in pairs) for option, pairs in found.items()
    }
    return [
        Shift(
            option=option,
            menus=len(found[option]),
            then=math.fsum(then for then, _ in found[option]) / len(found[option]),
            now=math.fsum(now for _, now in found[option]) / len(found[option]),
        )
        for option in sorted(found, key=lambda option: (-abs(moved[option]), option))
    ]


def total_variation(then: Sequence[float], now: Sequence[float]) -> float:
    """Half of the sum of differences between two distributions, given as logarithms.

    Examples:
        >>> from math import log
        >>> round(total_variation([log(0.5), log(0.5)], [log(0.8), log(0.2)]), 6)
        0.3
    """
    return math.fsum(abs(math.exp(p) - math.exp(q)) for p, q in zip(then, now, strict=True)) / 2


def divergence(then: Sequence[float], now: Sequence[float]) -> float:
    """The divergence of the second distribution from the first, in nats, given as logarithms.

    Examples:
        >>> from math import log
        >>> round(divergence([log(0.5), log(0.5)], [log(0.8), log(0.2)]), 6)
        0.223144
    """
    told = math.fsum(math.exp(p) * (p - q) for p, q in zip(then, now, strict=True))
    return max(0.0, told)  # equal distributions can come out a rounding below zero


def _both(row: Twice) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    if row.now is None or row.now.logs is None or row.then.logs is None:
        return None
    return row.then.logs, row.now.logs


def _mean(values: Iterable[float]) -> float | None:
    values = list(values)
    return math.fsum(values) / len(values) if values else None
