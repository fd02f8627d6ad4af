"""The commands that say what emerged: what they print, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Cli

from simulation.experiment.ready import find_experiment
from simulation.experiment.runner import read_design


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from simulation import Simulation
    from worlds import village

    out = tmp_path_factory.mktemp("emerged") / "morning"
    with Simulation(village.load(agents=6), mind="rules", seed=3, out=out) as simulation:
        simulation.run(ticks=150)
    return out


def test_findings_are_told_with_their_events_and_rates_with_their_opportunities(
    cli: Cli, morning: Path
) -> None:
    done = cli("behaviours", str(morning))
    assert done.exit_code == 0
    assert "Volunteering" in done.stdout
    assert "What cannot be concluded" in done.stdout
    found = json.loads(cli("behaviours", str(morning), "--json").stdout)
    first = found["findings"][0]
    assert first["events"][-1] in done.stdout
    assert {"taken", "opportunities", "excluded", "share"} <= set(found["rates"][0])


def test_one_family_is_told_alone(cli: Cli, morning: Path) -> None:
    found = json.loads(cli("behaviours", str(morning), "destruction", "--json").stdout)
    assert {one["family"] for one in found["findings"]} == {"destruction"}


def test_findings_are_written_as_a_table(cli: Cli, morning: Path) -> None:
    lines = cli("behaviours", str(morning), "--csv", "-").stdout.splitlines()
    assert lines[0].startswith("family,actor,target,tick")
    assert len(lines) > 1


def test_a_network_is_measured_and_exported(cli: Cli, morning: Path, tmp_path: Path) -> None:
    measured = json.loads(cli("network", str(morning), "harm", "--json").stdout)
    assert measured["people"] == 6
    done = cli("network", str(morning), "harm", "--export", str(tmp_path / "harm.gexf"))
    assert done.exit_code == 0
    assert (tmp_path / "harm.gexf").exists()


def test_a_report_is_one_file(cli: Cli, morning: Path, tmp_path: Path) -> None:
    done = cli("report", str(morning), "--out", str(tmp_path / "page.html"))
    assert done.exit_code == 0
    assert "<!doctype html>" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_an_experiment_says_what_it_would_run(cli: Cli) -> None:
    done = cli("experiment", "helping", "--dry-run", "--mind", "rules")
    design = read_design(find_experiment("helping"))
    runs = len(design.arms) * len(design.seeds)
    assert f"{runs} runs of {design.ticks} ticks" in done.stdout


def test_the_experiments_that_ship_are_listed(cli: Cli) -> None:
    names = {row["name"] for row in json.loads(cli("list", "experiments", "--json").stdout)}
    assert {"helping", "bystander", "disorder"} <= names


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("behaviours", "nowhere"), "there is no such episode"),
        (("behaviours", "EPISODE", "peace"), "unknown family"),
        (("behaviours", "EPISODE", "--csv", "/nowhere/x.csv"), "cannot be written"),
        (("network", "EPISODE", "envy"), "unknown kind of network"),
        (("network", "EPISODE", "--export", "x.txt"), "unknown kind of file"),
        (("report", "nowhere"), "there is no such episode"),
        (("experiment", "nowhere"), "there is no such experiment"),
        (("experiment", "helping", "--mind", "nobody", "--dry-run"), "unknown mind"),
        (("experiment", "helping", "--model", "oracle:x", "--dry-run"), "unknown model"),
        (("experiment", "helping", "--seeds", "9..1"), "FIRST..LAST"),
        (("run", "village", "--mind", "rules", "--probe", "weather every 5"), "unknown topic"),
        (("run", "village", "--mind", "rules", "--probe", "limit"), "cannot be read"),
    ],
)
def test_bad_input_is_told_in_one_line(
    cli: Cli, morning: Path, args: tuple[str, ...], told: str
) -> None:
    done = cli(*(str(morning) if arg == "EPISODE" else arg for arg in args))
    assert done.exit_code == 2
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
