"""Prompt files: one Markdown file per purpose, beside the mind that asks.

::

    <!-- a one-line comment is for readers only -->
    # Instructions
    What a chat model is told. A completion model learns it from the examples.

    # Example
    Bo is a miller. It is noon and Bo is at the mill. So Bo decides to
    => carry the flour inside

    # Question
    {name} is a {job}. It is {time} and {name} is at {place}. So {name} decides to

    # Plain
    {name} is a person. It is day. So {name} decides to

``# Example`` comes any number of times, ``# Plain`` (the content-free question that gives the
prior) at most once. Placeholders stand in ``# Question`` and ``# Plain`` only; there a literal
brace is doubled. A line break in the file is a line break in the prompt; runs of spaces become
one, and lines that are empty once filled in are left out, so an absent memory leaves no gap.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Final, NamedTuple

from simulation.errors import FileError
from simulation.language.base import Example, Prompt, Purpose

_HEADINGS: Final = ("Instructions", "Example", "Question", "Plain")
_ANSWER: Final = "=> "


@dataclass(frozen=True, kw_only=True)
class Template:
    """A question with ``{field}`` placeholders, and where it stands."""

    text: str
    where: str
    """``PATH:LINE`` of its heading, for error messages."""
    fields: frozenset[str]

    def fill(self, values: dict[str, str]) -> str:
        """Put the values in; every field must be given and every value must have a field.

        Raises:
            FileError: A value is missing, or one has no placeholder.
        """
        missing = sorted(self.fields - values.keys())
        if missing:
            raise FileError(f"no value for the placeholder {{{missing[0]}}}", where=self.where)
        unused = sorted(values.keys() - self.fields)
        if unused:
            raise FileError(
                f"the prompt has no placeholder {{{unused[0]}}}",
                where=self.where,
                hint="Add it to the file or do not pass it.",
            )
        return tidy(self.text.format_map(values))


@dataclass(frozen=True, kw_only=True)
class PromptFile:
    """A prompt file as read: what is fixed, and the templates to fill in."""

    path: Path
    purpose: Purpose
    instructions: str
    examples: tuple[Example, ...]
    question: Template
    plain_question: Template | None
    sha256: str
    """Of the file's bytes; an episode notes it."""

    def render(self, **fields: str) -> Prompt:
        """Ask about a situation."""
        return self._prompt(self.question.fill(fields))

    def plain(self, **fields: str) -> Prompt:
        """Ask about no situation at all: what the model would say of anybody.

        Raises:
            FileError: The file has no ``# Plain`` section.
        """
        if self.plain_question is None:
            raise FileError("the prompt has no '# Plain' section", where=self.path)
        return self._prompt(self.plain_question.fill(fields))

    def _prompt(self, question: str) -> Prompt:
        return Prompt(
            purpose=self.purpose,
            instructions=self.instructions,
            examples=self.examples,
            question=question,
        )


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What of a prompt file does not depend on any situation; None: the file does not say."""

    path: Path
    instructions: str | None
    examples: tuple[Example, ...] | None
    question: Template | None
    plain_question: str | None


class _Section(NamedTuple):
    heading: str
    line: int
    body: list[tuple[int, str]]
    """Line number and text of every line below the heading."""

    @property
    def text(self) -> str:
        return tidy("\n".join(line for _, line in self.body))


def load_prompt(path: Path, purpose: Purpose) -> PromptFile:
    """Read a prompt file.

    Args:
        path: The Markdown file.
        purpose: What the prompt is for; it is noted in every call.

    Raises:
        FileError: The file cannot be read or is not in the format; names ``PATH:LINE``.
    """
    content, sections = _read(path)
    return _prompt_file(path, purpose, content, sections)


def prompt_of(text: str, name: str, purpose: Purpose) -> PromptFile:
    """A prompt file that is given as a text.

    Args:
        text: What the file would hold.
        name: What it is called in an error.
        purpose: What the prompt is for.

    Raises:
        FileError: The text is not in the format.
    """
    path = Path(name)
    return _prompt_file(path, purpose, text.encode("utf-8"), _split(path, text))


def _prompt_file(
    path: Path, purpose: Purpose, content: bytes, sections: list[_Section]
) -> PromptFile:
    plain = _at_most_one(path, sections, "Plain")
    return PromptFile(
        path=path,
        purpose=purpose,
        instructions=_one(path, sections, "Instructions").text,
        examples=tuple(_example(path, s) for s in sections if s.heading == "Example"),
        question=_template(path, _one(path, sections, "Question")),
        plain_question=None if plain is None else _template(path, plain),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def load_wording(path: Path) -> Wording:
    """Read a prompt file in which any section may be left out.

    Raises:
        FileError: It cannot be read, is not in the format or says nothing; names ``PATH:LINE``.
    """
    _, sections = _read(path)
    if not sections:
        allowed = ["# " + heading for heading in _HEADINGS]
        raise FileError("the prompt is empty", where=path, allowed=allowed)
    instructions, question, plain = (
        _at_most_one(path, sections, heading) for heading in ("Instructions", "Question", "Plain")
    )
    examples = tuple(_example(path, s) for s in sections if s.heading == "Example")
    return Wording(
        path=path,
        instructions=None if instructions is None else instructions.text,
        examples=examples or None,
        question=None if question is None else _template(path, question),
        plain_question=None if plain is None else _template(path, plain).fill({}),
    )


def tidy(text: str) -> str:
    """Make runs of spaces one space, strip every line and drop empty lines."""
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _read(path: Path) -> tuple[bytes, list[_Section]]:
    try:
        content = path.read_bytes()
        return content, _split(path, content.decode("utf-8"))
    except OSError as error:
        raise FileError(f"cannot read the prompt: {error.strerror}", where=path) from error
    except UnicodeDecodeError as error:
        raise FileError("the prompt is not UTF-8 text", where=path) from error


def _split(path: Path, text: str) -> list[_Section]:
    sections: list[_Section] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("<!--") and line.rstrip().endswith("-->"):
            continue
        if line.startswith("# "):
            heading = line[2:].strip()
            if heading not in _HEADINGS:
                where = f"{path}:{number}"
                raise FileError("unknown heading", where=where, value=heading, allowed=_HEADINGS)
            sections.append(_Section(heading, number, []))
        elif sections:
            sections[-1].body.append((number, line))
        elif line.strip():
            raise FileError(
                "text before the first heading",
                where=f"{path}:{number}",
                allowed=["# " + h for h in _HEADINGS],
            )
    for section in sections:
        if not section.text:
            raise FileError(f"'# {section.heading}' is empty", where=f"{path}:{section.line}")
    return sections


def _at_most_one(path: Path, sections: list[_Section], heading: str) -> _Section | None:
    found = [section for section in sections if section.heading == heading]
    if len(found) > 1:
        raise FileError(f"a second '# {heading}' section", where=f"{path}:{found[1].line}")
    return found[0] if found else None


def _one(path: Path, sections: list[_Section], heading: str) -> _Section:
    section = _at_most_one(path, sections, heading)
    if section is None:
        raise FileError(f"the prompt has no '# {heading}' section", where=f"{path}:1")
    return section


def _example(path: Path, section: _Section) -> Example:
    body = [(number, line) for number, line in section.body if line.strip()]
    answers = [i for i, (_, line) in enumerate(body) if line.startswith(_ANSWER)]
    if len(answers) != 1:
        raise FileError(
            f"an example needs one answer line, starting with '=> '; this has {len(answers)}",
            where=f"{path}:{section.line}",
        )
    at = answers[0]
    if at != len(body) - 1:
        raise FileError("text after the answer", where=f"{path}:{body[at + 1][0]}")
    question = tidy("\n".join(line for _, line in body[:at]))
    if not question:
        raise FileError("an example without a question", where=f"{path}:{section.line}")
    return Example(question=question, answer=tidy(body[at][1].removeprefix(_ANSWER)))


def _template(path: Path, section: _Section) -> Template:
    fields: set[str] = set()
    for number, line in section.body:
        where = f"{path}:{number}"
        try:
            parts = list(Formatter().parse(line))
        except ValueError as error:
            raise FileError(
                f"a brace that does not close ({error})",
                where=where,
                hint="Double a literal brace.",
            ) from error
        for _, name, spec, conversion in parts:
            if name is None:
                continue
            if spec or conversion or not name.isidentifier():
                raise FileError(
                    "a placeholder must be a plain name in braces", where=where, value=name
                )
            fields.add(name)
    return Template(text=section.text, where=f"{path}:{section.line}", fields=frozenset(fields))
