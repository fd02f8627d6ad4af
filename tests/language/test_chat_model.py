from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.runnables import Runnable, RunnableLambda

from simulation.errors import InvalidReply, ModelError
from simulation.language.base import Example, Phrase, Prompt
from simulation.language.chat import ChatModel
from simulation.language.contract import check_language_model
from simulation.language.fake import FakeChatModel, FakeModel

OPTIONS = [Phrase(text="carry the logs", verb="carry"), Phrase(text="sleep", verb="sleep")]
PROMPT = Prompt(
    purpose="decide",
    instructions="Say what the person does.",
    examples=(Example(question="So Bo decides to", answer="rest"),),
    question="So Ada decides to",
)


class Structured(FakeChatModel):
    """A chat model with structured output that gives what it is told to."""

    _answer: Callable[[], dict[str, Any]]

    def __init__(self, answer: Callable[[], dict[str, Any]]) -> None:
        super().__init__(["2"])
        self._answer = answer

    def with_structured_output(
        self, schema: Any, *, include_raw: bool = False, **kwargs: Any
    ) -> Runnable[Any, Any]:
        return RunnableLambda(lambda _: self._answer())


def test_a_chat_model_keeps_the_contract() -> None:
    asyncio.run(check_language_model(ChatModel(FakeChatModel())))


@pytest.mark.parametrize("style", ["completion", "chat"])
def test_the_fake_model_keeps_the_contract(style: Any) -> None:
    asyncio.run(check_language_model(FakeModel(style)))


def test_options_are_listed_by_number_to_a_chat_model() -> None:
    llm = FakeChatModel(["2"])
    chosen = asyncio.run(ChatModel(llm).choose(PROMPT, OPTIONS))
    (messages,) = llm.asked
    assert chosen.pick == 1
    assert [message.type for message in messages] == ["system", "human", "ai", "human"]
    assert "1. carry the logs\n2. sleep" in str(messages[-1].text)


def test_a_model_is_told_what_was_wrong_after_the_question() -> None:
    llm = FakeChatModel(["2"])
    asyncio.run(ChatModel(llm).choose(PROMPT.mended("five", "That names no option."), OPTIONS))
    (messages,) = llm.asked
    asked_first = [message.text for message in messages[:4]]
    asyncio.run(ChatModel(llm).choose(PROMPT, OPTIONS))
    assert [message.text for message in llm.asked[1]] == asked_first
    assert [(m.type, m.text) for m in messages[4:]] == [
        ("ai", "five"),
        ("human", "That names no option."),
    ]


@pytest.mark.parametrize(
    "reply",
    ["", "no", "\x00", "9", "1 2", "\ud800", "a" * 1_000_000, "As an AI model I would say 1."],
)
def test_a_reply_that_gives_no_choice_is_paid_for_and_told(reply: str) -> None:
    llm = FakeChatModel([reply])
    with pytest.raises(InvalidReply) as caught:
        asyncio.run(ChatModel(llm).choose(PROMPT, OPTIONS))
    assert len(llm.asked) == 1
    assert len(caught.value.reply) <= 4_000
    assert caught.value.usage is not None
    assert caught.value.usage.forwards == 1
    assert caught.value.usage.prompt_tokens > 10
    with pytest.raises(InvalidReply):
        asyncio.run(ChatModel(llm).rate(PROMPT, 3, 5))


def test_what_a_model_thinks_before_it_answers_is_dropped() -> None:
    llm = FakeChatModel(["<think>\nOption 1, or 2?\n</think>\n\n2"])
    assert asyncio.run(ChatModel(llm).choose(PROMPT, OPTIONS)).pick == 1


def test_a_failing_model_is_a_model_error_in_one_line() -> None:
    def fail(messages: list[BaseMessage]) -> str:
        raise RuntimeError("no\nroute " + "x" * 9999)

    with pytest.raises(ModelError) as caught:
        asyncio.run(ChatModel(FakeChatModel(fail), name="mine").write(PROMPT))
    assert str(caught.value).startswith("mine failed: no route x")
    assert len(str(caught.value)) < 400


def test_a_written_reply_is_clean_and_ends_at_the_stop() -> None:
    llm = FakeChatModel([" Good\x00 day\u202e. More\nand more"])
    written = asyncio.run(ChatModel(llm).write(PROMPT, stop=("\n", ".")))
    assert written.text == "Good day"


def test_structured_output_is_used_where_there_is_one() -> None:
    llm = Structured(lambda: {"raw": AIMessage(content=""), "parsed": {"number": 1}})
    chosen = asyncio.run(ChatModel(llm).choose(PROMPT, OPTIONS))
    assert chosen.pick == 0
    assert llm.asked == []


def test_structured_output_that_does_not_parse_is_read_as_words() -> None:
    llm = Structured(lambda: {"raw": AIMessage(content="it is 2"), "parsed": None})
    assert asyncio.run(ChatModel(llm).rate(PROMPT, 1, 5)).value == 2


def test_structured_output_is_given_up_where_the_server_lacks_it() -> None:
    def refuse() -> dict[str, Any]:
        raise RuntimeError("response_format is not supported")

    llm = Structured(refuse)
    model = ChatModel(llm)
    assert asyncio.run(model.choose(PROMPT, OPTIONS)).pick == 1
    assert asyncio.run(model.choose(PROMPT, OPTIONS)).pick == 1
    assert len(llm.asked) == 2


def test_structured_output_that_was_asked_for_is_not_given_up() -> None:
    def refuse() -> dict[str, Any]:
        raise RuntimeError("response_format is not supported")

    with pytest.raises(ModelError, match="not supported"):
        asyncio.run(ChatModel(Structured(refuse), structured=True).rate(PROMPT, 1, 5))


def test_structured_output_of_another_form_is_read_as_words_from_then_on() -> None:
    llm = Structured(lambda: {"number": 1})
    model = ChatModel(llm)
    assert [asyncio.run(model.rate(PROMPT, 1, 5)).value for _ in range(2)] == [2, 2]
    assert len(llm.asked) == 2


def test_tokens_are_those_the_provider_counted_else_estimated() -> None:
    counted = AIMessage(
        content="1",
        usage_metadata={
            "input_tokens": 50,
            "output_tokens": 3,
            "total_tokens": 53,
            "input_token_details": {"cache_read": 20},
        },
    )
    llm = Structured(lambda: {"raw": counted, "parsed": {"number": 1}})
    usage = asyncio.run(ChatModel(llm).rate(PROMPT, 1, 5)).usage
    assert (usage.prompt_tokens, usage.cached_tokens, usage.reply_tokens) == (50, 20, 3)
    estimated = asyncio.run(ChatModel(FakeChatModel(["12345678"])).write(PROMPT)).usage
    assert estimated.reply_tokens == 2
    assert estimated.prompt_tokens > 10
