"""Asking a model so that nothing is lost."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from typing import Any

import pytest

from simulation.episode.events import Asked, Decided, FellBack, Learned, Remembered
from simulation.episode.sink import Scribe, content_hash
from simulation.errors import BudgetExceeded, ConfigError, InvalidReply
from simulation.kernel.ids import Phase
from simulation.kernel.streams import Streams
from simulation.language.base import (
    Chosen,
    LanguageModel,
    Phrase,
    Prompt,
    Purpose,
    Rated,
    Usage,
    Written,
)
from simulation.language.chat import ChatModel
from simulation.language.fake import FakeChatModel
from simulation.mind.asker import REPAIRS, Asker
from simulation.mind.budget import Budget, Limits
from tests.kernel.toy import Events
from tests.mind.company import Scripted
from tests.mind.conftest import MakeCompany

OPTIONS = (Phrase(text="stay", verb="stay"), Phrase(text="go", verb="go"))


def asking(question: str = "Ada:", purpose: Purpose = "utter") -> Prompt:
    return Prompt(purpose=purpose, instructions="Speak.", examples=(), question=question)


class Desk:
    """An asker with what it writes to."""

    def __init__(self, model: LanguageModel, budget: int | None = None, seed: int = 7) -> None:
        self.events = Events()
        self.budget = Budget(Limits(calls=budget))
        self.replies: list[tuple[Purpose, Usage]] = []
        self.asker = Asker(
            model,
            self.events,
            Streams(seed),
            self.budget,
            lambda purpose, usage: self.replies.append((purpose, usage)),
        )

    def scribe(self, tick: int = 0, agent: str = "ada") -> Scribe:
        return Scribe(tick, Phase.THINK, 1, agent)


class Slow(Scripted):
    """Answers the first question last."""

    async def write(
        self,
        prompt: Prompt,
        *,
        stop: Sequence[str] = ("\n",),
        max_tokens: int = 40,
        temperature: float = 0.6,
        seed: int = 0,
        slot: str = "",
    ) -> Written:
        await asyncio.sleep(0.05 if prompt.question == "first" else 0)
        return Written(text=prompt.question)


class Mute(Scripted):
    """Never answers with what was asked for."""

    async def write(self, prompt: Prompt, **_: Any) -> Written:
        raise InvalidReply("it said nothing that can be used", "x" * 5_000)


def test_calls_of_one_purpose_are_numbered_within_a_tick() -> None:
    desk = Desk(Scripted())

    async def ask() -> None:
        first, second = desk.scribe(0), desk.scribe(1)
        await desk.asker.write(first, asking())
        await desk.asker.rate(first, asking(purpose="rate"), 1, 9)
        await desk.asker.write(first, asking())
        await desk.asker.choose(first, asking(purpose="decide"), OPTIONS, None)
        await desk.asker.write(second, asking())
        await desk.asker.write(desk.scribe(1, "bram"), asking())

    asyncio.run(ask())
    assert desk.events.replies == [
        ("ada", 0, "utter", 0),
        ("ada", 0, "rate", 0),
        ("ada", 0, "utter", 1),
        ("ada", 0, "decide", 0),
        ("ada", 1, "utter", 0),
        ("bram", 1, "utter", 0),
    ]


def test_ordinals_are_given_before_the_wait() -> None:
    desk, scribe = Desk(Slow()), Scribe(0, Phase.THINK, 1, "ada")

    async def ask() -> None:
        await asyncio.gather(
            desk.asker.write(scribe, asking("first")), desk.asker.write(scribe, asking("second"))
        )

    asyncio.run(ask())
    assert desk.events.replies == [("ada", 0, "utter", 1), ("ada", 0, "utter", 0)]
    asked = [event for event in scribe.events if isinstance(event, Asked)]
    assert {event.reply: event.ordinal for event in asked} == {"first": 0, "second": 1}


def test_a_seed_belongs_to_its_call_and_to_no_other() -> None:
    def seeds(*purposes: Purpose) -> list[int]:
        model = Scripted()
        desk = Desk(model)
        scribe = desk.scribe()
        for purpose in purposes:
            asyncio.run(desk.asker.write(scribe, asking(purpose=purpose)))
        return model.seeds

    first, second = seeds("utter", "utter")
    assert first != second
    assert seeds("reflect", "utter", "utter")[1:] == [first, second]


def test_a_call_is_an_event_with_its_prompt_and_cost() -> None:
    desk = Desk(Scripted("we will see"))
    scribe = desk.scribe(3)
    answer = asyncio.run(desk.asker.write(scribe, asking("Ada says: ")))
    [asked] = scribe.events
    assert isinstance(asked, Asked)
    assert answer == ("we will see", asked.id)
    assert (asked.model, asked.purpose, asked.prompt_tokens) == ("scripted", "utter", 10)
    assert scribe.contents[asked.prompt] == "Ada says: "
    assert content_hash("Ada says: ") == asked.prompt
    assert [purpose for purpose, _ in desk.replies] == ["utter"]


def test_a_chat_model_is_logged_with_its_messages() -> None:
    desk = Desk(Scripted(style="chat"))
    scribe = desk.scribe()
    asyncio.run(desk.asker.write(scribe, asking("Ada:")))
    [text] = scribe.contents.values()
    assert text == '[["system","Speak."],["human","Ada:"]]'


def test_a_choice_is_logged_with_what_could_be_chosen() -> None:
    desk = Desk(Scripted())
    scribe = desk.scribe()
    asyncio.run(desk.asker.choose(scribe, asking(purpose="decide"), OPTIONS, None))
    [asked] = scribe.events
    assert isinstance(asked, Asked)
    assert asked.options == ("stay", "go")
    assert asked.reply.startswith("[[-0.69")


def test_a_spent_budget_asks_nobody() -> None:
    model = Scripted()
    desk = Desk(model, budget=2)
    scribe = desk.scribe()
    for _ in range(2):
        asyncio.run(desk.asker.write(scribe, asking()))
    with pytest.raises(BudgetExceeded, match="budget of 2 model calls"):
        asyncio.run(desk.asker.rate(scribe, asking(purpose="rate"), 1, 9))
    assert len(model.asked) == desk.budget.calls.total() == 2


def test_a_budget_is_not_negative() -> None:
    with pytest.raises(ConfigError, match="-1"):
        Limits(calls=-1)


def test_a_model_that_fails_leaves_a_note_and_no_answer() -> None:
    desk = Desk(Scripted(fails=["utter", "rate", "decide"]))
    scribe = desk.scribe()

    async def ask() -> list[object]:
        return [
            await desk.asker.write(scribe, asking()),
            await desk.asker.rate(scribe, asking(purpose="rate"), 1, 9),
            await desk.asker.choose(scribe, asking(purpose="decide"), OPTIONS, None),
        ]

    assert asyncio.run(ask()) == [None, None, None]
    assert [type(event) for event in scribe.events] == [FellBack] * 3
    assert desk.replies == []


def test_a_call_that_failed_is_in_the_journal_so_that_it_fails_again() -> None:
    desk = Desk(Scripted(fails=["utter"]))
    asyncio.run(desk.asker.write(desk.scribe(), asking()))
    assert desk.events.replies == [("ada", 0, "utter", 0)]


def test_a_useless_reply_is_logged_shortened() -> None:
    desk = Desk(Mute())
    scribe = desk.scribe()
    assert asyncio.run(desk.asker.write(scribe, asking())) is None
    *_, fell = scribe.events
    assert isinstance(fell, FellBack)
    assert fell.reason == "it said nothing that can be used"
    assert len(fell.reply) == 200


# Repairs -------------------------------------------------------------------------------------


def no_word(text: str) -> str:
    raise InvalidReply("it is no word that I know", text)


def calls(scribe: Scribe) -> list[tuple[int, int, str]]:
    return [(e.ordinal, e.repair, e.reply) for e in scribe.events if isinstance(e, Asked)]


def test_what_is_read_from_the_words_is_the_answer() -> None:
    desk = Desk(Scripted("21"))
    scribe = desk.scribe()
    answer = asyncio.run(desk.asker.write(scribe, asking(), read=int))
    assert answer is not None
    assert answer.value * 2 == 42
    assert answer.call == scribe.events[0].id


def test_every_repair_is_a_call_of_its_own() -> None:
    desk, scribe = Desk(Scripted("hm")), Scribe(4, Phase.THINK, 1, "ada")
    assert asyncio.run(desk.asker.write(scribe, asking(), read=no_word)) is None
    assert calls(scribe) == [(0, 0, "hm"), (1, 1, "hm"), (2, 2, "hm")]
    assert desk.events.replies == [("ada", 4, "utter", ordinal) for ordinal in range(3)]
    assert desk.budget.calls.total() == len(desk.replies) == 1 + REPAIRS == 3


def test_a_mind_falls_back_on_the_calls_that_failed() -> None:
    desk = Desk(Scripted("hm"))
    scribe = desk.scribe()
    asyncio.run(desk.asker.write(scribe, asking(), read=no_word))
    *asked, fell = scribe.events
    assert isinstance(fell, FellBack)
    assert (fell.purpose, fell.reason, fell.reply) == ("utter", "it is no word that I know", "hm")
    assert fell.causes == tuple(event.id for event in asked)


def test_a_mended_reply_is_an_answer_and_no_fallback() -> None:
    desk = Desk(ChatModel(FakeChatModel(["", "", "Yes, at seven."])))
    scribe = desk.scribe()
    answer = asyncio.run(desk.asker.write(scribe, asking()))
    assert answer == ("Yes, at seven.", scribe.events[-1].id)
    assert [repair for _, repair, _ in calls(scribe)] == [0, 1, 2]
    assert len(scribe.events) == 3


def test_a_completion_model_is_asked_the_same_with_another_seed() -> None:
    model = Scripted("hm")
    asyncio.run(Desk(model).asker.write(Desk(model).scribe(), asking(), read=no_word))
    assert len({prompt.as_completion() for prompt in model.asked}) == 1
    assert len(set(model.seeds)) == 3


def test_a_chat_model_is_told_what_was_wrong_with_its_reply() -> None:
    llm = FakeChatModel(["hm"])
    desk = Desk(ChatModel(llm))
    asyncio.run(desk.asker.write(desk.scribe(), asking(), read=no_word))
    first, second, third = llm.asked
    assert second[: len(first)] == first
    assert third[: len(second)] == second
    reply, complaint = second[len(first) :]
    assert (reply.type, reply.text, complaint.type) == ("ai", "hm", "human")
    assert "it is no word that I know" in complaint.text


def test_a_bad_reply_is_shown_to_its_model_without_loaded_words() -> None:
    llm = FakeChatModel(["Steal it or help " + "x" * 2_000])
    desk = Desk(ChatModel(llm))
    asyncio.run(desk.asker.write(desk.scribe(), asking(), read=no_word))
    shown = str(llm.asked[1][-2].text)
    assert shown.startswith("… it or … xxx")
    assert len(shown) < 500


def test_an_empty_reply_is_shown_as_a_turn() -> None:
    llm = FakeChatModel([""])
    desk = Desk(ChatModel(llm))
    asyncio.run(desk.asker.write(desk.scribe(), asking()))
    assert llm.asked[1][-2].text == "…"


def test_a_choice_and_a_rating_are_repaired_in_the_same_way() -> None:
    llm = FakeChatModel(["well", "I would go", "five"])
    desk = Desk(ChatModel(llm))

    async def ask(scribe: Scribe) -> None:
        assert await desk.asker.choose(scribe, asking(purpose="decide"), OPTIONS, None)
        assert await desk.asker.rate(scribe, asking(purpose="rate"), 1, 9) is None

    scribe = desk.scribe()
    asyncio.run(ask(scribe))
    assert calls(scribe) == [
        (0, 0, "well"), (1, 1, "I would go"), (0, 0, "five"), (1, 1, "five"), (2, 2, "five"),
    ]  # fmt: skip
    assert "one whole number from 1 to 2 is wanted" in str(llm.asked[1][-1].text)
    *_, fell = scribe.events
    assert isinstance(fell, FellBack)
    assert (fell.purpose, fell.reply) == ("rate", "five")


def test_a_bad_reply_is_paid_for() -> None:
    desk = Desk(ChatModel(FakeChatModel(["no number"])))
    scribe = desk.scribe()
    asyncio.run(desk.asker.rate(scribe, asking(purpose="rate"), 1, 9))
    assert all(e.prompt_tokens > 0 for e in scribe.events if isinstance(e, Asked))
    assert [usage.reply_tokens for _, usage in desk.replies] == [2, 2, 2]


def test_fewer_repairs_can_be_asked_for() -> None:
    desk = Desk(Scripted("hm"))
    asyncio.run(desk.asker.write(desk.scribe(), asking(), read=no_word, repairs=0))
    assert desk.budget.calls.total() == 1


def test_a_budget_that_ends_within_a_repair_ends_the_run() -> None:
    desk = Desk(Scripted("hm"), budget=2)
    with pytest.raises(BudgetExceeded):
        asyncio.run(desk.asker.write(desk.scribe(), asking(), read=no_word))


def test_the_next_question_is_numbered_after_the_repairs() -> None:
    desk = Desk(Scripted("hm"))
    scribe = desk.scribe()

    async def ask() -> None:
        await desk.asker.write(scribe, asking(), read=no_word)
        await desk.asker.write(scribe, asking())

    asyncio.run(ask())
    assert calls(scribe)[-1] == (3, 0, "hm")


class Odd(Scripted):
    """Weighs, picks and rates as no model should."""

    def __init__(self, chosen: Chosen, rated: float) -> None:
        super().__init__()
        self.chosen, self.rated = chosen, rated

    async def choose(self, prompt: Prompt, options: Sequence[Phrase], **_: Any) -> Chosen:
        return self.chosen

    async def rate(self, prompt: Prompt, low: int, high: int, **_: Any) -> Rated:
        return Rated(value=self.rated)


@pytest.mark.parametrize(
    ("chosen", "rated"),
    [
        (Chosen(pick=2), 0.0),
        (Chosen(pick=-1), 9.5),
        (Chosen(), math.nan),
        (Chosen(logps=(0.0,)), math.inf),
        (Chosen(logps=(0.0, math.nan)), -math.inf),
        (Chosen(logps=(0.0, -1.0), priors=(0.0,)), -3.0),
    ],
)
def test_numbers_that_cannot_be_are_no_answer(chosen: Chosen, rated: float) -> None:
    desk = Desk(Odd(chosen, rated))
    scribe = desk.scribe()

    async def ask() -> None:
        assert await desk.asker.choose(scribe, asking(purpose="decide"), OPTIONS, None) is None
        assert await desk.asker.rate(scribe, asking(purpose="rate"), 1, 9) is None

    asyncio.run(ask())
    assert [type(event) for event in scribe.events] == [*[Asked] * 3, FellBack] * 2


def test_without_a_model_people_do_what_is_safe_and_remember_no_failure(
    company: MakeCompany,
) -> None:
    model = Scripted(fails=["decide", "utter", "rate", "reflect", "plan"])
    here = company(model, start="12:00").live(20)
    assert here.events.of(FellBack)
    kept = [memory.text for memory in here.events.of(Remembered)]
    assert not [text for text in kept if "out of order" in text]
    assert {decided.origin for decided in here.events.of(Decided)} == {"fallback"}
    assert [learned.agent for learned in here.events.of(Learned)] == ["ann"]
