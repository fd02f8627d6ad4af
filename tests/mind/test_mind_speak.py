"""What is said: facts by id, tails without credit, ids that were offered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulation.episode.events import FellBack, Learned, Remembered, Said, TalkEnded
from simulation.kernel.action import Say
from simulation.kernel.facts import Fact
from simulation.mind.speak import may_tell
from simulation.mind.tail import usable_tail, without_tail
from tests.kernel.toy import FACTS, PAPER, SUPPER, Script
from tests.mind.company import Scripted

if TYPE_CHECKING:
    from tests.mind.company import Company
    from tests.mind.conftest import MakeCompany, MakePercept

SECRET = Fact(
    id="secret",
    statement="Ann has hidden the key.",
    spoken="Ann has hidden the key",
    spoken_by={"ann": "I have hidden the key"},
    seeded=("ann",),
    concerns=("ann",),
    kept_from=("*",),
)
PEOPLE = ("ann", "ben", "cat")
TALKS = {"talk with Ben": 1e9}


def talked(company: MakeCompany, model: Scripted, ticks: int = 3, **more: Any) -> Company:
    """Ann and Ben stand in the hall, and Ann would rather talk with Ben than anything."""
    settings: dict[str, Any] = {"start": "12:00", "people": PEOPLE} | more
    return company(model, **settings).live(ticks)


def first(here: Company) -> Said:
    return here.events.of(Said, "ann")[0]


# What may be told ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("speaker", "partner", "kept_from", "told"),
    [
        ("ann", "ben", (), True),
        ("ann", "ben", ("*",), False),
        ("ann", "ben", ("ben",), False),
        ("ann", "cat", ("ben",), True),
        ("ben", "cat", ("*",), True),  # who heard it from another is bound by nothing
        ("ben", "ann", (), False),  # nobody is told what concerns themselves
    ],
)
def test_a_fact_is_kept_from_whom_the_world_says(
    percept: MakePercept, speaker: str, partner: str, kept_from: tuple[str, ...], told: bool
) -> None:
    fact = SUPPER.model_copy(update={"kept_from": kept_from})
    acts = {"ann": {0: Say(to="ben", text="Hm.", facts=("supper",))}}
    here = percept(speaker, 1, acts=acts, people=PEOPLE, facts=[fact])
    assert may_tell(here, "supper", partner) is told


def test_what_everyone_has_always_known_is_no_news(percept: MakePercept) -> None:
    fact = PAPER.model_copy(update={"seeded": PEOPLE})
    assert not may_tell(percept(people=PEOPLE, facts=[fact]), "paper", "ben")


def test_a_secret_is_not_told_by_whoever_keeps_it(company: MakeCompany) -> None:
    model = Scripted("nothing more", likes=TALKS | {"talk": 1e6})
    here = talked(company, model, 150, facts=[SECRET], people=["ann", "ben"])
    assert here.events.of(Said)
    assert [learned.agent for learned in here.events.of(Learned)] == ["ann"]
    assert not [said for said in here.events.of(Said) if "key" in said.text]


def test_a_secret_is_not_even_offered_to_a_chat_model(company: MakeCompany) -> None:
    model = Scripted('{"say": "Hm.", "facts": ["secret"]}', likes=TALKS, style="chat")
    here = talked(company, model, facts=[SECRET])
    assert first(here).facts == ()
    assert not [question for question in model.questions("utter") if "key" in question]


# A given clause and a tail ----------------------------------------------------------------------


def test_a_weak_model_is_given_the_clause_and_adds_a_tail(company: MakeCompany) -> None:
    here = talked(company, Scripted("you must come early", likes=TALKS))
    said = first(here)
    assert said.text == "I give a supper in the yard at eight, so you must come early."
    assert (said.given, said.facts) == ("I give a supper in the yard at eight", ("supper",))
    learned = [event for event in here.events.of(Learned) if event.fact == "supper"]
    assert [(event.agent, event.source) for event in learned] == [
        ("ann", "seeded"), ("ben", "told"), ("cat", "overheard"),
    ]  # fmt: skip


def test_a_tail_is_never_credited_with_a_fact(company: MakeCompany) -> None:
    fact = PAPER.model_copy(update={"spoken": "we must wait here"})
    model = Scripted("we must wait here", likes=TALKS)
    here = talked(company, model, facts=[SUPPER, fact])
    assert first(here).text.endswith("so we must wait here.")
    assert first(here).facts == ("supper",)
    assert not [event for event in here.events.of(Learned) if event.fact == "paper"]
    # Nor does what was added enter a memory of the fact, or go on from there.
    kept = [m.text for m in here.events.of(Remembered) if m.fact or m.kind == "fact"]
    assert not [text for text in kept if "wait" in text]


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "yes",
        "Ann will bake",
        "we go [laughs] home",
        "we go *home* now",
        "he said: we go home",
        "we help Gudrun",
        "a supper in the yard it is",
        "we go on and we go on and on",
        "that nobody hears it",
        "far nobody hears it",
        " ".join(["word"] * 17),
        "we go <b>home</b> now",
    ],
)
def test_a_tail_that_cannot_be_said_is_dropped(company: MakeCompany, tail: str) -> None:
    said = first(talked(company, Scripted(tail, likes=TALKS)))
    assert said.text == "I give a supper in the yard at eight."
    assert said.facts == ("supper",)


@pytest.mark.parametrize(
    ("tail", "said"),
    [
        ("you must come early", True),
        ("I shall look at the yard first", True),
        ("we had better tell everyone", True),
        ("I put it in the oven", False),  # an event that nobody saw
        ("I am sorry", False),
        ("I will not be there", False),  # the contrary
        ("I will make a cake", False),  # a thing from nowhere
        ("I would let you have it", False),
    ],
)
def test_a_tail_is_an_intention_that_brings_in_nothing_new(
    company: MakeCompany, tail: str, said: bool
) -> None:
    text = first(talked(company, Scripted(tail, likes=TALKS))).text
    clause = "I give a supper in the yard at eight"
    assert text == (f"{clause}, so {tail}." if said else f"{clause}.")


def test_a_tail_that_repeats_the_talk_is_dropped() -> None:
    assert usable_tail("we bake all morning", "The gate is shut", "Ann")
    assert not usable_tail("we bake all morning", "Come, we bake all day", "Ann")


def test_what_was_given_can_be_told_from_what_was_added() -> None:
    assert without_tail("The gate is shut, so we walk round.") == "The gate is shut"
    assert without_tail("The gate is shut.") == "The gate is shut."


def test_the_same_is_not_told_twice_to_one_person(company: MakeCompany) -> None:
    model = Scripted("you must come early", likes={"talk with": 1e9})
    here = talked(company, model, 300, people=["ann", "ben"])
    told = [(s.agent, s.to, fact) for s in here.events.of(Said) for fact in s.facts]
    assert told == list(dict.fromkeys(told))
    assert ("ben", "ann", "supper") not in told


def test_a_failing_model_leaves_the_clause_alone(company: MakeCompany) -> None:
    here = talked(company, Scripted(likes=TALKS, fails=["utter"]))
    assert first(here).text == "I give a supper in the yard at eight."
    assert first(here).call == ""
    assert here.events.of(FellBack, "ann")[0].purpose == "utter"


def test_words_name_the_call_behind_them(company: MakeCompany) -> None:
    here = talked(company, Scripted("you must come early", likes=TALKS))
    asked = {event.id for event in here.events.all if event.id == first(here).call}
    assert len(asked) == 1


# A chat model -------------------------------------------------------------------------------------


def reply(**fields: object) -> str:
    return json.dumps({"say": "Come to my supper!"} | fields)


def spoken(company: MakeCompany, words: str, **more: Any) -> Company:
    return talked(company, Scripted(words, likes=TALKS, style="chat"), **more)


def test_a_chat_model_speaks_freely_and_names_what_it_spoke_of(company: MakeCompany) -> None:
    here = spoken(company, reply(facts=["supper"]))
    assert (first(here).text, first(here).facts) == ("Come to my supper!", ("supper",))
    assert first(here).given == ""
    assert [event.agent for event in here.events.of(Learned)] == ["ann", "ben", "cat"]


@pytest.mark.parametrize("facts", [["paper"], ["no such fact"], ["m9"], ["*"], []])
def test_ids_that_were_not_offered_carry_nothing(company: MakeCompany, facts: list[str]) -> None:
    here = spoken(company, reply(facts=facts), facts=FACTS)
    assert first(here).text == "Come to my supper!"
    assert first(here).facts == ()
    assert [event.agent for event in here.events.of(Learned)] == ["ann"]


def test_an_id_that_is_named_twice_counts_once(company: MakeCompany) -> None:
    assert first(spoken(company, reply(facts=["supper", "supper"]))).facts == ("supper",)


def test_a_chat_model_can_close_the_talk(company: MakeCompany) -> None:
    here = spoken(company, reply(end=True), ticks=3, people=["ann", "ben"])
    assert [said for said in here.events.of(Said, "ben") if said.tick == 1] == []
    [ended] = here.events.of(TalkEnded, "ann")
    assert (ended.reason, ended.turns) == ("closed", 1)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Good morning!",
        "[]",
        '{"text": "hm"}',
        '{"say": 3}',
        '{"say": "hm", "facts": 7}',
        "{" * 50,
    ],
)
def test_what_is_not_the_json_that_was_asked_for_is_not_said(
    company: MakeCompany, words: str
) -> None:
    here = spoken(company, words)
    assert first(here).given == "I give a supper in the yard at eight"
    fell = [event for event in here.events.of(FellBack, "ann") if event.purpose == "utter"]
    assert fell[0].reply == words


def test_json_within_other_words_is_found(company: MakeCompany) -> None:
    words = f"Here you are:\n```json\n{reply(facts=['supper'])}\n```"
    assert first(spoken(company, words)).facts == ("supper",)


def test_a_long_speech_is_cut(company: MakeCompany) -> None:
    assert len(first(spoken(company, reply(say="blah " * 900))).text) <= 400


def test_nothing_said_is_no_utterance(company: MakeCompany) -> None:
    assert first(spoken(company, reply(say="  \n "))).given


def test_nobody_answers_a_person_without_words(company: MakeCompany) -> None:
    ann = Script({0: Say(to="ben", text="")})
    here = company(Scripted(), minds={"ann": ann}, start="12:00").live(3)
    assert all(memory.text.strip() for memory in here.events.of(Remembered))
