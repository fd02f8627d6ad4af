"""What an experiment found, what is known from elsewhere, and what cannot be concluded."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from simulation.analysis.statistics.rates import mean_over_runs
from simulation.analysis.statistics.result import Result, runs_only
from simulation.experiment.compare import (
    Compared,
    Like,
    compare,
    completed,
    curves,
    likes,
    split,
)
from simulation.experiment.conclusions import NO_VALUE, cannot_say, emergent
from simulation.experiment.gates import Gate, gates_of_runs, not_asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from simulation.analysis.statistics.specification import Curve
    from simulation.experiment.schema import Design


@dataclass(frozen=True)
class Analysis:
    """Everything that an experiment says."""

    design: Design
    means: dict[str, dict[str, Result]]
    """Measure → arm → the mean over runs."""
    compared: tuple[Compared, ...]
    gates: tuple[Gate, ...]
    likes: tuple[Like, ...]
    """Measures beside published shares."""
    split: dict[str, dict[str, float]]
    """Measure → factor → its share of the variance between runs (eta squared)."""
    curves: dict[str, dict[str, Curve]]
    """Measure → arm → its effect under every specification, in standard deviations."""
    emergent: tuple[str, ...]
    """Whether anything may be called emergent, in sentences."""
    cannot: tuple[str, ...]
    """What cannot be concluded and why, in sentences."""

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
            "gates": [gate.as_json() for gate in self.gates],
            "means": {
                name: {arm: asdict(result) for arm, result in arms.items()}
                for name, arms in self.means.items()
            },
            "compared": [asdict(one) for one in self.compared],
            "like_published": [
                {"source": one.known.source, "arm": one.arm, **asdict(one.result)}
                for one in self.likes
            ],
            "variance": self.split,
            "specifications": {
                name: {arm: _curve(curve) for arm, curve in arms.items()}
                for name, arms in self.curves.items()
            },
            "emergent": list(self.emergent),
            "cannot_conclude": list(self.cannot),
            "weak_model": self.design.weak_model,
        }


def analyse(
    design: Design,
    frame: pd.DataFrame,
    minds: Sequence[Gate] | None = None,
    *,
    failed: Sequence[str] = (),
) -> Analysis:
    """Bring runs to results: the unit is the run, and arms are compared within blocks of runs.

    Args:
        design: What was run.
        frame: One row a run, as :class:`Outcome` has it.
        minds: The gates that were asked of the minds; None: none was, and that is no pass.
        failed: Runs that failed.

    Raises:
        ConfigError: A run stands in several rows.
    """
    frame = completed(frame)
    if len(frame):
        runs_only(list(frame["run"]))
    means = {
        name: {
            arm: mean_over_runs(_values(frame, arm, name), lacking=NO_VALUE.get(measured.kind, ""))
            for arm in design.arms
        }
        for name, measured in design.measures.items()
    }
    asked = not_asked("the minds were not asked") if minds is None else minds
    gates = (*gates_of_runs(design, frame), *asked)
    compared = compare(design, frame)
    comparisons = sum(one.results[0].p is not None for one in compared)
    return Analysis(
        design=design,
        means=means,
        compared=tuple(compared),
        gates=gates,
        likes=tuple(likes(design, frame)),
        split=split(design, frame),
        curves=curves(design, frame),
        emergent=tuple(emergent(design, frame, gates)),
        cannot=tuple(cannot_say(design, frame, failed, comparisons)),
    )


def _values(frame: pd.DataFrame, arm: str, measure: str) -> list[float | None]:
    if not len(frame):
        return []
    rows = frame[frame["arm"] == arm][measure]
    return [
        None if missing else float(value) for value, missing in zip(rows, rows.isna(), strict=True)
    ]


def _curve(curve: Curve) -> dict[str, Any]:
    return {"whole": asdict(curve.whole), "points": [asdict(point) for point in curve.points]}
