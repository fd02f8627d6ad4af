"""What a mind may ask of a language model: ``write``, ``choose``, ``rate``; nothing else.

A model that answers natively (the embedded one) and any LangChain chat model both stand behind
:class:`LanguageModel`. The model never samples a choice: it returns probabilities where it has
them, and the engine draws with its keyed stream, so the same replies give the same episode.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Purpose = Literal[
    "decide",
    "utter",
    "rate",
    "question",
    "reflect",
    "plan",
    "decompose",
    "summary",
    "relate",
    "stance",
    "probe",
    "interview",
]
"""Why a model is asked. One prompt file per purpose, one line per purpose in the cost table."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """A worked example in a prompt: what was asked, and a good answer."""

    question: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class Mend:
    """A reply to the question that could not be used, and what the model is told about it."""

    reply: str
    wrong: str


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A question in a form that suits every kind of model.

    The order serves prefix caches: instructions and examples never change within a purpose, and
    what is said about a bad reply comes after all else.
    """

    purpose: Purpose
    instructions: str
    """What is asked, for chat models; a completion model learns it from the examples."""
    examples: tuple[Example, ...]
    question: str
    """Ends where the answer begins, without a trailing space: ``… So Ada decides to``."""
    mends: tuple[Mend, ...] = ()
    """Bad replies so far. A completion model is not told: it is asked again with another seed."""

    def mended(self, reply: str, wrong: str) -> Prompt:
        """The same question to be asked again, after one more bad reply."""
        return replace(self, mends=(*self.mends, Mend(reply=reply, wrong=wrong)))

    def as_completion(self) -> str:
        """The examples, each question followed by its answer, then the open question."""
        shown = [f"{e.question} {e.answer}" for e in self.examples]
        return "\n\n".join([*shown, self.question])

    def as_messages(self) -> list[tuple[str, str]]:
        """``(role, text)`` pairs: system, human/ai for each example, human, ai/human for mends."""
        messages = [("system", self.instructions)]
        for example in self.examples:
            messages += [("human", example.question), ("ai", example.answer)]
        messages.append(("human", self.question))
        for mend in self.mends:
            messages += [("ai", mend.reply), ("human", mend.wrong)]
        return messages


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """An option as a mind reads it: ``carry the logs inside`` = verb + rest.

    ``verb`` is its first word. ``head`` is the word that tells it from other options with the
    same verb, with what stands before it (``lead``): ``carry the | logs``. Both may be empty.
    """

    text: str
    verb: str
    lead: str = ""
    head: str = ""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What an answer cost."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    """Of the prompt tokens, those that a prefix cache already held."""
    reply_tokens: int = 0
    forwards: int = 1
    """Requests to the model behind this one answer."""
    seconds: float = 0.0
    """Wall time; recorded, never canonical."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """The answer to ``write``."""

    text: str
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The answer to ``choose``: log weights where the model gives them, else one pick.

    With weights, an option's corrected score is ``logp - e * prior`` for the exponent ``e`` that
    the mind declares; the engine normalises and samples. Exactly one of ``logps`` and ``pick``
    is given.
    """

    logps: tuple[float, ...] | None = None
    """For each option, the log weight given the situation."""
    priors: tuple[float, ...] | None = None
    """For each option, the same with a content-free question."""
    pick: int | None = None
    """The option's index, from a model without probabilities."""
    raw: str = ""
    """What a chat model literally said."""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, kw_only=True)
class Rated:
    """The answer to ``rate``: a number in the range that was asked for."""

    value: float
    raw: str = ""
    usage: Usage = field(default_factory=Usage)


@runtime_checkable
class LanguageModel(Protocol):
    """The one seam to every model. Implementations are safe to call from one event loop.

    ``slot`` names who keeps a prefix cache (an agent's name, or a purpose); ``seed`` makes a
    sampled reply repeatable where the model can honour it.
    """

    name: str
    """As a user would name it: ``local``, ``openai:gpt-5-mini``."""
    style: Literal["completion", "chat"]
    """``completion``: weak, few-shot, facts are given to it. ``chat``: writes freely."""

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
        """Continue the question in words."""
        ...

    async def choose(
        self,
        prompt: Prompt,
        options: Sequence[Phrase],
        *,
        plain: Prompt | None = None,
        seed: int = 0,
        slot: str = "",
    ) -> Chosen:
        """Weigh the options. ``plain`` is the content-free question that gives the prior."""
        ...

    async def rate(
        self, prompt: Prompt, low: int, high: int, *, seed: int = 0, slot: str = ""
    ) -> Rated:
        """Give a number between ``low`` and ``high``, both included."""
        ...

    def describe(self) -> Mapping[str, str]:
        """Name, weights hash, versions: what the episode keeps so that a run can be repeated."""
        ...

    async def aclose(self) -> None:
        """Let go of threads, sockets and memory."""
        ...
