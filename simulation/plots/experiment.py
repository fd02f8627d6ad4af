"""Figures of an experiment: every run a dot, every arm its mean with an interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.plots.style import COLOURS, TWO_COLUMNS, canvas, caption, drawing, words_instead

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from simulation.experiment.analyse import Analysis


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
                axes.text(0, number, " no opportunity in any run", va="center", fontsize=6)
        counts = known.groupby("arm")["run"].count()
        labels = [f"{arm} (n = {int(counts.get(arm, 0))})" for arm in design.arms]
        axes.set_yticks(range(len(design.arms)), labels)
        axes.invert_yaxis()
        axes.set_xlabel(f"{measure}: {design.measures[measure].kind} {design.measures[measure].of}")
        axes.set_title(design.title)
        told = "dots: runs; diamonds: means with 95 % intervals"
        caption(figure, told, ", ".join(design.models), f"{len(frame)} runs")
    return figure
