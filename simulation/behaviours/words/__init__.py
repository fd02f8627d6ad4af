"""What words do: offers, requests, criticism, threats, read without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulation.behaviours.words.tags import Classifier

__all__ = ["default_classifier"]


def default_classifier() -> Classifier:
    """The classifier that ships: patterns, and a linear model over the embedding space."""
    from simulation.behaviours.words.classifier import (  # noqa: PLC0415 - reads weights
        LocalClassifier,
    )

    return LocalClassifier()
