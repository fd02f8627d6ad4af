from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from simulation.errors import FileError
from simulation.language.prompts import PromptFile, load_prompt

GOOD = """\
<!-- for readers -->
# Instructions
Say what the person does next.

# Example
Bo is a miller.   It is noon.
So Bo decides to
=> carry the flour inside

# Example
Mia is {not a field}. So Mia decides to
=> rest

# Question
{name} is a {job} {{sic}}. {memory}
{plan}
So {name} decides to

# Plain
So {name} decides to
"""


@pytest.fixture
def good(tmp_path: Path) -> PromptFile:
    return load_prompt(_written(tmp_path, GOOD), "decide")


def _written(folder: Path, text: str) -> Path:
    path = folder / "decide.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_prompt_is_rendered_with_its_examples(good: PromptFile) -> None:
    prompt = good.render(name="Ada", job="smith", memory="It rained.", plan="")
    assert prompt.as_completion() == (
        "Bo is a miller. It is noon.\nSo Bo decides to carry the flour inside\n\n"
        "Mia is {not a field}. So Mia decides to rest\n\n"
        "Ada is a smith {sic}. It rained.\nSo Ada decides to"
    )
    assert prompt.instructions == "Say what the person does next."
    assert prompt.purpose == "decide"


def test_the_plain_question_keeps_the_examples(good: PromptFile) -> None:
    plain = good.plain(name="Ada")
    assert plain.question == "So Ada decides to"
    assert len(plain.examples) == 2


def test_an_empty_value_leaves_no_gap(good: PromptFile) -> None:
    prompt = good.render(name="Ada", job="", memory="", plan="")
    assert prompt.question == "Ada is a {sic}.\nSo Ada decides to"


def test_a_value_may_hold_braces(good: PromptFile) -> None:
    prompt = good.render(name="{job}", job="smith", memory="", plan="")
    assert prompt.question.startswith("{job} is a smith")


def test_the_hash_is_that_of_the_file(good: PromptFile) -> None:
    assert good.sha256 == hashlib.sha256(good.path.read_bytes()).hexdigest()


def test_a_missing_value_is_an_error(good: PromptFile) -> None:
    with pytest.raises(FileError, match=r"decide\.md:14: .*\{plan\}"):
        good.render(name="Ada", job="smith", memory="")


def test_an_unused_value_is_an_error(good: PromptFile) -> None:
    with pytest.raises(FileError, match=r"\{mood\}"):
        good.plain(name="Ada", mood="calm")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("hello\n# Question\nx\n", 1, "before the first heading"),
        ("# Instruction\nx\n", 1, "did you mean 'Instructions'"),
        ("# Instructions\nx\n# Question\n{a\n", 4, "brace"),
        ("# Instructions\nx\n# Question\nso {a.b}\n", 4, "plain name"),
        ("# Instructions\nx\n# Question\nso {a!r}\n", 4, "plain name"),
        ("# Instructions\nx\n# Question\nso {}\n", 4, "plain name"),
        ("# Instructions\nx\n# Question\n\n", 3, "empty"),
        ("# Instructions\nx\n", 1, "no '# Question'"),
        ("# Question\nx\n", 1, "no '# Instructions'"),
        ("# Instructions\nx\n# Question\na\n# Question\nb\n", 5, "second"),
        ("# Instructions\nx\n# Example\nno answer\n# Question\na\n", 3, "has 0"),
        ("# Instructions\nx\n# Example\n=> answer\n# Question\na\n", 3, "without a question"),
        ("# Instructions\nx\n# Example\na\n=> b\nc\n# Question\na\n", 6, "after the answer"),
    ],
)
def test_a_malformed_file_is_told_by_its_line(
    tmp_path: Path, text: str, line: int, what: str
) -> None:
    with pytest.raises(FileError) as caught:
        load_prompt(_written(tmp_path, text), "decide")
    assert str(caught.value).startswith(f"{tmp_path / 'decide.md'}:{line}: ")
    assert what in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"nowhere\.md: cannot read"):
        load_prompt(tmp_path / "nowhere.md", "decide")


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "image.md"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileError, match="not UTF-8"):
        load_prompt(path, "decide")


def test_a_prompt_without_a_plain_section_has_no_plain_question(tmp_path: Path) -> None:
    prompt = load_prompt(_written(tmp_path, "# Instructions\nx\n# Question\na\n"), "decide")
    with pytest.raises(FileError, match="no '# Plain' section"):
        prompt.plain()
