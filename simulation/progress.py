"""Where a run stands: what a progress bar and a notebook show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulation.language.base import Usage


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a run stands: handed to ``progress`` after every tick and every reply."""

    tick: int
    """Ticks lived."""
    ticks: int
    """Ticks to live in this call of ``run``, all in all."""
    clock: str
    """The hour in the world: ``08:05``."""
    calls: int
    """Model calls so far."""
    tokens_per_second: float
    """Tokens read and written per second of the model's own time; 0 before the first call."""
    speaking: str
    """The latest words, as ``Dov: …``; may be empty."""
    note: str = ""
    """What somebody should know, told once: a budget that is nearly spent."""


class Meter:
    """Counts what the model does, for the progress bar."""

    def __init__(self) -> None:
        self.calls = 0
        self.speaking = ""
        self._tokens = 0
        self._seconds = 0.0

    def add(self, usage: Usage) -> None:
        """Count a reply."""
        self.calls += 1
        self._tokens += usage.prompt_tokens - usage.cached_tokens + usage.reply_tokens
        self._seconds += usage.seconds

    @property
    def speed(self) -> float:
        """Tokens that the model worked on, per second of its time."""
        return self._tokens / self._seconds if self._seconds else 0.0
