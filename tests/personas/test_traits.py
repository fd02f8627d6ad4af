from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import personas
from personas.schema import BigFive
from personas.traits import POLES, most_salient, trait_phrase, traits
from simulation.lint import find_loaded_words

SCORE = st.floats(min_value=1, max_value=5)


def five(**scores: float) -> BigFive:
    return BigFive.model_validate({**{name: 3.0 for name, _, _ in POLES}, **scores})


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (5.0, "very talkative"),
        (4.5, "very talkative"),
        (4.2, "talkative"),
        (3.5, "rather talkative"),
        (2.5, "rather reserved"),
        (2.0, "reserved"),
        (1.0, "very reserved"),
    ],
)
def test_distance_from_the_midpoint_is_said_by_an_adverb(score: float, words: str) -> None:
    [trait] = traits(five(extraversion=score))
    assert trait.words == words


@pytest.mark.parametrize("score", [2.6, 3.0, 3.4])
def test_a_neutral_score_is_left_out(score: float) -> None:
    assert traits(five(extraversion=score)) == ()


def test_a_phrase_names_the_most_marked_traits_first() -> None:
    ada = personas.load("ada")
    assert trait_phrase(ada) == "very organized, rather relaxed and rather down-to-earth"
    assert trait_phrase(ada, limit=2) == "very organized and rather relaxed"
    assert most_salient(ada) == "very organized"


def test_a_person_without_marked_traits_has_no_phrase() -> None:
    plain = personas.load("ada").model_copy(update={"big_five": five()})
    assert trait_phrase(plain) == ""
    assert most_salient(plain) == ""


@given(SCORE, SCORE)
def test_a_higher_score_never_moves_the_word_downwards(one: float, other: float) -> None:
    ladder = ["very reserved", "reserved", "rather reserved", ""]
    ladder += ["rather talkative", "talkative", "very talkative"]
    rungs = [
        ladder.index(next((t.words for t in traits(five(extraversion=score))), ""))
        for score in sorted((one, other))
    ]
    assert rungs == sorted(rungs)


def test_no_marker_names_a_studied_construct() -> None:
    assert not any(find_loaded_words(f"{low} {high}") for _, low, high in POLES)
