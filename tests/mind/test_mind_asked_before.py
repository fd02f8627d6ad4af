"""A recorded prompt is taken apart and put together again as it was, or in other words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.episode.sink import canonical_json
from simulation.errors import ConfigError, FileError
from simulation.language.base import Example, Prompt
from simulation.language.prompts import load_prompt, tidy
from simulation.mind.asked_before import CHOICES, Restorer, Style, read_wording
from simulation.mind.decide import PROMPTS

if TYPE_CHECKING:
    from pathlib import Path

DECIDE = load_prompt(PROMPTS / "decide.md", "decide")
WORDS = st.text(max_size=30).map(lambda text: tidy(f"a {text} b"))
EXAMPLES = st.lists(st.builds(Example, question=WORDS, answer=WORDS), max_size=3).map(tuple)
PROMPT = st.builds(
    Prompt,
    purpose=st.just("decide"),
    instructions=WORDS,
    examples=EXAMPLES,
    question=WORDS,
)


def asked(question: str = "Ada is here. So Ada decides to") -> Prompt:
    return replace(DECIDE.plain(), question=question)


def wording(path: Path, text: str, style: Style = "chat") -> Restorer:
    path.write_text(text, encoding="utf-8")
    return Restorer(style, read_wording(path, "decide", style))


def test_every_kind_of_choice_has_its_file() -> None:
    for purpose, file in CHOICES.values():
        assert load_prompt(PROMPTS / file, purpose).examples


@given(PROMPT, st.lists(st.tuples(WORDS, WORDS), max_size=2))
def test_what_a_chat_model_read_is_restored(prompt: Prompt, mends: list[tuple[str, str]]) -> None:
    mended = prompt
    for reply, wrong in mends:
        mended = mended.mended(reply, wrong)
    text = canonical_json(mended.as_messages())
    restored = Restorer("chat").restore(text, "decide", len(mends))
    assert restored is not None
    assert (restored.prompt, restored.reworded) == (prompt, False)


@given(PROMPT)
def test_what_a_completion_model_read_is_read_again_to_the_letter(prompt: Prompt) -> None:
    restored = Restorer("completion").restore(prompt.as_completion(), "decide", 0)
    assert restored is not None
    assert restored.prompt.as_completion() == prompt.as_completion()
    assert restored.prompt.question == prompt.question
    assert not restored.reworded


def test_a_chat_model_gets_the_instructions_that_a_completion_model_never_saw() -> None:
    restored = Restorer("chat").restore(asked().as_completion(), "decide", 0)
    assert restored is not None
    assert restored.prompt == asked()
    assert not restored.reworded


def test_a_chat_model_that_must_do_without_the_recorded_examples_reads_other_words() -> None:
    older = replace(asked(), examples=(Example(question="Bo decides to", answer="walk home"),))
    restored = Restorer("chat").restore(older.as_completion(), "decide", 0)
    assert restored is not None
    assert restored.prompt == asked()
    assert restored.reworded


def test_other_words_stand_around_the_same_question(tmp_path: Path) -> None:
    text = (
        "# Instructions\nBe brief.\n# Example\nBo decides to\n=> walk\n# Plain\nSo X decides to\n"
    )
    restored = wording(tmp_path / "p.md", text).restore(asked().as_completion(), "decide", 0)
    assert restored is not None
    examples = (Example(question="Bo decides to", answer="walk"),)
    assert restored.prompt == replace(asked(), instructions="Be brief.", examples=examples)
    assert restored.plain == replace(restored.prompt, question="So X decides to")
    assert restored.reworded


def test_what_a_file_does_not_say_stays_as_it_was(tmp_path: Path) -> None:
    restorer = wording(tmp_path / "p.md", "# Instructions\nBe brief.\n")
    restored = restorer.restore(asked().as_completion(), "decide", 0)
    assert restored is not None
    assert restored.prompt == replace(asked(), instructions="Be brief.")
    assert restored.plain == replace(restored.prompt, question=DECIDE.plain().question)


def test_the_file_of_the_purpose_itself_changes_nothing() -> None:
    for style in get_args(Style):
        restorer = Restorer(style, read_wording(PROMPTS / "decide.md", "decide", style))
        restored = restorer.restore(asked().as_completion(), "decide", 0)
        assert restored is not None
        assert (restored.prompt, restored.reworded) == (asked(), False)


def test_what_is_no_choice_is_not_restored() -> None:
    assert Restorer("chat").restore("Hm?", "utter", 0) is None


def test_a_question_in_other_words_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"p\.md:3: the question is asked as it was recorded"):
        wording(tmp_path / "p.md", "# Instructions\nBe brief.\n# Question\n{name} wants to\n")


@pytest.mark.parametrize(
    ("text", "style", "told"),
    [
        ("# Instructions\nBe brief.\n", "completion", "sees no instructions"),
        ("# Plain\nSo X decides to\n", "chat", "sees nothing of it"),
    ],
)
def test_words_that_the_model_would_not_see_are_refused(
    tmp_path: Path, text: str, style: Style, told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        wording(tmp_path / "p.md", text, style)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("Be brief.\n", "before the first heading"),
        ("# Example\nBo decides to walk\n", "one answer line"),
        ("# Plain\n{name} decides to\n", "no value for the placeholder"),
        ("# Instructions\n", "is empty"),
    ],
)
def test_a_file_out_of_format_is_told_in_a_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(FileError, match=told):
        wording(tmp_path / "p.md", text)


def test_a_purpose_without_choices_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'utter'; allowed: decide, plan, stance"):
        read_wording(tmp_path / "p.md", "utter", "chat")
