"""Minds think together; when one fails, none goes on alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from simulation.errors import BudgetExceeded
from simulation.kernel import lockstep
from tests.kernel.toy import Events, Toy, person, toy_spec

if TYPE_CHECKING:
    from simulation.episode.sink import Scribe
    from simulation.kernel.action import Action
    from simulation.kernel.percept import Percept


class Slow:
    """Waits for a long time, and notes how its thought ended."""

    def __init__(self) -> None:
        self.ended = ""

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(0)  # letting go takes a moment, too
            self.ended = "stopped"
            raise
        self.ended = "finished"
        return None


class Spent:
    """Fails once the others are thinking."""

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        await asyncio.sleep(0)
        raise BudgetExceeded("the budget is spent")


@pytest.fixture
def minds() -> dict[str, Slow | Spent]:
    return {"ann": Slow(), "ben": Spent(), "cat": Slow(), "dan": Spent()}


@pytest.fixture
def toy(minds: dict[str, Slow | Spent]) -> Iterator[Toy]:
    spec = toy_spec(tuple(person(name) for name in minds))
    world = Toy(spec, mind=lambda _world, agent: minds[agent], rng=1, sink=Events())
    yield world
    world.close()


def slow(minds: dict[str, Slow | Spent]) -> list[str]:
    return [mind.ended for mind in minds.values() if isinstance(mind, Slow)]


def test_the_error_of_a_mind_comes_out_as_it_was(toy: Toy) -> None:
    with pytest.raises(BudgetExceeded, match="the budget is spent"):
        asyncio.run(lockstep.think(toy))


def test_a_failing_mind_stops_the_others(toy: Toy, minds: dict[str, Slow | Spent]) -> None:
    async def fail() -> list[str]:
        with pytest.raises(BudgetExceeded):
            await lockstep.think(toy)
        return slow(minds)

    assert asyncio.run(fail()) == ["stopped", "stopped"]


def test_a_cancelled_tick_leaves_nobody_thinking(toy: Toy, minds: dict[str, Slow | Spent]) -> None:
    minds["ben"] = minds["dan"] = Slow()
    toy.minds.update(minds)

    async def cancel() -> list[str]:
        tick = asyncio.ensure_future(lockstep.think(toy))
        for _ in range(3):  # the tick begins, then the minds do
            await asyncio.sleep(0)
        tick.cancel()
        with pytest.raises(asyncio.CancelledError):
            await tick
        return slow(minds)

    assert asyncio.run(cancel()) == ["stopped"] * 4
