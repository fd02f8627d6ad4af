"""Whether labels matter: permutation of conditions over runs, within blocks."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Final

from simulation.analysis.statistics.result import Result, cannot, generator

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    import numpy as np
    import numpy.typing as npt

SHUFFLES: Final = 9999
EXACT: Final = 20_000
"""With so many arrangements or fewer, all are gone through."""


def permutation_test(
    values: Sequence[float],
    second: Sequence[bool],
    blocks: Sequence[Hashable] | None = None,
    *,
    shuffles: int = SHUFFLES,
    seed: int = 0,
) -> Result:
    """Two-sided test of the difference of means, second condition minus first.

    Labels are exchanged within blocks only (of one paraphrase and seed, say), as they were
    assigned. With few arrangements the test is exact; else it is
    ``p = (1 + as extreme) / (1 + shuffles)``, which is never 0 (Phipson and Smyth 2010).

    Args:
        values: A number for each run.
        second: Whether the run is of the second condition.
        blocks: The block of each run; None: one block.
        shuffles: Drawn where there are too many arrangements.
        seed: Of the draws.

    Examples:
        >>> permutation_test([0, 0, 0, 1, 1, 1], [False] * 3 + [True] * 3).p
        0.1
    """
    import numpy as np  # noqa: PLC0415 - only where it is asked for

    what = "difference of means"
    data, labels = np.asarray(values, float), np.asarray(second, bool)
    if not (labels.any() and (~labels).any()):
        return cannot(what, len(data), "one of the conditions has no runs")
    if not np.isfinite(data).all():
        return cannot(what, len(data), "some runs have no value")
    groups = _groups(blocks, len(data))
    if all(labels[group].all() or not labels[group].any() for group in groups):
        return cannot(what, len(data), "no block holds runs of both conditions")
    observed = _gap(data, labels)
    arrangements = math.prod(math.comb(len(group), int(labels[group].sum())) for group in groups)
    tolerance = 1e-12 * max(1.0, float(np.abs(data).max()))
    if arrangements <= EXACT:
        gaps = _gaps(data, _all(labels, groups))
        p = float((np.abs(gaps) >= abs(observed) - tolerance).mean())
        method = f"exact permutation, {arrangements} arrangements"
    else:
        gaps = _gaps(data, _drawn(labels, groups, shuffles, seed))
        extreme = int((np.abs(gaps) >= abs(observed) - tolerance).sum())
        p, method = (1 + extreme) / (1 + shuffles), f"permutation, {shuffles} shuffles"
    return Result(what=what, estimate=observed, n=len(data), p=round(p, 12), method=method)


def _groups(blocks: Sequence[Hashable] | None, size: int) -> list[npt.NDArray[np.intp]]:
    import numpy as np  # noqa: PLC0415 - only where it is asked for

    found: dict[Hashable, list[int]] = {}
    for index in range(size):
        found.setdefault(None if blocks is None else blocks[index], []).append(index)
    return [np.array(group) for group in found.values()]


def _gap(data: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_]) -> float:
    return float(data[labels].mean() - data[~labels].mean())


def _gaps(data: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """The difference of means under each row of labels."""
    count = labels.sum(axis=1)
    inside = labels @ data
    return inside / count - (data.sum() - inside) / (len(data) - count)


def _all(
    labels: npt.NDArray[np.bool_], groups: Sequence[npt.NDArray[np.intp]]
) -> npt.NDArray[np.bool_]:
    """Every arrangement of labels within the groups."""
    import numpy as np  # noqa: PLC0415 - only where it is asked for

    rows = np.zeros((1, len(labels)), bool)
    for group in groups:
        picks = list(combinations(group.tolist(), int(labels[group].sum())))
        several = np.repeat(rows, len(picks), axis=0)
        for number, pick in enumerate(picks):
            several[number :: len(picks), list(pick)] = True
        rows = several
    return rows


def _drawn(
    labels: npt.NDArray[np.bool_],
    groups: Sequence[npt.NDArray[np.intp]],
    shuffles: int,
    seed: int,
) -> npt.NDArray[np.bool_]:
    import numpy as np  # noqa: PLC0415 - only where it is asked for

    stream = generator("permutation", seed)
    rows = np.tile(labels, (shuffles, 1))
    for group in groups:
        rows[:, group] = stream.permuted(rows[:, group], axis=1)
    return rows
