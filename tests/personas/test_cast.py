"""The ten residents of Tidemark, as a reader and as a program see them."""

from __future__ import annotations

from itertools import pairwise

import pytest

import personas
from personas.schema import minute_of_day
from personas.traits import POLES, trait_phrase, traits
from simulation.lint import check_texts

CAST = ("ada", "bram", "chiara", "dov", "esi", "felix", "gudrun", "hugo", "imani", "jonas")
PLACES = {
    *("quay", "net_loft", "bakehouse", "inn", "reading_room", "hall", "clinic", "boatyard"),
    *("sea_bank", "mussel_bed", "lane", "square", "causeway"),
    *("ada_cottage", "dov_cottage", "esi_cottage", "gudrun_cottage", "jonas_cottage"),
}
everyone = pytest.mark.parametrize("name", CAST)


def test_the_cast_is_complete() -> None:
    assert personas.names() == CAST


@everyone
def test_every_persona_validates(name: str) -> None:
    persona = personas.load(name)
    assert persona.id == name
    assert persona.name == name.title()
    assert persona.held_by is None


@everyone
def test_nothing_that_is_said_of_a_person_names_an_outcome(name: str) -> None:
    persona = personas.load(name)
    texts = {name: persona.model_dump_json(), f"{name}'s traits": trait_phrase(persona)}
    assert check_texts(texts) == []


@everyone
def test_a_day_runs_from_seven_to_bedtime(name: str) -> None:
    persona = personas.load(name)
    assert 6 <= len(persona.habits) <= 10
    assert persona.habits[0].at == "07:00"
    bedtime = minute_of_day(persona.bedtime)
    assert minute_of_day("21:30") <= bedtime <= minute_of_day("23:00")
    assert bedtime - 60 <= persona.habits[-1].end <= bedtime
    assert all(after.start - before.end <= 180 for before, after in pairwise(persona.habits))


@everyone
def test_a_day_is_spent_at_places_of_the_village(name: str) -> None:
    persona = personas.load(name)
    assert persona.home in PLACES
    assert {habit.place for habit in persona.habits} <= PLACES


@everyone
def test_relationships_name_people_of_the_cast(name: str) -> None:
    assert {row.person for row in personas.load(name).relationships} <= set(CAST)


def test_liking_may_be_one_sided_but_never_the_opposite_extreme() -> None:
    closeness = {
        (name, row.person): row.closeness
        for name in CAST
        for row in personas.load(name).relationships
    }
    for (one, other), value in closeness.items():
        assert abs(value - closeness.get((other, one), value)) <= 2, (one, other)


def test_the_story_of_the_village_stands_in_the_files() -> None:
    bram, dov, hugo = (personas.load(name) for name in ("bram", "dov", "hugo"))
    walk = next(row for row in bram.habits if row.at == "11:00")
    assert (walk.place, walk.minutes, walk.fixed) == ("quay", 20, True)
    assert any(row.person == "esi" and row.closeness < 0 for row in dov.relationships)
    assert any("six coins" in goal for goal in hugo.goals)
    assert personas.load("felix").habits[1].end == minute_of_day("12:00")


@pytest.mark.parametrize(
    ("words", "holders"),
    [
        ("means to stand for warden", {"hugo"}),
        ("long table", {"chiara"}),
        ("weak heart", {"imani"}),
        ("crack", set[str]()),
        ("quiet hours", set[str]()),
        ("sprain", set[str]()),
    ],
)
def test_news_stands_only_with_those_who_hold_it(words: str, holders: set[str]) -> None:
    """What travels is seeded by the world, and its levers must not meet a fixed text here."""
    assert {name for name in CAST if words in personas.load(name).model_dump_json()} == holders


def test_evenings_bring_people_together() -> None:
    at = {
        place: {
            name
            for name in CAST
            for row in personas.load(name).habits
            if row.place == place and row.start <= minute < row.end
        }
        for place, minute in (("hall", 1205), ("inn", 1115), ("bakehouse", 740), ("sea_bank", 630))
    }
    assert len(at["hall"]) >= 6
    assert len(at["inn"]) >= 3
    assert len(at["bakehouse"]) >= 4
    assert len(at["sea_bank"]) >= 2


def test_people_differ_in_what_prompts_say_of_them() -> None:
    cast = [personas.load(name) for name in CAST]
    assert len({trait_phrase(persona) for persona in cast}) == len(cast)
    assert len({persona.speech.style for persona in cast}) == len(cast)


def test_the_cast_spreads_over_the_big_five() -> None:
    said = {
        (trait.dimension, trait.adjective)
        for name in CAST
        for trait in traits(personas.load(name).big_five)
    }
    assert said == {(dimension, pole) for dimension, low, high in POLES for pole in (low, high)}
