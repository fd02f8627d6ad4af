"""Needs and emotions: what brings them about, what they change, and that the log has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulation.episode.events import Failed, Felt, Needed, Related
from simulation.episode.sink import Scribe
from simulation.kernel.ids import Phase
from simulation.mind.inner import InnerState
from simulation.mind.options import MindOptions
from simulation.mind.scene import felt
from tests.kernel.toy import PAPER, SUPPER, person
from tests.mind.company import Scripted

if TYPE_CHECKING:
    from simulation.episode.events import Happening
    from tests.mind.conftest import MakeCompany, MakePercept

STAY = {"stay": 1e9}


def lived(percept: MakePercept, *ticks: int, free: bool = False, **five: float) -> InnerState:
    inner = InnerState(person("ann", five=five), 1)
    for tick in ticks:
        inner.live(percept(tick=tick), Scribe(tick, Phase.THINK, 1, "ann"), free=free)
    return inner


def test_company_and_fun_are_missed_with_time(percept: MakePercept) -> None:
    here = percept(tick=180)
    needs = lived(percept, 180).needs(here)
    # three hours at a level in 90 and in 120 minutes
    assert needs["social"] == pytest.approx(8.0)
    assert needs["fun"] == pytest.approx(8.5)
    assert (needs["energy"], needs["fullness"], needs["health"]) == (8.0, 8.0, 10.0)


def test_time_of_ones_own_is_fun(percept: MakePercept) -> None:
    here = percept(tick=180)
    busy, free = lived(percept, 180), lived(percept, 180, free=True)
    assert free.needs(here)["fun"] > busy.needs(here)["fun"]


def test_words_are_company(percept: MakePercept) -> None:
    here, inner = percept(tick=180), lived(percept, 180)
    inner.spoke()
    assert inner.needs(here)["social"] == pytest.approx(9.0)


def test_who_misses_company_long_enough_is_lonely(percept: MakePercept) -> None:
    inner = InnerState(person("ann"), 60)
    here = percept(tick=10)
    inner.live(here, Scribe(10, Phase.THINK, 1, "ann"), free=True)
    # ten hours at a level in 90 minutes: 10 - 6.67
    assert inner.words() == ["lonely"]
    assert felt(here, inner.words()) == "Ann is lonely."


def test_hunger_wears_on_health(percept: MakePercept) -> None:
    inner = InnerState(person("ann"), 60)
    here = percept(tick=10, fullness=0.5)
    inner.live(here, Scribe(10, Phase.THINK, 1, "ann"), free=True)
    assert "unwell" in inner.words()


def feelings(events: list[Happening]) -> list[tuple[str, str]]:
    return [(one.emotion, one.reason) for one in events if isinstance(one, Felt)]


def strike(emotion: str, *, concerned: bool, importance: float, **five: float) -> Scribe:
    fact = PAPER.model_copy(
        update={"strikes": emotion, "concerns": ("ann",) if concerned else ("ben",)}
    )
    scribe = Scribe(3, Phase.THINK, 1, "ann")
    inner = InnerState(person("ann", five=five), 1)
    inner.learned(scribe, fact, importance, "00002.3.001.000")
    return scribe


def test_news_about_oneself_strikes_as_the_world_says() -> None:
    scribe = strike("afraid", concerned=True, importance=2.0)
    assert feelings(scribe.events) == [("afraid", "news about oneself")]
    assert scribe.events[0].causes == ("00002.3.001.000",)


def test_weighty_news_of_others_is_surprising_and_light_news_is_not() -> None:
    assert feelings(strike("", concerned=False, importance=8.0).events) == [
        ("surprised", "weighty news")
    ]
    assert not strike("afraid", concerned=False, importance=3.0).events


@pytest.mark.parametrize(("neuroticism", "intensity"), [(3.0, 6.0), (5.0, 8.4), (1.0, 3.6)])
def test_neuroticism_makes_feelings_stronger(neuroticism: float, intensity: float) -> None:
    scribe = strike("sad", concerned=True, importance=2.0, neuroticism=neuroticism)
    event = scribe.events[0]
    assert isinstance(event, Felt)
    assert event.intensity == pytest.approx(intensity)


def test_a_feeling_fades(percept: MakePercept) -> None:
    inner = InnerState(person("ann"), 1)
    fact = PAPER.model_copy(update={"strikes": "happy", "concerns": ("ann",)})
    inner.learned(Scribe(0, Phase.THINK, 1, "ann"), fact, 2.0, "")
    # 6 at first, one less every half an hour: 3 after 90 minutes, under 1 after 151
    assert inner.intensity(90) == pytest.approx(3.0)
    late = Scribe(151, Phase.THINK, 1, "ann")
    inner.live(percept(tick=151), late, free=True)
    assert ("neutral", "it has faded") in feelings(late.events)


def test_a_weaker_feeling_does_not_drive_out_a_stronger() -> None:
    scribe = Scribe(0, Phase.THINK, 1, "ann")
    inner = InnerState(person("ann"), 1)
    fact = PAPER.model_copy(update={"strikes": "sad", "concerns": ("ann",)})
    inner.learned(scribe, fact, 2.0, "")
    inner.talked(scribe, 1.0, "")
    assert inner.emotion == "sad"


@pytest.mark.parametrize(
    ("change", "agreeableness", "emotion"),
    [(1.0, 3.0, "happy"), (-1.0, 4.0, "sad"), (-1.0, 2.0, "angry"), (0.0, 2.0, "neutral")],
)
def test_a_talk_leaves_a_feeling(change: float, agreeableness: float, emotion: str) -> None:
    inner = InnerState(person("ann", five={"agreeableness": agreeableness}), 1)
    inner.talked(Scribe(0, Phase.THINK, 1, "ann"), change, "")
    assert inner.emotion == emotion


# In a mind -------------------------------------------------------------------------------------


def test_an_act_that_cannot_be_done_is_felt_and_logged(company: MakeCompany) -> None:
    model = Scripted(likes={"take an apple": 1e9})
    here = company(model, people=("ann",), apples=0, start="12:00").live(4)
    failed, felt_events = here.events.of(Failed), here.events.of(Felt, "ann")
    assert felt_events[0].emotion == "angry"
    assert felt_events[0].causes == (failed[0].id,)
    decisions = model.questions("decide")
    assert "Ann is angry." not in decisions[0]
    assert "Ann is angry." in decisions[-1]


def test_a_need_that_begins_to_be_felt_is_logged(company: MakeCompany) -> None:
    here = company(Scripted(likes=STAY), people=("ann",), energy=3).live(2)
    assert [(one.need, one.felt) for one in here.events.of(Needed)] == [("energy", True)]


def test_inner_state_can_be_switched_off(company: MakeCompany) -> None:
    options = MindOptions(without=("inner_state",))
    model = Scripted(likes={"take an apple": 1e9})
    here = company(model, people=("ann",), apples=0, energy=3, start="12:00", options=options).live(
        4
    )
    assert not here.events.of(Felt)
    assert not here.events.of(Needed)


def test_a_talk_that_brings_two_closer_is_felt_with_its_cause(company: MakeCompany) -> None:
    here = company(
        Scripted(likes={"talk with": 1e9}),
        people=("ann", "ben"),
        facts=[SUPPER, PAPER.model_copy(update={"seeded": ("ben",)})],
        start="12:00",
    ).live(12)
    closer = {event.id for event in here.events.of(Related) if event.closeness > event.before}
    pleased = [one for one in here.events.of(Felt) if one.emotion == "happy"]
    assert closer
    assert pleased
    assert {cause for one in pleased for cause in one.causes} <= closer
