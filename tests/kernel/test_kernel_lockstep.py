"""A tick: everyone thinks about one instant, then everyone acts in a seeded order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulation.episode.events import (
    Acted,
    Changed,
    Failed,
    Happening,
    Joined,
    Learned,
    Moved,
    Said,
)
from simulation.kernel.action import ACTION, Action, Go, Read, Say, Sleep, Take, Wait
from simulation.kernel.ids import EventId

if TYPE_CHECKING:
    from tests.kernel.conftest import MakePlay

GREETING = Say(to="ben", text="Good morning, Ben.")
NEWS = Say(to="ben", text="I give a supper in the yard at eight.", facts=("supper",))
APPLE = Take(thing="apple")


# Words ---------------------------------------------------------------------------------------


def test_words_are_heard_one_tick_later(play: MakePlay) -> None:
    ben = play({"ann": {1: GREETING}}).live(4).minds["ben"]
    assert [ben.heard(tick) for tick in range(4)] == [[], [], [("ann", GREETING.text, True)], []]


def test_whoever_is_addressed_is_told_and_others_overhear(play: MakePlay) -> None:
    here = play({"ann": {0: GREETING}}).live(2)
    assert here.minds["cat"].heard(1) == [("ann", GREETING.text, False)]
    [said] = here.events.of(Said)
    assert (said.told, said.overheard) == (("ben",), ("cat",))


def test_words_to_all_are_told_to_all_in_earshot(play: MakePlay) -> None:
    here = play({"ann": {0: Say(text="The bread is ready.")}}).live(1)
    [said] = here.events.of(Said)
    assert (set(said.told), said.overheard) == ({"ben", "cat"}, ())


def test_nobody_out_of_earshot_hears(play: MakePlay) -> None:
    here = play({"ann": {0: Say(text="Dan!"), 1: Say(to="dan", text="Dan!")}}).live(3)
    assert [here.minds["dan"].heard(tick) for tick in range(3)] == [[], [], []]
    assert here.events.of(Said)[1].told == ()


def test_a_speaker_does_not_hear_their_own_words(play: MakePlay) -> None:
    here = play({"ann": {0: Say(text="The bread is ready.")}}).live(2)
    assert here.minds["ann"].heard(1) == []


def test_sleeping_people_hear_see_and_learn_nothing(play: MakePlay) -> None:
    here = play({"ben": {0: Sleep()}, "ann": {1: NEWS, 2: APPLE}}).live(4)
    percepts = here.minds["ben"].percepts[2:]
    assert all(not p.heard and not p.people and not p.noticed and not p.earshot for p in percepts)
    assert [learned.agent for learned in here.events.of(Learned)] == ["ann", "cat"]


def test_two_can_speak_in_one_tick(play: MakePlay) -> None:
    here = play({"ann": {0: GREETING}, "ben": {0: Say(to="ann", text="Ann!")}}).live(2)
    assert here.minds["ann"].heard(1) == [("ben", "Ann!", True)]
    assert here.minds["ben"].heard(1) == [("ann", GREETING.text, True)]


# Acts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_acts_are_resolved_in_the_seeded_order(play: MakePlay, seed: int) -> None:
    here = play({"ann": {0: APPLE}, "ben": {0: APPLE}, "cat": {0: APPLE}}, seed=seed).live(1)
    order = here.world.streams.order(tuple(here.world.bodies), 0)
    first, *others = [agent for agent in order if agent != "dan"]
    assert [acted.agent for acted in here.events.of(Acted)] == [first]
    assert [failed.agent for failed in here.events.of(Failed)] == others


def test_an_act_that_became_impossible_fails_with_a_reason_that_is_perceived(
    play: MakePlay,
) -> None:
    here = play({"ann": {0: APPLE}, "ben": {0: APPLE}}).live(2)
    [failed] = here.events.of(Failed)
    assert failed.reason == "there is no apple left"
    outcome = here.minds[failed.agent].percepts[1].outcome
    assert outcome is not None
    assert (outcome.event, outcome.reason, outcome.deed) == (failed.id, failed.reason, "")


def test_what_was_done_is_perceived_as_an_outcome_once(play: MakePlay) -> None:
    ann = play({"ann": {0: APPLE}}).live(3).minds["ann"]
    deeds = [percept.outcome.deed if percept.outcome else None for percept in ann.percepts]
    assert deeds == [None, "took an apple", None]


def test_effects_tell_what_was_before_and_after_within_the_tick(play: MakePlay) -> None:
    here = play({"ann": {0: APPLE}, "ben": {0: APPLE}}, apples=2).live(1)
    changes = [
        (effect["before"], effect["after"])
        for acted in here.events.of(Acted)
        for effect in acted.effects
        if effect["target"] == "table"
    ]
    assert changes == [(2, 1), (1, 0)]
    assert here.world.view().number("table", "apples") == 0
    assert here.world.view().holds("ann", "apple") == 1


def test_all_minds_think_about_the_same_instant(play: MakePlay) -> None:
    here = play({name: {0: Go(to="yard")} for name in ("ann", "ben", "cat")}).live(2)
    for mind in here.minds.values():
        seen = {person.id: person.doing for person in mind.percepts[0].people}
        assert set(seen.values()) <= {""}
    assert {mind.percepts[1].view.tick for mind in here.minds.values()} == {1}


def test_a_walk_goes_on_by_itself_and_writes_each_step(play: MakePlay) -> None:
    here = play({"ann": {0: Go(to="yard")}}).live(12)
    moved = here.events.of(Moved, "ann")
    assert [event.tick for event in moved] == list(range(len(moved)))
    assert here.world.view().place_id("ann") == "yard"
    assert here.world.bodies["ann"].cell is here.world.grid[moved[-1].cell]
    assert here.events.of(Acted, "ann")[-1].since == 0


def test_what_takes_longer_is_resolved_when_it_is_due(play: MakePlay) -> None:
    here = play({"ann": {0: Wait(minutes=5)}}).live(8)
    [acted] = here.events.of(Acted)
    assert (acted.tick, acted.since) == (4, 0)
    busy = [percept.activity is not None for percept in here.minds["ann"].percepts]
    assert busy == [False, True, True, True, True, False, False, False]


def test_an_action_in_the_middle_of_another_takes_its_place(play: MakePlay) -> None:
    here = play({"ann": {0: Wait(minutes=30), 2: APPLE}}).live(4)
    assert [acted.deed for acted in here.events.of(Acted)] == ["took an apple"]
    assert here.world.view().activity("ann") is None


def test_onlookers_notice_what_is_done_and_the_doer_does_not(play: MakePlay) -> None:
    here = play({"ann": {0: APPLE}}).live(3)
    noticed = {
        name: [sight.text for sight in mind.percepts[1].noticed]
        for name, mind in here.minds.items()
    }
    assert noticed == {
        "ann": [],
        "ben": ["Ann took an apple."],
        "cat": ["Ann took an apple."],
        "dan": [],
    }
    assert here.minds["ben"].percepts[2].noticed == ()


def test_what_happens_by_itself_comes_first_and_is_noticed_in_its_place(play: MakePlay) -> None:
    here = play({"ann": {1: APPLE}}, bell=1).live(3)
    [rung] = here.events.of(Changed)
    assert EventId.parse(rung.id) < EventId.parse(here.events.of(Acted)[0].id)
    heard = [name for name, mind in here.minds.items() if mind.percepts[2].noticed]
    assert "dan" in heard
    assert [sight.text for sight in here.minds["dan"].percepts[2].noticed] == ["The bell rings."]


def test_no_mind_and_no_act_leave_no_event(play: MakePlay) -> None:
    here = play().live(5)
    assert {type(event) for event in here.events.all} == {Joined, Learned}
    assert here.events.ticks == [-1, 0, 1, 2, 3, 4]


def test_events_are_committed_in_the_order_of_their_ids(play: MakePlay) -> None:
    acts: dict[str, dict[int, Action]] = {
        "ann": {0: NEWS, 1: APPLE},
        "ben": {0: Read(thing="board")},
        "cat": {0: Go(to="yard"), 1: Say(text="Good evening.")},
        "dan": {1: Go(to="hall")},
    }
    ids = [event.id for event in play(acts, bell=1).live(6).events.all]
    assert ids == sorted(set(ids))


def test_every_cause_is_an_earlier_event(play: MakePlay) -> None:
    events = play({"ann": {0: NEWS}, "ben": {1: Read(thing="board")}}).live(3).events.all
    seen: set[str] = set()
    for event in events:
        assert set(event.causes) <= seen
        seen.add(event.id)


# Facts ---------------------------------------------------------------------------------------


def learned(events: list[Happening]) -> list[tuple[str, str, str, str]]:
    return [
        (event.agent, event.fact, event.source, event.teller)
        for event in events
        if isinstance(event, Learned)
    ]


def test_seeded_facts_are_the_first_thing_known(play: MakePlay) -> None:
    here = play().live(1)
    assert learned(here.events.all) == [("ann", "supper", "seeded", "")]
    assert [fact.fact for fact in here.minds["ann"].percepts[0].learned] == ["supper"]


def test_a_fact_is_told_to_one_and_overheard_by_another(play: MakePlay) -> None:
    here = play({"ann": {0: NEWS}}).live(2)
    assert learned(here.events.all)[1:] == [
        ("ben", "supper", "told", "ann"),
        ("cat", "supper", "overheard", "ann"),
    ]
    [said] = here.events.of(Said)
    assert all(event.causes == (said.id,) for event in here.events.of(Learned)[1:])
    [news] = here.minds["cat"].percepts[1].learned
    assert (news.source, news.teller) == ("overheard", "ann")


def test_a_fact_is_learned_once(play: MakePlay) -> None:
    here = play({"ann": {0: NEWS, 1: NEWS}, "ben": {2: Say(facts=("supper",))}}).live(4)
    assert [who for who, *_ in learned(here.events.all)] == ["ann", "ben", "cat"]


def test_a_fact_that_is_read_has_no_teller(play: MakePlay) -> None:
    here = play({"dan": {0: Read(thing="board"), 1: Read(thing="board")}}).live(3)
    assert learned(here.events.all)[1:] == [("dan", "paper", "read", "")]


def test_a_fact_that_nobody_knows_of_is_not_learned(play: MakePlay) -> None:
    here = play({"ann": {0: Say(facts=("no such fact",), text="Hm.")}}).live(1)
    assert len(learned(here.events.all)) == 1


# Errors and Mesa -----------------------------------------------------------------------------


def test_an_error_stops_the_world_and_is_raised_again(play: MakePlay) -> None:
    here = play({"ann": {1: Take(thing="poison")}}).live(1)
    with pytest.raises(RuntimeError, match="poison") as first:
        here.live(1)
    with pytest.raises(RuntimeError) as again:
        here.live(1)
    assert again.value is first.value
    assert here.world.error is first.value
    assert here.world.running is False


def test_a_tick_with_an_error_is_not_committed(play: MakePlay) -> None:
    here = play({"ann": {0: APPLE, 1: Take(thing="poison")}, "ben": {1: GREETING}}).live(1)
    with pytest.raises(RuntimeError):
        here.live(3)
    assert here.events.ticks == [-1, 0]
    assert here.world.tick == 1


def test_mesas_own_run_stops_after_an_error(play: MakePlay) -> None:
    here = play({"ann": {2: Take(thing="poison")}})
    with pytest.raises(RuntimeError):
        here.world.run_model()
    assert here.world.tick == 2


def test_a_world_of_one_seed_lives_one_life(play: MakePlay) -> None:
    acts = {name: {0: APPLE, 1: Go(to="yard"), 2: GREETING} for name in ("ann", "ben", "cat")}
    lives = [play(acts, seed=3).live(8).events.all for _ in range(2)]
    assert lives[0] == lives[1]


def test_bodies_show_what_the_ledger_knows(play: MakePlay) -> None:
    world = play({"ann": {0: Wait(minutes=9)}}).live(2).world
    ann = world.bodies["ann"]
    assert (ann.place, ann.verb, ann.doing, ann.need("energy")) == ("hall", "wait", "sweeping", 8)
    assert (world.bodies["dan"].place, world.bodies["dan"].verb) == ("yard", "")


def test_actions_are_json() -> None:
    for action in (NEWS, APPLE, Go(to="yard"), Sleep(), Wait(minutes=3, doing="sweep the hall")):
        assert ACTION.validate_json(action.model_dump_json()) == action
    with pytest.raises(ValueError, match="verb"):
        ACTION.validate_python({"verb": "fly"})
