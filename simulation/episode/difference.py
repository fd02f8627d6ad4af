"""Where two episodes part: the first event that they do not share, and how much follows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

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


def _events(episode: Episode) -> Iterator[dict[str, Any]]:
    for row in episode.log.rows(canonical=True):
        try:
            fields = json.loads(row.body)
        except ValueError as error:
            raise damaged(episode.folder, f"event {row.id}: {error}") from error
        yield canonical_fields(row, fields)
