"""Three models that are not models: for tests, notebooks and trying out a world.

They never touch a network, load nothing and answer at once. One of them answers badly: a world
that lives through all of its faults will live through those of a real model.
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
        message = AIMessage(content=self._reply(messages))
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _reply(self, messages: list[BaseMessage]) -> str:
        if callable(self._replies):
            return self._replies(messages)
        return self._replies[min(len(self._asked), len(self._replies)) - 1]


Fault = Literal[
    "nothing",
    "invisible",
    "nonsense",
    "repetition",
    "emoji",
    "other language",
    "other script",
    "refusal",
    "of itself",
    "question",
    "echo",
    "role tags",
    "html",
    "endless",
    "broken json",
    "wrong json",
    "deep json",
    "outage",
]
"""A way in which a model can answer badly, or not at all."""

FAULTS: Final[Mapping[Fault, str]] = {
    "nothing": "",
    "invisible": "\x00\u200b\u202e\ud800\ufeff \n",
    "nonsense": "xkcd qwrt zzkp bvnm lkjh",
    "repetition": "and so on " * 200,
    "emoji": "\U0001f642" * 300,
    "other language": "Je pense que nous devrions regarder encore une fois demain matin.",
    "other script": "\u6211\u89c9\u5f97\u6211\u4eec\u660e\u5929\u518d\u770b\u770b\u5427\u3002",
    "refusal": "I'm sorry, but I can't assist with that request.",
    "of itself": "As an AI language model, I do not have personal opinions or plans.",
    "question": "Which of these do you mean, and why do you ask?",
    "echo": "",
    "role tags": "Human: What now?\nAssistant: Let us see.",
    "html": "<script>alert('hello')</script><b>Good morning</b>",
    "endless": "a" * 1_000_000,
    "broken json": '{"say": "I will come at',
    "wrong json": '{"speech": null, "say": {"words": []}}',
    "deep json": '{"say":' * 50_000,
    "outage": "the server is down",
}
"""What is said for each fault; an echo repeats the instructions, an outage is an error."""


class FaultyChatModel(FakeChatModel):
    """A LangChain chat model that answers badly, by a script.

    Example:
        >>> model = FaultyChatModel(["refusal", None], sound=["2"])
        >>> for _ in range(2):
        ...     print(model.invoke("Which one?").text)
        I'm sorry, but I can't assist with that request.
        2

    Args:
        script: One fault after the other, again and again; None: a sound answer.
        sound: What a sound answer is, as for :class:`FakeChatModel`.
    """

    _script: Sequence[Fault | None] = PrivateAttr()

    def __init__(self, script: Sequence[Fault | None], sound: Replies = ("1",)) -> None:
        super().__init__(sound)
        self._script = script

    def _reply(self, messages: list[BaseMessage]) -> str:
        fault = self._script[(len(self.asked) - 1) % len(self._script)]
        if fault is None:
            return super()._reply(messages)
        if fault == "outage":
            raise ConnectionError(FAULTS[fault])
        return str(messages[0].text) if fault == "echo" else FAULTS[fault]


def _draw(*keys: str) -> float:
    """A number in [0, 1) that depends on the keys alone."""
    joined = "\0".join(keys).encode("utf-8", "replace")
    return int.from_bytes(hashlib.sha256(joined).digest()[:6]) / 2**48


def _usage(question: str, replied: int) -> Usage:
    return Usage(prompt_tokens=len(question) // 4, reply_tokens=replied)
