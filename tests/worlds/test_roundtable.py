"""The round table: who answers what when, what others hear of it, and what a file may say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simulation.episode.events import Acted, Decided, Said
from simulation.episode.sink import NoSink
from simulation.errors import ConfigError, FileError
from simulation.kernel.action import Join
from worlds import roundtable
from worlds.contract import check_world
from worlds.roundtable.rules import TableRules
from worlds.roundtable.world import Roundtable

if TYPE_CHECKING:
    from simulation.episode.events import Happening
    from simulation.episode.sink import Scribe
    from simulation.kernel.action import Action
    from simulation.kernel.percept import Percept
    from simulation.kernel.world import World

FILE = Path(roundtable.__file__).with_name("table.yaml")


class Events(NoSink):
    def __init__(self) -> None:
        self.all: list[Happening] = []

    def commit(self, tick: int, events: Sequence[Happening], contents: dict[str, str]) -> None:
        self.all += events


class First:
    """Gives the first answer on the menu, which is the right one, and keeps what it saw."""

    seen: list[list[str]]

    def __init__(self, world: World, agent: str) -> None:
        self.seen = []

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        if percept.activity is not None:
            return None
        if len(list(percept.options)) > 1:
            self.seen.append([thing.text for thing in percept.things])
        return next(iter(percept.options)).action


def sat(ticks: int | None = None, **settings: str) -> tuple[Events, First]:
    """A session that was lived, and the mind of the one who was asked."""
    events = Events()
    with Roundtable(roundtable.load(None, **settings), rng=1, mind=First, sink=events) as table:
        for _ in range(ticks or 12):
            table.step()
        mind = table.minds[settings.get("asked", "ada")]
    assert isinstance(mind, First)
    return events, mind


def said(events: Events) -> list[tuple[str, str]]:
    return [(event.agent, event.text) for event in events.all if isinstance(event, Said)]


def test_the_table_keeps_the_contract_of_worlds_in_every_protocol() -> None:
    check_world(Roundtable, ticks=24)


@pytest.mark.parametrize("protocol", ["criticism", "statements"])
def test_other_protocols_are_lived_by_anybody(protocol: str) -> None:
    events, _ = sat(24, protocol=protocol)
    assert said(events)


@pytest.mark.parametrize("sources", ["0", "1", "6"])
def test_so_many_others_answer_wrongly_before_the_one_who_is_asked(sources: str) -> None:
    events, mind = sat(sources=sources)
    words = said(events)
    assert words == [*((who, "I say green.") for who, _ in words[:-1]), ("ada", "I say blue.")]
    assert len({who for who, _ in words[:-1]}) == int(sources)
    assert " ".join(mind.seen[0]).count("said green") == int(sources)


def test_one_person_can_say_the_same_as_often_as_six_would() -> None:
    events, mind = sat(sources="6", voices="one repeatedly")
    assert said(events)[:-1] == [("bram", "I say green.")] * 6
    assert mind.seen[0][1].count("Bram said green.") == 6


def test_an_ally_gives_the_right_answer_last_before_the_one_who_is_asked() -> None:
    events, _ = sat(sources="6", ally="one")
    assert [text for _, text in said(events)[-2:]] == ["I say blue.", "I say blue."]
    assert len(said(events)) == 8


def test_the_right_majority_says_what_is_right() -> None:
    assert {text for _, text in said(sat(majority="right")[0])} == {"I say blue."}


def test_an_answer_aloud_is_a_position_that_all_are_told() -> None:
    events, _ = sat(sources="0")
    [answer] = [event for event in events.all if isinstance(event, Said)]
    assert answer.positions == (("blue", "blue"),)
    assert len(answer.told) == 7


def test_a_slip_is_a_position_that_nobody_hears_and_no_deed_names() -> None:
    events, _ = sat(sources="0", answers="slip")
    [slip] = [event for event in events.all if isinstance(event, Acted)]
    assert not said(events)
    assert slip.deed == "wrote an answer on a slip"
    assert slip.effects[0]["attribute"] == "position:blue"


def test_slips_come_before_and_after_where_the_lever_says_so() -> None:
    for slips, times in (("none", 0), ("after", 1), ("before and after", 2)):
        acted = [event for event in sat(slips=slips)[0].all if isinstance(event, Acted)]
        assert sum(event.deed == "wrote an answer on a slip" for event in acted) == times


def test_only_the_one_who_is_asked_decides_and_the_rest_is_on_record_as_scripted() -> None:
    events, _ = sat(asked="dov")
    decided = [event for event in events.all if isinstance(event, Decided)]
    assert {event.origin for event in decided} == {"scripted"}
    assert "dov" not in {event.agent for event in decided}
    assert said(events)[-1] == ("dov", "I say blue.")


def test_a_critic_says_nothing_to_somebody_who_gave_that_answer_already() -> None:
    for critic, remarks in (("wrong", 1), ("right", 0)):
        events, _ = sat(protocol="criticism", critic=critic)
        words = [text for who, text in said(events) if who == "bram"]
        assert words == ["You are wrong about that, Ada. It is green."] * remarks


def test_a_placebo_and_silence_take_no_position() -> None:
    for remark, words in (("placebo", 1), ("silence", 0)):
        events, _ = sat(protocol="criticism", remark=remark)
        remarks = [e for e in events.all if isinstance(e, Said) and e.agent == "bram"]
        assert len(remarks) == words
        assert all(event.positions == () for event in remarks)


def test_a_card_laid_out_again_shows_nothing_of_what_was_said_of_it() -> None:
    _, mind = sat(protocol="criticism", critic="wrong")
    assert any("You are wrong" in line for line in mind.seen[2])
    assert mind.seen[-1] == ["The card on the table is blue."]


def test_statements_come_with_their_contraries_as_topics_of_their_own() -> None:
    both = [topic.id for topic in roundtable.load(protocol="statements").topics]
    assert both == ["bridge", "boats", "lamps", "bridge_not", "boats_not", "lamps_not"]
    facts = roundtable.load(protocol="statements", topic="facts").topics
    assert {topic.id: topic.truth for topic in facts}["week_not"] == "no"


def test_a_tick_means_the_same_in_every_condition() -> None:
    ticks = {
        event.tick
        for sources in ("0", "6")
        for event in sat(sources=sources)[0].all
        if isinstance(event, Said) and event.agent == "ada"
    }
    assert ticks == {9}


def test_an_answer_out_of_turn_fails_with_a_reason() -> None:
    with Roundtable(rng=1) as table:
        assert isinstance(table.rules, TableRules)
        result = table.rules.resolve(table.view(), "ada", Join(task="card", way="blue"))
    assert result.reason == "it is not the time for that"


def test_who_is_asked_has_to_sit_there_and_so_do_those_who_speak() -> None:
    with pytest.raises(ConfigError, match="does not sit at the table"):
        roundtable.load(agents=2, asked="hugo")
    with pytest.raises(ConfigError, match="3 others have a part in this, and 1 sit"):
        roundtable.load(agents=2)
    assert len(roundtable.load(agents=1, sources="0").cast) == 1
    with pytest.raises(ConfigError, match="unknown value of task"):
        roundtable.load(task="impossible")
    with pytest.raises(ConfigError, match="out of range"):
        roundtable.load(agents=9)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("right: blue, wrong: green", "right: blue, wrong: blue", "two different answers"),
        ('sets: ["{task}"]', 'sets: ["{tasks}"]', "no set"),
        ("when: {ally: [one]}", "when: {ally: [two]}", "no value"),
        ("by: 7", "by: 9", "9th of the others"),
        ("at: 10, does: slip, when", "at: 12, does: slip, when", "next card"),
        ("#..sssss..#\n  #..sooos..#", "#.........#\n  #...ooo...#", "7 seats for 8"),
        ("{asked}. It is", "{askd}. It is", "stands for nothing"),
        ("  asked: [ada,", "  asked: [zoe,", "no 'zoe'"),
    ],
)
def test_a_table_file_that_cannot_be_used_is_refused_in_a_line(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "table.yaml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(FileError, match=told) as caught:
        roundtable.load_table(path, "mine", settings={})
    assert "\n" not in str(caught.value)
