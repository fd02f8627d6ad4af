"""What every language model must do: run this suite on one of your own.

::

    async def test_my_model_keeps_the_contract():
        await check_language_model(MyModel())
"""

from __future__ import annotations

import math

from simulation.language.base import (
    Chosen,
    Example,
    LanguageModel,
    Phrase,
    Prompt,
    Purpose,
    Usage,
)
from simulation.language.replies import LONGEST_REPLY, clean

_OPTIONS = (
    Phrase(text="carry the logs", verb="carry", lead="the", head="logs"),
    Phrase(text="carry the stones", verb="carry", lead="the", head="stones"),
    Phrase(text="sleep", verb="sleep"),
)


class ContractError(AssertionError):
    """A model breaks the contract; the text says which part."""


async def check_language_model(model: LanguageModel) -> None:
    """Ask a model every question and check the form of its answers, not their sense.

    A chat model must be told to answer ``1`` to whatever wants a number. The model stays open.

    Raises:
        ContractError: It breaks the contract.
    """
    _must(_is_model(model), "it has all the methods of LanguageModel")
    _must(bool(model.name), "it has a name")
    _must(model.style in {"completion", "chat"}, "its style is completion or chat")
    described = model.describe()
    _must(described.get("name") == model.name, "describe() gives its name")
    await _check_write(model)
    await _check_choose(model)
    await _check_rate(model)


async def _check_write(model: LanguageModel) -> None:
    prompt = _prompt("utter", "Ada: The bread is ready, so")
    written = await model.write(prompt, stop=("\n", "."), max_tokens=12, seed=3)
    _must("\n" not in written.text and "." not in written.text, "write() ends at a stop")
    _must(len(written.text) <= LONGEST_REPLY, f"write() gives at most {LONGEST_REPLY} characters")
    _must(clean(written.text) == written.text, "write() gives clean text without outer spaces")
    _check_usage(written.usage)


async def _check_choose(model: LanguageModel) -> None:
    prompt = _prompt("decide", "Ada is a smith. So Ada decides to")
    plain = _prompt("decide", "Ada decides to")
    chosen = await model.choose(prompt, _OPTIONS, plain=plain, seed=3)
    _check_chosen(chosen, len(_OPTIONS))
    _must((chosen.priors is None) or (chosen.logps is not None), "priors come with log weights")
    alone = await model.choose(prompt, _OPTIONS[:1], seed=3)
    _check_chosen(alone, 1)
    _must(alone.priors is None, "there are no priors where no plain question is given")


def _check_chosen(chosen: Chosen, size: int) -> None:
    _must((chosen.logps is None) != (chosen.pick is None), "choose() gives log weights or a pick")
    for weights in (chosen.logps, chosen.priors):
        if weights is not None:
            _must(len(weights) == size, "there is one weight for every option")
            _must(all(math.isfinite(weight) for weight in weights), "weights are finite")
    if chosen.pick is not None:
        _must(0 <= chosen.pick < size, "the pick is one of the options")
    _check_usage(chosen.usage)


async def _check_rate(model: LanguageModel) -> None:
    for low, high in ((1, 9), (1, 10)):
        rated = await model.rate(_prompt("rate", "Ada lost a coin. Rating:"), low, high, seed=3)
        _must(low <= rated.value <= high, "rate() stays in the range")
        _check_usage(rated.usage)


def _check_usage(usage: Usage) -> None:
    _must(usage.forwards >= 0 and usage.seconds >= 0, "usage counts forwards and seconds")
    _must(0 <= usage.cached_tokens <= usage.prompt_tokens, "cached tokens are prompt tokens")
    _must(usage.reply_tokens >= 0, "usage counts the reply's tokens")


def _prompt(purpose: Purpose, question: str) -> Prompt:
    examples = (
        Example(question="Bo is a miller. So Bo decides to", answer="rest")
        if purpose == "decide"
        else Example(question="Bo lost a hat. Rating:", answer="2")
        if purpose == "rate"
        else Example(question="Bo: The mill is shut, so", answer="come back tomorrow")
    )
    return Prompt(
        purpose=purpose, instructions="Answer briefly.", examples=(examples,), question=question
    )


def _is_model(value: object) -> bool:
    return isinstance(value, LanguageModel)


def _must(holds: bool, rule: str) -> None:
    if not holds:
        raise ContractError(f"a language model must see to it that {rule}")
