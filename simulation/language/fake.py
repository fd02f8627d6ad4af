"""Two models that are not models: for tests, notebooks and trying out a world.

They never touch a network, load nothing and answer at once.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import PrivateAttr

from simulation.language.base import Chosen, Phrase, Prompt, Rated, Usage, Written
from simulation.language.replies import cut

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForLLMRun

_OPENINGS: Final = ("I think", "they say", "it seems", "I heard", "we know", "perhaps")
_MIDDLES: Final = (
    "the day is long",
    "there is enough for today",
    "the weather will turn",
    "we should look again",
    "the road is quiet",
    "it can wait until tomorrow",
    "the others are on their way",
)
_ENDINGS: Final = ("this time", "as always", "before noon", "by the evening", "all the same")


class FakeModel:
    """A language model made of a hash: the same question and seed give the same answer.

    It knows nothing, so agents that ask it wander at random, but repeatably.

    Args:
        style: Which kind of model to stand in for. Both get log weights from ``choose``.
    """

    def __init__(self, style: Literal["completion", "chat"] = "completion") -> None:
        self.name = "fake"
        self.style: Literal["completion", "chat"] = style

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
        """Give one of 210 short tails."""
        question = prompt.as_completion()
        parts = [
            part[int(_draw(question, part[0], str(seed)) * len(part))]
            for part in (_OPENINGS, _MIDDLES, _ENDINGS)
        ]
        words = cut(" ".join(parts), stop).split()[:max_tokens]
        return Written(text=" ".join(words), usage=_usage(question, len(words)))

    async def choose(
        self,
        prompt: Prompt,
        options: Sequence[Phrase],
        *,
        plain: Prompt | None = None,
        seed: int = 0,
        slot: str = "",
    ) -> Chosen:
        """Give every option a log weight; uniform weights where a prior is asked for."""
        question = prompt.as_completion()
        raw = [2.0 * _draw(question, option.text, str(seed)) for option in options]
        total = math.log(sum(math.exp(weight) for weight in raw))
        even = -math.log(len(raw))
        return Chosen(
            logps=tuple(weight - total for weight in raw),
            priors=None if plain is None else (even,) * len(raw),
            usage=_usage(question, 1),
        )

    async def rate(
        self, prompt: Prompt, low: int, high: int, *, seed: int = 0, slot: str = ""
    ) -> Rated:
        """Give a number in the range."""
        question = prompt.as_completion()
        value = low + _draw(question, "rate", str(seed)) * (high - low)
        return Rated(value=value, raw=f"{value:.3f}", usage=_usage(question, 1))

    def describe(self) -> Mapping[str, str]:
        """Name only: there is nothing else to it."""
        return {"name": self.name}

    async def aclose(self) -> None:
        """Do nothing."""


Replies = Sequence[str] | Callable[[list[BaseMessage]], str]
"""What a fake chat model says: one reply after the other, or a function of the messages."""


class FakeChatModel(BaseChatModel):
    """A LangChain chat model that says what it is told to.

    Example:
        >>> FakeChatModel(["one", "two"]).invoke("Count.").text
        'one'
        >>> FakeChatModel(lambda messages: str(messages[-1].text).upper()).invoke("hi").text
        'HI'

    Args:
        replies: A list, whose last reply is repeated when it runs out; a function of the
            messages; or nothing, for ``1`` every time, which answers most questions.
    """

    _replies: Replies = PrivateAttr()
    _asked: list[list[BaseMessage]] = PrivateAttr(default_factory=list[list[BaseMessage]])

    def __init__(self, replies: Replies = ("1",)) -> None:
        super().__init__()
        self._replies = replies

    @property
    def asked(self) -> list[list[BaseMessage]]:
        """The messages of every call, for a test to look at."""
        return self._asked

    @property
    def _llm_type(self) -> str:
        return "sociarium-fake"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self._asked.append(messages)
        if callable(self._replies):
            reply = self._replies(messages)
        else:
            reply = self._replies[min(len(self._asked), len(self._replies)) - 1]
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=reply))])


def _draw(*keys: str) -> float:
    """A number in [0, 1) that depends on the keys alone."""
    joined = "\0".join(keys).encode("utf-8", "replace")
    return int.from_bytes(hashlib.sha256(joined).digest()[:6]) / 2**48


def _usage(question: str, replied: int) -> Usage:
    return Usage(prompt_tokens=len(question) // 4, reply_tokens=replied)
