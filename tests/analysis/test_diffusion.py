from __future__ import annotations

from simulation.analysis.diffusion import (
    Diffusion,
    Share,
    diffusion,
    knowers,
    share_at,
    tellings,
)
from simulation.episode.events import Learned, Remembered, Said

GROUP = ("ada", "bram", "chiara", "dov")


def learned(number: int, tick: int, agent: str, source: str, teller: str = "") -> Learned:
    return Learned.model_validate(
        {
            "id": f"{tick:05d}.2.001.{number:03d}",
            "tick": tick,
            "agent": agent,
            "fact": "supper",
            "source": source,
            "teller": teller,
            "causes": (f"{tick:05d}.2.001.900",),
        }
    )


TALE = [
    learned(0, 0, "chiara", "seeded"),
    learned(1, 10, "bram", "told", "chiara"),
    learned(2, 10, "ada", "overheard", "chiara"),
    learned(3, 30, "ada", "told", "bram"),
]


def test_the_share_grows_with_each_who_comes_to_know_it() -> None:
    assert diffusion(knowers(TALE), "supper", GROUP) == [
        Share(0, 0.25, TALE[0].id),
        Share(10, 0.75, TALE[2].id),
    ]


def test_those_who_knew_from_the_start_can_be_left_out_of_both_sides() -> None:
    shares = diffusion(knowers(TALE), "supper", GROUP, seeds=False)
    assert shares == [Share(10, 2 / 3, TALE[2].id)]


def test_only_the_group_counts() -> None:
    assert diffusion(knowers(TALE), "supper", ("bram", "dov")) == [Share(10, 0.5, TALE[1].id)]
    assert diffusion(knowers(TALE), "supper", ()) == []
    assert diffusion(knowers(TALE), "another fact", GROUP) == []


def test_the_share_at_a_tick_is_the_last_one_reached() -> None:
    shares = diffusion(knowers(TALE), "supper", GROUP)
    assert [share_at(shares, tick) for tick in (-1, 0, 9, 10, 99)] == [0, 0.25, 0.25, 0.75, 0.75]


def test_each_who_knows_has_an_event_and_the_first_source_stays() -> None:
    by_agent = {knower.agent: knower for knower in knowers(TALE)}
    assert by_agent["ada"].source == "overheard"
    assert by_agent["ada"].event == TALE[2].id
    assert by_agent["ada"].causes == ("00010.2.001.900",)


def test_those_who_were_told_make_the_edges() -> None:
    edges = [(edge.teller, edge.agent) for edge in tellings(knowers(TALE))]
    assert edges == [("chiara", "bram"), ("chiara", "ada")]


def told_in(talk: str, identity: str = "00010.2.001.900") -> Said:
    return Said(id=identity, tick=10, agent="chiara", text="Come to supper.", talk=talk)


def remembered(identity: str, *, again: str = "", fact: str = "supper") -> Remembered:
    return Remembered(
        id=identity, tick=11, agent="bram", kind="fact", text="A supper.", importance=5.0,
        fact=fact, again=again,
    )  # fmt: skip


def test_who_was_told_names_the_conversation() -> None:
    [seeded, bram] = knowers([TALE[0], told_in("00008.2.001.000"), TALE[1]])
    assert (seeded.talk, bram.talk) == ("", "00008.2.001.000")


def test_the_first_words_of_a_conversation_are_its_name() -> None:
    assert knowers([told_in(""), TALE[1]])[0].talk == "00010.2.001.900"


def test_knowledge_names_the_first_memory_that_holds_it() -> None:
    memories = [remembered(f"00011.1.001.00{number}") for number in (0, 1)]
    other = remembered("00011.1.001.002", fact="paper")
    [bram] = knowers([TALE[1], other, *memories])
    assert bram.memory == "00011.1.001.000"


def test_a_memory_that_is_counted_again_is_named_by_its_first_event() -> None:
    [bram] = knowers([TALE[1], remembered("00011.1.001.003", again="00002.1.001.000")])
    assert bram.memory == "00002.1.001.000"


def of_25(fact: str, tick: int, holders: int, seeds: int = 1) -> Diffusion:
    events = [
        learned(n, n, str(n), "seeded" if n < seeds else "told", "" if n < seeds else "0")
        for n in range(holders)
    ]
    return Diffusion(fact, fact, tick, 25, tuple(knowers(events)))


def test_the_published_shares_come_out() -> None:
    # Park et al.: one of 25 knows at the start; 8 know of the candidacy at the end, 13 of the
    # party: 4 % to 32 % and 4 % to 52 %.
    assert [of_25("candidacy", 99, holders).share for holders in (1, 8, 13)] == [0.04, 0.32, 0.52]
    assert of_25("party", 99, 13).share_at_start == 0.04


def test_nobody_has_no_share() -> None:
    assert Diffusion("supper", "A supper.", 0, 0, ()).share == 0.0
