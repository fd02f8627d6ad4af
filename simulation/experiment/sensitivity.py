"""Which levers and settings matter: Morris screens them all, Sobol splits what the rest explain.

A design's ``vary`` names levers and ``option.NAME`` with their values in order. Every point of a
sample is brought to those values and lived with every seed, as an arm of an experiment of its own
in the folder ``sensitivity``; points that fall on the same values are the same runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from simulation.analysis.statistics.sensitivity import Influence, morris, sobol
from simulation.errors import ConfigError
from simulation.experiment.plan import whole
from simulation.experiment.runner import Experiment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from simulation.experiment.parts import Arm
    from simulation.experiment.schema import Design

TRAJECTORIES: Final = 6
SAMPLES: Final = 32
"""A power of 2, for Sobol."""
MATTERS: Final = 0.1
"""Of the strongest: what is weaker on every measure is left out of Sobol, at its first value."""
OPTION: Final = "option."
FOLDER: Final = "sensitivity"
Values = tuple[str, ...]


@dataclass(frozen=True)
class Sensitivity:
    """What varying each lever does to each measure."""

    runs: int
    """Runs that were lived for it."""
    morris: dict[str, list[Influence]]
    """Measure → lever, the strongest first."""
    sobol: dict[str, list[Influence]]
    """Measure → those that were kept."""
    cannot: dict[str, str]
    """Measure → why nothing can be said of it."""


class Sensitive:
    """Varies the levers of a design.

    Args:
        design: The experiment; its control (or first arm) is what is varied.
        out: Its folder.
        trajectories: Of Morris; each takes a run more than there are levers, for every seed.
        samples: Of Sobol, a power of 2.

    Raises:
        BadInput: The file varies nothing, or a lever cannot have a value.
    """

    def __init__(
        self,
        design: Design,
        out: Path,
        *,
        trajectories: int = TRAJECTORIES,
        samples: int = SAMPLES,
    ) -> None:
        if not design.vary or any(len(values) < 2 for values in design.vary.values()):
            hint = 'Write vary: {watchers: ["0", "1", "4"]}, each with two values or more.'
            raise ConfigError("the file varies nothing", where="--sensitivity", hint=hint)
        self._design, self._out = design, out
        self._trajectories, self._samples = trajectories, samples
        self._means: dict[Values, dict[str, float | None]] = {}
        self._runs = 0

    def run(
        self,
        *,
        jobs: int | None = None,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> Sensitivity:
        """Live what is needed, and say what matters."""
        vary = dict(self._design.vary)
        self._live(_points(lambda of: self._morris(vary, of)), vary, jobs, progress)
        screened: dict[str, list[Influence]] = {}
        cannot: dict[str, str] = {}
        for name in self._design.measures:
            why = self._lacking(name)
            if why:
                cannot[name] = why
            else:
                screened[name] = self._morris(
                    vary, lambda at, name=name: self._mean(at, vary, name)
                )
        kept = _that_matter(vary, screened)
        split: dict[str, list[Influence]] = {}
        if len(kept) > 1:
            self._live(_points(lambda of: self._sobol(kept, of)), vary, jobs, progress)
            for name in screened:
                if not self._lacking(name):
                    split[name] = self._sobol(
                        kept, lambda at, name=name: self._mean(at, vary, name)
                    )
        return Sensitivity(self._runs, screened, split, cannot)

    def _morris(
        self, vary: Mapping[str, Values], outcome: Callable[[Mapping[str, float]], float]
    ) -> list[Influence]:
        return morris(outcome, _bounds(vary), trajectories=self._trajectories)

    def _sobol(
        self, vary: Mapping[str, Values], outcome: Callable[[Mapping[str, float]], float]
    ) -> list[Influence]:
        return sobol(outcome, _bounds(vary), samples=self._samples)

    def _live(
        self,
        points: Sequence[Mapping[str, float]],
        vary: Mapping[str, Values],
        jobs: int | None,
        progress: Callable[[int, int, str], None] | None,
    ) -> None:
        wanted = dict.fromkeys(_values(point, vary) for point in points)
        new = [values for values in wanted if values not in self._means]
        arms = {_name(values): _arm(self._design, vary, values) for values in new}
        if not arms:
            return
        variant = self._design.model_copy(
            update={"arms": arms, "control": None, "understood": (), "literature": ()}
        )
        folder = self._out / FOLDER / f"{len(self._means)}"
        outcome = Experiment(variant, folder).run(jobs=jobs, progress=progress)
        if outcome.failed:
            key, why = next(iter(outcome.failed.items()))
            raise ConfigError(f"a run failed: {why}", where="--sensitivity", value=key)
        if outcome.interrupted:
            raise KeyboardInterrupt
        frame = outcome.frame()
        self._runs += len(frame)
        for values in new:
            rows = frame[frame["arm"] == _name(values)]
            self._means[values] = {name: _mean(rows, name) for name in self._design.measures}

    def _mean(self, at: Mapping[str, float], vary: Mapping[str, Values], name: str) -> float:
        return self._means[_values(at, vary)][name] or 0.0

    def _lacking(self, name: str) -> str:
        missing = [values for values, means in self._means.items() if means[name] is None]
        if missing:
            return f"no run has a value with {', '.join(missing[0])}"
        if len({means[name] for means in self._means.values()}) < 2:
            return "it is the same whatever is varied"
        return ""


def _points(
    sample: Callable[[Callable[[Mapping[str, float]], float]], object],
) -> list[Mapping[str, float]]:
    """The points of a sample, without living any."""
    points: list[Mapping[str, float]] = []

    def note(at: Mapping[str, float]) -> float:
        points.append(at)
        return float(len(points))

    sample(note)
    return points


def _bounds(vary: Mapping[str, Values]) -> dict[str, tuple[float, float]]:
    return dict.fromkeys(vary, (0.0, 1.0))


def _values(at: Mapping[str, float], vary: Mapping[str, Values]) -> Values:
    """The value of every lever at a point; of those that the point does not name, the first."""
    return tuple(
        values[min(int(at.get(name, 0.0) * len(values)), len(values) - 1)]
        for name, values in vary.items()
    )


def _name(values: Values) -> str:
    return " ".join(values)


def _arm(design: Design, vary: Mapping[str, Values], values: Values) -> Arm:
    base = whole(design, design.control or next(iter(design.arms)))
    given = dict(zip(vary, values, strict=True))
    options = {n.removeprefix(OPTION): v for n, v in given.items() if n.startswith(OPTION)}
    levers = {n: v for n, v in given.items() if not n.startswith(OPTION)}
    return base.model_copy(
        update={
            "set": {**base.set, **levers},
            "options": {**base.options, **options},
            "of": None,
        }
    )


def _that_matter(
    vary: Mapping[str, Values], screened: Mapping[str, Sequence[Influence]]
) -> dict[str, Values]:
    kept: set[str] = set()
    for influences in screened.values():
        strongest = max((one.first for one in influences), default=0.0)
        kept |= {
            one.parameter for one in influences if strongest and one.first >= MATTERS * strongest
        }
    return {name: values for name, values in vary.items() if name in kept}


def _mean(rows: pd.DataFrame, name: str) -> float | None:
    known = rows[name].dropna().astype(float)
    return float(known.mean()) if len(known) else None
