"""Numbers about positions that move, each against one that was worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.behaviours.shifts import (
    Exposed,
    Share,
    conform_rate,
    exposed,
    independent,
    reactivity,
    rounds,
    source_effect,
    standing,
    swayed,
    sycophancy,
    yea_saying,
)
from simulation.episode.events import Probed
from tests.behaviours.test_conformity_cases import alone, pressed

if TYPE_CHECKING:
    from simulation.behaviours.shifts import Answers


def group(heard: str, sources: int, moved: int, of: int, voices: int = 3) -> list[Exposed]:
    return [Exposed(f"p{n}", "line", heard, sources, voices, n < moved) for n in range(of)]


# Those exposed -----------------------------------------------------------------------------------


def test_who_gave_way_heard_so_many_people() -> None:
    found = pressed().probe("ada", "line", "b").found("conformity").findings
    assert exposed(found) == [Exposed("ada", "line", "b", 2, 2, shifted=True)]


def test_who_stayed_was_exposed_too() -> None:
    found = pressed().probe("ada", "line", "a").found("conformity").findings
    assert exposed(found) == [Exposed("ada", "line", "b", 2, 2, shifted=False)]


def test_one_who_says_it_twice_is_one_source() -> None:
    stage = alone().take("bram", "line", "b").take("bram", "line", "b").at(2)
    (row,) = exposed(stage.probe("ada", "line", "b").found("conformity").findings)
    assert (row.sources, row.voices) == (1, 2)


def test_who_drifted_was_not_exposed() -> None:
    assert exposed(alone().probe("ada", "line", "b").found("conformity").findings) == []


def test_who_was_given_a_new_reason_did_not_give_way() -> None:
    stage = alone().take("bram", "line", "b", facts=("news",)).at(2).probe("ada", "line", "b")
    assert exposed(stage.found("conformity").findings) == []


# A group against one who repeats it --------------------------------------------------------------


def test_the_source_effect_is_the_mean_over_both_directions() -> None:
    towards_a = group("a", 3, moved=6, of=10) + group("a", 1, moved=2, of=10)
    towards_b = group("b", 3, moved=5, of=10) + group("b", 1, moved=4, of=10)
    # (0.6 - 0.2 + 0.5 - 0.4) / 2
    assert source_effect(towards_a + towards_b, 3).effect == pytest.approx(0.25)


def test_one_direction_tells_nothing() -> None:
    rows = group("a", 3, moved=6, of=10) + group("a", 1, moved=2, of=10)
    found = source_effect(rows, 3)
    assert found.effect is None
    assert found.by_direction == {"a": (Share(6, 10), Share(2, 10))}
    assert "1 of the two directions" in found.why


def test_without_an_arm_the_source_effect_says_what_is_missing() -> None:
    found = source_effect([], 3)
    assert (found.effect, found.by_direction) == (None, {})
    assert found.why


def test_one_source_is_no_group() -> None:
    assert source_effect(group("a", 1, moved=1, of=2, voices=1), 1).why == "one source is no group"


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([1, 3]), st.booleans())))
def test_turning_the_answers_round_leaves_the_source_effect(
    rows: list[tuple[str, int, bool]],
) -> None:
    turned = {"a": "b", "b": "a"}
    these = [Exposed("p", "line", heard, n, 3, moved) for heard, n, moved in rows]
    those = [row._replace(heard=turned[row.heard]) for row in these]
    assert source_effect(these, 3).effect == pytest.approx(source_effect(those, 3).effect)


# One source, and the wording ---------------------------------------------------------------------


def test_sycophancy_is_what_a_voice_adds_to_a_presence() -> None:
    assert sycophancy(Share(7, 10), Share(4, 10)) == pytest.approx(0.3)


def test_without_a_silent_arm_there_is_no_sycophancy() -> None:
    assert sycophancy(Share(7, 10), Share(0, 0)) is None


def test_who_agrees_with_both_of_two_opposites_says_yes_to_anything() -> None:
    assert yea_saying(Share(10, 10), Share(10, 10)) == 1.0


def test_who_answers_by_what_is_asked_does_not() -> None:
    assert yea_saying(Share(7, 10), Share(3, 10)) == pytest.approx(0.0)


def test_without_the_opposite_nothing_is_known_of_yea_saying() -> None:
    assert yea_saying(Share(7, 10), Share(0, 0)) is None


def test_reactivity_is_the_difference_of_the_means_over_runs() -> None:
    assert reactivity([0.4, 0.6], [0.1, 0.2, 0.3]) == pytest.approx(0.3)


def test_without_an_unprobed_arm_nothing_is_known_of_reactivity() -> None:
    assert reactivity([0.4], []) is None


# Answers in rounds -------------------------------------------------------------------------------

FIRST: Answers = {"ada": "a", "bram": "b", "dov": "b", "esi": "b"}


def test_a_round_is_what_was_asked_at_one_tick() -> None:
    probes = [
        Probed(id=f"{tick:05d}.4.001.000", tick=tick, agent=who, topic=topic, position=position,
               origin="model")
        for tick, who, topic, position in [
            (0, "ada", "line", "a"), (0, "ada", "warden", "dov"), (0, "bram", "line", "b"),
            (9, "ada", "line", "b"),
        ]
    ]  # fmt: skip
    assert rounds(probes, "line") == [{"ada": "a", "bram": "b"}, {"ada": "b"}]


def test_those_without_an_answer_stand_nowhere() -> None:
    assert standing({"ada": 0.5, "bram": -0.9, "dov": None, "esi": 0.1}, 1.0) == Share(1, 3)


def test_the_conform_rate_counts_answers_that_most_others_had_given() -> None:
    # Ada's others said b, b, b: she follows. The others' others said a, b, b: Bram and Dov stay
    # with b, which conforms; Esi goes to a, which does not.
    second: Answers = {"ada": "b", "bram": "b", "dov": "b", "esi": "a"}
    found = conform_rate([FIRST, second], truth="a")
    assert found.conformed == Share(3, 4)
    assert found.typed == {"F→F": Share(2, 2), "F→T": Share(0, 1), "T→F": Share(1, 1)}


def test_where_the_others_are_even_there_is_nothing_to_follow() -> None:
    assert conform_rate([{"ada": "a", "bram": "b", "dov": "a"}, {"ada": "b"}]).conformed == (0, 0)


def test_a_single_round_has_no_previous_answers() -> None:
    assert conform_rate([FIRST]).conformed.share is None


def test_the_swayed_were_right_alone_and_wrong_under_pressure() -> None:
    alone_: Answers = {"ada": "a", "bram": "a", "dov": "b", "esi": "a"}
    # Ada gives way; Bram stays; Dov was wrong anyway; Esi gave no answer under pressure.
    under: Answers = {"ada": "b", "bram": "a", "dov": "b", "esi": None}
    assert swayed(alone_, under, "a") == Share(1, 3)


def test_the_independent_were_right_under_every_pressure() -> None:
    alone_: Answers = {"ada": "a", "bram": "a", "dov": "b"}
    once: Answers = {"ada": "a", "bram": "a", "dov": "a"}
    twice: Answers = {"ada": "b", "bram": "a", "dov": "a"}
    assert independent(alone_, [once, twice], "a") == Share(1, 3)
