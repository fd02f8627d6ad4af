"""A conversation as those in it live it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.episode.events import Said, TalkEnded
from simulation.kernel.action import Action, Go, Say, Sleep
from simulation.mind.talk import PATIENCE, Conversation, Talk, Turn
from tests.kernel.toy import Events, Script, Toy, person, toy_spec

if TYPE_CHECKING:
    from simulation.episode.sink import Scribe
    from simulation.kernel.mind import Mind
    from simulation.kernel.percept import Percept
    from simulation.kernel.world import World

THINGS = ("apples", "barrels", "candles", "donkeys", "engines", "fiddles", "goslings", "herrings")


def something_new(name: str, number: int) -> str:
    return f"{name} has {THINGS[number % len(THINGS)]} and {name.lower()}{number}."


REST = 5
"""Ticks after a talk in which a talker opens no other."""


class Talker:
    """Talks whenever the conversation asks for it; opens and joins talks where it is told to.

    Args:
        limit: Utterances in a talk.
        opens: To whom it turns, by tick.
        joins: Ticks from which it steps into a talk that it may join.
        acts: What it does besides, by tick, whatever the talk asks for.
        words: What it says; left out: something new each time.
        party: People in a talk at most.
    """

    def __init__(
        self,
        limit: int = 3,
        opens: Mapping[int, str] | None = None,
        *,
        joins: int | None = None,
        acts: Mapping[int, Action | None] | None = None,
        words: Callable[[str, int], str] | None = None,
        party: int = 4,
    ) -> None:
        self.conversation = Conversation(limit, party, lambda percept, heard: True)
        self.opens = opens or {}
        self.joins = joins
        self.acts = acts or {}
        self.words = words or (
            lambda name, number: (
                f"{name} has {THINGS[number % len(THINGS)]} and {name.lower()}{number}."
            )
        )
        self.turns: list[Turn] = []
        self.parties: list[tuple[str, ...]] = []

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        turn = self.conversation.turn(percept, scribe)
        self.turns.append(turn)
        talk = self.conversation.talk
        self.parties.append(tuple(sorted(talk.party)) if talk else ())
        if percept.tick in self.acts:
            return self.acts[percept.tick]
        to = self._opened(percept) if turn == "none" else ""
        talk = self.conversation.talk
        if talk is None or not (to or turn in ("speak", "close")):
            return None
        return self._said(percept, talk, to or talk.addressee, last=turn == "close")

    def _opened(self, percept: Percept) -> str:
        """Whom the first words of a new talk are for."""
        if self.joins is not None and percept.tick >= self.joins:
            for heard in percept.heard:
                if self.conversation.may_join(percept, heard):
                    self.conversation.join(percept, heard)
                    return heard.speaker
        just = max(self.conversation.ended_at.values(), default=-REST) > percept.tick - REST
        if just or percept.tick not in self.opens:
            return ""
        self.conversation.open(self.opens[percept.tick], percept.tick)
        return self.opens[percept.tick]

    def _said(self, percept: Percept, talk: Talk, to: str, *, last: bool) -> Say:
        words = self.words(percept.persona.name, talk.own)
        said = Say(to=to, also=talk.also(to), text=words, last=last, talk=talk.id)
        self.conversation.spoke(said)
        return said


class Room:
    def __init__(
        self,
        minds: Mapping[str, Mind],
        worlds: list[World],
        ticks: int,
        **cells: tuple[int, int],
    ) -> None:
        self.events = Events()
        self.world = Toy(
            toy_spec(tuple(person(name) for name in minds), cells=cells),
            mind=lambda _world, agent: minds[agent],
            rng=1,
            sink=self.events,
        )
        worlds.append(self.world)
        for _ in range(ticks):
            self.world.step()

    def said(self, agent: str = "") -> list[Said]:
        return self.events.of(Said, agent)

    def speakers(self) -> list[tuple[int, str]]:
        return [(said.tick, said.agent) for said in self.said()]

    def ended(self) -> dict[str, str]:
        return {event.agent: event.reason for event in self.events.of(TalkEnded)}

    def talks(self) -> set[str]:
        return {event.talk for event in self.events.of(TalkEnded)}


# Two people ---------------------------------------------------------------------------------------


def test_whoever_is_spoken_to_answers_in_the_next_tick(worlds: list[World]) -> None:
    room = Room({"ann": Talker(opens={0: "ben"}), "ben": Talker()}, worlds, 4)
    assert room.speakers() == [(0, "ann"), (1, "ben"), (2, "ann"), (3, "ben")]


@pytest.mark.parametrize("limit", [2, 3, 5])
@pytest.mark.parametrize("other", [1, 2, 3, 5])
def test_a_talk_ends_without_farewell_loops(worlds: list[World], limit: int, other: int) -> None:
    room = Room({"ann": Talker(limit, {0: "ben"}), "ben": Talker(other)}, worlds, 25)
    assert room.ended() == {"ann": "closed", "ben": "closed"}
    assert len(room.said("ann")) <= limit
    assert len(room.said("ben")) <= other
    assert max(said.tick for said in room.said()) < 12


def test_whoever_has_one_utterance_speaks_once(worlds: list[World]) -> None:
    room = Room({"ann": Talker(1, {0: "ben"}), "ben": Talker(5)}, worlds, 12)
    assert room.speakers() == [(0, "ann"), (1, "ben")]
    assert room.ended() == {"ann": "nothing left to say", "ben": "no answer"}


def test_both_sides_know_a_talk_by_one_id(worlds: list[World]) -> None:
    room = Room({"ann": Talker(opens={0: "ben"}), "ben": Talker()}, worlds, 12)
    [opening, *answers] = room.said()
    assert {answer.talk for answer in answers} == {opening.id}
    assert room.talks() == {opening.id}


def test_both_sides_count_the_same_turns(worlds: list[World]) -> None:
    room = Room({"ann": Talker(opens={0: "ben"}), "ben": Talker()}, worlds, 12)
    turns = {ended.turns for ended in room.events.of(TalkEnded)}
    assert turns == {len(room.said())}


def test_two_who_open_on_each_other_have_one_talk_and_take_turns(worlds: list[World]) -> None:
    minds = {"ann": Talker(opens={0: "ben"}), "ben": Talker(opens={0: "ann"})}
    room = Room(minds, worlds, 15)
    assert len(room.talks()) == 1
    assert room.ended() == {"ann": "closed", "ben": "closed"}
    ticks = [said.tick for said in room.said() if said.tick]
    assert len(ticks) == len(set(ticks))


def test_a_talk_without_an_answer_is_over(worlds: list[World]) -> None:
    ann = Talker(opens={0: "ben"})
    room = Room({"ann": ann, "ben": Script()}, worlds, 8)
    assert room.ended() == {"ann": "no answer"}
    assert ann.turns.count("wait") == PATIENCE
    assert ann.conversation.ended_at == {"ben": PATIENCE + 1}


def test_a_talk_ends_when_the_other_walks_out_of_earshot(worlds: list[World]) -> None:
    ben = Script({1: Say(to="ann", text="Hm."), 2: Go(to="yard")})
    ann = Talker(opens={0: "ben"})
    room = Room({"ann": ann, "ben": ben}, worlds, 12)
    assert room.ended()["ann"] in ("no answer", "out of earshot")
    assert ann.conversation.talk is None


def test_somebody_who_is_not_in_earshot_is_not_waited_for(worlds: list[World]) -> None:
    room = Room({"ann": Talker(opens={0: "dan"}), "dan": Talker()}, worlds, 4)
    assert room.ended() == {"ann": "out of earshot"}


def test_a_talk_is_over_for_who_falls_asleep_and_for_who_is_left(worlds: list[World]) -> None:
    ben = Talker(acts={1: Sleep()})
    room = Room({"ann": Talker(opens={0: "ben"}), "ben": ben}, worlds, 6)
    assert room.ended() == {"ann": "fell asleep", "ben": "fell asleep"}


def test_who_leaves_without_a_word_is_not_in_it_any_more(worlds: list[World]) -> None:
    class Leaver(Talker):
        async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
            if percept.tick == 3:
                self.conversation.leave(scribe)
                return None
            return await super().think(percept, scribe)

    room = Room({"ann": Talker(opens={0: "ben"}), "ben": Leaver()}, worlds, 9)
    assert room.ended() == {"ben": "left", "ann": "no answer"}
    assert len(room.said("ben")) == 1


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


def test_a_talk_keeps_its_lines(worlds: list[World]) -> None:
    ann, ben = Talker(9, {0: "ben"}), Talker(9)
    room = Room({"ann": ann, "ben": ben}, worlds, 6)
    talk = ben.conversation.talk
    assert talk is not None
    assert [(line.name, line.event) for line in talk.lines] == [
        (said.agent.title(), said.id) for said in room.said()[:5]
    ]


# Several ------------------------------------------------------------------------------------------


def three(worlds: list[World], ticks: int = 20, **more: Talker) -> Room:
    """Ann and Ben talk from the start, and Cat steps in as soon as she hears them."""
    minds = {"ann": Talker(4, {0: "ben"}), "ben": Talker(4), "cat": Talker(4, joins=1)} | more
    return Room(minds, worlds, ticks)


def test_whoever_overhears_a_talk_can_join_it(worlds: list[World]) -> None:
    room = three(worlds)
    [opening, *_] = room.said()
    assert {said.talk for said in room.said("cat")} == {opening.id}
    met = {ended.agent: {ended.partner, *ended.others} for ended in room.events.of(TalkEnded)}
    everyone = {"ann", "ben", "cat"}
    assert met == {who: everyone - {who} for who in everyone}


def test_everyone_in_a_talk_is_told_and_nobody_else(worlds: list[World]) -> None:
    dan = Talker(party=3)
    room = three(worlds, dan=dan)
    room = Room(
        {"ann": Talker(4, {0: "ben"}), "ben": Talker(4), "cat": Talker(4, joins=1), "dan": dan},
        worlds,
        12,
        dan=(0, 0),
    )
    joined = [said for said in room.said() if said.tick >= 2]
    everyone = {"ann", "ben", "cat"}
    for said in joined[:4]:
        assert set(said.told) == everyone - {said.agent}
        assert said.overheard == ("dan",)
    assert set(dan.turns) == {"none"}


def test_after_the_first_words_of_a_third_one_speaks_at_a_time(worlds: list[World]) -> None:
    room = three(worlds, 9)
    ticks = [tick for tick, _ in room.speakers() if tick >= 2]
    assert ticks == sorted(set(ticks))
    assert ticks == list(range(2, 2 + len(ticks)))


def test_a_speaker_among_several_addresses_who_has_been_silent_longest(
    worlds: list[World],
) -> None:
    room = three(worlds, 8)
    last: dict[str, int] = {}
    for said in room.said():
        rest = {"ann", "ben", "cat"} - {said.agent}
        if said.tick >= 3:
            assert last[said.to] == min(last[who] for who in rest)
        last[said.agent] = said.tick


def test_the_turn_of_who_stays_silent_passes_on(worlds: list[World]) -> None:
    opening = three(worlds, 1).said()[0]
    mute = Script({1: Say(to="ann", text="May I?", also=("ben",), talk=opening.id)})
    room = Room({"ann": Talker(4, {0: "ben"}), "ben": Talker(4), "cat": mute}, worlds, 20)
    [asked] = [said for said in room.said() if said.to == "cat"][:1]
    later = [said for said in room.said() if said.tick > asked.tick]
    assert later[0].tick == asked.tick + PATIENCE + 1
    assert later[0].agent in {"ann", "ben"} - {asked.agent}
    # Who does not answer is not waited for again.
    assert "cat" not in {said.to for said in later}
    assert room.ended() == {"ann": "closed", "ben": "closed"}


def test_two_who_join_at_once_are_both_in_it(worlds: list[World]) -> None:
    minds = {
        "ann": Talker(4, {0: "ben"}),
        "ben": Talker(4),
        "cat": Talker(4, joins=1),
        "dan": Talker(4, joins=1),
    }
    room = Room(minds, worlds, 25, dan=(0, 0))
    assert {said.tick for said in room.said("cat")[:1] + room.said("dan")[:1]} == {1}
    assert len(room.talks()) == 1
    told = [set(said.told) | {said.agent} for said in room.said() if said.tick == 3]
    assert told == [{"ann", "ben", "cat", "dan"}]
    assert set(room.ended().values()) <= {"closed", "no answer"}


def test_of_two_who_join_at_once_one_may_find_no_room(worlds: list[World]) -> None:
    minds = {
        "ann": Talker(4, {0: "ben"}, party=3),
        "ben": Talker(4, party=3),
        "cat": Talker(4, joins=1, party=3),
        "dan": Talker(4, joins=1, party=3),
    }
    room = Room(minds, worlds, 25, dan=(0, 0))
    late = [who for who, why in room.ended().items() if why == "no room"]
    assert len(late) == 1
    assert len(room.said(late[0])) == 1
    assert late[0] not in {who for said in room.said() if said.tick > 2 for who in said.told}


def test_a_full_talk_is_not_joined(worlds: list[World]) -> None:
    room = three(worlds, cat=Talker(joins=1, party=2))
    assert not room.said("cat")


def test_a_talk_goes_on_while_two_are_left(worlds: list[World]) -> None:
    room = three(worlds, 25, cat=Talker(2, joins=1))
    ended = {event.agent: event.tick for event in room.events.of(TalkEnded)}
    assert ended["cat"] < min(ended["ann"], ended["ben"])
    after = [said for said in room.said() if said.tick > ended["cat"]]
    assert {said.agent for said in after} == {"ann", "ben"}
    assert all("cat" not in said.told for said in after)


def test_who_walks_out_of_earshot_has_left(worlds: list[World]) -> None:
    walker = Talker(9, joins=1, acts=dict.fromkeys(range(5, 30)) | {4: Go(to="yard")})
    minds = {"ann": Talker(9, {0: "ben"}), "ben": Talker(9), "cat": walker}
    room = Room(minds, worlds, 25, cat=(1, 3))
    assert room.ended()["cat"] == "out of earshot"
    assert room.ended()["ann"] == "closed"
    [gone] = [event.tick for event in room.events.of(TalkEnded, "cat")]
    assert {said.to for said in room.said() if said.tick > gone} == {"ann", "ben"}


def test_who_falls_asleep_has_left(worlds: list[World]) -> None:
    room = three(worlds, 25, cat=Talker(9, joins=1, acts={4: Sleep()}))
    assert room.ended()["cat"] == "fell asleep"
    assert room.ended()["ann"] == "closed"


def test_nobody_comes_back_to_a_talk_they_have_left(worlds: list[World]) -> None:
    room = three(worlds, 25, cat=Talker(1, joins=1), ann=Talker(5, {0: "ben"}), ben=Talker(5))
    assert len(room.said("cat")) == 1
    assert len(room.events.of(TalkEnded, "cat")) == 1


def test_two_who_open_on_the_same_person_share_a_talk(worlds: list[World]) -> None:
    minds = {"ann": Talker(opens={0: "ben"}), "ben": Talker(), "cat": Talker(opens={0: "ben"})}
    room = Room(minds, worlds, 20)
    assert len(room.talks()) == 1
    assert set(room.said("ben")[0].told) == {"ann", "cat"}


# Ends ---------------------------------------------------------------------------------------------


THANKS = (
    "Thank you so much, my friend!", "Much obliged, really!",
    "Thanks again, that is lovely.", "It was my pleasure.",
)  # fmt: skip


def farewell(name: str, number: int) -> str:
    return "Thank you, goodbye!"


def thanks(name: str, number: int) -> str:
    return THANKS[2 * number + (name == "Ben")]


def always_the_same(name: str, number: int) -> str:
    return "The nets are torn and the tide is in."


def own_refrain(name: str, number: int) -> str:
    refrains = {"Ann": "My roof lets in the rain again.", "Ben": f"I sold {number} pots."}
    return refrains[name]


def yes(name: str, number: int) -> str:
    return "Yes."


@pytest.mark.parametrize(
    ("words", "lines", "reason"),
    [
        (farewell, 2, "closed"),
        (thanks, 4, "thanks and farewells"),
        (always_the_same, 3, "echo"),
        (own_refrain, 4, "repetition"),
        (yes, 4, "echo"),
    ],
)
def test_a_talk_that_turns_in_a_circle_is_ended(
    worlds: list[World], words: Callable[[str, int], str], lines: int, reason: str
) -> None:
    ann, ben = Talker(50, {0: "ben"}, words=words), Talker(50, words=words)
    room = Room({"ann": ann, "ben": ben}, worlds, 30)
    assert len(room.said()) == lines
    assert set(room.ended().values()) == {reason}


def test_at_most_one_closing_word_is_said_after_a_talk_has_run_dry(worlds: list[World]) -> None:
    minds = {
        "ann": Talker(50, {0: "ben"}, words=always_the_same),
        "ben": Talker(50, words=always_the_same),
        "cat": Talker(50, joins=1, words=always_the_same),
    }
    room = Room(minds, worlds, 40)
    assert len([said for said in room.said() if said.last]) <= 1
    assert set(room.ended().values()) == {"echo"}


class Life(NamedTuple):
    """What a talker of the property test is like."""

    limit: int
    opens: dict[int, str]
    joins: int | None
    acts: dict[int, Action]
    words: str

    def talker(self, name: str) -> Talker:
        opens = {tick: who for tick, who in self.opens.items() if who != name}
        same = (lambda _name, _number: self.words) if self.words else None
        return Talker(self.limit, opens, joins=self.joins, acts=self.acts, words=same)


LIVES = st.builds(
    Life,
    st.integers(1, 5),
    st.dictionaries(st.integers(0, 12), st.sampled_from(("ann", "ben", "cat", "dan"))),
    st.none() | st.integers(0, 12),
    st.dictionaries(st.integers(1, 20), st.sampled_from((Go(to="yard"), Sleep()))),
    st.sampled_from(("", "Thank you, goodbye!", "Well, that is how it is here, they say.")),
)


@settings(max_examples=50, deadline=None)
@given(ann=LIVES, ben=LIVES, cat=LIVES, dan=LIVES)
def test_every_talk_ends(ann: Life, ben: Life, cat: Life, dan: Life) -> None:
    lives = {"ann": ann, "ben": ben, "cat": cat, "dan": dan}
    minds = {name: life.talker(name) for name, life in lives.items()}
    made: list[World] = []
    try:
        room = Room(minds, made, 70, dan=(0, 0))
    finally:
        made[0].close()
    said = [(line.talk or line.id, line.agent) for line in room.said()]
    assert all(lines <= lives[name].limit for (_, name), lines in Counter(said).items())
    ended = [(event.agent, event.talk) for event in room.events.of(TalkEnded)]
    assert len(set(ended)) == len(ended)
    assert all(mind.conversation.talk is None for mind in minds.values())
    assert all(line.tick < 60 for line in room.said())
