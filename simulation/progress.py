"""Where a run stands: what a progress bar and a notebook show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.secrets import redact

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.kernel.world import World
    from simulation.language.base import Purpose, Usage
    from simulation.language.breaker import Turn


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


class Reporter:
    """Tells how a run goes on, after every tick and every reply.

    Args:
        progress: Who is told; None: nobody.
    """

    def __init__(self, progress: Callable[[Progress], None] | None) -> None:
        self._progress = progress
        self._meter = Meter()
        self._world: World | None = None
        self._target = 0

    def begin(self, world: World, target: int) -> None:
        """A stretch begins that is to end before the tick ``target``."""
        self._world, self._target = world, target

    def reply(self, purpose: Purpose, usage: Usage) -> None:
        """A model has answered."""
        self._meter.add(usage)
        self.report()

    def turn(self, turn: Turn) -> None:
        """The way to the model is broken, or mended."""
        if turn.text:
            self.report(redact(turn.text))

    def tick_over(self, world: World) -> None:
        """A tick was lived."""
        for said in world.echo.said:
            self._meter.speaking = f"{world.view().name(said.agent)}: {said.text}"
        self.report()

    def report(self, note: str = "") -> None:
        """Tell it."""
        world = self._world
        if self._progress is None or world is None:
            return
        self._progress(
            Progress(
                tick=world.tick,
                ticks=self._target,
                clock=world.clock.label(world.tick),
                calls=self._meter.calls,
                tokens_per_second=self._meter.speed,
                speaking=self._meter.speaking,
                note=note,
            )
        )
