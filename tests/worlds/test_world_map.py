from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulation.errors import FileError
from worlds.mapfile import build_plan, read_map

if TYPE_CHECKING:
    from pathlib import Path

SMALL = """\
title: Small
plan: |
  #######
  #aa+bb#
  #######
legend: {a: attic, b: barn}
places:
  - {id: attic, name: the attic, indoors: true}
  - {id: barn, name: the barn}
cast: [bram]
settings: {wind: [low, high]}
things:
  - {id: rope, name: the rope, place: barn}
"""


def read(folder: Path, *changes: tuple[str, str]) -> FileError:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = folder / "map.yaml"
    file.write_text(text)
    with pytest.raises(FileError) as caught:
        read_map(file)
    assert "\n" not in str(caught.value)
    return caught.value


def line(error: FileError) -> int:
    return int(str(error.where).rsplit(":", 1)[1])


def test_a_good_map_becomes_a_plan(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(SMALL)
    plan = build_plan(read_map(tmp_path / "map.yaml"))
    assert (plan.rows, plan.columns) == (3, 7)
    assert plan.place_at[1, 1] == "attic"
    assert plan.place_at[1, 3] == "attic", "a door belongs to the room behind it"
    assert (1, 3) in plan.doors


def test_an_unknown_glyph_is_named_with_its_line(tmp_path: Path) -> None:
    error = read(tmp_path, ("#aa+bb#", "#aa+b?#"))
    assert (line(error), error.value) == (4, "?")


def test_a_ragged_row_is_named_with_its_line(tmp_path: Path) -> None:
    error = read(tmp_path, ("#aa+bb#", "#aa+bb##"))
    assert line(error) == 4
    assert "8 cells" in error.what


def test_a_place_of_no_cells_is_named(tmp_path: Path) -> None:
    error = read(
        tmp_path, ("name: the barn}", "name: the barn}\n  - {id: cellar, name: the cellar}")
    )
    assert (line(error), error.value) == (10, "cellar")


def test_a_room_without_a_door_is_named_with_its_line(tmp_path: Path) -> None:
    error = read(tmp_path, ("#aa+bb#", "#aa#bb#"))
    assert (line(error), error.value) == (9, "barn")
    assert "door" in str(error.hint)


def test_a_room_behind_water_is_not_reached(tmp_path: Path) -> None:
    assert read(tmp_path, ("#aa+bb#", "#aa~bb#")).value == "barn"


def test_a_thing_in_an_unknown_place_is_named(tmp_path: Path) -> None:
    error = read(tmp_path, ("place: barn}", "place: bern}"))
    assert (line(error), error.value, error.allowed) == (13, "bern", ("attic", "barn"))


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ("{id: barn,", "{id: attic,", "attic"),
        (
            "  - {id: rope, name: the rope, place: barn}",
            "  - {id: rope, name: the rope, place: barn}\n  - {id: rope, name: a rope}",
            "rope",
        ),
    ],
)
def test_an_id_that_stands_twice_is_named(tmp_path: Path, old: str, new: str, value: str) -> None:
    assert read(tmp_path, (old, new)).value == value


def test_a_legend_that_names_no_place_is_named(tmp_path: Path) -> None:
    assert read(tmp_path, ("b: barn}", "b: bern}")).value == "bern"


def test_a_door_to_nowhere_is_named(tmp_path: Path) -> None:
    error = read(tmp_path, ("  #######\n  #aa", "  #+#####\n  #aa"), ("#aa+bb#", "##a+bb#"))
    assert line(error) == 3


@pytest.mark.parametrize(
    ("requires", "value"),
    [
        ("{setting: wund, among: [low]}", "wund"),
        ("{setting: wind, among: [mild]}", "mild"),
        ("{holds: coin}", "coin"),
        ("{of: rops, attribute: length}", "rops"),
    ],
)
def test_a_test_names_only_what_there_is(tmp_path: Path, requires: str, value: str) -> None:
    use = f"[{{id: u, action: use, text: pull it, deed: pulled it, requires: [{requires}]}}]"
    assert read(tmp_path, ("place: barn}", f"place: barn, uses: {use}}}")).value == value


def test_a_test_asks_one_question(tmp_path: Path) -> None:
    requires = "{holds: rope, knows: something}"
    use = f"[{{id: u, action: use, text: pull it, deed: pulled it, requires: [{requires}]}}]"
    error = read(tmp_path, ("place: barn}", f"place: barn, uses: {use}}}"))
    assert "one question" in str(error)
    assert line(error) == 13


def test_an_unknown_field_is_named_with_its_line(tmp_path: Path) -> None:
    error = read(tmp_path, ("place: barn}", "plaice: barn}"))
    assert (line(error), error.value) == (13, "plaice")
