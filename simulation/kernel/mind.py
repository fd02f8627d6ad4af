"""The seam between body and mind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from personas import Persona
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


@runtime_checkable
class CanBeProbed(Protocol):
    """A mind that can be asked in private where it stands, and is the same afterwards."""

    async def probe(self, percept: Percept, scribe: Scribe, topics: Sequence[str]) -> None:
        """Write down where it stands on each topic; nothing is remembered of it."""
        ...


@runtime_checkable
class Adapts(Protocol):
    """A mind that keeps something of its persona, and can go on as another."""

    def become(self, persona: Persona) -> None:
        """Be this person from now on; what was lived stays."""
        ...
