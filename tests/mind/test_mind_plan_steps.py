"""Steps of an activity: read, laid out, learned and used again."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.episode.events import Acted, Asked, FellBack, Planned, Remembered
from simulation.errors import InvalidReply
from simulation.memory.embeddings import HashEmbedder
from simulation.mind.learned import Conditions, Decomposition, Learned
from simulation.mind.options import MindOptions
from simulation.mind.plan import PlanItem
from simulation.mind.steps import Step, in_rounds, lay_out, named_parts, read_tail, steps_reader
from tests.kernel.toy import person
from tests.mind.company import Scripted

if TYPE_CHECKING:
    from simulation.language.base import Prompt
    from tests.mind.company import Company
    from tests.mind.conftest import MakeCompany

NAMES = frozenset({"Ann", "Ben"})


def near(_: str, __: str) -> float:
    return 0.9


def far(_: str, __: str) -> float:
    return 0.1


# Reading -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("doing", "parts"),
    [
        ("slice lemons and set the long table", ("slice lemons", "set the long table")),
        ("ring a bell and drop it", ("ring a bell", "drop the bell")),
        ("walk along the boats and hum", ()),
        ("eat bread and cheese", ()),
        ("knock at the doors of the old and the coughing", ()),
        ("sit on the bench and leave it", ()),
        ("count the baskets", ()),
    ],
)
def test_an_activity_that_names_its_parts_is_taken_apart_by_rule(
    doing: str, parts: tuple[str, ...]
) -> None:
    assert named_parts(doing) == parts


@pytest.mark.parametrize(
    ("tail", "steps"),
    [
        ("weigh the flour, then sift the flour", ("weigh the flour", "sift the flour")),
        ("weigh the flour, then sift it, and last bag it", ("weigh the flour", "sift the flour")),
        ("she will weigh the flour, then sift the flour.", ("weigh the flour", "sift the flour")),
        ("weigh the flour, then weigh the flour again, then weigh the flour", ()),
        ("weigh the flour, then greet the king", ()),
        ("weigh the flour, then the old will laugh", ()),
        ("weigh the flour, then steal the flour", ()),
        ("weigh the flour, then ask Zed for flour", ()),
        ("weigh the flour, then sift and sift and sift and sift the flour", ()),
        ("", ()),
        ("[flour] <b>weigh</b>", ()),
    ],
)  # fmt: skip
def test_a_small_models_steps_are_read_strictly(tail: str, steps: tuple[str, ...]) -> None:
    expected = (*steps, "bag the flour") if "bag" in tail else steps
    assert read_tail(tail, "weigh the flour", NAMES, near) == expected


def test_a_small_models_steps_must_be_close_to_the_activity() -> None:
    assert read_tail("weigh the flour, then sift the flour", "weigh the flour", NAMES, far) == ()


def steps_json(*rows: tuple[int, str]) -> str:
    steps = [{"minutes": minutes, "doing": doing} for minutes, doing in rows]
    return f"Here you are: {json.dumps({'steps': steps})}"


def test_a_chat_models_steps_are_read_from_json() -> None:
    reply = steps_json((10, "Weigh the flour."), (15, "wave to Ben"))
    assert steps_reader(NAMES)(reply) == (Step(10, "weigh the flour"), Step(15, "wave to Ben"))


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "First I would weigh the flour.",
        '{"steps": []}',
        '{"steps": [{"minutes": "ten", "doing": "weigh the flour"}]}',
        steps_json((10, "weigh the flour")),
        steps_json((0, "weigh the flour"), (10, "sift it")),
        steps_json((10, "weigh the flour"), (10, "steal the flour")),
        steps_json((10, "weigh the flour"), (10, "meet Zed at the mill")),
        steps_json((10, "weigh the flour"), (10, "sift and sift and sift and sift the flour")),
        steps_json((10, "weigh the flour"), (10, "the flour is sifted")),
        steps_json(*[(5, "weigh the flour")] * 13),
    ],
)
def test_what_are_no_steps_is_turned_away_with_a_reason(reply: str) -> None:
    with pytest.raises(InvalidReply):
        steps_reader(NAMES)(reply)


# On the clock ------------------------------------------------------------------------------------


def test_acts_without_a_length_come_round_until_the_time_is_filled() -> None:
    steps = in_rounds(("sow", "water", "rest"), 60, 15)
    assert steps == (*(Step(10, doing) for doing in ("sow", "water", "rest") * 2),)


HOUR = PlanItem(at=480, minutes=60, place="hall", doing="weigh the flour", level="hour")


def laid(steps: tuple[Step, ...], now: int) -> list[tuple[str, int, int]]:
    return [(item.doing, item.at, item.minutes) for item in lay_out(steps, HOUR, now)]


def test_steps_fill_what_is_left_of_the_hour() -> None:
    steps = (Step(10, "weigh"), Step(20, "sift"), Step(10, "bag"))
    assert laid(steps, 480) == [("weigh", 480, 15), ("sift", 495, 30), ("bag", 525, 15)]
    assert laid(steps, 520) == [("weigh", 520, 5), ("sift", 525, 10), ("bag", 535, 5)]


def test_where_time_is_short_the_first_steps_are_taken() -> None:
    steps = (Step(10, "weigh"), Step(10, "sift"), Step(10, "bag"))
    assert laid(steps, 530) == [("weigh", 530, 5), ("sift", 535, 5)]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.integers(480, 539))
def test_steps_follow_each_other_to_the_end_of_the_hour(lengths: list[int], now: int) -> None:
    items = lay_out([Step(length, "sift") for length in lengths], HOUR, now)
    assert (items[0].at, items[-1].until) == (now, 540)
    assert all(one.until == other.at for one, other in pairwise(items))
    assert all(item.minutes >= 1 for item in items)


# Learned -----------------------------------------------------------------------------------------

BAKING = Conditions(place="hall", part="morning", minutes=60)


def learned(doing: str = "bake the bread", conditions: Conditions = BAKING) -> Learned:
    store = Learned(0.97)
    vector = HashEmbedder().embed([doing])[0]
    known = Decomposition(
        event="e1", vector=vector, conditions=conditions, steps=(Step(10, "mix"),)
    )
    store.keep(known)
    return store


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (BAKING, True),
        (Conditions(place="hall", part="morning", minutes=30), True),
        (Conditions(place="hall", part="morning", minutes=90), True),
        (Conditions(place="hall", part="morning", minutes=29), False),
        (Conditions(place="hall", part="morning", minutes=91), False),
        (Conditions(place="yard", part="morning", minutes=60), False),
        (Conditions(place="hall", part="evening", minutes=60), False),
    ],
)
def test_what_was_learned_is_used_only_where_its_conditions_hold(
    wanted: Conditions, found: bool
) -> None:
    vector = HashEmbedder().embed(["bake the bread"])[0]
    assert (learned().find(vector, wanted) is not None) is found


def test_what_was_learned_is_not_used_for_another_activity() -> None:
    vector = HashEmbedder().embed(["mend the long net"])[0]
    assert learned().find(vector, BAKING) is None


# In a life ---------------------------------------------------------------------------------------

WEIGHS = "weigh the flour"
SIFTS = "weigh the flour, then sift the flour"


def miller(make: MakeCompany, model: Scripted, minutes: int = 120, **more: object) -> Company:
    """Ben, who weighs flour in the hall each morning for two hours and stays there."""
    habit = {"at": "07:00", "place": "hall", "doing": WEIGHS, "minutes": minutes}
    ben = person("ben", habits=[habit], goals=[])
    return make(model, people=[ben], **more)


def minutes_level(here: Company) -> list[Planned]:
    return [planned for planned in here.events.of(Planned) if planned.level == "minutes"]


def decomposed(here: Company) -> list[int]:
    return [asked.tick for asked in here.events.of(Asked) if asked.purpose == "decompose"]


def works(words: str = SIFTS) -> Scripted:
    """A model that does what is planned."""
    return Scripted(words, likes={WEIGHS: 1e9, "stay": 1e6})


def test_a_stroke_is_cut_into_hours_when_it_begins(company: MakeCompany) -> None:
    here = miller(company, works()).live(5)
    [hours] = [planned for planned in here.events.of(Planned) if planned.level == "hour"]
    assert (hours.of, hours.origin) == (WEIGHS, "rules")
    assert [item["at"] for item in hours.items] == ["07:00", "08:00"]


def test_an_hour_is_taken_apart_when_it_begins_and_not_before(company: MakeCompany) -> None:
    here = miller(company, works()).live(30)
    [planned] = minutes_level(here)
    [asked] = [asked for asked in here.events.of(Asked) if asked.purpose == "decompose"]
    assert (planned.of, planned.origin, planned.tick) == (WEIGHS, "model", 0)
    assert asked.id in planned.causes
    assert [(item["at"], item["doing"]) for item in planned.items] == [
        ("07:00", "weigh the flour"),
        ("07:15", "sift the flour"),
        ("07:30", "weigh the flour"),
        ("07:45", "sift the flour"),
    ]


def test_steps_are_what_is_done(company: MakeCompany) -> None:
    here = miller(company, works()).live(61)
    done = [acted.action["doing"] for acted in here.events.of(Acted, "ben")]
    assert done == ["weigh the flour", "sift the flour"] * 2


def test_steps_take_no_more_decisions_than_the_whole(company: MakeCompany) -> None:
    decided = [
        [asked.tick for asked in here.events.of(Asked) if asked.purpose == "decide"]
        for here in (
            miller(company, works(words)).live(119) for words in (SIFTS, "nothing to be said of it")
        )
    ]
    assert decided[0] == decided[1] == [0]


def test_the_next_hour_uses_what_was_learned_and_saves_a_call(company: MakeCompany) -> None:
    here = miller(company, works()).live(90)
    first, second = minutes_level(here)
    assert (second.origin, second.reused, second.tick) == ("reused plan", first.id, 60)
    assert first.id in second.causes
    assert [item["doing"] for item in second.items] == [item["doing"] for item in first.items]
    assert decomposed(here) == [0]


def test_without_reuse_every_hour_is_asked_about(company: MakeCompany) -> None:
    here = miller(company, works(), options=MindOptions(without=("reuse",))).live(90)
    assert [planned.origin for planned in minutes_level(here)] == ["model", "model"]
    assert decomposed(here) == [0, 60]


@pytest.mark.parametrize("minutes", [60, 120])
def test_the_same_habit_on_the_next_day_costs_no_call(company: MakeCompany, minutes: int) -> None:
    here = miller(company, works(), minutes=minutes).live(24 * 60 + 30)
    assert len(decomposed(here)) == 1
    assert minutes_level(here)[-1].tick >= 24 * 60
    assert minutes_level(here)[-1].origin == "reused plan"


def test_what_cannot_be_taken_apart_stays_whole_and_that_is_logged(company: MakeCompany) -> None:
    here = miller(company, works("flour flour flour")).live(61)
    first, *_ = minutes_level(here)
    assert (first.reason, first.origin) == ("it stays whole", "rules")
    assert [item["doing"] for item in first.items] == [WEIGHS]
    assert {acted.action["doing"] for acted in here.events.of(Acted, "ben")} == {WEIGHS}
    assert not here.events.of(FellBack)


def test_a_short_activity_is_not_taken_apart(company: MakeCompany) -> None:
    here = miller(company, works(), options=MindOptions(decompose_from=121)).live(30)
    assert not minutes_level(here)
    assert not decomposed(here)


def test_a_named_pair_of_acts_costs_no_call(company: MakeCompany) -> None:
    doing = "sweep the floor and light the stove"
    ben = person("ben", habits=[{"at": "07:00", "place": "hall", "doing": doing, "minutes": 60}])
    here = company(Scripted(likes={doing: 1e9}), people=[ben]).live(20)
    [planned] = minutes_level(here)
    assert (planned.origin, planned.reused) == ("rules", "")
    assert [item["doing"] for item in planned.items][:2] == ["sweep the floor", "light the stove"]
    assert not decomposed(here)


def test_a_small_model_is_asked_for_steps_four_times_a_day_at_most(company: MakeCompany) -> None:
    habits = [
        {"at": f"{hour:02d}:00", "place": "hall", "doing": f"grind grist {hour}", "minutes": 60}
        for hour in range(7, 14)
    ]
    ben = person("ben", habits=habits)
    here = company(Scripted("grind it well", likes={"grind": 1e9}), people=[ben]).live(7 * 60)
    assert decomposed(here) == [0, 60, 120, 180]


def test_a_chat_models_steps_and_minutes_are_lived(company: MakeCompany) -> None:
    def says(prompt: Prompt) -> str:
        return (
            steps_json((20, WEIGHS), (40, "bag the flour")) if "minutes" in prompt.question else ""
        )

    here = miller(company, Scripted(says, likes={WEIGHS: 1e9}, style="chat")).live(61)
    planned = minutes_level(here)[0]
    assert planned.origin == "model"
    assert [(item["minutes"], item["doing"]) for item in planned.items] == [
        (20, WEIGHS),
        (40, "bag the flour"),
    ]
    done = [acted.action["doing"] for acted in here.events.of(Acted, "ben")]
    assert list(dict.fromkeys(done)) == [WEIGHS, "bag the flour"]


def test_a_chat_model_that_gives_no_steps_falls_back_and_nothing_is_learned(
    company: MakeCompany,
) -> None:
    here = miller(company, Scripted("no steps", likes={WEIGHS: 1e9}, style="chat")).live(90)
    fell = [event for event in here.events.of(FellBack) if event.purpose == "decompose"]
    assert [event.tick for event in fell] == [0, 60]
    assert not minutes_level(here)
    assert {acted.action["doing"] for acted in here.events.of(Acted, "ben")} == {WEIGHS}


def test_a_step_is_remembered_as_what_was_done(company: MakeCompany) -> None:
    here = miller(company, works()).live(20)
    texts = [memory.text for memory in here.events.of(Remembered) if memory.kind == "observation"]
    assert "Ben waited." in texts  # The two rooms have one word for all that is done there.
