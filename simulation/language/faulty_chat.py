"""A LangChain chat model around another one, with faults: ``FaultyChat(llm, mischief)``."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import PrivateAttr

from simulation.language.faulty import ERRORS, REPLIES, Mischief, Times

if TYPE_CHECKING:
    from langchain_core.callbacks import (
        AsyncCallbackManagerForLLMRun,
        CallbackManagerForLLMRun,
    )


class FaultyChat(BaseChatModel):
    """Passes messages on to a chat model, and gives some of its replies a fault.

    Args:
        llm: Who is asked.
        mischief: Which faults it is to have.
    """

    _llm: BaseChatModel = PrivateAttr()
    _mischief: Mischief = PrivateAttr()
    _times: Times = PrivateAttr(default_factory=Times)
    _last: str = PrivateAttr(default="")

    def __init__(self, llm: BaseChatModel, mischief: Mischief) -> None:
        super().__init__()
        self._llm = llm
        self._mischief = mischief

    @property
    def _llm_type(self) -> str:
        return "sociarium-faulty"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        kind = self._begin(messages)
        if kind == "late":
            time.sleep(self._mischief.late)
        return self._end(kind, self._llm.invoke(messages, stop=stop, **kwargs))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        kind = self._begin(messages)
        if kind == "late":
            await asyncio.sleep(self._mischief.late)
        return self._end(kind, await self._llm.ainvoke(messages, stop=stop, **kwargs))

    def _begin(self, messages: list[BaseMessage]) -> str:
        """The fault of this call; one by which nothing arrives is raised."""
        question = "\n".join(f"{message.type}: {message.text}" for message in messages)
        kind = self._mischief.pick(question, self._times.again(question))
        if kind in ERRORS:
            raise ERRORS[kind]()
        return kind

    def _end(self, kind: str, sound: BaseMessage) -> ChatResult:
        text = str(sound.text)
        other, self._last = self._last, text
        if kind == "wrong-types":
            sound = AIMessage(content=[{"type": "tool_use", "id": "1", "name": "x", "input": {}}])
        elif kind == "other-call":
            sound = AIMessage(content=other)
        elif kind in REPLIES:
            sound = AIMessage(content=REPLIES[kind](text))
        return ChatResult(generations=[ChatGeneration(message=sound)])
