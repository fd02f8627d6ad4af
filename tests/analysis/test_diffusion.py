from __future__ import annotations

from simulation.analysis.diffusion import Share, diffusion, knowers, share_at, tellings
from simulation.episode.events import Learned

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
