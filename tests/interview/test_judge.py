"""A judge orders answers; what it does not order has no rank."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from simulation.errors import ConfigError, InvalidReply
from simulation.interview.answers import Answer
from simulation.interview.believability import Scored
from simulation.interview.conditions import CONDITIONS, Condition
from simulation.interview.judge import (
    Judgement,
    judge,
    judge_all,
    mean_ranks,
    read_order,
)
from simulation.language.chat import ChatModel
from simulation.language.fake import FakeChatModel

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from simulation import Episode

WORDS = ("It is at seven.", "I heard of a supper.", "Perhaps.", "I cannot say.")


def rows(*texts: str, question: str = "heard") -> list[Scored]:
    """One answer under each condition, the first for ``full``."""
    return [
        Scored(
            family="memory",
            id=question,
            answer=Answer(
                agent="ada", name="Ada", tick=9, time="17:39", question="What of the supper?",
                text=text, given="", cites=(), condition=condition, as_known_to="", model="m",
                fallback=False, reason="", calls=1, prompt_tokens=1, reply_tokens=1,
            ),
            evidence=("1",),
            record=("Chiara gives a supper.",),
            supported=False,
            by="",
        )
        for condition, text in zip(CONDITIONS, texts, strict=False)
    ]  # fmt: skip


def by_words(*best_first: str) -> FakeChatModel:
    """A judge that orders by these words."""

    def order(messages: list[BaseMessage]) -> str:
        lines = [line.partition(": ") for line in str(messages[-1].text).splitlines()]
        letters = {text: letter for letter, _, text in lines if len(letter) == 1}
        named = ", ".join(f'"{letters[text]}"' for text in best_first)
        return f'{{"order": [{named}]}}'

    return FakeChatModel(order)


def judged(evening: Episode, model: FakeChatModel, *texts: str) -> Judgement:
    return asyncio.run(judge(evening, ChatModel(model), rows(*texts)))


def test_the_order_comes_to_ranks(evening: Episode) -> None:
    ranks = judged(evening, by_words(*WORDS), *WORDS).ranks
    assert ranks == dict(zip(CONDITIONS, (1, 2, 3, 4), strict=True))


def test_the_same_words_share_the_mean_of_their_ranks(evening: Episode) -> None:
    texts = (WORDS[0], WORDS[0], WORDS[2], WORDS[2])
    ranks = judged(evening, by_words(WORDS[0], WORDS[2]), *texts).ranks
    assert ranks == dict(zip(CONDITIONS, (1.5, 1.5, 3.5, 3.5), strict=True))


def test_a_judge_sees_person_record_and_words_and_no_condition(evening: Episode) -> None:
    model = by_words(*WORDS)
    judged(evening, model, *WORDS)
    shown = str(model.asked[0][-1].text)
    assert "Ada is a warden" in shown
    assert "Chiara gives a supper." in shown
    assert all(text in shown for text in WORDS)
    assert not any(f"{condition}:" in shown or "reflection" in shown for condition in CONDITIONS)


def test_letters_are_shuffled_by_the_question_and_the_same_each_time(evening: Episode) -> None:
    def shown(question: str) -> str:
        model = by_words(*WORDS)
        asyncio.run(judge(evening, ChatModel(model), rows(*WORDS, question=question)))
        return str(model.asked[0][-1].text)

    orders = {shown(question) for question in "abcdefgh"}
    assert len(orders) > 1
    assert shown("a") == shown("a")


@pytest.mark.parametrize(
    "bad", ["A is best.", '{"order": ["A"]}', '{"order": ["A", "A", "B", "C"]}', '{"best": "A"}']
)
def test_a_judge_that_fails_gives_no_rank(evening: Episode, bad: str) -> None:
    model = FakeChatModel([bad])
    found = judged(evening, model, *WORDS)
    assert found.ranks is None
    assert found.reason
    assert len(model.asked) == 3


def test_an_order_is_mended(evening: Episode) -> None:
    model = FakeChatModel(["A is best.", '{"order": ["A", "B", "C", "D"]}'])
    assert judged(evening, model, *WORDS).ranks is not None


def test_an_order_names_each_letter_once() -> None:
    assert read_order('Well: {"order": ["B", "A"]}', "AB") == ["B", "A"]
    with pytest.raises(InvalidReply):
        read_order('{"order": ["B", "C"]}', "AB")


def one(ranks: dict[Condition, float] | None) -> Judgement:
    return Judgement(agent="ada", id="q", ranks=ranks, reason="" if ranks else "it failed")


def test_mean_ranks_leave_failures_out_and_count_them() -> None:
    found = mean_ranks([one({"full": 1, "nothing": 2}), one({"full": 2, "nothing": 1}),
                        one({"full": 1, "nothing": 2}), one(None)])  # fmt: skip
    by_condition: dict[str, Any] = {rank.condition: rank for rank in found}
    full = by_condition["full"]
    assert (full.mean, full.judged, full.failed) == (round(4 / 3, 4), 3, 1)
    assert by_condition["no-reflection"].mean is None


def test_every_question_with_several_answers_is_judged(evening: Episode) -> None:
    asked = [*rows(*WORDS), *rows(WORDS[0], question="alone")]
    told: list[tuple[int, int]] = []
    found = judge_all(
        evening, asked, by_words(*WORDS), progress=lambda *counts: told.append(counts)
    )
    assert [judgement.id for judgement in found] == ["heard"]
    assert told == [(1, 1)]


def test_a_model_that_only_continues_text_cannot_judge(evening: Episode) -> None:
    with pytest.raises(ConfigError, match="Give a chat model"):
        judge_all(evening, rows(*WORDS), "fake")
