"""Reacting: what is salient, and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulation.episode.events import Acted, Decided, Reacted
from simulation.kernel.action import Go, Join, Read, Say, Take, Wait
from simulation.mind.options import MindOptions
from simulation.mind.plan import PlanItem
from simulation.mind.react import Reaction, response
from tests.kernel.toy import Script, person
from tests.mind.company import Scripted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.kernel.action import Action
    from simulation.mind.react import Salient
    from tests.kernel.toy import Play
    from tests.mind.conftest import MakeCompany, MakePlay

COMES = {"dan": {0: Go(to="hall")}}
SWEEP = PlanItem(at=420, minutes=60, place="hall", doing="sweep the hearth")


def noticed(
    play: Play,
    *,
    threshold: float = 0.0,
    pause: int = 1,
    closeness: float = 0.0,
    due: PlanItem | None = None,
    ticks: int = 12,
) -> list[Salient | None]:
    """What Ann finds most salient at each tick."""
    reaction = Reaction(threshold, pause, lambda _: closeness)
    percepts = play.live(ticks).minds["ann"].percepts
    return [reaction.notice(percept, due) for percept in percepts]


def shown(found: Sequence[Salient | None]) -> list[tuple[str, float]]:
    return [(one.trigger, one.salience) for one in found if one is not None]


def test_who_comes_into_company_is_noticed_once(play: MakePlay) -> None:
    found = noticed(play(COMES, people=("ann", "dan")))
    assert shown(found) == [("person", 3.0)]


def test_somebody_close_or_tied_is_more_salient(play: MakePlay) -> None:
    tie = {"person": "dan", "tie": "sister", "feeling": "likes her", "closeness": 2}
    cast = (person("ann", relationships=[tie]), person("dan"))
    found = noticed(play(COMES, people=("ann", "dan"), cast=cast), closeness=4.0)
    # 3 + 0.5 · 4 + 1
    assert shown(found) == [("person", 6.0)]


def test_somebody_one_cannot_bear_is_as_salient_as_a_friend(play: MakePlay) -> None:
    found = noticed(play(COMES, people=("ann", "dan")), closeness=-4.0)
    assert shown(found) == [("person", 5.0)]


def test_a_thing_that_has_changed_is_noticed_and_more_so_at_ones_work(play: MakePlay) -> None:
    assert shown(noticed(play(people=("ann",), falls=3))) == [("object", 4.0)]
    assert shown(noticed(play(people=("ann",), falls=3), due=SWEEP)) == [("object", 6.0)]


def test_a_thing_that_one_changes_oneself_is_no_news(play: MakePlay) -> None:
    at_it = {"ann": {tick: Read(thing="board") for tick in range(6)}}
    assert shown(noticed(play(at_it, people=("ann",), falls=3))) == []


def test_what_draws_every_eye_is_noticed_with_its_event(play: MakePlay) -> None:
    play_ = play(people=("ann",), bell=2, cells={"ann": (1, 8)})
    found = [one for one in noticed(play_) if one is not None]
    assert shown(found) == [("event", 8.0)]
    assert found[0].event in {event.id for event in play_.events.all}


def test_words_to_all_are_noticed(play: MakePlay) -> None:
    said = {"ben": {1: Say(text="Good day, all.")}}
    assert shown(noticed(play(said, people=("ann", "ben")), threshold=4.0)) == [("words", 5.0)]


def test_a_fixed_plan_elsewhere_calls(play: MakePlay) -> None:
    due = PlanItem(at=420, minutes=60, place="yard", doing="ring", fixed=True)
    assert shown(noticed(play(people=("ann",)), due=due, ticks=1)) == [("appointment", 9.0)]


def test_after_a_reaction_there_is_a_pause(play: MakePlay) -> None:
    due = PlanItem(at=420, minutes=60, place="yard", doing="ring", fixed=True)
    found = noticed(play(people=("ann",)), due=due, ticks=12, pause=5)
    assert [tick for tick, one in enumerate(found) if one] == [0, 5, 10]


def test_what_is_not_salient_enough_is_let_pass(play: MakePlay) -> None:
    assert shown(noticed(play(COMES, people=("ann", "dan")), threshold=3.5)) == []


@pytest.mark.parametrize(
    ("action", "name"),
    [
        (Say(to="ben"), "talk"),
        (Say(to="ben", facts=("supper",)), "tell"),
        (Join(task="boat"), "join"),
        (Go(to="yard"), "leave"),
        (Wait(), "wait"),
        (Take(thing="apple"), "act"),
    ],
)
def test_a_reaction_is_named_by_what_is_done(action: Action, name: str) -> None:
    assert response(action) == name


# In a mind -------------------------------------------------------------------------------------


def test_a_reaction_is_logged_with_its_cause_and_its_decision(company: MakeCompany) -> None:
    model = Scripted(likes={"stay": 1e9})
    here = company(
        model,
        people=("ann",),
        minds={"dan": Script()},
        start="12:00",
        cells={"ann": (1, 8)},
        bell=3,
    ).live(6)
    reacted = here.events.of(Reacted)
    assert [(one.trigger, one.response) for one in reacted] == [("event", "wait")]
    decided = {event.id for event in here.events.of(Decided)}
    assert reacted[0].causes[-1] in decided
    assert reacted[0].causes[0] in {event.id for event in here.events.all}


def test_reacting_can_be_switched_off(company: MakeCompany) -> None:
    options = MindOptions(without=("reacting",))
    model = Scripted(likes={"stay": 1e9})
    here = company(
        model, people=("ann",), start="12:00", cells={"ann": (1, 8)}, bell=3, options=options
    ).live(6)
    assert not here.events.of(Reacted)
    assert here.events.of(Acted)
