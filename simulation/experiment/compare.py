"""Arms beside the control: effects, tests and models, with the run as the unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from simulation.analysis.statistics.effects import cliffs_delta, difference
from simulation.analysis.statistics.equivalence import Published, equivalent, runs_like
from simulation.analysis.statistics.many import corrected
from simulation.analysis.statistics.models import mixed, variance_split
from simulation.analysis.statistics.permutation import permutation_test
from simulation.analysis.statistics.specification import (
    Curve,
    Specification,
    specification_curve,
)
from simulation.analysis.statistics.survival import hazard_ratio, log_rank
from simulation.experiment.gates import MOST_FALLBACKS
from simulation.experiment.measures import TIMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from simulation.analysis.statistics.result import Result
    from simulation.experiment.parts import Known
    from simulation.experiment.schema import Design

BLOCKS: Final = ("seed", "paraphrase", "model", "world")
"""Runs that agree in all of these are pairs: labels are exchanged among them only."""
FACTORS: Final = ("arm", "model", "paraphrase", "world", "seed")
"""What the variance between runs is split by."""


@dataclass(frozen=True)
class Compared:
    """An arm beside the control, on one measure."""

    measure: str
    arm: str
    results: tuple[Result, ...]
    """The test that counts first."""
    p_corrected: float | None
    """Of that test, corrected for the number of comparisons (Holm)."""
    against: str = ""
    """The other arm."""


@dataclass(frozen=True)
class Like:
    """A measure beside a published share."""

    known: Known
    arm: str
    result: Result


def completed(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with every column that blocks are made of; tables of older runs lack some."""
    usual = {"paraphrase": "plain", "world": "", "model": ""}
    missing = {name: value for name, value in usual.items() if name not in frame}
    return frame.assign(**missing) if len(frame) and missing else frame


def compare(design: Design, frame: pd.DataFrame) -> list[Compared]:
    """Every arm beside the control on every measure, corrected for their number."""
    control = design.control
    if control is None or not len(frame):
        return []
    lived = [arm for arm in design.arms if arm != control and (frame["arm"] == arm).any()]
    found = [
        (name, arm, tested(design, frame, name, arm, control))
        for name in design.measures
        for arm in lived
    ]
    ps = corrected([results[0].p for _, _, results in found])
    return [Compared(*row, p, control) for row, p in zip(found, ps, strict=True)]


def tested(
    design: Design, frame: pd.DataFrame, name: str, arm: str, control: str
) -> tuple[Result, ...]:
    """One arm beside another on one measure."""
    both = frame[frame["arm"].isin([control, arm])].dropna(subset=[name])
    if design.measures[name].kind in TIMES:
        return _survival(both, name, arm)
    return _means(design, both, name, arm)


def _means(design: Design, both: pd.DataFrame, name: str, arm: str) -> tuple[Result, ...]:
    second = (both["arm"] == arm).tolist()
    values = both[name].astype(float).tolist()
    one = [value for value, label in zip(values, second, strict=True) if not label]
    two = [value for value, label in zip(values, second, strict=True) if label]
    gap, shuffled = difference(one, two), permutation_test(values, second, blocks_of(both))
    if gap.estimate is None:
        return (gap,)
    method = f"{gap.method}; {shuffled.method}".strip("; ")
    why = "; ".join(part for part in (gap.why, shuffled.why) if part)
    tests = [replace(gap, p=shuffled.p, method=method, why=why), cliffs_delta(one, two)]
    if design.margin is not None:
        tests.append(equivalent(one, two, design.margin))
    return (*tests, *_mixed(both, name, arm))


def _mixed(both: pd.DataFrame, name: str, arm: str) -> Iterator[Result]:
    """A linear mixed model where runs come from several models, paraphrases or worlds."""
    rows = both.assign(condition=(both["arm"] == arm).map({False: "a", True: "b"}))
    for group in ("model", "paraphrase", "world"):
        if rows[group].nunique() > 1:
            found = mixed(rows, name, "condition", group)
            yield from (replace(one, what=f"effect with random {group}") for one in found)


def _survival(both: pd.DataFrame, name: str, arm: str) -> tuple[Result, ...]:
    second = (both["arm"] == arm).tolist()
    times, done = both[name].astype(float).tolist(), both[f"{name}.done"].astype(bool).tolist()

    def of(label: bool) -> tuple[Sequence[float], Sequence[bool]]:
        picked = [number for number, is_second in enumerate(second) if is_second is label]
        return [times[number] for number in picked], [done[number] for number in picked]

    return log_rank(of(False), of(True)), hazard_ratio(times, done, second)


def blocks_of(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """The block of every run."""
    return [tuple(map(str, row)) for row in rows[list(BLOCKS)].itertuples(index=False)]


def likes(design: Design, frame: pd.DataFrame) -> list[Like]:
    """Every published share that the file names a measure for, beside that measure."""
    found: list[Like] = []
    for known in design.literature:
        arm = known.arm or design.control
        if known.share is None or known.measure is None or arm is None or not len(frame):
            continue
        values = frame[frame["arm"] == arm][known.measure].dropna().astype(float).tolist()
        published = Published(share=known.share, n=known.n, source=known.source)
        found.append(Like(known, arm, runs_like(values, published, known.within)))
    return found


def split(design: Design, frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Measure → the share of the variance between runs that goes with each factor."""
    if not len(frame):
        return {}
    found: dict[str, dict[str, float]] = {}
    for name in design.measures:
        varied = [factor for factor in FACTORS if frame[factor].nunique() > 1]
        shares = variance_split(frame, name, varied) if varied else {}
        if any(shares.values()):
            found[name] = shares
    return found


def curves(design: Design, frame: pd.DataFrame) -> dict[str, dict[str, Curve]]:
    """Measure → arm → its effect under every specification; times until are left out."""
    control = design.control
    if control is None or not len(frame):
        return {}
    found: dict[str, dict[str, Curve]] = {}
    for name, measured in design.measures.items():
        if measured.kind in TIMES:
            continue
        for arm in design.arms:
            both = frame[frame["arm"].isin([control, arm])].dropna(subset=[name])
            ways = _ways(both, name) if both["arm"].nunique() > 1 else []
            if len(ways) > 1:
                second = (both["arm"] == arm).tolist()
                found.setdefault(name, {})[arm] = specification_curve(ways, second, blocks_of(both))
    return found


def _ways(both: pd.DataFrame, name: str) -> list[Specification]:
    """Every defensible choice of runs and scale, in standard deviations.

    Each model, paraphrase and world alone and all together; with and without runs of many
    fallbacks; the measure as it is, and by its rank.
    """
    import numpy as np  # noqa: PLC0415 - only where it is asked for

    values = both[name].astype(float)
    if not len(values) or not values.std(ddof=0):
        return []
    ranks = values.rank()
    scales = {"as measured": values / values.std(ddof=0), "by rank": ranks / ranks.std(ddof=0)}
    sound = both["fallbacks"].fillna(0) <= MOST_FALLBACKS
    runs = {"all": sound | True} | ({} if sound.all() else {"few fallbacks": sound})
    found: list[Specification] = []
    for chosen in _levels(both):
        mask = sound | True
        for factor, level in chosen.items():
            mask &= (both[factor].astype(str) == level) | (level == "all")
        for kept, of in runs.items():
            rows = tuple(int(number) for number in np.flatnonzero((mask & of).to_numpy()))
            for scale, data in scales.items():
                picked = tuple(float(data.iloc[number]) for number in rows)
                choices = {**chosen, "runs": kept, "scale": scale}
                found.append(Specification(choices, rows, picked))
    return found


def _levels(both: pd.DataFrame) -> list[dict[str, str]]:
    """Every combination of one or all of the models, paraphrases and worlds."""
    found: list[dict[str, str]] = [{}]
    for factor in ("model", "paraphrase", "world"):
        levels = sorted(map(str, both[factor].unique()))
        if len(levels) > 1:
            found = [{**one, factor: level} for one in found for level in ("all", *levels)]
    return found
