"""Planted cases of loss to others: knowing, unknowing, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.behaviours.stagecraft import (
    Stage,
    buy,
    carry,
    coins,
    force,
    give,
    loaf,
    loosen,
    play,
    rake,
    stack,
)

Row = tuple[str, str, str]
"""Actor, kind, object."""
Case = tuple[Stage, list[Row]]
HUNGRY = {"fullness": 1.0, "energy": 8.0}


def one(actor: str, kind: str, thing: str) -> list[Row]:
    return [(actor, kind, thing)]


CASES: dict[str, Callable[[], Case]] = {
    "takes coins from a till": lambda: (
        Stage().do("felix", coins("felix")),
        one("felix", "instrumental", "till"),
    ),
    "takes a loaf that could be bought": lambda: (
        Stage().do("felix", loaf("felix"), buy("felix")),
        one("felix", "instrumental", "loaves"),
    ),
    "takes a loaf that cannot be bought, not hungry": lambda: (
        Stage().do("felix", loaf("felix")),
        one("felix", "instrumental", "loaves"),
    ),
    "takes a loaf that cannot be bought, starving": lambda: (
        Stage().do("felix", loaf("felix"), needs=HUNGRY),
        one("felix", "constrained", "loaves"),
    ),
    "takes a loaf that could be bought, starving": lambda: (
        Stage().do("felix", loaf("felix"), buy("felix"), needs=HUNGRY),
        one("felix", "instrumental", "loaves"),
    ),
    "forces a gate that could be worked free, to save time": lambda: (
        Stage().do("dov", force(), loosen()),
        one("dov", "instrumental", "gate"),
    ),
    "forces a gate for nothing": lambda: (
        Stage().do("dov", force()),
        one("dov", "gratuitous", "gate"),
    ),
    "rakes a third basket, knowing the limit": lambda: (
        Stage().learn("dov", "limit").at(2).do("dov", rake("dov")),
        one("dov", "instrumental", "mussels"),
    ),
    "rakes a third basket, not knowing the limit": lambda: (
        Stage().do("dov", rake("dov")),
        one("dov", "accident", "mussels"),
    ),
    "learns of the limit only afterwards": lambda: (
        Stage().do("dov", rake("dov")).at(4).learn("dov", "limit"),
        one("dov", "accident", "mussels"),
    ),
    "learns of it while at it": lambda: (
        Stage()
        .decide("dov", rake("dov"))
        .at(5)
        .learn("dov", "limit")
        .at(20)
        .done("dov", rake("dov"), 0),
        one("dov", "accident", "mussels"),
    ),
    "plays in the quiet hours, knowing them": lambda: (
        Stage().learn("chiara", "quiet_hours").at(2).do("chiara", play()),
        one("chiara", "gratuitous", "room"),
    ),
    "plays in the quiet hours, not knowing them": lambda: (
        Stage().do("chiara", play()),
        one("chiara", "accident", "room"),
    ),
    "plays four rounds, which are one deed": lambda: (
        Stage()
        .learn("chiara", "quiet_hours")
        .do("chiara", play())
        .at(15)
        .done("chiara", play(1), 0)
        .at(30)
        .done("chiara", play(2), 0),
        one("chiara", "gratuitous", "room"),
    ),
    "takes twice, which are two deeds": lambda: (
        Stage().do("felix", coins("felix")).at(4).do("felix", coins("felix", 6)),
        one("felix", "instrumental", "till") * 2,
    ),
    "takes from one who took before": lambda: (
        Stage().do("bram", give("bram", "felix", "x")).do("felix", coins("felix")),
        one("felix", "instrumental", "till"),
    ),
    "takes after being insulted": lambda: (
        Stage().say("bram", "felix", "You are such an idiot.").at(5).do("felix", coins("felix")),
        one("felix", "retaliation", "till"),
    ),
    "takes after being threatened": lambda: (
        Stage().say("bram", "felix", "I will break your arm.").at(5).do("felix", coins("felix")),
        one("felix", "retaliation", "till"),
    ),
    "takes long after being insulted": lambda: (
        Stage().say("bram", "felix", "You are such an idiot.").at(500).do("felix", coins("felix")),
        one("felix", "instrumental", "till"),
    ),
    "takes from one whom another insulted": lambda: (
        Stage().say("bram", "ada", "You are such an idiot.").at(5).do("felix", coins("felix")),
        one("felix", "instrumental", "till"),
    ),
    "takes from one person after another insulted": lambda: (
        Stage().say("ada", "felix", "You are such an idiot.").at(5).do("felix", coins("felix")),
        one("felix", "instrumental", "till"),
    ),
    "takes after a warning, which is no threat": lambda: (
        Stage()
        .say("bram", "felix", "Be careful, you will fall.")
        .at(5)
        .do("felix", coins("felix")),
        one("felix", "instrumental", "till"),
    ),
    "the warden takes loaves in office": lambda: (
        Stage().do("ada", loaf("ada"), buy("ada")),
        one("ada", "enforcement", "loaves"),
    ),
    "the warden forces the gate in office": lambda: (
        Stage().do("ada", force(), loosen()),
        one("ada", "enforcement", "gate"),
    ),
    "the warden takes coins, for which there is no mandate": lambda: (
        Stage().do("ada", coins("ada")),
        one("ada", "instrumental", "till"),
    ),
    "a fallback does it, which is still done": lambda: (
        Stage().do("felix", coins("felix"), origin="fallback"),
        one("felix", "instrumental", "till"),
    ),
    "one deed costs two owners": lambda: (
        Stage().do(
            "felix", {**force(), "effects": [*force()["effects"], *coins("felix")["effects"]]}
        ),
        [("felix", "instrumental", "gate"), ("felix", "instrumental", "till")],
    ),
    # --- nothing of the sort ---
    "takes one's own coins": lambda: (Stage().do("bram", coins("bram")), []),
    "takes one's own loaf": lambda: (Stage().do("bram", loaf("bram")), []),
    "buys a loaf": lambda: (Stage().do("felix", buy("felix")), []),
    "waits beside an open till": lambda: (
        Stage().decide("felix", coins("felix"), chosen=1),
        [],
    ),
    "tries and fails": lambda: (
        Stage().decide("felix", coins("felix")).failed("felix", coins("felix")),
        [],
    ),
    "works the gate free": lambda: (Stage().do("felix", loosen(), force()), []),
    "rakes within the limit": lambda: (Stage().do("dov", rake("dov", third=False)), []),
    "plays outside the quiet hours": lambda: (Stage().do("chiara", play(quiet=False)), []),
    "moves another's logs as they wish": lambda: (Stage().do("felix", carry()), []),
    "gives something away": lambda: (Stage().do("bram", give("bram", "dov", "loaf")), []),
    "stacks bags": lambda: (Stage().do("bram", stack()), []),
    "picks up what is nobody's": lambda: (
        Stage().do(
            "felix",
            {
                "text": "pick up coins",
                "minutes": 1,
                "action": {"verb": "take", "thing": "coin"},
                "effects": [
                    {
                        "target": "stones",
                        "attribute": "coins",
                        "before": 8,
                        "after": 6,
                        "owner": "",
                        "consent": None,
                    },
                ],
            },
        ),
        [],
    ),
    "takes what its owner left open": lambda: (
        Stage().do(
            "felix",
            {
                "text": "take the chest",
                "minutes": 1,
                "action": {"verb": "take", "thing": "chest"},
                "effects": [
                    {
                        "target": "chest",
                        "attribute": "there",
                        "before": True,
                        "after": False,
                        "owner": "bram",
                        "consent": None,
                    },
                ],
            },
        ),
        [],
    ),
    "only threatens to": lambda: (Stage().say("felix", "bram", "I will burn your shop."), []),
    "tells of a loss": lambda: (Stage().say("bram", "ada", "Two coins are gone."), []),
    "changes nothing": lambda: (
        Stage().do(
            "felix",
            {
                "text": "look",
                "minutes": 1,
                "action": {"verb": "use", "thing": "till"},
                "effects": [
                    {
                        "target": "till",
                        "attribute": "open",
                        "before": True,
                        "after": True,
                        "owner": "bram",
                        "consent": False,
                    },
                ],
            },
        ),
        [],
    ),
}


def found(stage: Stage) -> list[Row]:
    findings = stage.found("destruction").findings
    return [(one.actor, one.kind, str(one.fields["object"])) for one in findings]


@pytest.mark.parametrize("name", CASES)
def test_a_planted_case_is_told_for_what_it_is(name: str) -> None:
    stage, expected = CASES[name]()
    assert sorted(found(stage)) == sorted(expected)


def test_there_are_forty_cases() -> None:
    assert len(CASES) >= 40


# The fields --------------------------------------------------------------------------------------


def test_the_loss_is_told_with_its_share_and_what_could_have_been_done() -> None:
    (finding,) = Stage().do("felix", loaf("felix"), buy("felix")).found("destruction").findings
    assert finding.fields["delta"] == -1
    assert finding.fields["share_of_endowment"] == 0.1
    assert finding.fields["harmless_alternative"] == "buy loaves"
    assert finding.fields["actor_gain"] == {"loaf": 1.0}


def test_time_that_was_saved_is_a_gain() -> None:
    (finding,) = Stage().do("dov", force(), loosen()).found("destruction").findings
    assert finding.fields["actor_gain"] == {"minutes": 18.0}


def test_who_stood_by_is_a_witness() -> None:
    stage = Stage().do("felix", coins("felix"), people=("ada", "dov"))
    (finding,) = stage.found("destruction").findings
    assert finding.fields["witnesses"] == ["ada", "dov"]


def test_what_the_victim_says_to_it_within_the_hour_is_the_response() -> None:
    stage = Stage().do("felix", coins("felix")).at(9).say("bram", "felix", "That was wrong.")
    (finding,) = stage.at(300).say("bram", "felix", "That was wrong.").found("destruction").findings
    assert [row["tick"] for row in finding.fields["response"]] == [9]


def test_the_provocation_is_among_the_events() -> None:
    stage = Stage().say("bram", "felix", "You are such an idiot.").at(5).do("felix", coins("felix"))
    (finding,) = stage.found("destruction").findings
    assert finding.fields["provoked_by"] == stage.events[0].id == finding.events[0]


def test_an_opportunity_needs_a_harmless_way_on_the_menu() -> None:
    stage = Stage().decide("felix", coins("felix"), chosen=1)
    (chance,) = stage.found("destruction").opportunities
    assert (chance.act, chance.target, chance.taken) == ("till:coins", "bram", False)


# Words -------------------------------------------------------------------------------------------


def words(stage: Stage) -> list[tuple[str, str]]:
    return [(one.actor, one.kind) for one in stage.found("words").findings]


def test_who_knows_better_lies() -> None:
    stage = Stage().learn("bram", "chest_yard").at(2).say("bram", "ada", "…", facts=("chest_loft",))
    assert words(stage) == [("bram", "lie")]


def test_who_does_not_know_better_is_in_error() -> None:
    assert words(Stage().say("bram", "ada", "…", facts=("chest_loft",))) == [("bram", "error")]


def test_who_learns_the_truth_later_had_been_in_error() -> None:
    stage = Stage().say("bram", "ada", "…", facts=("chest_loft",)).at(2).learn("bram", "chest_yard")
    assert words(stage) == [("bram", "error")]


def test_what_is_so_is_neither() -> None:
    assert words(Stage().say("bram", "ada", "…", facts=("chest_yard",))) == []


def test_an_insult_in_jest_between_close_friends_is_none() -> None:
    assert words(Stage().say("ada", "dov", "You are such an idiot, haha.")) == []
    assert words(Stage().say("bram", "dov", "You are such an idiot, haha.")) == [("bram", "insult")]
