from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import ConfigError
from simulation.memory.keywords import STOP_WORDS, keywords_of
from simulation.memory.record import Memory
from simulation.memory.store import Where


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("The MILL is shut.", ("mill", "shut")),
        ("Bo's mill; the mill!", ("bo", "mill")),
        ("Straße 7b, STRASSE 7B", ("strasse", "7b")),
        ("ﬁsh and \uff26\uff29\uff33\uff28", ("fish",)),
        ("a b 7 日 dry_dock", ("7", "日", "dry", "dock")),
        ("It was as it is.", ()),
        ("?!", ()),
    ],
)
def test_case_width_and_punctuation_make_no_other_keyword(
    text: str, keywords: tuple[str, ...]
) -> None:
    assert keywords_of(text) == keywords


@given(st.text(max_size=60))
def test_keywords_of_keywords_are_themselves(text: str) -> None:
    keywords = keywords_of(text)
    assert keywords_of(" ".join(keywords)) == keywords
    assert len(set(keywords)) == len(keywords)
    assert not set(keywords) & STOP_WORDS
    assert keywords_of(unicodedata.normalize("NFD", text)) == keywords


def test_equal_keywords_are_one_object() -> None:
    [one], [other] = keywords_of("The lighthouse."), keywords_of("LIGHTHOUSE")
    assert one is other


def test_a_memory_has_the_keywords_of_its_text() -> None:
    memory = Memory(id="1", agent="Ada", kind="observation", text="The Stove is idle.")
    assert memory.keywords == ("stove", "idle")


def test_memories_are_found_by_keyword_whatever_the_letter_case() -> None:
    memory = Memory(id="1", agent="Ada", kind="dialogue", text="Isabella told Ada of the mill.")
    for keyword in ("isabella", "ISABELLA", "Isabella", "the Mill", "mill isabella"):
        assert Where(keyword=keyword).allows(memory)
    for keyword in ("isabel", "mills", "mill bo"):
        assert not Where(keyword=keyword).allows(memory)


def test_stop_words_alone_find_nothing_and_are_refused() -> None:
    with pytest.raises(ConfigError, match="keyword: no memory can be found by stop words: 'the'"):
        Where(keyword="the")
