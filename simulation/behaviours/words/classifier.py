"""The classifier that ships: patterns, a lexicon and small models over the embedding space.

It is offline and deterministic. What it was trained on and how well it does on utterances that it
was not trained on is told in ``docs/words-and-labels.md``.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from simulation.behaviours.words.features import Floats, matrix, pieces
from simulation.behaviours.words.lexicon import marks
from simulation.behaviours.words.rules import plain, takes_back
from simulation.behaviours.words.tags import TAGS, Tag
from simulation.memory.embeddings import WordLlamaEmbedder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulation.behaviours.words.tags import Utterance
    from simulation.memory.embeddings import Embedder

WEIGHTS: Final = Path(__file__).parent / "weights.npz"
_BATCH: Final = 512
_KEPT: Final = 20_000
"""Texts whose tags are kept: people repeat themselves."""
_LEAST: Final = 0.01
"""Probabilities below are left out."""
_DAMPED: Final = 0.4
"""What is left of an insult among close friends who laugh, and of a threat that is denied."""
_CLOSE: Final = 1.0
_LAUGH: Final = re.compile(r"[:;]-?\)|\U0001f602|\U0001f604|\byou old\b")
_ROUGH: Final[tuple[Tag, ...]] = ("insult", "obscene", "criticism", "threat")


class Layers(NamedTuple):
    """A small network: from features to hidden units, and from those to tags."""

    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats


class Weights(NamedTuple):
    """A linear model, a row of weights per tag, and networks; their logits are averaged."""

    vocabulary: dict[str, int]
    weights: Floats
    bias: Floats
    networks: tuple[Layers, ...]
    cuts: Floats
    """The logit at which the probability of a tag is one half."""


class LocalClassifier:
    """Reads tags on this machine; see the module.

    Args:
        embedder: Where texts have their places; it must be the one that the weights were made with.

    Examples:
        >>> from simulation.behaviours.words.tags import Utterance
        >>> found = LocalClassifier().classify(Utterance(text="Shall I carry the bag for you?"))
        >>> found["offer"] > 0.5, found.get("threat", 0.0) < 0.1
        (True, True)
    """

    name = "local"
    version = 2

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._embedder = embedder or WordLlamaEmbedder()
        self._kept: dict[str, Floats] = {}
        self._known: dict[tuple[str, bool], Mapping[Tag, float]] = {}
        """What was read in a text that was said to a close friend, or not."""

    def classify(self, utterance: Utterance) -> Mapping[Tag, float]:
        """The probability of each tag; those left out are 0."""
        key = (utterance.text, _close(utterance))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            found = self._known[key] = self.classify_many([utterance])[0]
        return dict(found)

    def classify_many(self, utterances: Sequence[Utterance]) -> list[Mapping[Tag, float]]:
        """The same for many at once."""
        rows = self.probabilities([one.text for one in utterances])
        return [_tags(one, row) for one, row in zip(utterances, rows, strict=True)]

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """A row per text and a column per tag of :data:`TAGS`, whoever speaks to whom.

        A text of several sentences has the highest probability of the whole and of each of them.
        """
        missing = [text for text in dict.fromkeys(texts) if text not in self._kept]
        known = {text: self._kept[text] for text in texts if text in self._kept}
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            known |= zip(batch, self._read(batch), strict=True)
        if len(self._kept) + len(missing) > _KEPT:
            self._kept.clear()
        self._kept.update((text, known[text]) for text in missing[:_KEPT])
        return np.stack([known[text] for text in texts]) if texts else _nothing(0)

    def _read(self, texts: Sequence[str]) -> Floats:
        parts: list[str] = []
        owners: list[int] = []
        for index, text in enumerate(texts):
            if not text.strip():
                continue
            own = dict.fromkeys((text, *pieces(text)))
            parts += own
            owners += [index] * len(own)
        rows = _nothing(len(texts))
        if parts:
            np.maximum.at(rows, owners, self._model(parts))
        return rows

    def _model(self, texts: Sequence[str]) -> Floats:
        model = load_weights()
        found = logits(model, matrix(texts, model.vocabulary, self._embedder)) - model.cuts
        rows: Floats = (1 / (1 + np.exp(-np.clip(found, -30, 30)))).astype(np.float32)
        for row, text in zip(rows, texts, strict=True):
            for tag in takes_back(text):
                row[TAGS.index(tag)] *= _DAMPED
            row[TAGS.index("slur")] = 0.95 if "slur" in marks(text.casefold()) else 0.0
        return rows


def _nothing(count: int) -> Floats:
    return np.zeros((count, len(TAGS)), np.float32)


def _close(utterance: Utterance) -> bool:
    return utterance.closeness is not None and utterance.closeness >= _CLOSE


def _tags(utterance: Utterance, row: Floats) -> dict[Tag, float]:
    found: dict[Tag, float] = {}
    for tag, share in zip(TAGS, row, strict=True):
        if share >= _LEAST:
            found[tag] = round(float(share), 4)
    text = plain(utterance.text)
    if _close(utterance) and ("laugh" in marks(text) or _LAUGH.search(text)):
        for tag in _ROUGH:
            if tag in found:
                found[tag] = round(found[tag] * _DAMPED, 4)
    return found


def logits(model: Weights, features: Floats) -> Floats:
    """A row per text and a column per tag, before the cuts."""
    found: Floats = features @ model.weights.T + model.bias
    for one in model.networks:
        hidden = np.maximum(features @ one.inner + one.inner_bias, 0)
        found += hidden @ one.outer + one.outer_bias
    found /= 1 + len(model.networks)
    return found


@cache
def load_weights(path: Path = WEIGHTS) -> Weights:
    """Read the model that :mod:`simulation.behaviours.words.train` wrote."""
    with np.load(path, allow_pickle=False) as kept:
        vocabulary = {str(phrase): index for index, phrase in enumerate(kept["vocabulary"])}
        networks = tuple(
            Layers(*(kept[f"{name}_{number}"].astype(np.float32) for name in Layers._fields))
            for number in range(int(kept["networks"]))
        )
        weights, bias, cuts = (
            kept[name].astype(np.float32) for name in ("weights", "bias", "cuts")
        )
        return Weights(vocabulary, weights, bias, networks, cuts)
