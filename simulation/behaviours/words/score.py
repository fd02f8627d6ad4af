"""``python -m simulation.behaviours.words.score [FILE]``: how well tags are read from utterances.

Without a file, on the test set of the package: utterances that nothing was trained on.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from simulation.behaviours.words import default_classifier
from simulation.behaviours.words.aggregates import TOXIC
from simulation.behaviours.words.data import TEST, Labelled, read_labelled
from simulation.behaviours.words.tags import TAGS, Utterance
from simulation.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.behaviours.words.tags import Classifier

TOXICITY = "toxicity"
SURE = 0.5


class Score(NamedTuple):
    """How well one tag is read."""

    tag: str
    wanted: int
    """Utterances that have it."""
    found: int
    """Utterances in which it was read."""
    both: int
    auc: float | None
    """The chance that one that has it scores above one that has it not; None: it cannot be told."""

    @property
    def precision(self) -> float | None:
        """Of those in which it was read, the share that has it; None: it was never read."""
        return self.both / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Of those that have it, the share in which it was read; None: none has it."""
        return self.both / self.wanted if self.wanted else None


def score(rows: Sequence[Labelled], classifier: Classifier) -> list[Score]:
    """Score every tag, and toxicity as the most of its tags."""
    given = classifier.classify_many([Utterance(text=row.text) for row in rows])
    scores = [
        _score(tag, [tag in row.tags for row in rows], [one.get(tag, 0.0) for one in given])
        for tag in TAGS
    ]
    toxic = [not row.tags.isdisjoint(TOXIC) for row in rows]
    return [
        *scores,
        _score(TOXICITY, toxic, [max(one.get(t, 0.0) for t in TOXIC) for one in given]),
    ]


def _score(tag: str, truth: Sequence[bool], shares: Sequence[float]) -> Score:
    read = [share >= SURE for share in shares]
    both = sum(one and other for one, other in zip(truth, read, strict=True))
    return Score(tag, sum(truth), sum(read), both, area(truth, shares))


def area(truth: Sequence[bool], shares: Sequence[float]) -> float | None:
    """The area under the curve: Mann and Whitney's U over the number of pairs.

    Examples:
        >>> area([True, False, True, False], [0.9, 0.1, 0.4, 0.4])
        0.875
    """
    yes = [share for one, share in zip(truth, shares, strict=True) if one]
    no = [share for one, share in zip(truth, shares, strict=True) if not one]
    if not yes or not no:
        return None
    won = sum((one > other) + (one == other) / 2 for one in yes for other in no)
    return won / (len(yes) * len(no))


def main(arguments: Sequence[str]) -> int:
    """Print a table of the scores."""
    try:
        rows = read_labelled(Path(arguments[0]) if arguments else TEST)
    except FileError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    write = sys.stdout.write
    write(f"{len(rows)} utterances\n{'tag':<14} wanted found precision recall  auc\n")
    for one in score(rows, default_classifier()):
        shares = " ".join(f"{_shown(value):>8}" for value in (one.precision, one.recall, one.auc))
        write(f"{one.tag:<14} {one.wanted:>6} {one.found:>5} {shares}\n")
    return 0


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
