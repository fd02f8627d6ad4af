"""Checks of what a model wrote: each gives the words back, or says what is wrong with them.

A reason is read by the model, which is asked again, and by whoever reads the log. Checks are
lenient with short lines, dialects and interjections: what a person could have said passes.
"""

# ruff: noqa: RUF001 - marks of many scripts

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from simulation.errors import InvalidReply
from simulation.language.modelspeak import refuses, speaks_of_itself
from simulation.language.replies import LONGEST_REPLY
from simulation.language.tongues import is_other_language, known_languages

if TYPE_CHECKING:
    from simulation.language.base import Prompt

Check = Callable[[str], str]
"""Gives the words back, perhaps tidied, or raises :class:`~simulation.errors.InvalidReply`."""

ECHO_WORDS: Final = 8
"""So many words of the instructions in a row, or of the question at the start, are an echo."""
LONGEST_WORD: Final = 45
"""Letters of a word that is written with Latin letters."""

_MARKUP: Final = re.compile(
    r"</?[a-z!][^<>\n]{0,200}>|```|https?://|<\||\|>|\[/?INST\]|<</?SYS>>|^\s*#{1,6} |^\s*\|.*\|"
    r"|^\s*[{\[]",
    re.IGNORECASE | re.MULTILINE,
)
_ROLE: Final = re.compile(
    r"^\W{0,3}(?:human|user|assistant|system|ai|bot|instructions?|response|output|input|example"
    r"|question|answer|note)\W{0,3}:",
    re.IGNORECASE | re.MULTILINE,
)
_ANNOUNCED: Final = re.compile(
    r"^\W*(?:\w+[,!.] ?)?(?:here(?:'s| is| are)|below is) [^.:!?]{0,60}\b(?:response|summary"
    r"|statement|sentence|conclusion|insight|version|completion|continuation|utterance|json|phrase|step)s?\b",
    re.IGNORECASE,
)
_RUN: Final = re.compile(r"(\w)\1{15}")
_QUESTION_MARKS: Final = frozenset("?？؟¿՞")
_NO_VOWEL: Final = re.compile(r"\b[bcdfghjklmnpqrstvwxz]{4,}\b", re.ASCII)
_SENTENCE_END: Final = re.compile(r"[.!?…]+(?=\s|$)|[。！？।]+")
_QUOTES: Final = ('""', "“”", "„“", "«»", "»«", "「」", "''")


def through(*checks: Check) -> Check:
    """One check made of several, from left to right."""

    def check(text: str) -> str:
        for each in checks:
            text = each(text)
        return text

    return check


def some_words(text: str) -> str:
    """Anything but nothing."""
    if not text.strip():
        raise InvalidReply("it is empty", text)
    return text


def no_longer_than(limit: int) -> Check:
    """Nothing longer than so many characters; what filled the whole reply was cut off, too."""

    def check(text: str) -> str:
        if len(text) > limit or len(text) >= LONGEST_REPLY:
            raise InvalidReply(f"it is too long; at most {limit} characters are wanted", text)
        return text

    return check


def bare(text: str) -> str:
    """The words without the quotation marks that stand around all of them."""
    text = text.strip()
    for opening, closing in _QUOTES:
        inner = text[1:-1]
        if len(text) > 2 and text[0] == opening and text[-1] == closing and opening not in inner:
            return inner.strip()
    return text


def no_markup(text: str) -> str:
    """No tags, fences, headings, tables, addresses or special tokens."""
    found = _MARKUP.search(text)
    if found:
        raise InvalidReply("it holds markup; plain words are wanted", text)
    return text


def no_role_tags(text: str) -> str:
    """No line that begins like a turn of a chat, and no announcement of what is to come."""
    if _ROLE.search(text):
        raise InvalidReply("it begins a line with a role; only the words are wanted", text)
    if _ANNOUNCED.search(text) or text.rstrip().endswith((":", "：")):
        raise InvalidReply("it announces an answer; only the answer is wanted", text)
    return text


def no_model_speak(text: str) -> str:
    """No refusal in the manner of models, and no talk of being one."""
    if refuses(text):
        raise InvalidReply("it refuses; the person's own answer is wanted", text)
    if speaks_of_itself(text):
        raise InvalidReply("it speaks as a language model and not as the person", text)
    return text


def no_nonsense(text: str) -> str:
    """Mostly letters and digits, in words that can be spoken and are not all the same."""
    if _too_few_letters(text) or _same_again(text) or _unspeakable(text):
        raise InvalidReply("it makes no sense as words", text)
    return text


def no_question(text: str) -> str:
    """A statement and not a question back."""
    if _QUESTION_MARKS & set(text):
        raise InvalidReply("it is a question; a statement is wanted", text)
    return text


def sentences_at_most(limit: int) -> Check:
    """So many sentences and no more."""

    def check(text: str) -> str:
        inner = text.rstrip(" .!?…。！？।")
        if len(_SENTENCE_END.findall(inner)) >= limit:
            raise InvalidReply(f"it is too long; at most {limit} sentences are wanted", text)
        return text

    return check


def in_language(name: str) -> Check:
    """In the language with this English name; in any, where the name is not known."""
    codes = known_languages(name)

    def check(text: str) -> str:
        if is_other_language(text, codes):
            raise InvalidReply(f"it is not in {name}", text)
        return text

    return check


def no_echo(prompt: Prompt) -> Check:
    """No repetition of what was asked: of the instructions anywhere, of the question at first."""
    told = _runs(_words(prompt.instructions))
    asked = _words(prompt.question)[:ECHO_WORDS]

    def check(text: str) -> str:
        words = _words(text)
        starts = len(asked) == ECHO_WORDS and words[:ECHO_WORDS] == asked
        if starts or told & _runs(words):
            raise InvalidReply("it repeats what was asked", text)
        return text

    return check


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + ECHO_WORDS]) for at in range(len(words) - ECHO_WORDS + 1)}


def _too_few_letters(text: str) -> bool:
    """Whether most of what is visible is neither letter nor digit."""
    kinds = [unicodedata.category(character)[0] for character in text if not character.isspace()]
    letters, marks = kinds.count("L") + kinds.count("N"), kinds.count("M")
    return letters + marks < len(kinds) / 2 or marks > 1.5 * letters


def _same_again(text: str) -> bool:
    """Whether the same character, word or sign comes again and again."""
    words = _words(text)
    spelled = [character for character in text if character.isalnum()]
    return bool(
        _RUN.search(text)
        or (len(words) >= 10 and len(set(words)) < len(words) / 3)
        or (len(words) < len(spelled) / 20 and len(set(spelled)) < len(spelled) / 5)
    )


def _unspeakable(text: str) -> bool:
    """Whether it is made of endless words, or of words that have no vowel."""
    words = _words(text)
    if any(len(word) > LONGEST_WORD and word.isascii() for word in words):
        return True
    mute = [word for word in _NO_VOWEL.findall(text.casefold()) if len(set(word)) > 2]
    return sum(map(len, mute)) >= max(10, sum(map(len, words)) / 2)
