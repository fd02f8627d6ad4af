from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from simulation.kernel.action import Go, Wait
from simulation.kernel.plan import chebyshev

if TYPE_CHECKING:
    from tests.worlds.conftest import MakeTown


def test_a_walk_goes_four_cells_a_tick_and_ends_with_a_deed(town: MakeTown) -> None:
    here = town(script={"ada": [Go(to="inn")]})
    cells = [here.world.view().cell("ada")]
    for _ in range(40):
        here.step()
        cells.append(here.world.view().cell("ada"))
    steps = [chebyshev(a, b) for a, b in pairwise(cells) if a and b]
    assert max(steps) == 4
    assert here.world.view().place_id("ada") == "inn"
    assert here.deeds("ada") == ["walked to the inn"]


def test_people_who_walk_to_one_place_do_not_stand_on_each_other(town: MakeTown) -> None:
    people = ("ada", "bram", "chiara", "dov", "esi", "felix", "gudrun", "hugo", "imani", "jonas")
    here = town(script={who: [Go(to="square")] for who in people})
    here.step(40)
    cells = {here.world.view().cell(who) for who in people}
    assert len(cells) == len(people)


def test_the_tide_closes_the_causeway_from_two_to_six(town: MakeTown) -> None:
    for start, closed in (("13:59", False), ("14:00", True), ("17:59", True), ("18:00", False)):
        here = town(start)
        cells = here.rules.walking.closed(here.world.view(), "ada")
        assert bool(cells) is closed
        assert ((30, 9) in cells) is closed


def test_whoever_is_on_the_causeway_at_two_is_brought_ashore(town: MakeTown) -> None:
    here = town("13:59")
    here.set("dov", "cell", (36, 30))
    here.step()
    assert here.get("dov", "cell") == (36, 30)
    here.step()
    cell = here.world.view().cell("dov")
    assert cell in here.rules.walking.spots["causeway"]
    assert cell not in here.rules.walking.tides["causeway"]
    assert "Dov comes in from the causeway with wet feet." in here.changes()


def test_a_place_that_cannot_be_reached_is_no_option_and_fails_with_a_reason(
    town: MakeTown,
) -> None:
    here = town("15:00")
    here.put("ada", "quay")
    here.set("ada", "met:gate", True)
    assert "walk to the mussel bed" not in here.texts("ada")
    result = here.rules.resolve(here.world.view(), "ada", Go(to="mussel_bed"))
    assert result.reason == "the causeway is under water"


def test_the_jammed_gate_ends_a_walk_and_the_next_one_goes_round(town: MakeTown) -> None:
    look = Wait(minutes=5)
    here = town("08:00", script={"dov": [Go(to="mussel_bed"), look, Go(to="mussel_bed")]})
    here.put("dov", "sea_bank")
    here.step(4)
    assert here.reasons("dov") == ["the gate on the path does not open"]
    assert here.world.view().place_id("dov") == "sea_bank"
    assert {"work the gate free", "force the gate with an iron bar"} <= set(here.texts("dov"))
    here.step(60)
    assert here.world.view().place_id("dov") == "mussel_bed"


def test_an_open_gate_lets_a_walker_through(town: MakeTown) -> None:
    here = town("08:00", script={"dov": [Go(to="mussel_bed")]}, gate="open")
    here.put("dov", "sea_bank")
    here.step(6)
    assert here.world.view().place_id("dov") == "mussel_bed"
    assert not here.reasons("dov")


def test_a_full_place_is_no_option_for_those_who_see_it(town: MakeTown) -> None:
    here = town()
    for number, who in enumerate(("ada", "bram", "chiara", "dov", "esi", "felix")):
        here.put(who, "clinic", number)
    here.put("hugo", "lane")
    here.set("hugo", "cell", (9, 30))
    assert "walk to the clinic" not in here.texts("hugo")
    result = here.rules.resolve(here.world.view(), "hugo", Go(to="clinic"))
    assert result.reason == "the clinic is full"


def test_one_walks_up_to_a_person_in_sight(town: MakeTown) -> None:
    here = town(script={"ada": [Go(to="dov")]})
    here.set("ada", "cell", (13, 3))
    here.set("dov", "cell", (13, 11))
    assert "walk up to Dov" in here.texts("ada")
    here.step(2)
    ada, dov = here.world.view().cell("ada"), here.world.view().cell("dov")
    assert ada is not None
    assert dov is not None
    assert chebyshev(ada, dov) == 1


def test_sight_stops_at_walls_and_hearing_does_not(town: MakeTown) -> None:
    here = town()
    here.set("ada", "cell", (7, 12))  # in the hall
    here.set("esi", "cell", (7, 16))  # in the reading room, next door
    view = here.world.view()
    assert "esi" not in view.in_sight("ada")
    assert "esi" in view.in_earshot("ada")
    assert "talk with Esi" not in here.texts("ada")


def test_a_voice_carries_five_cells(town: MakeTown) -> None:
    here = town()
    here.set("ada", "cell", (13, 5))
    for column, heard in ((10, True), (11, False)):
        here.set("dov", "cell", (13, column))
        assert ("dov" in here.world.view().in_earshot("ada")) is heard
