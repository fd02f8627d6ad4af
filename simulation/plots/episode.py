"""Figures of one episode: the day as a score, rates, graphs, diffusion, where people walked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from simulation.analysis.diffusion import spread
from simulation.episode.events import Acted, Moved, Said
from simulation.plots.society import hours
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
    import networkx as nx
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulation.behaviours.behaviours import Behaviours
    from simulation.episode.episode import Episode

_VERBS: Final = {
    "wait": "#DDDDDD", "go": COLOURS[4], "sleep": "#999999", "use": COLOURS[1],
    "carry": COLOURS[2], "join": COLOURS[2], "take": COLOURS[5], "give": COLOURS[0],
    "force": COLOURS[7], "read": COLOURS[6], "write": COLOURS[6],
}  # fmt: skip
_MARKS: Final = {"volunteering": "^", "conformity": "s", "destruction": "v"}
_MOST: Final = 12
"""Rows of rates and curves at most."""


def score(episode: Episode, found: Behaviours) -> Figure:
    """The day as a score: a line a person, what they did, when they talked, what was found."""
    with drawing():
        figure, axes = canvas(TWO_COLUMNS, 0.8 + 0.32 * len(episode.agents))
        if not episode.ticks:
            words_instead(axes, "No tick was lived.")
            caption(figure, provenance(episode))
            return figure
        rows = {agent: number for number, agent in enumerate(episode.agents)}
        verbs: set[str] = set()
        for event in episode.each(Acted):
            verb = str(event.action.get("verb"))
            if event.agent in rows and verb in _VERBS:
                verbs.add(verb)
                long = max(1, event.tick - event.since + 1)
                span = [(event.since, long)]
                axes.broken_barh(span, (rows[event.agent] - 0.3, 0.6), color=_VERBS[verb], lw=0)
        said = [(event.tick, rows[event.agent]) for event in episode.each(Said)]
        axes.plot(*_split(said), ".", color="#333333", markersize=1.5, label="says")
        _mark_findings(axes, found, rows)
        for colour, names in _by_colour(verbs).items():
            axes.bar(0, 0, color=colour, label=names)
        axes.set_yticks(list(rows.values()), [shown(episode.name(agent)) for agent in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, episode.ticks)
        hours(axes, episode)
        axes.legend(ncols=1, fontsize=6, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
        axes.set_title("The day as a score")
        caption(figure, provenance(episode))
    return figure


def rates(episode: Episode, found: Behaviours) -> Figure:
    """How often each act was done of the times at which it could be, with Wilson's intervals."""
    with drawing():
        rows = [rate for rate in found.rates() if rate.share is not None]
        rows = sorted(rows, key=lambda rate: (rate.family, -rate.opportunities))[:_MOST]
        figure, axes = canvas(TWO_COLUMNS * 0.75, 1 + 0.25 * max(1, len(rows)))
        if not rows:
            words_instead(axes, "There was no opportunity: no rate can be given.")
            caption(figure, provenance(episode))
            return figure
        for number, rate in enumerate(rows):
            colour = FAMILY_COLOURS[rate.family]
            low, high = rate.low or 0.0, rate.high or 0.0
            axes.plot([low, high], [number, number], color=colour, lw=1.2)
            axes.plot([rate.share or 0.0], [number], "o", color=colour, markersize=4)
        labels = [f"{rate.act} (n = {rate.opportunities})" for rate in rows]
        axes.set_yticks(range(len(rows)), labels)
        axes.invert_yaxis()
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel("share of opportunities taken, 95 % (Wilson)")
        for family in dict.fromkeys(rate.family for rate in rows):
            axes.plot([], [], "o-", color=FAMILY_COLOURS[family], label=family)
        axes.legend(fontsize=6, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
        axes.set_title("Rates, of opportunities")
        caption(figure, provenance(episode), "choices of one run are not independent")
    return figure


def graph(episode: Episode, network: nx.DiGraph[str], title: str) -> Figure:
    """Who with whom: the wider an arrow, the more; people stand in the order of the roster."""
    import networkx as nx  # noqa: PLC0415 - a quarter of a second

    with drawing():
        figure, axes = canvas(3.5, 3.7)
        if not network.number_of_edges():
            words_instead(axes, f"{title}: there is no tie.")
            caption(figure, provenance(episode))
            return figure
        places = nx.circular_layout(network)
        weights = [float(data.get("weight", 1)) for *_, data in network.edges(data=True)]
        most = max(weights)
        nx.draw_networkx_nodes(network, places, ax=axes, node_size=300, node_color="#DCE6F2")
        names = {node: shown(episode.name(node)) for node in network}
        nx.draw_networkx_labels(network, places, labels=names, ax=axes, font_size=6)
        nx.draw_networkx_edges(
            network,
            places,
            ax=axes,
            width=[0.4 + 2.6 * weight / most for weight in weights],
            edge_color=COLOURS[0],
            alpha=0.6,
            arrowsize=7,
            node_size=300,
            connectionstyle="arc3,rad=0.12",
        )
        axes.set_axis_off()
        axes.margins(0.12)
        axes.set_title(f"{title} ({network.number_of_edges()} ties)")
        caption(figure, provenance(episode))
    return figure


def diffusion(episode: Episode) -> Figure:
    """How many know each fact, over time."""
    with drawing():
        figure, axes = canvas(TWO_COLUMNS * 0.8, 2.8)
        measured = [one for one in spread(episode) if one.knowers] if episode.ticks else []
        moving = [one for one in measured if any(knower.tick > 0 for knower in one.knowers)]
        if not moving:
            words_instead(axes, "No fact was passed on.")
            caption(figure, provenance(episode))
            return figure
        for number, one in enumerate(moving[: len(COLOURS)]):
            ticks = sorted(max(0, knower.tick) for knower in one.knowers)
            steps = [*ticks, episode.ticks]
            counts = [*range(1, len(ticks) + 1), len(ticks)]
            axes.step(steps, counts, where="post", color=COLOURS[number], lw=1.4, label=one.fact)
        axes.set_xlim(0, episode.ticks)
        axes.set_ylim(0, len(episode.agents) + 0.5)
        axes.set_ylabel("people who know it")
        hours(axes, episode)
        axes.legend(fontsize=6, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
        axes.set_title("How facts spread")
        caption(figure, provenance(episode))
    return figure


def heat(episode: Episode) -> Figure:
    """Where people walked: steps on each cell of the map."""
    import numpy as np  # noqa: PLC0415 - only where it is asked for

    with drawing():
        figure, axes = canvas(TWO_COLUMNS * 0.8, 3.4)
        steps = Counter(event.cell for event in episode.each(Moved))
        if not steps:
            words_instead(axes, "Nobody walked.")
            caption(figure, provenance(episode))
            return figure
        plan = episode.spec.world_class().plan_of(episode.spec)
        cells = np.zeros((plan.rows, plan.columns))
        for (row, column), count in steps.items():
            cells[row, column] = count
        walkable = np.zeros_like(cells)
        for cell in plan.place_at:
            walkable[cell] = 1
        axes.imshow(1 - walkable, cmap="Greys", vmin=0, vmax=4, interpolation="nearest")
        seen = np.ma.masked_equal(cells, 0)
        image = axes.imshow(seen, cmap="viridis", norm="log", interpolation="nearest")
        figure.colorbar(image, ax=axes, label="steps (log scale)", shrink=0.8)
        for place in plan.places.values():
            rows, columns = zip(*place.cells, strict=True)
            label = shown(place.name.removeprefix("the "))
            axes.annotate(label, (sum(columns) / len(columns), min(rows) - 0.6), fontsize=4.5,
                          ha="center", va="bottom", color="#444444")  # fmt: skip
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_title("Where people walked")
        caption(figure, provenance(episode), f"{sum(steps.values())} steps")
    return figure


def _mark_findings(axes: Axes, found: Behaviours, rows: dict[str, int]) -> None:
    for family, mark in _MARKS.items():
        points = [
            (one.tick, rows[one.actor])
            for one in found.findings
            if one.family == family and one.actor in rows
        ]
        if points:
            colour = FAMILY_COLOURS[family]
            axes.plot(
                *_split(points), mark, color=colour, markersize=5, mec="black", mew=0.4, ls="",
                label=family,
            )  # fmt: skip


def _by_colour(verbs: set[str]) -> dict[str, str]:
    """Colour → the verbs that were shown in it, for a legend."""
    found: dict[str, list[str]] = {}
    for verb in _VERBS:
        if verb in verbs:
            found.setdefault(_VERBS[verb], []).append(verb)
    return {colour: ", ".join(names) for colour, names in found.items()}


def _split(points: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    return [x for x, _ in points], [y for _, y in points]
