"""The events of an episode by number, in columns: what a player needs to open at once.

Every event but the steps of a walk has a number, in the order of the log. Steps are kept apart, by
person; the first step of each walk is an event as well. The index grows with a running episode.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from simulation.episode.schema import KINDS, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulation.episode.episode import Episode
    from simulation.episode.reader import Row

TYPES: Final = tuple(KINDS)
"""The types of events; a number in a column is a place in this order."""
GONE: Final = -1
"""The row of somebody who has left."""
_CODES: Final = {name: code for code, name in enumerate(TYPES)}
_SAME_WALK: Final = 2
"""Ticks between two steps of one walk, at most."""


class EventIndex:
    """Which events there are, when, whose and where.

    Args:
        episode: Finished or running.
        places: Ids of places in the order in which a column names them.
    """

    def __init__(self, episode: Episode, places: Sequence[str]) -> None:
        self.keys = array("q")
        self.types = array("B")
        self.agents = array("h")
        self.places = array("h")
        self.first = array("I", [0])
        """``first[t]`` to ``first[t + 1]`` are the events of tick ``t``."""
        self.steps: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        """For each person: (tick, row, column), in order."""
        self.decided: dict[int, array[int]] = defaultdict(lambda: array("I"))
        """For each person: the numbers of their decisions."""
        self._episode = episode
        self._agent_of = {agent: number for number, agent in enumerate(episode.agents)}
        self._place_of = {place: number for number, place in enumerate(places)}
        self._walks: dict[str, tuple[str, int]] = {}
        self.ticks = 0
        self._last = -1

    def __len__(self) -> int:
        return len(self.keys)

    def grow(self) -> None:
        """Take in what was written since the last time.

        The last tick is read again: how a run ends, or that it goes on, is noted in a tick that was
        there before, with a later key.
        """
        ticks = self._episode.ticks
        if self.ticks:
            self.first.pop()
        for row in self._episode.log.rows(since=max(self.ticks - 1, 0), until=ticks):
            key = key_of(row.id)
            if key > self._last:
                self._last = key
                self._take(row, key)
        while len(self.first) <= ticks:
            self.first.append(len(self.keys))
        self.ticks = ticks

    def _take(self, row: Row, key: int) -> None:
        if row.type == "intervened":
            self._meet_newcomers()
        agent = self._agent_of.get(row.agent, -1)
        if row.type in ("moved", "joined"):
            body = json.loads(row.body)
            down, right = body["cell"]
            self.steps[agent].append((row.tick, int(down), int(right)))
            if row.type == "moved" and not self._sets_out(row, body):
                return
        elif row.type == "left":
            self.steps[agent].append((row.tick, GONE, GONE))
        elif row.type == "acted":
            self._walks.pop(row.agent, None)
        elif row.type == "decided":
            self.decided[agent].append(len(self.keys))
        while len(self.first) <= row.tick:
            self.first.append(len(self.keys))
        self.keys.append(key)
        self.types.append(_CODES[row.type])
        self.agents.append(agent)
        self.places.append(self._place_of.get(row.place, -1))

    def _sets_out(self, row: Row, body: dict[str, Any]) -> bool:
        """Whether a step begins a walk; whoever is put somewhere is told each time."""
        to, tick = self._walks.get(row.agent, ("", row.tick - _SAME_WALK - 1))
        heading = str(body.get("to", ""))
        self._walks[row.agent] = (heading, row.tick)
        return bool(body.get("causes")) or heading != to or row.tick - tick > _SAME_WALK

    def _meet_newcomers(self) -> None:
        """Somebody may have come to live there: an episode reads its cast once."""
        for name in ("cast", "agents", "names"):
            vars(self._episode).pop(name, None)
        self._agent_of = {agent: number for number, agent in enumerate(self._episode.agents)}

    # Asking --------------------------------------------------------------------------------------

    def agent(self, name: str) -> int:
        """The number of a person; -1: nobody of that id."""
        return self._agent_of.get(name, -1)

    def number(self, identity: str) -> int:
        """The number of an event by its id; -1: it has none (a step on the way)."""
        key = key_of(identity)
        at = bisect_left(self.keys, key)
        return at if at < len(self.keys) and self.keys[at] == key else -1

    def numbers(self, identities: Sequence[str]) -> list[int]:
        """The numbers of events, without those that have none."""
        return [number for number in map(self.number, identities) if number >= 0]

    def decision(self, agent: str, tick: int) -> int:
        """The number of somebody's latest decision up to a tick; -1: there is none."""
        numbers = self.decided.get(self.agent(agent))
        if not numbers:
            return -1
        end = self.first[min(tick + 1, len(self.first) - 1)]
        at = bisect_right(numbers, end - 1) - 1
        return numbers[at] if at >= 0 else -1

    def tick(self, number: int) -> int:
        """The tick of an event."""
        return bisect_right(self.first, number) - 1

    def rows(self, begin: int, end: int) -> Iterator[tuple[int, Row]]:
        """The events from one number up to another, from the log.

        Earlier ones of the first tick come before, with the number -1: what lies behind an event
        often stands there.
        """
        if begin >= min(end, len(self.keys)):
            return
        since, until = self.tick(begin), self.tick(min(end, len(self.keys)) - 1) + 1
        for row in self._episode.log.rows(since=since, until=until):
            number = self.number(row.id)
            if number < begin and number >= 0:
                yield -1, row
            elif begin <= number < end:
                yield number, row
