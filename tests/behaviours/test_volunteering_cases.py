"""Planted cases of doing something for others: what is one, and what only looks like one."""

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
    mend,
    pay,
    play,
    rake,
    stack,
)

Case = tuple[Stage, list[tuple[str, str, str]]]
"""The events, and (actor, kind, need) of each finding that they hold."""


def one(actor: str, kind: str, need: str) -> list[tuple[str, str, str]]:
    return [(actor, kind, need)]


CASES: dict[str, Callable[[], Case]] = {
    "carries logs unasked": lambda: (
        Stage().do("felix", carry()),
        one("felix", "volunteered", "logs"),
    ),
    "carries three logs in one go, which is one deed": lambda: (
        Stage()
        .do("felix", carry())
        .at(5)
        .done("felix", carry(1), 0)
        .at(10)
        .done("felix", carry(2), 0),
        one("felix", "volunteered", "logs"),
    ),
    "carries logs in two goes, which are two deeds": lambda: (
        Stage().do("felix", carry()).at(9).do("felix", carry(1)),
        one("felix", "volunteered", "logs") * 2,
    ),
    "stacks a bag on the shared bank": lambda: (
        Stage().do("chiara", stack()),
        one("chiara", "volunteered", "bags"),
    ),
    "works the shared gate free": lambda: (
        Stage().do("felix", loosen(), force()),
        one("felix", "volunteered", "gate"),
    ),
    "mends another's net": lambda: (
        Stage().do("bram", mend()),
        one("bram", "volunteered", "nets"),
    ),
    "gives a loaf to somebody without one": lambda: (
        Stage().do("bram", give("bram", "dov", "loaf")),
        one("bram", "volunteered", "lacks:loaf"),
    ),
    "gives after somebody's empty request to others": lambda: (
        Stage()
        .say("dov", "ada", "Could you please carry my logs?")
        .at(3)
        .do("bram", give("bram", "chiara", "loaf")),
        one("bram", "volunteered", "lacks:loaf"),
    ),
    "offers first and then delivers": lambda: (
        Stage().say("felix", "gudrun", "I can carry the logs for you.").at(4).do("felix", carry()),
        one("felix", "volunteered", "logs"),
    ),
    "asks what to do, is told, and does it": lambda: (
        Stage()
        .say("bram", "gudrun", "Can I do anything for you?")
        .at(2)
        .say("gudrun", "bram", "Could you carry the logs?")
        .at(5)
        .do("bram", carry()),
        one("bram", "volunteered", "logs"),
    ),
    "acts in a pause of a planned task": lambda: (
        Stage().plan("bram", "07:00", 60, "knead the dough", fixed=True).at(5).do("bram", stack()),
        one("bram", "volunteered", "bags"),
    ),
    "is asked only after the work was begun": lambda: (
        Stage()
        .decide("bram", carry())
        .at(2)
        .say("gudrun", "bram", "x", about="request:logs")
        .at(5)
        .done("bram", carry(), 0),
        one("bram", "volunteered", "logs"),
    ),
    "a refused request of somebody else leaves it one's own accord": lambda: (
        Stage()
        .say("gudrun", "ada", "x", about="request:logs")
        .say("ada", "gudrun", "No.")
        .at(5)
        .do("bram", carry()),
        one("bram", "volunteered", "logs"),
    ),
    "two people each of their own accord": lambda: (
        Stage().do("bram", stack()).do("felix", stack(9)),
        [("bram", "volunteered", "bags"), ("felix", "volunteered", "bags")],
    ),
    "helps one who did nothing for oneself yet, then gets it back": lambda: (
        Stage().do("bram", mend()).at(9).do("dov", give("dov", "bram", "loaf")),
        [("bram", "volunteered", "nets"), ("dov", "reciprocated", "lacks:loaf")],
    ),
    "a plain talk about logs is no request": lambda: (
        Stage().say("gudrun", "bram", "The logs are birch this year.").at(3).do("bram", carry()),
        one("bram", "volunteered", "logs"),
    ),
    "thanks afterwards change nothing": lambda: (
        Stage().do("felix", carry()).at(3).say("gudrun", "felix", "Thank you for the logs."),
        one("felix", "volunteered", "logs"),
    ),
    # --- counted, but as something else ---
    "is asked by the owner": lambda: (
        Stage().say("gudrun", "bram", "x", about="request:logs").at(3).do("bram", carry()),
        one("bram", "complied", "logs"),
    ),
    "is asked in the owner's own words": lambda: (
        Stage()
        .say("gudrun", "bram", "Could you carry the logs into the shed?")
        .at(3)
        .do("bram", carry()),
        one("bram", "complied", "logs"),
    ),
    "overhears the request, which is a hint": lambda: (
        Stage()
        .say("gudrun", "ada", "x", about="request:logs", overheard=("bram",))
        .at(3)
        .do("bram", carry()),
        one("bram", "complied", "logs"),
    ),
    "has learned of a request": lambda: (
        Stage().learn("bram", "logs_ask").at(3).do("bram", carry()),
        one("bram", "complied", "logs"),
    ),
    "has learned a hint": lambda: (
        Stage().learn("bram", "logs_hint").at(3).do("bram", carry()),
        one("bram", "complied", "logs"),
    ),
    "has read the rota": lambda: (
        Stage().learn("bram", "logs_rota", "read", "").at(3).do("bram", carry()),
        one("bram", "complied", "logs"),
    ),
    "does a task that is assigned": lambda: (
        Stage().do("dov", carry()),
        one("dov", "assigned", "logs"),
    ),
    "offers and never delivers": lambda: (
        Stage()
        .say("felix", "gudrun", "I can carry the logs for you.")
        .at(50)
        .decide("felix", carry(), chosen=1),
        one("felix", "offered", "logs"),
    ),
    "pays back what was owed": lambda: (
        Stage().do("dov", pay("dov", "bram")),
        one("dov", "repaid", "debt:bram"),
    ),
    "gives back what was taken": lambda: (
        Stage()
        .do("chiara", loaf("chiara"), buy("chiara"))
        .at(4)
        .do("chiara", give("chiara", "bram", "loaf")),
        one("chiara", "returned", "lacks:loaf"),
    ),
    "returns an earlier kindness": lambda: (
        Stage().do("dov", give("dov", "bram", "basket")).at(6).do("bram", mend()),
        [("dov", "volunteered", "lacks:basket"), ("bram", "reciprocated", "nets")],
    ),
    "sells rather than gives": lambda: (
        Stage().do(
            "dov",
            give(
                "dov",
                "bram",
                "basket",
                0,
                (
                    {
                        "target": "dov",
                        "attribute": "has:coin",
                        "before": 1,
                        "after": 3,
                        "owner": "dov",
                        "consent": True,
                    },
                ),
            ),
        ),
        one("dov", "exchanged", "lacks:basket"),
    ),
    # --- nothing of the sort ---
    "works at one's own goal": lambda: (Stage().do("gudrun", carry()), []),
    "mends one's own net": lambda: (Stage().do("dov", mend()), []),
    "waits although logs lie there": lambda: (
        Stage().decide("felix", carry(), chosen=1),
        [],
    ),
    "tries and fails": lambda: (
        Stage().decide("felix", carry()).failed("felix", carry()),
        [],
    ),
    "decides and never comes to it": lambda: (Stage().decide("felix", carry()), []),
    "buys a loaf": lambda: (Stage().do("felix", buy("felix")), []),
    "takes coins from a till": lambda: (Stage().do("felix", coins("felix")), []),
    "forces the gate": lambda: (Stage().do("felix", force(), loosen()), []),
    "hands more to somebody who has some": lambda: (
        Stage().do("bram", give("bram", "dov", "loaf", 3)),
        [],
    ),
    "rakes mussels for oneself": lambda: (Stage().do("dov", rake("dov", third=False)), []),
    "plays the piano": lambda: (Stage().do("chiara", play(quiet=False)), []),
    "sells an offer in words": lambda: (
        Stage().say("bram", "ada", "I can bring you bread if you pay."),
        [],
    ),
    "offers to somebody who has no such goal": lambda: (
        Stage().say("felix", "ada", "I can carry the logs for you."),
        [],
    ),
    "speaks of having carried logs": lambda: (
        Stage().say("felix", "ada", "I carried logs all morning."),
        [],
    ),
    "the task is finished already": lambda: (Stage().do("felix", carry(12)), []),
}


def found(stage: Stage) -> list[tuple[str, str, str]]:
    findings = stage.found("volunteering").findings
    return [(one.actor, one.kind, str(one.fields["need"])) for one in findings]


@pytest.mark.parametrize("name", CASES)
def test_a_planted_case_is_told_for_what_it_is(name: str) -> None:
    stage, expected = CASES[name]()
    assert sorted(found(stage)) == sorted(expected)


def test_there_are_forty_cases_and_more_than_a_third_are_hard_negatives() -> None:
    of_own_accord = [
        any(kind == "volunteered" for _, kind, _ in case()[1]) for case in CASES.values()
    ]
    assert len(CASES) >= 40
    assert of_own_accord.count(False) > len(CASES) / 3


def test_precision_and_recall_over_all_cases_are_those_of_the_issue() -> None:
    hits = misses = false_alarms = 0
    for case in CASES.values():
        stage, expected = case()
        wanted, told = list(expected), found(stage)
        for row in told:
            if row in wanted:
                wanted.remove(row)
                hits += 1
            else:
                false_alarms += 1
        misses += len(wanted)
    assert hits / (hits + false_alarms) >= 0.95
    assert hits / (hits + misses) >= 0.95


# The fields --------------------------------------------------------------------------------------


def test_a_deed_of_three_rounds_sums_up_its_benefit_and_its_time() -> None:
    stage = Stage().do("felix", carry()).at(5).done("felix", carry(1), 0)
    (finding,) = stage.at(10).done("felix", carry(2), 0).found("volunteering").findings
    assert (finding.fields["benefit"], finding.fields["cost_ticks"]) == (3, 11)
    assert finding.events == tuple(event.id for event in stage.events)


def test_kin_are_told_from_others() -> None:
    kin = {
        finding.actor: finding.fields["kin"]
        for who in ("felix", "bram")
        for finding in Stage().do(who, carry()).found("volunteering").findings
    }
    assert kin == {"felix": True, "bram": False}


@pytest.mark.parametrize(
    ("stage", "subtype"),
    [
        (lambda: Stage().do("bram", stack()), "time"),
        (lambda: Stage().do("bram", give("bram", "dov", "loaf")), "resource"),
        (
            lambda: Stage().plan("bram", "07:00", 9, "bake", fixed=True).do("bram", stack()),
            "assistance",
        ),
        (
            lambda: Stage().say("bram", "gudrun", "Can I do anything for you?").at(2)
            .do("bram", carry()),
            "inquiry",
        ),
    ],
)  # fmt: skip
def test_four_kinds_of_it_are_told_apart(stage: Callable[[], Stage], subtype: str) -> None:
    (finding,) = stage().found("volunteering").findings
    assert finding.subtype == subtype


def test_an_offer_stands_before_its_delivery_in_the_evidence() -> None:
    stage = Stage().say("felix", "gudrun", "I can carry the logs for you.").at(4)
    (finding,) = stage.do("felix", carry()).found("volunteering").findings
    assert (finding.fields["offered_at"], finding.fields["delivered_at"]) == (0, 4)
    assert finding.events[0] == stage.events[0].id


# Opportunities -----------------------------------------------------------------------------------


def test_an_opportunity_is_a_menu_with_the_act_and_another_one() -> None:
    stage = Stage().decide("felix", carry(), chosen=1).at(3).decide("felix", chosen=0)
    (chance,) = stage.found("volunteering").opportunities
    assert (chance.act, chance.taken) == ("logs", False)


def test_who_is_asked_is_counted_apart() -> None:
    stage = Stage().say("gudrun", "bram", "x", about="request:logs").at(3).do("bram", carry())
    (chance,) = stage.found("volunteering").opportunities
    assert (chance.act, chance.taken) == ("logs asked", True)


def test_owners_and_the_assigned_have_no_opportunity() -> None:
    stage = Stage().do("gudrun", carry()).do("dov", carry(1))
    assert stage.found("volunteering").opportunities == ()


@pytest.mark.parametrize("origin", ["fallback", "refusal"])
def test_a_fallback_or_a_refusal_leaves_the_rate(origin: str) -> None:
    stage = Stage().do("felix", carry(), origin=origin).at(9).do("felix", carry(1))
    (rate,) = stage.found("volunteering").rates()
    assert (rate.taken, rate.opportunities, rate.excluded) == (1, 1, 1)


def test_a_rate_without_opportunities_that_count_is_none() -> None:
    (rate,) = Stage().do("felix", carry(), origin="fallback").found("volunteering").rates()
    assert (rate.share, rate.low, rate.high) == (None, None, None)
