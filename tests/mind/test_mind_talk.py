"""A conversation as both sides live it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

from simulation.episode.events import Said, TalkEnded
from simulation.kernel.action import Action, Go, Say
from simulation.mind.talk import PATIENCE, Conversation, Turn
from tests.kernel.toy import Events, Script, Toy, person, toy_spec

if TYPE_CHECKING:
    from simulation.episode.sink import Scribe
    from simulation.kernel.mind import Mind
    from simulation.kernel.percept import Percept
    from simulation.kernel.world import World


class Talker:
    """Talks whenever the conversation asks for it, and opens one where it is told to."""

    def __init__(self, limit: int = 3, opens: Mapping[int, str] | None = None) -> None:
        self.conversation = Conversation(limit)
        self.opens = opens or {}
        self.turns: list[Turn] = []

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        turn = self.conversation.turn(percept, scribe)
        self.turns.append(turn)
        partner = self.opens.get(percept.tick)
        if partner and turn == "none":
            self.conversation.open(partner, percept.tick)
            turn = "speak"
        talk = self.conversation.talk
        if turn not in ("speak", "close") or talk is None:
            return None
        last = turn == "close"
        words = f"Words {talk.own}."
        said = Say(to=talk.partner, text=words, last=last, talk=talk.id)
        self.conversation.spoke(percept.persona.name, words, percept.tick, last=last)
        return said


class Room:
    def __init__(self, minds: Mapping[str, Mind], worlds: list[World], ticks: int) -> None:
        self.events = Events()
        self.world = Toy(
            toy_spec(tuple(person(name) for name in minds)),
            mind=lambda _world, agent: minds[agent],
            rng=1,
            sink=self.events,
        )
        worlds.append(self.world)
        for _ in range(ticks):
            self.world.step()

    def said(self, agent: str = "") -> list[Said]:
        return self.events.of(Said, agent)

    def ended(self) -> dict[str, str]:
        return {event.agent: event.reason for event in self.events.of(TalkEnded)}


def test_whoever_is_spoken_to_answers_in_the_next_tick(worlds: list[World]) -> None:
    room = Room({"ann": Talker(opens={0: "ben"}), "ben": Talker()}, worlds, 4)
    assert [(said.tick, said.agent) for said in room.said()] == [
        (0, "ann"), (1, "ben"), (2, "ann"), (3, "ben"),
    ]  # fmt: skip


@pytest.mark.parametrize("limit", [2, 3, 5])
@pytest.mark.parametrize("other", [1, 2, 3, 5])
def test_a_talk_ends_without_farewell_loops(worlds: list[World], limit: int, other: int) -> None:
    room = Room({"ann": Talker(limit, {0: "ben"}), "ben": Talker(other)}, worlds, 25)
    assert room.ended() == {"ann": "closed", "ben": "closed"}
    assert len(room.said("ann")) <= limit
    assert len(room.said("ben")) <= other
    assert max(said.tick for said in room.said()) < 12


def test_both_sides_know_a_talk_by_one_id(worlds: list[World]) -> None:
    room = Room({"ann": Talker(opens={0: "ben"}), "ben": Talker()}, worlds, 12)
    [opening, *answers] = room.said()
    assert {answer.talk for answer in answers} == {opening.id}
    assert {ended.talk for ended in room.events.of(TalkEnded)} == {opening.id}


def test_both_sides_count_the_same_turns(worlds: list[World]) -> None:
    room = Room({"ann": Talker(opens={0: "ben"}), "ben": Talker()}, worlds, 12)
    turns = {ended.turns for ended in room.events.of(TalkEnded)}
    assert turns == {len(room.said())}


def test_two_who_open_on_each_other_have_one_talk(worlds: list[World]) -> None:
    minds = {"ann": Talker(opens={0: "ben"}), "ben": Talker(opens={0: "ann"})}
    room = Room(minds, worlds, 15)
    assert len({ended.talk for ended in room.events.of(TalkEnded)}) == 1
    assert room.ended() == {"ann": "closed", "ben": "closed"}


def test_a_talk_without_an_answer_is_over(worlds: list[World]) -> None:
    ann = Talker(opens={0: "ben"})
    room = Room({"ann": ann, "ben": Script()}, worlds, 8)
    assert room.ended() == {"ann": "no answer"}
    assert ann.turns.count("wait") == PATIENCE
    assert ann.conversation.ended_at == {"ben": PATIENCE + 1}


def test_a_talk_ends_when_the_other_walks_out_of_earshot(worlds: list[World]) -> None:
    ben = Script({1: Say(to="ann", text="Hm."), 2: Go(to="yard")})
    ann = Talker(opens={0: "ben", 2: "ben"})
    room = Room({"ann": ann, "ben": ben}, worlds, 12)
    assert room.ended()["ann"] in ("no answer", "out of earshot")
    assert ann.conversation.talk is None


def test_somebody_who_is_not_in_earshot_is_not_waited_for(worlds: list[World]) -> None:
    room = Room({"ann": Talker(opens={0: "dan"}), "dan": Talker()}, worlds, 4)
    assert room.ended() == {"ann": "out of earshot"}


def test_a_last_word_opens_no_talk(worlds: list[World]) -> None:
    ann = Script({0: Say(to="ben", text="Farewell.", last=True)})
    ben = Talker()
    room = Room({"ann": ann, "ben": ben}, worlds, 4)
    assert set(ben.turns) == {"none"}
    assert [said.agent for said in room.said()] == ["ann"]


def test_what_is_overheard_or_said_to_all_opens_no_talk(worlds: list[World]) -> None:
    cat = Talker()
    ann = Script({0: Say(to="ben", text="Ben!"), 1: Say(text="All of you!")})
    Room({"ann": ann, "ben": Script(), "cat": cat}, worlds, 5)
    assert set(cat.turns) == {"none"}


def test_a_third_person_does_not_break_into_a_talk(worlds: list[World]) -> None:
    minds = {
        "ann": Talker(opens={0: "ben"}),
        "ben": Talker(),
        "cat": Script({1: Say(to="ben", text="Ben!"), 3: Say(to="ann", text="Ann!")}),
    }
    room = Room(minds, worlds, 12)
    assert {said.to for said in room.said("ben")} == {"ann"}
    assert {said.to for said in room.said("ann")} == {"ben"}


def test_a_talk_keeps_its_latest_lines(worlds: list[World]) -> None:
    ann, ben = Talker(9, {0: "ben"}), Talker(9)
    Room({"ann": ann, "ben": ben}, worlds, 8)
    talk = ben.conversation.talk
    assert talk is not None
    assert [speaker for speaker, _ in talk.lines] == ["Ann", "Ben", "Ann", "Ben"]
