"""Gates: what has to hold before a difference between arms is evidence of anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from simulation.experiment.plan import left_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from simulation.experiment.schema import Design

State = Literal["holds", "fails", "not asked", "not needed"]
"""``not asked``: it could not be, so nothing is known; ``not needed``: the design has nothing that
it is about."""

ENOUGH_RUNS: Final = 5
"""Runs in each arm below which nothing is called an effect."""
MOST_FALLBACKS: Final = 0.05
"""The share of fallbacks and refusals in an arm above which nothing is."""
MOST_UNWEIGHED: Final = 0.05
"""The share of choices among options of the very same probability above which nothing is."""
MATCHED: Final = 0.9
"""The share of what others said that has to reach isolates again."""
OF_THE_MIND: Final = (
    "the situation was understood",
    "who people are makes a difference",
    "the order of options leaves the choice",
    "other words leave the choice",
    "the hypothesis cannot be guessed",
)
"""Gates that are asked of the mind itself; see :mod:`simulation.experiment.asking`."""


@dataclass(frozen=True)
class Gate:
    """Something that has to hold before an effect is evidence."""

    name: str
    state: State
    figure: str
    """The number that it rests on, or why there is none."""

    @property
    def passed(self) -> bool:
        """Whether it stands in nobody's way."""
        return self.state in ("holds", "not needed")

    def as_json(self) -> dict[str, object]:
        """The same as JSON values."""
        return {
            "name": self.name,
            "state": self.state,
            "passed": self.passed,
            "figure": self.figure,
        }


def told(name: str, held: bool, figure: str) -> Gate:
    """A gate that was looked at."""
    return Gate(name, "holds" if held else "fails", figure)


def not_asked(why: str) -> list[Gate]:
    """Every gate of the mind, where it could not be asked at all."""
    return [Gate(name, "not asked", why) for name in OF_THE_MIND]


def gates_of_runs(design: Design, frame: pd.DataFrame) -> list[Gate]:
    """What can be said from the table of runs alone."""
    arms = [name for name in design.arms if name not in left_out(design)]
    counts = {arm: int((frame["arm"] == arm).sum()) if len(frame) else 0 for arm in arms}
    fewest = min(counts.values(), default=0)
    figure = f"{fewest} in the smallest arm, of {ENOUGH_RUNS}"
    found = [
        told("a control arm", design.control is not None, design.control or "none is named"),
        told("enough runs", fewest >= ENOUGH_RUNS, figure),
    ]
    if len(frame):
        worst = frame.groupby("arm")["fallbacks"].mean().fillna(0).max()
        figure = f"{worst:.1%} in the worst arm"
        found.append(told("few fallbacks", bool(worst <= MOST_FALLBACKS), figure))
        found += [*_weighed(design, frame), *_exposure(design, frame)]
    return found


def _weighed(design: Design, frame: pd.DataFrame) -> list[Gate]:
    """Whether the model told its options apart, in arms that leave it its situation.

    Where no model gives probabilities there is no such gate.
    """
    if "unweighed" not in frame:
        return []
    blind = [name for name, arm in design.arms.items() if arm.baseline == "situation-blind"]
    known = frame[~frame["arm"].isin(blind)].dropna(subset=["unweighed"])
    if not len(known):
        return []
    shares = known.groupby("arm")["unweighed"].mean()
    figure = f"{shares.max():.1%} among options that all score the same, in the worst arm"
    return [told("options were weighed", bool(shares.max() <= MOST_UNWEIGHED), figure)]


def _exposure(design: Design, frame: pd.DataFrame) -> list[Gate]:
    """Whether isolates heard what they were to hear."""
    alone = [name for name, arm in design.arms.items() if arm.baseline == "isolates"]
    if not alone:
        return []
    rows = frame[frame["arm"].isin(alone)]
    known = rows["matched"].dropna() if "matched" in rows else rows["arm"].iloc[:0]
    if not len(known):
        return [Gate("exposure was matched", "not asked", "nobody said anything to anybody")]
    least = float(known.min())
    figure = f"{least:.1%} of what others said was heard again in the worst run"
    return [told("exposure was matched", least >= MATCHED, figure)]


def failing(gates: Sequence[Gate]) -> list[Gate]:
    """Those that stand in the way of evidence."""
    return [gate for gate in gates if not gate.passed]
