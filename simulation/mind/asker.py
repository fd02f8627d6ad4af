"""Asking a language model so that nothing is lost: counted, journalled, logged, repaired.

A reply enters the journal when it arrives, keyed by agent, tick, purpose and ordinal, and the log
when its tick is committed. The ordinal is given before the wait, so it does not depend on which
reply comes first.

A reply that cannot be read is asked for again, at most ``REPAIRS`` times: a chat model is told what
was wrong, a completion model gets another seed. Each time is a call of its own, with its own
ordinal, event and share of the budget. After that the log says that the mind fell back, and nobody
gets to see the words. A request that does not get through is another matter: it is sent again as
:mod:`simulation.language.patience` says, and stays one call.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar, cast, overload

from simulation.episode.events import Asked, FellBack
from simulation.episode.sink import EventSink, JournalKey, Scribe, canonical_json
from simulation.errors import Diverged, InvalidReply, ModelError
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
from simulation.language.checks import no_echo, no_model_speak, some_words, through
from simulation.language.patience import Patience
from simulation.language.replies import clean
from simulation.lint import find_loaded_words
from simulation.mind.arrival import noting, safe, settled
from simulation.mind.journalled import AnyReply, Unanswered, Unread, read_back, written_down
from simulation.mind.wording import worded

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from simulation.episode.recording import Recording
    from simulation.kernel.streams import Streams
    from simulation.language.prompts import PromptFile
    from simulation.mind.budget import Budget

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Reply = TypeVar("Reply", Written, Chosen, Rated)

OnReply = Callable[[Purpose, Usage], None]
"""Told of every reply as it arrives: for a progress bar."""

REPAIRS: Final = 2
"""Times that the same is asked for again when the answer cannot be used."""
_LONGEST_REPLY_KEPT: Final = 200
_LONGEST_REASON: Final = 300
_LONGEST_REPLY_SHOWN: Final = 400
"""Characters of a bad reply that its model sees again."""


class Answer(NamedTuple, Generic[T_co]):
    """What was read from a reply, and the id of the event that records it."""

    value: T_co
    call: str


class Asker:
    """The one way in which minds of a simulation reach its language model.

    Args:
        model: Who is asked.
        sink: Whose journal keeps the replies.
        streams: Where seeds come from.
        budget: How many calls are allowed.
        on_reply: Told of every reply.
        recording: Replies that are known already.
        patience: How requests that do not get through are borne with.
    """

    def __init__(
        self,
        model: LanguageModel,
        sink: EventSink,
        streams: Streams,
        budget: Budget,
        on_reply: OnReply = lambda purpose, usage: None,
        recording: Recording | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.model = model
        self._patience = patience or Patience(streams=streams)
        self._recording = recording
        self._sink = sink
        self._streams = streams
        self._budget = budget
        self._on_reply = on_reply
        self._ordinals: dict[tuple[str, Purpose], tuple[int, int]] = {}
        """For each agent and purpose: the latest tick and how many calls were made in it."""
        self.prompts: Mapping[str, str] = {}
        """Prompts in other words, by name; see :mod:`simulation.mind.wording`."""

    def worded(self, file: PromptFile) -> PromptFile:
        """A prompt in the words in which it is asked in this run."""
        return worded(file, self.prompts)

    @property
    def chats(self) -> bool:
        """Whether the model writes freely, as against completing what is given to it."""
        return self.model.style == "chat"

    @overload
    async def write(
        self,
        scribe: Scribe,
        prompt: Prompt,
        *,
        stop: Sequence[str] = ...,
        max_tokens: int = ...,
        temperature: float = ...,
        shared_slot: bool = ...,
        repairs: int = ...,
    ) -> Answer[str] | None: ...

    @overload
    async def write(
        self,
        scribe: Scribe,
        prompt: Prompt,
        *,
        read: Callable[[str], T],
        stop: Sequence[str] = ...,
        max_tokens: int = ...,
        temperature: float = ...,
        shared_slot: bool = ...,
        repairs: int = ...,
    ) -> Answer[T] | None: ...

    async def write(
        self,
        scribe: Scribe,
        prompt: Prompt,
        *,
        read: Callable[[str], object] = some_words,
        stop: Sequence[str] = ("\n",),
        max_tokens: int = 40,
        temperature: float = 0.6,
        shared_slot: bool = False,
        repairs: int = REPAIRS,
    ) -> Answer[object] | None:
        """Ask for words; None when no usable ones came, which is then logged.

        Args:
            scribe: Writes the agent's events.
            prompt: What is asked.
            read: Turns the words into what is wanted, or raises ``InvalidReply``; see
                :mod:`simulation.language.plausible`. By default any words will do. A model that
                refuses, speaks as one or repeats the prompt is turned away before.
            stop: What ends the words.
            max_tokens: The most that is written.
            temperature: How freely.
            shared_slot: Whether everybody's questions of this purpose share a prefix cache.
            repairs: How often the same is asked for again, at most.
        """
        slot = prompt.purpose if shared_slot else scribe.agent
        plausible = through(no_model_speak, no_echo(prompt))

        def send(asked: Prompt, seed: int) -> Awaitable[Written]:
            return self.model.write(
                asked,
                stop=stop,
                max_tokens=max_tokens,
                temperature=temperature,
                seed=seed,
                slot=slot,
            )

        def take(reply: Written) -> object:
            return read(plausible(_shown(reply)))

        return await self._ask(scribe, prompt, Written, send, take, repairs=repairs)

    async def choose(
        self, scribe: Scribe, prompt: Prompt, options: Sequence[Phrase], plain: Prompt | None
    ) -> Answer[Chosen] | None:
        """The weighed options and the id of the call; None when no usable answer came."""

        def send(asked: Prompt, seed: int) -> Awaitable[Chosen]:
            return self.model.choose(asked, options, plain=plain, seed=seed, slot=scribe.agent)

        def take(reply: Chosen) -> Chosen:
            return _one_of(reply, len(options))

        shown = tuple(o.text for o in options)
        return await self._ask(scribe, prompt, Chosen, send, take, shown)

    async def rate(
        self, scribe: Scribe, prompt: Prompt, low: int, high: int
    ) -> Answer[float] | None:
        """A number and the id of the call; None when no usable answer came."""

        def send(asked: Prompt, seed: int) -> Awaitable[Rated]:
            return self.model.rate(asked, low, high, seed=seed, slot=prompt.purpose)

        def take(reply: Rated) -> float:
            if not low <= reply.value <= high:
                raise InvalidReply(f"{reply.value} is not from {low} to {high}", _shown(reply))
            return reply.value

        return await self._ask(scribe, prompt, Rated, send, take)

    async def _ask(
        self,
        scribe: Scribe,
        prompt: Prompt,
        kind: type[Reply],
        send: Callable[[Prompt, int], Awaitable[Reply]],
        take: Callable[[Reply], T],
        options: tuple[str, ...] = (),
        repairs: int = REPAIRS,
    ) -> Answer[T] | None:
        """Ask until the reply can be taken, as often as is allowed."""
        calls: list[str] = []
        fault, said = "", ""
        for repair in range(repairs + 1):
            number, seed = self._number(scribe, prompt.purpose)
            name = scribe.keep(self._text(prompt))
            key = JournalKey((scribe.agent, scribe.tick, prompt.purpose, number))
            reply, model = await self._reply(
                scribe,
                key,
                name,
                kind,
                lambda: send(prompt, seed),  # noqa: B023
            )
            if isinstance(reply, Unanswered):
                fault, said = reply.failed, ""
                break
            calls.append(self._tell(scribe, key, name, model, reply, repair, options))
            try:
                return Answer(_taken(reply, take), calls[-1])
            except InvalidReply as error:
                fault, said = error.reason, _shown(reply)
            prompt = _mended(prompt, said, fault)
        scribe.note(
            FellBack,
            purpose=prompt.purpose,
            reason=fault[:_LONGEST_REASON],
            reply=said[:_LONGEST_REPLY_KEPT],
            causes=tuple(calls),
        )
        return None

    def _number(self, scribe: Scribe, purpose: Purpose) -> tuple[int, int]:
        """The ordinal of this call and the seed that belongs to it."""
        tick, number = self._ordinals.get((scribe.agent, purpose), (scribe.tick, 0))
        number = number if tick == scribe.tick else 0
        self._ordinals[scribe.agent, purpose] = (scribe.tick, number + 1)
        seed = self._streams.key(scribe.agent, scribe.tick, f"{purpose}.{number}")
        return number, seed % 2**31

    def _text(self, prompt: Prompt) -> str:
        """What is asked, as the log keeps it."""
        return canonical_json(prompt.as_messages()) if self.chats else prompt.as_completion()

    async def _reply(
        self,
        scribe: Scribe,
        key: JournalKey,
        name: str,
        kind: type[Reply],
        ask: Callable[[], Awaitable[Reply]],
    ) -> tuple[Reply | Unread | Unanswered, str]:
        """The reply on record, or else the model's, which the journal keeps; and whose it is."""
        recording = self._recording
        known = recording.reply(key, name) if recording else None
        if recording is None or known is None:
            refused = self._budget.spend(key[0])
            if refused:
                reply = Unanswered(failed=refused)
            else:
                reply = await self._heard(scribe, key, kind, ask)
            model = self.model.name
        else:
            self._budget.count(key[0])
            reply, model = _of_kind(kind, read_back(known), key), recording.model
        self._sink.journal(key, name, written_down(reply))
        if not isinstance(reply, Unanswered):
            self._budget.add(key[0], reply.usage, model)
        return reply, model

    async def _heard(
        self,
        scribe: Scribe,
        key: JournalKey,
        kind: type[Reply],
        ask: Callable[[], Awaitable[Reply]],
    ) -> Reply | Unread | Unanswered:
        """The reply, or what there is of one in which the model did not answer."""
        try:
            return settled(await self._patience.ask(ask, noting(scribe, key), key), kind)
        except InvalidReply as error:
            fault, usage = safe(error.reason), error.usage or Usage()
            return Unread(raw=safe(error.reply), fault=fault, usage=usage)
        except ModelError as error:
            return Unanswered(failed=safe(str(error)))

    def _tell(
        self,
        scribe: Scribe,
        key: JournalKey,
        name: str,
        model: str,
        reply: Written | Chosen | Rated | Unread,
        repair: int,
        options: tuple[str, ...],
    ) -> str:
        """Note what was asked and answered; returns the event's id."""
        _, _, purpose, number = key
        usage = reply.usage
        self._on_reply(cast("Purpose", purpose), usage)
        asked = scribe.note(
            Asked,
            purpose=purpose,
            ordinal=number,
            repair=repair,
            model=model,
            prompt=name,
            options=options,
            reply=_shown(reply),
            prompt_tokens=usage.prompt_tokens,
            cached_tokens=usage.cached_tokens,
            reply_tokens=usage.reply_tokens,
            forwards=usage.forwards,
            seconds=round(usage.seconds, 4),
            cost=round(self._budget.prices.cost(model, usage), 9),
        )
        return asked.id


def _of_kind(kind: type[Reply], reply: AnyReply, key: JournalKey) -> Reply | Unread | Unanswered:
    """A recorded reply, if it is one to this kind of question."""
    if isinstance(reply, (kind, Unread, Unanswered)):
        return reply
    agent, tick, purpose, number = key
    raise Diverged(
        f"{agent} asks at tick {tick} ({purpose}, {number}) for a {kind.__name__.lower()} reply "
        f"where the journal has a {type(reply).__name__.lower()} one"
    )


def _taken(reply: Reply | Unread, take: Callable[[Reply], T]) -> T:
    if isinstance(reply, Unread):
        raise InvalidReply(reply.fault, reply.raw)
    return take(reply)


def _shown(reply: Written | Chosen | Rated | Unread) -> str:
    """A reply as the log shows it."""
    if isinstance(reply, Written):
        return clean(reply.text)
    if isinstance(reply, Rated):
        return f"{reply.value:.4f}"
    if isinstance(reply, Unread) or reply.logps is None:
        return clean(reply.raw)
    return canonical_json([reply.logps, reply.priors])


def _one_of(reply: Chosen, size: int) -> Chosen:
    """The same, if it picks or weighs so many options."""
    given = [weights for weights in (reply.logps, reply.priors) if weights is not None]
    fits = all(len(weights) == size and all(map(math.isfinite, weights)) for weights in given)
    if not fits or (reply.logps is None and reply.pick not in range(size)):
        raise InvalidReply(f"it does not choose one of {size} options", _shown(reply))
    return reply


def _mended(prompt: Prompt, said: str, fault: str) -> Prompt:
    """The question with what came of it. Loaded words are not shown to a mind, even its own."""
    for word in reversed(find_loaded_words(said := said[:_LONGEST_REPLY_SHOWN])):
        said = f"{said[: word.position]}…{said[word.position + len(word.word) :]}"
    wrong = f"That cannot be used: {fault}. Give what was asked for and nothing else."
    return prompt.mended(said or "…", wrong)  # some providers refuse an empty turn
