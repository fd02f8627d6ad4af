"""The short list and the sentences of a prompt: what a mind is shown."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulation.episode.events import Decided, Recalled, Remembered
from simulation.kernel.action import Say
from simulation.mind.options import MindOptions, estimate_tokens
from simulation.mind.plan import PlanItem
from simulation.mind.scene import scene, within
from simulation.mind.shortlist import shortlist
from tests.kernel.toy import Script
from tests.mind.company import Scripted

if TYPE_CHECKING:
    from simulation.kernel.percept import Percept
    from simulation.kernel.rules import Option
    from tests.mind.conftest import MakeCompany, MakePercept

ONE_WORLD = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
"""A percept never changes, so one serves all examples."""

APPLE = PlanItem(at=420, minutes=60, place="hall", doing="take an apple")
WALK = PlanItem(at=420, minutes=60, place="yard", doing="sweep the yard")


def listed(
    percept: Percept,
    plan: PlanItem | None = None,
    limit: int = 12,
    seed: int = 1,
    since: int | None = None,
) -> list[Option]:
    """The short list where everything was last done, and everyone last talked with, so long ago."""
    return shortlist(percept, plan, limit, Random(seed), lambda _: since, lambda _: since)


@ONE_WORLD
@given(st.integers(2, 40), st.integers(), st.none() | st.integers(0, 200))
def test_a_short_list_is_short_and_legal(
    percept: MakePercept, limit: int, seed: int, since: int | None
) -> None:
    here = percept()
    found = listed(here, None, limit, seed, since)
    texts = [option.text for option in found]
    assert 1 <= len(texts) <= limit
    assert len(set(texts)) == len(texts)
    assert set(texts) <= {option.text for option in here.options}


def test_what_one_leans_to_comes_onto_a_list_that_has_no_room(percept: MakePercept) -> None:
    here = percept()
    talk = next(option for option in here.options if isinstance(option.action, Say))

    def first(lean: float) -> str:
        found = shortlist(
            here,
            None,
            2,
            Random(1),
            lambda _: None,
            lambda _: 119,
            lean=lambda option: lean if option is talk else 0.0,
        )
        return " ".join(option.text for option in found)

    assert talk.text not in first(0.0)
    assert talk.text in first(1.0)


def test_what_is_in_hand_is_on_the_list_however_lately_it_was_begun(percept: MakePercept) -> None:
    here = percept()
    apple = next(option for option in here.options if option.text == "take an apple")
    found = shortlist(here, None, 2, Random(1), lambda _: 1, lambda _: 1, keep=apple)
    assert apple in found
    assert apple not in listed(here, None, 2, since=1)


@ONE_WORLD
@given(st.integers(2, 12), st.integers(), st.none() | st.integers(0, 200))
def test_the_planned_act_is_always_on_it(
    percept: MakePercept, limit: int, seed: int, since: int | None
) -> None:
    texts = [option.text for option in listed(percept(), APPLE, limit, seed, since)]
    assert "take an apple" in texts


@ONE_WORLD
@given(st.integers(2, 12), st.integers(), st.none() | st.integers(0, 200))
def test_the_way_to_the_plan_is_always_on_it(
    percept: MakePercept, limit: int, seed: int, since: int | None
) -> None:
    texts = [option.text for option in listed(percept(), WALK, limit, seed, since)]
    assert "go to the yard" in texts


def test_a_short_list_is_the_same_for_the_same_key(percept: MakePercept) -> None:
    here = percept()
    assert listed(here, None, 5, 3) == listed(here, None, 5, 3)
    assert len({tuple(o.text for o in listed(here, None, 5, seed)) for seed in range(20)}) > 1


def test_whoever_is_tired_finds_their_bed_on_it(percept: MakePercept) -> None:
    assert "go to bed" in [o.text for o in listed(percept(energy=0), None, 4)]


def test_menus_of_a_run_are_within_the_limit(company: MakeCompany) -> None:
    options = MindOptions(shortlist=3)
    model = Scripted()
    here = company(model, people=["ann", "ben", "cat"], options=options, start="12:00").live(20)
    assert {decided.options for decided in here.events.of(Decided)} == {3}
    assert all(decided.legal > 3 for decided in here.events.of(Decided))
    menus = {decided.menu for decided in here.events.of(Decided)}
    shown = {tuple(o["text"] for o in json.loads(here.events.contents[menu])) for menu in menus}
    assert set(model.options) == shown


# Budgets ---------------------------------------------------------------------------------------

LINES = st.lists(st.text(min_size=1, max_size=60), max_size=8)


@given(LINES, st.integers(0, 60))
def test_what_is_kept_is_within_the_budget(lines: list[str], budget: int) -> None:
    kept, left_out = within(lines, budget)
    assert sum(estimate_tokens(line) for line in kept) <= budget
    assert kept == [line for number, line in enumerate(lines) if number not in left_out]


@given(LINES)
def test_nothing_is_left_out_where_everything_fits(lines: list[str]) -> None:
    assert within(lines, sum(estimate_tokens(line) for line in lines)) == (lines, [])


@given(st.integers(0, 10), st.integers(0, 60))
def test_of_lines_of_one_length_the_last_are_left_out(number: int, budget: int) -> None:
    kept, left_out = within(["one two three four"] * number, budget)
    assert left_out == list(range(len(kept), number))


@pytest.mark.parametrize("budget", [0, 20, 400])
def test_memories_that_do_not_fit_are_named(company: MakeCompany, budget: int) -> None:
    options = MindOptions(memory_tokens=budget)
    here = company(Scripted(), options=options, start="12:00", apples=50).live(80)
    recalled = {
        (event.agent, event.tick): event.memories
        for event in here.events.of(Recalled)
        if event.purpose == "decide"
    }
    decisions = [d for d in here.events.of(Decided) if d.memories or d.dropped]
    assert decisions
    for decided in decisions:
        order = recalled[decided.agent, decided.tick]
        for part in (decided.memories, decided.dropped):
            assert list(part) == [memory for memory in order if memory in part]
        assert not set(decided.memories) & set(decided.dropped)
    assert any(d.memories for d in decisions) is (budget > 0)
    assert any(d.dropped for d in decisions) is (budget < 400)


def test_what_somebody_was_just_told_is_before_them_when_they_decide(company: MakeCompany) -> None:
    ann = Script({0: Say(to="ben", text="The mill is shut.", facts=("paper",), last=True)})
    model = Scripted()
    here = company(model, minds={"ann": ann}, start="12:00").live(3)
    decided = next(d for d in here.events.of(Decided, "ben") if d.tick > 0)
    told = {m.id for m in here.events.of(Remembered, "ben") if m.fact == "paper"}
    assert told & set(decided.memories)
    assert "The mill is shut." in model.questions("decide")[-1]


def test_a_prompt_holds_the_memories_that_were_kept_and_no_others(company: MakeCompany) -> None:
    model = Scripted()
    options = MindOptions(memory_tokens=0)
    company(model, options=options, start="12:00").live(8)
    assert not [question for question in model.questions("decide") if "remembers" in question]


def test_a_scene_says_who_when_and_where(percept: MakePercept) -> None:
    fields = scene(percept(), [], None, "mend the roof", MindOptions()).fields
    assert fields["who"] == "Ann is a miller who lives by the hall."
    assert fields["when"] == "It is 07:00 and Ann is in the hall."
    assert "mend the roof" in fields["plan"]
    assert (fields["memories"], fields["traits"], fields["need"]) == ("", "", "")


@pytest.mark.parametrize(("energy", "word"), [(1, "very tired"), (3, "tired"), (8, "")])
def test_a_need_is_said_only_where_it_is_felt(
    percept: MakePercept, energy: float, word: str
) -> None:
    need = scene(percept(energy=energy), [], None, "", MindOptions()).fields["need"]
    assert need == (f"Ann is {word}." if word else "")
