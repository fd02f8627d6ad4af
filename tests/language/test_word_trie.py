from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.language.trie import Path, weigh


@dataclass
class Table:
    """A next-token distribution written down."""

    mass: Mapping[int, float]

    def logp(self, token: int) -> float:
        return math.log(self.mass.get(token, 1e-5))


class Model:
    """Gives the same distribution everywhere and notes where it was asked."""

    def __init__(self, mass: Mapping[int, float]) -> None:
        self.table = Table(mass)
        self.asked: list[Path] = []

    def __call__(self, path: Path) -> Table:
        self.asked.append(path)
        return self.table


def test_words_with_distinct_first_tokens_cost_one_forward() -> None:
    model = Model({1: 0.5, 2: 0.25})
    weights = weigh([(1, 7, 8), (2,), (3,)], model)
    assert model.asked == [()]
    assert weights == pytest.approx([math.log(0.5), math.log(0.25), math.log(1e-5)])


def test_words_that_part_later_cost_a_forward_where_they_part() -> None:
    model = Model({1: 0.5, 2: 0.25, 3: 0.2})
    weights = weigh([(1, 9, 2), (1, 9, 3), (3,)], model)
    assert model.asked == [(), (1, 9)]
    assert weights[0] == pytest.approx(math.log(0.5 * 0.25))
    assert weights[2] == pytest.approx(math.log(0.2))


def test_a_word_inside_another_gets_what_the_longer_one_leaves() -> None:
    model = Model({1: 0.5, 2: 0.25})
    weights = weigh([(1,), (1, 2)], model)
    assert weights == pytest.approx([math.log(0.5 * 0.75), math.log(0.5 * 0.25)])


def test_a_single_word_is_still_asked_at_the_root() -> None:
    model = Model({1: 0.5})
    assert weigh([(1, 2)], model) == pytest.approx([math.log(0.5)])
    assert model.asked == [()]


def test_repeated_words_weigh_the_same() -> None:
    one, other = weigh([(1,), (1,)], Model({1: 0.5}))
    assert one == other


def test_a_word_without_tokens_is_refused() -> None:
    with pytest.raises(ValueError, match="without tokens"):
        weigh([()], Model({}))


@given(
    st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=4).map(tuple), min_size=1, max_size=9)
)
def test_the_words_of_a_menu_never_have_more_than_all_the_mass(words: list[Path]) -> None:
    weights = dict(zip(words, weigh(words, Model(dict.fromkeys(range(4), 0.25))), strict=True))
    assert sum(math.exp(weight) for weight in weights.values()) <= 1 + 1e-5
