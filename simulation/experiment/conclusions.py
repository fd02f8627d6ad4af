"""What may be said of an experiment, and what cannot be concluded from it, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulation.experiment.compare import Compared, tested
from simulation.experiment.plan import left_out, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from simulation.experiment.gates import Gate
    from simulation.experiment.schema import Design

LEVEL: Final = 0.05
NO_VALUE: Final = {
    "goal": "nobody had the opportunity",
    "harm": "nobody had the opportunity",
    "knows": "everybody knew it from the start",
    "position": "nobody took a position or was asked for one; ask them with probes",
    "shifted": "nobody was asked again after hearing another position; ask them with probes",
    "changed": "nobody answered twice",
    "answered": "nobody answered or voted",
    "reverted": "no position moved, so none could go back",
    "yea_saying": "nobody answered or voted",
}
"""Why a run has no value on a kind of measure."""


def emergent(design: Design, frame: pd.DataFrame, gates: Sequence[Gate]) -> list[str]:
    """For each arm with isolates, whether what it shows may be called emergent; in sentences.

    It may only where the whole society differs from isolates with matched exposure, corrected for
    the number of such comparisons, and where every gate holds.
    """
    alone = [name for name, arm in design.arms.items() if arm.baseline == "isolates"]
    if not alone:
        why = "no arm holds isolates with matched exposure (baseline: isolates)"
        return [f"Nothing here may be called emergent: {why}."]
    held = all(gate.passed for gate in gates)
    found: list[str] = []
    for arm in alone:
        society = whole(design, arm).of or ""
        rows = _against(design, frame, arm, society)
        found += [_said(one, society, arm, held=held) for one in rows]
    return found


def _against(design: Design, frame: pd.DataFrame, arm: str, society: str) -> list[Compared]:
    from simulation.analysis.statistics.many import corrected  # noqa: PLC0415 - statsmodels

    if not len(frame):
        return []
    tests = {name: tested(design, frame, name, society, arm) for name in design.measures}
    ps = corrected([results[0].p for results in tests.values()])
    return [
        Compared(name, society, results, p, arm)
        for (name, results), p in zip(tests.items(), ps, strict=True)
    ]


def _said(one: Compared, society: str, arm: str, *, held: bool) -> str:
    result, p = one.results[0], one.p_corrected
    if p is None:
        return f"{one.measure}: {society} beside {arm} cannot be told apart: {result.why}."
    figures = f"{result.what} {result.estimate or 0:.3g}, corrected p = {p:.3g}"
    if p >= LEVEL:
        return (
            f"{one.measure} is not called emergent: {society} does not differ from the same people "
            f"each alone with what they heard ({arm}; {figures})."
        )
    if not held:
        return (
            f"{one.measure} differs between {society} and {arm} ({figures}); it is not called "
            "emergent while a gate fails."
        )
    return f"{one.measure} is emergent: {society} differs from {arm} ({figures})."


def cannot_say(design: Design, frame: pd.DataFrame, failed: Sequence[str]) -> list[str]:
    """What cannot be concluded, and why, a sentence each."""
    found = [f"Nothing of {arm}: {why}." for arm, why in left_out(design).items()]
    if design.control is None:
        found.append("No arm can be called better or worse: the file names no control.")
    if not len(frame):
        return [*found, "Nothing at all: no run is finished."]
    if frame["seed"].nunique() == 1:
        found.append("Nothing beyond this one seed: what chance alone does cannot be told.")
    for arm in design.arms:
        if arm not in left_out(design):
            found += _of_arm(design, frame, arm)
    if failed:
        found.append(f"Nothing of {len(failed)} runs that failed; they are named below.")
    return found


def _of_arm(design: Design, frame: pd.DataFrame, arm: str) -> Iterator[str]:
    rows = frame[frame["arm"] == arm]
    if not len(rows):
        yield f"Nothing of {arm}: none of its runs is finished."
        return
    if len(rows) == 1:
        yield f"No interval and no test of {arm}: it has one run only."
    if "choices" in rows and not rows["choices"].sum():
        yield f"Nothing of what people chose in {arm}: nobody decided anything."
    for name, measured in design.measures.items():
        missing = int(rows[name].isna().sum())
        why = NO_VALUE.get(measured.kind, "it has no value")
        if missing == len(rows):
            yield f"{name} in {arm}: {why}, in any of {len(rows)} runs."
        elif missing:
            yield f"{name} in {missing} of {len(rows)} runs of {arm}: {why}; they are left out."
