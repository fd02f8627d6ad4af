"""The embedded model as a LangChain chat model, for a user's own chains.

Minds do not use it: chat prompts are what the embedded model is worst at. It is here so that
``EmbeddedChatModel().invoke("…")`` works wherever a ``BaseChatModel`` does.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import PrivateAttr

from simulation.language.embedded import EmbeddedModel

if TYPE_CHECKING:
    from langchain_core.callbacks import (
        AsyncCallbackManagerForLLMRun,
        CallbackManagerForLLMRun,
    )

    from simulation.language.base import Written

_ROLES = {"human": "user", "ai": "assistant", "system": "system"}


class EmbeddedChatModel(BaseChatModel):
    """Chat with the embedded model; it is loaded at the first question.

    Example:
        >>> EmbeddedChatModel(max_tokens=20).invoke("Say hello.")  # doctest: +SKIP
    """

    weights: Path | None = None
    """A GGUF file; without one the default weights are found or fetched."""
    temperature: float = 0.7
    max_tokens: int = 256
    seed: int = 0

    _model: EmbeddedModel | None = PrivateAttr(default=None)

    @property
    def _llm_type(self) -> str:
        return "sociarium-embedded"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {
            "weights": str(self.weights or "default"),
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "seed": self.seed,
        }

    def close(self) -> None:
        """Free the model; the next question loads it again."""
        if self._model is not None:
            self._model.close()
            self._model = None

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        options = self._options(stop, kwargs)
        return _result(self._loaded().chat_blocking(_turns(messages), **options))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        options = self._options(stop, kwargs)
        model = await asyncio.to_thread(self._loaded)
        return _result(await model.chat(_turns(messages), **options))

    def _loaded(self) -> EmbeddedModel:
        if self._model is None:
            self._model = EmbeddedModel(self.weights)
        return self._model

    def _options(self, stop: list[str] | None, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "stop": tuple(stop or ()),
            "temperature": given.get("temperature", self.temperature),
            "max_tokens": given.get("max_tokens", self.max_tokens),
            "seed": given.get("seed", self.seed),
        }


def _turns(messages: list[BaseMessage]) -> list[tuple[str, str]]:
    return [(_ROLES.get(message.type, "user"), str(message.text)) for message in messages]


def _result(written: Written) -> ChatResult:
    usage = written.usage
    message = AIMessage(
        content=written.text,
        usage_metadata={
            "input_tokens": usage.prompt_tokens,
            "output_tokens": usage.reply_tokens,
            "total_tokens": usage.prompt_tokens + usage.reply_tokens,
        },
    )
    return ChatResult(generations=[ChatGeneration(message=message)])
