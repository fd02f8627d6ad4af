from __future__ import annotations

import asyncio
from typing import get_args

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from simulation.errors import ModelError
from simulation.language.base import Phrase, Prompt
from simulation.language.chat import ChatModel
from simulation.language.fake import FAULTS, FakeChatModel, FakeModel, Fault, FaultyChatModel

OPTIONS = [Phrase(text=text, verb=text) for text in ("rest", "walk", "eat")]


def _prompt(question: str) -> Prompt:
    return Prompt(purpose="decide", instructions="", examples=(), question=question)


def test_the_same_question_and_seed_give_the_same_answer() -> None:
    one, other = FakeModel(), FakeModel()
    for seed in range(5):
        asked = _prompt(f"question {seed}")
        chosen = [asyncio.run(m.choose(asked, OPTIONS, seed=seed)) for m in (one, other)]
        assert chosen[0] == chosen[1]


def test_another_seed_gives_other_weights() -> None:
    model = FakeModel()
    weights = {asyncio.run(model.choose(_prompt("q"), OPTIONS, seed=s)).logps for s in range(9)}
    assert len(weights) == 9


def test_what_it_writes_varies() -> None:
    model = FakeModel()
    written = {asyncio.run(model.write(_prompt(f"q{i}"))).text for i in range(30)}
    assert len(written) > 20


def test_a_fake_chat_model_repeats_its_last_reply() -> None:
    llm = FakeChatModel(["a", "b"])
    assert [str(llm.invoke("?").text) for _ in range(3)] == ["a", "b", "b"]
    assert len(llm.asked) == 3


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in ("echo", "outage")])
def test_a_faulty_model_says_what_its_script_says(fault: Fault) -> None:
    model = FaultyChatModel([fault, None], sound=["a", "b", "c", "d"])
    said = [model.invoke("?").text for _ in range(4)]
    assert said == [FAULTS[fault], "b", FAULTS[fault], "d"]


def test_an_echo_says_what_the_model_was_told_to_do() -> None:
    asked = [SystemMessage("Answer as Ada."), HumanMessage("Who are you?")]
    assert FaultyChatModel(["echo"]).invoke(asked).text == "Answer as Ada."


def test_a_model_that_is_out_fails_as_a_server_does() -> None:
    model = ChatModel(FaultyChatModel(["outage"]))
    with pytest.raises(ModelError, match="the server is down"):
        asyncio.run(model.write(_prompt("Who are you?")))


def test_every_fault_has_its_words() -> None:
    assert set(FAULTS) == set(get_args(Fault))
