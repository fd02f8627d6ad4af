"""Figures of an experiment: runs as dots, curves of survival, and curves of specifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulation.analysis.statistics.survival import survival
from simulation.experiment.measures import TIMES
from simulation.plots.style import COLOURS, TWO_COLUMNS, canvas, caption, drawing, words_instead

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd
    from matplotlib.figure import Figure

    from simulation.analysis.statistics.specification import Curve
    from simulation.experiment.analyse import Analysis

FIGURES: Final = "figures"
"""The folder of the figures, within that of the experiment."""
_DASHES: Final = ("-", "--", ":", "-.")


def draw_all(analysis: Analysis, frame: pd.DataFrame, folder: Path) -> list[Path]:
    """Every figure of an experiment, saved beside its runs; returns where."""
    found: list[Path] = []
    (folder / FIGURES).mkdir(exist_ok=True)
    for name, figure in figures_of(analysis, frame):
        plain = "".join(letter if letter.isalnum() else "-" for letter in name)
        path = folder / FIGURES / f"{plain}.png"
        with drawing():
            figure.savefig(path, dpi=150, metadata={"Software": None})
        found.append(path)
    return found


def figures_of(analysis: Analysis, frame: pd.DataFrame) -> list[tuple[str, Figure]]:
    """Every figure with its name: one or two for each measure."""
    found: list[tuple[str, Figure]] = []
    for name, measured in analysis.design.measures.items():
        if measured.kind in TIMES:
            found.append((f"{name} over time", curves_of_survival(analysis, frame, name)))
        else:
            found.append((name, arms(analysis, frame, name)))
        for arm, curve in analysis.curves.get(name, {}).items():
            if len(curve.points) > 2:
                title = f"{name}, {arm} against {analysis.design.control}"
                found.append((f"{title}, specifications", specifications(title, curve)))
    return found


def arms(analysis: Analysis, frame: pd.DataFrame, measure: str) -> Figure:
    """The runs of every arm as dots, with the mean over runs and its bootstrap interval."""
    design = analysis.design
    with drawing():
        figure, axes = canvas(TWO_COLUMNS * 0.7, 0.9 + 0.35 * len(design.arms))
        known = frame.dropna(subset=[measure]) if len(frame) else frame
        if not len(known):
            words_instead(axes, f"{measure}: no run has a value.")
            return figure
        for number, (arm, mean) in enumerate(analysis.means[measure].items()):
            values = known[known["arm"] == arm][measure].astype(float).tolist()
            colour = COLOURS[7] if arm == design.control else COLOURS[0]
            heights = [number + 0.22 * (index % 5 - 2) / 4 for index in range(len(values))]
            axes.plot(values, heights, "o", color=colour, alpha=0.35, markersize=3.5, mew=0)
            if mean.low is not None and mean.high is not None:
                axes.plot([mean.low, mean.high], [number, number], color=colour, lw=1.6)
            if mean.estimate is not None:
                axes.plot([mean.estimate], [number], "D", color=colour, markersize=5)
            else:
                # Across the axes, not at their 0, which may lie far from every run.
                across = axes.get_yaxis_transform()
                axes.text(0.01, number, "no value", va="center", fontsize=6, transform=across)
        counts = known.groupby("arm")["run"].count()
        labels = [f"{arm} (n = {int(counts.get(arm, 0))})" for arm in design.arms]
        axes.set_yticks(range(len(design.arms)), labels)
        axes.set_ylim(len(design.arms) - 0.5, -0.5)
        axes.set_xlabel(f"{measure}: {design.measures[measure].kind} {design.measures[measure].of}")
        axes.set_title(_title(analysis))
        told = "dots: runs; diamonds: means with 95 % intervals"
        caption(figure, told, ", ".join(design.models), f"{len(frame)} runs")
    return figure


def curves_of_survival(analysis: Analysis, frame: pd.DataFrame, measure: str) -> Figure:
    """The share of runs in which it was not done yet, over time, for every arm."""
    design = analysis.design
    with drawing():
        figure, axes = canvas(TWO_COLUMNS * 0.7, 2.6)
        known = frame.dropna(subset=[measure]) if len(frame) else frame
        if not len(known):
            words_instead(axes, f"{measure}: no run has a value.")
            return figure
        for number, arm in enumerate(design.arms):
            rows = known[known["arm"] == arm]
            if not len(rows):
                continue
            times = rows[measure].astype(float).tolist()
            steps = survival(times, rows[f"{measure}.done"].astype(bool).tolist())
            colour = COLOURS[7] if arm == design.control else COLOURS[number % 7]
            axes.step(
                [0.0, *(step.time for step in steps), float(design.ticks)],
                [1.0, *(step.share for step in steps), steps[-1].share],
                _DASHES[number % len(_DASHES)],
                where="post",
                color=colour,
                label=f"{arm} (n = {len(rows)})",
            )
        axes.set_ylim(-0.03, 1.03)
        axes.set_xlabel("ticks")
        axes.set_ylabel(f"runs without {measure}")
        axes.set_title(_title(analysis))
        axes.legend(frameon=False)
        told = "Kaplan and Meier; a run that ends without it is censored"
        caption(figure, told, ", ".join(design.models), f"{len(frame)} runs")
    return figure


def specifications(title: str, curve: Curve) -> Figure:
    """The effect under every specification, in order, with the choices behind each."""
    points = curve.points
    rows = sorted({f"{name}: {level}" for point in points for name, level in point.choices.items()})
    with drawing():
        figure, axes = canvas(TWO_COLUMNS * 0.7, 1.8 + 0.16 * len(rows))
        axes.axhline(0, color=COLOURS[7], lw=0.6)
        axes.plot([point.effect for point in points], "o", color=COLOURS[0], markersize=3.5)
        low = min(0.0, *(point.effect for point in points))
        high = max(0.0, *(point.effect for point in points))
        step = (high - low or 1.0) * 0.12
        for height, row in enumerate(rows, start=1):
            at = low - step * height
            here = [n for n, one in enumerate(points) if row in _named(one.choices)]
            axes.plot(here, [at] * len(here), "|", color=COLOURS[7], markersize=4)
            axes.text(len(points) - 0.4, at, row, va="center", fontsize=6)
        axes.set_ylabel("effect (standard deviations)")
        axes.set_xticks([])
        axes.set_title(title)
        p = curve.whole.p
        caption(figure, f"{len(points)} specifications", f"p of the curve {p:.3g}" if p else "")
    return figure


def _named(choices: Mapping[str, str]) -> set[str]:
    return {f"{name}: {level}" for name, level in choices.items()}


def _title(analysis: Analysis) -> str:
    doubt = "" if analysis.is_evidence else "\nengine check, not evidence"
    return f"{analysis.design.title}{doubt}"
