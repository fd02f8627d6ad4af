"""The minds without a model: a rival theory, and the null arm."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest

from simulation.episode.events import Decided, Learned, Planned, Said
from simulation.kernel.action import Force
from simulation.kernel.rules import Option
from simulation.kernel.world import find_mind, mind_names
from simulation.mind.rules import RulesMind
from simulation.mind.uniform import UniformMind
from tests.kernel.toy import Events, Toy, ToyRules, person, toy_spec
from worlds import village
from worlds.village.world import Village

if TYPE_CHECKING:
    from collections.abc import Sequence

    from personas import Persona
    from simulation.kernel.spec import WorldSpec
    from simulation.kernel.view import Stage, WorldView
    from simulation.kernel.world import World

HELP_OTHER, TAKE_OTHERS, OWN_GAIN = (
    "carry a log to the other",
    "take from the other's box",
    "take an apple",
)
BREAK = "force the door"


class WithADoor(ToyRules):
    """There is also a door that can be forced."""

    def legal(self, view: WorldView, agent: str) -> Sequence[Option]:
        return [*super().legal(view, agent), Option(text=BREAK, action=Force(thing="door"))]


class House(Toy):
    @classmethod
    def rules_of(cls, spec: WorldSpec, stage: Stage) -> ToyRules:
        return WithADoor(spec, stage)


def lived(
    worlds: list[World],
    mind: type[RulesMind | UniformMind],
    *cast: Persona,
    ticks: int,
    **data: Any,
) -> Events:
    events = Events()
    world = House(
        toy_spec(cast, **{"start": "12:00"} | data), mind=mind, rng=data.get("seed", 1), sink=events
    )
    worlds.append(world)
    for _ in range(ticks):
        world.step()
    return events


def shares(worlds: list[World], five: Mapping[str, float], **data: Any) -> dict[str, float]:
    """The probability of each option in somebody's first decision."""
    people = (person("ann", five=dict(five)), person("ben"))
    events = lived(worlds, RulesMind, *people, ticks=1, **data)
    [decided] = events.of(Decided, "ann")
    assert decided.raw is not None
    texts = [option["text"] for option in json.loads(events.contents[decided.menu])]
    return dict(zip(texts, decided.raw, strict=True))


@pytest.mark.parametrize(
    ("trait", "more", "less"),
    [
        ("agreeableness", HELP_OTHER, TAKE_OTHERS),
        ("conscientiousness", HELP_OTHER, TAKE_OTHERS),
        ("extraversion", "talk with Ben", "stay"),
        ("openness", "read the board", "stay"),
        ("neuroticism", "stay", BREAK),
        ("agreeableness", HELP_OTHER, OWN_GAIN),
    ],
)
def test_a_trait_moves_the_odds_the_documented_way(
    worlds: list[World], trait: str, more: str, less: str
) -> None:
    odds = [
        found[more] / found[less]
        for found in (shares(worlds, {trait: level}) for level in (1.0, 2.0, 3.0, 4.0, 5.0))
    ]
    assert odds == sorted(odds)
    assert odds[-1] > 1.5 * odds[0]


def test_the_agreeable_give_more_weight_to_what_is_good_for_others(worlds: list[World]) -> None:
    low, high = (shares(worlds, {"agreeableness": level})[HELP_OTHER] for level in (1.0, 5.0))
    assert high > low


def test_the_agreeable_give_less_weight_to_what_costs_others(worlds: list[World]) -> None:
    low, high = (shares(worlds, {"agreeableness": level})[TAKE_OTHERS] for level in (1.0, 5.0))
    assert high < low


def test_the_conscientious_keep_to_their_plan(worlds: list[World]) -> None:
    early = {"start": "07:00", "cells": {"ann": (1, 8)}}
    plain, keen = (
        shares(worlds, {"conscientiousness": level}, **early)["go to the hall"] for level in (1, 5)
    )
    assert keen > plain


def test_the_tired_go_to_bed_at_night_and_not_at_noon(worlds: list[World]) -> None:
    night = shares(worlds, {}, start="23:00", energy=1)["go to bed"]
    noon = shares(worlds, {}, start="12:00", energy=8)["go to bed"]
    assert night > 0.5
    assert noon < 0.05


def test_everything_legal_is_weighed_and_shares_sum_to_one(worlds: list[World]) -> None:
    people = (person("ann"), person("ben"))
    events = lived(worlds, RulesMind, *people, ticks=20)
    assert events.of(Decided)
    for decided in events.of(Decided):
        assert decided.options == decided.legal
        assert decided.raw is not None
        assert sum(decided.raw) == pytest.approx(1, abs=1e-4)
        assert decided.origin == "rules"


def test_facts_travel_without_a_model(worlds: list[World]) -> None:
    people = tuple(person(name, five={"extraversion": 5.0}) for name in ("ann", "ben", "cat"))
    events = lived(worlds, RulesMind, *people, ticks=200)
    assert {learned.agent for learned in events.of(Learned) if learned.fact == "supper"} == {
        "ann", "ben", "cat",
    }  # fmt: skip
    assert all(said.text for said in events.of(Said))
    heard = [planned for planned in events.of(Planned, "ben") if planned.reason]
    assert "supper" in {item.get("fact") for planned in heard for item in planned.items}


def test_people_sleep_at_night_and_are_up_by_day() -> None:
    spec = village.load(agents=4).model_copy(update={"start": "12:00"})
    asleep: dict[str, list[bool]] = {}
    with Village(spec, rng=7, mind="rules") as world:
        for _ in range(24 * 60):
            world.step()
            view = world.view()
            for agent in view.agents:
                asleep.setdefault(agent, []).append(view.asleep(agent))
    assert len(asleep) == 4
    for agent, minutes in asleep.items():
        noon_to_eight, midnight_to_six = minutes[: 8 * 60], minutes[12 * 60 : 18 * 60]
        assert sum(midnight_to_six) >= 5 * 60, agent
        assert sum(noon_to_eight) <= 2 * 60, agent


def test_the_uniform_mind_gives_all_options_one_share(worlds: list[World]) -> None:
    events = lived(worlds, UniformMind, person("ann"), person("ben"), ticks=30)
    for decided in events.of(Decided):
        assert decided.raw is not None
        assert len(set(decided.raw)) == 1
        assert len(decided.raw) == decided.options == decided.legal
        assert decided.origin == "uniform"


def test_the_uniform_mind_comes_to_everything(worlds: list[World]) -> None:
    chosen: set[str] = set()
    for seed in range(60):
        events = lived(worlds, UniformMind, person("ann"), ticks=1, seed=seed)
        [decided] = events.of(Decided)
        chosen.add(decided.action["verb"])
    assert chosen == {"take", "read", "carry", "leave", "wait", "sleep", "go", "force"}


@pytest.mark.parametrize("name", mind_names())
def test_minds_are_found_by_name(name: str) -> None:
    factory = find_mind(name)
    assert callable(factory)
