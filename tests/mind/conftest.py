from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from simulation.kernel.percept import Percept
    from simulation.kernel.world import World
    from tests.kernel.toy import Play
    from tests.mind.company import Company

MakeCompany = Callable[..., "Company"]
MakePlay = Callable[..., "Play"]
MakePercept = Callable[..., "Percept"]


@pytest.fixture
def worlds() -> Iterator[list[World]]:
    """Worlds to close afterwards."""
    made: list[World] = []
    yield made
    for world in made:
        world.close()


@pytest.fixture
def company(worlds: list[World]) -> MakeCompany:
    """Generative minds in the two rooms."""
    from tests.mind.company import Company

    def make(*args: Any, **kwargs: Any) -> Company:
        made = Company(*args, **kwargs)
        worlds.append(made.world)
        return made

    return make


@pytest.fixture
def play(worlds: list[World]) -> MakePlay:
    """Scripts in the two rooms."""
    from tests.kernel.toy import Play

    def make(*args: Any, **kwargs: Any) -> Play:
        made = Play(*args, **kwargs)
        worlds.append(made.world)
        return made

    return make


@pytest.fixture
def percept(play: MakePlay) -> MakePercept:
    """What somebody perceives in the two rooms after some ticks."""

    def make(agent: str = "ann", tick: int = 0, **kwargs: Any) -> Percept:
        return play(**kwargs).live(tick + 1).minds[agent].percepts[tick]

    return make
