"""The shape of the tree along which a fact travelled, against networkx and by hand."""

from __future__ import annotations

import networkx as nx
import pytest

from simulation.analysis.cascades import cascade, structural_virality
from simulation.analysis.diffusion import Diffusion, Knower


def known(*rows: tuple[str, int, str, str]) -> tuple[Knower, ...]:
    return tuple(Knower("supper", who, tick, how, teller, f"{tick:05d}.2.001.000")
                 for who, tick, how, teller in rows)  # fmt: skip


TALE = known(
    ("chiara", 0, "seeded", ""),
    ("hugo", 0, "seeded", ""),
    ("ada", 10, "told", "hugo"),
    ("bram", 20, "told", "ada"),
    ("dov", 20, "overheard", "ada"),
    ("esi", 50, "read", ""),
)


def test_depth_breadth_and_reproduction_by_hand() -> None:
    found = cascade(Diffusion("supper", "A supper.", 99, 8, TALE))
    assert found.roots == ("chiara", "hugo", "esi")
    assert (found.depth, found.breadth) == (2, 3)
    assert found.reproduction == 3 / 6
    assert found.half_time == 20
    assert found.why == ""


def test_virality_is_the_mean_distance_in_the_largest_tree() -> None:
    found = cascade(Diffusion("supper", "A supper.", 99, 8, TALE))
    tree: nx.Graph[str] = nx.Graph([("hugo", "ada"), ("ada", "bram"), ("ada", "dov")])
    assert found.virality == pytest.approx(nx.average_shortest_path_length(tree))
    pairs = 4 * 3 / 2
    assert found.virality == pytest.approx(nx.wiener_index(tree) / pairs)


def test_a_broadcast_is_flat_and_a_chain_is_not() -> None:
    star: nx.DiGraph[str] = nx.DiGraph([("a", name) for name in "bcdefghij"])
    chain: nx.DiGraph[str] = nx.DiGraph(list(zip("abcdefghi", "bcdefghij", strict=True)))
    assert structural_virality(star) == pytest.approx(1.8)
    assert structural_virality(chain) == pytest.approx(11 / 3)


@pytest.mark.parametrize(
    ("rows", "why"),
    [((), "nobody knows it"), (TALE[:2], "nobody was told it by anybody")],
)
def test_what_has_no_shape_says_why(rows: tuple[Knower, ...], why: str) -> None:
    found = cascade(Diffusion("supper", "A supper.", 99, 8, rows))
    assert found.why == why
    assert found.virality is None
    assert found.half_time is None


def test_nobody_at_all_is_no_error() -> None:
    found = cascade(Diffusion("supper", "A supper.", -1, 0, ()))
    assert (found.depth, found.reproduction, found.half_time) == (None, None, None)


def test_a_teller_who_did_not_know_it_is_no_branch() -> None:
    rows = known(("ada", 10, "told", "bram"), ("bram", 20, "told", "ada"))
    found = cascade(Diffusion("supper", "A supper.", 99, 4, rows))
    assert found.depth == 1
    assert found.roots == ("ada",)
