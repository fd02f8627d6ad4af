"""A run from its beginning to its end, and what is kept of it."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simulation import Episode
from simulation.episode.events import Asked, Ended
from simulation.episode.export import canonical_sha256, export
from simulation.errors import ConfigError
from simulation.mind.rules import RulesMind
from simulation.progress import Progress
from simulation.simulation import Simulation
from worlds import village

if TYPE_CHECKING:
    from simulation.episode.sink import Scribe
    from simulation.kernel.action import Action
    from simulation.kernel.percept import Percept
    from simulation.kernel.world import World
    from tests.simulation.conftest import MakeSimulation

ROOT = Path(__file__).parents[2]


def reason(episode: Episode) -> str:
    ended = episode.ended
    assert ended is not None
    return ended.reason


def test_a_run_gives_the_episode_that_is_on_disk(simulate: MakeSimulation) -> None:
    simulation = simulate()
    episode = simulation.run(ticks=30)
    assert (episode.ticks, episode.seed, reason(episode)) == (30, 7, "finished")
    assert episode.folder == simulation.out.absolute()
    assert canonical_sha256(Episode.open(simulation.out)) == canonical_sha256(episode)


def test_the_line_in_the_readme_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Simulation(village.load(agents=5), model="fake", seed=7) as simulation:
        episode = simulation.run(ticks=60)
    assert episode.ticks == 60
    assert episode.folder.parent == tmp_path / "episodes"
    assert set(episode.decisions["agent"]) == {"ada", "bram", "chiara", "dov", "esi"}
    assert len(episode.calls)


def test_a_run_is_awaited_in_a_running_loop(simulate: MakeSimulation) -> None:
    assert asyncio.run(simulate().arun(ticks=5)).ticks == 5


def test_a_loop_goes_on_while_a_run_is_awaited(simulate: MakeSimulation) -> None:
    async def both() -> int:
        beats = 0
        run = asyncio.ensure_future(simulate().arun(ticks=30))
        while not run.done():
            await asyncio.sleep(0.001)
            beats += 1
        await run
        return beats

    assert asyncio.run(both()) > 3


def test_a_run_works_under_a_running_loop_as_in_a_notebook(simulate: MakeSimulation) -> None:
    async def cell() -> Episode:
        return simulate().run(ticks=5)

    assert asyncio.run(cell()).ticks == 5


@pytest.mark.parametrize("options", [{"mind": "rules"}, {"model": "fake"}])
def test_two_runs_continue_one_episode(simulate: MakeSimulation, options: dict[str, Any]) -> None:
    whole, parts = simulate(**options), simulate(**options)
    parts.run(ticks=7)
    assert parts.run(ticks=13).ticks == 20
    assert canonical_sha256(parts.episode) == canonical_sha256(whole.run(ticks=20))


@pytest.mark.parametrize("ticks", [0, -3])
def test_a_run_needs_a_tick(simulate: MakeSimulation, ticks: int) -> None:
    with pytest.raises(ConfigError, match="a tick or more"):
        simulate().run(ticks=ticks)


def test_a_start_is_an_hour(simulate: MakeSimulation) -> None:
    assert simulate(start="21:30").run(ticks=1).time(0) == "21:30"
    with pytest.raises(ConfigError, match="--start: not a time of day: 'noon'"):
        simulate(start="noon")


# Stopping ----------------------------------------------------------------------------------------


def test_a_run_that_is_stopped_keeps_whole_ticks_and_can_go_on(simulate: MakeSimulation) -> None:
    simulations: list[Simulation] = []

    def stop_at_ten(progress: Progress) -> None:
        if progress.tick == 10:
            simulations[0].stop()

    simulations.append(simulate(progress=stop_at_ten))
    episode = simulations[0].run(ticks=100)
    assert (episode.ticks, reason(episode)) == (10, "interrupted")
    assert simulations[0].end == "interrupted"
    assert simulations[0].run(ticks=10).ticks == 20
    whole = simulate().run(ticks=20)
    assert canonical_sha256(simulations[0].episode) == canonical_sha256(whole)


INTERRUPTED = """
import signal
import sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
from simulation import Simulation
from worlds import village

def tell(progress):
    if progress.tick == 20:
        print("twenty", flush=True)

with Simulation(village.load(agents=2), mind="rules", out=sys.argv[1], progress=tell) as sim:
    episode = sim.run(ticks=200_000)
    print(sim.end, episode.ticks, flush=True)
"""


def test_ctrl_c_ends_in_order_with_everything_kept(tmp_path: Path) -> None:
    out = tmp_path / "episode"
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", INTERRUPTED, str(out)],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "twenty\n"
        process.send_signal(signal.SIGINT)
        said, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    end, ticks = said.split()
    episode = Episode.open(out)
    assert (end, reason(episode)) == ("interrupted", "interrupted")
    assert episode.ticks == int(ticks) >= 20


def test_a_spent_budget_ends_the_run_with_whole_ticks(simulate: MakeSimulation) -> None:
    whole = simulate(model="fake").run(ticks=120)
    full, calls = list(export(whole)), len(list(whole.each(Asked)))
    simulation = simulate(model="fake", budget=calls - 1)
    episode = simulation.run(ticks=120)
    assert (simulation.end, reason(episode)) == ("budget", "budget")
    assert 0 < episode.ticks < 120
    assert 0 < len(list(episode.each(Asked))) < calls
    events = [line for line in export(episode) if '"type":"content"' not in line]
    assert events == full[: len(events)]


def test_a_spent_budget_stays_spent(simulate: MakeSimulation) -> None:
    simulation = simulate(model="fake", budget=3)
    ticks = simulation.run(ticks=30).ticks
    assert simulation.run(ticks=30).ticks == ticks
    assert simulation.end == "budget"


def test_no_budget_at_all_lives_no_tick_that_needs_a_model(simulate: MakeSimulation) -> None:
    episode = simulate(model="fake", budget=0).run(ticks=5)
    assert reason(episode) == "budget"
    assert list(episode.each(Asked)) == []


# Errors ------------------------------------------------------------------------------------------


class Fragile(RulesMind):
    """Breaks at a tick, once."""

    broken = False

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        if percept.tick == 5 and not self.broken:
            self.broken = True
            raise LookupError("the mind is gone")
        return await super().think(percept, scribe)


def fragile(world: World, agent: str) -> Fragile:
    return Fragile(world, agent)


def test_an_error_in_a_mind_keeps_the_ticks_before_it(simulate: MakeSimulation) -> None:
    simulation = simulate(mind=fragile)
    with pytest.raises(LookupError, match="the mind is gone"):
        simulation.run(ticks=30)
    episode = Episode.open(simulation.out)
    assert episode.ticks == 5
    [ended] = episode.each(Ended)
    assert (ended.reason, ended.text) == ("error", "LookupError: the mind is gone")
    whole = list(export(simulate().run(ticks=5)))
    kept = [line for line in export(episode) if '"mind":"custom"' not in line]
    assert kept == [line for line in whole if '"mind":"rules"' not in line]


def test_no_run_follows_on_an_error(simulate: MakeSimulation) -> None:
    simulation = simulate(mind=fragile)
    for _ in range(2):
        with pytest.raises(LookupError, match="the mind is gone"):
            simulation.run(ticks=30)
    assert simulation.world.running is False
    episode = Episode.open(simulation.out)
    assert episode.ticks == 5
    assert len(list(episode.each(Ended))) == 1


def test_an_error_reaches_whoever_awaits_the_run(simulate: MakeSimulation) -> None:
    with pytest.raises(LookupError):
        asyncio.run(simulate(mind=fragile).arun(ticks=30))


def test_a_simulation_can_be_closed_twice(simulate: MakeSimulation) -> None:
    simulation = simulate()
    simulation.run(ticks=1)
    simulation.close()
    simulation.close()


# Progress ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{"mind": "rules"}, {"model": "fake"}])
def test_progress_never_goes_back(simulate: MakeSimulation, options: dict[str, Any]) -> None:
    told: list[Progress] = []
    keep: Callable[[Progress], None] = told.append
    simulate(agents=3, progress=keep, **options).run(ticks=40)
    assert [p.tick for p in told] == sorted(p.tick for p in told)
    assert [p.calls for p in told] == sorted(p.calls for p in told)
    assert {p.ticks for p in told} == {40}
    last = told[-1]
    assert (last.tick, last.clock) == (40, "07:40")
    assert (last.calls > 0) == ("model" in options)
    assert set(range(1, 41)) <= {p.tick for p in told}
