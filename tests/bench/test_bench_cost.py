"""What a resident's day costs: how it is counted, and the model that it is counted with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from simulation import Simulation
from simulation.bench import find_suite
from simulation.bench.cost import bill_of
from simulation.bench.well_spoken import well_spoken
from simulation.cli.app import app
from simulation.episode.events import Asked, Decided, FellBack, Planned, Said
from simulation.mind.options import PARTS
from worlds import village

if TYPE_CHECKING:
    from pathlib import Path

    from simulation import Episode


@pytest.fixture(scope="module")
def noon(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    """Everybody with the well-spoken model, for two hours around noon."""
    out: Path = tmp_path_factory.mktemp("cost") / "noon"
    spec = village.load()
    with Simulation(spec, well_spoken(), embedder="hash", out=out, start="11:00") as simulation:
        return simulation.run(ticks=120)


def test_the_well_spoken_model_answers_everything_in_its_form(noon: Episode) -> None:
    assert [(fell.purpose, fell.reason) for fell in noon.each(FellBack)] == []
    assert {asked.repair for asked in noon.each(Asked)} == {0}
    assert {"decide", "plan", "utter", "rate"} <= {asked.purpose for asked in noon.each(Asked)}
    assert {decided.origin for decided in noon.each(Decided)} == {"model", "rules"}


def test_what_the_well_spoken_model_says_is_said(noon: Episode) -> None:
    assert {said.given for said in noon.each(Said) if said.call} == {""}


def test_a_bill_has_every_call_and_token_once(noon: Episode) -> None:
    bill, calls = bill_of(noon), noon.calls
    assert bill.calls.total() == len(calls)
    assert bill.tokens.total() == calls["prompt_tokens"].sum()
    assert bill.uncached == bill.tokens
    assert bill.calls["decide"] == (calls["purpose"] == "decide").sum()
    assert (bill.repairs, bill.fallbacks) == (0, 0)
    saved = [planned for planned in noon.each(Planned) if planned.origin == "reused plan"]
    assert bill.saved == len(saved)


def test_every_part_of_the_mind_is_left_out_once() -> None:
    labels = [measure.label for measure in find_suite("cost").measures()]
    assert labels[:2] == ["embedded model, 3 residents", "chat model, 5 residents"]
    assert [label.rpartition("without ")[2] for label in labels[2:]] == list(PARTS)


def test_the_full_size_is_the_whole_cast() -> None:
    full = find_suite("cost").full_measures
    assert full is not None
    assert all("10 residents" in measure.label for measure in full())
    assert len(village.load().cast) == 10


def test_a_suite_of_one_size_has_no_full_one() -> None:
    done = CliRunner().invoke(app, ["bench", "memory", "--full"])
    assert done.exit_code == 2
    assert "--full: this suite has one size only: 'memory'" in done.stderr


@pytest.mark.slow
@pytest.mark.embedded
def test_a_day_meets_its_goals() -> None:
    done = CliRunner().invoke(app, ["bench", "cost", "--json"])
    rows = json.loads(done.stdout)
    goals = {row["name"]: row["met"] for row in rows if row["goal"] is not None}
    assert len(goals) == 4
    assert all(goals.values())
    assert {row["unit"] for row in rows if row["goal"]} == {"calls/agent-day", "tokens/agent-day"}
