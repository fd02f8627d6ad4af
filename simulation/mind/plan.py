"""A plan: what somebody means to do today, and what becomes of it when the day interferes.

A day is a list of broad strokes; a stroke is cut into hours when its time comes, and an hour into
steps by :mod:`simulation.mind.decompose`. Everything here is arithmetic on the clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from simulation.kernel.clock import MINUTES_A_DAY, minutes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from personas import Persona
    from simulation.kernel.facts import Fact

GO_TO_BED = "go to bed"
"""What is planned for the night."""
MORNING = 7 * 60
"""When a day without a plan begins."""
AN_HOUR = 60
LEAST_MINUTES = 15
"""What is left of an activity after an interruption is worth so much at least, or is dropped."""
LEAST_HOUR = 30
"""A rest shorter than this is not an hour of its own, and stays with the hour before."""

Level = Literal["day", "hour", "minutes"]


@dataclass(frozen=True, kw_only=True)
class PlanItem:
    """One thing that an agent means to do."""

    at: int
    """Minutes after midnight."""
    minutes: int
    place: str
    doing: str
    """A verb phrase: ``knead the dough``."""
    fixed: bool = False
    """Whether it happens at this time whatever the day brings."""
    fact: str = ""
    """Id of the fact behind it, for an appointment."""
    free: bool = False
    """Whether it is free time, in which nothing is due and ``doing`` is the day's aim."""
    level: Level = "day"
    """How fine it is."""

    @property
    def until(self) -> int:
        """Minutes after midnight at which it is over."""
        return self.at + self.minutes

    def dump(self) -> dict[str, Any]:
        """As the log keeps it."""
        shown = {"at": clock_face(self.at), "minutes": self.minutes, "place": self.place}
        return (
            shown
            | {"doing": self.doing, "fixed": self.fixed}
            | ({"fact": self.fact} if self.fact else {})
            | ({"free": True} if self.free else {})
        )


def clock_face(minute: int) -> str:
    """A minute of the day as on a clock.

    Examples:
        >>> clock_face(485)
        '08:05'
    """
    hour, rest = divmod(minute % MINUTES_A_DAY, 60)
    return f"{hour:02d}:{rest:02d}"


def habits_of(persona: Persona) -> tuple[PlanItem, ...]:
    """The strokes of a person's ordinary day."""
    return tuple(
        PlanItem(
            at=habit.start,
            minutes=habit.minutes,
            place=habit.place,
            doing=habit.doing,
            fixed=habit.fixed,
        )
        for habit in persona.habits
    )


def hours_of(item: PlanItem) -> tuple[PlanItem, ...]:
    """A stroke as hours, counted from its beginning; a short rest stays with the last.

    Examples:
        >>> item = PlanItem(at=480, minutes=150, place="quay", doing="mend nets")
        >>> [(hour.at, hour.minutes) for hour in hours_of(item)]
        [(480, 60), (540, 60), (600, 30)]
    """
    whole, rest = divmod(item.minutes, AN_HOUR)
    lengths = [AN_HOUR] * whole
    if rest >= LEAST_HOUR or not lengths:
        lengths.append(rest)
    else:
        lengths[-1] += rest
    starts = [item.at + sum(lengths[:number]) for number in range(len(lengths))]
    return tuple(
        replace(item, at=at, minutes=minutes, level="hour")
        for at, minutes in zip(starts, lengths, strict=True)
    )


class _Span(NamedTuple):
    """From when to when one answer holds."""

    low: int
    high: int
    item: PlanItem | None


_NEVER = _Span(0, 0, None)


class DayPlan:
    """What somebody means to do today, in the order of the clock.

    A plan says what the agent intends; the world says what is possible, and the mind decides.

    Args:
        persona: Whose home and bedtime it keeps to.
        items: The strokes of the day; None: the person's habits.
    """

    def __init__(self, persona: Persona, items: Iterable[PlanItem] | None = None) -> None:
        self._home = persona.home
        self._bedtime = minutes_of(persona.bedtime)
        self._items = _sorted(habits_of(persona) if items is None else items)
        # Whatever becomes of the first stroke, the day has begun.
        self._first = self._items[0].at if self._items else MORNING
        # Who goes to bed after midnight has a day that ends at midnight.
        self._end = self._bedtime if self._bedtime > self._first else MINUTES_A_DAY
        self._span = _NEVER

    @property
    def items(self) -> tuple[PlanItem, ...]:
        """The strokes, earliest first."""
        return self._items

    @property
    def appointments(self) -> tuple[PlanItem, ...]:
        """The strokes that a fact stands behind."""
        return tuple(item for item in self._items if item.fact)

    def current(self, minute: int) -> PlanItem | None:
        """What is planned for this minute of the day; an appointment comes before a habit."""
        span = self._span
        if not span.low <= minute < span.high:
            span = self._span = self._around(minute)
        return span.item

    def upcoming(self, minute: int) -> PlanItem | None:
        """What is planned next."""
        return next((item for item in self._items if item.at > minute), None)

    def free_time(self, aim: str) -> tuple[PlanItem, ...]:
        """The gaps of an hour or more until bedtime, each with the aim of the day."""
        gaps: list[PlanItem] = []
        since = self._first
        night = PlanItem(at=self._end, minutes=0, place=self._home, doing=GO_TO_BED)
        for item in (*self._items, night):
            if item.at - since >= AN_HOUR:
                gap = PlanItem(at=since, minutes=item.at - since, place="", doing=aim, free=True)
                gaps.append(gap)
            since = max(since, item.until)
        return tuple(gaps)

    def add_appointment(self, fact: Fact, place_name: str) -> bool:
        """Note an appointment that was heard of; False if it is in the plan already."""
        when = fact.appointment
        if when is None or any(item.fact == fact.id for item in self._items):
            return False
        item = PlanItem(
            at=minutes_of(when.time),
            minutes=when.minutes,
            place=when.place,
            doing=f"go to {place_name}",
            fixed=True,
            fact=fact.id,
        )
        self._change([*self._items, item])
        return True

    def drop(self, item: PlanItem) -> None:
        """Give something up for today."""
        self._change([known for known in self._items if known != item])

    def push_back(self, minute: int, minutes: int) -> tuple[PlanItem, ...] | None:
        """Make room for an interruption: what is due goes on after it, and the rest follows.

        What is fixed stays. What comes before something fixed, or before bedtime, is cut there,
        and dropped where too little is left of it. If too little would be left of what is due
        itself, nothing moves: it is over at its hour.

        Args:
            minute: When it begins.
            minutes: How long it is to last.

        Returns:
            What was dropped; None: nothing had to move.
        """
        due = self.current(minute)
        if due is None or due.fixed or due.until - minute < LEAST_MINUTES:
            return None
        later = [item for item in self._items if item.at > minute]
        after = replace(due, at=minute + minutes, minutes=due.until - minute)
        rest = self._fitted(after, after.at, later)
        if rest is None:
            return None
        kept = [item for item in self._items if item.at <= minute and item != due] + [rest]
        dropped: list[PlanItem] = []
        floor = rest.until
        for item in later:
            stays = item.fixed or item.at >= floor
            moved = item if stays else self._fitted(item, floor, later)
            if moved is None:
                dropped.append(item)
                continue
            kept.append(moved)
            floor = max(floor, moved.until)
        self._change(kept)
        return tuple(dropped)

    def _fitted(self, item: PlanItem, floor: int, later: Sequence[PlanItem]) -> PlanItem | None:
        """An item from ``floor`` on, cut at what is fixed; None if too little is left."""
        at = max(item.at, floor)
        walls = [other.at for other in later if other.fixed and other.until > at]
        if item.at < self._end:
            walls.append(self._end)
        minutes = min([item.minutes, *(wall - at for wall in walls)])
        if minutes < min(item.minutes, LEAST_MINUTES):
            return None
        return replace(item, at=at, minutes=minutes)

    def _change(self, items: Iterable[PlanItem]) -> None:
        self._items = _sorted(items)
        self._span = _NEVER

    def _around(self, minute: int) -> _Span:
        """What is due at a minute, and from when to when that holds."""
        due = [item for item in self._items if item.at <= minute < item.until]
        edges = {0, MINUTES_A_DAY, self._bedtime, self._first}
        edges |= {edge for item in self._items for edge in (item.at, item.until)}
        low = max(edge for edge in edges if edge <= minute)
        high = min(edge for edge in edges if edge > minute)
        if due:
            best = max(due, key=lambda item: (bool(item.fact), item.fixed, item.at))
            return _Span(low, high, best)
        return _Span(low, high, self._night(minute))

    def _night(self, minute: int) -> PlanItem | None:
        late = self._end == MINUTES_A_DAY
        early = (self._bedtime if late else 0) <= minute < self._first
        if not early and minute < self._end:
            return None
        at = self._bedtime if late or not early else 0
        return PlanItem(at=at, minutes=8 * 60, place=self._home, doing=GO_TO_BED, fixed=True)


def dump_plan(items: Iterable[PlanItem], aim: str = "") -> tuple[dict[str, Any], ...]:
    """Strokes as the log keeps them, with the day's aim in front."""
    shown = [item.dump() for item in items]
    return ({"focus": aim}, *shown) if aim else tuple(shown)


def _sorted(items: Iterable[PlanItem]) -> tuple[PlanItem, ...]:
    return tuple(sorted(items, key=lambda item: item.at))
