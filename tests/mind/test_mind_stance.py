"""Positions: who holds one, what moves it, and what the log keeps of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulation.episode.events import Remembered, Said, TookStance
from simulation.episode.sink import Scribe
from simulation.kernel.action import Say
from simulation.kernel.ids import Phase
from simulation.kernel.percept import Heard
from simulation.kernel.topics import Topic
from simulation.mind.options import MindOptions
from simulation.mind.stance import GAIN, OWN, RATE, Stances
from tests.kernel.toy import Events, Script, Toy, person, toy_spec
from tests.mind.company import Scripted

if TYPE_CHECKING:
    from simulation.kernel.topics import Position
    from simulation.kernel.world import World
    from tests.mind.conftest import MakeCompany

TOLL = Topic(
    id="toll",
    statement="the toll should stay",
    pro="I would keep the toll",
    con="I would drop the toll",
    held={"ann": 0.4},
)
MAYOR = Topic(
    id="mayor",
    statement="who should be mayor",
    options={"lund": "I am for Lund", "holm": "I am for Holm"},
    held={"ann": "lund"},
)
TOPICS = {"toll": TOLL, "mayor": MAYOR}


def words(position: Position, speaker: str = "ben", topic: str = "toll") -> Heard:
    return Heard(
        event=f"00001.2.001.{speaker}",
        speaker=speaker,
        to="ann",
        text="…",
        facts=(),
        about="",
        told=True,
        positions=((topic, position),),
    )


def moved(*heard: Heard, who: str = "ann", closeness: float = 0.0, **five: float) -> Stances:
    stances = Stances(person(who, five=five), TOPICS, lambda _: closeness)
    scribe = Scribe(3, Phase.THINK, 1, who, "hall")
    stances.begin(scribe)
    for one in heard:
        stances.hear(one)
    stances.follow_the_rule(scribe)
    return stances


# The rule --------------------------------------------------------------------------------------


def test_a_number_moves_a_share_of_the_way_to_one_that_is_near() -> None:
    # 0.4 + 0.15 · (0.8 - 0.4) = 0.46
    assert moved(words(0.8)).position("toll") == pytest.approx(0.46)


def test_a_number_that_is_too_far_off_moves_nothing() -> None:
    assert moved(words(-0.7)).position("toll") == 0.4


def test_openness_widens_what_counts() -> None:
    # confidence 1.0 + 0.25 · 2 = 1.5 > 1.1, so 0.4 + 0.15 · (-0.7 - 0.4) = 0.235
    assert moved(words(-0.7), openness=5.0).position("toll") == pytest.approx(0.235)


def test_somebody_close_weighs_more() -> None:
    # weight 1 + 5 / 5 = 2: 0.4 + 0.15 · 2 · 0.4 = 0.52
    assert moved(words(0.8), closeness=5.0).position("toll") == pytest.approx(0.52)


def test_who_cannot_be_borne_weighs_nothing() -> None:
    assert moved(words(0.8), closeness=-5.0).position("toll") == 0.4


def test_the_same_from_the_same_person_weighs_half_as_much_again() -> None:
    once = 0.4 + RATE * 0.4
    assert moved(words(0.8), words(0.8)).position("toll") == pytest.approx(
        once + RATE / 2 * (0.8 - once), abs=1e-3
    )


def test_two_people_move_more_than_one_twice() -> None:
    two = moved(words(0.8), words(0.8, "cat")).position("toll")
    one = moved(words(0.8), words(0.8)).position("toll")
    assert isinstance(two, float)
    assert isinstance(one, float)
    assert two > one


def test_who_has_no_number_yet_starts_from_the_middle() -> None:
    assert moved(words(-1.0), who="ben").position("toll") == pytest.approx(-RATE)


def test_a_named_option_is_kept_against_one_voice_and_given_up_against_many() -> None:
    voices = [words("holm", speaker, "mayor") for speaker in "bcdefgh"]
    assert moved(voices[0]).position("mayor") == "lund"
    # OWN 1.5 for lund; each voice adds 0.5; 1 / (1 + e^(1.5 - 0.5 n)) passes 0.7 at n = 5
    assert (OWN, GAIN) == (1.5, 0.5)
    assert moved(*voices[:4]).position("mayor") == "lund"
    assert moved(*voices[:5]).position("mayor") == "holm"


def test_who_is_undecided_needs_two_voices() -> None:
    assert moved(words("holm", "b", "mayor"), who="ben").position("mayor") is None
    two = moved(words("holm", "b", "mayor"), words("holm", "c", "mayor"), who="ben")
    assert two.position("mayor") == "holm"


@given(st.lists(st.tuples(st.sampled_from("bcd"), st.floats(-1, 1)), max_size=20))
def test_a_number_never_leaves_its_range(said: list[tuple[str, float]]) -> None:
    stances = moved(*(words(position, speaker) for speaker, position in said), closeness=5.0)
    position = stances.position("toll")
    assert isinstance(position, float)
    assert -1 <= position <= 1


def test_a_position_that_a_topic_does_not_have_is_not_heard() -> None:
    assert moved(words("lund"), words(0.5, topic="mayor"), words(7.0)).position("toll") == 0.4


# In the log and in the memory --------------------------------------------------------------------


SAID = Say(to="ann", text="I am for Holm.", positions=(("mayor", "holm"),), last=True)


def test_every_look_is_an_event_with_the_words_behind_it(company: MakeCompany) -> None:
    here = company(
        Scripted(likes={"stay": 1e9}),
        topics=(TOLL, MAYOR),
        minds={"ben": Script({1: SAID})},
    ).live(4)
    seeded, looked = here.events.of(TookStance, "ann")[:2], here.events.of(TookStance, "ann")[2:]
    assert [(one.topic, one.before, one.after) for one in seeded] == [
        ("toll", None, 0.4),
        ("mayor", None, "lund"),
    ]
    assert [(one.before, one.after, one.origin) for one in looked] == [("lund", "lund", "rules")]
    assert looked[0].heard == looked[0].causes
    assert looked[0].heard[0] in {event.id for event in here.events.all}


def test_a_chat_model_says_where_somebody_stands_now(company: MakeCompany) -> None:
    model = Scripted(likes={"stay": 1e9, "I am for Holm": 9.0}, rating=3.0, style="chat")
    heard = SAID.model_copy(update={"positions": (("mayor", "holm"), ("toll", -1.0))})
    here = company(model, topics=(TOLL, MAYOR), minds={"ben": Script({1: heard})}).live(4)
    looked = {one.topic: one for one in here.events.of(TookStance, "ann") if one.heard}
    assert (looked["mayor"].after, looked["mayor"].origin) == ("holm", "model")
    assert looked["mayor"].probabilities == (0.1, 0.9)
    # 3 on 1 to 9 is half of the way from the middle to the low end
    assert looked["toll"].after == -0.5
    asked = model.questions("stance")
    assert "Ann has said so far: I am for Lund." in " ".join(asked)
    assert "Ben said: I am for Holm." in " ".join(asked)


def test_another_side_is_a_memory_with_the_words_as_evidence(company: MakeCompany) -> None:
    model = Scripted(likes={"stay": 1e9, "I am for Holm": 9.0}, style="chat")
    here = company(model, topics=(MAYOR,), minds={"ben": Script({1: SAID})}).live(4)
    thought = [m for m in here.events.of(Remembered, "ann") if m.kind == "reflection"]
    assert [memory.text for memory in thought] == [
        "Ann thinks: I am for Lund.",
        "Ann thinks: I am for Holm.",
    ]
    said = [event.id for event in here.events.all if getattr(event, "text", "") == SAID.text]
    assert said[0] in thought[1].evidence


def test_a_model_that_fails_leaves_it_to_the_rule_and_says_so(company: MakeCompany) -> None:
    model = Scripted(likes={"stay": 1e9}, style="chat", fails=("stance",))
    here = company(model, topics=(MAYOR,), minds={"ben": Script({1: SAID})}).live(4)
    looked = [one for one in here.events.of(TookStance, "ann") if one.heard]
    assert [(one.after, one.origin) for one in looked] == [("lund", "fallback")]


def test_the_rules_mind_voices_and_moves_positions(worlds: list[World]) -> None:
    talkative = {"extraversion": 5.0}
    cast = (person("ann", five=talkative), person("ben", five=talkative))
    events = Events()
    toll = TOLL.model_copy(update={"held": {"ann": 0.9, "ben": 0.1}})
    spec = toy_spec(cast, start="12:00", topics=(toll,), facts=())
    world = Toy(spec, mind="rules", rng=1, sink=events)
    worlds.append(world)
    for _ in range(120):
        world.step()
    assert {("toll", 0.9)} <= {taken for said in events.of(Said) for taken in said.positions}
    looked = [one for one in events.of(TookStance, "ben") if one.heard]
    assert looked[0].before == 0.1
    assert isinstance(looked[-1].after, float)
    assert looked[-1].after > 0.1
    assert {one.origin for one in looked} == {"rules"}


def test_positions_can_be_switched_off(company: MakeCompany) -> None:
    options = MindOptions(without=("stance",))
    model = Scripted(likes={"stay": 1e9})
    here = company(model, topics=(MAYOR,), minds={"ben": Script({1: SAID})}, options=options).live(
        4
    )
    assert not here.events.of(TookStance)


# Topics ------------------------------------------------------------------------------------------


def test_who_is_an_option_says_it_in_the_first_person() -> None:
    topic = MAYOR.model_copy(update={"said_by": {"lund": "I want to be mayor"}})
    assert topic.clause("lund", "lund") == "I want to be mayor"
    assert topic.clause("lund", "ann") == topic.clause("lund") == "I am for Lund"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pro": ""}, "pro and con"),
        ({"options": {"a": "I am for a"}}, "one or the other"),
        ({"held": {"ann": 2.0}}, "ann: 2.0"),
        ({"held": {"ann": "lund"}}, "ann: 'lund'"),
    ],
)
def test_a_topic_that_makes_no_sense_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Topic.model_validate(TOLL.model_dump() | changes)
