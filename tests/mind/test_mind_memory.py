"""Importance, remembering and plans: what remains of a day."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from simulation.episode.events import (
    Asked,
    Learned,
    Planned,
    Recalled,
    Remembered,
)
from simulation.kernel.action import Say, Wait
from simulation.kernel.facts import Appointment, Fact
from simulation.mind.importance import SEEDED, UNKNOWN, Importance, stretched
from simulation.mind.options import MindOptions
from simulation.mind.plan import DayPlan
from tests.kernel.toy import PAPER, SUPPER, Script, person
from tests.mind.company import Bench, Scripted

if TYPE_CHECKING:
    from tests.mind.conftest import MakeCompany, MakePercept


STAY = {"stay": 1e9}
"""What a model likes that keeps everyone where they are."""


# Importance ------------------------------------------------------------------------------------


def rated(model: Scripted, fact: Fact, source: str = "told", times: int = 1) -> list[object]:
    bench = Bench(model)
    importance = Importance(bench.asker)
    return [asyncio.run(importance.of_fact(bench.scribe, fact, source))[:2] for _ in range(times)]


def test_a_given_importance_is_taken_without_a_call() -> None:
    model = Scripted()
    assert rated(model, PAPER.model_copy(update={"importance": 8.0})) == [(8.0, "rule")]
    assert model.asked == []


def test_old_knowledge_is_rated_by_rule() -> None:
    model = Scripted()
    assert rated(model, PAPER, "seeded") == [(SEEDED, "rule")]
    assert model.asked == []


def test_news_is_rated_by_the_model_once() -> None:
    model = Scripted(rating=3.7)
    first, second = rated(model, PAPER, times=2)
    assert first == (stretched(3.7), "model")
    assert second == (stretched(3.7), "cache")
    assert len(model.asked) == 1


def test_a_chat_model_uses_the_scale_as_it_is() -> None:
    assert rated(Scripted(rating=7.0, style="chat"), PAPER) == [(7.0, "model")]


def test_a_failing_model_leaves_the_middle_and_is_asked_again() -> None:
    model = Scripted(fails=["rate"])
    assert rated(model, PAPER, times=2) == [(UNKNOWN, "rule")] * 2
    assert len(model.asked) == 2


def test_a_narrow_band_is_stretched_in_its_order() -> None:
    values = [stretched(value) for value in (1.0, 2.7, 3.3, 4.0, 4.7, 9.0)]
    assert values == sorted(values)
    assert (values[0], values[-1]) == (2.0, 9.0)


def test_a_call_for_importance_counts(company: MakeCompany) -> None:
    ann = Script({1: Say(to="ben", text="The mill is shut.", facts=("paper",))})
    here = company(Scripted(likes=STAY, rating=4.7), minds={"ann": ann}).live(4)
    [memory] = [kept for kept in here.events.of(Remembered, "ben") if kept.fact == "paper"]
    assert (memory.importance, memory.rated) == (9.0, "model")
    assert [asked.purpose for asked in here.events.of(Asked, "ben")].count("rate") == 1
    assert memory.source == "told:ann"


NEWS = (
    "Ben carried flour to the mill.",
    "Ben mended the wheel of the mill.",
    "The wheel of the mill turns.",
)


# Remembering and recalling -----------------------------------------------------------------------


def test_the_same_sight_again_is_one_memory(percept: MakePercept) -> None:
    bench = Bench(Scripted())
    bench.remember("The board hangs.", "The board hangs.")
    first, second = (event for event in bench.scribe.events if isinstance(event, Remembered))
    assert second.again == first.id
    assert len(bench.recollection.stream) == 1
    assert bench.recollection.stream[0].count == 2


def test_what_is_recalled_is_logged_best_first() -> None:
    bench = Bench(Scripted())
    bench.remember(*NEWS, "A gull sits on the roof.")
    found = bench.recollection.recall(bench.scribe, "the wheel of the mill", "decide", 2)
    event = bench.scribe.events[-1]
    assert isinstance(event, Recalled)
    assert event.memories == tuple(memory.id for memory in found)
    assert bench.scribe.contents[event.query] == "the wheel of the mill"
    totals = [scores[0] for scores in event.scores]
    assert totals == sorted(totals, reverse=True)


def test_nothing_is_recalled_by_whoever_remembers_nothing() -> None:
    bench = Bench(Scripted())
    assert bench.recollection.recall(bench.scribe, "the mill", "decide", 3) == []
    assert bench.scribe.events == []


def test_an_old_sight_is_not_remembered_every_tick(company: MakeCompany) -> None:
    ann = Script({tick: Wait(minutes=1) for tick in range(30)})
    here = company(Scripted(), minds={"ann": ann}, options=MindOptions(novelty_minutes=60))
    boards = [
        event.tick
        for event in here.live(30).events.of(Remembered, "ben")
        if event.text == "The board hangs by the door."
    ]
    assert boards == [0]


def test_no_more_is_noticed_than_attention_allows(company: MakeCompany) -> None:
    options = MindOptions(attention=1)
    people = ("ann", "ben", "cat")
    here = company(Scripted(), people=people, options=options, start="12:00").live(15)
    for name in people:
        for tick in range(15):
            seen = [
                event
                for event in here.events.of(Remembered, name)
                if event.tick == tick and event.kind == "observation"
            ]
            assert len(seen) <= 1


# Plans -------------------------------------------------------------------------------------------


def test_an_appointment_that_is_heard_of_enters_the_plan(company: MakeCompany) -> None:
    ann = Script({1: Say(to="ben", text="I give a supper.", facts=("supper",))})
    here = company(Scripted(likes=STAY), minds={"ann": ann}).live(4)
    [learned] = here.events.of(Learned, "ben")
    planned = here.events.of(Planned, "ben")[-1]
    assert planned.causes == (learned.id,)
    supper = next(item for item in planned.items if item.get("fact") == "supper")
    assert (supper["at"], supper["place"], supper["fixed"]) == ("08:00", "yard", True)


def test_an_appointment_is_noted_once() -> None:
    plan = DayPlan(person("ann"))
    assert plan.add_appointment(SUPPER, "the yard")
    assert not plan.add_appointment(SUPPER, "the yard")
    assert not plan.add_appointment(PAPER, "the mill")
    assert [item.fact for item in plan.items] == ["", "supper"]


def test_an_appointment_comes_before_a_habit() -> None:
    plan = DayPlan(person("ann"))
    early = SUPPER.model_copy(update={"appointment": Appointment(place="yard", time="07:10")})
    plan.add_appointment(early, "the yard")
    doing = [(plan.current(minute) or plan.items[0]).doing for minute in (425, 435)]
    assert doing == ["sweep the hall", "go to the yard"]


def test_a_day_begins_and_ends_in_bed() -> None:
    plan = DayPlan(person("ann", bedtime="22:00"))
    shown = {minute: plan.current(minute) for minute in (0, 419, 430, 720, 1319, 1320, 1439)}
    beds = {minute for minute, item in shown.items() if item and item.doing == "go to bed"}
    assert beds == {0, 419, 1320, 1439}
    assert shown[720] is None


def test_a_plan_is_made_once_a_day(company: MakeCompany) -> None:
    here = company(Scripted(likes=STAY), people=["ben"], start="23:50").live(20)
    assert [planned.tick for planned in here.events.of(Planned)] == [0, 10]


def test_one_of_several_aims_comes_first(company: MakeCompany) -> None:
    ben = person("ben", goals=["mend the roof", "find the cat"])
    model = Scripted(likes={"find": 1e9})
    here = company(model, people=[ben], options=MindOptions(exponent=0)).live(1)
    assert here.events.of(Planned)[0].items[0] == {"focus": "find the cat"}
