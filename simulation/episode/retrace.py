"""Living through the past again: every event is held against the log before anything is added."""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Any

from simulation.episode.export import canonical_fields
from simulation.episode.log import body_of
from simulation.episode.reader import Row, damaged
from simulation.episode.schema import NAMES, key_of
from simulation.episode.sink import EventSink, JournalKey, canonical_json
from simulation.errors import Diverged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.events import Happening
    from simulation.episode.reader import LogReader
    from simulation.episode.recording import Recording

_SHOWN = 160
"""Characters shown of a value on which two sides differ."""


class Retracing:
    """Takes what happens again and compares it; what is new goes on to a writer.

    ``retracing`` → the last tick of the log was repeated → ``caught_up``.

    Args:
        log: What happened.
        recording: The replies that the log has already.
        onward: Takes what comes after the past; None: nobody.
        until: The tick before which the past ends; None: all of the log is past.
        keep: Whether ``onward`` takes the past, too, as it is to have one of its own.
    """

    def __init__(
        self,
        log: LogReader,
        recording: Recording,
        onward: EventSink | None,
        *,
        until: int | None = None,
        keep: bool = False,
    ) -> None:
        self.caught_up = False
        """Whether all of the past was repeated."""
        self.compared = 0
        """Events found the same so far."""
        self._log = log
        self._recording = recording
        self._onward = onward
        self._until = (log.ticks() if until is None else until) - 1
        self._keep = keep
        self._rows: deque[Row] = deque()
        self._read = 0

    def commit(self, tick: int, events: Sequence[Happening], contents: dict[str, str]) -> None:
        """Compare a tick of the past, or pass on a new one.

        Raises:
            Diverged: It is not what the log has.
        """
        if self.caught_up:
            if self._onward is not None:
                self._onward.commit(tick, events, contents)
            return
        lived = [event for event in events if not event.incidental]
        if events and not lived:
            return  # of this attempt, not of the past
        for event in lived:
            self._compare(event)
        if self._keep and self._onward is not None:
            self._onward.commit(tick, events, contents)
        if tick >= self._until:
            self._arrive(tick)

    def journal(self, key: JournalKey, prompt: str, reply: str) -> None:
        """Pass on a reply that is new to whoever comes after."""
        if self._onward is not None and (self._keep or key not in self._recording):
            self._onward.journal(key, prompt, reply)

    def journal_vectors(self, vectors: dict[str, bytes]) -> None:
        """Pass on vectors; those of the past are there already."""
        if self._onward is not None and (self._keep or self.caught_up):
            self._onward.journal_vectors(vectors)

    def _next(self) -> Row | None:
        """The next event of the log. A tick is read at a time, so no connection stays open."""
        while not self._rows and self._read <= max(self._until, 0):
            since, self._read = self._read, self._read + 1
            self._rows.extend(self._log.rows(since=since, until=self._read, canonical=True))
        return self._rows.popleft() if self._rows else None

    def _compare(self, event: Happening) -> None:
        now = _fields(_row(event), body_of(event))
        row = self._next()
        if row is None:
            raise Diverged(f"event {event.id} is new: {told_alone(now)}; the log ends before it")
        try:
            then = _fields(row, row.body)
        except ValueError as error:
            raise damaged(self._log.folder, f"event {row.id}: {error}") from error
        if then != now:
            raise Diverged(told_apart(then, now))
        self.compared += 1

    def _arrive(self, tick: int) -> None:
        left = self._next()
        if left is not None:
            then = _fields(left, left.body)
            raise Diverged(
                f"event {left.id} is missing: the log has {told_alone(then)}, which did not happen "
                f"again by the end of tick {tick}"
            )
        self.caught_up = True


def told_apart(
    then: dict[str, Any], now: dict[str, Any], sides: tuple[str, str] = ("then", "now")
) -> str:
    """Say where two events part, with both sides.

    Args:
        then: The event that stands on one side: in the log.
        now: The one on the other: what happened in its place.
        sides: What the sides are called.
    """
    one, other = sides
    place = f"event {then['id']}"
    if then["id"] != now["id"]:
        alone, first, goes_on, next_ = one, then, other, now
        if key_of(now["id"]) < key_of(then["id"]):
            alone, first, goes_on, next_ = other, now, one, then
        return f"{alone} alone has {told_alone(first)}; {goes_on} goes on with {told_alone(next_)}"
    if then["type"] != now["type"]:
        return f"{place} differs: {one} {told_alone(then)}; {other} {told_alone(now)}"
    names = [name for name in sorted(then | now) if then.get(name) != now.get(name)]
    parts = "; ".join(
        f"{name} {one} {_short(then.get(name))}, {other} {_short(now.get(name))}" for name in names
    )
    who = f" of {then['agent']}" if then.get("agent") else ""
    return f"{place} ({then['type']}{who}) differs: {parts}"


def told_alone(event: dict[str, Any]) -> str:
    """Say what an event is, in a line."""
    rest = {k: v for k, v in event.items() if k not in ("id", "tick", "type", "agent")}
    who = f" of {event['agent']}" if event.get("agent") else ""
    return f"{event['type']}{who} {event['id']} {_short(rest)}"


def _short(value: Any) -> str:
    text = canonical_json(value) if value is not None else "not there"
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _row(event: Happening) -> Row:
    return Row(event.id, event.tick, NAMES[type(event)], event.agent, event.place, "")


def _fields(row: Row, body: str) -> dict[str, Any]:
    return canonical_fields(row, json.loads(body))
