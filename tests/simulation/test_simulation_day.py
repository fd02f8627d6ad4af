"""Whole days: minutes long, so they run with ``-m slow``; the fast suite samples them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulation import Simulation
from simulation.episode.events import Asked, Decided, FellBack, Learned, Said
from simulation.episode.export import canonical_sha256
from worlds import village

if TYPE_CHECKING:
    from pathlib import Path

DAY = 24 * 60


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_everybody_sleeps_in_the_night_of_any_seed(seed: int, tmp_path: Path) -> None:
    with Simulation(village.load(), mind="rules", seed=seed, out=tmp_path / "day") as simulation:
        simulation.run(ticks=DAY)
        view = simulation.world.view()
        slept = {
            event.agent
            for event in simulation.episode.each(Decided, since=13 * 60)
            if event.action["verb"] == "sleep"
        }
    assert slept == set(view.agents)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_day_is_the_same_twice_for_any_seed(seed: int, tmp_path: Path) -> None:
    def live(name: str) -> str:
        spec = village.load(agents=5)
        with Simulation(spec, model="fake", seed=seed, out=tmp_path / name) as simulation:
            return canonical_sha256(simulation.run(ticks=300))

    assert live("one") == live("two")


@pytest.mark.slow
@pytest.mark.embedded
def test_the_town_lives_a_day_on_the_embedded_model(tmp_path: Path) -> None:
    with Simulation(village.load(), model="local", seed=7, out=tmp_path / "day") as simulation:
        episode = simulation.run()
        assert simulation.end == "finished"
    assert episode.ticks == 900
    fell_back = list(episode.each(FellBack))
    assert not [event for event in fell_back if event.purpose == "decide"]
    assert len(fell_back) <= 3
    assert {learned.source for learned in episode.each(Learned)} >= {"seeded", "told", "overheard"}
    assert len(list(episode.each(Said))) > 50
    assert len(list(episode.each(Asked))) < 10 * 120
