"""What the embedded model makes of people and situations, through the mind's own prompts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import personas
from simulation.episode.sink import Scribe
from simulation.kernel.action import Go, Read, Say, Sleep, Take, Use, Wait
from simulation.kernel.ids import Phase
from simulation.kernel.rules import Option
from simulation.kernel.streams import Streams
from simulation.language.base import Phrase
from simulation.language.embedded import EmbeddedModel
from simulation.language.prompts import load_prompt
from simulation.mind import stance
from simulation.mind.asker import Asker
from simulation.mind.budget import Budget
from simulation.mind.decide import Choice, ask_decision
from simulation.mind.options import MindOptions
from simulation.mind.plan import PlanItem
from simulation.mind.scene import scene
from tests.kernel.toy import Events, Play, person

if TYPE_CHECKING:
    from personas import Persona
    from simulation.kernel.percept import Percept


pytestmark = pytest.mark.embedded

OPTIONS = (
    Option(text="talk with Ben", action=Say(to="ben")),
    Option(text="read the notice", action=Read(thing="board")),
    Option(text="eat the bread", action=Use(thing="bread")),
    Option(text="sleep in the bed", action=Sleep()),
    Option(text="mend the roof", action=Use(thing="roof")),
    Option(text="walk to the yard", action=Go(to="yard")),
    Option(text="carry the sacks inside", action=Take(thing="sack")),
    Option(text="stay and do nothing", action=Wait()),
)

Shares = dict[str, float]


@pytest.fixture(scope="module")
def model() -> Iterator[EmbeddedModel]:
    model = EmbeddedModel()
    yield model
    model.close()


def percept(ann: Persona, start: str = "12:00", energy: float = 8) -> Percept:
    """What Ann perceives in the hall with Ben."""
    cast = (ann, person("ben"))
    play = Play(people=("ann", "ben"), cast=cast, start=start, energy=energy)
    try:
        return play.live(1).minds["ann"].percepts[0]
    finally:
        play.world.close()


def asked(
    model: EmbeddedModel,
    ann: Persona,
    exponent: float = 0.5,
    plan: PlanItem | None = None,
    **data: Any,
) -> Choice:
    """What Ann decides."""
    asker = Asker(model, Events(), Streams(7), Budget())
    fields = scene(percept(ann, **data), [], plan, "", MindOptions()).fields
    scribe = Scribe(0, Phase.THINK, 1, "ann")
    made = asyncio.run(ask_decision(asker, scribe, fields, OPTIONS, exponent, Random(1)))
    assert made is not None
    return made


def shares(model: EmbeddedModel, ann: Persona, plan: PlanItem | None = None, **data: Any) -> Shares:
    """The corrected probability of each option for Ann."""
    corrected = asked(model, ann, 0.5, plan, **data).corrected
    assert corrected is not None
    return dict(zip((option.text for option in OPTIONS), corrected, strict=True))


def variation(one: Shares, other: Shares) -> float:
    """Total variation: half the sum of what differs, 0 for alike, 1 for disjoint."""
    return sum(abs(one[text] - other[text]) for text in one) / 2


@pytest.fixture(scope="module")
def average(model: EmbeddedModel) -> Shares:
    """Somebody in the middle of every scale, rested, at noon."""
    return shares(model, person("ann"))


def test_personas_of_the_cast_move_the_choice(model: EmbeddedModel) -> None:
    hugo, bram, jonas = (
        shares(model, personas.load(name).model_copy(update={"id": "ann"}))
        for name in ("hugo", "bram", "jonas")
    )
    # Measured in the same scene: 0.94, 0.92 and 0.52; all 45 pairs of the cast 0.57 on average.
    for one, other in ((hugo, bram), (hugo, jonas), (bram, jonas)):
        assert variation(one, other) > 0.2


def test_a_situation_moves_the_choice_of_one_persona(model: EmbeddedModel, average: Shares) -> None:
    night = shares(model, person("ann"), start="23:00", energy=1)
    # Measured: 0.31.
    assert variation(average, night) > 0.12
    assert night["sleep in the bed"] > average["sleep in the bed"]


@pytest.mark.parametrize("start", ["12:00", "20:00"])
def test_the_talkative_talk_more_than_the_reserved(model: EmbeddedModel, start: str) -> None:
    reserved, talkative = (
        shares(model, person("ann", five={"extraversion": level}), start=start)["talk with Ben"]
        for level in (1.0, 5.0)
    )
    # Measured at noon: 0.03 and 0.99.
    assert talkative > reserved + 0.2


def test_what_is_planned_is_what_is_done(model: EmbeddedModel, average: Shares) -> None:
    item = PlanItem(at=700, minutes=60, place="hall", doing="mend the roof")
    planned = shares(model, person("ann"), item)
    assert planned["mend the roof"] > average["mend the roof"] + 0.3


def test_whoever_means_to_be_elsewhere_walks(model: EmbeddedModel, average: Shares) -> None:
    item = PlanItem(at=700, minutes=60, place="yard", doing="sweep the stones")
    assert (
        shares(model, person("ann"), item)["walk to the yard"] > average["walk to the yard"] + 0.2
    )


def test_what_the_model_gave_does_not_depend_on_the_declared_share(model: EmbeddedModel) -> None:
    half, whole = (asked(model, person("ann"), share) for share in (0.5, 1.0))
    assert half.raw == whole.raw
    assert half.corrected != whole.corrected


# What it cannot tell: why positions move by a rule with this model -----------------------------

_PROMPTS = Path(stance.__file__).parent / "prompts"
_WHO = "Gudrun is a widow who lives by the lane."


def agreement(model: EmbeddedModel, heard: str) -> float:
    prompt = load_prompt(_PROMPTS / "stance.md", "stance").render(
        who=_WHO,
        traits="",
        memories="",
        own="",
        heard=heard,
        statement="the two-basket limit should stay",
    )
    return asyncio.run(model.rate(prompt, 1, 9)).value


def test_its_agreement_hardly_depends_on_what_was_heard(model: EmbeddedModel) -> None:
    pro, con = "I would keep the limit of two baskets.", "I would let everyone take a third basket."
    for_it = agreement(model, f"Ada said: {pro} Esi said: {pro}")
    against = agreement(model, f"Ada said: {con} Dov said: {con}")
    assert abs(for_it - against) < 0.5


def test_of_two_names_it_gives_the_one_it_heard(model: EmbeddedModel) -> None:
    prompt = load_prompt(_PROMPTS / "side.md", "stance").render(
        who=_WHO,
        traits="",
        memories="",
        own="Gudrun has said so far: I am for Hugo as warden.",
        heard="Esi said: I am for Ada as warden. Bram said: I am for Ada as warden.",
        statement="who should be warden",
    )
    names = [Phrase(text=name, verb=name) for name in ("Hugo", "Ada")]
    hugo, ada = asyncio.run(model.choose(prompt, names)).logps or (0.0, 0.0)
    assert ada > hugo
