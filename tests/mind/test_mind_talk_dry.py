"""Talk that has run dry is known by its words alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.mind.degenerate import (
    STALE_LINES,
    find_fault,
    have_parted,
    is_ceremony,
    is_courtesy,
    is_repeated,
)
from simulation.mind.talk import Line


def talk(*words: str) -> list[Line]:
    """Ann and Ben in turn."""
    return [
        Line("ben" if n % 2 else "ann", "Ben" if n % 2 else "Ann", w) for n, w in enumerate(words)
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Thank you, goodbye!",
        "Thanks, Ben. See you later!",
        "You are most welcome, my friend.",
        "It was so nice talking to you. Take care!",
        "Danke, auf Wiedersehen!",
        "Thank you for the bread.",
    ],
)
def test_thanks_and_farewells_are_known(words: str) -> None:
    assert is_courtesy(words)


@pytest.mark.parametrize(
    "words",
    [
        "See you at eight in the hall.",
        "Thank you, but Hugo owes me six coins.",
        "The nets are torn.",
        "Good morning!",
        "",
    ],
)
def test_what_says_something_besides_is_no_courtesy(words: str) -> None:
    assert not is_courtesy(words)


def test_a_greeting_is_ceremony_and_news_after_it_is_not() -> None:
    assert is_ceremony("Good morning, Ben, how are you today?")
    assert not is_ceremony("Good morning! The gate is shut and the tide comes in.")


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (("The gate is shut.", "Then we walk round by the mill."), ""),
        (("Good morning!", "Good morning!"), ""),
        (("Well, the gate is shut today.", "The gate is shut today, yes."), "echo"),
        (("I owe Hugo six coins.", "Since when?", "I owe Hugo six coins, you know."), "repetition"),
        (("The grey horse is sold.", "Oh.", "Eh?", "Yes, the grey horse is sold."), "repetition"),
        (
            ("Thank you so much!", "My pleasure!", "Thanks again, dear!", "You are welcome!"),
            "thanks and farewells",
        ),
        (("Yes.", "Yes.", "Yes."), "echo"),
    ],
)  # fmt: skip
def test_a_fault_is_named(lines: tuple[str, ...], fault: str) -> None:
    assert find_fault(talk(*lines)) == fault


def test_nothing_new_for_some_lines_is_a_fault() -> None:
    words = ("The boat leaves at noon.", "From the quay?")
    stale = ("At noon, yes.", "The boat, you say.", "From the quay.", "At noon, so.")
    assert len(stale) == STALE_LINES
    assert find_fault(talk(*words, *stale)) == "nothing new"
    assert find_fault(talk(*words, *stale[:-1], "Then bring the lamp.")) == ""
    assert find_fault(talk(*words, *stale[:-1], "At 12, so.")) == ""


def test_last_words_are_no_fault() -> None:
    lines = talk("I mean to sit down for a while.", "And I mean to sit down for a while.")
    assert find_fault(lines) == "echo"
    assert find_fault([lines[0], lines[1]._replace(last=True)]) == ""


def test_two_farewells_in_a_row_are_a_parting() -> None:
    assert have_parted(talk("The gate is shut.", "Goodbye, Ann!", "Goodbye, Ben!"))
    assert not have_parted(talk("Goodbye, Ann!", "The gate is shut."))
    assert not have_parted(talk("Thank you!", "You are welcome!"))
    assert not have_parted(talk("Goodbye!"))


def test_one_who_says_the_same_with_more_around_it_repeats_and_the_other_way_round_not() -> None:
    assert is_repeated("the nets are torn", "I said that the nets are torn and the boat is out")
    assert not is_repeated("I said that the nets are torn and the boat is out", "the nets are torn")


@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_lines_can_be_judged(words: list[str]) -> None:
    assert find_fault(talk(*words)) in {
        "",
        "echo",
        "repetition",
        "nothing new",
        "thanks and farewells",
    }
    have_parted(talk(*words))


@given(st.text(min_size=1, max_size=60), st.integers(3, 9))
def test_the_same_line_again_and_again_is_always_a_fault(words: str, times: int) -> None:
    assert find_fault(talk(*[words] * times))
