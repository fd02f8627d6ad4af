"""Bodies: the Mesa agents that stand for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa.discrete_space import CellAgent

if TYPE_CHECKING:
    from personas import Persona
    from simulation.kernel.world import World


class GenerativeAgent(CellAgent):
    """A person's body on the grid: a projection of the ledger, for Mesa's tools to read.

    Its attributes are plain scalars, so a ``DataCollector`` can take them as they are. It never
    acts by itself; the world's step does.
    """

    def __init__(self, world: World, persona: Persona) -> None:
        super().__init__(world)
        self.world = world
        self.persona = persona
        self.name = persona.id

    @property
    def place(self) -> str:
        """The id of the place that the body is in."""
        return self.world.view().place_id(self.name)

    @property
    def doing(self) -> str:
        """What others see it do."""
        return self.world.rules.doing(self.world.view(), self.name)

    @property
    def verb(self) -> str:
        """The kind of act that it is in the middle of, or empty."""
        activity = self.world.view().activity(self.name)
        return activity.action.verb if activity else ""

    def need(self, name: str) -> float:
        """A need from 0 (empty) to 10 (satisfied)."""
        return self.world.rules.needs(self.world.view(), self.name).get(name, 10.0)

    def step(self) -> None:
        """Nothing: bodies move when the world resolves what their minds chose."""
