"""Walking, seeing and hearing on a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import UnreachableError
from simulation.kernel.plan import Place, Plan, chebyshev, line

if TYPE_CHECKING:
    from simulation.kernel.effect import Cell

SIZE = 6
CELLS = [(row, column) for row in range(SIZE) for column in range(SIZE)]
CELL = st.sampled_from(CELLS)
SOME = st.frozensets(CELL, max_size=18)


def grid(walls: frozenset[Cell] = frozenset(), doors: frozenset[Cell] = frozenset()) -> Plan:
    field = Place(id="field", name="the field", cells=tuple(CELLS))
    return Plan(SIZE, SIZE, walls, doors, {"field": field})


def graph_of(shut: frozenset[Cell]) -> nx.Graph[Cell]:
    """The walks by their definition: eight ways, and a diagonal needs both its sides."""
    free = [cell for cell in CELLS if cell not in shut]
    graph: nx.Graph[Cell] = nx.Graph()
    graph.add_nodes_from(free)
    for a in free:
        for b in free:
            sides = ((a[0], b[1]), (b[0], a[1]))
            if chebyshev(a, b) == 1 and all(side not in shut for side in sides):
                graph.add_edge(a, b)
    return graph


@given(SOME, CELL, CELL)
def test_a_walk_is_as_short_as_networkx_finds(walls: frozenset[Cell], a: Cell, b: Cell) -> None:
    walls -= {a, b}
    graph = graph_of(walls)
    if not nx.has_path(graph, a, b):
        with pytest.raises(UnreachableError):
            grid(walls).path(a, b)
        return
    walk = grid(walls).path(a, b)
    assert len(walk) == nx.shortest_path_length(graph, a, b)
    assert nx.is_path(graph, [a, *walk])
    assert [a, *walk][-1] == b


@given(SOME, SOME, CELL, CELL)
def test_a_walk_never_enters_a_closed_cell(
    walls: frozenset[Cell], closed: frozenset[Cell], a: Cell, b: Cell
) -> None:
    walls, closed = walls - {a, b}, closed - {a, b}
    try:
        walk = grid(walls).path(a, b, closed)
    except UnreachableError:
        walk = ()
    assert not set(walk) & (walls | closed)


@given(SOME, CELL)
def test_what_can_be_reached_is_what_is_connected(walls: frozenset[Cell], start: Cell) -> None:
    walls -= {start}
    found = nx.node_connected_component(graph_of(walls), start)
    assert grid(walls).reachable(start) == found


def test_a_closed_goal_cannot_be_walked_to() -> None:
    with pytest.raises(UnreachableError, match=r"\(0, 0\) to \(0, 1\)"):
        grid().path((0, 0), (0, 1), {(0, 1)})


def test_nobody_leaves_or_enters_a_wall() -> None:
    plan = grid(frozenset({(0, 0)}))
    for start, goal in (((0, 0), (3, 3)), ((3, 3), (0, 0)), ((3, 3), (9, 9))):
        with pytest.raises(UnreachableError):
            plan.path(start, goal)


def test_no_corner_of_a_wall_is_cut() -> None:
    plan = grid(frozenset({(0, 1)}))
    assert (1, 1) not in plan.neighbours((0, 0))
    assert len(plan.path((0, 0), (1, 1))) == 2


def test_a_walk_to_where_one_is_is_empty() -> None:
    assert grid().path((2, 2), (2, 2)) == ()


@given(SOME, SOME, CELL, CELL, st.integers(0, SIZE))
def test_sight_is_mutual(
    walls: frozenset[Cell], doors: frozenset[Cell], a: Cell, b: Cell, radius: int
) -> None:
    plan = grid(walls, doors - walls)
    assert plan.sees(a, b, radius) == plan.sees(b, a, radius)


@given(CELL, CELL)
def test_a_line_leaves_out_its_ends_and_has_no_gap(a: Cell, b: Cell) -> None:
    between = list(line(a, b))
    assert len(between) == max(0, chebyshev(a, b) - 1)
    steps = zip([a, *between], [*between, b], strict=True)
    assert all(chebyshev(here, there) <= 1 for here, there in steps)


@pytest.mark.parametrize("kind", ["wall", "door"])
def test_sight_stops_at_walls_and_doors(kind: str) -> None:
    across = frozenset({(2, 2)})
    plan = grid(across) if kind == "wall" else grid(doors=across)
    assert not plan.sees((2, 1), (2, 3), 5)
    assert plan.sees((2, 1), (1, 3), 5) == plan.sees((1, 3), (2, 1), 5)
    assert plan.sees((3, 1), (3, 3), 5)


def test_water_can_be_seen_across_and_not_walked_through() -> None:
    water = frozenset((row, 2) for row in range(SIZE))
    plan = Plan(SIZE, SIZE, frozenset(), frozenset(), grid().places, water)
    assert plan.sees((2, 1), (2, 3), 5)
    with pytest.raises(UnreachableError):
        plan.path((2, 1), (2, 3))


def test_sight_and_hearing_have_a_radius() -> None:
    plan = grid(frozenset({(0, 1)}))
    assert [plan.sees((2, 0), (2, far), 3) for far in (3, 4)] == [True, False]
    assert [plan.hears((0, 0), (0, far), 3) for far in (2, 3, 4)] == [True, True, False]
