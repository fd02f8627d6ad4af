"""What moves on a stage: where everybody is at any moment, and what is being said."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from simulation.episode.events import Said
from simulation.episode.plain import plain
from simulation.replay.index import GONE
from simulation.replay.reel import Reel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from simulation.episode.episode import Episode

    Points = npt.NDArray[np.float64]

_LEAP: Final = 12
"""Cells between two ticks that nobody walks: whoever is that far is put there."""
_WORDS: Final = 160


class Words(NamedTuple):
    """Something that is said."""

    tick: int
    agent: int
    text: str


class Scene:
    """An episode as a film sees it.

    Args:
        episode: What is shown.
    """

    def __init__(self, episode: Episode) -> None:
        reel = Reel(episode)
        core = reel.core()
        self.drawn: dict[str, Any] = core["stage"]
        """The stage, as the player draws it."""
        self.cast: list[dict[str, Any]] = core["cast"]
        self.title: str = core["title"]
        self.ticks: int = core["ticks"]
        self.clock = episode.clock
        self._episode = episode
        self._said: list[Words] | None = None
        self._paths = [_columns(reel.index.steps.get(agent, [])) for agent in range(self.people)]

    @property
    def people(self) -> int:
        """How many ever lived there."""
        return len(self.cast)

    @property
    def is_network(self) -> bool:
        """Whether the stage is a network of places."""
        return self.drawn["kind"] == "network"

    def at(self, moment: float) -> Points:
        """(x, y) of everybody at a moment between two ticks; NaN where somebody is not there.

        Whoever walks is somewhere between the two cells.
        """
        found = np.full((self.people, 2), np.nan)
        tick, along = int(moment), moment - int(moment)
        for agent, (ticks, cells) in enumerate(self._paths):
            here = int(np.searchsorted(ticks, tick, side="right")) - 1
            if here < 0 or cells[here, 1] == GONE:
                continue
            found[agent] = cells[here]
            later = here + 1
            if along and later < len(ticks) and ticks[later] == tick + 1:
                step = cells[later] - cells[here]
                walks = cells[later, 1] != GONE and np.abs(step).max() <= _LEAP
                if walks and not self.is_network:
                    found[agent] += along * step
        return self._on_nodes(found) if self.is_network else _apart(found)

    def saying(self, since: float, until: float, most: int) -> Sequence[Words]:
        """What is said in (since, until], the newest of each person, at most so many, in order."""
        said = self._all_said
        begin = bisect_left(said, since, key=lambda words: words.tick - 1e-9)
        latest: dict[int, Words] = {}
        for words in said[begin:]:
            if words.tick > until:
                break
            latest.pop(words.agent, None)
            latest[words.agent] = words
        return list(latest.values())[-most:]

    @property
    def _all_said(self) -> list[Words]:
        if self._said is None:
            numbers = {agent: number for number, agent in enumerate(self._episode.agents)}
            self._said = [
                Words(event.tick, numbers[event.agent], plain(event.text, _WORDS))
                for event in self._episode.each(Said)
                if event.agent in numbers
            ]
        return self._said

    def _on_nodes(self, rows: Points) -> Points:
        """Where the nodes are at which people are; those at one stand around it."""
        places = self.drawn["places"]
        found = np.full_like(rows, np.nan)
        for node in {int(row[1]) for row in rows if not np.isnan(row[1])}:
            if 0 <= node < len(places):
                here = np.flatnonzero(rows[:, 1] == node)
                turns = 2 * np.pi * np.arange(len(here)) / max(len(here), 1)
                far = 0.0 if len(here) == 1 else 0.035
                found[here, 0] = places[node]["x"] + far * np.sin(turns)
                found[here, 1] = 1 - places[node]["y"] + far * np.cos(turns)
        return found


def _columns(steps: Sequence[tuple[int, int, int]]) -> tuple[npt.NDArray[np.int64], Points]:
    """The ticks of somebody's steps, and (column, row) of each; the last of a tick counts."""
    last = {tick: (column, row) for tick, row, column in steps}
    ticks = np.array(sorted(last), dtype=np.int64)
    cells = np.array([last[int(tick)] for tick in ticks], dtype=np.float64).reshape(-1, 2)
    return ticks, cells


def _apart(points: Points) -> Points:
    """Those on one cell stand around its middle, so that each can be seen."""
    seen: dict[tuple[float, float], list[int]] = {}
    for agent, (x, y) in enumerate(points):
        if not np.isnan(x):
            seen.setdefault((float(x), float(y)), []).append(agent)
    for together in seen.values():
        if len(together) > 1:
            turns = 2 * np.pi * np.arange(len(together)) / len(together)
            points[together, 0] += 0.42 * np.cos(turns)
            points[together, 1] += 0.42 * np.sin(turns)
    return points
