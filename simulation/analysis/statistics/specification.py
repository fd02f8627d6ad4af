"""The specification curve: one effect under every defensible way of computing it.

After Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4: choices that could as well
have been made otherwise (which model, wording, scale, which runs are left out) are all made, the
effects are put in order, and the curve as a whole is tested: labels are shuffled within blocks, the
same for all specifications, and the median of the effects is compared with that of the shuffled
curves.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from simulation.analysis.statistics.result import Result, cannot, generator

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

SHUFFLES: Final = 1999
_FEW: Final = 2


@dataclass(frozen=True)
class Specification:
    """One way of computing the effect: its choices, and the runs that it takes in."""

    choices: Mapping[str, str]
    """What was chosen: ``model`` → ``local``, ``runs`` → ``all``."""
    rows: tuple[int, ...]
    """The numbers of the runs."""
    values: tuple[float, ...]
    """The measure of each of them."""


@dataclass(frozen=True)
class Point:
    """The effect under one specification."""

    choices: Mapping[str, str]
    effect: float
    n: int


@dataclass(frozen=True)
class Curve:
    """All effects, the smallest first, and the test of the whole."""

    points: tuple[Point, ...]
    whole: Result
    """The median effect, with the p of the curve."""

    @property
    def same_sign(self) -> int:
        """How many effects have the sign of the median."""
        middle = self.whole.estimate or 0.0
        return sum(point.effect * middle > 0 for point in self.points)


def specification_curve(
    specifications: Sequence[Specification],
    second: Sequence[bool],
    blocks: Sequence[Hashable],
    *,
    shuffles: int = SHUFFLES,
    seed: int = 0,
) -> Curve:
    """The difference of means, second condition minus first, under every specification.

    Args:
        specifications: Each with the runs that it takes in, as numbers into the two below.
        second: For every run, whether it is of the second condition.
        blocks: The block of every run, within which labels are exchanged.
        shuffles: How many times the labels are shuffled.
        seed: Of the shuffles.
    """
    import numpy as np  # noqa: PLC0415 - only where it is asked for

    labels = np.asarray(second, bool)
    used = [one for one in specifications if _both(one, labels)]
    what = "median over specifications"
    if not used:
        return Curve((), cannot(what, len(labels), "no specification has runs of both conditions"))
    points = [Point(one.choices, _effect(one, labels), len(one.rows)) for one in used]
    middle = median(point.effect for point in points)
    stream, extreme = generator("specification", seed), 0
    for _ in range(shuffles):
        mixed = _shuffled(labels, blocks, stream)
        effects = [_effect(one, mixed) for one in used if _both(one, mixed)]
        extreme += bool(effects) and abs(median(effects)) >= abs(middle) - 1e-12
    whole = Result(
        what=what,
        estimate=middle,
        p=(1 + extreme) / (1 + shuffles),
        n=len(labels),
        method=f"{len(points)} specifications, {shuffles} shuffles within blocks",
    )
    return Curve(tuple(sorted(points, key=lambda point: point.effect)), whole)


def _both(one: Specification, labels: npt.NDArray[np.bool_]) -> bool:
    picked = labels[list(one.rows)]
    return bool(picked.any() and (~picked).any()) and len(one.rows) > _FEW


def _effect(one: Specification, labels: npt.NDArray[np.bool_]) -> float:
    import numpy as np  # noqa: PLC0415 - only where it is asked for

    values, picked = np.asarray(one.values), labels[list(one.rows)]
    return float(values[picked].mean() - values[~picked].mean())


def _shuffled(
    labels: npt.NDArray[np.bool_], blocks: Sequence[Hashable], stream: np.random.Generator
) -> npt.NDArray[np.bool_]:
    groups: dict[Hashable, list[int]] = {}
    for number, block in enumerate(blocks):
        groups.setdefault(block, []).append(number)
    mixed = labels.copy()
    for group in groups.values():
        mixed[group] = stream.permutation(labels[group])
    return mixed
