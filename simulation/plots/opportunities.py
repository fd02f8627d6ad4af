"""Figures of opportunities and of positions: the funnel, and the ladder of private and public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.plots.style import (
    COLOURS,
    FAMILY_COLOURS,
    TWO_COLUMNS,
    canvas,
    caption,
    drawing,
    provenance,
    shown,
    words_instead,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure

    from simulation.behaviours.behaviours import Behaviours
    from simulation.behaviours.finding import Family, Finding
    from simulation.episode.episode import Episode

_DEEDS: Final[dict[str, tuple[str, ...]]] = {
    "volunteering": ("volunteered",),
    "destruction": ("instrumental", "constrained", "gratuitous", "retaliation"),
    "conformity": ("conversion", "compliance", "private shift", "realignment"),
}
_LAST: Final = {
    "volunteering": "done unasked",
    "destruction": "done knowingly",
    "conformity": "gave way",
}
MOST: Final = 24
"""Rungs of a ladder at most: the latest."""


class Stage(NamedTuple):
    """A step of the funnel."""

    name: str
    amount: int


def stages(episode: Episode, found: Behaviours, family: Family) -> list[Stage]:
    """How many choices there were, how many could be of a family, and how many were."""
    from simulation.episode.events import Decided  # noqa: PLC0415 - only where it is asked for

    chances = [one for one in found.opportunities if one.family == family]
    counted = [one for one in chances if not one.excluded]
    done = [one for one in found.findings if one.kind in _DEEDS.get(family, ())]
    return [
        Stage("choices", sum(1 for _ in episode.each(Decided))),
        Stage("opportunities", len(chances)),
        Stage("without fallbacks", len(counted)),
        Stage("taken", sum(one.taken for one in counted)),
        Stage(_LAST.get(family, "found"), len(done)),
    ]


def funnel(
    episodes: Mapping[str, tuple[Episode, Behaviours]], family: Family = "volunteering"
) -> Figure:
    """From all choices to the deeds of a family, each condition beside its control.

    Args:
        episodes: Condition → an episode and what was found in it; the first is the control.
        family: Whose opportunities.
    """
    with drawing():
        figure, axes = canvas(TWO_COLUMNS * 0.8, 2.9)
        table = {name: stages(*one, family) for name, one in episodes.items()}
        if not any(rows[1].amount for rows in table.values()):
            words_instead(axes, f"There was no opportunity for {family}.")
        else:
            _draw_funnel(axes, table, family)
        told = [f"{name}: {provenance(one)}" for name, (one, _) in episodes.items()]
        caption(figure, *(told if len(told) > 1 else [told[0].partition(": ")[2]]),
                "deeds that a plan brought about had no choice before them")  # fmt: skip
    return figure


def _draw_funnel(axes: object, table: Mapping[str, list[Stage]], family: Family) -> None:
    from matplotlib.axes import Axes  # noqa: PLC0415 - half a second

    assert isinstance(axes, Axes)
    names = [stage.name for stage in next(iter(table.values()))]
    height = 0.8 / len(table)
    for index, (condition, rows) in enumerate(table.items()):
        colour = "#888888" if index == 0 and len(table) > 1 else FAMILY_COLOURS[family]
        places = [number + (index - (len(table) - 1) / 2) * height for number in range(len(rows))]
        widths = [max(row.amount, 0.7) for row in rows]
        axes.barh(places, widths, height=height * 0.92, color=colour, label=condition)
        for place, row in zip(places, rows, strict=True):
            axes.annotate(str(row.amount), (max(row.amount, 0.7), place), (3, 0), va="center",
                          textcoords="offset points", fontsize=7)  # fmt: skip
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlim(left=0.6)
    axes.set_xlabel("count (log scale; 0 is drawn as a sliver)")
    if len(table) > 1:
        axes.legend(fontsize=7, frameon=False, loc="lower right")
    axes.set_title(f"From choices to deeds: {family}")


def ladder(episode: Episode, found: Behaviours) -> Figure:
    """What people held in private before and after, and what they said in between.

    A rung is a finding of conformity on a topic with numbers: an open dot where somebody stood, an
    arrow to where they stood after, a cross at what they said. Topics with named options have no
    axis, and are left to the table of findings.
    """
    rungs = [one for one in found.findings if one.family == "conformity" and _has_numbers(one)]
    rungs_shown = rungs[-MOST:]
    with drawing():
        figure, axes = canvas(TWO_COLUMNS * 0.8, 1.2 + 0.2 * max(4, len(rungs_shown)))
        if not rungs_shown:
            words_instead(axes, "Nobody's position was seen before and after others were heard.")
            caption(figure, provenance(episode))
            return figure
        _draw_rungs(axes, rungs_shown, episode)
        left = (
            f"the latest {len(rungs_shown)} of {len(rungs)}"
            if len(rungs) > len(rungs_shown)
            else ""
        )
        caption(figure, provenance(episode), left)
    return figure


def _draw_rungs(axes: object, rungs_shown: Sequence[Finding], episode: Episode) -> None:
    from matplotlib.axes import Axes  # noqa: PLC0415 - half a second

    assert isinstance(axes, Axes)
    axes.axvline(0, color="#BBBBBB", lw=0.8)
    labels: list[str] = []
    for number, one in enumerate(rungs_shown):
        before, after, said = _positions(one)
        stayed = one.kind == "independence"
        colour = "#888888" if stayed else COLOURS[0]
        axes.annotate("", (after, number), (before, number),
                      arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.3,
                                  "shrinkA": 0, "shrinkB": 0})  # fmt: skip
        axes.plot([before], [number], "o", mfc="white", mec=colour, markersize=4.5)
        if said is not None:
            axes.plot([said], [number], "x", color=COLOURS[5], markersize=5)
        labels.append(f"{shown(episode.name(one.actor))} on {one.fields['topic']}, "
                      f"{episode.time(one.tick)}: {one.kind}")  # fmt: skip
    for style, colour, told in (("o", COLOURS[0], "in private, before"), (">", COLOURS[0],
                                "in private, after"), ("x", COLOURS[5], "said aloud")):  # fmt: skip
        axes.plot([], [], style, color=colour, mfc="white" if style == "o" else colour, label=told)
    axes.set_yticks(range(len(rungs_shown)), labels, fontsize=6.5)
    axes.invert_yaxis()
    axes.set_xlim(-1.05, 1.05)
    axes.set_xlabel("position, from -1 (against) to +1 (for)")
    axes.legend(fontsize=6, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    axes.set_title("In private and in public")


def _has_numbers(one: Finding) -> bool:
    before, after, _ = _positions(one)
    return isinstance(before, float) and isinstance(after, float)


def _positions(one: Finding) -> tuple[float, float, float | None]:
    before = one.fields["private_before"]["position"]
    after = one.fields["private_after"]["position"]
    said = (one.fields["public_after"] or {}).get("position")
    return before, after, said if isinstance(said, float) else None
