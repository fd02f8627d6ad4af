"""A mind of somebody whom the world directs: it does what it is offered first, and says so.

A confederate's part stands in the world's script, so on their turn the rules offer one thing. No
model is asked, and the choice is logged as ``scripted``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.mind.decision import note_decision

if TYPE_CHECKING:
    from simulation.episode.sink import Scribe
    from simulation.kernel.action import Action
    from simulation.kernel.percept import Percept
    from simulation.kernel.world import World


class DirectedMind:
    """Takes the first of what is legal; see :meth:`simulation.kernel.world.World.directs`."""

    def __init__(self, world: World, agent: str) -> None:
        del world, agent

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        """Go on with what is going on, else do what is offered first."""
        if percept.activity is not None:
            return None
        note_decision(scribe, percept, percept.options[:1], 0, origin="scripted", raw=(1.0,))
        return percept.options[0].action
