"""``python -m tests.behaviours.planted``: precision and recall over the planted cases."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tests.behaviours import (
    test_conformity_cases,
    test_destruction_cases,
    test_volunteering_cases,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

Row = tuple[str, str, str]


class PlantedScore(NamedTuple):
    """How well a family is found in scripted episodes."""

    family: str
    cases: int
    planted: int
    """Findings that the cases hold, those of the other kinds (accident, complied) included."""
    told: int
    right: int

    @property
    def precision(self) -> float:
        """Of what was told, the share that was planted."""
        return self.right / self.told

    @property
    def recall(self) -> float:
        """Of what was planted, the share that was told."""
        return self.right / self.planted


def planted_scores() -> list[PlantedScore]:
    """Each family of deeds and positions over all of its cases."""
    volunteering = test_volunteering_cases
    destruction, conformity = test_destruction_cases, test_conformity_cases
    return [
        _score("volunteering", ((volunteering.found(stage), expected) for stage, expected in
                                (make() for make in volunteering.CASES.values()))),
        _score("destruction", ((destruction.found(stage), expected) for stage, expected in
                               (make() for make in destruction.CASES.values()))),
        _score("conformity", ((conformity.found(stage), expected) for stage, expected in
                              (make() for make in conformity.CASES.values()))),
    ]  # fmt: skip


def _score(family: str, cases: Iterable[tuple[list[Row], list[Row]]]) -> PlantedScore:
    number = planted = told = right = 0
    for found, expected in cases:
        number += 1
        planted += len(expected)
        told += len(found)
        right += (Counter(found) & Counter(expected)).total()
    return PlantedScore(family, number, planted, told, right)


def main() -> None:
    """Print a line for each family."""
    write = sys.stdout.write
    write(f"{'family':<14} cases planted told precision recall\n")
    for one in planted_scores():
        write(
            f"{one.family:<14} {one.cases:>5} {one.planted:>7} {one.told:>4} "
            f"{one.precision:>9.3f} {one.recall:>6.3f}\n"
        )


if __name__ == "__main__":
    main()
