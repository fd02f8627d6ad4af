"""Experiments: what a file may say, how runs are kept, and what is concluded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from simulation.episode.episode import Episode
from simulation.errors import BadInput, ConfigError
from simulation.experiment.analyse import analyse
from simulation.experiment.gates import OF_THE_MIND, Gate
from simulation.experiment.plan import runs_of, world_of
from simulation.experiment.ready import find_experiment, ready_experiments
from simulation.experiment.runner import Experiment, read_design
from simulation.experiment.schema import Design

SMALL: dict[str, Any] = {
    "title": "A small one",
    "hypothesis": "Something differs.",
    "world": "village",
    "agents": 3,
    "ticks": 20,
    "mind": "rules",
    "seeds": [1, 2],
    "arms": {"a": {"set": {"logs": "unasked"}}, "b": {"set": {"logs": "asked"}}},
    "control": "a",
    "measures": {"carried": {"delivered": "sandbags"}, "walks": {"act": "go"}},
}


def design(**changes: Any) -> Design:
    return Design.model_validate({**SMALL, **changes})


def written(tmp_path: Path, **changes: Any) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump({**SMALL, **changes}))
    return path


# The file ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seeds": []}, "seeds"),
        ({"seeds": "9..1"}, "FIRST..LAST"),
        ({"seeds": [1, 1]}, "twice"),
        ({"control": "c"}, "no arm"),
        ({"arms": {}}, "arms"),
        ({"arms": {"a": {"set": {"logs": "never"}}}}, "unknown value of logs"),
        ({"arms": {"a": {"set": {"lamps": "on"}}}}, "unknown lever"),
        ({"measures": {"x": {"goal": "peace"}}, "control": None}, "nothing of that name"),
        ({"measures": {"x": {"goal": "logs", "act": "go"}}}, "one kind"),
        ({"measures": {"x": {}}}, "one kind"),
        ({"world": "atlantis"}, "unknown world"),
        ({"ticks": 0}, "ticks"),
        ({"mind": "nobody"}, "unknown mind"),
        ({"models": ["oracle:delphi"]}, "unknown model"),
        ({"models": [""]}, "unknown model"),
    ],
)
def test_a_file_that_cannot_be_run_is_refused_in_one_line(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        read_design(written(tmp_path, **changes))
    assert "\n" not in str(caught.value)


def test_a_missing_seed_is_named_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump({key: SMALL[key] for key in SMALL if key != "seeds"}))
    with pytest.raises(BadInput, match=r"small\.yaml.*seeds"):
        read_design(path)


def test_a_span_of_seeds_is_all_of_them() -> None:
    assert design(seeds="3..5").seeds == (3, 4, 5)


def test_runs_are_balanced_when_they_are_cut_short() -> None:
    assert [(run.seed, run.arm) for run in runs_of(design())] == [
        (1, "a"), (1, "b"), (2, "a"), (2, "b"),
    ]  # fmt: skip


def test_without_a_persona_people_keep_their_place_and_lose_their_character() -> None:
    one = design(arms={"a": {"baseline": "no persona"}}, control=None)
    cast = world_of(one, "a")[0].cast
    assert {persona.occupation for persona in cast} == {"resident"}
    assert len({persona.home for persona in cast}) > 1


def test_rotated_names_go_with_other_lives() -> None:
    plain = world_of(design(), "a")[0].cast
    turned = world_of(design(arms={"a": {"baseline": "names rotated"}}), "a")[0].cast
    assert [who.name for who in turned] == [*[who.name for who in plain][1:], plain[0].name]
    assert [who.id for who in turned] == [who.id for who in plain]


# Running -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    out = tmp_path_factory.mktemp("experiment")
    experiment = Experiment(design(), out)
    experiment.run(jobs=1)
    return experiment


def test_every_run_is_an_episode_and_a_row(lived: Experiment) -> None:
    table = lived.results()
    assert list(table["run"]) == [run.key for run in lived.runs]
    for folder in table["episode"]:
        assert Episode.open(lived.out / folder).ticks == 20


def test_runs_of_one_seed_are_pairs(lived: Experiment) -> None:
    seeds = {
        row.run: Episode.open(lived.out / str(row.episode)).seed
        for row in lived.results().itertuples()
    }
    assert seeds["a.local.1"] == seeds["b.local.1"] != seeds["a.local.2"]


def test_what_is_finished_is_not_run_again(lived: Experiment) -> None:
    before = {path: path.stat().st_mtime_ns for path in lived.out.rglob("log.sqlite")}
    again = Experiment(design(), lived.out).run(jobs=1)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert len(again.rows) == 4


def test_a_run_that_was_cut_short_is_gone_on_with(tmp_path: Path) -> None:
    short = Experiment(design(ticks=5), tmp_path / "x")
    short.run(jobs=1)
    (tmp_path / "x" / "experiment.json").unlink()
    longer = Experiment(design(ticks=12), tmp_path / "x").run(jobs=1)
    whole = Experiment(design(ticks=12), tmp_path / "y").run(jobs=1)
    assert longer.rows == whole.rows


def test_more_seeds_can_be_added_and_nothing_else(tmp_path: Path) -> None:
    Experiment(design(), tmp_path)
    Experiment(design(seeds=[1, 2, 3], title="Renamed"), tmp_path)
    with pytest.raises(ConfigError, match="agents changed"):
        Experiment(design(seeds=[1, 2, 3], agents=4), tmp_path)


def test_a_stopped_experiment_begins_no_more_runs(tmp_path: Path) -> None:
    experiment = Experiment(design(), tmp_path / "x")
    outcome = experiment.run(jobs=1, progress=lambda *_: experiment.stop())
    assert (len(outcome.rows), outcome.interrupted) == (1, True)
    assert len(Experiment(design(), tmp_path / "x").run(jobs=1).rows) == 4


def test_a_run_that_fails_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    experiment = Experiment(design(), tmp_path / "x")
    (tmp_path / "x" / "runs" / "a.local.2").mkdir()
    outcome = experiment.run(jobs=1)
    assert list(outcome.failed) == ["a.local.2"]
    assert len(outcome.rows) == 3


@pytest.mark.slow
def test_processes_give_the_same_rows_as_one(tmp_path: Path, lived: Experiment) -> None:
    outcome = Experiment(design(), tmp_path / "x").run(jobs=2)
    assert outcome.frame().equals(Experiment(design(), lived.out).run(jobs=1).frame())


# Concluding --------------------------------------------------------------------------------------


ALL_HOLD = [Gate(name, "holds", "as a test has it") for name in OF_THE_MIND]


def rows(a: list[float | None], b: list[float | None], fallbacks: float = 0.0) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "run": f"{arm}.{seed}",
                "arm": arm,
                "seed": seed,
                "model": "local",
                "carried": value,
                "walks": 1.0,
                "fallbacks": fallbacks,
            }
            for arm, values in (("a", a), ("b", b))
            for seed, value in enumerate(values)
        ]
    )


def test_an_effect_is_told_with_its_interval_and_its_p() -> None:
    told = analyse(design(), rows([0, 1, 0, 1, 0, 1], [5, 6, 7, 5, 6, 8]), ALL_HOLD)
    gap = next(one for one in told.compared if one.measure == "carried").results[0]
    assert gap.estimate == pytest.approx(5.6666667)
    assert gap.p == pytest.approx(2 / 64)
    assert told.is_evidence


def test_without_a_question_to_the_minds_nothing_is_evidence() -> None:
    told = analyse(design(), rows([0, 1, 0, 1, 0, 1], [5, 6, 7, 5, 6, 8]))
    assert not told.is_evidence
    assert {gate.name for gate in told.gates if gate.state == "not asked"} == set(OF_THE_MIND)


@pytest.mark.parametrize(
    ("frame", "gate"),
    [
        (rows([0, 1], [5, 6]), "enough runs"),
        (rows([0, 1, 0, 1, 0], [5, 6, 5, 6, 5], 0.2), "few fallbacks"),
        (pd.DataFrame(), "enough runs"),
    ],
)
def test_a_gate_that_fails_makes_it_an_engine_check(frame: pd.DataFrame, gate: str) -> None:
    told = analyse(design(), frame, ALL_HOLD)
    assert gate in [one.name for one in told.gates if not one.passed]
    assert not told.is_evidence


def test_without_a_control_nothing_is_compared() -> None:
    told = analyse(design(control=None), rows([0, 1, 0, 1, 0], [5, 6, 5, 6, 5]), ALL_HOLD)
    assert told.compared == ()
    assert not told.is_evidence


def test_runs_without_an_opportunity_are_told_and_never_counted_as_none_done() -> None:
    told = analyse(design(), rows([None, None, 1.0, None, None], [None] * 5))
    assert told.means["carried"]["a"].n == 1
    assert told.means["carried"]["b"].estimate is None
    json.dumps(told.as_json(), allow_nan=False)


# What ships --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ready_experiments())
def test_every_experiment_that_ships_can_be_run(name: str) -> None:
    ready = read_design(find_experiment(name))
    assert ready.control is not None
    assert ready.literature
    assert ready.weak_model
