"""Prompts of recorded choices: as they were, for another kind of model, or in other words.

The log keeps what a model read, not the file that it came from. So a recorded prompt is taken
apart again: instructions and examples, which are the same in all prompts of a purpose, and the
question, which is about one moment. The question always stays as it was recorded, since the
values in it are known only as words. What can be worded otherwise is the rest.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from simulation.errors import ConfigError, FileError
from simulation.language.base import Example, Prompt, Purpose
from simulation.language.prompts import PromptFile, Wording, load_prompt, load_wording
from simulation.mind.decide import PROMPTS

if TYPE_CHECKING:
    from pathlib import Path

Style = Literal["completion", "chat"]

CHOICES: Final[dict[str, tuple[Purpose, str]]] = {
    "decide": ("decide", "decide.md"),
    "plan": ("plan", "plan.md"),
    "stance": ("stance", "side.md"),
}
"""The purposes for which a mind asks for a choice, and the file that words it."""


class Restored(NamedTuple):
    """A question to be asked again."""

    prompt: Prompt
    plain: Prompt | None
    """The content-free question, where the purpose has one."""
    reworded: bool
    """Whether a model reads other words around the question than the first time."""


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """A recorded prompt, taken apart."""

    question: str
    examples: tuple[Example, ...]
    instructions: str
    known: bool
    """Whether instructions and examples are as a chat model needs them."""


class Restorer:
    """Makes prompts out of what the log keeps of them.

    Args:
        style: The kind of model that is asked now.
        wording: What stands around the question from now on; None: what stood there.
    """

    def __init__(self, style: Style, wording: Wording | None = None) -> None:
        self._style = style
        self._wording = wording

    def restore(self, text: str, purpose: str, repairs: int) -> Restored | None:
        """The question in a recorded prompt; None where the text is no such prompt.

        Args:
            text: As the log keeps it.
            purpose: Why it was asked.
            repairs: How many bad replies are shown in it.
        """
        if purpose not in CHOICES:
            return None
        file = _file(purpose)
        taken = _of_messages(text, repairs) or _of_completion(text, file)
        recorded = taken.examples
        if self._style == "chat" and not taken.known:
            recorded = file.examples
        wording = self._wording
        examples = (wording.examples if wording else None) or recorded
        instructions = (wording.instructions if wording else None) or taken.instructions
        prompt = Prompt(
            purpose=file.purpose,
            instructions=instructions,
            examples=examples,
            question=taken.question,
        )
        same = examples == taken.examples and instructions == taken.instructions
        return Restored(prompt, self._plain(prompt, file), not same)

    def _plain(self, prompt: Prompt, file: PromptFile) -> Prompt | None:
        question = self._wording.plain_question if self._wording else None
        if question is None and file.plain_question is not None:
            question = file.plain_question.fill({})
        if question is None:
            return None
        return Prompt(
            purpose=prompt.purpose,
            instructions=prompt.instructions,
            examples=prompt.examples,
            question=question,
        )


def read_wording(path: Path, purpose: str, style: Style) -> Wording:
    """Read what is to stand around the questions of a purpose.

    Raises:
        FileError: It cannot be read, is not in the format, or words the question itself.
        ConfigError: There is no such purpose, or the model would see nothing of it.
    """
    if purpose not in CHOICES:
        raise ConfigError("no choice is asked for", where="purpose", value=purpose, allowed=CHOICES)
    wording = load_wording(path)
    if wording.question is not None and wording.question.text != _file(purpose).question.text:
        hint = "Leave '# Question' out: of a recorded question only the words around it can change."
        what = "the question is asked as it was recorded"
        raise FileError(what, where=wording.question.where, hint=hint)
    if style == "completion" and wording.examples is None and wording.plain_question is None:
        hint = "Change '# Example' sections: they are what such a model learns from."
        raise ConfigError("a completion model sees no instructions", where=path, hint=hint)
    if style == "chat" and wording.examples is None and wording.instructions is None:
        hint = "Change '# Instructions' or '# Example' sections."
        raise ConfigError("a chat model sees nothing of it", where=path, hint=hint)
    return wording


@cache
def _file(purpose: str) -> PromptFile:
    name, file = CHOICES[purpose]
    return load_prompt(PROMPTS / file, name)


def _of_messages(text: str, repairs: int) -> _Taken | None:
    """What a chat model read: system, human and ai by turns, human, and what was repaired."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, list):
        return None
    pairs = [
        cast("tuple[str, str]", tuple(one))
        for one in told
        if isinstance(one, list) and len(one) == 2 and all(isinstance(part, str) for part in one)
    ]
    kept = pairs[: len(pairs) - 2 * repairs]
    if len(pairs) != len(told) or len(kept) < 2 or len(kept) % 2:
        return None
    words = [words for _, words in kept]
    shown = zip(words[1:-1:2], words[2:-1:2], strict=True)
    return _Taken(
        question=words[-1],
        examples=tuple(Example(question=question, answer=answer) for question, answer in shown),
        instructions=words[0],
        known=True,
    )


def _of_completion(text: str, file: PromptFile) -> _Taken:
    """What a completion model read: examples and question, with an empty line between them.

    A filled-in prompt holds no empty line elsewhere. Where one example's question ends and its
    answer begins is not written down, and makes no difference to such a model.
    """
    *shown, question = text.split("\n\n")
    known = [f"{example.question} {example.answer}" for example in file.examples] == shown
    parts = [example.rpartition(" ") for example in shown]
    return _Taken(
        question=question,
        examples=file.examples
        if known
        else tuple(Example(question=head, answer=tail) for head, _, tail in parts),
        instructions=file.instructions,
        known=known,
    )
