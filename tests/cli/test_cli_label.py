"""Labelling at the keyboard and in tables, as a coder does it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from command_line import Cli
from typer.testing import CliRunner, Result

from simulation import Episode, Simulation
from simulation.behaviours.items import items_of
from simulation.behaviours.labels import Labels
from simulation.cli.app import app
from worlds import village


@pytest.fixture
def lived(tmp_path: Path) -> Path:
    """Two hours of rules minds, who talk."""
    out = tmp_path / "e"
    with Simulation(village.load(agents=6), mind="rules", seed=3, out=out) as simulation:
        simulation.run(ticks=120)
    return out


def typed(lines: str, *args: str) -> Result:
    return CliRunner().invoke(app, ["label", *args, "--coder", "ruth"], input=lines)


def given(folder: Path) -> list[str]:
    return [row.label for row in Labels(folder).all]


def test_labels_are_typed_by_their_beginnings_and_kept(lived: Path) -> None:
    done = typed("off thr\nq\n", str(lived))
    assert done.exit_code == 0, done.stderr
    assert given(lived) == ["offer threat"]


def test_a_sitting_goes_on_where_it_was_left(lived: Path) -> None:
    typed("-\n", str(lived))
    again = typed("?\n", str(lived))
    assert "1 of" in again.stdout
    assert given(lived) == ["plain", "cannot tell"]


def test_back_lets_a_label_be_changed_and_skip_leaves_none(lived: Path) -> None:
    typed("-\nb\nthr\ns\nq\n", str(lived))
    assert given(lived) == ["threat"]


def test_what_is_no_label_is_told_and_asked_again(lived: Path) -> None:
    done = typed("zzz\n-\nq\n", str(lived))
    assert "no such label" in done.stderr
    assert given(lived) == ["plain"]


def test_the_order_is_the_seeds(lived: Path) -> None:
    episode = Episode.open(lived)
    first = [item.id for item in items_of(episode, seed=1)]
    assert first == [item.id for item in items_of(episode, seed=1)]
    assert sorted(first) == sorted(item.id for item in items_of(episode, seed=2))
    assert [item.id for item in items_of(episode, sample=2, seed=1)] == first[:2]


def test_choices_are_labelled_with_yes_and_no(lived: Path) -> None:
    done = typed("y\nn\nq\n", str(lived), "--family", "volunteering", "--sample", "2")
    assert given(lived) == ["yes", "no"]
    assert "volunteered" not in done.stdout


def test_a_table_goes_out_and_comes_back(cli: Cli, lived: Path, tmp_path: Path) -> None:
    sheet, filled = tmp_path / "sheet.csv", tmp_path / "filled.csv"
    assert cli("label", str(lived), "--export", str(sheet), "--coder", "tom").exit_code == 0
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["label"], rows[1]["label"] = "agreement", "nonsense"
    with filled.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = cli("label", str(lived), "--import", str(filled))
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "row 3" in done.stderr
    assert given(lived) == ["agreement"]


def test_agreement_names_the_detector_beside_the_coders(cli: Cli, lived: Path) -> None:
    typed("y\nn\ny\n", str(lived), "--family", "volunteering", "--sample", "3")
    done = cli("label", str(lived), "--agreement")
    assert done.exit_code == 0, done.stderr
    assert "detector, ruth" in done.stdout
    assert "Cohen's kappa" in done.stdout


def test_without_labels_there_is_no_agreement(cli: Cli, lived: Path) -> None:
    done = cli("label", str(lived), "--agreement")
    assert done.exit_code == 2
    assert "no labels yet" in done.stderr


def test_a_judge_needs_one_tag_and_a_model_that_can_judge(cli: Cli, lived: Path) -> None:
    whole = cli("label", str(lived), "--judge", "fake")
    assert (whole.exit_code, whole.stderr.count("\n")) == (2, 1)
    one = cli("label", str(lived), "--judge", "embedded", "--family", "words.threat")
    assert one.exit_code == 2


def test_labels_leave_the_episode_as_it_was(cli: Cli, lived: Path) -> None:
    typed("-\nq\n", str(lived))
    assert cli("verify", str(lived)).stdout.startswith("The same")
