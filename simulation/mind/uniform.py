"""A mind that draws at random from what is legal: the null arm of an experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.kernel.action import Action, Say
from simulation.mind.decision import draw, note_decision

if TYPE_CHECKING:
    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Percept
    from simulation.kernel.world import World


class UniformMind:
    """Every legal option is as likely as any other; what it says is always the same."""

    def __init__(self, world: World, agent: str) -> None:
        self._streams = world.streams
        self._agent = agent

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
