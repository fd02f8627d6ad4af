"""Which language a text is in, with doubt in its favour."""

# ruff: noqa: RUF001 - lines in several scripts

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.language.tongues import is_other_language, known_languages

LINES = {
    "en": "I think that we should look again tomorrow.",
    "de": "Ich glaube, dass wir morgen noch einmal schauen sollten.",
    "fr": "Je pense que nous devrions regarder encore une fois demain.",
    "tr": "Bence yarın tekrar bakmalıyız.",
    "ru": "Я думаю, что мы посмотрим завтра.",
    "ja": "明日もう一度見てみましょう。",
}  # fmt: skip


@pytest.mark.parametrize("spoken", LINES)
@pytest.mark.parametrize("wanted", LINES)
def test_languages_are_told_apart(spoken: str, wanted: str) -> None:
    assert is_other_language(LINES[spoken], [wanted]) == (spoken != wanted)


def test_one_of_several_languages_is_enough() -> None:
    assert not is_other_language(LINES["fr"], ["en", "fr"])


def test_without_a_language_none_is_another() -> None:
    assert not is_other_language(LINES["ja"], [])


def test_a_language_is_known_by_its_english_name_however_it_is_written() -> None:
    assert known_languages("GERMAN") == known_languages("Low German") == ("de", "lb")
    assert known_languages("English and Welsh") == ("en", "pcm", "cy")
    assert known_languages("Dothraki") == ()


@given(st.text(max_size=60))
def test_any_text_can_be_judged(text: str) -> None:
    assert is_other_language(text, ["en"]) in (True, False)
