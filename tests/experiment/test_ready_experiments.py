"""The experiments that ship: each states what it rests on, and its numbers come out of its runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from simulation.errors import ConfigError
from simulation.experiment.analyse import Analysis, analyse
from simulation.experiment.answers import Wanted
from simulation.experiment.plan import world_of
from simulation.experiment.power import power_of
from simulation.experiment.ready import find_experiment, ready_experiments
from simulation.experiment.runner import Experiment, read_design
from simulation.minds import Minds
from worlds import roundtable

if TYPE_CHECKING:
    from pathlib import Path

NAMES = sorted(ready_experiments())


def test_every_experiment_of_the_list_ships() -> None:
    assert {"asch", "bystander", "helping", "commons", "rumour", "disorder"} <= set(NAMES)
    assert {"criticism", "opinion", "demand"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_says_what_it_rests_on_and_what_a_small_model_cannot_carry(name: str) -> None:
    design = read_design(find_experiment(name))
    assert design.literature
    assert design.weak_model
    assert design.control
    assert len(design.seeds) >= 5
    assert any(arm.baseline == "uniform" for arm in design.arms.values())


def lived(name: str, out: Path, *arms: str, ticks: int | None = None) -> pd.DataFrame:
    """A few arms of an experiment, with minds that draw at random."""
    design = read_design(find_experiment(name))
    few = {
        "arms": {arm: design.arms[arm] for arm in arms},
        "control": arms[0],
        "seeds": (0,),
        "mind": "uniform",
        "ticks": ticks or design.ticks,
        "understood": (),
        "literature": (),
        "expected": None,
    }
    outcome = Experiment(design.model_copy(update=few), out).run(jobs=1)
    assert outcome.failed == {}
    return outcome.frame().set_index("arm")


def test_answers_at_random_are_wrong_now_and_then_and_slips_only_where_they_are_written(
    tmp_path: Path,
) -> None:
    table = lived("asch", tmp_path, "alone", "six, on a slip", "six, with slips")
    assert 0 <= table["wrong aloud"].tolist()[0] <= 1
    assert table["wrong in private"].isna().tolist() == [True, False, False]
    assert table["wrong aloud"].isna().tolist() == [False, True, False]


def test_yea_saying_is_accepting_a_statement_and_its_contrary(tmp_path: Path) -> None:
    table = lived("opinion", tmp_path, "opinions", "facts", "statements only")
    yea, accepted = table["yes to anything"].tolist()[0], table["accepted"].tolist()[0]
    assert yea == pytest.approx(2 * accepted - 1)
    assert table["yes to anything"].isna().tolist() == [False, False, True]
    assert table["right"].isna().tolist() == [True, False, True]


def test_a_scarce_bed_is_spent_and_the_time_until_it_is_bare_is_censored(tmp_path: Path) -> None:
    table = lived("commons", tmp_path, "scarce", "full", ticks=45)
    assert min(table["baskets"].tolist()) >= 0
    assert table["baskets"].tolist()[0] <= 6
    assert not table.loc["full", "until bare.done"]
    assert table.loc["full", "until bare"] == 45


def test_only_the_two_arms_of_a_lever_differ_in_the_world() -> None:
    design = read_design(find_experiment("helping"))
    light, heavy = (world_of(design, arm)[0].settings for arm in ("unasked", "unasked, heavy"))
    assert {name for name in light if light[name] != heavy[name]} == {"load"}


def test_a_measure_of_answers_that_cannot_be_read_is_refused_before_anything_is_run(
    tmp_path: Path,
) -> None:
    text = find_experiment("asch").read_text(encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace('answered: "wrong, aloud"', 'answered: "wrong, shouted"'))
    with pytest.raises(ConfigError, match="not 'wrong, shouted'"):
        read_design(path)
    with pytest.raises(ValueError, match="write WHAT"):
        Wanted.parse("wrong, aloud, on a slip")


def test_nobody_plays_a_person_whom_the_table_directs() -> None:
    spec = roundtable.load()
    with pytest.raises(ConfigError, match=r"bram does what the protocol says.*allowed: ada"):
        Minds.parse("rules,human:bram", spec.cast).leave_directed(spec)
    assert Minds.parse("rules,human:ada", spec.cast).leave_directed(spec).people == ("ada",)


def test_what_cannot_have_been_found_has_no_value(tmp_path: Path) -> None:
    table = lived("asch", tmp_path, "alone", "six", "six, with slips")
    assert table["in public only"].isna().tolist() == [True, True, False]
    assert table["in private as well"].isna().tolist() == [True, True, False]


def runs_of_two_arms(seeds: int, unweighed: float) -> Analysis:
    """An analysis of the same numbers in two arms, the second of which asked a model."""
    design = read_design(find_experiment("asch"))
    few = {
        "arms": {arm: design.arms[arm] for arm in ("alone", "six")},
        "measures": {"wrong": design.measures["wrong"]},
        "literature": (),
        "expected": None,
    }
    rows = [
        {"run": f"{arm}{seed}", "arm": arm, "seed": seed, "wrong": seed % 2 + (arm == "six")}
        | {"fallbacks": 0.0, "choices": 6, "unweighed": unweighed if arm == "six" else None}
        for arm in ("alone", "six")
        for seed in range(seeds)
    ]
    return analyse(design.model_copy(update=few), pd.DataFrame(rows))


@pytest.mark.parametrize(("share", "state"), [(0.0, "holds"), (0.5, "fails")])
def test_choices_among_options_that_score_the_same_fail_a_gate(share: float, state: str) -> None:
    gates = {gate.name: gate.state for gate in runs_of_two_arms(5, share).gates}
    assert gates["options were weighed"] == state


def test_too_few_pairs_for_any_test_are_told() -> None:
    few, enough = (" ".join(runs_of_two_arms(seeds, 0.0).cannot) for seeds in (5, 6))
    assert "p is 0.0625 or more" in few
    assert "it takes 6 pairs" in few
    assert "No difference of means can come out" not in enough


def test_power_can_be_reached_with_many_comparisons() -> None:
    curve = power_of(read_design(find_experiment("asch")), sizes=(24,), trials=5)
    assert curve[0].power == 1.0
