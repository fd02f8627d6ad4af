"""Living an episode again from its own replies, to see that it comes out the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.errors import Diverged
from simulation.language.recorded import RecordedModel, style_of
from simulation.past import Past
from simulation.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from simulation.kernel.world import MindFactory
    from simulation.progress import Progress


@dataclass(frozen=True, kw_only=True)
class Verified:
    """An episode that came out the same."""

    ticks: int
    """Ticks lived again."""
    events: int
    """Canonical events compared, each of them equal."""
    replies: int
    """Replies given from the journal."""
    interrupted: bool = False
    """Whether it was stopped before the end, all being equal so far."""


class Verification:
    """Lives an episode again without a model, a key or a network, and writes nothing.

    Args:
        path: The episode.
        mind: The factory of its minds, where they were given as an object.
        progress: Told after every tick.

    Raises:
        EpisodeError: There is none, or it is damaged.

    Examples:
        >>> Verification("episodes/village-7-1").run().events  # doctest: +SKIP
        18234
    """

    def __init__(
        self,
        path: str | Path,
        *,
        mind: MindFactory | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._past = past = Past.to_repeat(path)
        self._simulation = Simulation(
            past.episode.spec,
            RecordedModel(past.recording, style_of(past.episode)),
            past.seed,
            mind=mind or past.named_mind(),
            out=past.episode.folder,
            options=past.options,
            embedder=past.embedder(),
            progress=progress,
            past=past,
        )

    def stop(self) -> None:
        """Stop after the tick in hand."""
        self._simulation.stop()

    def run(self) -> Verified:
        """Live it again.

        Raises:
            Diverged: Something came out otherwise; the text names the first such event.
        """
        past = self._past
        with self._simulation as simulation:
            if past.ticks:
                simulation.run(past.ticks)
            else:
                simulation.world.begin()
        interrupted = simulation.end == "interrupted"
        if not past.sink.caught_up and not interrupted:
            raise Diverged("the end of the episode was not reached")
        return Verified(
            ticks=simulation.world.tick,
            events=past.sink.compared,
            replies=past.recording.given,
            interrupted=interrupted,
        )
