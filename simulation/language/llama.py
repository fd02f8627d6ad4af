"""llama.cpp in this process: one model, a few prefix caches, one request at a time.

``xllamacpp`` always opens a port on the loopback interface beside its in-process calls. It is
locked with a key that never leaves this object, and used for one thing: to ask how a word is
tokenised, which the in-process calls cannot tell.
"""

from __future__ import annotations

import json
import os
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from http.client import HTTPConnection
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol, cast
from urllib.parse import urlsplit

import numpy as np

from simulation.errors import ModelError, ModelNameError, WeightsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

SLOTS: Final = 6
"""Prefix caches: the five purposes, and one for chat."""
CONTEXT: Final = 2048
"""Tokens in each, prompt and reply; 23 kB of memory per token."""
TOP: Final = 500
"""Next tokens listed with their probabilities; what is not listed has less than about 1 in 10⁵."""
_SPIN: Final = "GOMP_SPINCOUNT"

PromptParts = list[str | int]
"""Text and, after it, tokens."""


class _Server(Protocol):
    """What is used of ``xllamacpp.Server``, which comes without type hints."""

    listening_address: str

    def handle_completions(self, prompt: dict[str, Any]) -> dict[str, Any]: ...

    def handle_chat_completions(self, prompt: dict[str, Any]) -> dict[str, Any]: ...


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """The likeliest next tokens and their log probabilities, before any sampling."""

    tokens: NDArray[np.int32]
    logps: NDArray[np.float32]

    def logp(self, token: int) -> float:
        """Log probability of a token; that of the last one listed is the floor for the rest."""
        (found,) = np.nonzero(self.tokens == token)
        return float(self.logps[found[0]] if found.size else self.logps[-1])


@dataclass(frozen=True, kw_only=True)
class Completion:
    """One answer of the server."""

    text: str
    prompt_tokens: int
    cached_tokens: int
    reply_tokens: int


class Engine:
    """A loaded model. Its methods block, and must be called from one thread at a time.

    A *slot* is a prefix cache. It is kept per key; where there are more keys than slots, the one
    that has rested longest is given away. Agents share the slot of a purpose on purpose: they
    share its instructions and examples, a thousand tokens, and differ in a hundred.
    """

    def __init__(self, weights: Path, *, threads: int | None = None) -> None:
        self.weights = weights
        self._key = secrets.token_urlsafe(24)
        self._server: _Server | None = _start(weights, self._key, threads or usable_cores())
        self._slots: OrderedDict[str, int] = OrderedDict()
        self._tokens: dict[str, tuple[int, ...]] = {}

    def settle(self, text: str, slot: str) -> list[Completion]:
        """Bring a slot into the state that belongs to a text, whatever it held before.

        Arithmetic rounds differently with the number of tokens read at once, by enough to move a
        probability in the second digit. After this the text's last token has been read alone and
        the rest long ago, so what is asked next depends on nothing that was asked before.
        """
        made = [self._read(text, slot)]
        if made[0].cached_tokens < made[0].prompt_tokens - 1:
            made.append(self._read(text, slot))
        return made

    def next_token(self, parts: PromptParts, slot: str) -> tuple[Distribution, Completion]:
        """Run the model once over a prompt; give the distribution of what follows."""
        answer = self._complete(parts, slot, max_tokens=1, logprobs=TOP, ignore_eos=True)
        listed = _first_choice(answer)["logprobs"]["content"][0]["top_logprobs"]
        distribution = Distribution(
            tokens=np.fromiter((entry["id"] for entry in listed), np.int32, len(listed)),
            logps=np.fromiter((entry["logprob"] for entry in listed), np.float32, len(listed)),
        )
        return distribution, _completion(answer, "")

    def sample(
        self,
        prompt: str,
        slot: str,
        *,
        stop: Sequence[str],
        max_tokens: int,
        temperature: float,
        seed: int,
    ) -> Completion:
        """Continue a prompt."""
        answer = self._complete(
            [prompt],
            slot,
            stop=list(stop),
            max_tokens=max_tokens,
            temperature=temperature,
            top_p=0.9,
            repeat_penalty=1.0,
            seed=seed % 2**32,
        )
        return _completion(answer, _first_choice(answer)["text"])

    def chat(
        self,
        messages: Sequence[tuple[str, str]],
        *,
        stop: Sequence[str],
        max_tokens: int,
        temperature: float,
        seed: int,
    ) -> Completion:
        """Answer a conversation of ``(role, text)`` pairs by the model's chat template."""
        request = {
            "messages": [{"role": role, "content": text} for role, text in messages],
            "stop": list(stop),
            "max_tokens": max_tokens,
            "temperature": temperature,
            "top_p": 0.9,
            "seed": seed % 2**32,
            "id_slot": self._slot("chat"),
        }
        answer = _checked(self._running.handle_chat_completions(request))
        return _completion(answer, _first_choice(answer)["message"]["content"] or "")

    def tokens(self, text: str) -> tuple[int, ...]:
        """Tokenise a word, with the space before it if it has one."""
        if text not in self._tokens:
            self._tokens[text] = self._tokenise(text)
        return self._tokens[text]

    @property
    def address(self) -> str:
        """Where the port that llama.cpp insists on is; it answers to this object's key only."""
        return self._running.listening_address

    def close(self) -> None:
        """Stop the model's threads and free its memory."""
        self._server = None

    @property
    def _running(self) -> _Server:
        if self._server is None:
            raise ModelError("the local model has been closed")
        return self._server

    def _complete(self, parts: PromptParts, slot: str, **settings: object) -> dict[str, Any]:
        request = {"temperature": 0.0, **settings, "prompt": parts, "cache_prompt": True}
        request["id_slot"] = self._slot(slot)
        return _checked(self._running.handle_completions(request))

    def _read(self, text: str, slot: str) -> Completion:
        return _completion(self._complete([text], slot, max_tokens=1), "")

    def _slot(self, key: str) -> int:
        if key in self._slots:
            self._slots.move_to_end(key)
        elif len(self._slots) < SLOTS:
            self._slots[key] = len(self._slots)
        else:
            _, freed = self._slots.popitem(last=False)
            self._slots[key] = freed
        return self._slots[key]

    def _tokenise(self, text: str) -> tuple[int, ...]:
        address = urlsplit(self.address)
        connection = HTTPConnection(address.hostname or "127.0.0.1", address.port, timeout=10)
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            connection.request("POST", "/tokenize", json.dumps({"content": text}), headers)
            answer = json.loads(connection.getresponse().read())
        except OSError as error:
            raise ModelError(f"the local model does not answer on its port: {error}") from error
        finally:
            connection.close()
        return tuple(_checked(answer)["tokens"])


def usable_cores() -> int:
    """Give how many cores this process may use, eight at most."""
    if hasattr(os, "sched_getaffinity"):
        return min(8, len(os.sched_getaffinity(0)))
    return min(8, os.cpu_count() or 1)


def _start(weights: Path, key: str, threads: int) -> _Server:
    xllamacpp = _library()

    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.n_parallel = SLOTS
    params.n_ctx = SLOTS * CONTEXT
    # Apart, a purpose attends to its own tokens only; in one pool, to everybody's.
    params.kv_unified = False
    params.cache_ram_mib = 0
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.n_gpu_layers = 0
    params.verbosity = 0
    params.warmup = False
    params.ui = False
    params.endpoint_slots = False
    params.api_keys = [key]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    try:
        server = cast("_Server", xllamacpp.Server(params))
    except RuntimeError as error:
        raise WeightsError(
            "llama.cpp cannot load the model weights",
            where=weights,
            hint="The file may be damaged or newer than this build: delete it, or choose another.",
        ) from error
    # It comes back before its loop runs, and never ends if it is closed before that.
    _checked(server.handle_completions({"prompt": "A", "max_tokens": 1}))
    return server


def _library() -> Any:
    """Import ``xllamacpp``, which has no type hints, so that its threads sleep when they wait.

    They wait for each other hundreds of times a token, by default in a busy loop: as soon as
    another process wants a core, that makes a call five to ten times slower. The OpenMP runtime
    reads the setting once, as it is loaded.
    """
    given = os.environ.get(_SPIN)
    os.environ[_SPIN] = given or "0"
    try:
        return import_module("xllamacpp")
    except ImportError as error:
        raise ModelNameError(
            f"the local model's library cannot be loaded: {error}",
            hint="Reinstall xllamacpp; on a bare Linux, also install libgomp1.",
        ) from error
    finally:
        if given is None:
            del os.environ[_SPIN]


def _checked(answer: dict[str, Any]) -> dict[str, Any]:
    problem = answer.get("error") or (answer if "message" in answer and "code" in answer else None)
    if problem:
        raise ModelError(f"the local model refused: {problem.get('message', problem)}")
    return answer


def _first_choice(answer: dict[str, Any]) -> dict[str, Any]:
    return answer["choices"][0]


def _completion(answer: dict[str, Any], text: str) -> Completion:
    usage = answer["usage"]
    return Completion(
        text=text,
        prompt_tokens=usage["prompt_tokens"],
        cached_tokens=usage["prompt_tokens_details"]["cached_tokens"],
        reply_tokens=usage["completion_tokens"],
    )
