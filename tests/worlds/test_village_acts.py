from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulation.kernel.action import Carry, Give, Join, Read, Say, Take, Use, Wait, Write

if TYPE_CHECKING:
    from simulation.kernel.effect import Effect
    from tests.worlds.conftest import MakeTown

LAUNCH = Join(task="boat", way="launch")
CARRY = Carry(thing="logs", to="gudrun_cottage", way="into_shed")


def owners(effects: tuple[Effect, ...], target: str) -> list[tuple[str, bool | None]]:
    return [(e.owner, e.consent) for e in effects if e.target == target]


@pytest.mark.parametrize(
    ("who", "place", "text", "target", "expected", "settings"),
    [
        ("dov", "bakehouse", "take two coins from the till", "till", ("bram", False), {}),
        ("bram", "bakehouse", "take two coins from the till", "till", ("bram", True), {}),
        ("dov", "quay", "pick up two coins from the stones", "quay_coins", ("", None),
         {"till": "ownerless coin"}),
        ("dov", "bakehouse", "take a loaf", "loaves", ("bram", False), {}),
        ("dov", "bakehouse", "put down a coin for a loaf", "loaves", ("bram", True), {}),
        ("dov", "lane", "take a log along", "logs", ("gudrun", False), {}),
        ("gudrun", "lane", "take a log along", "logs", ("gudrun", True), {}),
        ("dov", "lane", "carry logs into Gudrun's shed", "logs", ("gudrun", True), {}),
        ("dov", "sea_bank", "force the gate with an iron bar", "gate", ("commons", False), {}),
        ("dov", "sea_bank", "work the gate free", "gate", ("commons", True), {}),
        ("dov", "sea_bank", "stack sandbags on the bank", "sandbags", ("commons", True), {}),
    ],
)  # fmt: skip
def test_effects_say_whose_it_is_and_who_agrees(
    town: MakeTown, who: str, place: str, text: str, target: str,
    expected: tuple[str, bool | None], settings: dict[str, str],
) -> None:  # fmt: skip
    here = town(**settings)
    here.put(who, place)
    effects = here.resolve(who, text).effects
    assert set(owners(effects, target)) == {expected}


def test_what_is_taken_without_consent_stays_the_owners(town: MakeTown) -> None:
    here = town()
    here.put("dov", "bakehouse")
    effects = here.resolve("dov", "take two coins from the till").effects
    assert owners(effects, "dov") == [("bram", False)]


def test_the_third_basket_of_a_day_is_more_than_the_commons_agree_to(town: MakeTown) -> None:
    here = town(script={"esi": [Take(thing="basket", source="mussels", way="rake")] * 3})
    here.put("esi", "mussel_bed")
    consents: list[object] = []
    for _ in range(3):
        effects = here.resolve("esi", "rake a basket of mussels").effects
        consents += [e.consent for e in effects if e.target == "mussels"]
        here.step(20)
    assert consents == [True, True, False]
    assert here.world.view().holds("esi", "basket") == 3
    assert here.get("mussels", "baskets") == 3


def test_the_piano_breaks_the_quiet_only_from_one_to_three(town: MakeTown) -> None:
    for start, breaks in (("12:59", False), ("13:00", True), ("14:59", True), ("15:00", False)):
        here = town(start)
        here.put("chiara", "reading_room")
        piano = Use(thing="piano", way="play")
        effects = here.rules.resolve(here.world.view(), "chiara", piano).effects
        quiet = [(e.owner, e.consent) for e in effects if e.target == "reading_room"]
        assert quiet == ([("commons", False)] if breaks else [])


def test_the_piano_is_heard_in_the_square_and_held_by_one_at_a_time(town: MakeTown) -> None:
    here = town("15:20", script={"chiara": [Use(thing="piano", way="play")]})
    here.put("chiara", "reading_room", 0)
    here.put("esi", "reading_room", 1)
    here.step(2)
    assert "Piano music comes from the reading room." in here.changes()
    assert "play the piano" not in here.texts("esi")
    piano = Use(thing="piano", way="play")
    assert "already" in here.rules.resolve(here.world.view(), "esi", piano).reason


def test_one_alone_waits_at_the_boat_and_gives_up(town: MakeTown) -> None:
    here = town(script={"felix": [LAUNCH]})
    here.put("felix", "boatyard")
    here.step(40)
    assert here.get("boat", "pushed") == 0
    assert here.reasons("felix") == ["nobody came to take the other end of the big boat"]


def test_two_at_the_boat_push_it_into_the_water(town: MakeTown) -> None:
    late = [Wait(minutes=7), LAUNCH]
    here = town(script={"felix": [LAUNCH], "jonas": late})
    here.put("felix", "boatyard", 0)
    here.put("jonas", "boatyard", 1)
    here.step(40)
    assert here.get("boat", "pushed") == 8
    assert "The big boat floats at the foot of the slip." in here.things("felix")
    assert "push the big boat down the slip" not in here.texts("felix")


def test_sandbags_go_up_one_in_six_minutes_and_are_counted_at_two(town: MakeTown) -> None:
    here = town("13:30", script={"ada": [Join(task="sandbags", way="stack")] * 3})
    here.put("ada", "sea_bank")
    here.step(40)
    assert here.get("sandbags", "up") == 13, "the fifth is up as the bell rings"
    assert "The sandbags are counted: thirteen of forty are up on the sea bank." in here.changes()
    assert "stack sandbags on the bank" not in here.texts("ada")


def test_gudrun_takes_five_times_as_long_for_a_log(town: MakeTown) -> None:
    here = town(script={"gudrun": [CARRY], "felix": [CARRY]})
    here.put("gudrun", "lane", 0)
    here.put("felix", "lane", 1)
    view = here.world.view()
    assert here.rules.minutes(view, "gudrun", CARRY) == 25
    assert here.rules.minutes(view, "felix", CARRY) == 5
    here.step(26)
    assert here.get("logs", "in_shed") == 4, "three by Felix, who then looks up, one by Gudrun"
    assert here.get("logs", "count") == 8


def test_dov_pays_what_he_owes(town: MakeTown) -> None:
    here = town(script={"dov": [Give(thing="coin", to="hugo", amount=6, way="pay_six")]})
    here.put("dov", "inn", 0)
    here.put("hugo", "inn", 1)
    assert "pay Hugo six coins" not in here.texts("dov")
    here.set("dov", "has:coin", 7)
    assert "pay Hugo six coins" in here.texts("dov")
    here.step()
    assert here.get("dov", "owes:hugo") == 0
    assert here.world.view().holds("dov", "coin") == 1
    assert here.world.view().holds("hugo", "coin") == 15


def test_the_chest_is_found_under_the_tarpaulin_and_brought_back(town: MakeTown) -> None:
    script = [
        Use(thing="chest", way="lift"),
        Take(thing="tool_chest", source="chest", way="along"),
        Give(thing="tool_chest", to="jonas", way="hand"),
    ]
    here = town(script={"felix": [*script]})
    here.put("felix", "boatyard", 0)
    here.put("jonas", "boatyard", 1)
    here.step(6)
    assert here.world.view().holds("jonas", "tool_chest") == 1
    assert here.get("felix", "knows:chest_place") == "read"


def test_a_notice_tells_what_it_says_and_is_read_once(town: MakeTown) -> None:
    here = town(script={"chiara": [Read(thing="limit_notice")]})
    here.put("chiara", "quay")
    assert "read the notice about mussels" in here.texts("chiara")
    here.step(3)
    assert here.get("chiara", "knows:basket_limit") == "read"
    assert "read the notice about mussels" not in here.texts("chiara")


def test_what_is_written_on_the_board_can_be_read_there(town: MakeTown) -> None:
    line = Write(thing="board", way="line", text="Bread at four {sharp}.")
    here = town(script={"bram": [line]})
    here.put("bram", "square")
    assert not any("board" in text for text in here.things("bram"))
    here.step(4)
    assert "On the notice board stands: Bread at four {sharp}." in here.things("bram")


def test_what_became_impossible_fails_with_a_reason(town: MakeTown) -> None:
    here = town()
    here.put("dov", "bakehouse")
    loaf = Take(thing="loaf", source="loaves", way="buy")
    view = here.world.view()
    here.set("dov", "has:coin", 0)
    assert here.rules.resolve(view, "dov", loaf).reason == "there is no coin at hand"
    here.set("loaves", "count", 0)
    assert here.rules.resolve(view, "dov", loaf).reason == "no loaves are left"
    here.put("dov", "quay")
    assert here.rules.resolve(view, "dov", loaf).reason == "the loaves cannot be reached from here"
    unknown = Take(thing="moon", way="pluck")
    assert here.rules.resolve(view, "dov", unknown).reason


def test_those_who_slept_on_are_not_talked_with(town: MakeTown) -> None:
    here = town("23:30")
    here.put("ada", "inn", 5)
    assert here.world.view().asleep("chiara")
    assert "talk with Chiara" not in here.texts("ada")
    assert here.rules.resolve(here.world.view(), "ada", Say(to="chiara")).reason


def test_the_sated_do_not_eat_and_the_rested_do_not_sleep(town: MakeTown) -> None:
    here = town("09:00")
    here.set("esi", "fullness", 9.0)
    assert not any(text.startswith("eat") for text in here.texts("esi"))
    assert not any(text.startswith("sleep") for text in here.texts("esi"))
    here.set("esi", "fullness", 4.0)
    here.set("esi", "energy", 5.0)
    assert any(text.startswith("eat") for text in here.texts("esi"))
    assert "sleep for a while" in here.texts("esi")


def test_a_habit_is_an_option_at_its_place_and_hour(town: MakeTown) -> None:
    here = town("10:00")
    here.put("felix", "boatyard")
    option = here.option("felix", "plane planks at the long bench")
    assert option.action == Wait(minutes=30, doing="plane planks at the long bench")
    here.put("felix", "quay")
    assert "plane planks at the long bench" not in here.texts("felix")


def test_a_habit_that_is_a_use_of_a_thing_has_its_effects(town: MakeTown) -> None:
    here = town("11:06")
    here.put("dov", "bakehouse")
    assert here.option("dov", "buy a loaf").action == Take(thing="loaf", source="loaves", way="buy")
    here.set("dov", "has:coin", 0)
    assert "buy a loaf" not in here.texts("dov")
