from __future__ import annotations

import pytest

from simulation.analysis.coordination import Coordination, Stay, attendance, stays
from simulation.analysis.diffusion import Knower
from simulation.episode.events import Happening, Joined, Moved
from simulation.kernel.clock import Clock
from simulation.kernel.facts import Appointment, Fact

SUPPER = Fact(
    id="supper", statement="Ann gives a supper.", spoken="Ann gives a supper", concerns=("ann",)
)
AT_EIGHT = Appointment(place="yard", time="08:00", minutes=30)
CLOCK = Clock(start="07:00")


def knower(agent: str, tick: int, source: str = "told", fact: str = "supper") -> Knower:
    return Knower(fact, agent, tick, source, "ann", f"{tick:05d}.2.001.000")


def stay(agent: str, since: int, until: int, place: str = "yard") -> Stay:
    return Stay(agent, place, since, until, f"{since:05d}.2.002.000")


def supper(known: list[Knower], where: list[Stay], tick: int = 899) -> Coordination:
    return attendance(SUPPER, AT_EIGHT, CLOCK, known, where, tick)


def test_the_window_is_that_of_the_appointment() -> None:
    measured = supper([], [])
    assert (measured.begins, measured.ends) == (60, 90)


@pytest.mark.parametrize(
    ("start", "minutes", "begins", "ends"),
    [("08:00", 1, 0, 30), ("09:00", 1, 1380, 1410), ("07:00", 10, 6, 9), ("07:58", 5, 1, 7)],
)
def test_it_is_the_next_such_hour_whatever_a_tick_stands_for(
    start: str, minutes: int, begins: int, ends: int
) -> None:
    clock = Clock(start=start, tick_minutes=minutes)
    measured = attendance(SUPPER, AT_EIGHT, clock, [], [], 5000)
    assert (measured.begins, measured.ends) == (begins, ends)


def test_invited_is_who_knew_in_time_and_does_not_give_it() -> None:
    known = [
        knower("ann", 0, "seeded"), knower("ben", 0, "seeded"), knower("cat", 60, "overheard"),
        knower("dan", 61), knower("eve", 3, fact="paper"),
    ]  # fmt: skip
    assert [guest.knower.agent for guest in supper(known, []).invited] == ["ben", "cat"]


@pytest.mark.parametrize(
    ("since", "until", "place", "ticks", "tick"),
    [
        (10, 899, "yard", 30, 60),
        (75, 80, "yard", 5, 75),
        (89, 899, "yard", 1, 89),
        (10, 60, "yard", 0, None),
        (90, 899, "yard", 0, None),
        (10, 899, "hall", 0, None),
    ],
)
def test_there_is_who_is_at_the_place_within_the_window(
    since: int, until: int, place: str, ticks: int, tick: int | None
) -> None:
    [guest] = supper([knower("ben", 5)], [stay("ben", since, until, place)]).invited
    assert (guest.ticks, guest.tick, guest.came) == (ticks, tick, ticks > 0)
    assert guest.event == (f"{since:05d}.2.002.000" if ticks else "")


def test_two_visits_add_up_and_the_first_is_the_evidence() -> None:
    where = [stay("ben", 62, 65), stay("ben", 70, 74)]
    [guest] = supper([knower("ben", 5)], where).invited
    assert (guest.ticks, guest.event) == (7, where[0].event)


def test_the_published_share_comes_out() -> None:
    # Park et al.: of twelve who were invited five came.
    known = [knower(str(n), 5) for n in range(12)]
    measured = supper(known, [stay(str(n), 50, 100) for n in range(5)])
    assert (len(measured.came), len(measured.invited)) == (5, 12)
    assert measured.share == 5 / 12


def test_before_it_begins_there_is_no_share() -> None:
    measured = supper([knower("ben", 5)], [], tick=59)
    assert not measured.begun
    assert measured.share is None


def test_of_nobody_there_is_no_share() -> None:
    assert supper([], []).share is None


def arrived(tick: int, agent: str, place: str) -> Moved:
    return Moved(id=f"{tick:05d}.2.001.000", tick=tick, agent=agent, place=place, cell=(0, tick))


def test_a_stay_lasts_from_the_first_step_into_a_place_to_the_first_out_of_it() -> None:
    joined = Joined(
        id="00000.0.000.001", tick=0, agent="ben", name="Ben", cell=(0, 0), place="hall"
    )
    events: list[Happening] = [joined, *(arrived(t, "ben", "yard") for t in (4, 5))]
    events += [arrived(9, "ben", ""), arrived(2, "cat", "hall")]
    assert stays(events, 20) == [
        Stay("ben", "hall", 0, 4, joined.id),
        Stay("cat", "hall", 2, 20, "00002.2.001.000"),
        Stay("ben", "yard", 4, 9, "00004.2.001.000"),
        Stay("ben", "", 9, 20, "00009.2.001.000"),
    ]
