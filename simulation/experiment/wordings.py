"""Paraphrases: the prompts of a mind in other words, read and checked before anything is run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulation.errors import ConfigError
from simulation.language.prompts import PromptFile, load_prompt, prompt_of
from simulation.lint import find_loaded_words
from simulation.mind.decide import PROMPTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.language.base import Purpose

SHIPPED: Final = Path(__file__).parent / "prompts"
"""Paraphrases that ship: ``decide.second.md`` is ``second`` for ``decide``."""
PURPOSES: Final[Mapping[str, Purpose]] = {
    "decide": "decide",
    "plan": "plan",
    "day": "plan",
    "decompose": "decompose",
    "steps": "decompose",
    "insights": "reflect",
    "question": "question",
    "rate": "rate",
    "reflect": "reflect",
    "relate": "relate",
    "side": "stance",
    "stance": "stance",
    "summary": "summary",
    "talk": "utter",
    "utter": "utter",
}
"""The prompts that can be worded otherwise, and what each is for."""


def read_paraphrases(
    given: Mapping[str, Mapping[str, str]], folder: Path
) -> dict[str, dict[str, str]]:
    """Paraphrases with the text of each prompt in place of its file.

    Args:
        given: Name → prompt → file, name of one that ships, or text.
        folder: Where files are looked for.

    Raises:
        BadInput: There is no such prompt or file.
    """
    return {
        name: {prompt: _text(name, prompt, text, folder) for prompt, text in prompts.items()}
        for name, prompts in given.items()
    }


def check_paraphrases(given: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse what a mind could not be asked in, or what would give away what is studied.

    Raises:
        BadInput: It is named with its paraphrase and its prompt.
    """
    for name, prompts in given.items():
        for prompt, text in prompts.items():
            where = f"paraphrases.{name}.{prompt}"
            _check(text, prompt, where)


def _text(name: str, prompt: str, given: str, folder: Path) -> str:
    where = f"paraphrases.{name}.{prompt}"
    _known(prompt, where)
    if "\n" in given:
        return given
    shipped = SHIPPED / f"{prompt}.{given}.md"
    path = shipped if shipped.is_file() else folder / given
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        names = sorted(file.name.split(".")[1] for file in SHIPPED.glob(f"{prompt}.*.md"))
        ships = f", or one of {', '.join(names)}" if names else ""
        hint = f"Give a prompt file{ships}."
        raise ConfigError("no such prompt", where=where, value=given, hint=hint) from error


def _known(prompt: str, where: str) -> None:
    if prompt not in PURPOSES:
        raise ConfigError("unknown prompt", where=where, value=prompt, allowed=PURPOSES)


def _check(text: str, prompt: str, where: str) -> None:
    _known(prompt, where)
    purpose = PURPOSES[prompt]
    own, other = load_prompt(PROMPTS / f"{prompt}.md", purpose), prompt_of(text, where, purpose)
    _same_fields(own, other, where)
    loaded = find_loaded_words(text)
    if loaded:
        what = f"{loaded[0].word!r} names {loaded[0].construct}"
        hint = "Say what can be seen; only a loaded menu may name what is studied."
        raise ConfigError(what, where=where, hint=hint)


def _same_fields(own: PromptFile, other: PromptFile, where: str) -> None:
    if own.question.fields != other.question.fields:
        what = "its question has other placeholders"
        allowed = [f"{{{name}}}" for name in sorted(own.question.fields)]
        given = ", ".join(sorted(other.question.fields)) or "none"
        raise ConfigError(what, where=where, value=given, allowed=allowed)
    if (own.plain_question is None) != (other.plain_question is None):
        told = "needs" if own.plain_question is not None else "has no use for"
        raise ConfigError(f"this prompt {told} a '# Plain' section", where=where)
