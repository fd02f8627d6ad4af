"""What an experiment found, what is known from elsewhere, and what cannot be concluded."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from simulation.analysis.statistics.effects import cliffs_delta, difference
from simulation.analysis.statistics.equivalence import equivalent
from simulation.analysis.statistics.many import corrected
from simulation.analysis.statistics.permutation import permutation_test
from simulation.analysis.statistics.rates import mean_over_runs
from simulation.analysis.statistics.result import Result, runs_only
from simulation.analysis.statistics.survival import hazard_ratio, log_rank
from simulation.experiment.measures import TIMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from simulation.experiment.schema import Design

ENOUGH_RUNS: Final = 5
"""Runs in each arm below which nothing is called an effect."""
MOST_FALLBACKS: Final = 0.05
"""The share of fallbacks and refusals in an arm above which nothing is."""


@dataclass(frozen=True)
class Gate:
    """Something that has to hold before an effect is evidence."""

    name: str
    passed: bool
    figure: str


@dataclass(frozen=True)
class Compared:
    """An arm beside the control, on one measure."""

    measure: str
    arm: str
    results: tuple[Result, ...]
    p_corrected: float | None
    """The permutation test's, corrected for the number of comparisons (Holm)."""


@dataclass(frozen=True)
class Analysis:
    """Everything that an experiment says."""

    design: Design
    means: dict[str, dict[str, Result]]
    """Measure → arm → the mean over runs."""
    compared: tuple[Compared, ...]
    gates: tuple[Gate, ...]

    @property
    def is_evidence(self) -> bool:
        """Whether all gates hold."""
        return all(gate.passed for gate in self.gates)

    def as_json(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "title": self.design.title,
            "hypothesis": self.design.hypothesis,
            "literature": [known.model_dump() for known in self.design.literature],
            "evidence": self.is_evidence,
            "gates": [asdict(gate) for gate in self.gates],
            "means": {
                name: {arm: asdict(result) for arm, result in arms.items()}
                for name, arms in self.means.items()
            },
            "compared": [asdict(one) for one in self.compared],
            "weak_model": self.design.weak_model,
        }


def analyse(design: Design, frame: pd.DataFrame) -> Analysis:
    """Bring runs to results: the unit is the run, and arms are compared within seeds and models.

    Args:
        design: What was run.
        frame: One row a run, as :class:`Outcome` has it.

    Raises:
        ConfigError: A run stands in several rows.
    """
    if len(frame):
        runs_only(list(frame["run"]))
    means = {
        name: {arm: mean_over_runs(_values(frame, arm, name)) for arm in design.arms}
        for name in design.measures
    }
    return Analysis(design, means, tuple(_compare(design, frame)), tuple(_gates(design, frame)))


def _values(frame: pd.DataFrame, arm: str, measure: str) -> list[float | None]:
    if not len(frame):
        return []
    rows = frame[frame["arm"] == arm][measure]
    return [
        None if missing else float(value) for value, missing in zip(rows, rows.isna(), strict=True)
    ]


def _compare(design: Design, frame: pd.DataFrame) -> list[Compared]:
    control = design.control
    if control is None or not len(frame):
        return []
    found: list[tuple[str, str, tuple[Result, ...]]] = []
    for name, measured in design.measures.items():
        for arm in design.arms:
            if arm != control:
                both = frame[frame["arm"].isin([control, arm])].dropna(subset=[name])
                tests = _survival if measured.kind in TIMES else _means
                found.append((name, arm, tests(design, both, name, arm)))
    ps = corrected([results[0].p for _, _, results in found])
    return [Compared(*row, p) for row, p in zip(found, ps, strict=True)]


def _means(design: Design, both: pd.DataFrame, name: str, arm: str) -> tuple[Result, ...]:
    second = (both["arm"] == arm).tolist()
    values = both[name].astype(float).tolist()
    blocks = list(zip(both["seed"], both["model"], strict=True))
    one = [value for value, label in zip(values, second, strict=True) if not label]
    two = [value for value, label in zip(values, second, strict=True) if label]
    gap, shuffled = difference(one, two), permutation_test(values, second, blocks)
    if gap.estimate is None:
        return (gap,)
    method = f"{gap.method}; {shuffled.method}".strip("; ")
    why = "; ".join(part for part in (gap.why, shuffled.why) if part)
    tests = [replace(gap, p=shuffled.p, method=method, why=why), cliffs_delta(one, two)]
    if design.margin is not None:
        tests.append(equivalent(one, two, design.margin))
    return tuple(tests)


def _survival(design: Design, both: pd.DataFrame, name: str, arm: str) -> tuple[Result, ...]:
    del design
    second = (both["arm"] == arm).tolist()
    times, done = both[name].astype(float).tolist(), both[f"{name}.done"].astype(bool).tolist()

    def of(label: bool) -> tuple[Sequence[float], Sequence[bool]]:
        picked = [number for number, is_second in enumerate(second) if is_second is label]
        return [times[number] for number in picked], [done[number] for number in picked]

    return log_rank(of(False), of(True)), hazard_ratio(times, done, second)


def _gates(design: Design, frame: pd.DataFrame) -> list[Gate]:
    counts = {arm: int((frame["arm"] == arm).sum()) if len(frame) else 0 for arm in design.arms}
    fewest = min(counts.values())
    found = [
        Gate("a control arm", design.control is not None, design.control or "none is named"),
        Gate(
            "enough runs", fewest >= ENOUGH_RUNS, f"{fewest} in the smallest arm, of {ENOUGH_RUNS}"
        ),
    ]
    if len(frame):
        worst = frame.groupby("arm")["fallbacks"].mean().fillna(0).max()
        held = bool(worst <= MOST_FALLBACKS)
        found.append(Gate("few fallbacks", held, f"{worst:.1%} in the worst arm"))
    return found
