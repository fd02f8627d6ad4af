"""Figures of branches in pairs: every pair a dot, the mean difference with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.plots.style import (
    COLOURS,
    TWO_COLUMNS,
    canvas,
    caption,
    drawing,
    provenance,
    words_instead,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from simulation.replicates import Pairs


def differences(pairs: Pairs, frame: pd.DataFrame | None = None) -> Figure:
    """For each measure the difference of every pair, and their mean with a bootstrap interval.

    Args:
        pairs: Branches that were lived.
        frame: Of ``pairs.frame()``; None: the usual measures.
    """
    from simulation.replicates import ARMS  # noqa: PLC0415 - it is not needed for the type

    table = pairs.frame() if frame is None else frame
    effects = pairs.effects(table)
    minutes = pairs.ticks * pairs.of.clock.minutes_a_tick
    with drawing():
        figure, axes = canvas(TWO_COLUMNS * 0.85, 1.1 + 0.36 * max(1, len(effects)))
        if not effects:
            words_instead(axes, "Nothing was measured.")
            return figure
        axes.axvline(0, color="#999999", lw=0.8)
        for number, (name, result) in enumerate(effects.items()):
            wide = table.pivot_table(index="pair", columns="arm", values=name)
            gaps = (wide[ARMS[1]] - wide[ARMS[0]]).astype(float).tolist()
            heights = [number + 0.3 * (index % 5 - 2) / 5 for index in range(len(gaps))]
            axes.plot(gaps, heights, "o", color=COLOURS[0], alpha=0.35, markersize=3.5, mew=0)
            if result.low is not None and result.high is not None:
                axes.plot([result.low, result.high], [number] * 2, color=COLOURS[5], lw=1.8)
            if result.estimate is not None:
                axes.plot([result.estimate], [number], "D", color=COLOURS[5], markersize=5)
            if not any(gaps):
                axes.annotate("no pair differs", (0, number), (6, 4), textcoords="offset points",
                              fontsize=6, color="#555555")  # fmt: skip
        axes.set_yticks(range(len(effects)), list(effects))
        axes.invert_yaxis()
        axes.set_xlabel(f"difference within {minutes:g} minutes (count, {ARMS[1]} - {ARMS[0]})")
        axes.set_title(f"From {pairs.of.time(pairs.at)} on: {'; '.join(pairs.done)}", wrap=True)
        told = "dots: pairs; diamonds: means with 95 % intervals (bootstrap over pairs)"
        caption(figure, f"{pairs.count} pairs", provenance(pairs.of), told)
    return figure
