from __future__ import annotations

from math import isclose

import pytest

from simulation.analysis.relations import Pair, density, mutual, pairs, words
from simulation.episode.events import Said


def said(tick: int, agent: str, *told: str, overheard: tuple[str, ...] = ()) -> Said:
    identity = f"{tick:05d}.2.001.000"
    return Said(id=identity, tick=tick, agent=agent, text="x", told=told, overheard=overheard)


TALK = [
    said(1, "ada", "bram"),
    said(2, "bram", "ada", overheard=("chiara",)),
    said(2, "ada", "bram", "chiara"),
    said(5, "dov"),
]


def test_pairs_count_what_reached_the_other() -> None:
    assert pairs(words(TALK)) == [
        Pair("ada", "bram", 3, True, 2, (TALK[0].id, TALK[1].id, TALK[2].id)),
        Pair("ada", "chiara", 1, False, 1, (TALK[2].id,)),
    ]


def test_the_overheard_count_only_where_they_are_asked_for() -> None:
    edges = {(way.speaker, way.hearer) for way in words(TALK, overheard=True)}
    assert edges - {(way.speaker, way.hearer) for way in words(TALK)} == {("bram", "chiara")}


def test_a_relation_needs_both_directions() -> None:
    edges = [(way.speaker, way.hearer) for way in words(TALK)]
    assert mutual([*edges, ("dov", "dov")]) == {frozenset({"ada", "bram"})}


def test_the_density_of_the_published_society_comes_out() -> None:
    # Park et al.: 25 agents, from 0.167 to 0.74; 222 of their 300 pairs are 0.74.
    people = [str(number) for number in range(25)]
    every = [frozenset((a, b)) for a in people for b in people if a < b]
    assert isclose(density(people, every[:50]), 0.1667, abs_tol=1e-4)
    assert isclose(density(people, every[:222]), 0.74)


@pytest.mark.parametrize(("people", "share"), [([], 0), (["a"], 0), (["a", "b"], 1)])
def test_a_small_group_has_a_density_too(people: list[str], share: float) -> None:
    assert density(people, {frozenset("ab"), frozenset("xy")}) == share
