"""How much something matters: a rule, what was found before, or one call that counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from simulation.language.prompts import load_prompt

if TYPE_CHECKING:
    from simulation.episode.sink import Scribe
    from simulation.kernel.facts import Fact
    from simulation.mind.asker import Asker

_RATE = load_prompt(Path(__file__).parent / "prompts" / "rate.md", "rate")
LOW, HIGH = 1, 9
SEEDED = 5.0
"""Importance of what somebody knows from the start."""
UNKNOWN = 4.0
"""Importance of news that could not be rated: the middle of what news is rated."""


class Rating(NamedTuple):
    """An importance from 1 to 10 and where it came from."""

    value: float
    rated: Literal["rule", "cache", "model"]


class Importance:
    """Rates facts for one agent. A small model's band is narrow, so it is stretched.

    The embedded model answers between about 2.7 and 4.7 in the right order; its answers are
    mapped linearly from that band onto 2 to 9. A chat model uses the scale as it is.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._known: dict[str, float] = {}

    async def of_fact(self, scribe: Scribe, fact: Fact, source: str) -> Rating:
        """How much a fact matters to the one who learns it; old knowledge is not asked about."""
        if fact.importance is not None:
            return Rating(fact.importance, "rule")
        if source == "seeded":
            return Rating(SEEDED, "rule")
        if fact.id in self._known:
            return Rating(self._known[fact.id], "cache")
        prompt = self._asker.worded(_RATE).render(event=fact.statement)
        answer = await self._asker.rate(scribe, prompt, LOW, HIGH)
        if answer is None:
            return Rating(UNKNOWN, "rule")
        value = answer.value if self._asker.chats else stretched(answer.value)
        self._known[fact.id] = value
        return Rating(value, "model")


def stretched(value: float, low: float = 2.7, high: float = 4.7) -> float:
    """A small model's rating on the whole scale, from 2 to 9.

    Examples:
        >>> stretched(2.7), stretched(4.7)
        (2.0, 9.0)
    """
    share = min(1.0, max(0.0, (value - low) / (high - low)))
    return round(2.0 + 7.0 * share, 2)
