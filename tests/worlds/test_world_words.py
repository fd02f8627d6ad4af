from __future__ import annotations

import pytest

import personas
from worlds.words import gerund, number, past


@pytest.mark.parametrize(
    ("phrase", "going_on", "done"),
    [
        ("carry a log", "carrying a log", "carried a log"),
        ("rake mussels", "raking mussels", "raked mussels"),
        ("sweep the floor and light the stove", "sweeping the floor and lighting the stove",
         "swept the floor and lit the stove"),
        ("sit by the stove with the cat", "sitting by the stove with the cat",
         "sat by the stove with the cat"),
        ("check nets and lines", "checking nets and lines", "checked nets and lines"),
        ("plan the day", "planning the day", "planned the day"),
        ("play the piano", "playing the piano", "played the piano"),
        ("tie up the boat", "tying up the boat", "tied up the boat"),
        ("see patients", "seeing patients", "saw patients"),
        ("stay", "staying", "stayed"),
    ],
)  # fmt: skip
def test_a_phrase_is_told_as_going_on_and_as_done(phrase: str, going_on: str, done: str) -> None:
    assert gerund(phrase) == going_on
    assert past(phrase) == done


def test_every_habit_of_the_cast_begins_with_a_verb_that_changes() -> None:
    for name in personas.names():
        for habit in personas.load(name).habits:
            assert gerund(habit.doing).split()[0].endswith("ing")
            assert past(habit.doing).split()[0].endswith(("ed", "t", "d", "g", "w", "e", "m", "k"))


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "none"), (12, "twelve"), (40, "forty"), (31, "thirty-one"), (120, "120")],
)
def test_numbers_are_words_up_to_a_hundred(count: int, words: str) -> None:
    assert number(count) == words
