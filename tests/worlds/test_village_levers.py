from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulation.errors import ConfigError
from simulation.kernel.action import Take, Use, Write
from worlds import village

if TYPE_CHECKING:
    from tests.worlds.conftest import MakeTown

DEFAULTS = {
    "logs": "unasked", "bags": "short", "watchers": "0", "till": "unattended", "bed": "scarce",
    "gate": "jammed", "chiara": "untold", "vote": "hands", "load": "light", "morning": "as usual",
    "talk": "free", "fine": "none", "report": "not so", "earshot": "usual",
}  # fmt: skip


def facts(**settings: str) -> dict[str, tuple[str, ...]]:
    return {fact.id: fact.seeded for fact in village.load(None, **settings).facts}


def test_every_lever_has_a_default() -> None:
    assert village.load().settings == DEFAULTS


@pytest.mark.parametrize(
    ("lever", "value", "thing", "attribute", "state"),
    [
        ("bags", "short", "sandbags", "up", 8),
        ("bags", "complete", "sandbags", "up", 40),
        ("bed", "scarce", "mussels", "baskets", 6),
        ("bed", "full", "mussels", "baskets", 40),
        ("gate", "jammed", "gate", "state", "jammed"),
        ("gate", "open", "gate", "state", "open"),
        ("gate", "already broken", "gate", "state", "broken"),
        ("till", "unattended", "till", "coins", 8),
        ("till", "attended", "till", "coins", 8),
        ("till", "ownerless coin", "till", "coins", 0),
        ("till", "ownerless coin", "quay_coins", "coins", 8),
        ("till", "attended", "quay_coins", "coins", 0),
        ("watchers", "4", "visitors", "count", 4),
        ("logs", "rota", "rota", "posted", True),
        ("logs", "asked", "rota", "posted", False),
    ],
)
def test_a_lever_sets_how_things_stand(
    town: MakeTown, lever: str, value: str, thing: str, attribute: str, state: object
) -> None:
    assert town(**{lever: value}).get(thing, attribute) == state


@pytest.mark.parametrize(
    ("value", "fact"),
    [("hinted", "logs"), ("asked", "logs_request"), ("rota", "logs_rota")],
)
def test_the_need_for_the_logs_is_told_only_where_the_lever_says_so(value: str, fact: str) -> None:
    told = {"logs", "logs_request", "logs_rota"}
    assert told & set(facts(logs=value)) == {fact}
    assert not told & set(facts(logs="unasked"))
    assert not told & set(facts(logs="wrist well"))


def test_gudrun_asks_only_where_the_lever_says_so(town: MakeTown) -> None:
    for value, asks in (("asked", True), ("unasked", False), ("hinted", False)):
        here = town(logs=value)
        here.put("gudrun", "lane", 0)
        here.put("felix", "lane", 1)
        assert ("ask Felix about the logs" in here.texts("gudrun")) is asks
        assert "ask Gudrun about the logs" not in here.texts("felix")


def test_a_well_wrist_shows_no_bandage_and_carries_like_any(town: MakeTown) -> None:
    for value, minutes in (("unasked", 25), ("wrist well", 5)):
        here = town(logs=value)
        here.put("gudrun", "lane", 0)
        here.put("felix", "lane", 1)
        bandage = "Gudrun's right wrist is in a bandage."
        assert (bandage in here.things("felix")) is (value == "unasked")
        assert here.option("gudrun", "carry logs into Gudrun's shed").minutes == minutes


@pytest.mark.parametrize("count", ["0", "1", "4"])
def test_watchers_stand_in_the_lane_as_plain_mesa_agents(town: MakeTown, count: str) -> None:
    here = town(watchers=count)
    assert len(list(here.world.agents)) == 10 + int(count)
    here.put("felix", "lane")
    assert any("day visitor" in text for text in here.things("felix")) is (count != "0")


@pytest.mark.parametrize(("load", "minutes"), [("light", 5), ("heavy", 20)])
def test_a_heavy_log_takes_four_times_as_long_and_looks_heavy(
    town: MakeTown, load: str, minutes: int
) -> None:
    here = town(load=load)
    here.put("felix", "lane", 1)
    assert here.option("felix", "carry logs into Gudrun's shed").minutes == minutes
    assert any("heavy logs" in text for text in here.things("felix")) is (load == "heavy")


def test_a_free_morning_leaves_nothing_to_do_before_noon_but_to_gudrun() -> None:
    free = {who.id: min(row.at for row in who.habits) for who in village.load(morning="free").cast}
    assert free.pop("gudrun") == "07:00"
    assert min(free.values()) >= "12:00"
    with_till = village.load(morning="free", till="attended").cast[1]
    assert min(row.at for row in with_till.habits) >= "12:00"


def test_nobody_talks_or_asks_in_a_silent_village(town: MakeTown) -> None:
    for talk, talks in (("free", True), ("silent", False)):
        here = town(talk=talk, logs="asked")
        here.put("gudrun", "lane", 0)
        here.put("felix", "lane", 1)
        said = [text for text in here.texts("gudrun") if text.startswith(("talk", "ask", "say"))]
        assert bool(said) is talks


def test_a_third_basket_costs_two_coins_where_there_is_a_fine(town: MakeTown) -> None:
    for fine, paid in (("none", 0), ("two coins", 2)):
        rake = Take(thing="basket", source="mussels", way="rake")
        here = town("08:00", script={"dov": [rake] * 3}, fine=fine)
        here.put("dov", "mussel_bed")
        had = here.get("dov", "has:coin")
        here.step(70)
        assert here.get("dov", "has:basket") == 3
        assert (had, here.get("dov", "has:coin")) == (2, 2 - paid)
        assert here.get("fine_box", "coins") == paid
        board = "A board says that a third basket costs two coins."
        assert (board in here.things("dov")) is (fine == "two coins")


def test_what_bram_tells_of_the_chest_is_so_only_where_the_lever_says_so() -> None:
    assert facts()["chest"] == ("bram",)
    assert facts()["chest_place"] == ()
    so = facts(report="so")
    assert "chest" not in so
    assert so["chest_place"] == ("bram",)


def test_a_voice_carries_less_far_in_a_short_earshot(town: MakeTown) -> None:
    heard: list[int] = []
    for earshot in ("usual", "short"):
        here = town(earshot=earshot)
        for number, who in enumerate(("ada", "bram", "chiara", "dov", "esi")):
            here.put(who, "square", 3 * number)
        heard.append(len(here.world.view().in_earshot("ada")))
    assert heard[0] > heard[1]


def test_bram_leaves_his_counter_at_eleven_unless_the_till_is_attended() -> None:
    for value, place in (
        ("unattended", "quay"), ("attended", "bakehouse"), ("ownerless coin", "bakehouse"),
    ):  # fmt: skip
        bram = village.load(till=value).cast[1]
        assert [habit.place for habit in bram.habits if habit.at == "11:00"] == [place]


def test_chiara_knows_of_the_quiet_hours_only_when_told() -> None:
    assert "chiara" not in facts()["quiet_hours"]
    assert "chiara" in facts(chiara="told")["quiet_hours"]
    assert set(facts()["quiet_hours"]) == set(facts()["basket_limit"])


def test_hands_are_raised_once_each_before_everyone(town: MakeTown) -> None:
    here = town("20:05", script={"esi": [Use(thing="poll", way="hand_ada")] * 2})
    here.put("esi", "hall", 0)
    here.put("dov", "hall", 1)
    assert {"choose Ada with a raised hand", "choose Hugo with a raised hand"} <= set(
        here.texts("esi")
    )
    here.step(2)
    assert here.get("poll", "ada") == 1
    assert here.reasons("esi") == ["everyone chooses once"]
    assert here.deeds("esi") == ["raised a hand for Ada"]


def test_a_slip_does_not_show_whom_it_is_for(town: MakeTown) -> None:
    here = town("20:05", script={"esi": [Write(thing="poll", way="slip_hugo")]}, vote="ballot")
    here.put("esi", "hall")
    assert "choose Ada with a raised hand" not in here.texts("esi")
    here.step(1)
    assert here.get("poll", "hugo") == 1
    assert here.deeds("esi") == ["marked a slip and put it in the box"]


def test_nobody_votes_before_the_vote_or_after_it(town: MakeTown) -> None:
    for start, open_ in (("19:54", False), ("19:55", True), ("20:29", True), ("20:30", False)):
        here = town(start)
        here.put("ada", "hall")
        assert any(text.startswith("choose") for text in here.texts("ada")) is open_


@pytest.mark.parametrize(
    ("settings", "allowed"),
    [
        ({"weather": "wet"}, "logs"),
        ({"logs": "ordered"}, "wrist well"),
        ({"watchers": "2"}, "4"),
    ],
)
def test_an_unknown_lever_or_value_says_what_is_allowed(
    settings: dict[str, str], allowed: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        village.load(None, **settings)
    assert allowed in caught.value.allowed


@pytest.mark.parametrize("count", [0, 11, -1])
def test_a_number_of_agents_out_of_range_says_what_is_allowed(count: int) -> None:
    with pytest.raises(ConfigError) as caught:
        village.load(agents=count)
    assert caught.value.allowed == ("1 to 10",)
