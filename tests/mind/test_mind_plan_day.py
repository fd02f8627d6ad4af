"""The day's plan: written or habitual, from yesterday, changed on the way, remembered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulation.episode.events import (
    Acted,
    Asked,
    Decided,
    FellBack,
    Learned,
    Planned,
    Reacted,
    Recalled,
    Remembered,
)
from simulation.episode.sink import Scribe
from simulation.errors import InvalidReply
from simulation.kernel.action import ACTION, Go, Say, Take, Wait
from simulation.kernel.facts import Appointment
from simulation.kernel.ids import Phase
from simulation.kernel.rules import Option
from simulation.kernel.streams import Streams
from simulation.language.base import Prompt
from simulation.mind.day import around, day_reader, open_places
from simulation.mind.intentions import Intentions
from simulation.mind.options import MindOptions, estimate_tokens
from simulation.mind.plan import PlanItem
from simulation.mind.yesterday import TOKENS
from tests.kernel.toy import SUPPER, Script, Toy, ToyRules, person, toy_spec
from tests.mind.company import Scripted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from personas import Persona
    from simulation.kernel.percept import Percept
    from simulation.kernel.spec import WorldSpec
    from simulation.kernel.view import Stage, WorldView
    from simulation.kernel.world import World
    from tests.mind.company import Company
    from tests.mind.conftest import MakeCompany, MakePercept

BELL = {"at": "08:00", "place": "hall", "doing": "ring the bell", "minutes": 30, "fixed": True}
NETS = {"at": "09:00", "place": "hall", "doing": "mend the net", "minutes": 90}


def ringer(**more: Any) -> Persona:
    """Ben, who always rings the bell at eight and mostly mends the net afterwards."""
    goals = ["find the cat", "mend the roof"]
    return person("ben", **({"habits": [BELL, NETS], "goals": goals} | more))


def day_json(*rows: tuple[str, str, str, int], aim: str = "mend the roof") -> str:
    shown = [
        {"at": at, "place": place, "doing": doing, "minutes": minutes}
        for at, place, doing, minutes in rows
    ]
    return json.dumps({"aim": aim, "day": shown})


WRITTEN = day_json(
    ("07:00", "yard", "climb up to the roof", 90),
    ("09:00", "hall", "carve a shingle", 60),
    ("11:00", "yard", "lay the shingles", 120),
)


def writes(day: str, summary: str = "Ben looked for the cat all day.") -> Callable[[Prompt], str]:
    """A chat model that writes this day."""

    def says(prompt: Prompt) -> str:
        return day if prompt.purpose == "plan" else summary if prompt.purpose == "summary" else ""

    return says


def day_plans(here: Company) -> list[Planned]:
    return [planned for planned in here.events.of(Planned, "ben") if planned.level == "day"]


def strokes(planned: Planned) -> list[tuple[str, str, int]]:
    """What is to be done when and for how long, without free time."""
    return [
        (item["at"], item["doing"], item["minutes"])
        for item in planned.items
        if "doing" in item and not item.get("free")
    ]


# Without a model that writes -----------------------------------------------------------------


def test_without_a_chat_model_the_habits_are_the_day(company: MakeCompany) -> None:
    here = company(Scripted(likes={"mend": 1e9}), people=[ringer()]).live(1)
    [planned] = day_plans(here)
    assert strokes(planned) == [("08:00", "ring the bell", 30), ("09:00", "mend the net", 90)]
    assert (planned.origin, planned.items[0]) == ("rules", {"focus": "mend the roof"})


def test_gaps_are_free_time_with_the_aim_of_the_day(company: MakeCompany) -> None:
    here = company(Scripted(likes={"mend": 1e9}), people=[ringer()]).live(1)
    free = [item for item in day_plans(here)[0].items if item.get("free")]
    assert [(item["at"], item["minutes"], item["doing"]) for item in free] == [
        ("10:30", 690, "mend the roof")
    ]


# Written by a chat model ---------------------------------------------------------------------


def test_a_chat_model_writes_the_day_in_one_call(company: MakeCompany) -> None:
    here = company(Scripted(writes(WRITTEN), style="chat"), people=[ringer()]).live(1)
    [planned] = day_plans(here)
    [asked] = [asked for asked in here.events.of(Asked) if asked.purpose == "plan"]
    assert (planned.origin, planned.causes) == ("model", (asked.id,))
    assert planned.items[0] == {"focus": "mend the roof"}
    assert strokes(planned) == [
        ("07:00", "climb up to the roof", 60),
        ("08:00", "ring the bell", 30),
        ("09:00", "carve a shingle", 60),
        ("11:00", "lay the shingles", 120),
    ]


def test_the_question_holds_what_a_day_is_made_from(company: MakeCompany) -> None:
    model = Scripted(writes(WRITTEN), style="chat")
    company(model, people=[ringer()]).live(1)
    [question] = model.questions("plan")
    for told in ("08:00 ring the bell (hall, 30 minutes, always)", "find the cat", "hall, yard"):
        assert told in question


BAD_DAYS = {
    "empty": "",
    "prose": "I will ring the bell and then have lunch.",
    "no such place": WRITTEN.replace("yard", "moon"),
    "no such hour": WRITTEN.replace("07:00", "7 o'clock"),
    "no such time": WRITTEN.replace("07:00", "25:00"),
    "overlap": WRITTEN.replace("09:00", "08:00"),
    "out of order": WRITTEN.replace("11:00", "06:00"),
    "loaded": WRITTEN.replace("lay the shingles", "steal the shingles"),
    "too long": WRITTEN.replace("lay the shingles", "lay one and one more until it is dark"),
    "stranger": WRITTEN.replace("lay the shingles", "visit Zed in town"),
    "no verb": WRITTEN.replace("lay the shingles", "the shingles"),
    "too few": day_json(("07:00", "yard", "climb up to the roof", 90)),
    "minutes": WRITTEN.replace("120", "2000"),
}  # fmt: skip


@pytest.mark.parametrize("day", BAD_DAYS.values(), ids=BAD_DAYS.keys())
def test_a_day_that_cannot_be_used_leaves_the_habits(company: MakeCompany, day: str) -> None:
    here = company(Scripted(writes(day), style="chat"), people=[ringer()]).live(1)
    [planned] = day_plans(here)
    assert planned.origin == "fallback"
    assert strokes(planned) == [("08:00", "ring the bell", 30), ("09:00", "mend the net", 90)]
    assert [fell.purpose for fell in here.events.of(FellBack) if fell.purpose == "plan"]


def test_a_written_day_is_read_with_its_aim() -> None:
    read = day_reader(("hall", "yard"), frozenset(), ("mend the roof",))
    items, aim = read(f"Of course: {WRITTEN}")
    assert [(item.at, item.place, item.doing) for item in items] == [
        (420, "yard", "climb up to the roof"),
        (540, "hall", "carve a shingle"),
        (660, "yard", "lay the shingles"),
    ]
    assert aim == "mend the roof"
    assert read(WRITTEN.replace("mend the roof", "rule the world"))[1] == ""


def test_a_reader_of_days_says_what_is_wrong() -> None:
    read = day_reader(("hall",), frozenset(), ())
    with pytest.raises(InvalidReply, match="no place with the id 'yard'"):
        read(WRITTEN)


def item(at: int, minutes: int, doing: str, **more: Any) -> PlanItem:
    return PlanItem(at=at, minutes=minutes, place="hall", doing=doing, **more)


def test_what_is_written_is_fitted_around_what_is_fixed() -> None:
    fixed = [item(480, 30, "ring the bell", fixed=True), item(600, 60, "teach", fixed=True)]
    written = [
        item(450, 45, "eat"),
        item(500, 60, "walk"),
        item(590, 30, "write"),
        item(600, 60, "teach"),
        item(640, 80, "sleep"),
    ]
    assert [(one.at, one.minutes, one.doing) for one in around(fixed, written)] == [
        (450, 30, "eat"),
        (480, 30, "ring the bell"),
        (510, 50, "walk"),
        (600, 60, "teach"),
        (660, 60, "sleep"),
    ]


def test_nobody_plans_to_be_in_the_home_of_another(percept: MakePercept) -> None:
    hermit = person("ann", home="yard", habits=[{**NETS, "place": "yard"}])
    here = percept("ben", cast=(hermit, person("ben")), people=("ann", "ben"))
    assert open_places(here, ()) == ("hall",)
    assert open_places(here, [item(600, 60, "go to the yard")]) == ("hall",)
    met = PlanItem(at=600, minutes=60, place="yard", doing="go to the yard", fact="supper")
    assert open_places(here, [met]) == ("hall", "yard")


def test_words_of_ones_own_are_an_act_where_the_world_has_no_name_for_it(
    company: MakeCompany,
) -> None:
    day = day_json(
        ("07:00", "hall", "count the shingles", 30),
        ("07:30", "yard", "lay the shingles", 20),
        ("09:00", "hall", "carve a shingle", 20),
    )
    model = Scripted(writes(day), likes={"count": 1e9}, style="chat")
    here = company(model, people=[ringer()]).live(31)
    [acted] = here.events.of(Acted, "ben")
    assert ACTION.validate_python(acted.action) == Wait(minutes=30, doing="count the shingles")
    menu = json.loads(here.events.contents[here.events.of(Decided, "ben")[0].menu])
    [own] = [option for option in menu if option["text"] == "count the shingles"]
    assert own["effects"] == []


def test_a_planned_use_is_that_use_in_other_words(company: MakeCompany) -> None:
    day = day_json(
        ("07:00", "hall", "take the apple from the table", 30),
        ("07:30", "yard", "lay the shingles", 20),
        ("09:00", "hall", "carve a shingle", 20),
    )
    model = Scripted(writes(day), likes={"take the apple": 1e9}, style="chat")
    here = company(model, people=[ringer()]).live(1)
    [acted] = here.events.of(Acted, "ben")
    assert ACTION.validate_python(acted.action) == Take(thing="apple")


def perceived(worlds: list[World], kind: type[Toy], ben: Persona, start: str) -> Percept:
    """What Ben perceives at an hour, alone in the hall of a world."""
    script = Script()
    world = kind(toy_spec((ben,), start=start), mind=lambda _, __: script, rng=1)
    worlds.append(world)
    world.step()
    return script.percepts[0]


class OnlyUses(ToyRules):
    """Whatever is done here is the use of an object."""

    def stands_for_use(self, view: WorldView, agent: str, doing: str) -> bool:
        return True


class Workshop(Toy):
    @classmethod
    def rules_of(cls, spec: WorldSpec, stage: Stage) -> ToyRules:
        return OnlyUses(spec, stage)


def test_the_use_of_an_object_is_never_done_in_words_alone(worlds: list[World]) -> None:
    percepts = [perceived(worlds, world, ringer(), "09:10") for world in (Toy, Workshop)]
    own = [
        [option for option in intentions(ringer()).options(here) if option not in here.options]
        for here in percepts
    ]
    assert [option.text for option in own[0]] == ["mend the net"]
    assert own[1] == []


# From day to day -----------------------------------------------------------------------------


def second_day(company: MakeCompany, model: Scripted) -> Company:
    """Ben from eleven at night until the next day has begun."""
    return company(model, people=[ringer()], start="23:00").live(70)


def test_the_second_day_is_planned_from_yesterdays_summary(company: MakeCompany) -> None:
    model = Scripted(writes(WRITTEN), likes={"stay": 1e9}, style="chat")
    here = second_day(company, model)
    first, second = day_plans(here)
    [summary] = [
        memory for memory in here.events.of(Remembered) if memory.text.startswith("Ben look")
    ]
    assert first.memories == ()
    assert second.memories == (summary.id,)
    assert (summary.kind, summary.text) == ("reflection", "Ben looked for the cat all day.")
    assert "Yesterday: Ben looked for the cat all day." in model.questions("plan")[-1]
    assert len(model.questions("summary")) == 1


def test_without_a_chat_model_yesterday_is_summed_up_without_a_call(company: MakeCompany) -> None:
    model = Scripted(likes={"stay": 1e9})
    here = second_day(company, model)
    [summary] = [memory for memory in here.events.of(Remembered) if "yesterday" in memory.text]
    assert day_plans(here)[-1].memories == (summary.id,)
    assert not model.questions("summary")
    assert summary.text in model.questions("plan")[-1]
    assert "yesterday" not in model.questions("plan")[0]


def test_a_summary_rests_on_memories_of_yesterday_and_is_short(company: MakeCompany) -> None:
    for model in (Scripted(likes={"stay": 1e9}), Scripted("", likes={"stay": 1e9}, style="chat")):
        here = second_day(company, model)
        [summary] = [memory for memory in here.events.of(Remembered) if "yesterday" in memory.text]
        known = {memory.id: memory for memory in here.events.of(Remembered)}
        assert summary.evidence
        assert all(known[identity].tick < 60 for identity in summary.evidence)
        assert all(known[identity].kind != "plan" for identity in summary.evidence)
        assert estimate_tokens(summary.text) <= TOKENS + 5


def test_a_promise_holds_on_the_next_day(company: MakeCompany) -> None:
    ann = Script({1: Say(to="ben", text="I give a supper.", facts=("supper",))})
    model = Scripted(likes={"stay": 1e9})
    here = company(model, people=["ann", ringer()], minds={"ann": ann}, start="23:50").live(15)
    heard, *_ = [planned for planned in day_plans(here) if planned.reason]
    assert heard.causes == tuple(learned.id for learned in here.events.of(Learned, "ben"))
    assert "supper" in {row.get("fact") for row in day_plans(here)[-1].items}
    assert day_plans(here)[-1].tick == 10


# What comes between --------------------------------------------------------------------------


def intentions(who: Persona) -> Intentions:
    return Intentions(who, Streams(1))


def scribe() -> Scribe:
    return Scribe(0, Phase.THINK, 1, "ben", "hall")


TALK = Option(text="talk with Ann", action=Say(to="ann"))


def test_a_reaction_moves_what_it_cuts_short(worlds: list[World]) -> None:
    mind, log = intentions(ringer()), scribe()
    here = perceived(worlds, Toy, ringer(), "09:30")
    mind.revise(here, log, TALK, "e7")
    [planned] = [event for event in log.events if isinstance(event, Planned)]
    assert (planned.causes, planned.reason) == (("e7",), "mend the net goes on later")
    assert strokes(planned) == [("08:00", "ring the bell", 30), ("09:35", "mend the net", 60)]
    assert mind.due(here) is None


def test_a_reaction_that_lasts_moves_it_for_as_long(worlds: list[World]) -> None:
    mind, log = intentions(ringer()), scribe()
    rest = Option(text="stay", action=Wait(minutes=30), minutes=30)
    mind.revise(perceived(worlds, Toy, ringer(), "09:30"), log, rest, "e7")
    [planned] = [event for event in log.events if isinstance(event, Planned)]
    assert strokes(planned)[-1] == ("10:00", "mend the net", 60)


@pytest.mark.parametrize(
    ("start", "option"),
    [
        ("08:10", TALK),
        ("12:00", TALK),
        ("09:30", Option(text="mend the net", action=Wait(doing="mend the net"))),
        ("09:30", Option(text="go to the hall", action=Go(to="hall"))),
    ],
    ids=["what is fixed", "nothing", "what is planned", "the way to it"],
)
def test_a_reaction_that_cuts_nothing_short_changes_no_plan(
    worlds: list[World], start: str, option: Option
) -> None:
    mind, log = intentions(ringer()), scribe()
    mind.revise(perceived(worlds, Toy, ringer(), start), log, option, "e7")
    assert log.events == []


def test_a_reaction_in_a_life_revises_the_plan(company: MakeCompany) -> None:
    ben = ringer(habits=[{**NETS, "at": "07:00", "minutes": 60}])
    ann = Script({5: Go(to="hall")})
    model = Scripted(likes={"talk with": 1e9, "mend": 1e6})
    options = MindOptions(salience=3.0, without=("inner_state",))
    here = company(
        model, people=["ann", ben], minds={"ann": ann}, options=options, cells={"ann": (1, 8)}
    ).live(20)
    changed = [planned for planned in day_plans(here) if planned.reason]
    reacted = {event.id for event in here.events.of(Reacted, "ben") if event.response != "continue"}
    assert changed
    assert set(changed[0].causes) <= reacted
    assert changed[0].reason == "mend the net goes on later"


class Shut(ToyRules):
    """No way leads to the yard."""

    def legal(self, view: WorldView, agent: str) -> Sequence[Option]:
        return [
            option
            for option in super().legal(view, agent)
            if not (isinstance(option.action, Go) and option.action.to == "yard")
        ]


class ShutYard(Toy):
    @classmethod
    def rules_of(cls, spec: WorldSpec, stage: Stage) -> ToyRules:
        return Shut(spec, stage)


def test_what_cannot_be_reached_at_its_time_is_given_up(worlds: list[World]) -> None:
    ben = ringer(habits=[{**NETS, "place": "yard"}])
    mind, log = intentions(ben), scribe()
    assert mind.still_due(perceived(worlds, ShutYard, ben, "09:10"), log) is None
    [planned] = [event for event in log.events if isinstance(event, Planned)]
    assert planned.reason == "no way leads to the yard; given up: mend the net"
    assert strokes(planned) == []


def test_what_is_fixed_is_not_given_up(worlds: list[World]) -> None:
    ben = ringer(habits=[{**NETS, "place": "yard", "fixed": True}])
    mind, log = intentions(ben), scribe()
    due = mind.still_due(perceived(worlds, ShutYard, ben, "09:10"), log)
    assert due is not None
    assert due.doing == "mend the net"
    assert log.events == []


# In memory -----------------------------------------------------------------------------------


def test_every_stroke_is_a_memory_that_rests_on_the_plan(company: MakeCompany) -> None:
    here = company(Scripted(likes={"mend": 1e9}), people=[ringer()]).live(1)
    [planned] = day_plans(here)
    kept = [memory for memory in here.events.of(Remembered) if memory.kind == "plan"]
    assert [memory.text for memory in kept] == [
        "Ben plans to ring the bell in the hall at 08:00.",
        "Ben plans to mend the net in the hall at 09:00.",
        "Ben is free from 10:30 to 22:00 to mend the roof.",
    ]
    assert kept[0].spoken == "I plan to ring the bell in the hall at 08:00"
    assert {memory.evidence for memory in kept} == {(planned.id,)}
    assert kept[0].importance > kept[1].importance


def test_an_appointment_that_is_heard_of_is_one_new_memory(company: MakeCompany) -> None:
    ann = Script({1: Say(to="ben", text="I give a supper.", facts=("supper",))})
    late = SUPPER.model_copy(update={"appointment": Appointment(place="yard", time="20:00")})
    model = Scripted(likes={"stay": 1e9})
    people = ["ann", ringer()]
    here = company(model, people=people, minds={"ann": ann}, facts=(late,)).live(4)
    kept = [memory for memory in here.events.of(Remembered, "ben") if memory.kind == "plan"]
    new = [memory.text for memory in kept if memory.tick > 0]
    assert "Ben plans to go to the yard at 20:00." in new
    assert not [text for text in new if "bell" in text or "net" in text]


def test_plans_take_no_places_of_what_happened(company: MakeCompany) -> None:
    model = Scripted(likes={"stay": 2.0})
    people = ["ann", ringer()]
    here = company(model, people=people, options=MindOptions(retrieved=3), apples=9).live(40)
    plans = {memory.id for memory in here.events.of(Remembered) if memory.kind == "plan"}
    recalled = here.events.of(Recalled)
    assert plans
    assert {len(event.memories) for event in recalled if event.purpose == "decide"} >= {3}
    assert not plans & {memory for event in recalled for memory in event.memories}


# Switched off --------------------------------------------------------------------------------


def test_without_planning_there_is_no_plan_anywhere(company: MakeCompany) -> None:
    model = Scripted(likes={"stay": 2.0})
    options = MindOptions(without=("planning",))
    people = ["ann", ringer()]
    here = company(model, people=people, options=options, start="07:55", apples=9).live(60)
    assert not here.events.of(Planned)
    assert not [memory for memory in here.events.of(Remembered) if memory.kind == "plan"]
    assert not model.questions("plan") + model.questions("decompose")
    assert not [asked for asked in model.questions("decide") if "planned to" in asked]


def test_without_planning_one_still_goes_to_bed(company: MakeCompany) -> None:
    options = MindOptions(without=("planning",))
    model = Scripted(likes={"go to bed": 1e9})
    here = company(model, people=[ringer()], options=options, start="22:30").live(3)
    assert here.world.view().asleep("ben")
