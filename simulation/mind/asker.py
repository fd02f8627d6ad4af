"""Asking a language model so that nothing is lost: counted, journalled, logged.

A reply enters the journal when it arrives, keyed by agent, tick, purpose and ordinal, and the log
when its tick is committed. The ordinal is given before the wait, so it does not depend on which
reply comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from simulation.episode.events import Asked, FellBack
from simulation.episode.sink import EventSink, JournalKey, Scribe, canonical_json
from simulation.errors import ModelError
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

if TYPE_CHECKING:
    from simulation.kernel.streams import Streams
    from simulation.mind.budget import CallBudget

Reply = TypeVar("Reply", Written, Chosen, Rated)

OnReply = Callable[[Purpose, Usage], None]
"""Told of every reply as it arrives: for a progress bar."""

_LONGEST_REPLY_KEPT = 200


class Answer(NamedTuple):
    """A reply that came, and the id of the event that records it."""

    call: str
    usage: Usage


class Asker:
    """The one way in which minds of a simulation reach its language model.

    Args:
        model: Who is asked.
        sink: Whose journal keeps the replies.
        streams: Where seeds come from.
        budget: How many calls are allowed.
        on_reply: Told of every reply.
    """

    def __init__(
        self,
        model: LanguageModel,
        sink: EventSink,
        streams: Streams,
        budget: CallBudget,
        on_reply: OnReply = lambda purpose, usage: None,
    ) -> None:
        self.model = model
        self._sink = sink
        self._streams = streams
        self._budget = budget
        self._on_reply = on_reply
        self._ordinals: dict[tuple[str, int, Purpose], int] = {}

    @property
    def chats(self) -> bool:
        """Whether the model writes freely, as against completing what is given to it."""
        return self.model.style == "chat"

    async def write(
        self,
        scribe: Scribe,
        prompt: Prompt,
        *,
        stop: Sequence[str] = ("\n",),
        max_tokens: int = 40,
        temperature: float = 0.6,
        shared_slot: bool = False,
    ) -> tuple[str, str] | None:
        """Words and the id of the call; None when the model failed, which is then logged."""
        number, seed = self._number(scribe, prompt.purpose)
        try:
            reply = await self.model.write(
                prompt,
                stop=stop,
                max_tokens=max_tokens,
                temperature=temperature,
                seed=seed,
                slot=prompt.purpose if shared_slot else scribe.agent,
            )
        except ModelError as error:
            return self._failed(scribe, prompt.purpose, error)
        return reply.text, self._keep(scribe, prompt, number, reply, reply.text, reply.usage)

    async def choose(
        self, scribe: Scribe, prompt: Prompt, options: Sequence[Phrase], plain: Prompt | None
    ) -> tuple[Chosen, str] | None:
        """The weighed options and the id of the call; None when the model failed."""
        number, seed = self._number(scribe, prompt.purpose)
        try:
            reply = await self.model.choose(
                prompt, options, plain=plain, seed=seed, slot=scribe.agent
            )
        except ModelError as error:
            return self._failed(scribe, prompt.purpose, error)
        shown = reply.raw if reply.logps is None else canonical_json([reply.logps, reply.priors])
        names = tuple(option.text for option in options)
        return reply, self._keep(scribe, prompt, number, reply, shown, reply.usage, names)

    async def rate(
        self, scribe: Scribe, prompt: Prompt, low: int, high: int
    ) -> tuple[float, str] | None:
        """A number and the id of the call; None when the model failed."""
        number, seed = self._number(scribe, prompt.purpose)
        try:
            reply = await self.model.rate(prompt, low, high, seed=seed, slot=prompt.purpose)
        except ModelError as error:
            return self._failed(scribe, prompt.purpose, error)
        shown = f"{reply.value:.4f}"
        return reply.value, self._keep(scribe, prompt, number, reply, shown, reply.usage)

    def _number(self, scribe: Scribe, purpose: Purpose) -> tuple[int, int]:
        """The ordinal of this call and the seed that belongs to it."""
        self._budget.spend()
        key = (scribe.agent, scribe.tick, purpose)
        number = self._ordinals.get(key, 0)
        self._ordinals = {k: n for k, n in self._ordinals.items() if k[1] == scribe.tick}
        self._ordinals[key] = number + 1
        seed = self._streams.key(scribe.agent, scribe.tick, f"{purpose}.{number}")
        return number, seed % 2**31

    def _keep(
        self,
        scribe: Scribe,
        prompt: Prompt,
        number: int,
        reply: Written | Chosen | Rated,
        shown: str,
        usage: Usage,
        options: tuple[str, ...] = (),
    ) -> str:
        completion = not self.chats
        text = prompt.as_completion() if completion else canonical_json(prompt.as_messages())
        name = scribe.keep(text)
        key = JournalKey((scribe.agent, scribe.tick, prompt.purpose, number))
        self._sink.journal(key, name, canonical_json(asdict(reply)))
        self._on_reply(prompt.purpose, usage)
        asked = scribe.note(
            Asked,
            purpose=prompt.purpose,
            ordinal=number,
            model=self.model.name,
            prompt=name,
            options=options,
            reply=shown,
            prompt_tokens=usage.prompt_tokens,
            cached_tokens=usage.cached_tokens,
            reply_tokens=usage.reply_tokens,
            forwards=usage.forwards,
            seconds=round(usage.seconds, 4),
        )
        return asked.id

    def _failed(self, scribe: Scribe, purpose: Purpose, error: ModelError) -> None:
        reply = getattr(error, "reply", "")[:_LONGEST_REPLY_KEPT]
        scribe.note(FellBack, purpose=purpose, reason=str(error)[:300], reply=reply)
