"""Precision and recall over the planted cases of deeds and positions."""

from __future__ import annotations

import pytest

from tests.behaviours.planted import PlantedScore, planted_scores


@pytest.fixture(scope="module")
def scores() -> list[PlantedScore]:
    """All three families, scored once."""
    return planted_scores()


def test_deeds_and_positions_are_found_with_a_precision_and_a_recall_of_95_per_cent(
    scores: list[PlantedScore],
) -> None:
    assert [one.family for one in scores] == ["volunteering", "destruction", "conformity"]
    assert all(one.precision >= 0.95 and one.recall >= 0.95 for one in scores), scores


def test_every_family_has_forty_cases_and_hard_negatives_among_them(
    scores: list[PlantedScore],
) -> None:
    assert all(one.cases >= 40 for one in scores), scores
