"""A person in the place of a mind."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest

from simulation import Episode, Simulation
from simulation.episode.events import Asked, Decided, FellBack, Said
from simulation.episode.export import canonical_sha256
from simulation.errors import ConfigError
from simulation.kernel.action import Wait
from simulation.mind.human import PATIENCE, HumanMind
from simulation.minds import Minds
from simulation.verify import Verification
from tests.kernel.toy import Events, Script, Toy, person, toy_spec
from worlds import village

if TYPE_CHECKING:
    from pathlib import Path

    from simulation.kernel.mind import Mind
    from simulation.kernel.world import World
    from simulation.mind.question import Question


class Person:
    """Types what stands in a list, then nothing but Enter; keeps what was asked."""

    def __init__(self, *lines: str) -> None:
        self._lines = list(lines)
        self.asked: list[Question] = []

    def __call__(self, question: Question) -> str:
        self.asked.append(question)
        return self._lines.pop(0) if self._lines else ""


def lived(worlds: list[World], ann: Person, ticks: int = 1) -> Events:
    """Ann is played; Ben and Cat stand by."""
    events = Events()
    human = partial(HumanMind, ask=ann)

    def make(world: World, agent: str) -> Mind:
        return human(world, agent) if agent == "ann" else Script()

    cast = tuple(person(name) for name in ("ann", "ben", "cat"))
    world = Toy(toy_spec(cast), mind=make, rng=1, sink=events)
    worlds.append(world)
    for _ in range(ticks):
        world.step()
    return events


@pytest.mark.parametrize("typed", ["1", "apple", "take an apple", "TAKE AN APPLE", " 1. "])
def test_an_act_is_chosen_by_number_or_by_words(worlds: list[World], typed: str) -> None:
    [decided] = lived(worlds, Person(typed)).of(Decided, "ann")
    assert decided.action == {"verb": "take", "thing": "apple"}
    assert decided.origin == "human"


def test_a_choice_keeps_the_whole_menu(worlds: list[World]) -> None:
    events = lived(worlds, Person("2"))
    [decided] = events.of(Decided, "ann")
    assert decided.options == decided.legal == len(json.loads(events.contents[decided.menu]))


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("99", "there is no 99"),
        ("0", "there is no 0"),
        ("the", "fits several"),
        ("fly", "nothing that can be done here"),
        ("1 please", "needs no words"),
        ("Dan: hello", "nothing that can be done"),
        ("say", "give the words"),
        ("x" * 2000, "2,000 characters are too many"),
        ("wait 100000", "wait for 1 to 1440"),
    ],
)
def test_what_cannot_be_read_is_asked_again_with_a_line(
    worlds: list[World], typed: str, fault: str
) -> None:
    ann = Person(typed, "1")
    events = lived(worlds, ann)
    assert fault in ann.asked[1].fault
    assert [asked.repair for asked in events.of(Asked, "ann")] == [0, 1]
    assert len(events.of(Decided, "ann")) == 1


def test_what_can_never_be_read_ends_in_waiting(worlds: list[World]) -> None:
    events = lived(worlds, Person(*["fly"] * PATIENCE))
    assert len(events.of(FellBack, "ann")) == 1
    [decided] = events.of(Decided, "ann")
    assert decided.action["verb"] == "wait"


@pytest.mark.parametrize("typed", ["Ben: good day", "say Ben: good day", "say to Ben: good day"])
def test_words_reach_who_is_named_before_the_colon(worlds: list[World], typed: str) -> None:
    [said] = lived(worlds, Person(typed), ticks=2).of(Said, "ann")
    assert (said.to, said.text, said.last) == ("ben", "good day", False)


def test_words_to_nobody_in_particular_are_for_all(worlds: list[World]) -> None:
    [said] = lived(worlds, Person("say good day"), ticks=2).of(Said, "ann")
    assert set(said.told) == {"ben", "cat"}


def test_last_words_are_marked(worlds: list[World]) -> None:
    [said] = lived(worlds, Person("bye Ben: good night"), ticks=2).of(Said, "ann")
    assert said.last


def test_talk_that_is_picked_asks_for_the_words(worlds: list[World]) -> None:
    ann = Person("talk with Ben", "good day")
    [said] = lived(worlds, ann, ticks=2).of(Said, "ann")
    assert (said.to, said.text) == ("ben", "good day")
    assert ann.asked[1].wanted


def test_control_characters_do_not_get_into_what_is_said(worlds: list[World]) -> None:
    [said] = lived(worlds, Person("Ben: \x1b[31mgood\x00 day"), ticks=2).of(Said, "ann")
    assert said.text == "[31mgood day"


def test_an_activity_goes_on_without_a_question(worlds: list[World]) -> None:
    ann = Person("wait 5")
    lived(worlds, ann, ticks=5)
    assert [question.tick for question in ann.asked] == [0]


def test_something_of_ones_own_is_seen_and_changes_nothing(worlds: list[World]) -> None:
    [decided] = lived(worlds, Person("do whittle a spoon")).of(Decided, "ann")
    assert decided.action["doing"] == "whittle a spoon"
    assert Wait.model_validate(decided.action).minutes == 30


def test_every_reply_is_journalled_in_its_order(worlds: list[World]) -> None:
    events = lived(worlds, Person("fly", "talk with Ben", "good day"))
    assert events.replies == [("ann", 0, "human", number) for number in range(3)]


def test_a_run_with_a_person_in_it_is_repeated_without_them(tmp_path: Path) -> None:
    def live(out: Path, ann: Person, ticks: int) -> None:
        spec = village.load(agents=2)
        with Simulation(spec, seed=3, mind="rules,human:Ada", out=out, ask=ann) as simulation:
            simulation.run(ticks)

    live(tmp_path / "whole", Person("1", "quay", "wait 5"), 60)
    assert Verification(tmp_path / "whole").run().replies > 3
    live(tmp_path / "part", Person("1"), 20)
    rest = Person("quay", "wait 5")
    with Simulation.resume(tmp_path / "part", ask=rest) as simulation:
        whole, part = (
            canonical_sha256(e) for e in (Episode.open(tmp_path / "whole"), simulation.run(60))
        )
    assert whole == part
    assert min(question.tick for question in rest.asked) >= 20


def test_a_person_who_leaves_ends_the_run_before_that_tick(tmp_path: Path) -> None:
    def gone(_: Question) -> str:
        raise EOFError

    spec = village.load(agents=2)
    with Simulation(spec, mind="rules,human:ada", out=tmp_path / "e", ask=gone) as simulation:
        assert simulation.run(20).ticks == 0
        assert simulation.end == "interrupted"


def test_a_failure_of_the_one_who_asks_is_not_swallowed(tmp_path: Path) -> None:
    def broken(_: Question) -> str:
        raise ValueError("no screen")

    spec = village.load(agents=2)
    with (
        Simulation(spec, mind="rules,human:ada", out=tmp_path / "e", ask=broken) as simulation,
        pytest.raises(ValueError, match="no screen"),
    ):
        simulation.run(20)


def test_nobody_plays_without_somebody_to_ask(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nobody is at the keyboard"):
        Simulation(village.load(agents=2), mind="rules,human:ada", out=tmp_path / "e")
    assert not (tmp_path / "e").exists()


def test_several_can_be_played_and_are_named_in_the_order_of_the_roster() -> None:
    cast = tuple(person(name) for name in ("ann", "ben", "cat"))
    minds = Minds.parse(["human:Ben", "rules", "human:ANN"], cast)
    assert str(minds) == "rules,human:ann,human:ben"
    assert Minds.parse(str(minds), cast) == minds
    assert [minds.plays(who.id) for who in cast] == [True, True, False]


@pytest.mark.parametrize("names", ["human:zoe", "human:", "rules,uniform", "robot"])
def test_minds_that_there_are_not_are_refused_in_a_line(names: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Minds.parse(names, (person("ann"),))
    assert "\n" not in str(caught.value)
