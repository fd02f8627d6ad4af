"""What a person meets who writes or edits a persona's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import personas
from personas.schema import Persona
from personas.template import persona_template
from simulation.errors import FileError, PersonaError
from simulation.lint import find_loaded_words
from simulation.located_yaml import parse_yaml, validate

if TYPE_CHECKING:
    from pathlib import Path

GOOD = persona_template("anna")


def complaint(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        personas.load_file(path)
    return str(caught.value)


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_the_template_validates_as_written(tmp_path: Path) -> None:
    path = tmp_path / "anna.yaml"
    path.write_text(GOOD, encoding="utf-8")
    anna = personas.load_file(path)
    assert (anna.id, anna.name) == ("anna", "Anna")
    assert anna.bio_line.startswith("Anna is a glazier who sets the windows")


def test_the_template_shows_every_field() -> None:
    assert [name for name in Persona.model_fields if f"{name}:" not in GOOD] == []
    assert find_loaded_words(GOOD) == []


def test_a_template_for_a_longer_name_is_spoken_with_blanks() -> None:
    assert "name: Anna Maria " in persona_template("anna_maria")


@pytest.mark.parametrize("name", ["", "Anna", "../anna", "an na", "1st", "a" * 41])
def test_a_name_that_cannot_be_a_file_is_refused(name: str) -> None:
    with pytest.raises(PersonaError, match="Choose another NAME"):
        persona_template(name)


def test_an_unknown_persona_is_told_the_nearest_one() -> None:
    with pytest.raises(PersonaError) as caught:
        personas.load("gudrum")
    assert caught.value.allowed == personas.names()
    assert "did you mean 'gudrun'?" in str(caught.value)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("age: 40", "age: forty", "field age:"),
        ("age: 40", "agee: 40", "unknown field: 'agee'"),
        ("pronouns: they", "pronouns: it", "allowed: she, he, they"),
        ("openness: 3.5", "openness: 7", "field big_five.openness:"),
        ("openness: 3.5", "opennes: 3.5", "did you mean 'openness'?"),
        ("bedtime: 22:00", "bedtime: 25:00", "should be a time as HH:MM"),
        ("home: inn", "home: The Inn", "lower-case letters"),
        ("who: sets", "who: Sets", "continues a sentence"),
        ("at: 07:00, place: inn", "at: 7.00, place: inn", "field habits[0].at:"),
        ("closeness: 1}", "closeness: 3}", "field relationships[0].closeness:"),
        ("id: anna ", "id: anne ", "allowed: anna"),
    ],
)
def test_a_wrong_field_is_told_with_its_line(
    tmp_path: Path, before: str, after: str, words: str
) -> None:
    text = GOOD.replace(before, after)
    path = tmp_path / "anna.yaml"
    shown = complaint(path, text)
    assert shown.startswith(f"{path}:{line_of(text, after)}: ")
    assert words in shown


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("at: 12:00", "at: 11:00", "the row at 11:00 begins before the one at 08:30"),
        ("person: bram", "person: anna", "'anna' is this persona itself"),
    ],
)
def test_rows_that_contradict_each_other_are_told(
    tmp_path: Path, before: str, after: str, words: str
) -> None:
    assert words in complaint(tmp_path / "anna.yaml", GOOD.replace(before, after))


def test_a_field_left_out_is_told_with_what_it_is_for(tmp_path: Path) -> None:
    path = tmp_path / "anna.yaml"
    shown = complaint(path, GOOD.replace("age: 40\n", ""))
    assert shown.endswith("field age is missing. Add it: In years.")


def test_two_rows_for_one_person_are_told(tmp_path: Path) -> None:
    row = "  - {person: bram, tie: baker, feeling: buys his rolls, closeness: 0}\n"
    text = GOOD.replace("relationships:\n", f"relationships:\n{row}")
    assert "'bram' stands there twice" in complaint(tmp_path / "anna.yaml", text)


def test_the_json_schema_describes_every_field_for_editors() -> None:
    schema = personas.persona_json_schema()
    properties = schema["properties"]
    assert isinstance(properties, dict)
    assert set(properties) == set(Persona.model_fields)
    assert all("description" in field for field in properties.values())


def test_a_persona_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        personas.load("ada").age = 3  # pyright: ignore[reportAttributeAccessIssue]


@given(st.integers(0, len(GOOD) - 1), st.text(max_size=6))
def test_a_file_with_a_slip_is_a_persona_or_one_clear_line(place: int, slip: str) -> None:
    text = GOOD[:place] + slip + GOOD[place + 1 :]
    try:
        validate(parse_yaml(text, "anna.yaml"), Persona)
    except FileError as error:
        shown = str(error)
    else:
        shown = "anna.yaml:1: fine"
    assert shown.startswith("anna.yaml:")
    assert "\n" not in shown
