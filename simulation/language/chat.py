"""Any LangChain chat model behind the three questions that a mind may ask.

A chat model gives no probabilities, so ``choose`` and ``rate`` ask for a number: by structured
output where the model has it, else in words. What comes back is untrusted and cleaned before
anybody sees it; who asks is told what a bad reply cost and decides whether to ask again.

Temperature, length and seed are set on the LangChain model, where every provider has its own
names for them; here replies are cut at ``stop``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, cast

from simulation.errors import InvalidReply
from simulation.language.base import Chosen, Phrase, Prompt, Rated, Usage, Written
from simulation.language.checks import no_model_speak
from simulation.language.faults import TransportError, fault_of
from simulation.language.replies import (
    clean,
    cut,
    read_choice,
    read_number,
    without_thoughts,
)
from simulation.secrets import redact_shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

_FIELD: Final = "number"

_Value = TypeVar("_Value")
_Messages = list[tuple[str, str]]


class ChatModel:
    """A LangChain chat model behind :class:`~simulation.language.base.LanguageModel`.

    Args:
        llm: The chat model, with its temperature, timeout and retries set.
        name: As a user would name it; by default the class and the model.
        structured: Whether numbers are asked for by structured output; by default that is tried
            where the model claims to have it, and given up if the first such call fails.
    """

    style: Literal["completion", "chat"] = "chat"

    def __init__(
        self, llm: BaseChatModel, *, name: str | None = None, structured: bool | None = None
    ) -> None:
        self.llm = llm
        self.name = redact_shapes(name or _name(llm))
        self._may_fall_back = structured is None
        self._structured = _claims_structure(llm) if structured is None else structured

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
        """Continue the question in words, up to the first stop."""
        bill = _Bill()
        text = await self._say(prompt.as_messages(), bill)
        return Written(text=cut(text, stop), usage=bill.usage())

    async def choose(
        self,
        prompt: Prompt,
        options: Sequence[Phrase],
        *,
        plain: Prompt | None = None,
        seed: int = 0,
        slot: str = "",
    ) -> Chosen:
        """Ask for the number of one of the options.

        Raises:
            InvalidReply: The model names none of them.
            TransportError: The model cannot be reached or fails.
        """
        texts = [option.text for option in options]
        listed = "\n".join(f"{i}. {text}" for i, text in enumerate(texts, start=1))
        bill = _Bill()
        messages = _asking(prompt, f"{prompt.question}\n\n{listed}", 1, len(texts))
        raw = await self._say_number(messages, 1, len(texts), bill)
        pick = _read(lambda: read_choice(no_model_speak(raw), texts), bill)
        return Chosen(pick=pick, raw=raw, usage=bill.usage())

    async def rate(
        self, prompt: Prompt, low: int, high: int, *, seed: int = 0, slot: str = ""
    ) -> Rated:
        """Ask for a number in a range.

        Raises:
            InvalidReply: The model gives none.
            TransportError: The model cannot be reached or fails.
        """
        bill = _Bill()
        raw = await self._say_number(_asking(prompt, prompt.question, low, high), low, high, bill)
        value = _read(lambda: read_number(no_model_speak(raw), low, high), bill)
        return Rated(value=value, raw=raw, usage=bill.usage())

    def describe(self) -> Mapping[str, str]:
        """Name, class and version of the integration."""
        package = type(self.llm).__module__.partition(".")[0].replace("_", "-")
        described = {"name": self.name, "class": type(self.llm).__qualname__}
        try:
            return {**described, package: version(package)}
        except PackageNotFoundError:  # a class of the user's own
            return described

    async def aclose(self) -> None:
        """Do nothing: LangChain models hold no open connections of ours."""

    async def _say_number(self, messages: _Messages, low: int, high: int, bill: _Bill) -> str:
        if not self._structured:
            return await self._say(messages, bill)
        try:
            return await self._fill_in(messages, low, high, bill)
        except TransportError as error:
            if not self._may_fall_back or error.fault.of_service:
                raise
            # A server may lack what its client offers.
            reply = await self._say(messages, bill)
            self._structured = False
            return reply

    async def _fill_in(self, messages: _Messages, low: int, high: int, bill: _Bill) -> str:
        schema = {
            "title": "Answer",
            "description": "The number that answers the question.",
            "type": "object",
            "properties": {_FIELD: {"type": "integer", "minimum": low, "maximum": high}},
            "required": [_FIELD],
        }
        try:
            model = self.llm.with_structured_output(schema, include_raw=True)
            answer = cast("dict[str, Any]", await model.ainvoke(messages))
            raw, parsed = cast("tuple[BaseMessage, object]", (answer["raw"], answer["parsed"]))
        except Exception as error:  # noqa: BLE001 - clients raise what they like
            raise TransportError(fault_of(error), self.name) from None  # it may show a key
        text = bill.add(messages, raw)
        self._may_fall_back = False
        if isinstance(parsed, dict):
            filled = cast("dict[str, object]", parsed)
            return clean(str(filled.get(_FIELD, "")))
        return text

    async def _say(self, messages: _Messages, bill: _Bill) -> str:
        try:
            message = await self.llm.ainvoke(messages)
        except Exception as error:  # noqa: BLE001
            raise TransportError(fault_of(error), self.name) from None
        return bill.add(messages, message)


@dataclass
class _Bill:
    """What the calls behind one answer cost."""

    started: float = field(default_factory=time.perf_counter)
    forwards: int = 0
    prompt: int = 0
    cached: int = 0
    reply: int = 0

    def add(self, messages: _Messages, answer: BaseMessage) -> str:
        """Count a call; give its text, without thoughts and cleaned."""
        text = str(answer.text)
        counts = cast("dict[str, Any]", getattr(answer, "usage_metadata", None) or {})
        asked = sum(len(content) for _, content in messages)
        self.forwards += 1
        self.prompt += int(counts.get("input_tokens", asked // 4))
        self.reply += int(counts.get("output_tokens", len(text) // 4))
        self.cached += int((counts.get("input_token_details") or {}).get("cache_read") or 0)
        return clean(without_thoughts(text))

    def usage(self) -> Usage:
        return Usage(
            prompt_tokens=self.prompt,
            cached_tokens=self.cached,
            reply_tokens=self.reply,
            forwards=self.forwards,
            seconds=time.perf_counter() - self.started,
        )


def _asking(prompt: Prompt, question: str, low: int, high: int) -> _Messages:
    """Set a question that wants a number, under the instructions and examples in words."""
    wanted = f"Answer with one whole number from {low} to {high} only."
    return replace(prompt, question=f"{question}\n\n{wanted}").as_messages()


def _read(read: Callable[[], _Value], bill: _Bill) -> _Value:
    """Read a reply; one that cannot be read says what it cost."""
    try:
        return read()
    except InvalidReply as error:
        raise InvalidReply(error.reason, error.reply, bill.usage()) from None


def _claims_structure(llm: BaseChatModel) -> bool:
    """Tell whether a model has structured output: the base class only raises."""
    from langchain_core.language_models import BaseChatModel  # noqa: PLC0415 - 0.4 s

    own = type(llm)
    return (
        own.bind_tools is not BaseChatModel.bind_tools
        or own.with_structured_output is not BaseChatModel.with_structured_output
    )


def _name(llm: BaseChatModel) -> str:
    for attribute in ("model_name", "model"):
        named = getattr(llm, attribute, None)
        if isinstance(named, str):
            return f"{type(llm).__name__}:{named}"
    return type(llm).__name__
