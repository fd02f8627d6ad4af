"""Where it happens, as it is drawn: a plan of cells, or a network of places.

A world's description holds its own data; three shapes of it can be drawn:

- ``map``: a plan of characters with a legend, places and things, as map files have it;
- ``network``: ``nodes`` (``id``, ``name``, perhaps ``x`` and ``y`` from 0 to 1) and ``edges``
  (pairs of ids);
- anything else: an empty floor as large as the paths of the people on it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.episode.plain import place_names, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from simulation.kernel.spec import WorldSpec

Cell = tuple[int, int]

_BARE: Final = {"#": "wall", "+": "door", "~": "water", "^": "growth"}
"""What four glyphs mean in every plan, see ``worlds.mapfile``."""
_LOOKS: Final = (
    ("sand", ("beach", "mussel", "shore", "dune", "sandbank", "flat")),
    ("path", ("lane", "road", "street", "path", "causeway", "bridge", "alley")),
    ("paving", ("square", "quay", "market", "plaza", "yard", "court", "station")),
    ("grass", ("park", "garden", "field", "meadow", "bank", "green", "pasture", "dike")),
    ("water", ("sea", "river", "pond", "lake", "creek")),
)
"""Words in the name of a place out of doors, and how its ground looks."""
_EMPTY: Final = " "


class Stage(NamedTuple):
    """Where it happens."""

    places: tuple[str, ...]
    """Ids, in the order in which columns name them."""
    drawn: dict[str, Any]
    """What the player draws; see ``docs/replay.md``."""


def stage_of(spec: WorldSpec, walked: Iterable[Cell] = ()) -> Stage:
    """The stage of a world.

    Args:
        spec: The world's description.
        walked: Cells that somebody was on, for a world whose data hold nothing that can be drawn.
    """
    town, network = spec.data.get("map"), spec.data.get("network")
    if isinstance(town, dict) and isinstance(town.get("plan"), str):
        return _grid(town)
    if isinstance(network, dict) and isinstance(network.get("nodes"), list):
        return _network(network)
    return _floor(spec, walked)


# A plan of cells --------------------------------------------------------------------------------


def _grid(town: Mapping[str, Any]) -> Stage:
    rows = town["plan"].strip("\n").split("\n")
    legend: Mapping[str, str] = town.get("legend", {})
    rooms = [room for room in town.get("places", ()) if isinstance(room, dict)]
    ids = tuple(str(room["id"]) for room in rooms)
    cells = _cells(rows, legend)
    drawn = {
        "kind": "grid",
        "rows": len(rows),
        "cols": max(map(len, rows)),
        "plan": rows,
        "legend": {
            glyph: {"look": look, "walkable": look == "door"} for glyph, look in _BARE.items()
        }
        | {glyph: _looks(rooms, ids, place) for glyph, place in legend.items()},
        "ground": {glyph: ids.index(place) for glyph, place in legend.items() if place in ids},
        "places": [_room(room, cells[str(room["id"])]) for room in rooms],
        "things": list(_things(town, rows, cells)),
    }
    return Stage(ids, drawn)


def _cells(rows: Sequence[str], legend: Mapping[str, str]) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = defaultdict(list)
    for number, row in enumerate(rows):
        for column, glyph in enumerate(row):
            if glyph in legend:
                found[legend[glyph]].append((number, column))
    return found


def _looks(rooms: Sequence[Mapping[str, Any]], ids: Sequence[str], place: str) -> dict[str, Any]:
    """How the ground of a place looks: a floor indoors, otherwise by the words of its name."""
    room = rooms[ids.index(place)] if place in ids else {}
    if room.get("indoors"):
        return {"look": "floor", "walkable": True}
    words = f"{place.replace('_', ' ')} {room.get('name', '')}".lower().split()
    for word in reversed(words):  # the last says what it is: a sea bank is a bank
        for look, named in _LOOKS:
            if any(part in word for part in named):
                return {"look": look, "walkable": True}
    return {"look": "ground", "walkable": True}


def _room(room: Mapping[str, Any], cells: Sequence[Cell]) -> dict[str, Any]:
    box = _box(cells)
    return {
        "id": str(room["id"]),
        "name": plain(str(room.get("name") or room["id"]), 60),
        "box": box,
        "label": _middle(cells) if cells else None,
        "inside": bool(room.get("indoors")),
    }


def _box(cells: Sequence[Cell]) -> list[int] | None:
    if not cells:
        return None
    down, right = [cell[0] for cell in cells], [cell[1] for cell in cells]
    return [min(down), min(right), max(down), max(right)]


def _middle(cells: Sequence[Cell]) -> list[int]:
    row = sum(cell[0] for cell in cells) / len(cells)
    column = sum(cell[1] for cell in cells) / len(cells)
    return list(min(cells, key=lambda cell: ((cell[0] - row) ** 2 + (cell[1] - column) ** 2, cell)))


def _things(
    town: Mapping[str, Any], rows: Sequence[str], cells: Mapping[str, Sequence[Cell]]
) -> Iterable[dict[str, Any]]:
    for thing in town.get("things", ()):
        at = _marked(rows, thing.get("mark"))
        if at is None and cells.get(thing.get("place", "")):
            at = _middle(cells[thing["place"]])
        if at is not None:
            name = plain(str(thing.get("name") or thing["id"]), 60)
            yield {"id": str(thing["id"]), "name": name, "cell": at, "mark": ""}


def _marked(rows: Sequence[str], glyph: str | None) -> list[int] | None:
    if not glyph:
        return None
    return next(([n, row.index(glyph)] for n, row in enumerate(rows) if glyph in row), None)


# A network of places ----------------------------------------------------------------------------


def _network(network: Mapping[str, Any]) -> Stage:
    nodes = [node for node in network["nodes"] if isinstance(node, dict)]
    ids = tuple(str(node["id"]) for node in nodes)
    number = {place: index for index, place in enumerate(ids)}
    edges = [
        [number[str(one)], number[str(two)]]
        for one, two in network.get("edges", ())
        if str(one) in number and str(two) in number
    ]
    at = _laid_out(nodes, edges)
    places = [
        {"id": place, "name": plain(str(node.get("name") or place), 60), "x": x, "y": y}
        for place, node, (x, y) in zip(ids, nodes, at, strict=True)
    ]
    return Stage(ids, {"kind": "network", "places": places, "edges": edges, "things": []})


def _laid_out(
    nodes: Sequence[Mapping[str, Any]], edges: Sequence[Sequence[int]]
) -> list[tuple[float, float]]:
    """Where each node is drawn: where it says, else by a layout that is the same every time."""
    if nodes and all("x" in node and "y" in node for node in nodes):
        return [(float(node["x"]), float(node["y"])) for node in nodes]
    import networkx as nx  # noqa: PLC0415 - a quarter of a second

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(nodes)))
    graph.add_edges_from((one, two) for one, two in edges)
    found = nx.spring_layout(graph, seed=1)
    return [
        (round((float(found[node][0]) + 1) / 2, 4), round((float(found[node][1]) + 1) / 2, 4))
        for node in range(len(nodes))
    ]


# A floor without a plan -------------------------------------------------------------------------


def _floor(spec: WorldSpec, walked: Iterable[Cell]) -> Stage:
    names = place_names(spec.data)
    box = _box([*walked, (0, 0), (9, 9)]) or [0, 0, 9, 9]
    rows, columns = box[2] + 1, box[3] + 1
    places = [
        {"id": place, "name": name, "box": None, "label": None} for place, name in names.items()
    ]
    drawn = {
        "kind": "grid",
        "rows": rows,
        "cols": columns,
        "plan": [_EMPTY * columns] * rows,
        "legend": {_EMPTY: {"look": "ground", "walkable": True}},
        "ground": {},
        "places": places,
        "things": [],
    }
    return Stage(tuple(names), drawn)
