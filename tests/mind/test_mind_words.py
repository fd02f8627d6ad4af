from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.mind.words import own_words, phrase_parts, retold, sentence, trigrams


@given(st.text())
def test_a_sentence_of_a_sentence_is_the_same(text: str) -> None:
    assert sentence(sentence(text)) == sentence(text)


@pytest.mark.parametrize(
    ("clause", "shown"),
    [
        ("the gate is shut", "The gate is shut."),
        ("  the   gate\nis shut ", "The gate is shut."),
        ("is it shut?", "Is it shut?"),
        ("Stop!", "Stop!"),
        ("", ""),
    ],
)
def test_a_clause_becomes_a_sentence(clause: str, shown: str) -> None:
    assert sentence(clause) == shown


@pytest.mark.parametrize(
    ("clause", "shown"),
    [
        ("I am tired", "Dov is tired"),
        ("I have my net", "Dov has his net"),
        ("I owe Hugo six coins", "Dov owes Hugo six coins"),
        ("I go to the quay", "Dov goes to the quay"),
        ("I carried it", "Dov carried it"),
        ("I'm on my way", "Dov is on his way"),
        ("she told me", "she told him"),
        ("the tide turns at six", "the tide turns at six"),
        ("", ""),
    ],
)
def test_what_was_said_is_passed_on_in_the_third_person(clause: str, shown: str) -> None:
    assert retold(clause, "Dov", "he") == shown


@pytest.mark.parametrize(
    ("phrase", "pronouns", "shown"),
    [
        ("mend his net", "he", "mend my net"),
        ("walk with the wind behind him", "he", "walk with the wind behind me"),
        ("sort her papers", "she", "sort my papers"),
        ("open their box", "they", "open my box"),
        ("sweep the floor", "she", "sweep the floor"),
    ],
)
def test_ones_own_plan_is_said_in_the_first_person(phrase: str, pronouns: str, shown: str) -> None:
    assert own_words(phrase, pronouns) == shown


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("carry a log into the shed", ("carry", "a", "log")),
        ("go up to the inn", ("go", "up to the", "inn")),
        ("talk with Ben", ("talk", "with", "Ben")),
        ("stay", ("stay", "", "")),
        ("go out", ("go", "out", "")),
    ],
)
def test_a_phrase_falls_into_verb_and_head(text: str, parts: tuple[str, str, str]) -> None:
    assert phrase_parts(text) == parts


@given(st.lists(st.sampled_from(["carry", "the", "log", "into", "Ben", "shed"]), min_size=1))
def test_the_parts_of_a_phrase_stand_at_its_beginning(words: list[str]) -> None:
    text = " ".join(words)
    verb, lead, head = phrase_parts(text)
    assert text.startswith(" ".join(part for part in (verb, lead, head) if part))


def test_trigrams_know_no_case_and_no_stops() -> None:
    assert trigrams("The gate, is SHUT.") == {("the", "gate", "is"), ("gate", "is", "shut")}
    assert trigrams("Two words") == set()
