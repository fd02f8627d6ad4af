from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from simulation.kernel.action import Sleep, Wait
from simulation.kernel.spec import WorldSpec
from simulation.lint import find_loaded_words
from simulation.mind.uniform import UniformMind
from worlds import village
from worlds.contract import ContractError, check_world
from worlds.town_rules import TownRules
from worlds.town_spec import town_of
from worlds.village.world import Village

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simulation.kernel.rules import Option
    from simulation.kernel.view import Stage, WorldView
    from tests.worlds.conftest import MakeTown


def test_the_village_keeps_the_contract_of_worlds() -> None:
    check_world(Village)


def test_the_contract_is_broken_by_rules_that_offer_nothing() -> None:
    class Idle(TownRules):
        def legal(self, view: WorldView, agent: str) -> Sequence[Option]:
            return []

    class Silent(Village):
        @classmethod
        def rules_of(cls, spec: WorldSpec, stage: Stage) -> TownRules:
            return Idle(town_of(spec), stage.plan, stage)

    with pytest.raises(ContractError, match="can do something"):
        check_world(Silent)


def test_a_description_goes_through_json_and_builds_the_same_village() -> None:
    spec = village.load(agents=4, gate="open")
    again = WorldSpec.model_validate_json(spec.model_dump_json())
    assert again == spec
    with Village(again, rng=3, mind=UniformMind) as one, Village(spec, rng=3, mind=UniformMind):
        assert [persona.id for persona in one.spec.cast] == ["ada", "bram", "chiara", "dov"]


@pytest.mark.parametrize("agents", range(1, 11))
def test_any_number_of_residents_lives_an_hour(agents: int) -> None:
    with Village(rng=agents, mind=UniformMind, agents=agents) as here:
        known = {persona.id for persona in here.spec.cast}
        assert all(set(fact.seeded) <= known for fact in here.spec.facts)
        for _ in range(60):
            here.step()
        assert here.error is None


def test_importing_the_village_imports_neither_mesa_nor_pandas() -> None:
    code = (
        "import sys; from worlds import village; village.load(agents=1); "
        "sys.exit(' '.join(m for m in ('mesa', 'pandas', 'chromadb') if m in sys.modules) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_people_begin_where_they_live() -> None:
    with Village(rng=1, mind=UniformMind) as here:
        for persona in here.spec.cast:
            assert here.view().place_id(persona.id) == persona.home


def test_every_habit_and_appointment_is_at_a_place_of_the_map() -> None:
    spec = village.load()
    places = set(Village.plan_of(spec).places)
    assert {habit.place for persona in spec.cast for habit in persona.habits} <= places
    assert {persona.home for persona in spec.cast} <= places
    assert {fact.appointment.place for fact in spec.facts if fact.appointment} <= places


def test_secrets_of_the_cast_name_facts_that_are() -> None:
    facts = {fact.id for fact in village.load().facts}
    for persona in village.load().cast:
        assert {secret.fact for secret in persona.secrets if secret.fact} <= facts


def test_facts_can_be_said_in_a_short_clause() -> None:
    names = {persona.name for persona in village.load().cast}
    for logs in ("hinted", "asked", "rota"):
        for fact in village.load(logs=logs).facts:
            for clause in (fact.spoken, *fact.spoken_by.values()):
                assert len(clause.split()) <= 12
                assert not clause.endswith(".")
                first = clause.split()[0].removesuffix("'s")
                assert first[0].islower() or first in names or first == "I"


def test_no_text_that_a_mind_reads_names_what_is_studied() -> None:
    levers: tuple[dict[str, str], ...] = (
        {},
        {"logs": "asked", "vote": "ballot", "till": "ownerless coin", "gate": "already broken"},
    )
    texts: set[str] = set()
    for seed, settings in enumerate(levers):
        with Village(village.load(None, **settings), rng=seed, mind=UniformMind) as here:
            for tick in range(900):
                here.step()
                if tick % 5:
                    continue
                view = here.view()
                for agent in view.agents:
                    texts |= {option.text for option in here.rules.legal(view, agent)}
                    texts |= {thing.text for thing in here.rules.things(view, agent)}
                    texts.add(here.rules.doing(view, agent))
    assert len(texts) > 200
    assert [text for text in texts if find_loaded_words(text)] == []


def test_no_line_of_the_map_that_is_shown_names_what_is_studied() -> None:
    spec = village.load(logs="asked")
    shown: list[str] = [place.name for place in Village.plan_of(spec).places.values()]

    def collect(value: object) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in {"text", "deed", "about", "otherwise", "name", "spoken", "statement"}:
                    shown.append(str(inner))
                collect(inner)
        elif isinstance(value, (list, tuple)):
            for inner in value:
                collect(inner)

    collect(spec.data)
    assert len(shown) > 150
    assert [text for text in shown if find_loaded_words(text)] == []


def test_every_option_begins_with_a_verb_and_tells_apart_by_its_first_words() -> None:
    with Village(rng=5, mind=UniformMind) as here:
        for tick in range(600):
            here.step()
            if tick % 10:
                continue
            for agent in here.view().agents:
                options = here.rules.legal(here.view(), agent)
                texts = [option.text for option in options]
                assert len(set(texts)) == len(texts)
                assert all(re.match(r"[a-z]+", text) for text in texts)
                assert len(options) <= 32


def test_everyone_sleeps_at_night_and_gets_up_in_the_morning(town: MakeTown) -> None:
    here = town("03:00")
    view = here.world.view()
    assert all(view.asleep(agent) for agent in view.agents)
    here.step(60 * 3)
    assert not all(here.world.view().asleep(agent) is False for agent in view.agents)
    here.step(70)
    assert not any(here.world.view().asleep(agent) for agent in view.agents)
    energy = here.rules.needs(here.world.view(), "ada")["energy"]
    assert energy > 7


def test_a_night_makes_good_for_a_day(town: MakeTown) -> None:
    here = town("22:30", script={"esi": [Wait(minutes=1), Sleep()]})
    here.set("esi", "energy", 3.0)
    here.step(8 * 60 - 1)
    assert here.world.view().asleep("esi")
    here.step(2)
    assert not here.world.view().asleep("esi")
    assert here.rules.needs(here.world.view(), "esi")["energy"] > 9


def test_a_new_world_validates_and_runs(tmp_path: Path) -> None:
    from simulation.kernel.spec import find_world
    from worlds.template import load_folder, world_template

    for path, text in world_template("mill_pond").items():
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    world = load_folder(tmp_path / "mill_pond")
    check_world(world, ticks=20)
    spec = world.load(weather="wet")
    assert find_world(spec.world).__name__ == "MillPond"
