"""Reaching into a world: how it is written, what it does, and when it is refused."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from simulation.episode.events import (
    Acted,
    Intervened,
    Joined,
    Learned,
    Left,
    Moved,
    Warned,
)
from simulation.errors import BadInput, ConfigError
from simulation.kernel.action import Take, Wait
from simulation.kernel.intervention import FORMS, INTERVENTION, parse
from simulation.kernel.reaching_in import Asked
from tests.kernel.toy import Toy, person

if TYPE_CHECKING:
    from personas import Persona
    from simulation.episode.sink import Scribe
    from simulation.kernel.action import Action
    from simulation.kernel.percept import Percept
    from tests.kernel.conftest import MakePlay

LINES = (
    'whisper ann "the mill is shut"',
    'announce "The bell rings." in yard',
    'announce "It thunders."',
    "change table apples=4",
    "move ann to yard",
    "remove ben",
    "set light=off",
    "persona ann big_five.openness=5.0",
)


def asked(play: Any, line: str) -> None:
    play.world.intervene(line)
    play.live(1)


def newcomer(tmp_path: Path, **changes: Any) -> str:
    data = person("eve", **changes).model_dump(mode="json", exclude_none=True)
    (tmp_path / "eve.yaml").write_text(yaml.safe_dump(data))
    return str(tmp_path / "eve.yaml")


# How it is written -----------------------------------------------------------------------------


@pytest.mark.parametrize("line", LINES)
def test_what_is_written_down_reads_back_as_the_same(line: str) -> None:
    first = parse(line)
    assert parse(first.as_text()) == first
    assert INTERVENTION.validate_json(first.model_dump_json()) == first


@given(st.text(max_size=80) | st.sampled_from(list(FORMS)).flatmap(
    lambda verb: st.text(max_size=60).map(lambda rest: f"{verb} {rest}")
))  # fmt: skip
@example('whisper ann "')
@example("set =")
@example("add ../../etc/passwd")
@example("whisper ann \ud800")
@example("change table apples=" + "9" * 5000)
def test_any_line_is_an_intervention_or_one_clear_error(line: str) -> None:
    told = ""
    try:
        told = parse(line).kind
    except BadInput as error:
        told = str(error)
    assert told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("dance ann", "unknown intervention"),
        ("whisper ann", "Write whisper WHO"),
        ("move ann yard now", "'yard' stands where 'to'"),
        ("set light", "'light' is not NAME=VALUE"),
        ("set light=on light=off", "light is given twice"),
        ('whisper ann "no end', "Quotation marks come in pairs"),
        ("add nobody_at_all", "unknown persona"),
    ],
)
def test_a_line_that_is_none_says_what_to_write(line: str, told: str) -> None:
    with pytest.raises(BadInput, match=re.escape(told)):
        parse(line)


# What it does ----------------------------------------------------------------------------------


def test_a_whisper_reaches_one_mind_a_tick_later_and_nobody_else(play: MakePlay) -> None:
    made = play()
    asked(made, 'whisper Ann "the mill is shut"')
    made.live(2)
    ann, ben = made.minds["ann"].percepts, made.minds["ben"].percepts
    assert [[words for _, words in percept.whispers] for percept in ann] == [
        [],
        ["the mill is shut"],
        [],
    ]
    assert not any(percept.whispers for percept in ben)


def test_what_is_announced_in_a_place_is_noticed_there_alone(play: MakePlay) -> None:
    made = play()
    asked(made, 'announce "The bell rings." in yard')
    made.live(1)
    texts = {who: [n.text for n in made.minds[who].percepts[1].noticed] for who in ("ann", "dan")}
    assert texts == {"ann": [], "dan": ["The bell rings."]}


def test_a_changed_object_is_an_effect_on_the_log_and_in_the_rules(play: MakePlay) -> None:
    made = play({"ann": {1: Take(thing="apple")}}, apples=0)
    asked(made, "change table apples=2")
    made.live(1)
    [event] = made.events.of(Intervened)
    assert event.kind == "change"
    assert event.effects[0]["before"] == 0
    assert event.effects[0]["after"] == 2
    [took] = made.events.of(Acted, "ann")
    assert took.deed == "took an apple"


def test_somebody_who_is_moved_is_there_and_has_nothing_in_hand(play: MakePlay) -> None:
    made = play({"ann": {0: Wait(minutes=30)}})
    made.live(1)
    asked(made, "move ann to the yard")
    view = made.world.view()
    assert view.place_id("ann") == "yard"
    assert view.activity("ann") is None
    [moved] = made.events.of(Moved, "ann")
    assert moved.causes == (made.events.of(Intervened)[0].id,)


def test_nobody_is_put_where_somebody_stands(play: MakePlay) -> None:
    made = play()
    for who in ("ann", "ben", "cat"):
        made.world.intervene(f"move {who} to yard")
    made.live(1)
    view = made.world.view()
    assert len({view.cell(who) for who in ("ann", "ben", "cat", "dan")}) == 4


def test_who_is_added_joins_perceives_and_acts(play: MakePlay, tmp_path: Path) -> None:
    made = play(facts=[])
    made.minds["eve"] = type(made.minds["ann"])({2: Take(thing="apple")})
    asked(made, f"add {newcomer(tmp_path)} in yard")
    made.live(2)
    [joined] = [event for event in made.events.of(Joined) if event.agent == "eve"]
    assert joined.place == "yard"
    assert [percept.tick for percept in made.minds["eve"].percepts] == [1, 2]
    assert made.events.of(Acted, "eve")
    assert "Eve" in {seen.name for seen in made.minds["dan"].percepts[1].people}
    assert "eve" in {body.name for body in made.world.bodies.values()}


def test_who_is_added_knows_what_they_know_from_the_start(play: MakePlay, tmp_path: Path) -> None:
    from tests.kernel.toy import SUPPER

    made = play(facts=[SUPPER.model_copy(update={"seeded": ("eve",)})])
    made.minds["eve"] = type(made.minds["ann"])()
    asked(made, f"add {newcomer(tmp_path)}")
    made.live(1)
    assert [event.agent for event in made.events.of(Learned)] == ["eve"]
    assert [fact.fact for fact in made.minds["eve"].percepts[0].learned] == ["supper"]


def test_who_is_removed_thinks_and_acts_no_more_and_is_not_seen(play: MakePlay) -> None:
    made = play({"ben": {tick: Wait(minutes=1) for tick in range(4)}})
    made.live(1)
    asked(made, "remove ben")
    made.live(2)
    assert [percept.tick for percept in made.minds["ben"].percepts] == [0, 1]
    assert [event.tick for event in made.events.of(Acted, "ben")] == [0]
    assert "Ben" not in {seen.name for seen in made.minds["ann"].percepts[2].people}
    assert made.events.of(Left)[0].name == "Ben"
    assert made.world.view().name("ben") == "Ben"


def test_a_persona_that_changes_is_who_perceives_from_then_on(play: MakePlay) -> None:
    made = play()
    asked(made, "persona ann bedtime=20:30")
    made.live(1)
    first, second = made.minds["ann"].percepts
    assert (first.persona.bedtime, second.persona.bedtime) == ("22:00", "20:30")


class Told:
    """A mind that is told when its persona changes."""

    def __init__(self) -> None:
        self.told: list[Persona] = []

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        await asyncio.sleep(0)

    def become(self, persona: Persona) -> None:
        self.told.append(persona)


def test_a_mind_that_can_is_told_who_it_is_now() -> None:
    mind = Told()
    with Toy(Toy.load(agents=1), mind=lambda _world, _agent: mind) as world:
        world.intervene("persona ann age=41")
        world.step()
    assert [persona.age for persona in mind.told] == [41]


def test_interventions_of_a_tick_are_done_in_the_order_in_which_they_were_asked_for(
    play: MakePlay,
) -> None:
    made = play()
    made.world.intervene("change table apples=5")
    made.world.intervene("change table apples=7")
    made.live(1)
    assert [event.effects[0]["before"] for event in made.events.of(Intervened)] == [1, 5]
    assert made.world.view().get("table", "apples") == 7


def test_an_intervention_moves_no_id_of_what_people_do(play: MakePlay) -> None:
    now = Wait(minutes=1)
    acts = {"ann": {0: now, 1: now}, "dan": {1: now}}
    plain, touched = play(acts), play(acts)
    touched.world.intervene("change table apples=5")
    plain.live(2)
    touched.live(2)
    assert [e.id for e in plain.events.of(Acted)] == [e.id for e in touched.events.of(Acted)]


# What is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('whisper zoe "hello"', "nobody of that name is here: 'zoe'; allowed: ann"),
        ("move ann to cellar", "no such place: 'cellar'; allowed: hall, yard"),
        ("change chair legs=3", "no such object"),
        ("change table legs=3", "table has no such attribute"),
        ("change table apples=red", "apples of table is a number"),
        ("set light=off", "unknown lever"),
        ("persona ann wings=2", "no such field of a persona"),
        ("persona ann age=-1", "age"),
    ],
)
def test_what_is_not_there_cannot_be_reached(play: MakePlay, line: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        play().world.intervene(line)
    assert told in str(caught.value)


def test_nobody_comes_twice_and_nobody_comes_who_is_used_to_another_place(
    play: MakePlay, tmp_path: Path
) -> None:
    made = play()
    file = newcomer(tmp_path)
    made.world.intervene(f"add {file}")
    with pytest.raises(ConfigError, match="lives here"):
        made.world.intervene(f"add {file}")
    with pytest.raises(ConfigError, match="a place that is not here"):
        play().world.intervene(f"add {newcomer(tmp_path, home='cellar')}")


def test_what_can_no_longer_be_done_is_told_and_changes_nothing(play: MakePlay) -> None:
    made = play()
    made.world.intervene("remove ben")
    made.world.ask(Asked(parse("move ben to yard")))
    made.live(1)
    assert len(made.events.of(Intervened)) == 1
    [warned] = made.events.of(Warned)
    assert warned.text.startswith("not done: move ben to yard (move: nobody of that name")
