"""Learned decompositions: what was taken apart once need not be asked about again.

After Affordable Generative Agents (Yu et al. 2024): a decomposition is used again for an activity
that is close enough in meaning, if the conditions hold under which it was learned. Here these are
the place, the part of the day, and a length within a half of the learned one. Each agent learns
for itself, so nothing passes between agents unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.memory.vectors import similarity

if TYPE_CHECKING:
    from simulation.memory.vectors import Int16s
    from simulation.mind.steps import Step

STRETCH = 0.5
"""Share of its learned length by which an activity may be shorter or longer."""
_PARTS = ((5 * 60, "night"), (12 * 60, "morning"), (18 * 60, "afternoon"), (24 * 60, "evening"))


def part_of_day(minute: int) -> str:
    """Night until five, then morning, afternoon from noon, evening from six.

    Examples:
        >>> part_of_day(11 * 60)
        'morning'
    """
    return next(name for until, name in _PARTS if minute < until)


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """Under what a decomposition was learned, or is wanted."""

    place: str
    part: str
    """Part of the day."""
    minutes: int

    def hold(self, wanted: Conditions) -> bool:
        """Whether what was learned under these may be used under those."""
        alike = (self.place, self.part) == (wanted.place, wanted.part)
        return alike and abs(wanted.minutes - self.minutes) <= STRETCH * self.minutes


@dataclass(frozen=True, kw_only=True)
class Decomposition:
    """An activity taken apart."""

    event: str
    """Id of the event in which it was learned."""
    vector: Int16s
    """Of the activity."""
    conditions: Conditions
    steps: tuple[Step, ...]
    """Empty: it was found to be one piece."""


class Learned:
    """What one agent has learned to take apart.

    Args:
        likeness: Least cosine of an activity to a learned one.
    """

    def __init__(self, likeness: float) -> None:
        self._likeness = likeness
        self._known: list[Decomposition] = []

    def keep(self, decomposition: Decomposition) -> None:
        """Learn one."""
        self._known.append(decomposition)

    def find(self, vector: Int16s, wanted: Conditions) -> Decomposition | None:
        """The closest that is close enough and whose conditions hold; the oldest of equals."""
        scored = [
            (similarity(known.vector, vector), known)
            for known in self._known
            if known.conditions.hold(wanted)
        ]
        best = max(scored, key=lambda one: one[0], default=None)
        return best[1] if best is not None and best[0] >= self._likeness else None
