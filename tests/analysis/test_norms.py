"""What was left undone: choices counted from the log, known answers, and what cannot be said."""

from __future__ import annotations

import json

import pytest
from statsmodels.stats.proportion import proportion_confint

from simulation import Episode, Simulation
from simulation.analysis.norms import Temptation, fared, kept, norms, temptations
from simulation.kernel.stakes import Norm
from worlds import village

TILL = Norm(id="till", target="till")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    out = tmp_path_factory.mktemp("norms") / "morning"
    with Simulation(village.load(agents=8), mind="rules", seed=3, out=out) as simulation:
        return simulation.run(ticks=300)


def choice(number: int, *, broken: bool, knew: bool = True) -> Temptation:
    return Temptation("till", "ada", number, f"{number:05d}.1.001.000", broken, knew)


def test_every_breach_stood_on_the_menu_beside_something_else(lived: Episode) -> None:
    rows = temptations(lived)
    assert rows
    for row in rows:
        event = lived.event(row.event)
        assert event.type == "decided"
        menu = json.loads(lived.content(event.menu))
        chosen = menu[event.chosen]
        harms = [_harms(option, row.agent) for option in menu]
        assert any(harms)
        assert not all(harms)
        assert not row.broken or _harms(chosen, row.agent)


def _harms(option: dict[str, list[dict[str, object]]], agent: str) -> bool:
    return any(
        effect.get("consent") is False and effect.get("owner") not in ("", None, agent)
        for effect in option.get("effects", ())
    )


def test_shares_are_of_choices_with_the_intervals_of_statsmodels() -> None:
    found = kept([choice(n, broken=n < 3) for n in range(10)])
    assert (found.kept, found.choices, found.share) == (7, 10, 0.7)
    low, high = proportion_confint(7, 10, method="wilson")
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_who_knew_and_who_did_not_are_kept_apart() -> None:
    rows = [choice(1, broken=True), choice(2, broken=False), choice(3, broken=True, knew=False)]
    found = fared(TILL, 9, 4, 3, rows, [])
    assert (found.knowing.kept, found.knowing.choices) == (1, 2)
    assert (found.unknowing.kept, found.unknowing.choices) == (0, 1)
    assert found.breaches == (rows[0].event, rows[2].event)


def test_without_a_choice_there_is_no_share_and_a_reason() -> None:
    found = fared(TILL, 9, 4, 4, [], [])
    assert found.why == "nobody had the choice: no share can be given"
    assert (found.knowing.share, found.unknowing.share) == (None, None)


def test_a_rule_is_known_by_those_who_know_its_fact(lived: Episode) -> None:
    found = {one.norm: one for one in norms(lived)}
    learned = {event.agent for event in lived.iter_events(("learned",))
               if event.model_dump()["fact"] == "quiet_hours"}  # fmt: skip
    assert found["quiet_hours"].knowers == len(learned)
    assert found["till"].knowers == found["till"].people == 8


def test_what_comes_later_is_not_seen(lived: Episode) -> None:
    early = {row.event for row in temptations(lived, 100)}
    assert early == {row.event for row in temptations(lived) if row.tick <= 100}


def test_a_world_without_norms_has_none(tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("norms") / "bare"
    spec = village.load(agents=2).model_copy(update={"norms": ()})
    with Simulation(spec, mind="rules", seed=3, out=out) as simulation:
        assert norms(simulation.run(ticks=5)) == []
