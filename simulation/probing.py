"""Asking people in private where they stand, at hours that are fixed before the run.

What is written, one wish a time::

    limit every 60        every sixty ticks, from the first on
    all at 0,300,600      on every topic, at these ticks

A mind is asked after it has thought about a tick, by a copy of its positions: nothing is
remembered, no random stream moves, and no event of the life gets another id. So a run with probes
is the run without them, and what they add. That being asked changes nobody is a property of the
engine here; of people it would be an assumption.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from simulation.episode.sink import Scribe
from simulation.errors import ConfigError
from simulation.kernel.ids import Phase
from simulation.kernel.lockstep import perceive, together
from simulation.kernel.mind import CanBeProbed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simulation.kernel.spec import WorldSpec
    from simulation.kernel.world import World

ALL: Final = "all"
_FORM: Final = re.compile(r"\s*(\S+)\s+(?:every\s+(\d+)|at\s+(\d+(?:\s*,\s*\d+)*))\s*")


@dataclass(frozen=True)
class Wish:
    """Topics, and when they are asked about."""

    topics: tuple[str, ...]
    every: int = 0
    """Ticks from one time to the next; 0: at ``ticks`` only."""
    ticks: frozenset[int] = frozenset()

    @classmethod
    def parse(cls, text: str, topics: Sequence[str]) -> Self:
        """Read a wish.

        Raises:
            ConfigError: It is none, or there is no such topic.

        Examples:
            >>> Wish.parse("limit every 60", ["limit"]).every
            60
        """
        match = _FORM.fullmatch(text)
        if match is None or match[2] == "0":
            hint = "Write TOPIC every TICKS, or TOPIC at TICK,TICK; TOPIC may be all."
            raise ConfigError("cannot be read", where="--probe", value=text, hint=hint)
        name = match[1]
        if name != ALL and name not in topics:
            raise ConfigError("unknown topic", where="--probe", value=name, allowed=[ALL, *topics])
        if not topics:
            raise ConfigError("this world has no topics", where="--probe", value=text)
        about = tuple(topics) if name == ALL else (name,)
        if match[2]:
            return cls(about, every=int(match[2]))
        return cls(about, ticks=frozenset(int(tick) for tick in match[3].split(",")))

    def due(self, tick: int) -> bool:
        """Whether it is asked at this tick."""
        return tick in self.ticks or (self.every > 0 and tick % self.every == 0)


class Probing:
    """Asks whoever can be asked, whenever it is due.

    Args:
        wishes: As they are written.
        spec: The world's description.

    Raises:
        ConfigError: A wish cannot be read.
    """

    def __init__(self, wishes: Iterable[str], spec: WorldSpec) -> None:
        names = [topic.id for topic in spec.topics]
        self._wishes = [Wish.parse(wish, names) for wish in wishes]

    def due(self, tick: int) -> list[str]:
        """The topics that are asked about at a tick, each once."""
        found = [topic for wish in self._wishes if wish.due(tick) for topic in wish.topics]
        return list(dict.fromkeys(found))

    async def ask(self, world: World) -> None:
        """Ask everybody about what is due; the answers are committed with the tick."""
        topics = self.due(world.tick)
        if not topics:
            return
        view, ranks = world.view(), world.ranks(world.tick)
        asked = {
            agent: mind for agent, mind in world.minds.items() if isinstance(mind, CanBeProbed)
        }
        scribes = {
            agent: Scribe(world.tick, Phase.PROBE, ranks[agent], agent, view.place_id(agent))
            for agent in asked
        }
        await together(
            mind.probe(perceive(world, view, agent), scribes[agent], topics)
            for agent, mind in asked.items()
        )
        world.probed += scribes.values()
