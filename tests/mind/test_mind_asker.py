"""Asking a model so that nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from simulation.episode.events import Asked, Decided, FellBack, Learned, Remembered
from simulation.episode.sink import Scribe, content_hash
from simulation.errors import BudgetExceeded, ConfigError, InvalidReply
from simulation.kernel.ids import Phase
from simulation.kernel.streams import Streams
from simulation.language.base import LanguageModel, Phrase, Prompt, Purpose, Usage, Written
from simulation.mind.asker import Asker
from simulation.mind.budget import CallBudget
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
        self.budget = CallBudget(budget)
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
    assert len(model.asked) == desk.budget.spent == 2


def test_a_budget_is_not_negative() -> None:
    with pytest.raises(ConfigError, match="-1"):
        CallBudget(-1)


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
    assert desk.events.replies == []
    assert desk.replies == []


def test_a_useless_reply_is_logged_shortened() -> None:
    desk = Desk(Mute())
    scribe = desk.scribe()
    assert asyncio.run(desk.asker.write(scribe, asking())) is None
    [fell] = scribe.events
    assert isinstance(fell, FellBack)
    assert len(fell.reply) == 200
    assert len(fell.reason) <= 300


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
