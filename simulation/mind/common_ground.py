"""Common ground: what one believes that others know already, so that it is no news to them.

Somebody knows what they said, what was said to them or in their hearing, and what was done before
their eyes (common ground by co-presence: Clark and Marshall 1981). It is a belief of the one who
keeps it, and errs like one: who stood by may not have listened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.memory.record import about_key
from simulation.mind.perceive import passed_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulation.kernel.percept import Heard, Percept
    from simulation.kernel.topics import Position


def position_key(topic: str, position: Position) -> str:
    """By what a position of one's own that was voiced is known again: its side, not its degree.

    Examples:
        >>> position_key("toll", 0.4) == position_key("toll", 0.6) != position_key("toll", -0.4)
        True
    """
    side = position if isinstance(position, str) else "for" if position >= 0 else "against"
    return f"own:{topic}={side}"


class CommonGround:
    """What one agent believes that each of the others knows."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str]] = set()

    def knows(self, other: str, key: str) -> bool:
        """Whether somebody knows this: a fact's id, a position's key or a clause's."""
        return (other, key) in self._known

    def add(self, people: Iterable[str], keys: Iterable[str]) -> None:
        """These people know this now."""
        kept = tuple(keys)
        self._known.update((who, key) for who in people for key in kept)

    def hear(self, percept: Percept, heard: Heard, clause: str) -> None:
        """Those who hear the same words know what they carry, as does the speaker.

        What position the speaker takes says nothing about one's own, which stays worth saying.
        """
        keys = {about_key(clause), about_key(passed_on(percept, heard, clause))}
        keys.update(heard.facts)
        self.add({heard.speaker, *heard.also, *hearers(percept)}, keys)

    def see(self, percept: Percept) -> None:
        """Those who are there see what is done, also what one does oneself."""
        there = [person.id for person in percept.people if not person.asleep]
        if not there:
            return
        keys = [about_key(noticed.text) for noticed in percept.noticed if not noticed.routine]
        if percept.outcome is not None and percept.outcome.deed:
            keys.append(about_key(f"I {percept.outcome.deed}"))
        self.add(there, keys)


def hearers(percept: Percept) -> list[str]:
    """Who is awake in earshot."""
    return [who for who in percept.earshot if not percept.view.asleep(who)]
