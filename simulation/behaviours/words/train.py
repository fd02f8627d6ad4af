"""``python -m simulation.behaviours.words.train``: make the weights of the local classifier.

It needs scikit-learn, which using them does not. The same utterances give the same weights, up to
the last digits of another machine's arithmetic.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simulation.behaviours.words.classifier import WEIGHTS
from simulation.behaviours.words.data import TRAINING, Labelled, read_labelled
from simulation.behaviours.words.features import Floats, matrix, phrases
from simulation.behaviours.words.tags import TAGS
from simulation.memory.embeddings import WordLlamaEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

STRENGTH: Final = 1.0
"""The inverse of the penalty; chosen by cross-validation on the training utterances."""
FOLDS: Final = 10
SEEN: Final = 3
"""Utterances in which a phrase stands at least."""
_NEVER: Final = -30.0


def vocabulary_of(rows: Sequence[Labelled]) -> dict[str, int]:
    """The phrases that are frequent enough to be learned."""
    seen = Counter(phrase for row in rows for phrase in set(phrases(row.text)))
    return {name: index for index, name in enumerate(sorted(p for p in seen if seen[p] >= SEEN))}


def train(rows: Sequence[Labelled], path: Path, strength: float = STRENGTH) -> None:
    """Fit a logistic regression for each tag and write them."""
    vocabulary = vocabulary_of(rows)
    features = matrix([row.text for row in rows], vocabulary, WordLlamaEmbedder())
    weights = np.zeros((len(TAGS), features.shape[1]), np.float16)
    bias = np.full(len(TAGS), _NEVER, np.float32)
    for index, tag in enumerate(TAGS):
        truth = np.array([tag in row.tags for row in rows])
        if truth.any():
            model, shift = fit(features, truth, strength)
            weights[index] = model.coef_[0].astype(np.float16)
            bias[index] = model.intercept_[0] + shift
    np.savez_compressed(path, vocabulary=np.array(list(vocabulary)), weights=weights, bias=bias)


def fit(features: Floats, truth: Any, strength: float) -> tuple[Any, float]:
    """A model of one tag, and what its logit is moved by so that one half parts yes from no best.

    Where to part is read from predictions for utterances that were left out: the highest F1.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - for training only
    from sklearn.model_selection import (  # noqa: PLC0415
        StratifiedKFold,
        cross_val_predict,
    )

    model = LogisticRegression(C=strength, max_iter=2000)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    logits = cross_val_predict(model, features, truth, cv=folds, method="decision_function")
    return model.fit(features, truth), -best_cut(logits, truth)


def best_cut(logits: Any, truth: Any) -> float:
    """The logit from which on yes has the highest F1, between -2 and 0."""
    cuts = np.linspace(-2, 0, 21)
    scores = [2 * (truth & (logits >= cut)).sum() / ((logits >= cut).sum() + truth.sum())
              for cut in cuts]  # fmt: skip
    return float(np.median(cuts[np.isclose(scores, max(scores))]))


def main() -> None:
    """Train on the utterances of the package."""
    rows = read_labelled(TRAINING)
    train(rows, WEIGHTS)
    sys.stdout.write(f"{len(rows)} utterances; {WEIGHTS.name} written\n")


if __name__ == "__main__":
    main()
