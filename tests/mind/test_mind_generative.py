"""The generative mind as a whole: what it asks, when, and what nonsense does to it."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from simulation.episode.events import Acted, Asked, Decided, FellBack, Remembered, Said
from simulation.errors import BudgetExceeded
from simulation.kernel.action import Say
from simulation.language.fake import FakeChatModel, FakeModel
from simulation.language.names import open_model
from simulation.language.replies import LONGEST_REPLY
from simulation.lint import find_loaded_words
from simulation.mind.options import MindOptions
from tests.kernel.toy import Script
from tests.mind.company import Scripted

if TYPE_CHECKING:
    from tests.mind.conftest import MakeCompany

PEOPLE = ("ann", "ben", "cat")
REFUSAL = "I'm sorry, but I can't assist with that request."
WRONG = '{"choice": ["fly"], "n": {"deep": [[]]}}'
NONSENSE = {
    "empty": "",
    "blank": " \n\t ",
    "refusal": REFUSAL,
    "wrong JSON": WRONG,
    "half JSON": '{"say": "good mor',
    "1 MB": "gibberish " * 100_000,
    "NUL": "\x00gib\x00berish\x00",
    "escape": "\x1b[2Jgibberish <script>alert('x')</script>",
    "surrogate": "gibberish \ud83d",
    "out of range": "999",
}


@pytest.mark.parametrize("words", NONSENSE.values(), ids=NONSENSE.keys())
def test_a_chat_model_can_say_anything(company: MakeCompany, words: str) -> None:
    model = open_model(FakeChatModel([words]))
    options = MindOptions(reflection_threshold=10)
    here = company(model, people=PEOPLE, options=options, start="12:00").live(12)
    assert here.world.tick == 12
    assert here.events.of(FellBack)
    assert {decided.origin for decided in here.events.of(Decided)} == {"fallback"}
    remembered = " ".join(memory.text for memory in here.events.of(Remembered))
    for trace in ("gibberish", "gib", "assist", "choice", "good mor", "999", "\x00", "\x1b"):
        assert trace not in remembered
    json.dumps([event.model_dump(mode="json") for event in here.events.all])


@pytest.mark.parametrize("words", NONSENSE.values(), ids=NONSENSE.keys())
def test_a_weak_model_can_say_anything(company: MakeCompany, words: str) -> None:
    options = MindOptions(reflection_threshold=10)
    likes = {"talk with": 5.0}
    # A model's own contract caps what it writes; what stands in it is still anything.
    model = Scripted(words[:LONGEST_REPLY], likes)
    here = company(model, people=PEOPLE, options=options, start="12:00").live(12)
    assert here.world.tick == 12
    for said in here.events.of(Said):
        assert len(said.text) <= 400
        assert not set(said.text) & set("<>{}[]\x00\x1b")
    for memory in here.events.of(Remembered):
        assert len(memory.text) < 500
        assert "\x00" not in memory.text
    json.dumps([event.model_dump(mode="json") for event in here.events.all])


@pytest.mark.parametrize("style", ["completion", "chat"])
def test_the_fake_models_carry_a_day(company: MakeCompany, style: str) -> None:
    model = FakeModel("chat" if style == "chat" else "completion")
    here = company(model, people=PEOPLE, start="07:00", apples=9).live(60)
    assert len(here.events.of(Decided)) > 5
    assert here.events.of(Said)
    assert here.events.of(Acted)


def test_an_ordinary_act_takes_one_call_at_most(company: MakeCompany) -> None:
    model = Scripted(likes={"stay": 3.0})
    here = company(model, people=PEOPLE, start="12:00", apples=50).live(40)
    calls = Counter((a.agent, a.tick) for a in here.events.of(Asked) if a.purpose == "decide")
    assert max(calls.values()) == 1
    assert len(here.events.of(Decided)) >= len(calls)


def test_nobody_is_asked_while_an_activity_goes_on(company: MakeCompany) -> None:
    model = Scripted(likes={"go to bed": 1e9})
    here = company(model, people=["ann"], start="23:00", energy=0).live(60)
    assert here.world.view().asleep("ann")
    [asked] = here.events.of(Asked)
    assert asked.tick == 0


def test_a_walk_is_one_decision(company: MakeCompany) -> None:
    model = Scripted(likes={"go to the yard": 1e9})
    here = company(model, people=["ben"], start="12:00").live(6)
    assert [decided.tick for decided in here.events.of(Decided)] == [0]
    assert here.world.view().activity("ben") is not None


def test_a_talk_comes_before_everything_else(company: MakeCompany) -> None:
    ann = Script({0: Say(to="ben", text="Good morning, Ben.")})
    model = Scripted(likes={"go to the yard": 1e9})
    here = company(model, minds={"ann": ann}, start="12:00", cells={"ben": (0, 0)}).live(4)
    answers = [said for said in here.events.of(Said, "ben") if said.to == "ann"]
    assert [said.tick for said in answers] == [1]


def test_what_was_said_is_remembered_by_whoever_heard_it(company: MakeCompany) -> None:
    ann = Script({0: Say(to="ben", text="The bread is ready.")})
    here = company(Scripted(), people=PEOPLE, minds={"ann": ann}, start="12:00").live(3)
    kept = {
        memory.agent: memory.text
        for memory in here.events.of(Remembered)
        if memory.kind == "dialogue" and memory.people == ("ann",)
    }
    assert kept == {
        "ben": "Ann told Ben: The bread is ready.",
        "cat": "Ann said: The bread is ready.",
    }


def test_every_memory_rests_on_an_event_of_the_log(company: MakeCompany) -> None:
    options = MindOptions(reflection_threshold=10)
    model = Scripted(likes={"talk with": 2.0})
    here = company(model, people=PEOPLE, options=options, start="12:00", apples=9).live(30)
    known = {event.id for event in here.events.all}
    for memory in here.events.of(Remembered):
        assert set(memory.evidence) <= known
        assert memory.again == "" or memory.again in known


def test_one_seed_gives_one_life(company: MakeCompany) -> None:
    lives = [
        company(FakeModel(), people=PEOPLE, seed=5, start="12:00").live(30).events.all
        for _ in range(2)
    ]
    assert lives[0] == lives[1]


def test_seeds_differ(company: MakeCompany) -> None:
    lives = [
        company(FakeModel(), people=PEOPLE, seed=seed, start="12:00").live(30).events.all
        for seed in (5, 6)
    ]
    assert lives[0] != lives[1]


def test_a_spent_budget_stops_the_tick(company: MakeCompany) -> None:
    here = company(Scripted(), people=PEOPLE, budget=5, start="12:00")
    with pytest.raises(BudgetExceeded):
        here.live(60)
    assert here.events.ticks == list(range(-1, here.world.tick))


def test_what_a_mind_reads_names_nothing_that_is_studied(company: MakeCompany) -> None:
    model = Scripted("we bake all morning", likes={"talk with": 2.0})
    company(model, people=PEOPLE, start="06:50", apples=9).live(60)
    assert {prompt.purpose for prompt in model.asked} >= {"decide", "utter"}
    texts = [prompt.as_completion() for prompt in model.asked]
    texts += [prompt.instructions for prompt in model.asked]
    texts += [text for menu in model.options for text in menu]
    assert {loaded.word for text in texts for loaded in find_loaded_words(text)} == set()
