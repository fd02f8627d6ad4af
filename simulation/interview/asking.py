"""How an interview reaches a language model: as a mind does, but nothing is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from simulation.episode.events import FellBack
from simulation.episode.sink import NoSink, Scribe
from simulation.kernel.ids import Phase
from simulation.kernel.streams import Streams
from simulation.mind.asker import REPAIRS, Asker
from simulation.mind.budget import Budget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulation.language.base import LanguageModel, Prompt, Usage

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Heard(NamedTuple, Generic[T_co]):
    """What came of asking."""

    value: T_co | None
    """What was read from the reply; None: nothing usable came."""
    usages: tuple[Usage, ...]
    """What each call cost."""
    reason: str
    """Why nothing usable came."""


class Asking:
    """Asks one model in the name of one agent.

    Args:
        model: Who is asked.
        seed: Of the run; the same interview held again gets the same seeds.
        agent: Who is interviewed.
        tick: When.
    """

    def __init__(self, model: LanguageModel, seed: int, agent: str, tick: int) -> None:
        self.model = model
        self._agent = agent
        self._tick = tick
        self._usages: list[Usage] = []
        self._asker = Asker(
            model,
            NoSink(),
            Streams(seed),
            Budget(),
            lambda _, usage: self._usages.append(usage),
        )

    async def write(
        self,
        prompt: Prompt,
        read: Callable[[str], T],
        *,
        stop: Sequence[str] = (),
        max_tokens: int,
        temperature: float,
        repairs: int = REPAIRS,
    ) -> Heard[T]:
        """Ask until the reply can be read, at most ``repairs`` times again."""
        self._usages.clear()
        scribe = Scribe(self._tick, Phase.CLOSE, 0, self._agent)
        found = await self._asker.write(
            scribe,
            prompt,
            read=read,
            stop=stop,
            max_tokens=max_tokens,
            temperature=temperature,
            shared_slot=True,
            repairs=repairs,
        )
        reasons = [event.reason for event in scribe.events if isinstance(event, FellBack)]
        value = None if found is None else found.value
        return Heard(value, tuple(self._usages), "".join(reasons))
