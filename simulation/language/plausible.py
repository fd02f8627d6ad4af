"""Readers of what a model wrote, one for each kind of thing that a mind wants.

Every reader takes the words of a reply and gives what is wanted, or raises
:class:`~simulation.errors.InvalidReply` with a reason that the model can act on. Own readers are
put together from the checks of :mod:`simulation.language.checks` in the same way::

    read = through(an_utterance("English"), sentences_at_most(2))
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json, to_json

from simulation.errors import InvalidReply
from simulation.language.checks import (
    Check,
    bare,
    in_language,
    no_longer_than,
    no_markup,
    no_model_speak,
    no_nonsense,
    no_question,
    no_role_tags,
    sentences_at_most,
    some_words,
    through,
)
from simulation.language.replies import clean
from simulation.lint import find_loaded_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ModelT = TypeVar("ModelT", bound=BaseModel)

DEEPEST_JSON: Final = 20
"""Levels of brackets within each other."""
LONGEST_UTTERANCE: Final = 400
LONGEST_STATEMENT: Final = 300
LONGEST_PHRASE: Final = 8
"""Words of a step of a plan."""

_BULLET: Final = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")
_NO_VERB: Final = re.compile(
    r"(?:i|you|he|she|it|we|they|the|a|an|my|your|his|her|its|our|their|this|that|these|those"
    r"|there|and|or|but|so|yes|no)\b",
    re.IGNORECASE,
)
_OPEN: Final = "{["
_CLOSED: Final = "}]"


def an_utterance(language: str, longest: int = LONGEST_UTTERANCE) -> Check:
    """What somebody says aloud, in their language; quotation marks around it go.

    Without a language, any will do.
    """
    return through(_plain_words(longest), in_language(language))


def a_statement(language: str = "English", longest: int = LONGEST_STATEMENT) -> Check:
    """One or two sentences that state something: an insight, a summary.

    Without a language, any will do.
    """
    return through(
        _plain_words(longest),
        no_question,
        sentences_at_most(2),
        _three_words,
        in_language(language),
    )


def a_phrase(most_words: int = LONGEST_PHRASE, language: str = "English") -> Check:
    """Something to do, as a verb phrase: ``knead the dough``.

    A bullet, ``to`` in front and a full stop go. Words that name what is studied are turned away.
    Without a language, any will do.
    """

    def check(text: str) -> str:
        phrase = _BULLET.sub("", text.strip()).strip(" .;,")
        phrase = re.sub(r"^[Tt]o\s+", "", phrase)
        phrase = phrase[:1].lower() + phrase[1:]
        words = phrase.split()
        if not 1 <= len(words) <= most_words or "\n" in phrase:
            raise InvalidReply(f"one phrase of at most {most_words} words is wanted", text)
        if _NO_VERB.match(phrase) or not phrase[0].isalpha():
            raise InvalidReply("it does not begin with a verb", text)
        if find_loaded_words(phrase):
            raise InvalidReply("it judges; say only what can be seen to be done", text)
        return phrase

    return through(_plain_words(LONGEST_STATEMENT), no_question, check, in_language(language))


def json_of(model: type[ModelT]) -> Callable[[str], ModelT]:
    """A JSON value of this form, wherever it stands in the reply; its fields are read strictly.

    What its texts say is not judged; give those that matter to a reader of their own.
    """

    def read(text: str) -> ModelT:
        reason = "it holds no whole JSON value" if text.strip() else "it is empty"
        for found in _values(text):
            try:
                return model.model_validate_json(to_json(_cleaned(from_json(found))), strict=True)
            except ValidationError as error:
                reason = _wrong_field(error)
            except ValueError:
                reason = "its JSON cannot be read"
        no_model_speak(text)
        raise InvalidReply(f"{reason}; the JSON that was asked for is wanted", text)

    return read


def _plain_words(longest: int) -> Check:
    return through(
        some_words,
        no_longer_than(longest),
        no_markup,
        no_role_tags,
        bare,
        some_words,
        no_model_speak,
        no_nonsense,
    )


def _three_words(text: str) -> str:
    # Where nothing stands between words, a few characters are as much.
    if len(text.split()) < 3 and (text.isascii() or len(text) < 6):
        raise InvalidReply("it is too short; a whole statement is wanted", text)
    return text


def _values(text: str) -> Iterator[str]:
    """The outermost bracketed parts of a text, without those that never end or nest too deep."""
    start, depth, quoted, at = 0, 0, False, 0
    while at < len(text):
        character = text[at]
        if quoted:
            at += character == "\\"
            quoted = character != '"'
        elif character == '"' and depth:
            quoted = True
        elif character in _OPEN:
            start = start if depth else at
            depth += 1
            if depth > DEEPEST_JSON:
                return
        elif character in _CLOSED and depth:
            depth -= 1
            if depth == 0:
                yield text[start : at + 1]
        at += 1


def _cleaned(value: Any) -> Any:
    """The same with clean texts: an escape can hold what the reply itself may not."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    if isinstance(value, dict):
        return {clean(key): _cleaned(each) for key, each in value.items()}
    return value


def _wrong_field(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"its JSON is wrong at {where!r} ({first['msg']})" if where else first["msg"]
