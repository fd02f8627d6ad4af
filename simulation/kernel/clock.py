"""Sim time: ticks, and the hours and minutes that they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

MINUTES_A_DAY = 24 * 60
_HOUR = re.compile(r"(\d{1,2}):(\d{2})")


@lru_cache(maxsize=512)
def minutes_of(text: str) -> int:
    """Minutes after midnight of ``"14:05"``.

    Raises:
        ValueError: Not an hour of the day; ``24:00`` is allowed as the end of one.

    Examples:
        >>> minutes_of("14:05")
        845
    """
    match = _HOUR.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a time of day like 14:05")
    minutes = int(match[1]) * 60 + int(match[2])
    if int(match[2]) > 59 or minutes > MINUTES_A_DAY:
        raise ValueError(f"{text!r} is not a time of day like 14:05")
    return minutes


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Turns ticks into sim time. Tick 0 is ``start`` on day 1.

    Examples:
        >>> Clock(start="07:00").label(65)
        '08:05'
        >>> Clock(start="22:00").day(180)
        2
        >>> Clock(start="07:00", tick_seconds=10).label(65)
        '07:10'
    """

    start: str = "07:00"
    tick_minutes: int = 1
    tick_seconds: int | None = None
    """Sim seconds that a tick stands for, where that is no whole number of minutes: then
    ``tick_minutes`` says nothing. None: a tick is ``tick_minutes`` long."""

    @property
    def seconds_a_tick(self) -> int:
        """Sim seconds that a tick stands for."""
        return self.tick_seconds or 60 * self.tick_minutes

    @property
    def minutes_a_tick(self) -> int | float:
        """The same in minutes; whole wherever it can be."""
        seconds = self.seconds_a_tick
        return seconds / 60 if seconds % 60 else seconds // 60

    def minute(self, tick: int) -> int:
        """Minutes since midnight of day 1."""
        return minutes_of(self.start) + tick * self.seconds_a_tick // 60

    def minute_of_day(self, tick: int) -> int:
        """Minutes since the last midnight."""
        return self.minute(tick) % MINUTES_A_DAY

    def day(self, tick: int) -> int:
        """The day, counted from 1."""
        return self.minute(tick) // MINUTES_A_DAY + 1

    def label(self, tick: int) -> str:
        """The hour as on a clock face: ``08:05``."""
        hour, minute = divmod(self.minute_of_day(tick), 60)
        return f"{hour:02d}:{minute:02d}"

    def tick_at(self, text: str) -> int:
        """The tick that a person means: a number, or an hour (``14:05``; ``08:00 2`` is on day 2).

        Raises:
            ValueError: It is neither.

        Examples:
            >>> Clock(start="07:00").tick_at("08:05")
            65
        """
        if text.strip().isdecimal():
            return int(text)
        *days, hour = sorted(text.split(), key=lambda word: ":" in word)
        [day] = days or [""]
        minute = minutes_of(hour) + (int(day) - 1 if day else 0) * MINUTES_A_DAY
        start = self.minute(0)
        if minute < start and not day:
            minute += MINUTES_A_DAY
        return max(0, -(-60 * (minute - start) // self.seconds_a_tick))

    def between(self, tick: int, since: str, until: str) -> bool:
        """Whether the hour lies in [since, until); a window may run over midnight."""
        now, low, high = self.minute_of_day(tick), minutes_of(since), minutes_of(until)
        return low <= now < high if low <= high else now >= low or now < high

    def ticks(self, minutes: float) -> int:
        """How many ticks last that long, at least one."""
        return max(1, round(60 * minutes / self.seconds_a_tick))
