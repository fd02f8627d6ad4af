"""What may be said of an experiment, and what cannot be concluded from it, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulation.experiment.compare import BLOCKS, Compared, tested
from simulation.experiment.gates import MOST_UNWEIGHED
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
    "changed": "nobody answered twice, and otherwise at first",
    "answered": "nobody answered in that way, or no answer is right",
    "found": "nobody's position was looked at again after another one was heard",
    "reverted": "no position moved, so none could go back",
    "yea_saying": "nobody answered a statement and its contrary in that way",
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


def cannot_say(
    design: Design, frame: pd.DataFrame, failed: Sequence[str], comparisons: int = 0
) -> list[str]:
    """What cannot be concluded, and why, a sentence each.

    Args:
        design: What was run.
        frame: One row a run.
        failed: Runs that failed.
        comparisons: How many tests are corrected for.
    """
    found = [f"Nothing of {arm}: {why}." for arm, why in left_out(design).items()]
    if design.control is None:
        found.append("No arm can be called better or worse: the file names no control.")
    if not len(frame):
        return [*found, "Nothing at all: no run is finished."]
    if frame["seed"].nunique() == 1:
        found.append("Nothing beyond this one seed: what chance alone does cannot be told.")
    found += [*_of_pairs(design, frame, comparisons), *_of_arms(design, frame)]
    for name in design.measures:
        found += _of_measure(design, frame, name)
    if failed:
        found.append(f"Nothing of {len(failed)} runs that failed; they are named below.")
    return found


def _of_pairs(design: Design, frame: pd.DataFrame, comparisons: int) -> Iterator[str]:
    """Whether there are too few runs for any permutation test to come out below the level."""
    rows = frame[frame["arm"] == design.control]
    blocks = rows[list(BLOCKS)].drop_duplicates()
    pairs = len(blocks)
    if comparisons < 1 or pairs < 2 or len(blocks) < len(rows):
        return
    smallest = 2.0 ** (1 - pairs)
    if smallest * comparisons < LEVEL:
        return
    enough = next(n for n in range(pairs, 99) if 2.0 ** (1 - n) * comparisons < LEVEL)
    yield (
        f"No difference of means can come out: with {pairs} pairs of runs p is {smallest:.3g} or "
        f"more, before it is corrected for {comparisons} comparisons; it takes {enough} pairs, or "
        "fewer arms and measures."
    )


def _of_arms(design: Design, frame: pd.DataFrame) -> Iterator[str]:
    runs = frame["arm"].value_counts().to_dict()
    arms = [arm for arm in design.arms if arm not in left_out(design)]
    missing = [arm for arm in arms if not runs.get(arm)]
    alone = [arm for arm in arms if runs.get(arm) == 1]
    if missing:
        whose = "its" if len(missing) == 1 else "their"
        yield f"Nothing of {_listed(missing)}: none of {whose} runs is finished."
    if alone:
        yield f"No interval and no test of {_listed(alone)}: one run only."
    for arm in arms:
        rows = frame[frame["arm"] == arm]
        if len(rows) and "choices" in rows and not rows["choices"].sum():
            yield f"Nothing of what people chose in {arm}: nobody decided anything."
        level = rows["unweighed"].dropna() if "unweighed" in rows else rows["seed"].iloc[:0]
        if len(level) and level.mean() > MOST_UNWEIGHED:
            yield (
                f"What was chosen in {arm} is partly chance: {level.mean():.0%} of the choices "
                "were among options that all score the same."
            )


def _of_measure(design: Design, frame: pd.DataFrame, name: str) -> Iterator[str]:
    """The arms that have no value, in one sentence, and those that lack some."""
    why = NO_VALUE.get(design.measures[name].kind, "it has no value")
    none: list[str] = []
    for arm in design.arms:
        values = frame[frame["arm"] == arm][name]
        missing = int(values.isna().sum())
        if missing and missing == len(values):
            none.append(arm)
        elif missing:
            yield f"{name} in {missing} of {len(values)} runs of {arm}: {why}; they are left out."
    if none:
        yield f"{name} in {_listed(none)}: {why}, in any run."


def _listed(arms: Sequence[str]) -> str:
    """Names of arms; quoted, where one has a comma of its own."""
    if any("," in arm for arm in arms):
        return ", ".join(f"'{arm}'" for arm in arms)
    return ", ".join(arms)
