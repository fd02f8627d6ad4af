"""A model may say anything: people live on, the log says so, nobody remembers it as a thought."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest
from langchain_core.messages import BaseMessage

from simulation import Simulation
from simulation.episode.events import (
    Asked,
    Decided,
    Ended,
    FellBack,
    Happening,
    Planned,
    Related,
    Remembered,
    Said,
)
from simulation.language.chat import ChatModel
from simulation.language.fake import FAULTS, FakeChatModel, Fault, FaultyChatModel
from simulation.language.patience import Endurance
from simulation.language.replies import LONGEST_REPLY, clean
from simulation.mind.asker import REPAIRS
from simulation.mind.options import MindOptions
from tests.language.bad_replies import BAD_FOR_ALL, BAD_JSON, BAD_UTTERANCES
from tests.mind.company import Scripted
from worlds import village

if TYPE_CHECKING:
    from tests.mind.company import Company
    from tests.mind.conftest import MakeCompany

PEOPLE = ("ann", "ben")
BAD_TALK = {
    f"JSON: {kind}": reply
    for kind, reply in BAD_JSON.items()
    if kind not in ("no such mood", "a list")  # something to say, and something to ask
}
BAD = BAD_FOR_ALL | BAD_UTTERANCES | BAD_TALK
EAGER = MindOptions(reflection_threshold=1)
TRACE = 12
"""So many characters of a bad reply, at its beginning, are nowhere else by chance."""


def ten_at_a_time(table: dict[str, str]) -> pytest.MarkDecorator:
    replies = list(table.items())
    tens = [dict(replies[at : at + 10]) for at in range(0, len(replies), 10)]
    return pytest.mark.parametrize("bad", tens, ids=[f"{next(iter(ten))} …" for ten in tens])


class InTurn:
    """Gives one reply after the other, and begins again."""

    def __init__(self, replies: Iterable[str]) -> None:
        self.replies = list(replies)
        self.given = 0

    def __call__(self, _: object = None) -> str:
        self.given += 1
        return self.replies[(self.given - 1) % len(self.replies)]


def kept(events: list[Happening]) -> str:
    """All that was said, planned, remembered or made of somebody."""
    words: list[str] = []
    for event in events:
        if isinstance(event, Remembered | Said):
            words.append(event.text)
        elif isinstance(event, Related):
            words.append(event.summary)
        elif isinstance(event, Planned):
            words.append(json.dumps(event.items, ensure_ascii=False))
    return "\n".join(words)


def check(here: Company, said: InTurn) -> None:
    """What holds whatever a model said, once it has said all of it."""
    assert said.given >= len(said.replies)
    words = kept(here.events.all)
    traces = [clean(reply)[:TRACE].strip() for reply in said.replies]
    assert [trace for trace in traces if len(trace) >= 4 and trace in words] == []
    assert all(asked.repair <= REPAIRS for asked in here.events.of(Asked))
    json.dumps([event.model_dump(mode="json") for event in here.events.all])


def talking(speak: Callable[[str], str]) -> Callable[[list[BaseMessage]], str]:
    """Chooses to talk wherever that can be chosen, and answers all else in its own way."""

    def reply(messages: list[BaseMessage]) -> str:
        question = str(messages[-1].text)
        if "one whole number" not in question:
            return speak(str(messages[0].text))
        talks = [line for line in question.splitlines() if ". talk with" in line] or ["1."]
        return talks[0].partition(".")[0]

    return reply


def in_its_form(words: str, instructions: str) -> str:
    """Words in the JSON that the instructions ask for, as good as their form can be."""
    forms: dict[str, object] = {
        '"say"': {"say": words, "facts": [], "end": False},
        '"insight"': [{"insight": words, "because": [1]}],
        "list of that many questions": [words],
        '"summary"': {"summary": words, "closeness": 1},
        '"steps"': {"steps": [{"minutes": 10, "doing": words}] * 3},
        '"day"': {"aim": words, "day": [{"at": f"{hour}:00", "place": "hall", "doing": words,
                                         "minutes": 30} for hour in (13, 15, 17)]},
    }  # fmt: skip
    found = [form for mark, form in forms.items() if mark in instructions]
    return json.dumps(found[0]) if found else words


@ten_at_a_time(BAD)
def test_who_gets_nothing_but_bad_replies_falls_back(
    company: MakeCompany, bad: dict[str, str]
) -> None:
    said = InTurn(bad.values())
    model = ChatModel(FakeChatModel(said))
    here = company(model, people=PEOPLE, options=EAGER, start="12:00").live(2)
    check(here, said)
    assert {"decide", "question"} <= {fell.purpose for fell in here.events.of(FellBack)}
    assert {decided.origin for decided in here.events.of(Decided)} == {"fallback"}


@ten_at_a_time(BAD)
def test_who_decides_well_and_speaks_badly_keeps_none_of_it(
    company: MakeCompany, bad: dict[str, str]
) -> None:
    said = InTurn(bad.values())
    model = ChatModel(FakeChatModel(talking(said)))
    here = company(model, people=PEOPLE, options=EAGER, start="12:00").live(4)
    check(here, said)
    assert {"utter", "question"} <= {fell.purpose for fell in here.events.of(FellBack)}
    assert "model" in {decided.origin for decided in here.events.of(Decided)}


@ten_at_a_time(BAD_FOR_ALL | BAD_UTTERANCES)
def test_bad_words_in_good_form_are_not_kept(company: MakeCompany, bad: dict[str, str]) -> None:
    said = InTurn(bad.values())
    model = ChatModel(FakeChatModel(talking(lambda told: in_its_form(said(), told))))
    here = company(model, people=PEOPLE, options=EAGER, start="12:00").live(8)
    check(here, said)
    assert {"utter", "reflect"} & {fell.purpose for fell in here.events.of(FellBack)}


@ten_at_a_time(BAD_FOR_ALL)
def test_a_weak_model_that_writes_badly_is_not_remembered(
    company: MakeCompany, bad: dict[str, str]
) -> None:
    # Such a model's own contract caps what it writes; what stands in it is still anything.
    said = InTurn(reply[:LONGEST_REPLY] for reply in bad.values())
    model = Scripted(said, {"talk with": 5.0})
    here = company(model, people=PEOPLE, options=EAGER, start="12:00").live(8)
    check(here, said)
    assert {asked.purpose for asked in here.events.of(Asked)} >= {"decide", "reflect"}


def test_a_refused_decision_is_repaired_before_it_falls_back(company: MakeCompany) -> None:
    model = ChatModel(FaultyChatModel(["refusal", "question", None], sound=["1"]))
    options = MindOptions(without=("planning",))
    here = company(model, people=("ann",), options=options, start="12:00").live(1)
    asked = [(call.purpose, call.repair) for call in here.events.of(Asked)]
    assert ("decide", 2) in asked
    assert {decided.origin for decided in here.events.of(Decided)} == {"model"}
    assert not here.events.of(FellBack)


# Whole runs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", get_args(Fault))
def test_a_run_lives_through_a_fault(tmp_path: Path, fault: Fault) -> None:
    with Simulation(
        village.load(agents=3),
        model=FaultyChatModel([fault]),
        embedder="hash",
        start="12:00",
        out=tmp_path / "e",
        endurance=Endurance(first_wait=0.0, rest=0.0, gives_up=0.0, on_outage="fall back"),
    ) as simulation:
        episode = simulation.run(ticks=4)
        assert simulation.end == "finished"
    assert [ended.reason for ended in episode.each(Ended)] == ["finished"]
    origins = {decided.origin for decided in episode.each(Decided)}
    assert "fallback" in origins
    assert origins <= {"fallback", "rules"}
    assert list(episode.each(FellBack))
    trace = clean(FAULTS[fault])[:TRACE]
    assert not trace or trace not in kept(list(episode.each(Remembered)))


def test_a_run_with_a_fault_now_and_then_mends_them(tmp_path: Path) -> None:
    faults = get_args(Fault)[:-1]  # an outage is not mended by asking again
    script: list[Fault | None] = [each for fault in faults for each in (fault, None)]
    with Simulation(
        village.load(agents=3),
        model=FaultyChatModel(script),
        embedder="hash",
        start="12:00",
        out=tmp_path / "e",
    ) as simulation:
        episode = simulation.run(ticks=10)
    assert {call.repair for call in episode.each(Asked)} >= {0, 1}
    assert "model" in {decided.origin for decided in episode.each(Decided)}
