"""The classifier that ships with the package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.behaviours.words.rules import read_patterns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulation.behaviours.words.tags import Tag, Utterance


class Rules:
    """Patterns alone."""

    name = "rules"
    version = 1

    def classify(self, utterance: Utterance) -> Mapping[Tag, float]:
        """The probability of each tag; those left out are 0."""
        return read_patterns(utterance)

    def classify_many(self, utterances: Sequence[Utterance]) -> list[Mapping[Tag, float]]:
        """The same for many at once."""
        return [self.classify(utterance) for utterance in utterances]
