"""A world here is a Mesa model: add an agent of your own, with no mind, and let the village live.

Run it with ``python docs/examples/plain_mesa_agent.py``.
"""

from __future__ import annotations

from mesa.discrete_space import CellAgent

from worlds.village.world import Village


class Gull(CellAgent):
    """Flies where it likes, over walls and water, one cell a tick."""

    def step(self) -> None:
        """Move to a neighbouring cell. Mesa's own generator is fine for a plain agent."""
        if self.cell is None:
            return
        neighbours = sorted(self.cell.neighborhood, key=lambda cell: cell.coordinate)
        self.cell = self.random.choice(neighbours)


def main() -> None:
    """Live an hour with a gull over the quay."""
    with Village(rng=7, mind="rules", agents=3) as village:
        gull = Gull(village)
        gull.cell = village.grid[(21, 10)]
        for _ in range(60):
            village.step()
        row, column = gull.cell.coordinate
        place = village.plan.place_at.get((row, column), "no place")
        print(f"{village.clock.label(village.tick)}: the gull is over {place}")  # noqa: T201
        for body in village.bodies.values():
            print(f"{body.persona.name} is at {body.place}")  # noqa: T201


if __name__ == "__main__":
    main()
