"""Positions as a log shows them, and how two of them compare."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from simulation.behaviours.finding import Excluded
    from simulation.episode.events import Origin
    from simulation.kernel.topics import Position, Topic

SIDE: Final = 0.2
"""A number nearer to the middle than this is on no side."""
STEP: Final = 0.2
"""A number that moves by this much towards another has moved."""
SHOWN: Final = 20
"""Exposures that a finding tells; more are only counted."""
KEPT: Final = 200
"""Exposures since the last shift that are looked at: the latest."""


@dataclass(frozen=True)
class Look:
    """A position as it was at one time."""

    position: Position | None
    event: str
    tick: int
    by: str
    """``probe``, ``stance``, ``words`` or ``deed``."""
    probabilities: tuple[float, ...] = ()
    origin: Origin | Literal[""] = ""
    """What the answer comes from: ``model``, ``rules``, …; empty: the log does not tell."""

    @property
    def excluded(self) -> Excluded:
        """Why the look leaves a rate; empty: it counts."""
        return self.origin if self.origin in ("fallback", "refusal") else ""

    def as_field(self) -> dict[str, Any]:
        """The same as a finding has it."""
        shares = {"probabilities": list(self.probabilities)} if self.probabilities else {}
        known = {"position": self.position, "event": self.event, "by": self.by}
        return {**known, "origin": self.origin, **shares}


@dataclass(frozen=True)
class Exposure:
    """Somebody heard somebody take a position."""

    event: str
    tick: int
    source: str
    position: Position
    new_information: bool
    criticism: bool
    request: bool
    visible: bool
    """Whether it was said to the hearer, who is seen to hear it."""
    held: str = field(init=False)
    """The side that the position is on."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "held", side(self.position))

    def as_field(self) -> dict[str, Any]:
        """The same as a finding has it."""
        return {name: value for name, value in self.__dict__.items() if name != "held"}


@dataclass
class _Voice:
    """A position that was heard."""

    latest: Exposure
    times: int = 0
    order: int = 0


@dataclass
class Track:
    """One person on one topic."""

    private: Look | None = None
    """What later looks are compared with."""
    last: Look | None = None
    """The latest private look."""
    public: Look | None = None
    said_since: Look | None = None
    """The latest public position since the last private look."""
    public_before: Look | None = None
    exposures: deque[Exposure] = field(default_factory=lambda: deque[Exposure](maxlen=KEPT))
    """The latest since the last shift."""
    heard: int = 0
    """How many there were since then."""
    _voices: dict[Position, _Voice] = field(default_factory=dict["Position", "_Voice"])
    """Each position that stands among the exposures."""
    left_goal: bool = False
    withstood: bool = False
    """Whether a look after exposure to another side found nothing moved."""
    shift: dict[str, Any] | None = None
    """The latest shift, which may still be reverted."""
    moved: bool = False

    def expose(self, exposure: Exposure) -> None:
        """Hear somebody take a position."""
        if len(self.exposures) == KEPT:
            oldest = self._voices[self.exposures[0].position]
            oldest.times -= 1
            if not oldest.times:
                del self._voices[self.exposures[0].position]
        self.exposures.append(exposure)
        self.heard += 1
        voice = self._voices.setdefault(exposure.position, _Voice(exposure))
        voice.times += 1
        voice.latest, voice.order = exposure, self.heard

    def contrary(self, own: Position | None, until: int) -> list[Exposure]:
        """The latest exposure to each position that is not on one's own side, in order.

        Args:
            own: One's own position.
            until: The tick of a look; see :func:`contrary_to`.
        """
        same = ("", side(own))
        voices = [one for one in self._voices.values() if one.latest.held not in same]
        if any(one.latest.tick >= until for one in voices):
            return contrary_to(self.exposures, own, until)
        return [one.latest for one in sorted(voices, key=lambda voice: voice.order)]

    def forget(self, until: int) -> None:
        """Let go of the exposures before a tick; those of that tick are still to be heard."""
        later = [one for one in self.exposures if one.tick >= until]
        self.exposures.clear()
        self._voices.clear()
        self.heard = 0
        for one in later:
            self.expose(one)


def side(position: Position | None) -> str:
    """What counts as the same side: an option, or for, against and neither.

    Examples:
        >>> side(0.5), side(-0.1), side("ada"), side(None)
        ('for', '', 'ada', '')
    """
    if position is None or isinstance(position, str):
        return position or ""
    return "" if abs(position) < SIDE else "for" if position > 0 else "against"


def typed(before: Position | None, after: Position | None, truth: Position | None) -> str:
    """From right or wrong to right or wrong; empty where there is no right answer.

    Examples:
        >>> typed("a", "b", "a")
        'T→F'
    """
    if truth is None or before is None or after is None:
        return ""
    right = ["T" if side(one) == side(truth) else "F" for one in (before, after)]
    return "→".join(right)


def contrary_to(
    exposures: Sequence[Exposure], own: Position | None, until: int, since: int = 0
) -> list[Exposure]:
    """Those that take another side than one's own.

    Args:
        exposures: What was heard, in order.
        own: One's own position.
        until: The tick of a look. Words are heard one tick after they are said, so those of this
            tick had not reached the mind yet.
        since: The tick of the look before; words of that tick came after it.
    """
    same, found = ("", side(own)), list[Exposure]()
    for one in reversed(exposures if until > since else ()):
        if one.tick < since:
            break
        if one.tick < until and one.held not in same:
            found.append(one)
    found.reverse()
    return found


def in_favour(exposures: Iterable[Exposure], position: Position | None) -> list[Exposure]:
    """Those that take this side."""
    wanted = side(position)
    return [one for one in exposures if one.held == wanted]


def went_over(before: Position | None, after: Position | None, heard: Iterable[Exposure]) -> bool:
    """Whether a position went over, or a step, to one of those heard."""
    if after is None:
        return False
    now = side(after)
    elsewhere = side(before) != now
    for position in {one.position for one in heard}:
        if elsewhere and side(position) == now:
            return True
        numbers = (before, after, position)
        if all(isinstance(number, (int, float)) for number in numbers):
            start, end, goal = (float(number) for number in numbers if number is not None)
            towards = (end - start) * (1 if goal > start else -1)
            if towards >= STEP - 1e-9:
                return True
    return False


def said(track: Track) -> Position | None:
    """What was said last, if anything was said since the last private look."""
    return track.said_since.position if track.said_since else None


def topic_of(attribute: str, value: object, topics: Mapping[str, Topic]) -> str | None:
    """The topic that an attribute of a person is a position on."""
    named = attribute.removeprefix("position:")
    if named in topics and named != attribute:
        return named
    if attribute != "voted":
        return None
    return next((name for name, topic in topics.items() if value in topic.options), None)
