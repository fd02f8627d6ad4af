"""What people are to each other, and how talk changes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

from simulation.episode.events import FellBack, Related, Remembered, Said, TalkEnded
from simulation.kernel.action import Say
from simulation.kernel.topics import Topic
from simulation.language.chat import ChatModel
from simulation.language.fake import FakeChatModel
from simulation.memory.record import Memory
from simulation.mind.options import MindOptions
from simulation.mind.relationship import (
    CLOSEST,
    FARTHEST,
    Relationships,
    closeness_step,
    weightiest,
)
from simulation.mind.talk import Line, Talk
from tests.kernel.toy import SUPPER, Script, person
from tests.mind.company import Scripted

if TYPE_CHECKING:
    from personas import Persona
    from simulation.kernel.topics import Position
    from tests.mind.company import Company
    from tests.mind.conftest import MakeCompany, MakePercept

TALKS = {"talk with": 1e9}
MILL = SUPPER.model_copy(
    update={"id": "mill", "spoken": "the mill is shut", "statement": "The mill is shut."}
    | {"spoken_by": {}, "seeded": ("ben",), "concerns": (), "appointment": None}
)


def tied(name: str, other: str, closeness: int = 1, tie: str = "godson") -> Persona:
    row = {"person": other, "tie": tie, "feeling": "likes the quiet there"}
    return person(name, relationships=[row | {"closeness": closeness}])


def met(company: MakeCompany, model: Any = None, ticks: int = 9, **more: Any) -> Company:
    """Ann and Ben talk with each other from noon on."""
    data: dict[str, Any] = {"people": ("ann", "ben"), "facts": [SUPPER, MILL], "start": "12:00"}
    return company(model or Scripted(likes=TALKS), **data | more).live(ticks)


# At the start -------------------------------------------------------------------------------------


def test_closeness_starts_at_twice_what_the_persona_says(percept: MakePercept) -> None:
    bonds = Relationships(tied("ann", "ben", -1), MindOptions())
    assert bonds.closeness("ben") == -2
    assert bonds.closeness("cat") == 0
    here = percept(people=("ann", "ben", "cat"))
    assert bonds.about(here, "ben") == "Ben is Ann's godson. Ann likes the quiet there."
    assert bonds.about(here, "cat") == ""


@pytest.mark.parametrize(
    ("tie", "shown"),
    [
        ("godson", "a miller, Ann's godson"),
        ("opposite in everything but hours worked", "a miller"),
        ("very oldest friend", "a miller, Ann's very oldest friend"),
    ],
)
def test_only_a_short_tie_introduces_somebody(percept: MakePercept, tie: str, shown: str) -> None:
    bonds = Relationships(tied("ann", "ben", tie=tie), MindOptions())
    assert bonds.introduced(percept(people=("ann", "ben")), "ben") == shown


# The rule -----------------------------------------------------------------------------------------


def line(speaker: str, **more: Any) -> Line:
    return Line(speaker, speaker.title(), "Words.", **more)


def ended(*lines: Line, over: str = "closed") -> Talk:
    return Talk(partner="ben", begun=0, lines=list(lines), turns=len(lines), over=over)


NEWS: dict[str, Any] = {"facts": ("mill",)}
VIEW: dict[str, Any] = {"positions": (("toll", -0.5),)}


@pytest.mark.parametrize(
    ("lines", "over", "own", "step"),
    [
        ([line("ann", **NEWS), line("ben", **NEWS)], "closed", None, 1),
        ([line("ann", **NEWS), line("ben", **VIEW)], "closed", None, 1),
        ([line("ann", **NEWS), line("ben")], "closed", None, 0),
        ([line("ann"), line("ben")], "closed", None, 0),
        ([line("ann", **NEWS), line("ben", **NEWS)], "no answer", None, -1),
        ([line("ann"), line("ben")], "out of earshot", None, -1),
        ([line("ann"), line("ben", last=True)], "out of earshot", None, 0),
        ([line("ann", **NEWS), line("ben", **VIEW)], "closed", 0.9, -1),
        ([line("ann", **NEWS), line("ben", **VIEW)], "closed", 0.3, 1),
        ([line("ann", **NEWS), line("ben", **VIEW)], "closed", -0.9, 1),
    ],
)
def test_closeness_moves_by_the_documented_rule(
    lines: list[Line], over: str, own: Position | None, step: float
) -> None:
    assert closeness_step(ended(*lines, over=over), "ann", "ben", lambda topic: own) == step


def test_what_a_third_person_says_moves_nothing_between_two() -> None:
    talk = ended(line("ann", **NEWS), line("ben"), line("cat", **NEWS))
    assert closeness_step(talk, "ann", "ben", lambda topic: None) == 0
    assert closeness_step(talk, "ann", "cat", lambda topic: None) == 1


def test_the_weightiest_of_somebody_are_kept_and_no_mere_sights() -> None:
    def memory(number: int, importance: float, **more: Any) -> Memory:
        fields: dict[str, Any] = {"people": ("ben",), "kind": "dialogue", "spoken": "it is"} | more
        text = f"Thing {number}."
        return Memory(id=str(number), agent="ann", text=text, importance=importance, **fields)

    known = [
        memory(1, 3.0),
        memory(2, 5.0, people=(), source="told:ben", kind="fact"),
        memory(3, 9.0, people=("cat",)),
        memory(4, 2.0, kind="observation"),
        memory(5, 3.0, kind="observation"),
        memory(6, 4.0),
        memory(7, 9.0, spoken=""),
    ]
    assert [kept.id for kept in weightiest(known, "ben")] == ["2", "6"]
    assert [kept.id for kept in weightiest(known, "ben", 9)] == ["1", "2", "5", "6"]


# In a run -----------------------------------------------------------------------------------------


def test_both_renew_what_they_make_of_each_other_after_a_talk(company: MakeCompany) -> None:
    here = met(company, ticks=12)
    assert {(event.agent, event.other) for event in here.events.of(Related)} >= {
        ("ann", "ben"), ("ben", "ann"),
    }  # fmt: skip
    said = {event.id for event in here.events.of(Said)}
    memories = {event.id for event in here.events.of(Remembered)}
    for event in here.events.of(Related):
        assert event.causes
        assert set(event.causes) <= said
        assert set(event.memories) <= memories
        assert (event.origin, event.call) == ("rules", "")


def test_those_who_tell_each_other_news_grow_closer(company: MakeCompany) -> None:
    here = met(company, ticks=9)
    [first, *_] = here.events.of(Related, "ann")
    assert {fact for said in here.events.of(Said) for fact in said.facts} == {"supper", "mill"}
    assert (first.before, first.closeness) == (0, 1)


def test_an_unanswered_word_changes_nothing(company: MakeCompany) -> None:
    here = met(company, minds={"ben": Script()}, ticks=9)
    assert here.events.of(TalkEnded, "ann")
    assert not here.events.of(Related)


@pytest.mark.parametrize(("start", "bound"), [(2, CLOSEST), (-2, FARTHEST)])
def test_closeness_stays_within_its_bounds(company: MakeCompany, start: int, bound: float) -> None:
    step = 1 if start > 0 else -1
    words = json.dumps({"say": "The mill is shut.", "end": True, "facts": []})
    view = json.dumps({"summary": "Ben is the one who talks.", "closeness": step})

    def reply(messages: Sequence[Any]) -> str:
        return view if "view" in str(messages[0].text) else words

    ann = tied("ann", "ben", start)
    lines = {tick: Say(to="ann", text=f"Word {tick}.", talk="") for tick in range(0, 60, 6)}
    here = met(
        company,
        ChatModel(FakeChatModel(reply)),
        60,
        people=(ann, "ben"),
        minds={"ben": Script(lines)},
    )
    found = [event.closeness for event in here.events.of(Related, "ann")]
    assert len(found) >= 3
    assert found[-1] == bound
    assert max(abs(one) for one in found) <= 5


def test_a_summary_says_what_is_known_in_about_so_many_tokens(company: MakeCompany) -> None:
    ann = tied("ann", "ben")
    [first, *_] = met(company, people=(ann, "ben")).events.of(Related, "ann")
    assert first.summary.startswith(
        "Ben is Ann's godson. Ann likes the quiet there. They talked once so far, last at 12:0"
    )
    assert "From Ben Ann knows: The mill is shut." in first.summary
    options = MindOptions(relationship_tokens=20)
    [short, *_] = met(company, people=(ann, "ben"), options=options).events.of(Related, "ann")
    assert short.summary == "Ben is Ann's godson. Ann likes the quiet there."


def test_without_relationships_nobody_keeps_any(company: MakeCompany) -> None:
    options, model = MindOptions(without=("relationships",)), Scripted(likes=TALKS)
    here = met(company, model, people=(tied("ann", "ben"), "ben"), options=options)
    assert here.events.of(TalkEnded)
    assert not here.events.of(Related)
    assert model.questions("utter")
    assert "godson" not in " ".join(model.questions("utter"))


# With a chat model --------------------------------------------------------------------------------


def chat(view: str, company: MakeCompany, **more: Any) -> Company:
    """Ann and Ben talk by a chat model that has this to say about them afterwards."""
    lines = iter(
        json.dumps({"say": say, "end": number == 3})
        for number, say in enumerate(
            ("The mill is shut.", "Since when?", "Since the flood.", "I will go and look.")
        )
    )

    def reply(messages: Sequence[Any]) -> str:
        asked = str(messages[0].text)
        if "one person's view of another" in asked:
            return view
        if "conversation" in asked:
            return next(lines, json.dumps({"say": "Farewell, then.", "end": True}))
        listed = str(messages[-1].text).splitlines()
        talks = [line for line in listed if ". talk with" in line or ". stay" in line]
        return min(talks, key=lambda line: "stay" in line).partition(".")[0] if talks else "1"

    return met(company, ChatModel(FakeChatModel(reply)), 12, **more)


def test_a_chat_model_writes_the_summary_and_moves_closeness(company: MakeCompany) -> None:
    view = json.dumps({"summary": "Ben knows all about the mill and the flood.", "closeness": 1})
    found = chat(view, company).events.of(Related)
    assert {event.origin for event in found} == {"model"}
    assert {event.summary for event in found} == {"Ben knows all about the mill and the flood."}
    assert all(event.call and event.closeness == event.before + 1 for event in found)


@pytest.mark.parametrize(
    "view",
    [
        "",
        "I'm sorry, but I can't assist with that request.",
        '{"summary": "", "closeness": 1}',
        '{"summary": "They are close now.", "closeness": 7}',
        '{"closeness": 1}',
        json.dumps({"summary": "word " * 900, "closeness": 0}),
    ],
)
def test_a_bad_view_is_replaced_and_marked(company: MakeCompany, view: str) -> None:
    here = chat(view, company)
    found = here.events.of(Related)
    assert {event.origin for event in found} == {"fallback"}
    assert all(event.summary.startswith("They talked once so far") for event in found)
    assert "relate" in {event.purpose for event in here.events.of(FellBack)}


def test_the_summary_is_there_in_the_next_talk(company: MakeCompany) -> None:
    view = json.dumps({"summary": "This one knows all about the mill.", "closeness": 1})
    here = chat(view, company).live(150)
    model = here.model
    assert isinstance(model, ChatModel)
    assert isinstance(model.llm, FakeChatModel)
    asked = [str(messages[-1].text) for messages in model.llm.asked]
    later = [text for text in asked if "Manner of speech" in text and "knows all about" in text]
    assert later


TOLL = Topic(
    id="toll",
    statement="the toll should stay",
    pro="I would keep the toll",
    con="I would drop the toll",
    held={"ann": 0.9, "ben": -0.9},
)


def test_who_opposes_what_is_held_strongly_grows_distant(company: MakeCompany) -> None:
    here = met(company, facts=[], topics=[TOLL])
    [ann, *_] = here.events.of(Related, "ann")
    [ben, *_] = here.events.of(Related, "ben")
    assert (ann.closeness, ben.closeness) == (-1, -1)
