"""Which levers matter: Morris screens them, Sobol splits the variance of those that are left."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Influence(NamedTuple):
    """What a parameter does to the outcome."""

    parameter: str
    first: float
    """Morris: the mean of absolute elementary effects (mu star). Sobol: the first-order index."""
    total: float
    """Morris: their standard deviation (sigma). Sobol: the total index."""


def morris(
    outcome: Callable[[Mapping[str, float]], float],
    bounds: Mapping[str, tuple[float, float]],
    *,
    trajectories: int = 10,
    seed: int = 0,
) -> list[Influence]:
    """Screen parameters (Morris 1991, Campolongo 2007), by SALib; the strongest first.

    Args:
        outcome: Runs the model at a point; called ``trajectories · (parameters + 1)`` times.
        bounds: Parameter → (least, most).
        trajectories: How many.
        seed: Of the sample.
    """
    import numpy as np  # noqa: PLC0415 - only where it is asked for
    from SALib.analyze import morris as analyse  # noqa: PLC0415 - a second
    from SALib.sample import morris as sample  # noqa: PLC0415 - with it

    problem = _problem(bounds)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        points = sample.sample(problem, trajectories, seed=seed)
        values = np.array([outcome(_point(bounds, row)) for row in points], float)
        found = analyse.analyze(problem, points, values, seed=seed)
    return _sorted(bounds, found["mu_star"], found["sigma"])


def sobol(
    outcome: Callable[[Mapping[str, float]], float],
    bounds: Mapping[str, tuple[float, float]],
    *,
    samples: int = 64,
    seed: int = 0,
) -> list[Influence]:
    """Split the variance (Sobol 2001, Saltelli 2010), by SALib; the strongest first.

    Args:
        outcome: Runs the model at a point; called ``samples · (parameters + 2)`` times.
        bounds: Parameter → (least, most).
        samples: A power of 2.
        seed: Of the sample.
    """
    import numpy as np  # noqa: PLC0415 - only where it is asked for
    from SALib.analyze import sobol as analyse  # noqa: PLC0415 - a second
    from SALib.sample import sobol as sample  # noqa: PLC0415 - with it

    problem = _problem(bounds)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        points = sample.sample(problem, samples, calc_second_order=False, seed=seed)
        values = np.array([outcome(_point(bounds, row)) for row in points], float)
        found = analyse.analyze(problem, values, calc_second_order=False, seed=seed)
    return _sorted(bounds, found["S1"], found["ST"])


def _problem(bounds: Mapping[str, tuple[float, float]]) -> dict[str, object]:
    limits = [list(pair) for pair in bounds.values()]
    return {"num_vars": len(bounds), "names": list(bounds), "bounds": limits}


def _point(bounds: Mapping[str, object], row: Sequence[float]) -> dict[str, float]:
    return {name: float(value) for name, value in zip(bounds, row, strict=True)}


def _sorted(
    bounds: Mapping[str, object], first: Sequence[float], total: Sequence[float]
) -> list[Influence]:
    rows = [
        Influence(name, float(one), float(two))
        for name, one, two in zip(bounds, first, total, strict=True)
    ]
    return sorted(rows, key=lambda row: -row.first)
