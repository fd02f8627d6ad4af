"""Menus and calls: what the embedded model weighs, forward by forward."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from simulation.language.base import Phrase, Prompt, Usage
from simulation.language.llama import Completion, Distribution, Engine
from simulation.language.trie import Path as TokenPath
from simulation.language.trie import weigh

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEAD_WEIGHT: Final = 0.75
"""How much an option's head counts beside its verb."""
REACH: Final = 2.5
"""Verbs this far (in nats, half the prior removed) below the best get no head forward."""
MOST_HEADS: Final = 3
"""Forwards for heads in one decision, the best verbs first; each costs a tenth of the root."""
PRIORS_KEPT: Final = 4096

Head = tuple[str, str]
"""A verb and the lead after it."""
Priors = OrderedDict[tuple[str, TokenPath], Distribution]
"""What followed a content-free question, by the question's hash and the tokens after it."""


class Menu:
    """The words of a menu that tell its options apart."""

    def __init__(self, options: Sequence[Phrase]) -> None:
        self.options = [_worded(option) for option in options]
        self.verbs = list(dict.fromkeys(option.verb for option in self.options))
        self.heads: dict[Head, list[str]] = {}
        for option in self.options:
            if option.head:
                words = self.heads.setdefault((option.verb, option.lead), [])
                if option.head not in words:
                    words.append(option.head)

    def within_reach(
        self, verbs: Mapping[str, float], priors: Mapping[str, float] | None
    ) -> list[Head]:
        """Where a forward for the heads is worth it; everywhere when no prior can stand in."""
        if priors is None:
            return list(self.heads)
        gains = {verb: verbs[verb] - priors[verb] / 2 for verb in self.verbs}
        bar = max(gains.values()) - REACH
        near = [head for head in self.heads if gains[head[0]] >= bar]
        return sorted(near, key=lambda head: -gains[head[0]])[:MOST_HEADS]

    def total(
        self, verbs: Mapping[str, float], heads: Mapping[Head, Mapping[str, float]]
    ) -> tuple[float, ...]:
        """Add the weights of each option's words."""
        return tuple(
            verbs[option.verb]
            + (HEAD_WEIGHT * heads[option.verb, option.lead][option.head] if option.head else 0.0)
            for option in self.options
        )


class Call:
    """The forwards behind one answer, and what they cost.

    The first of them starts from the examples alone, so that equal questions get equal answers
    at any time. Priors are kept for the rest of the process, so each of them starts afresh.
    """

    def __init__(
        self,
        engine: Engine,
        prompt: Prompt,
        *,
        kept: Priors | None = None,
    ) -> None:
        self.text = prompt.as_completion()
        self._examples = self.text.removesuffix(prompt.question).rstrip()
        shared = repr((prompt.purpose, prompt.examples))
        self.slot = hashlib.sha256(shared.encode("utf-8", "replace")).hexdigest()
        self._engine = engine
        self._kept = kept
        self._started = time.perf_counter()
        self._settled = False
        self._forwards = self._prompt = self._cached = self._reply = 0

    def weigh(self, after: str, words: Sequence[str], *, glue: str = " ") -> dict[str, float]:
        """Weigh words as what follows the prompt and ``after``."""
        if not words:
            return {}
        text = self.text + after
        paths = [self._engine.tokens(glue + word) for word in words]
        return dict(zip(words, weigh(paths, lambda path: self._ask(text, path)), strict=True))

    def settle(self) -> None:
        """Make the examples the only thing that the slot holds."""
        if not self._settled:
            self._settled = True
            self._settle(self._examples or "\n")

    def count(self, made: Completion) -> None:
        """Add a request to the bill."""
        self._forwards += 1
        self._prompt += made.prompt_tokens
        self._cached += made.cached_tokens
        self._reply += made.reply_tokens

    def usage(self) -> Usage:
        """Give the bill up to now."""
        return Usage(
            prompt_tokens=self._prompt,
            cached_tokens=self._cached,
            reply_tokens=self._reply,
            forwards=self._forwards,
            seconds=time.perf_counter() - self._started,
        )

    def _settle(self, text: str) -> None:
        for made in self._engine.settle(text, self.slot):
            self.count(made)

    def _ask(self, text: str, path: TokenPath) -> Distribution:
        if self._kept is None:
            return self._forward(text, path)
        key = (hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), path)
        if key not in self._kept:
            self.settle()
            self._settle(self.text)
            self._kept[key] = self._forward(text, path)
            if len(self._kept) > PRIORS_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _forward(self, text: str, path: TokenPath) -> Distribution:
        self.settle()
        distribution, made = self._engine.next_token([text, *path], self.slot)
        self.count(made)
        return distribution


def weigh_heads(call: Call, menu: Menu, where: Sequence[Head]) -> dict[Head, dict[str, float]]:
    """Weigh the heads of a menu after each of the verbs and leads given."""
    return {
        (verb, lead): call.weigh(f" {verb} {lead}".rstrip(), menu.heads[verb, lead])
        for verb, lead in where
    }


def _worded(option: Phrase) -> Phrase:
    """Give an option a verb if it has none: its first word."""
    if option.verb:
        return option
    return Phrase(text=option.text, verb=option.text.split(maxsplit=1)[0])
