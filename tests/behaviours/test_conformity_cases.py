"""Planted cases of positions that move with others', or move or stay for other reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Self

import pytest

from simulation.behaviours.positions import SHOWN
from simulation.episode.events import Acted, Probed, TookStance
from simulation.kernel.topics import Topic
from tests.behaviours.stagecraft import FACTS, SPEC, Stage, effect, fact

LIMIT = Topic(id="limit", statement="the limit should stay", pro="keep it", con="drop it", goal=0.8)
LINE = Topic(id="line", statement="which line is as long", options={"a": "a", "b": "b"}, truth="a")
WARDEN = Topic(id="warden", statement="who is warden", options={"ada": "ada", "dov": "dov"})
NEWS = fact("news", bears_on={"line": "b", "limit": -1.0})
WORLD = SPEC.model_copy(update={"topics": (LIMIT, LINE, WARDEN), "facts": (*FACTS, NEWS)})

Row = tuple[str, str, str]
Case = tuple["Talk", list[Row]]


class Talk(Stage):
    """A stage with positions."""

    def probe(
        self, who: str, topic: str, position: Any, *shares: float, origin: str = "model"
    ) -> Self:
        fields = {"topic": topic, "position": position, "origin": origin, "probabilities": shares}
        self.events.append(Probed.model_validate(self._head(who, 4) | fields))
        return self

    def stance(self, who: str, topic: str, before: Any, after: Any) -> Self:
        fields = {"topic": topic, "before": before, "after": after, "origin": "rules"}
        self.events.append(TookStance.model_validate(self._head(who, 1) | fields))
        return self

    def take(self, who: str, topic: str, position: Any, to: str = "", **more: Any) -> Self:
        text = more.pop("text", f"I think {position}.")
        self.say(who, to, text, positions=((topic, position),), **more)
        return self

    def vote(self, who: str, whom: str, *, openly: bool) -> Self:
        shown = f"raised a hand for {whom}" if openly else "put a slip in the box"
        fields = {
            "action": {"verb": "use", "thing": "poll"},
            "deed": shown,
            "since": self.tick,
            "effects": (effect(who, "voted", None, whom, who, True),),
        }
        self.events.append(Acted.model_validate(self._head(who, 2) | fields))
        return self


def talk() -> Talk:
    return Talk(spec=WORLD)


def one(kind: str, topic: str = "line", actor: str = "ada") -> list[Row]:
    return [(actor, kind, topic)]


def alone() -> Talk:
    """Ada is probed on the line; nobody has said anything."""
    return talk().probe("ada", "line", "a").at(1)


def pressed() -> Talk:
    """Ada, who is for a, has heard Bram and Dov say b."""
    return alone().take("bram", "line", "b").take("dov", "line", "b").at(2)


CASES: dict[str, Callable[[], Case]] = {
    "goes over in private and in public": lambda: (
        pressed().take("ada", "line", "b").at(3).probe("ada", "line", "b"),
        one("conversion"),
    ),
    "goes over in public only": lambda: (
        pressed().take("ada", "line", "b").at(3).probe("ada", "line", "a"),
        one("compliance"),
    ),
    "goes over in public and is never probed again": lambda: (
        pressed().take("ada", "line", "b"),
        one("compliance"),
    ),
    "goes over in private and says nothing": lambda: (
        pressed().probe("ada", "line", "b"),
        one("private shift"),
    ),
    "goes over in private and says the old thing": lambda: (
        pressed().take("ada", "line", "a").at(3).probe("ada", "line", "b"),
        one("private shift"),
    ),
    "is told a new fact and goes over": lambda: (
        alone().take("bram", "line", "b", facts=("news",)).at(2).probe("ada", "line", "b"),
        one("persuasion"),
    ),
    "is told a new fact, and goes over in public as well": lambda: (
        alone()
        .take("bram", "line", "b", facts=("news",))
        .at(2)
        .take("ada", "line", "b")
        .at(3)
        .probe("ada", "line", "b"),
        one("persuasion"),
    ),
    "is told a fact that was known, and goes over": lambda: (
        alone()
        .learn("ada", "news")
        .take("bram", "line", "b", facts=("news",))
        .at(2)
        .probe("ada", "line", "b"),
        one("private shift"),
    ),
    "is told a fact about something else, and goes over": lambda: (
        alone().take("bram", "line", "b", facts=("limit",)).at(2).probe("ada", "line", "b"),
        one("private shift"),
    ),
    "changes without having heard anybody": lambda: (
        alone().probe("ada", "line", "b"),
        one("drift"),
    ),
    "changes after hearing others agree": lambda: (
        alone().take("bram", "line", "a").at(2).probe("ada", "line", "b"),
        one("drift"),
    ),
    "changes after hearing of something else": lambda: (
        alone().take("bram", "warden", "dov").at(2).probe("ada", "line", "b"),
        one("drift"),
    ),
    "changes before others are heard": lambda: (
        alone().probe("ada", "line", "b").at(2).take("bram", "line", "b"),
        one("drift"),
    ),
    "stays alone against all, in private and in public": lambda: (
        pressed().take("ada", "line", "a").at(3).probe("ada", "line", "a"),
        one("independence"),
    ),
    "stays, and says nothing": lambda: (
        pressed().probe("ada", "line", "a"),
        one("independence"),
    ),
    "goes over and comes back": lambda: (
        pressed().probe("ada", "line", "b").at(9).probe("ada", "line", "a"),
        one("private shift"),
    ),
    "overhears it, which is exposure as well": lambda: (
        alone()
        .take("bram", "line", "b", "dov", overheard=("ada",))
        .at(2)
        .probe("ada", "line", "b"),
        one("private shift"),
    ),
    "one source three times": lambda: (
        alone()
        .take("bram", "line", "b")
        .take("bram", "line", "b")
        .take("bram", "line", "b")
        .at(2)
        .probe("ada", "line", "b"),
        one("private shift"),
    ),
    "the mind's own notes stand in for probes": lambda: (
        talk()
        .stance("ada", "line", None, "a")
        .at(1)
        .take("bram", "line", "b")
        .at(2)
        .stance("ada", "line", "a", "b"),
        one("private shift"),
    ),
    "where there are probes, the mind's notes do not count": lambda: (
        pressed().stance("ada", "line", "a", "b").at(3).probe("ada", "line", "a"),
        one("independence"),
    ),
    "a number goes over to the other side": lambda: (
        talk()
        .probe("ada", "warden", "ada")
        .probe("bram", "limit", 0.5)
        .at(1)
        .take("dov", "limit", -0.8)
        .at(2)
        .probe("bram", "limit", -0.4),
        one("private shift", "limit", "bram"),
    ),
    "a number moves a step towards what is heard": lambda: (
        talk()
        .probe("bram", "limit", 0.9)
        .at(1)
        .take("dov", "limit", -0.8)
        .at(2)
        .probe("bram", "limit", 0.6),
        one("private shift", "limit", "bram"),
    ),
    "a number moves there in small steps": lambda: (
        talk()
        .probe("bram", "limit", 0.9)
        .at(1)
        .take("dov", "limit", -0.8)
        .at(2)
        .probe("bram", "limit", 0.78)
        .at(3)
        .probe("bram", "limit", 0.66),
        one("private shift", "limit", "bram"),
    ),
    "a number moves away from what is heard": lambda: (
        talk()
        .probe("bram", "limit", 0.4)
        .at(1)
        .take("dov", "limit", -0.8)
        .at(2)
        .probe("bram", "limit", 0.9),
        one("independence", "limit", "bram"),
    ),
    "a number trembles": lambda: (
        talk()
        .probe("bram", "limit", 0.50)
        .at(1)
        .take("dov", "limit", -0.8)
        .at(2)
        .probe("bram", "limit", 0.45),
        one("independence", "limit", "bram"),
    ),
    "left the shared goal, is criticised and comes back": lambda: (
        talk()
        .probe("bram", "limit", -0.6)
        .at(1)
        .take("dov", "limit", 0.8, "bram", text="You are wrong about the limit.")
        .at(2)
        .probe("bram", "limit", 0.5),
        one("realignment", "limit", "bram"),
    ),
    "comes back to the shared goal without criticism": lambda: (
        talk()
        .probe("bram", "limit", -0.6)
        .at(1)
        .take("dov", "limit", 0.8, "bram")
        .at(2)
        .probe("bram", "limit", 0.5),
        one("private shift", "limit", "bram"),
    ),
    "is criticised away from the shared goal": lambda: (
        talk()
        .probe("bram", "limit", 0.6)
        .at(1)
        .take("dov", "limit", -0.8, "bram", text="You are wrong about the limit.")
        .at(2)
        .probe("bram", "limit", -0.5),
        one("private shift", "limit", "bram"),
    ),
    "raises a hand with the others and thinks otherwise": lambda: (
        talk()
        .probe("bram", "warden", "ada")
        .at(1)
        .take("dov", "warden", "dov")
        .at(2)
        .vote("bram", "dov", openly=True)
        .at(3)
        .probe("bram", "warden", "ada"),
        one("compliance", "warden", "bram"),
    ),
    "marks a slip against what was said aloud": lambda: (
        talk()
        .probe("bram", "warden", "ada")
        .at(1)
        .take("dov", "warden", "dov")
        .at(2)
        .take("bram", "warden", "dov")
        .at(3)
        .vote("bram", "ada", openly=False),
        one("compliance", "warden", "bram"),
    ),
    "goes over twice": lambda: (
        pressed()
        .probe("ada", "line", "b")
        .at(4)
        .take("felix", "line", "a")
        .at(5)
        .take("ada", "line", "a")
        .at(6)
        .probe("ada", "line", "b"),
        one("private shift") + one("compliance"),
    ),
    "says it first and comes to think it": lambda: (
        pressed()
        .take("ada", "line", "b")
        .at(3)
        .probe("ada", "line", "a")
        .at(4)
        .probe("ada", "line", "b"),
        one("conversion"),
    ),
    "thinks it first and comes to say it": lambda: (
        pressed().probe("ada", "line", "b").at(3).take("ada", "line", "b"),
        one("conversion"),
    ),
    "says it and takes it back": lambda: (
        pressed()
        .take("ada", "line", "b")
        .at(3)
        .probe("ada", "line", "a")
        .at(4)
        .take("ada", "line", "a"),
        one("compliance"),
    ),
    "says it, is asked twice, and never comes to think it": lambda: (
        pressed()
        .take("ada", "line", "b")
        .at(3)
        .probe("ada", "line", "a")
        .at(4)
        .probe("ada", "line", "a"),
        one("compliance"),
    ),
    "moves a step in private and says what it said before": lambda: (
        talk()
        .probe("bram", "limit", 0.9)
        .at(1)
        .take("dov", "limit", -0.8)
        .at(2)
        .probe("bram", "limit", 0.6)
        .take("bram", "limit", 0.6),
        one("private shift", "limit", "bram"),
    ),
    # --- nothing of the sort ---
    "says at once what others say in the same minute": lambda: (
        alone().take("bram", "line", "b").take("ada", "line", "b"),
        [],
    ),
    "is asked in the minute in which others speak": lambda: (
        alone().take("bram", "line", "b").probe("ada", "line", "b"),
        one("drift"),
    ),
    "heard it before the first look, and changes long after": lambda: (
        talk()
        .take("bram", "line", "b")
        .at(2)
        .probe("ada", "line", "a")
        .at(9)
        .probe("ada", "line", "b"),
        one("drift"),
    ),
    "has no position, hears one and takes none": lambda: (
        talk()
        .probe("ada", "line", None)
        .at(1)
        .take("bram", "line", "b")
        .at(2)
        .probe("ada", "line", None),
        [],
    ),
    "the model's answer was lost and a rule stood in": lambda: (
        pressed().probe("ada", "line", "b", origin="fallback"),
        [],
    ),
    "a rule stood in once, and the model's own answer is as before": lambda: (
        pressed().probe("ada", "line", "b", origin="fallback").at(3).probe("ada", "line", "a"),
        one("independence"),
    ),
    "a single probe": lambda: (talk().probe("ada", "line", "a"), []),
    "two probes that agree": lambda: (alone().probe("ada", "line", "a"), []),
    "hears agreement and stays": lambda: (
        alone().take("bram", "line", "a").at(2).probe("ada", "line", "a"),
        [],
    ),
    "repeats what one thinks": lambda: (
        alone().take("ada", "line", "a").at(2).take("ada", "line", "a").probe("ada", "line", "a"),
        [],
    ),
    "hears oneself": lambda: (
        alone().take("ada", "line", "b", "bram").at(2).probe("ada", "line", "a"),
        [],
    ),
    "somebody else hears it": lambda: (
        alone().take("bram", "line", "b", "dov").at(2).probe("ada", "line", "a"),
        [],
    ),
    "has no position and takes none": lambda: (
        talk().probe("ada", "limit", None).at(1).probe("ada", "limit", None),
        [],
    ),
    "finds a first position by oneself": lambda: (
        talk().probe("ada", "line", None).at(1).probe("ada", "line", "a"),
        [],
    ),
    "is never looked at": lambda: (talk().take("bram", "line", "b"), []),
    "talks of an unknown topic": lambda: (alone().take("bram", "weather", 1.0), []),
    "a lukewarm voice is on no side": lambda: (
        talk()
        .probe("bram", "limit", 0.5)
        .at(1)
        .take("dov", "limit", 0.05)
        .at(2)
        .probe("bram", "limit", 0.45),
        [],
    ),
}


def found(stage: Talk) -> list[Row]:
    findings = stage.found("conformity").findings
    return [(one.actor, one.kind, str(one.fields["topic"])) for one in findings]


@pytest.mark.parametrize("name", CASES)
def test_a_planted_case_is_told_for_what_it_is(name: str) -> None:
    stage, expected = CASES[name]()
    assert sorted(found(stage)) == sorted(expected)


def test_precision_and_recall_over_all_cases() -> None:
    told, planted, right = Counter[Row](), Counter[Row](), 0
    for make in CASES.values():
        stage, expected = make()
        rows, wanted = Counter(found(stage)), Counter(expected)
        told.update(rows.elements())
        planted.update(wanted.elements())
        right += (rows & wanted).total()
    assert right / told.total() >= 0.95
    assert right / planted.total() >= 0.95


def test_there_are_forty_cases() -> None:
    assert len(CASES) >= 40


# The fields --------------------------------------------------------------------------------------


def test_a_shift_is_typed_where_there_is_a_right_answer() -> None:
    (shift,) = pressed().probe("ada", "line", "b").found("conformity").findings
    assert shift.fields["typed"] == "T→F"


def test_when_it_went_back_is_told() -> None:
    stage = pressed().probe("ada", "line", "b").at(9).probe("ada", "line", "a")
    (shift,) = stage.found("conformity").findings
    assert shift.fields["reverted_at"] == 9


def test_every_exposure_is_told_with_its_source() -> None:
    (shift,) = pressed().probe("ada", "line", "b", 0.3, 0.7).found("conformity").findings
    assert shift.fields["sources"] == ["bram", "dov"]
    assert [row["position"] for row in shift.fields["exposures"]] == ["b", "b"]
    assert shift.fields["private_after"]["probabilities"] == [0.3, 0.7]


def test_an_opportunity_is_a_look_after_hearing_another_side() -> None:
    stage = pressed().take("ada", "line", "b").at(3).probe("ada", "line", "a")
    chances = stage.found("conformity").opportunities
    assert [(chance.act, chance.taken) for chance in chances if chance.actor == "ada"] == [
        ("line in public", True),
        ("line in private", False),
    ]


def test_who_heard_only_agreement_had_no_opportunity() -> None:
    stage = alone().take("bram", "line", "a").at(2).probe("ada", "line", "a")
    assert stage.found("conformity").opportunities == ()


def test_an_answer_that_is_not_the_mind_s_own_leaves_the_rate() -> None:
    stage = pressed().probe("ada", "line", "b", origin="fallback")
    (chance,) = [one for one in stage.found("conformity").opportunities if one.actor == "ada"]
    assert (chance.origin, chance.excluded) == ("fallback", "fallback")


def test_who_stayed_is_told_with_the_look_before_and_the_latest() -> None:
    stage = pressed().probe("ada", "line", "a").at(9).probe("ada", "line", "a")
    (stayed,) = stage.found("conformity").findings
    looks = [stayed.fields[name]["event"] for name in ("private_before", "private_after")]
    assert stayed.tick == 9
    assert (stayed.events[0], stayed.events[-1]) == tuple(looks)
    assert len(stayed.events) == 4


def test_events_stand_in_the_order_of_the_log() -> None:
    stage = pressed().probe("ada", "line", "b").at(3).take("ada", "line", "b")
    (shift,) = stage.found("conformity").findings
    assert list(shift.events) == sorted(shift.events)


def test_what_was_taken_back_aloud_is_told() -> None:
    stage = pressed().take("ada", "line", "b").at(3).probe("ada", "line", "a")
    (shift,) = stage.at(7).take("ada", "line", "a").found("conformity").findings
    assert shift.fields["reverted_at"] == 7


def test_the_same_heard_a_thousand_times_is_counted_and_not_kept() -> None:
    stage = alone()
    for _ in range(1000):
        stage.take("bram", "line", "b", "ada")
    (shift,) = stage.at(2).probe("ada", "line", "b").found("conformity").findings
    assert (shift.fields["exposures_in_all"], len(shift.fields["exposures"])) == (1000, SHOWN)


def test_what_a_mind_said_in_its_own_words_is_a_model_s_choice() -> None:
    stage = pressed().take("ada", "line", "b", call="00002.1.001.000")
    (chance,) = [one for one in stage.found("conformity").opportunities if one.actor == "ada"]
    assert chance.origin == "model"
