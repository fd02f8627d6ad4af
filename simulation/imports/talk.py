"""Conversations of a recording: each once, each of its lines once.

The released code writes a whole conversation in one step and shows all of it with both people for
as long as it lasts. At which step of that time a line was said is not on record: here the lines
are spread over it evenly, in their order. Where a recording grows a conversation line by line, a
line is said in the step that first has it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulation.imports.recording import Line, Path_


class Utterance(NamedTuple):
    """A line of a conversation."""

    number: int
    """Which line, from 0."""
    speaker: str
    """By name."""
    text: str


@dataclass
class Conversation:
    """What was said between some people from one step to another."""

    since: int
    until: int
    """The first step that does not have it any more."""
    people: list[str]
    """By name: with whom it is on record."""
    lines: list[Line]
    seen: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """(step, how many lines there were from then on)."""

    def utterances(self) -> Iterator[tuple[int, Utterance]]:
        """(step, line), in order."""
        batches = [*self.seen, (self.until, len(self.lines))]
        done = 0
        for (step, count), (later, _) in pairwise(batches):
            new = count - done
            for number in range(new):
                at = step + number * max(later - step, 0) // new
                yield at, Utterance(done + number, *self.lines[done + number])
            done = count


def conversations(paths: Mapping[str, Path_], steps: int) -> list[Conversation]:
    """All conversations, in the order in which they began.

    Args:
        paths: What changed of each person, by name.
        steps: How many steps there are.
    """
    found = [one for name, path in paths.items() for one in _of(name, path, steps)]
    merged: list[Conversation] = []
    for one in sorted(found, key=lambda one: (one.since, one.people)):
        same = next((other for other in reversed(merged) if _same(other, one)), None)
        if same is None:
            merged.append(one)
        else:
            _merge(same, one)
    return merged


def _of(name: str, path: Path_, steps: int) -> Iterator[Conversation]:
    """What stands with one person."""
    now: Conversation | None = None
    for step, frame in path:
        lines = frame.chat or []
        if now is not None and lines[: len(now.lines)] != now.lines:
            now.until = step
            yield now
            now = None
        if now is None and lines:
            now = Conversation(step, steps, [name], list(lines), [(step, len(lines))])
        elif now is not None and len(lines) > len(now.lines):
            now.lines = list(lines)
            now.seen.append((step, len(lines)))
    if now is not None:
        yield now


def _same(one: Conversation, other: Conversation) -> bool:
    """Whether two people have the same conversation: it is told alike, and at the same time."""
    shorter, longer = sorted((one.lines, other.lines), key=len)
    together = other.since <= one.until and one.since <= other.until
    return together and longer[: len(shorter)] == shorter and other.people[0] not in one.people


def _merge(into: Conversation, other: Conversation) -> None:
    into.people += other.people
    into.until = max(into.until, other.until)
    if len(other.lines) > len(into.lines):
        into.lines, into.seen = other.lines, other.seen
