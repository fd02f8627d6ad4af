"""The day as a list of strokes: hours, what is free, and what an interruption does to the rest."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simulation.kernel.facts import Appointment
from simulation.mind.plan import DayPlan, PlanItem, dump_plan, hours_of
from tests.kernel.toy import SUPPER, person


def item(at: int, minutes: int, doing: str = "mend nets", **more: Any) -> PlanItem:
    return PlanItem(at=at, minutes=minutes, place="hall", doing=doing, **more)


def planned(*items: PlanItem, bedtime: str = "22:00") -> DayPlan:
    return DayPlan(person("ann", bedtime=bedtime), items)


def rows(plan: DayPlan) -> list[tuple[str, int, int]]:
    return [(each.doing, each.at, each.minutes) for each in plan.items]


# Hours -------------------------------------------------------------------------------------------


def test_three_hours_are_three_hour_items() -> None:
    hours = hours_of(item(480, 180))
    assert [(hour.at, hour.minutes, hour.level) for hour in hours] == [
        (480, 60, "hour"),
        (540, 60, "hour"),
        (600, 60, "hour"),
    ]


def test_a_short_rest_stays_with_the_last_hour() -> None:
    assert [hour.minutes for hour in hours_of(item(480, 145))] == [60, 85]


def test_half_an_hour_is_an_hour_of_its_own() -> None:
    assert [hour.minutes for hour in hours_of(item(480, 150))] == [60, 60, 30]


@given(st.integers(0, 1000), st.integers(1, 720))
def test_hours_fill_their_stroke_without_a_gap(at: int, minutes: int) -> None:
    hours = hours_of(item(at, minutes))
    assert hours[0].at == at
    assert hours[-1].until == at + minutes
    assert all(one.until == other.at for one, other in pairwise(hours))
    assert all(30 <= hour.minutes < 90 for hour in hours) or minutes < 30


# What is due -------------------------------------------------------------------------------------


def test_what_is_due_does_not_depend_on_what_was_asked_before() -> None:
    plan = planned(item(480, 60, "mend nets"), item(600, 60, "bake"))
    asked = [500, 610, 500, 570, 659, 660, 479, 500]
    seen = [due.doing if (due := plan.current(minute)) else "" for minute in asked]
    assert seen == ["mend nets", "bake", "mend nets", "", "bake", "", "go to bed", "mend nets"]


def test_who_goes_to_bed_after_midnight_is_up_until_then() -> None:
    plan = planned(item(480, 60), bedtime="00:30")
    beds = [minute for minute in (10, 30, 479, 600, 1439) if plan.current(minute) is not None]
    assert beds == [30, 479]


def test_the_day_has_begun_even_if_its_first_stroke_is_given_up() -> None:
    first, second = item(480, 60), item(600, 60)
    plan = planned(first, second)
    plan.drop(first)
    assert plan.current(490) is None


def test_gaps_of_an_hour_are_free_time_with_the_aim() -> None:
    plan = planned(item(480, 60), item(590, 10), item(700, 60), bedtime="13:30")
    free = plan.free_time("mend the roof")
    assert [(gap.at, gap.minutes, gap.doing, gap.free) for gap in free] == [
        (600, 100, "mend the roof", True)
    ]


def test_nothing_is_due_in_free_time() -> None:
    plan = planned(item(480, 60))
    [gap] = plan.free_time("mend the roof")
    assert plan.current(gap.at) is None


# Interruptions -----------------------------------------------------------------------------------


def test_what_is_interrupted_goes_on_afterwards() -> None:
    plan = planned(item(480, 60), item(600, 60, "bake"))
    assert plan.push_back(500, 15) == ()
    assert rows(plan) == [("mend nets", 515, 40), ("bake", 600, 60)]


def test_what_follows_moves_while_it_must() -> None:
    plan = planned(
        item(480, 60), item(540, 30, "bake"), item(580, 60, "sow"), item(700, 60, "rest")
    )
    assert plan.push_back(500, 15) == ()
    assert rows(plan) == [
        ("mend nets", 515, 40),
        ("bake", 555, 30),
        ("sow", 585, 60),
        ("rest", 700, 60),
    ]


def test_what_is_fixed_stays_and_what_comes_before_it_is_cut() -> None:
    plan = planned(item(480, 60), item(550, 30, "ring the bell", fixed=True))
    assert plan.push_back(500, 20) == ()
    assert rows(plan) == [("mend nets", 520, 30), ("ring the bell", 550, 30)]


def test_what_is_left_with_too_little_time_is_dropped() -> None:
    bell = item(580, 30, "ring the bell", fixed=True)
    plan = planned(item(480, 60), item(545, 35, "bake"), bell)
    dropped = plan.push_back(500, 30)
    assert dropped is not None
    assert [each.doing for each in dropped] == ["bake"]
    assert rows(plan) == [("mend nets", 530, 40), ("ring the bell", 580, 30)]


def test_what_would_be_lost_by_moving_does_not_move() -> None:
    plan = planned(item(480, 60), item(545, 30, "ring the bell", fixed=True))
    before = rows(plan)
    assert plan.push_back(530, 15) is None
    assert rows(plan) == before


def test_nothing_is_planned_past_bedtime_that_was_planned_before_it() -> None:
    plan = planned(item(1260, 60), bedtime="22:00")
    plan.push_back(1270, 15)
    assert rows(plan) == [("mend nets", 1285, 35)]


def test_what_is_fixed_is_not_pushed_back() -> None:
    plan = planned(item(480, 60, fixed=True), item(600, 60))
    assert plan.push_back(500, 15) is None
    assert rows(plan) == [("mend nets", 480, 60), ("mend nets", 600, 60)]


def test_an_appointment_is_not_pushed_back_by_what_runs_into_it() -> None:
    plan = planned(item(480, 60))
    plan.add_appointment(
        SUPPER.model_copy(update={"appointment": Appointment(place="yard", time="09:10")}),
        "the yard",
    )
    plan.push_back(500, 30)
    assert rows(plan) == [("mend nets", 530, 20), ("go to the yard", 550, 60)]


STROKES = st.lists(
    st.tuples(st.integers(0, 120), st.integers(5, 180), st.booleans()), min_size=1, max_size=8
)


@given(STROKES, st.integers(420, 1300), st.integers(1, 90))
def test_no_interruption_makes_strokes_overlap(
    strokes: list[tuple[int, int, bool]], minute: int, minutes: int
) -> None:
    items: list[PlanItem] = []
    at = 420
    for gap, length, fixed in strokes:
        items.append(item(at + gap, length, fixed=fixed))
        at = items[-1].until
    plan = planned(*items)
    before = {each for each in items if each.fixed}
    plan.push_back(minute, minutes)
    after = plan.items
    assert before <= set(after)
    assert all(one.until <= other.at for one, other in pairwise(after))


def test_a_plan_is_logged_with_its_aim_first() -> None:
    shown = dump_plan([item(485, 60)], "mend the roof")
    assert shown == (
        {"focus": "mend the roof"},
        {"at": "08:05", "minutes": 60, "place": "hall", "doing": "mend nets", "fixed": False},
    )
