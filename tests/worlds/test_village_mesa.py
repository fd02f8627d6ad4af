from __future__ import annotations

import runpy
from pathlib import Path

import mesa
import pytest
from mesa.datacollection import DataCollector
from mesa.discrete_space import CellAgent

from simulation.kernel.body import GenerativeAgent
from simulation.mind.uniform import UniformMind
from worlds.village.world import Village

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "plain_mesa_agent.py"


class Busy(Village):
    """A village that Mesa's batch runner can build: nothing but keyword scalars."""

    def __init__(self, *, rng: int | None = None, agents: int = 3, gate: str = "jammed") -> None:
        super().__init__(rng=rng, agents=agents, mind=UniformMind, gate=gate)
        self.collector = DataCollector(
            model_reporters={"bags": lambda m: m.view().get("sandbags", "up")},
            agent_reporters={"place": "place", "energy": lambda a: a.need("energy")},
        )
        self.datacollector = self.collector

    def step(self) -> None:
        super().step()
        self.collector.collect(self)


def test_a_data_collector_reads_bodies_and_world() -> None:
    with Busy(rng=1) as here:
        for _ in range(10):
            here.step()
        frame = here.collector.get_agent_vars_dataframe()
        assert len(frame) == 30
        assert set(frame.columns) >= {"place", "energy"}
        assert list(here.collector.get_model_vars_dataframe()["bags"]) == [8] * 10


@pytest.mark.filterwarnings("default")  # Mesa 3.5 announces the end of batch_run
def test_the_batch_runner_runs_the_village() -> None:
    results = mesa.batch_run(
        Busy,
        parameters={"agents": [2, 3], "gate": ["open"]},
        max_steps=5,
        number_processes=1,
        display_progress=False,
    )
    assert {row["agents"] for row in results} == {2, 3}
    assert {row["gate"] for row in results} == {"open"}


def test_agent_sets_select_sort_and_count_the_villagers() -> None:
    with Village(rng=1, mind=UniformMind, agents=5) as here:
        here.step()
        bodies = here.agents
        assert (
            len(
                bodies.select(
                    lambda body: isinstance(body, GenerativeAgent) and body.need("energy") > 5
                )
            )
            == 5
        )
        assert sorted(bodies.get("name")) == ["ada", "bram", "chiara", "dov", "esi"]
        named = bodies.sort("name", ascending=True)
        assert next(iter(named.get("name"))) == "ada"
        assert len(bodies.groupby("place").groups) >= 2


def test_bodies_stand_on_the_mesa_grid_where_the_ledger_says() -> None:
    with Village(rng=1, mind=UniformMind, agents=3) as here:
        for _ in range(30):
            here.step()
        for agent, body in here.bodies.items():
            assert body.cell is not None
            assert tuple(body.cell.coordinate) == here.view().cell(agent)


def test_a_plain_mesa_agent_lives_among_them() -> None:
    class Cat(CellAgent):
        naps = 0

        def step(self) -> None:
            self.naps += 1

    with Village(rng=1, mind=UniformMind, agents=2) as here:
        cat = Cat(here)
        cat.cell = here.grid[(10, 30)]
        for _ in range(5):
            here.step()
        assert cat.naps == 5


def test_the_example_adds_a_gull(capsys: pytest.CaptureFixture[str]) -> None:
    names = runpy.run_path(str(EXAMPLE), run_name="__main__")
    assert "gull" in capsys.readouterr().out
    assert names["Gull"].__doc__
