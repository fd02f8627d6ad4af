"""Where two episodes part: the first event that they do not share, and how much follows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from simulation.episode.events import Branched
from simulation.episode.export import canonical_fields
from simulation.episode.reader import damaged
from simulation.episode.retrace import told_alone, told_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.episode.episode import Episode


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The first events of two episodes that are not the same."""

    position: int
    """How many events they share before it."""
    tick: int
    """When: the earlier one's tick."""
    left: dict[str, Any] | None
    """The event of the first episode; None: it ends before."""
    right: dict[str, Any] | None
    """The event of the second episode; None: it ends before."""

    def __str__(self) -> str:
        """In words, with both sides."""
        if self.left is not None and self.right is not None:
            return told_apart(self.left, self.right, ("A", "B"))
        side, event = ("A", self.left) if self.left is not None else ("B", self.right)
        return f"only {side} goes on, with {told_alone(event or {})}"


def first_difference(left: Episode, right: Episode) -> Difference | None:
    """Compare the canonical events of two episodes in their order; None: they are the same.

    Both are read as streams, so memory does not grow with their length.

    Raises:
        EpisodeError: One of them is damaged.
    """
    pairs = zip_longest(_events(left), _events(right))
    for position, (one, other) in enumerate(pairs):
        if one != other:
            tick = min(event["tick"] for event in (one, other) if event is not None)
            return Difference(position=position, tick=tick, left=one, right=other)
    return None


class Relation(NamedTuple):
    """Two episodes that share a past."""

    at: int
    """The first tick that they do not share."""
    because: tuple[str, ...]
    """What was done to the branch and not to the other."""
    branch: str
    """``A`` or ``B``: which of them is the branch; empty: both are branches of a third."""

    def as_text(self) -> str:
        """In words."""
        why = f", where {'; '.join(self.because)}" if self.because else ""
        if not self.branch:
            return f"Both are branches of one episode and share its ticks before {self.at}."
        other = "A" if self.branch == "B" else "B"
        return f"{self.branch} is a branch of {other} at tick {self.at}{why}."


def relation(left: Episode, right: Episode) -> Relation | None:
    """How two episodes are related, as their logs say; None: not that they know of."""
    mine, theirs = _parent(left), _parent(right)
    if theirs is not None and theirs.other == left.folder.name:
        return Relation(theirs.at, theirs.because, "B")
    if mine is not None and mine.other == right.folder.name:
        return Relation(mine.at, mine.because, "A")
    if mine is not None and theirs is not None and mine.other == theirs.other:
        return Relation(min(mine.at, theirs.at), (), "")
    return None


def _parent(episode: Episode) -> Branched | None:
    return next((event for event in episode.each(Branched) if event.role == "parent"), None)


def _events(episode: Episode) -> Iterator[dict[str, Any]]:
    for row in episode.log.rows(canonical=True):
        try:
            fields = json.loads(row.body)
        except ValueError as error:
            raise damaged(episode.folder, f"event {row.id}: {error}") from error
        yield canonical_fields(row, fields)
