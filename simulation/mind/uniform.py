"""A mind that draws at random from what is legal: the null arm of an experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.episode.events import Probed
from simulation.kernel.action import Action, Say
from simulation.mind.decision import draw, note_decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Percept
    from simulation.kernel.world import World


class UniformMind:
    """Every legal option is as likely as any other; what it says is always the same."""

    def __init__(self, world: World, agent: str) -> None:
        self._streams = world.streams
        self._agent = agent

    async def probe(self, percept: Percept, scribe: Scribe, topics: Sequence[str]) -> None:
        """Say anything; every position is as likely as any other, and none is kept."""
        for topic in topics:
            options = tuple(percept.view.stage.topics[topic].options)
            share = (round(1 / len(options), 6),) * len(options) if options else ()
            stream = self._streams.stream(self._agent, percept.tick, f"probe {topic}")
            at_random = options[draw(share, stream)] if options else round(stream.uniform(-1, 1), 4)
            scribe.note(
                Probed,
                topic=topic,
                position=at_random,
                options=options,
                probabilities=share,
                origin="uniform",
            )

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        """Go on with what is going on, else draw."""
        if percept.activity is not None:
            return None
        options = percept.options
        share = (round(1 / len(options), 6),) * len(options)
        chosen = draw(share, self._streams.stream(self._agent, percept.tick, "decide"))
        note_decision(scribe, percept, options, chosen, origin="uniform", raw=share)
        action = options[chosen].action
        if isinstance(action, Say):
            return action.model_copy(update={"text": "Good day.", "last": True})
        return action
