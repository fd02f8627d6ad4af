"""What a person who plays somebody is asked: what their body perceives, and what it can do."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from simulation.episode.plain import plain
from simulation.mind.words import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.kernel.percept import Heard, Percept, Seen

Sense = Literal["told", "overheard", "seen", "own", "thought", "fact"]
"""How something reached somebody."""

REMEMBERED: Final = 20
"""What happened since the last question, in lines that are shown at most."""


class Line(NamedTuple):
    """Something that reached somebody."""

    time: str
    sense: Sense
    text: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of a person. All of it is text without control characters."""

    agent: str
    name: str
    tick: int
    time: str
    place: str
    """``in the lane``, or ``on the way``."""
    lines: tuple[Line, ...] = ()
    """What happened since the last question, oldest first."""
    around: tuple[str, ...] = ()
    """Who and what is in sight, and how one feels."""
    options: tuple[str, ...] = ()
    """What can be done now."""
    enter: str = ""
    """What an empty answer means."""
    wanted: str = ""
    """What words are wanted instead of an act: ``What do you say to Chiara?``"""
    fault: str = ""
    """Why the last answer could not be used; empty: there was none."""

    @property
    def text(self) -> str:
        """All of it as plain text, as the log keeps it.

        Examples:
            >>> print(Question(agent="ada", name="Ada", tick=0, time="07:00", place="in the lane",
            ...     options=("stay",), enter="wait").text)
            Ada, 07:00, in the lane.
            1 stay
            Enter: wait
        """
        parts = [f"{self.name}, {self.time}, {self.place}."]
        parts += [f"{line.time} {line.text}" for line in self.lines]
        parts += self.around
        parts += [f"{number} {text}" for number, text in enumerate(self.options, start=1)]
        parts += [self.fault] if self.fault else []
        parts += [self.wanted] if self.wanted else []
        parts += [f"Enter: {self.enter}"] if self.enter else []
        return "\n".join(parts)


class Meanwhile:
    """Gathers what reaches somebody until they are asked the next time."""

    def __init__(self) -> None:
        self._lines: deque[Line] = deque(maxlen=REMEMBERED)

    def add(self, percept: Percept) -> None:
        """Take in a tick."""
        for sense, text in _reached(percept):
            self._lines.append(Line(percept.time, sense, plain(text)))

    def told(self) -> tuple[Line, ...]:
        """What there is, oldest first."""
        return tuple(self._lines)

    def forget(self) -> None:
        """Begin anew: it was shown."""
        self._lines.clear()


def question(percept: Percept, lines: tuple[Line, ...], enter: str) -> Question:
    """What somebody is asked in a tick."""
    place = percept.place
    return Question(
        agent=percept.agent,
        name=plain(percept.persona.name, 80),
        tick=percept.tick,
        time=percept.time,
        place=plain(f"{place.at} {place.name}", 80) if place else "on the way",
        lines=lines,
        around=tuple(plain(text) for text in _around(percept)),
        options=tuple(plain(option.text, 120) for option in percept.options),
        enter=plain(enter, 120),
    )


def _reached(percept: Percept) -> Iterator[tuple[Sense, str]]:
    for _, words in percept.whispers:
        yield "thought", f"A thought comes to you: {words}"
    outcome = percept.outcome
    if outcome is not None and outcome.reason:
        yield "own", f"That cannot be done: {outcome.reason}."
    elif outcome is not None and outcome.deed:
        yield "own", sentence(f"you {outcome.deed}")
    for noticed in percept.noticed:
        yield "seen", noticed.text
    for heard in sorted(percept.heard, key=lambda heard: heard.event):
        yield "told" if heard.told else "overheard", _said(percept, heard)
    for learned in percept.learned:
        how = "know" if learned.source == "seeded" else "learn"
        statement = percept.view.stage.facts[learned.fact].statement
        yield "fact", f"You {how}: {statement}"


def _said(percept: Percept, heard: Heard) -> str:
    speaker = percept.view.name(heard.speaker)
    if not heard.to:
        return f"{speaker} says: “{heard.text}”"
    to = "you" if heard.to == percept.agent else percept.view.name(heard.to)
    return f"{speaker} says to {to}: “{heard.text}”"


def _around(percept: Percept) -> list[str]:
    here = percept.place.id if percept.place else ""
    found = [_person(percept, seen, here) for seen in percept.people]
    unseen = {*percept.earshot} - {seen.id for seen in percept.people}
    names = [percept.view.name(who) for who in percept.earshot if who in unseen]
    found += [f"Out of sight, within earshot: {', '.join(names)}."] if names else []
    found += [thing.text for thing in percept.things]
    levels = ", ".join(f"{name} {level:.0f}" for name, level in percept.needs.items())
    return found + ([f"You, from 0 to 10: {levels}."] if levels else [])


def _person(percept: Percept, seen: Seen, here: str) -> str:
    place = percept.view.stage.plan.places.get(seen.place)
    where = "here" if seen.place == here else f"{place.at} {place.name}" if place else "on the way"
    doing = "asleep" if seen.asleep else seen.doing
    return f"{seen.name} is {where}{f', {doing}' if doing else ''}."
