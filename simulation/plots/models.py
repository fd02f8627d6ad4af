"""Figures that compare models: how far answers to the same choices agree, and what shifted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulation.analysis.agreement import agreement, shifts
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
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from simulation.episode.episode import Episode
    from simulation.redecide import Redecided

MOST: Final = 10
"""Options at most: those that shifted most."""


def agreements(episode: Episode, asked: Mapping[str, Redecided]) -> Figure:
    """How often each way of asking again preferred what was preferred in the episode.

    Args:
        episode: Whose choices were asked again.
        asked: Name → what came of it.
    """
    with drawing():
        figure, axes = canvas(TWO_COLUMNS * 0.7, 1.1 + 0.3 * max(1, len(asked)))
        rows = {name: agreement(one.rows) for name, one in asked.items()}
        if not any(row.answered for row in rows.values()):
            words_instead(axes, "Nothing was answered.")
            caption(figure, provenance(episode))
            return figure
        for number, row in enumerate(rows.values()):
            if row.share is None or row.low is None or row.high is None:
                axes.text(0, number, " nothing was answered", va="center", fontsize=6)
                continue
            axes.plot([row.low, row.high], [number] * 2, color=COLOURS[0], lw=1.6)
            axes.plot([row.share], [number], "D", color=COLOURS[0], markersize=5)
        labels = [f"{name} (n = {row.answered} of {row.asked})" for name, row in rows.items()]
        axes.set_yticks(range(len(rows)), labels)
        axes.invert_yaxis()
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel("share of choices with the same preferred option, 95 % (Wilson)")
        axes.set_title("The same choices, asked again")
        caption(figure, f"choices of {provenance(episode)}")
    return figure


def shifted(episode: Episode, asked: Redecided) -> Figure:
    """The options whose mean probability changed most, then and now."""
    with drawing():
        rows = shifts(asked.rows)[:MOST]
        figure, axes = canvas(TWO_COLUMNS, 1.1 + 0.25 * max(3, len(rows)))
        if not rows:
            words_instead(axes, "No choice has probabilities on both sides.")
            caption(figure, provenance(episode))
            return figure
        for number, row in enumerate(rows):
            axes.plot([row.then, row.now], [number] * 2, color="#BBBBBB", lw=1.2)
            axes.plot([row.then], [number], "o", mfc="white", mec=COLOURS[0], markersize=5)
            axes.plot([row.now], [number], "o", color=COLOURS[0], markersize=5)
        axes.plot([], [], "o", mfc="white", mec=COLOURS[0], label="as recorded")
        axes.plot([], [], "o", color=COLOURS[0], label=f"asked again: {asked.model}")
        axes.set_yticks(range(len(rows)), [f"{row.option} (n = {row.menus})" for row in rows])
        axes.invert_yaxis()
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel("mean probability of the option, over the menus that have it")
        axes.legend(fontsize=6, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
        axes.set_title("What shifted most")
        caption(figure, f"choices of {provenance(episode)}")
    return figure
