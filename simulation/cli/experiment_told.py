"""What ``sociarium experiment`` prints: what is known, what was found, what cannot be said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from simulation.cli.console import out, say, table
from simulation.experiment.measures import TIMES
from simulation.experiment.plan import left_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from simulation.analysis.statistics.many import Power
    from simulation.analysis.statistics.result import Result
    from simulation.analysis.statistics.specification import Curve
    from simulation.experiment.analyse import Analysis
    from simulation.experiment.compare import Compared, Like
    from simulation.experiment.runner import Outcome
    from simulation.experiment.schema import Design
    from simulation.experiment.sensitivity import Sensitivity

TOO_FEW: Final = 2
"""Specifications that are no curve yet: one measure, as it is and by its rank."""
ALIKE: Final = 0.05
"""The p of an equivalence test below which two things are called alike."""
WANTED: Final = 0.8
"""The power that is usually wanted."""
_STATES: Final = {
    "holds": "holds",
    "fails": "FAILS",
    "not asked": "NOT ASKED",
    "not needed": "not needed",
}


def tell_plan(design: Design) -> None:
    """What would be run."""
    from simulation.experiment.plan import mind_of, runs_of

    runs = runs_of(design)
    say(f"{design.title}: {len(runs)} runs of {design.ticks} ticks")
    rows = [
        [
            name,
            mind_of(design, arm),
            arm.baseline or "",
            ", ".join(f"{k}={v}" for k, v in arm.set.items()),
            arm.what,
        ]
        for name, arm in design.arms.items()
    ]
    out().print(table(["arm", "mind", "baseline", "levers", "what"], rows))
    for arm, why in left_out(design).items():
        say(f"Left out: {arm}: {why}.")
    parts = {
        "seeds": len(design.seeds),
        "models": ", ".join(design.models),
        "paraphrases": ", ".join(design.paraphrases),
        "worlds": ", ".join(design.worlds),
    }
    say("; ".join(f"{name}: {what}" for name, what in parts.items()))


def tell(analysis: Analysis, outcome: Outcome, table_at: Path, figures: Sequence[Path]) -> None:
    """Everything that came of an experiment."""
    design = analysis.design
    say(design.title)
    say(f"Hypothesis: {design.hypothesis}")
    for known in design.literature:
        say(f"The literature: {known.finding} ({known.source})", indent=2)
    say("")
    _tell_gates(analysis)
    say("")
    for name in analysis.means:
        _tell_measure(analysis, name)
    _tell_conclusions(analysis)
    for key, why in outcome.failed.items():
        say(f"failed: {key}: {why}")
    if outcome.interrupted:
        say("Interrupted; the same command goes on from here.")
    for path in figures:
        say(f"Figure: {path}")
    say(f"Runs: {table_at}")


def tell_power(design: Design, curve: Sequence[Power]) -> None:
    """How many runs it takes."""
    from simulation.analysis.statistics.many import runs_needed

    expected = design.expected
    assert expected is not None  # the curve was computed from it
    say(f"{design.title}: power of {expected.measure} by simulation")
    told = f"Expected: {expected.control:g} in {design.control}, {expected.arm:g} in another arm."
    say(told)
    rows = [
        [str(one.runs), f"{one.power:.2f}", f"{one.low:.2f} to {one.high:.2f}"] for one in curve
    ]
    out().print(table(["runs in each arm", "power", "95 %"], rows))
    needed = runs_needed(curve, WANTED)
    if needed is None:
        say(f"None of these reaches {WANTED:.0%}: a null result would say nothing.")
    else:
        say(f"It takes {needed} runs in each arm for a power of {WANTED:.0%}.")


def tell_sensitivity(design: Design, found: Sensitivity) -> None:
    """What varying the levers does."""
    say(f"{design.title}: which levers matter, {found.runs} runs")
    for name in design.measures:
        say("")
        say(name)
        if name in found.cannot:
            say(f"Nothing can be said: {found.cannot[name]}.", indent=2)
            continue
        rows = [
            [one.parameter, f"{one.first:.3g}", f"{one.total:.3g}"] for one in found.morris[name]
        ]
        out().print(table(["lever", "Morris: mean effect", "its deviation"], rows))
        if name in found.sobol:
            rows = [
                [one.parameter, f"{one.first:.2f}", f"{one.total:.2f}"] for one in found.sobol[name]
            ]
            out().print(table(["lever", "Sobol: first order", "total"], rows))
        else:
            say("Fewer than two levers matter, so there is no variance to split.", indent=2)


def _tell_gates(analysis: Analysis) -> None:
    if analysis.is_evidence:
        say("Gates:")
    else:
        say("Engine check, not evidence: a gate does not hold.")
    for gate in analysis.gates:
        say(f"{_STATES[gate.state]}: {gate.name} ({gate.figure})", indent=2)


def _tell_measure(analysis: Analysis, name: str) -> None:
    design = analysis.design
    measured, out_of_it = design.measures[name], left_out(design)
    say(f"{name} ({measured.kind} {measured.of})")
    rows = [
        [arm, _without_name(result) if result.estimate is not None else "no value"]
        for arm, result in analysis.means[name].items()
        if arm not in out_of_it
    ]
    until = "mean tick; a run without it counts to its end"
    out().print(table(["arm", until if measured.kind in TIMES else "mean over runs"], rows))
    for one in (one for one in analysis.compared if one.measure == name and not _lacks(one)):
        say(compared(one), indent=2)
    lacking = [one for one in analysis.compared if one.measure == name and _lacks(one)]
    for why in dict.fromkeys(one.results[0].why for one in lacking):
        arms = "; ".join(one.arm for one in lacking if one.results[0].why == why)
        say(f"Not compared with {lacking[0].against}: {arms} ({why})", indent=2)
    for like in (like for like in analysis.likes if like.known.measure == name):
        say(_like(like, analysis.means[name][like.arm].estimate), indent=2)
    for arm, curve in analysis.curves.get(name, {}).items():
        if len(curve.points) > TOO_FEW:
            say(_curve(arm, curve), indent=2)
    if name in analysis.split:
        say(f"Variance between runs: {_shares(analysis.split[name])}", indent=2)
    say("")


def _tell_conclusions(analysis: Analysis) -> None:
    for line in analysis.emergent:
        say(line)
    if analysis.cannot:
        say("What cannot be concluded:")
        for line in analysis.cannot:
            say(line, indent=2)
    if analysis.design.weak_model:
        say(f"With a small model: {analysis.design.weak_model}")


def compared(one: Compared) -> str:
    """An arm beside another, in a line."""
    whys: set[str] = set()
    lines: list[str] = []
    for result in one.results:
        again = result.estimate is not None and result.why in whys
        lines.append(str(replace(result, why="") if again else result))
        whys.add(result.why)
    told = "; ".join(lines)
    p = one.p_corrected
    corrected = "" if p is None else f"; p corrected for all comparisons {p:.3g}"
    return f"{one.arm} against {one.against}: {told}{corrected}"


def _lacks(one: Compared) -> bool:
    """Whether nothing at all came of a comparison."""
    return all(result.estimate is None for result in one.results)


def _like(like: Like, mean: float | None) -> str:
    """A mean beside a published share: where it lies, and whether the two are shown to be alike."""
    result, known = like.result, like.known
    told = f"{like.arm} beside {known.share:g} of people or models ({known.source})"
    if mean is None or result.estimate is None or result.p is None:
        return f"{told}: nothing can be said ({result.why})"
    alike = "alike" if result.p < ALIKE else "not shown to be alike"
    bounds = "" if result.low is None else f" (90 % {result.low:.3g} to {result.high:.3g})"
    caveat = f"; {result.why}" if result.why else ""
    return (
        f"{told}: {mean:.3g} here, a difference of {result.estimate:.3g}{bounds}; {alike} within "
        f"±{known.within:g} (TOST, p = {result.p:.3g}, {result.n} runs{caveat})"
    )


def _curve(arm: str, curve: Curve) -> str:
    whole = curve.whole
    if whole.estimate is None or whole.p is None or not curve.points:
        return f"{arm}, specification curve: {whole.why}"
    low, high = curve.points[0].effect, curve.points[-1].effect
    return (
        f"{arm}, {len(curve.points)} specifications: median {whole.estimate:.2g} standard "
        f"deviations ({low:.2g} to {high:.2g}), {curve.same_sign} of the median's sign, "
        f"p of the curve {whole.p:.3g}"
    )


def _shares(split: Mapping[str, float]) -> str:
    return ", ".join(f"{factor} {share:.0%}" for factor, share in split.items())


def _without_name(result: Result) -> str:
    return str(result).removeprefix(result.what).strip(" :")
