"""Figures of a society: who told whom, how far apart people stand, and who has how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulation.plots.style import (
    COLOURS,
    TWO_COLUMNS,
    canvas,
    caption,
    drawing,
    provenance,
    shown,
    words_instead,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulation.analysis.cascades import Cascade
    from simulation.episode.episode import Episode

_HOW: Final = {"told": "-", "overheard": ":"}
_POINTS: Final = 60
"""Moments at which polarisation is drawn at most."""


def tree(episode: Episode, fact: str) -> Figure:
    """Who had a fact from whom: people at the hour at which they learned it.

    Raises:
        ConfigError: The world has no such fact.
    """
    from simulation.analysis.cascades import cascades  # noqa: PLC0415 - networkx
    from simulation.errors import ConfigError  # noqa: PLC0415 - only here

    known = {one.fact: one for one in cascades(episode)} if episode.ticks else {}
    if episode.ticks and fact not in known:
        raise ConfigError("there is no such fact", where="fact", value=fact, allowed=list(known))
    with drawing():
        figure, axes = canvas(TWO_COLUMNS, 0.9 + 0.26 * len(episode.agents))
        found = known.get(fact)
        if found is None or not found.knowers:
            words_instead(axes, f"{fact}: nobody knows it.")
        else:
            _draw_tree(axes, episode, found)
        caption(figure, provenance(episode))
    return figure


def _draw_tree(axes: Axes, episode: Episode, found: Cascade) -> None:
    order = _in_order(found)
    rows = {agent: number for number, agent in enumerate(order)}
    at = {knower.agent: max(0, knower.tick) for knower in found.knowers}
    for knower in found.knowers:
        here = (at[knower.agent], rows[knower.agent])
        if knower.teller in rows:
            x, low, high = at[knower.agent], rows[knower.teller], rows[knower.agent]
            style = _HOW.get(knower.source, "-")
            axes.plot([x, x], [low, high], style, color=COLOURS[0], lw=1)
            axes.plot([at[knower.teller], x], [low, low], "-", color="#CCCCCC", lw=0.8, zorder=0)
        colour = COLOURS[0] if knower.teller else COLOURS[5]
        axes.plot(*here, "o", color=colour, markersize=4.5)
        hour = "" if knower.tick <= 0 else f" {episode.time(knower.tick)}"
        axes.annotate(f"{shown(episode.name(knower.agent))}{hour}", here, (5, 0), va="center",
                      textcoords="offset points", fontsize=6.5)  # fmt: skip
    for style, colour, told in (("o", COLOURS[5], "from nobody"), ("-", COLOURS[0], "told"),
                                (":", COLOURS[0], "overheard")):  # fmt: skip
        axes.plot([], [], style, color=colour, label=told)
    axes.set_yticks([])
    axes.invert_yaxis()
    axes.margins(x=0.02)
    axes.set_xlim(0, episode.ticks * 1.12)
    hours(axes, episode)
    axes.legend(fontsize=6, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    unknown = found.people - len(found.knowers)
    axes.set_title(f"{shown(found.statement)} ({len(found.knowers)} know it, {unknown} do not)")


def _in_order(found: Cascade) -> list[str]:
    """People so that who was told stands below who told them."""
    below: dict[str, list[str]] = {}
    known = {knower.agent for knower in found.knowers}
    for knower in found.knowers:
        above = knower.teller if knower.teller in known else ""
        below.setdefault(above, []).append(knower.agent)
    order: list[str] = []
    waiting = list(reversed(below.get("", [])))
    while waiting:
        agent = waiting.pop()
        if agent in order:
            continue
        order.append(agent)
        waiting += reversed(below.get(agent, []))
    return order + [knower.agent for knower in found.knowers if knower.agent not in order]


def polarisation(episode: Episode) -> Figure:
    """Where everybody stands on each topic with numbers, over time, and how far apart that is."""
    from simulation.analysis.polarisation import polarisation as measured  # noqa: PLC0415

    with drawing():
        figure, axes = canvas(TWO_COLUMNS * 0.85, 3.0)
        topics = [topic for topic in episode.spec.topics if not topic.options]
        if not topics or not episode.ticks:
            words_instead(axes, "There is no topic on which people stand at a number.")
            caption(figure, provenance(episode))
            return figure
        topic = topics[0].id
        step = max(1, episode.ticks // _POINTS)
        moments = [-1, *range(0, episode.ticks, step), episode.ticks - 1]
        rows = [next(one for one in measured(episode, tick) if one.topic == topic)
                for tick in moments]  # fmt: skip
        ticks = [max(0, moment) for moment in moments]
        for index, agent in enumerate(episode.agents):
            points = [
                next((held.position for held in row.held if held.agent == agent), None)
                for row in rows
            ]
            values = [float("nan") if value is None else float(value) for value in points]
            axes.step(ticks, values, where="post", color="#999999", lw=0.8, alpha=0.8,
                      label="a person" if index == 0 else None)  # fmt: skip
        apart = [float("nan") if row.polarisation is None else row.polarisation for row in rows]
        axes.step(ticks, apart, where="post", color=COLOURS[5], lw=1.8,
                  label="polarisation (0 to 1)")  # fmt: skip
        axes.axhline(0, color="#DDDDDD", lw=0.7, zorder=0)
        axes.set_xlim(0, episode.ticks)
        axes.set_ylim(-1.05, 1.05)
        axes.set_ylabel("position, from -1 to +1")
        hours(axes, episode)
        axes.legend(fontsize=6, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
        axes.set_title(f"Positions: {shown(topics[0].statement)}")
        caption(figure, provenance(episode), "polarisation of Flache and Macy (2011)")
    return figure


def lorenz(episode: Episode) -> Figure:
    """The curves of Lorenz: how much of each thing the poorest so many have together."""
    from simulation.analysis.inequality import inequality  # noqa: PLC0415 - only where asked for
    from simulation.analysis.inequality import lorenz as curve  # noqa: PLC0415 - with it

    with drawing():
        figure, axes = canvas(4.4, 3.2)
        found = [one for one in inequality(episode) if one.gini is not None]
        if not found:
            words_instead(axes, "There is nothing that two people or more could share.")
            caption(figure, provenance(episode))
            return figure
        axes.plot([0, 1], [0, 1], color="#999999", lw=0.8, label="all the same")
        for number, one in enumerate(found[: len(COLOURS)]):
            points = curve(amount.amount for amount in one.amounts)
            xs, ys = [x for x, _ in points], [y for _, y in points]
            axes.plot(
                xs, ys, color=COLOURS[number], lw=1.4, label=f"{one.of} (Gini {one.gini:.2f})"
            )
        axes.set_xlabel("share of people, the poorest first")
        axes.set_ylabel("share of the total")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.legend(fontsize=6, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
        axes.set_title("Who has how much")
        caption(figure, provenance(episode))
    return figure


def hours(axes: Axes, episode: Episode) -> None:
    """Ticks of the axis as hours of the day, at full hours where the day is long enough."""
    last = max(1, episode.ticks - 1)
    a_tick = episode.clock.minutes_a_tick
    every = next((n for n in (15, 30, 60, 120, 180, 360, 720) if last * a_tick / n <= 9), 1440)
    first = -episode.clock.minute(0) % every
    ticks = [round(minute / a_tick) for minute in _up_to(first, last * a_tick, every)]
    if len(ticks) < 2:
        ticks = [0, last]
    axes.set_xticks(ticks, [episode.time(tick) for tick in ticks])
    axes.set_xlabel("hour of the day")


def _up_to(first: float, last: float, every: float) -> list[float]:
    found: list[float] = []
    while first <= last:
        found.append(first)
        first += every
    return found
