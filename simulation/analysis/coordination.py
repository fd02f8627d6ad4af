"""Whether people come to what they heard of.

As in Park et al. (2023): of those who were invited to something, how many were there. Invited is
who knew of the appointment when it began and is not the one who gives it; there is who was at its
place at any time between its beginning and its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulation.analysis.diffusion import Knower, knowers
from simulation.episode.events import Joined, Learned, Moved, Remembered, Said
from simulation.kernel.clock import MINUTES_A_DAY, minutes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simulation.episode.episode import Episode
    from simulation.episode.events import Happening
    from simulation.kernel.clock import Clock
    from simulation.kernel.facts import Appointment, Fact


class Stay(NamedTuple):
    """Somebody is at a place for a while."""

    agent: str
    place: str
    since: int
    """The tick in which they came."""
    until: int
    """The tick in which they left, which is not part of it any more."""
    event: str
    """Id of the event that brought them there."""


class Guest(NamedTuple):
    """Somebody who knew of an appointment in time."""

    knower: Knower
    """Since when, from whom, and the evidence."""
    ticks: int
    """How long they were there while it lasted; 0: they did not come."""
    tick: int | None
    """The first tick in which they were there; None: they did not come."""
    event: str
    """Id of the event that brought them there; empty: they did not come."""

    @property
    def came(self) -> bool:
        """Whether they were there at all."""
        return self.ticks > 0


class Coordination(NamedTuple):
    """What came of an appointment."""

    fact: str
    statement: str
    place: str
    begins: int
    """The tick at which it begins."""
    ends: int
    """The tick at which it is over."""
    tick: int
    """As far as could be seen when this tick was over."""
    hosts: tuple[str, ...]
    """Who gives it: the people whom the fact concerns. They are not among the invited."""
    invited: tuple[Guest, ...]
    """In the order in which they came to know of it."""

    @property
    def begun(self) -> bool:
        """Whether it had begun by then; nobody can have come before."""
        return self.tick >= self.begins

    @property
    def came(self) -> tuple[Guest, ...]:
        """Those of the invited who were there."""
        return tuple(guest for guest in self.invited if guest.came)

    @property
    def share(self) -> float | None:
        """Of the invited, how many came; None where nobody was, or it has not begun."""
        return len(self.came) / len(self.invited) if self.begun and self.invited else None


def coordination(episode: Episode, tick: int | None = None) -> list[Coordination]:
    """What came of every appointment that a fact of the world speaks of.

    Args:
        episode: Finished or running.
        tick: None: the last that was lived.

    Raises:
        EpisodeError: The tick was not lived.
    """
    tick = episode.moment(tick)
    known = knowers(episode.iter_events((Learned, Said, Remembered), until=tick + 1))
    where = stays(episode.iter_events((Joined, Moved), until=tick + 1), tick + 1)
    return [
        attendance(fact, fact.appointment, episode.clock, known, where, tick)
        for fact in episode.spec.facts
        if fact.appointment is not None
    ]


def attendance(
    fact: Fact,
    when: Appointment,
    clock: Clock,
    known: Iterable[Knower],
    where: Sequence[Stay],
    tick: int,
) -> Coordination:
    """Who was invited to one appointment, and who came.

    Args:
        fact: What people know of it.
        when: Its place, hour and length; the first such hour of the episode is meant.
        clock: Of the episode.
        known: Who knows what.
        where: Who was where.
        tick: What happens after this tick is not seen.
    """
    minutes = (minutes_of(when.time) - clock.minute(0)) % MINUTES_A_DAY
    begins = -(-60 * minutes // clock.seconds_a_tick)
    ends = begins + clock.ticks(when.minutes)
    hosts = tuple(fact.concerns)
    invited = [
        _guest(knower, where, when.place, begins, ends)
        for knower in known
        if knower.fact == fact.id and knower.tick <= begins and knower.agent not in hosts
    ]
    return Coordination(
        fact.id, fact.statement, when.place, begins, ends, tick, hosts, tuple(invited)
    )


def stays(events: Iterable[Happening], until: int) -> list[Stay]:
    """Who was where from when to when, in the order of coming.

    Args:
        events: Everybody's arrivals and steps, in their order.
        until: The tick at which stays that still go on are cut.
    """
    found: list[Stay] = []
    here: dict[str, Stay] = {}
    for event in events:
        if not isinstance(event, Joined | Moved):
            continue
        before = here.get(event.agent)
        if before is not None and before.place == event.place:
            continue
        if before is not None:
            found.append(before._replace(until=event.tick))
        here[event.agent] = Stay(event.agent, event.place, max(event.tick, 0), until, event.id)
    found += here.values()
    return sorted((stay for stay in found if stay.until > stay.since), key=lambda stay: stay.since)


def _guest(knower: Knower, where: Sequence[Stay], place: str, begins: int, ends: int) -> Guest:
    visits = [
        stay
        for stay in where
        if stay.agent == knower.agent
        and stay.place == place
        and stay.since < ends
        and stay.until > begins
    ]
    if not visits:
        return Guest(knower, 0, None, "")
    ticks = sum(min(stay.until, ends) - max(stay.since, begins) for stay in visits)
    return Guest(knower, ticks, max(visits[0].since, begins), visits[0].event)
