"""Whatever is done to a village from outside, it goes on living by its rules."""

from __future__ import annotations

from random import Random

import pytest

import personas
from simulation.errors import BadInput
from simulation.kernel.effect import Value
from simulation.kernel.reach import Reach
from worlds import village


def something(reach: Reach, chance: Random) -> str:
    """A line that could be an intervention; it may be impossible."""
    who = chance.choice([*sorted(reach.people), "nobody"])
    place, lever = chance.choice(sorted(reach.places)), chance.choice(sorted(reach.levers))
    thing = chance.choice(sorted(reach.things))
    attribute, value = chance.choice(sorted(reach.things[thing].items(), key=lambda row: row[0]))
    return chance.choice(
        [
            f'whisper {who} "walk to the quay and eat"',
            f'announce "Thunder rolls." in {place}',
            f"move {who} to {place}",
            f"add {chance.choice(personas.names())} in {place}",
            f"remove {who}",
            f"set {lever}={chance.choice(reach.levers[lever])}",
            f"persona {who} {chance.choice(['bedtime=20:00', 'big_five.openness=5', 'home=inn'])}",
            *[f"change {thing} {attribute}={chance.choice(_like(value))}"] * 3,
        ]
    )


def _like(value: Value) -> list[str]:
    if isinstance(value, bool):
        return ["true", "false"]
    if isinstance(value, (int, float)):
        return ["0", "-5", "99999999", "0.5"]
    return ["purple", "open", "''"]


@pytest.mark.parametrize(("seed", "mind"), [(1, "rules"), (2, "uniform"), (3, "rules")])
def test_anything_may_be_done_to_a_village_and_it_lives_on(seed: int, mind: str) -> None:
    chance, spec = Random(seed), village.load(agents=5)
    done = 0
    with spec.world_class()(spec, mind=mind, rng=seed) as world:
        for _ in range(60):
            try:
                world.intervene(something(Reach.of(world), chance))
            except BadInput as error:
                assert "\n" not in str(error)  # noqa: PT017 - either is right
            else:
                done += 1
            world.step()
        assert world.tick == 60
    assert done > 20


def test_a_village_that_everybody_has_left_goes_on_without_them() -> None:
    spec = village.load(agents=2)
    with spec.world_class()(spec, mind="rules", rng=1) as world:
        for persona in spec.cast:
            world.intervene(f"remove {persona.id}")
        for _ in range(30):
            world.step()
        assert world.bodies == {}
        world.intervene("add hugo")
        world.step()
        world.step()
        assert list(world.bodies) == ["hugo"]
