"""Asks a model about choices that it made, and reads gates off its answers.

Nothing follows from the answers: nobody lives on from them, and the episodes stay as they are.
What was asked and answered is kept in ``gates.json``, so that the same is not asked twice and each
figure can be traced to the choices that it rests on.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.analysis.agreement import Preference, preference
from simulation.errors import InvalidReply, ModelError
from simulation.kernel.portal import Portal
from simulation.language.names import open_model
from simulation.language.patience import Endurance, Patience

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.experiment.questions import Question, Recorded
    from simulation.language.base import LanguageModel

AT_ONCE: Final = 8
"""Questions that wait for an answer at the same time."""


class Put(NamedTuple):
    """A question, and the choice that it is about."""

    of: Recorded
    question: Question


@dataclass(frozen=True)
class Answered:
    """An answer to a question about a recorded choice."""

    put: Put
    answer: Preference | None
    """What was preferred, by its place among the options as they were shown; None: no answer."""

    @property
    def best(self) -> int | None:
        """The number of the preferred option in the recorded menu, or in the list asked about."""
        return None if self.answer is None else self.put.question.order[self.answer.best]

    @property
    def same(self) -> bool:
        """Whether it is what was preferred the first time."""
        return self.best == self.put.of.choice.answer.best

    @property
    def right(self) -> bool:
        """Whether it is the right answer."""
        return self.best == self.put.question.right

    @property
    def moved(self) -> float | None:
        """How far the probabilities moved: their total variation, or 0 and 1 without any.

        None: there was no answer, or the question was another one.
        """
        if self.answer is None or self.put.question.right >= 0:
            return None
        then, now = self.put.of.choice.answer.shares, self.answer.shares
        if then is None or now is None:
            return float(not self.same)
        back = dict(zip(self.put.question.order, now, strict=True))
        return sum(abs(then[number] - back[number]) for number in back) / 2

    def as_row(self, gate: str) -> dict[str, Any]:
        """What is kept of it."""
        event = self.put.of.choice.event
        right = self.put.question.right
        return {
            "gate": gate,
            "run": self.put.of.run,
            "call": event.id,
            "agent": event.agent,
            "recorded": self.put.of.choice.answer.best,
            "answer": self.best,
            "right": None if right < 0 else right,
            "moved": None if self.moved is None else round(self.moved, 6),
        }


class Interviewer:
    """Puts questions to one model.

    Args:
        model: Its name, or a model.

    Raises:
        ConfigError: It cannot be asked.
    """

    def __init__(self, model: str | LanguageModel) -> None:
        self._closes = isinstance(model, str)
        self.model = open_model(model)
        self._portal = Portal()
        self._patience = Patience(Endurance(on_outage="fall back"))

    def ask(self, questions: Sequence[Put]) -> list[Answered]:
        """All of them, in their order."""
        return self._portal.call(self._ask_all(questions))

    def close(self) -> None:
        """Let go of the model."""
        if self._closes:
            self._portal.call(self.model.aclose())
        self._portal.close()

    def __enter__(self) -> Interviewer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def _ask_all(self, questions: Sequence[Put]) -> list[Answered]:
        door = asyncio.Semaphore(AT_ONCE)

        async def one(put: Put) -> Answered:
            async with door:
                return Answered(put, await self._ask(put))

        return list(await asyncio.gather(*map(one, questions)))

    async def _ask(self, put: Put) -> Preference | None:
        question, event = put.question, put.of.choice.event
        seed = put.of.stream_seed(event.purpose)
        try:
            reply = await self._patience.ask(
                lambda: self.model.choose(
                    question.prompt,
                    question.options,
                    plain=question.plain,
                    seed=seed,
                    slot=event.agent,
                ),
                key=(event.agent, event.tick, event.purpose, event.ordinal),
            )
        except (InvalidReply, ModelError):
            return None
        return preference(reply, len(question.options), put.of.exponent)
