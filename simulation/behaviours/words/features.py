"""An utterance as numbers: its place in the embedding space, its turns of phrase, its marks."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from simulation.behaviours.words.cues import CUES, read_cues
from simulation.behaviours.words.lexicon import MARKS, marks
from simulation.behaviours.words.rules import plain, read_patterns
from simulation.behaviours.words.tags import TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulation.memory.embeddings import Embedder

Floats = npt.NDArray[np.float32]

_TOKEN: Final = re.compile(r"[a-z0-9]+|[?!]")
_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+|\n+")
_SHORT: Final = 3
"""Words that a piece of a text has at least."""
MOST_PIECES: Final = 12
"""Sentences of a text that are read by themselves; of longer ones, the first."""
PATTERNS: Final = 1.5
PHRASES: Final = 0.7
"""How much a pattern and a phrase weigh beside the embedding, which has length :data:`SPACE`."""
SPACE: Final = 2.0

_YOU: Final = frozenset(("you", "your", "yours", "u", "ur", "yourself", "ya"))
_ME: Final = frozenset(("i", "me", "my", "mine", "we", "our", "us", "myself"))


def tokens(text: str) -> list[str]:
    """The words of a text in lower case, question and exclamation marks among them.

    Examples:
        >>> tokens("I'll go. You too?")
        ['i', 'll', 'go', 'you', 'too', '?']
    """
    return _TOKEN.findall(plain(text).replace("'", " "))


def phrases(text: str) -> Iterator[str]:
    """Words and pairs of words, the edges of the text included."""
    words = ["^", *tokens(text), "$"]
    yield from words[1:-1]
    for left, right in pairwise(words):
        yield f"{left} {right}"


def pieces(text: str) -> list[str]:
    """The sentences of a text, short ones joined to the next.

    Examples:
        >>> pieces("Oh. That is mine! Give it back to me now.")
        ['Oh. That is mine!', 'Give it back to me now.']
    """
    found: list[str] = []
    kept = ""
    for part in _SENTENCE.split(text):
        kept = f"{kept} {part}".strip()
        if len(kept.split()) >= _SHORT:
            found.append(kept)
            kept = ""
    if kept and found:
        found[-1] += f" {kept}"
    elif kept:
        found.append(kept)
    return found[:MOST_PIECES]


def matrix(texts: Sequence[str], vocabulary: Mapping[str, int], embedder: Embedder) -> Floats:
    """One row per text, none of them blank: embedding, phrases, patterns, marks."""
    space = embedder.embed(texts).astype(np.float32)
    space *= SPACE / np.maximum(np.linalg.norm(space, axis=1, keepdims=True), 1)
    width = len(vocabulary) + len(TAGS) + len(CUES) + 2 * len(MARKS) + 6
    rows = np.zeros((len(texts), width), np.float32)
    for row, text in zip(rows, texts, strict=True):
        _fill(row, text, vocabulary)
    return np.hstack([space, rows])


def _fill(row: Floats, text: str, vocabulary: Mapping[str, int]) -> None:
    for phrase in phrases(text):
        index = vocabulary.get(phrase)
        if index is not None:
            row[index] = PHRASES
    at = len(vocabulary)
    for tag in read_patterns(text):
        row[at + TAGS.index(tag)] = PATTERNS
    at += len(TAGS)
    row[at : at + len(CUES)] = read_cues(plain(text))
    at += len(CUES)
    words = text.casefold().split()
    bare = set(tokens(text))
    you, mine = bool(bare & _YOU), bool(bare & _ME)
    for kind, count in marks(" ".join(words)).items():
        index = at + 2 * MARKS.index(kind)
        row[index] = PATTERNS * min(count, 3) ** 0.5
        row[index + 1] = PATTERNS if you else 0
    at += 2 * len(MARKS)
    shouted = sum(word.isupper() and len(word) > 2 for word in text.split())
    row[at:] = (you, mine, you and mine, "?" in text, shouted > 1, min(len(words), 40) / 20)
