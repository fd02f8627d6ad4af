from __future__ import annotations

import asyncio

from simulation.language.base import Phrase, Prompt
from simulation.language.fake import FakeChatModel, FakeModel

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
