"""``python -m simulation.behaviours.words.train``: make the weights of the local classifier.

It needs scikit-learn, which using them does not, and some minutes. The same utterances give the
same weights, up to the last digits of another machine's arithmetic.

A logit is the mean of a logistic regression for each tag and of small networks for all of them,
which see what stands together. Where yes begins is read from predictions for utterances that were
left out, and from nothing else.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simulation.behaviours.words.classifier import WEIGHTS, Layers, Weights, logits
from simulation.behaviours.words.data import TRAINING, Labelled, read_labelled
from simulation.behaviours.words.features import Floats, matrix, phrases
from simulation.behaviours.words.tags import TAGS
from simulation.memory.embeddings import WordLlamaEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

STRENGTH: Final = 1.0
"""The inverse of the penalty; chosen by cross-validation on the training utterances."""
NETWORKS: Final = 2
UNITS: Final = 64
FOLDS: Final = 4
SEEN: Final = 3
"""Utterances in which a phrase stands at least."""
LOWEST: Final = -3.0
HIGHEST: Final = 1.0
"""Between which logits yes may begin."""
_NEVER: Final = -30.0


def vocabulary_of(rows: Sequence[Labelled]) -> dict[str, int]:
    """The phrases that are frequent enough to be learned."""
    seen = Counter(phrase for row in rows for phrase in set(phrases(row.text)))
    return {name: index for index, name in enumerate(sorted(p for p in seen if seen[p] >= SEEN))}


def train(rows: Sequence[Labelled], path: Path) -> dict[str, float]:
    """Fit the model and write it; give the F1 of each tag on what was left out."""
    vocabulary = vocabulary_of(rows)
    features = matrix([row.text for row in rows], vocabulary, WordLlamaEmbedder())
    truth = np.array([[tag in row.tags for tag in TAGS] for row in rows])
    cuts, found = _cuts(_left_out(features, truth), truth)
    _write(path, _fit(features, truth, vocabulary)._replace(cuts=cuts))
    return found


def _left_out(features: Floats, truth: Any) -> Floats:
    """Logits of each utterance by a model that did not see it."""
    from sklearn.model_selection import KFold  # noqa: PLC0415 - for training only

    found = np.zeros(truth.shape, np.float32)
    for seen, unseen in KFold(FOLDS, shuffle=True, random_state=0).split(features):
        found[unseen] = logits(_fit(features[seen], truth[seen], {}), features[unseen])
    return found


def _fit(features: Floats, truth: Any, vocabulary: dict[str, int]) -> Weights:
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - for training only
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    sparse = csr_matrix(features)
    weights = np.zeros((len(TAGS), features.shape[1]), np.float32)
    bias = np.full(len(TAGS), _NEVER, np.float32)
    for index in np.flatnonzero(truth.any(axis=0)):
        model = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=300, random_state=0)
        fitted: Any = model.fit(sparse, truth[:, index])
        weights[index], bias[index] = fitted.coef_[0], fitted.intercept_[0]
    networks = tuple(_network(features, truth, seed) for seed in range(NETWORKS))
    return Weights(vocabulary, weights, bias, networks, np.zeros(len(TAGS), np.float32))


def _network(features: Floats, truth: Any, seed: int) -> Layers:
    import warnings  # noqa: PLC0415 - for training only

    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415

    settings: dict[str, Any] = {"alpha": 1e-2, "max_iter": 10, "batch_size": 64}
    model = MLPClassifier((UNITS,), learning_rate_init=3e-3, random_state=seed, **settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it stops before it knows all by heart
        model.fit(features, truth)
    one, two = (np.asarray(layer, np.float32) for layer in model.coefs_)
    first, second = (np.asarray(layer, np.float32) for layer in model.intercepts_)
    return Layers(one, first, two, second)


def _cuts(found: Floats, truth: Any) -> tuple[Floats, dict[str, float]]:
    cuts = np.zeros(len(TAGS), np.float32)
    best: dict[str, float] = {}
    for index in np.flatnonzero(truth.any(axis=0)):
        cuts[index], best[TAGS[index]] = best_cut(found[:, index], truth[:, index])
    return cuts, best


def best_cut(found: Any, truth: Any) -> tuple[float, float]:
    """The logit from which on yes has the highest F1, and that F1."""
    cuts = np.linspace(LOWEST, HIGHEST, 41)
    scores = [2 * (truth & (found >= cut)).sum() / ((found >= cut).sum() + truth.sum())
              for cut in cuts]  # fmt: skip
    return float(np.median(cuts[np.isclose(scores, max(scores))])), float(max(scores))


def _write(path: Path, model: Weights) -> None:
    half = np.float16
    layers = {
        f"{name}_{number}": value.astype(half)
        for number, one in enumerate(model.networks)
        for name, value in one._asdict().items()
    }
    np.savez_compressed(
        path,
        vocabulary=np.array(list(model.vocabulary)),
        weights=model.weights.astype(half),
        bias=model.bias,
        cuts=model.cuts,
        networks=np.array(len(model.networks)),
        **layers,
    )


def main() -> None:
    """Train on the utterances of the package."""
    rows = read_labelled(TRAINING)
    found = train(rows, WEIGHTS)
    mean = sum(found.values()) / len(found)
    told = ", ".join(f"{tag} {share:.2f}" for tag, share in found.items())
    sys.stdout.write(f"{len(rows)} utterances; {WEIGHTS.name} written\n")
    sys.stdout.write(f"F1 on what was left out: {mean:.3f} ({told})\n")


if __name__ == "__main__":
    main()
