"""The seam between body and mind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from simulation.episode.sink import Scribe
    from simulation.kernel.action import Action
    from simulation.kernel.percept import Percept


class Mind(Protocol):
    """Whatever turns a percept into an action: a model, rules, a script, a person, a recording.

    A mind reads the percept, writes what it did to the scribe, and never touches the world.
    """

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        """Give one typed action, or None to go on with what the body is doing."""
        ...
