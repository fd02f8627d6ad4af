"""Pairs of branches of one past: chance alike within a pair, and a change in one of the two."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation import Episode, Simulation
from simulation.errors import ConfigError
from simulation.plots.branches import differences
from simulation.replicates import ARMS, MEASURES, Pairs, branch_of, paired_branches
from worlds import village


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    out = tmp_path_factory.mktemp("pairs") / "morning"
    with Simulation(village.load(agents=4), mind="rules", seed=3, out=out) as simulation:
        return simulation.run(ticks=60)


@pytest.fixture(scope="module")
def pairs(morning: Episode, tmp_path_factory: pytest.TempPathFactory) -> Pairs:
    out = tmp_path_factory.mktemp("pairs") / "branches"
    move = ["move ada to the quay"]
    return paired_branches(morning, "07:40", move, pairs=3, ticks=8, out=out, jobs=1)


def choices(episode: Episode, since: int) -> list[tuple[int, str, str]]:
    rows = episode.decisions.query(f"tick >= {since}")
    return [(int(row["tick"]), row["agent"], row["chosen"]) for row in rows.to_dict("records")]


def test_each_pair_has_both_arms_and_the_same_past(morning: Episode, pairs: Pairs) -> None:
    assert [(one.pair, one.arm) for one in pairs.branches] == [
        (pair, arm) for pair in range(3) for arm in ARMS
    ]
    for one in pairs.branches:
        episode = Episode.open(one.folder)
        assert episode.ticks == 48
        assert choices(episode, 0)[:10] == choices(morning, 0)[:10]


def test_what_is_done_is_done_in_one_arm_alone(pairs: Pairs) -> None:
    for one in pairs.branches:
        done = [event.model_dump()["text"] for event in
                Episode.open(one.folder).iter_events(("intervened",))]  # fmt: skip
        changed = ["move ada to quay"] if one.arm == ARMS[1] else []
        assert done == [f"chance {one.pair}", *changed]


def test_rows_count_from_the_branch_on(pairs: Pairs) -> None:
    frame = pairs.frame()
    assert list(frame.columns) == ["pair", "arm", *MEASURES, "episode"]
    for row in frame.to_dict("records"):
        assert row["choices"] == len(choices(Episode.open(row["episode"]), 40))


def test_effects_are_means_of_the_differences_of_pairs(pairs: Pairs) -> None:
    frame = pairs.frame()
    wide = frame.pivot_table(index="pair", columns="arm", values="steps")
    found = pairs.effects(frame)["steps"]
    assert found.n == 3
    assert found.estimate == pytest.approx((wide[ARMS[1]] - wide[ARMS[0]]).mean())


def test_the_figure_names_the_change_the_number_of_pairs_and_the_unit(pairs: Pairs) -> None:
    figure = differences(pairs)
    axes = figure.axes[0]
    assert "move ada to the quay" in axes.get_title(loc="left")
    assert "within 8 minutes" in axes.get_xlabel()
    assert "3 pairs" in figure.get_supxlabel()


def test_branches_that_are_there_are_not_lived_again(morning: Episode, pairs: Pairs) -> None:
    born = [(one.folder / "log.sqlite").stat().st_mtime_ns for one in pairs.branches]
    out = pairs.branches[0].folder.parent
    paired_branches(morning, 40, ["move ada to the quay"], pairs=3, ticks=8, out=out, jobs=1)
    assert born == [(one.folder / "log.sqlite").stat().st_mtime_ns for one in pairs.branches]


def test_other_branches_in_the_folder_are_refused(morning: Episode, pairs: Pairs) -> None:
    out = pairs.branches[0].folder.parent
    with pytest.raises(ConfigError, match="another branch is there already"):
        paired_branches(morning, 41, ["move ada to the quay"], pairs=1, ticks=8, out=out, jobs=1)


@pytest.mark.parametrize(
    ("change", "said"),
    [({"pairs": 0}, "pairs"), ({"ticks": 0}, "ticks"), ({"do": []}, "would not differ")],
)
def test_what_cannot_be_paired_is_told(
    morning: Episode, tmp_path: Path, change: dict[str, object], said: str
) -> None:
    given = {"do": ["move ada to the quay"], "pairs": 1, "ticks": 2} | change
    with pytest.raises(ConfigError, match=said):
        paired_branches(morning, 40, out=tmp_path, jobs=1, **given)  # pyright: ignore[reportArgumentType]


def test_one_branch_is_an_episode_beside_its_trunk(morning: Episode, tmp_path: Path) -> None:
    branch = branch_of(morning, 40, ["move ada to the quay"], ticks=5, out=tmp_path / "one")
    assert branch.ticks == 45
    assert branch_of(morning, 40, ["move ada to the quay"], ticks=5, out=tmp_path / "one")


def test_the_attended_till_has_bram_behind_it(tmp_path: Path) -> None:
    with Simulation(
        village.load(agents=3), mind="rules", seed=3, out=tmp_path / "day"
    ) as simulation:
        day = simulation.run(ticks=245)
    places: dict[str, str] = {}
    for arm, do in (("attended", village.till_attended()), ("open", ["chance 1"])):
        branch = branch_of(day, "11:00", do, ticks=20, out=tmp_path / arm)
        places[arm] = [event.place for event in branch.iter_events(("moved",), "bram")][-1]
    assert places == {"attended": "bakehouse", "open": places["open"]}
    assert places["open"] != "bakehouse"
