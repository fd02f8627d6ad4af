"""The embedded model: a real LLM in this process, with probabilities, without a network.

It continues worked examples (``style = "completion"``); it is weak, so a mind gives it the facts
and lets the world's rules remove what is impossible. How it decides:

- Options are never listed to it. An option's weight is ``log P(verb) + w · log P(head | verb +
  lead)`` at the point where the question stops: one forward for all verbs, one for each distinct
  verb and lead, more only where words share their first token.
- The prior is the same measure with a content-free question. It depends on nothing but that
  question and the words asked before, so each of its forwards is paid once per process.
- A verb that falls far behind, or behind the best four, gets its head's weight from the prior:
  it saves a forward, and says that the situation tells nothing about that head.
- Every answer starts from the examples alone, whatever was asked before: the same question gets
  the same bytes in any run on the same kind of machine.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal, TypeVar

from simulation.errors import ModelError
from simulation.language.base import Chosen, Phrase, Prompt, Rated, Usage, Written
from simulation.language.download import Progress, silent
from simulation.language.gguf import check_gguf, quantisation
from simulation.language.llama import Engine
from simulation.language.replies import clean
from simulation.language.weighing import Call, Menu, Priors, weigh_heads
from simulation.language.weights import find_weights, sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_Answer = TypeVar("_Answer")


class EmbeddedModel:
    """llama.cpp behind :class:`~simulation.language.base.LanguageModel`.

    One worker thread answers one call at a time, and an answer depends on its question (and
    seed) alone. ``slot`` is not used: callers with the same examples share
    a prefix cache, which measured faster and smaller than one for each agent.

    Args:
        weights: A GGUF file; without one the default weights are found or fetched.
        threads: For the arithmetic; by default the cores that this process may use.
        progress: Told the bytes done and in all while weights are fetched.

    Raises:
        WeightsError: The weights cannot be found, fetched or loaded.
    """

    style: Literal["completion", "chat"] = "completion"

    def __init__(
        self,
        weights: Path | None = None,
        *,
        threads: int | None = None,
        progress: Progress = silent,
    ) -> None:
        self.name = "local" if weights is None else f"local:{weights}"
        path = find_weights(progress=progress) if weights is None else check_gguf(weights)
        self._engine = Engine(path, threads=threads)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedded-model")
        self._closed = False
        self._priors: Priors = OrderedDict()

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

        def ask() -> Written:
            call = Call(self._engine, prompt)
            call.settle()
            made = self._engine.sample(
                call.text,
                call.slot,
                stop=stop,
                max_tokens=max_tokens,
                temperature=temperature,
                seed=seed,
            )
            call.count(made)
            return Written(text=clean(made.text), usage=call.usage())

        return await self._run(ask)

    async def choose(
        self,
        prompt: Prompt,
        options: Sequence[Phrase],
        *,
        plain: Prompt | None = None,
        seed: int = 0,
        slot: str = "",
    ) -> Chosen:
        """Weigh the options; see the module for how."""
        return await self._run(lambda: self._choose(prompt, options, plain))

    async def rate(
        self, prompt: Prompt, low: int, high: int, *, seed: int = 0, slot: str = ""
    ) -> Rated:
        """Give the expected number over the next-token distribution of the numbers."""
        return await self._run(lambda: self._rate(prompt, low, high))

    async def chat(
        self,
        messages: Sequence[tuple[str, str]],
        *,
        stop: Sequence[str] = (),
        max_tokens: int = 256,
        temperature: float = 0.7,
        seed: int = 0,
    ) -> Written:
        """Answer a conversation by the chat template; for users, minds do not call it."""
        return await self._run(lambda: self._chat(messages, stop, max_tokens, temperature, seed))

    def chat_blocking(
        self,
        messages: Sequence[tuple[str, str]],
        *,
        stop: Sequence[str] = (),
        max_tokens: int = 256,
        temperature: float = 0.7,
        seed: int = 0,
    ) -> Written:
        """Do what :meth:`chat` does, where nothing can be awaited."""
        return self._worker.submit(
            self._chat, messages, stop, max_tokens, temperature, seed
        ).result()

    def describe(self) -> Mapping[str, str]:
        """Name, the weights' hash and quantisation, and the build that runs them."""
        weights = self._engine.weights
        return {
            "name": self.name,
            "weights": weights.name,
            "sha256": sha256(weights),
            "quantisation": quantisation(weights),
            "xllamacpp": version("xllamacpp"),
        }

    async def aclose(self) -> None:
        """Stop the worker and free the model."""
        self.close()

    def close(self) -> None:
        """Do what :meth:`aclose` does, where nothing can be awaited."""
        self._closed = True
        self._worker.shutdown(wait=True)
        self._engine.close()

    async def _run(self, ask: Callable[[], _Answer]) -> _Answer:
        if self._closed:
            raise ModelError("the local model has been closed")
        return await asyncio.get_running_loop().run_in_executor(self._worker, ask)

    def _choose(self, prompt: Prompt, options: Sequence[Phrase], plain: Prompt | None) -> Chosen:
        call = Call(self._engine, prompt)
        before = None if plain is None else Call(self._engine, plain, kept=self._priors)
        menu = Menu(options)
        prior_verbs = None if before is None else before.weigh("", menu.verbs)
        prior_heads = None if before is None else weigh_heads(before, menu, list(menu.heads))
        verbs = call.weigh("", menu.verbs)
        within = menu.within_reach(verbs, prior_verbs)
        heads = {**(prior_heads or {}), **weigh_heads(call, menu, within)}
        usage = call.usage() if before is None else _add(call.usage(), before.usage())
        return Chosen(
            logps=menu.total(verbs, heads),
            priors=None
            if prior_verbs is None or prior_heads is None
            else menu.total(prior_verbs, prior_heads),
            usage=usage,
        )

    def _rate(self, prompt: Prompt, low: int, high: int) -> Rated:
        call = Call(self._engine, prompt)
        numbers = [str(number) for number in range(low, high + 1)]
        # The tokeniser splits " 7" into a space and a digit; the space belongs to the prompt.
        weights = call.weigh(" ", numbers, glue="")
        masses = [math.exp(weights[number] - max(weights.values())) for number in numbers]
        total = sum(int(n) * mass for n, mass in zip(numbers, masses, strict=True))
        value = min(max(total / sum(masses), low), high)
        return Rated(value=value, raw=f"{value:.3f}", usage=call.usage())

    def _chat(
        self,
        messages: Sequence[tuple[str, str]],
        stop: Sequence[str],
        max_tokens: int,
        temperature: float,
        seed: int,
    ) -> Written:
        started = time.perf_counter()
        made = self._engine.chat(
            messages, stop=stop, max_tokens=max_tokens, temperature=temperature, seed=seed
        )
        usage = Usage(
            prompt_tokens=made.prompt_tokens,
            cached_tokens=made.cached_tokens,
            reply_tokens=made.reply_tokens,
            seconds=time.perf_counter() - started,
        )
        return Written(text=clean(made.text), usage=usage)


def _add(one: Usage, other: Usage) -> Usage:
    return Usage(
        prompt_tokens=one.prompt_tokens + other.prompt_tokens,
        cached_tokens=one.cached_tokens + other.cached_tokens,
        reply_tokens=one.reply_tokens + other.reply_tokens,
        forwards=one.forwards + other.forwards,
        seconds=one.seconds,
    )
