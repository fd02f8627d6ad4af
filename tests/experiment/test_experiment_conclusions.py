"""What an experiment may say: emergent or not, like people or not, and what cannot be concluded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from simulation.errors import BadInput
from simulation.experiment.analyse import Analysis, analyse
from simulation.experiment.compare import compare
from simulation.experiment.gates import OF_THE_MIND, Gate
from simulation.experiment.power import power_of
from simulation.experiment.schema import Design
from simulation.experiment.sensitivity import Sensitive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

HOLD = [Gate(name, "holds", "as a test has it") for name in OF_THE_MIND]
BASE: dict[str, Any] = {
    "title": "Conclusions",
    "hypothesis": "Something differs.",
    "world": "village",
    "agents": 3,
    "ticks": 20,
    "mind": "rules",
    "seeds": "0..7",
    "arms": {"whole": {}, "alone": {"baseline": "isolates", "of": "whole"}},
    "control": "whole",
    "measures": {"share": {"goal": "sandbags"}},
}


def design(**changes: Any) -> Design:
    return Design.model_validate({**BASE, **changes})


def table(arms: Mapping[str, Sequence[float | None]], **more: Any) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "run": f"{arm}.{seed}",
                "arm": arm,
                "seed": seed,
                "model": "local",
                "paraphrase": "plain",
                "world": "village",
                "share": value,
                "choices": 9,
                "fallbacks": 0.0,
                "matched": 1.0,
                **more,
            }
            for arm, values in arms.items()
            for seed, value in enumerate(values)
        ]
    )


LOW = [0.1, 0.2, 0.1, 0.0, 0.2, 0.1, 0.1, 0.2]
HIGH = [0.8, 0.9, 0.7, 0.9, 0.8, 1.0, 0.9, 0.8]


def told(arms: Mapping[str, Sequence[float | None]], **more: Any) -> Analysis:
    return analyse(design(), table(arms, **more), HOLD)


# Emergent -------------------------------------------------------------------------------------


def test_what_a_society_does_and_isolates_do_not_is_emergent() -> None:
    (line,) = told({"whole": HIGH, "alone": LOW}).emergent
    assert line.startswith("share is emergent: whole differs from alone")


def test_what_isolates_do_as_well_is_not_emergent() -> None:
    (line,) = told({"whole": HIGH, "alone": HIGH}).emergent
    assert "not called emergent" in line


def test_nothing_is_emergent_while_a_gate_fails() -> None:
    one = told({"whole": HIGH, "alone": LOW}, matched=0.4)
    assert "exposure was matched" in [gate.name for gate in one.gates if not gate.passed]
    assert "not called emergent while a gate fails" in one.emergent[0]


def test_without_isolates_nothing_is_emergent() -> None:
    plain = design(arms={"whole": {}, "other": {}})
    one = analyse(plain, table({"whole": HIGH, "other": LOW}), HOLD)
    assert "no arm holds isolates" in one.emergent[0]


# Like people ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "alike"), [(0.86, True), (0.4, False)])
def test_a_measure_is_put_beside_the_share_of_people(share: float, alike: bool) -> None:
    known = {"source": "S", "finding": "F", "share": share, "n": 4000, "measure": "share"}
    one = analyse(design(literature=[known]), table({"whole": HIGH, "alone": LOW}), HOLD)
    (like,) = one.likes
    assert like.result.p is not None
    assert (like.result.p < 0.05) is alike


def test_few_people_make_a_share_that_nothing_is_shown_to_be_like() -> None:
    known = {"source": "S", "finding": "F", "share": 0.85, "n": 10, "measure": "share"}
    one = analyse(design(literature=[known]), table({"whole": HIGH, "alone": LOW}), HOLD)
    assert one.likes[0].result.p is not None
    assert one.likes[0].result.p > 0.05


# Wordings -------------------------------------------------------------------------------------


def crossed(effect: Mapping[str, float]) -> pd.DataFrame:
    stream = np.random.Generator(np.random.PCG64(5))
    parts: list[pd.DataFrame] = []
    for paraphrase, gap in effect.items():
        base = stream.normal(0.5, 0.05, 8)
        arms = {"whole": base.tolist(), "alone": (base + gap).tolist()}
        part = table(arms, paraphrase=paraphrase)
        parts.append(part.assign(run=[f"{run}.{paraphrase}" for run in part["run"]]))
    return pd.concat(parts, ignore_index=True)


def test_the_curve_shows_an_effect_that_hangs_on_the_wording() -> None:
    both = design(paraphrases={"plain": {}, "second": {}})
    one = analyse(both, crossed({"plain": 0.3, "second": -0.3}), HOLD)
    curve = one.curves["share"]["alone"]
    of = {tuple(sorted(point.choices.items())): point.effect for point in curve.points}
    measured = {dict(key)["paraphrase"]: gap for key, gap in of.items() if "as" in str(key)}
    assert measured["plain"] > 1 > -1 > measured["second"]
    assert curve.whole.p is not None
    assert curve.whole.p > 0.5


def test_the_curve_of_an_effect_that_holds_in_all_wordings_is_significant() -> None:
    both = design(paraphrases={"plain": {}, "second": {}})
    curve = analyse(both, crossed({"plain": 0.3, "second": 0.3}), HOLD).curves["share"]["alone"]
    assert curve.same_sign == len(curve.points) == 6
    assert curve.whole.p == pytest.approx(1 / 2000)


def test_a_random_effect_of_the_wording_is_fitted_where_there_are_several() -> None:
    both = design(paraphrases={"plain": {}, "second": {}})
    one = analyse(both, crossed({"plain": 0.3, "second": 0.3}), HOLD)
    mixed = [r for r in one.compared[0].results if r.what == "effect with random paraphrase"]
    assert mixed[0].estimate == pytest.approx(0.3)


# What cannot be said --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arms", "said"),
    [
        ({"whole": [None] * 6, "alone": LOW}, "share in whole: nobody had the opportunity"),
        ({"whole": [0.5], "alone": [0.4]}, "this one seed"),
        ({"whole": [0.5], "alone": [0.4]}, "one run only"),
        ({"whole": LOW}, "Nothing of alone: none of its runs is finished"),
        ({"whole": [None, *LOW], "alone": LOW}, "share in 1 of 9 runs of whole"),
        ({}, "no run is finished"),
    ],
)
def test_what_cannot_be_concluded_is_said_with_its_reason(
    arms: dict[str, list[float | None]], said: str
) -> None:
    one = told(arms)
    assert any(said in line for line in one.cannot), one.cannot
    json.dumps(one.as_json(), allow_nan=False)
    assert "nan" not in json.dumps(one.as_json()).lower().replace("cannot", "")


def test_without_a_vote_no_position_can_be_given_and_it_is_said_how_to_get_one() -> None:
    voting = design(measures={"share": {"position": "limit"}}, world="village", agents=8)
    one = analyse(voting, table({"whole": [None] * 6, "alone": [None] * 6}), HOLD)
    assert any("ask them with probes" in line for line in one.cannot)


def test_nobody_deciding_anything_is_said() -> None:
    one = told({"whole": LOW, "alone": LOW}, choices=0)
    assert any("nobody decided anything" in line for line in one.cannot)


# Type I error ---------------------------------------------------------------------------------


def false_alarms(shuffles: int) -> int:
    """How often shuffled labels give an effect, through the analysis of an experiment."""
    plain = design(arms={"whole": {}, "other": {}}, seeds="0..9")
    stream = np.random.Generator(np.random.PCG64(11))
    found = 0
    for _ in range(shuffles):
        base = stream.normal(0, 1, 10)
        pairs = np.column_stack([base + stream.normal(0, 1, 10), base + stream.normal(0, 1, 10)])
        mixed = stream.permuted(pairs, axis=1)
        frame = table({"whole": mixed[:, 0].tolist(), "other": mixed[:, 1].tolist()})
        (one,) = compare(plain, frame)
        found += one.p_corrected is not None and one.p_corrected < 0.05
    return found


@pytest.mark.slow
def test_shuffled_labels_give_effects_at_the_nominal_rate_over_1000_shuffles() -> None:
    assert 30 <= false_alarms(1000) <= 70


def test_shuffled_labels_give_few_effects_in_a_sample() -> None:
    assert false_alarms(4) <= 2


# Before and besides ---------------------------------------------------------------------------


def test_power_rises_with_runs_and_is_the_level_without_an_effect() -> None:
    expected = {"measure": "share", "control": 0.1, "arm": 0.5, "opportunities": 10}
    curve = power_of(design(expected=expected), sizes=(5, 8), trials=40)
    assert curve[0].power < curve[1].power
    assert curve[1].power > 0.8
    none = power_of(design(expected={**expected, "arm": 0.1}), sizes=(8,), trials=60)
    assert none[0].power < 0.15


def test_power_without_an_expectation_is_refused() -> None:
    with pytest.raises(BadInput, match="what is expected"):
        power_of(design())


def test_a_lever_that_does_nothing_is_told_from_one_that_does(tmp_path: Path) -> None:
    varied = design(
        arms={"whole": {}},
        seeds=[1],
        ticks=6,
        measures={"walks": {"act": "go"}, "moves": {"act": "sit"}},
        vary={"bed": ["scarce", "full"], "till": ["attended", "unattended"]},
    )
    found = Sensitive(varied, tmp_path, trajectories=2, samples=2).run(jobs=1)
    assert found.runs <= 4
    assert found.cannot["moves"] == "it is the same whatever is varied"


def test_a_design_that_varies_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="varies nothing"):
        Sensitive(design(), tmp_path)
