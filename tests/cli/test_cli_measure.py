from __future__ import annotations

import json

import pytest
from command_line import Cli

RUN = ("run", "village", "--mind", "rules", "--agents", "4", "--quiet", "--out", "e")


@pytest.fixture
def lived(cli: Cli) -> Cli:
    """The command line beside an episode of an hour."""
    assert cli(*RUN, "--ticks", "60").exit_code == 0
    return cli


def test_all_measures_are_tables_with_the_ids_of_their_evidence(lived: Cli) -> None:
    result = lived("measure", "e")
    assert result.exit_code == 0, result.stderr
    told = result.stdout
    assert "Diffusion: who knows what after 07:59" in told
    assert "Relationship density after 07:59" in told
    assert "Coordination: of the invited" in told
    assert "00000.0.000." in told


def test_one_measure_is_shown_alone(lived: Cli) -> None:
    told = lived("measure", "e", "density").stdout
    assert told.startswith("Relationship density")
    assert "Diffusion" not in told


def test_a_measure_as_json_has_numbers_and_events(lived: Cli) -> None:
    measured = json.loads(lived("measure", "e", "--json", "--at", "07:30").stdout)
    assert (measured["tick"], measured["time"]) == (30, "07:30")
    supper = next(row for row in measured["diffusion"] if row["fact"] == "supper")
    assert supper["share"] == len(supper["knowers"]) / supper["people"]
    assert set(supper["knowers"][0]) >= {"agent", "source", "teller", "talk", "event", "memory"}
    density = measured["density"]["now"]
    pairs = measured["density"]["people"] * (measured["density"]["people"] - 1) / 2
    assert density["density"] == round(density["edges"] / pairs, 4)
    assert all(row["share"] is None for row in measured["coordination"] if not row["begun"])


def test_only_the_measure_that_was_asked_for_is_in_the_json(lived: Cli) -> None:
    assert set(json.loads(lived("measure", "e", "coordination", "--json").stdout)) == {
        "tick", "time", "coordination",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("e", "densty"), ["'densty'", "did you mean 'density'?"]),
        (("e", "--at", "2000"), ["2000", "Ticks 0 to 59 were lived, 07:00 to 07:59"]),
        (("e", "--at", "noon"), ["'noon'", "14:05"]),
        (("nowhere",), ["nowhere"]),
    ],
)
def test_bad_input_is_told_in_one_line(lived: Cli, args: tuple[str, ...], told: list[str]) -> None:
    result = lived("measure", *args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    for part in told:
        assert part in result.stderr
