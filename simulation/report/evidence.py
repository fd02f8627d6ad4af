"""Numbers that lead to their events, and the lists that they lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.cli.text import plain
from simulation.episode.telling import TELLERS, Teller
from simulation.errors import EpisodeError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulation.episode.episode import Episode

NONE: Final = "-"
"""What stands where there is no number."""
CITED: Final = 1500
"""Events that a page tells in words at most; the others are named by their ids."""


class Number(NamedTuple):
    """A number as it stands in a table."""

    text: str
    anchor: str = ""
    """Of the list of its events; empty: it rests on none."""


class Listed(NamedTuple):
    """The events behind a number."""

    anchor: str
    title: str
    events: tuple[str, ...]


class Evidence:
    """Collects what the numbers of a page rest on.

    Args:
        episode: Whose events they are.
    """

    def __init__(self, episode: Episode) -> None:
        self._episode = episode
        self._lists: list[Listed] = []
        self._by_events: dict[tuple[str, ...], str] = {}
        self._cited: dict[str, None] = {}

    def number(self, value: object, events: Iterable[str], title: str) -> Number:
        """A number that leads to its events.

        Args:
            value: As it is shown; None: there is none.
            events: Ids of the events that it was counted from.
            title: What it says, for the heading of the list.
        """
        text = NONE if value is None else str(value)
        ids = tuple(dict.fromkeys(name for name in events if name))
        if not ids or value is None:
            return Number(text)
        if ids not in self._by_events:
            anchor = f"n{len(self._lists) + 1}"
            self._by_events[ids] = anchor
            self._lists.append(Listed(anchor, title, ids))
            self._cited.update(dict.fromkeys(ids))
        return Number(text, self._by_events[ids])

    def cite(self, events: Iterable[str]) -> None:
        """Let events be told on the page."""
        self._cited.update(dict.fromkeys(name for name in events if name))

    @property
    def lists(self) -> list[Listed]:
        """The lists of events behind numbers, in the order of the page."""
        return list(self._lists)

    @property
    def left_out(self) -> int:
        """How many cited events are not told in words."""
        return max(0, len(self._cited) - CITED)

    def told(self) -> list[tuple[str, str]]:
        """The cited events in words, a line each, in the order of the log."""
        teller = Teller(self._episode)
        found: list[tuple[str, str]] = []
        for name in sorted(list(self._cited)[:CITED]):
            try:
                event = self._episode.event(name)
            except EpisodeError:
                continue  # a tie that a persona brought along is no event
            told = teller.tell(event) if type(event) in TELLERS else None
            what = told.text if told is not None else event.type.replace("_", " ")
            who = f"{self._episode.name(event.agent)}: " if event.agent else ""
            found.append((name, plain(f"{self._episode.time(event.tick)} {who}{what}")))
        return found
