from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import InvalidReply
from simulation.language.replies import (
    LONGEST_REPLY,
    clean,
    cut,
    read_choice,
    read_number,
    without_thoughts,
)

OPTIONS = ("carry the logs", "sleep", "go to the forge")


@given(st.text())
def test_a_clean_reply_can_be_encoded_and_stays_clean(text: str) -> None:
    cleaned = clean(text + "\x00\x1b[31m\ud800\u202e\u200b\U000e0041\ue000")
    assert clean(cleaned) == cleaned
    assert not set("\x00\x1b\ud800\u202e\u200b\U000e0041\ue000") & set(cleaned)
    cleaned.encode("utf-8")


def test_a_huge_reply_is_capped() -> None:
    assert len(clean("a" * 1_000_000)) == LONGEST_REPLY


def test_line_breaks_stay() -> None:
    assert clean(" a\n\tb ") == "a\n\tb"


def test_line_breaks_of_every_kind_are_one_kind() -> None:
    assert clean("a\r\nb\rc\u2028d\x85e") == "a\nb\nc\nd\ne"


def test_what_joins_letters_stays() -> None:
    persian, family = "\u0645\u06cc\u200c\u0631\u0648\u0645", "\U0001f469\u200d\U0001f467"
    assert clean(persian + family) == persian + family


def test_thoughts_that_never_end_stay_as_they_are() -> None:
    assert without_thoughts("<think>Seven,") == "<think>Seven,"


def test_a_reply_is_cut_at_the_first_stop() -> None:
    assert cut("well, yes. No", ("\n", ".", ",")) == "well"
    assert cut("well", ()) == "well"


@pytest.mark.parametrize(
    ("reply", "index"),
    [("2", 1), ("**2.**", 1), ("Option 3: go to the forge", 2), ("Sleep!", 1), ("2, yes 2", 1)],
)
def test_a_choice_is_read_by_number_or_by_text(reply: str, index: int) -> None:
    assert read_choice(reply, OPTIONS) == index


@pytest.mark.parametrize(
    "reply",
    ["", "4", "0", "-1", "1.5", "1 or 2", "sleep, then carry the logs", "x" * 4000, "1" * 4000],
)
def test_a_choice_that_cannot_be_read_is_told_why(reply: str) -> None:
    with pytest.raises(InvalidReply) as caught:
        read_choice(reply, OPTIONS)
    assert caught.value.reply == reply
    assert "from 1 to 3" in caught.value.reason
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("reply", "value"),
    [("7", 7), ("7/10", 7), ("I'd say 7 out of 10.", 7), ("7.5", 7.5), ("Rating: 3", 3)],
)
def test_a_number_is_read(reply: str, value: float) -> None:
    assert read_number(reply, 1, 10) == value


@pytest.mark.parametrize(
    "reply", ["", "high", "11", "0", "3 or 4", "7th", "1e9999", "1" * 4000, "1 2 " * 1000]
)
def test_a_number_that_cannot_be_read_is_told_why(reply: str) -> None:
    with pytest.raises(InvalidReply):
        read_number(reply, 1, 10)
