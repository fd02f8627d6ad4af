from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from simulation.errors import FileError
from simulation.located_yaml import MAX_DEPTH, Located, parse_yaml, read_yaml, validate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Door(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    side: Literal["north", "south"]
    """Which wall it is in."""
    width: int = 1
    """In cells."""


class House(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    name: str
    """What people call it."""
    doors: list[Door] = []
    """From left to right."""
    opens: str = "08:00"
    """As HH:MM."""


def house(text: str) -> House:
    return validate(parse_yaml(text, "house.yaml"), House)


def complaint(text: str) -> str:
    with pytest.raises(FileError) as caught:
        house(text)
    shown = str(caught.value)
    assert "\n" not in shown
    return shown


def test_values_keep_their_lines() -> None:
    located = parse_yaml(
        "name: Mill\ndoors:\n  - side: north\n  - side: south\n    width: 2\n", "h"
    )
    assert located.line_of(()) == 1
    assert located.line_of(("doors",)) == 2
    assert located.line_of(("doors", 1)) == 4
    assert located.line_of(("doors", 1, "width")) == 5
    assert located.where(("doors", 0, "side")) == "h:3"


def test_a_missing_value_stands_where_its_owner_does() -> None:
    located = parse_yaml("doors:\n  - width: 2\n", "h")
    assert located.line_of(("doors", 0, "side")) == 2


def test_a_union_member_in_a_location_is_passed_over() -> None:
    located = parse_yaml("a:\n  b: 1\n", "h")
    assert located.line_of(("a", "str", "b")) == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("22:00", "22:00"),
        ("no", "no"),
        ("2024-05-01", "2024-05-01"),
        ("true", True),
        ("12", 12),
        ("-1.5", -1.5),
        ("1e3", 1000.0),
        ("~", None),
        ("'12'", "12"),
        ("<<", "<<"),
    ],
)
def test_plain_words_follow_the_core_schema(text: str, value: object) -> None:
    assert parse_yaml(f"x: {text}", "f").data == {"x": value}


def test_an_alias_stands_for_its_anchor() -> None:
    assert parse_yaml("a: &x [1, 2]\nb: *x\n", "f").data == {"a": [1, 2], "b": [1, 2]}


def test_a_good_file_becomes_a_model() -> None:
    made = house("name: Mill\ndoors: [{side: north}]\nopens: 09:30\n")
    assert made == House(name="Mill", doors=[Door(side="north")], opens="09:30")


def test_an_unknown_field_suggests_the_nearest_one() -> None:
    shown = complaint("nme: Mill\n")
    assert shown.startswith("house.yaml:1: unknown field: 'nme'; allowed: name, doors, opens")
    assert "did you mean 'name'?" in shown


def test_an_unknown_field_within_a_list_names_the_fields_of_its_owner() -> None:
    shown = complaint("name: Mill\ndoors:\n  - side: north\n    wdth: 2\n")
    assert shown.startswith("house.yaml:4: unknown field in doors[0]: 'wdth';")
    assert "allowed: side, width; did you mean 'width'?" in shown


def test_a_wrong_value_says_what_is_allowed_and_what_the_field_is_for() -> None:
    shown = complaint("name: Mill\ndoors:\n  - side: nort\n")
    assert shown.startswith("house.yaml:3: field doors[0].side:")
    assert "'nort'; allowed: north, south; did you mean 'north'?" in shown
    assert "Which wall it is in." in shown


def test_a_missing_field_is_told_with_its_purpose() -> None:
    shown = complaint("opens: 09:00\n")
    assert shown == "house.yaml:1: field name is missing. Add it: What people call it."


def test_further_errors_are_counted_with_their_lines() -> None:
    shown = complaint("name: Mill\ndoors:\n  - side: up\n    width: a\n  - side: down\n")
    assert shown.startswith("house.yaml:3:")
    assert shown.endswith("(2 more to mend, from line 4, 5)")


def test_a_list_where_fields_belong_is_told_plainly() -> None:
    assert "should hold fields" in complaint("- a\n- b\n")


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("", "house.yaml:1", "empty"),
        ("# only a comment\n", "house.yaml:1", "empty"),
        ("name: a\nname: b\n", "house.yaml:2", "line 1 already"),
        ("name: a\n---\nname: b\n", "house.yaml:2", "more than one"),
        ("name: a\ndoors:\n\t- side: north\n", "house.yaml:3", "Indent with spaces"),
        ("name: [a\nb: c\n", "house.yaml:2", "not valid YAML"),
        ("name: *nobody\n", "house.yaml:1", "undefined alias"),
        ("a: 1\nb: !!python/name:os.system x\n", "house.yaml:2", "a tag"),
        ("a: !!int twelve\n", "house.yaml:1", "not a int"),
        ("? [a, b]\n: c\n", "house.yaml:1", "a key"),
        ("a: &x [*x]\n", "house.yaml:1", "deep"),
        ("a: 1\nb: \x07\n", "house.yaml:2", "character"),
        ('a: 1\nb: "\\UFFFFFFFF"\n', "house.yaml:2", "not valid YAML"),
        ('a: 1\nb: "\\uD800"\n', "house.yaml:2", "not a"),
    ],
)
def test_bad_syntax_is_told_with_its_line(text: str, where: str, words: str) -> None:
    with pytest.raises(FileError) as caught:
        parse_yaml(text, "house.yaml")
    assert caught.value.where == where
    assert words in str(caught.value)


def test_depth_is_bounded_before_anything_recurses() -> None:
    with pytest.raises(FileError, match="deep"):
        parse_yaml("[" * 5000, "f")
    level = "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert isinstance(parse_yaml(level, "f"), Located)


def test_aliases_cannot_blow_up() -> None:
    rows = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    with pytest.raises(FileError, match="more than"):
        parse_yaml("\n".join(rows), "f")


@pytest.mark.parametrize("content", [b"name: \xff\xfe\n", b"a: 1\nb: caf\xe9\n"])
def test_other_encodings_are_told_with_their_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(FileError, match="UTF-8") as caught:
        read_yaml(path)
    assert caught.value.where == f"{path}:{content.count(b'a: 1') + 1}"


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: Mill\n")
    assert read_yaml(path).data == {"name": "Mill"}


def test_an_unreadable_path_is_one_clear_line(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.yaml", tmp_path, "nul\0.yaml"):
        with pytest.raises(FileError):
            read_yaml(path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(FileError, match="larger"):
        read_yaml(path)


YAML_ISH = st.text(alphabet="ab1:-?[]{},&*!|>'\"%@#\\x0uU.~<= \n\t", max_size=60)


def told(act: Callable[[], object]) -> str | None:
    try:
        act()
    except FileError as error:
        return str(error)
    return None


@given(st.one_of(st.text(max_size=60), YAML_ISH))
def test_any_text_is_a_model_or_one_clear_line(text: str) -> None:
    complaint = told(lambda: house(text))
    assert complaint is None or re.match(r"house\.yaml:[0-9]+: [^\n]+$", complaint)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["name", "doors", "side", "width"]) | st.text(), inner, max_size=3
            )
        ),
        max_leaves=10,
    )
)
def test_any_data_is_a_model_or_one_clear_line(data: object) -> None:
    located = Located(path="h.yaml", data=data, lines={(): 1})
    complaint = told(lambda: validate(located, House))
    assert complaint is None or complaint.startswith("h.yaml:1: ")
