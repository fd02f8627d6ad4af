"""What a recorded person carries within: ``scratch.json`` and the memory stream."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NamedTuple

import numpy as np
from pydantic import BeforeValidator, Field, TypeAdapter

from simulation.errors import FileError
from simulation.imports.files import Folder, Read
from simulation.imports.recording import Line, Text, moment
from simulation.memory.vectors import VectorError, to_int16

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from simulation.memory.vectors import Int16s

_KEPT: Final = "bootstrap_memory"
_NODE: Final = re.compile(r"node_([1-9][0-9]{0,8})")
_WIDEST: Final = 16_384
"""Components of a vector at most."""


def _or_none(value: object) -> object:
    return [] if value is None else value


Minutes = Annotated[int, Field(ge=0, le=1440)]
Schedule = Annotated[list[tuple[str, Minutes]], BeforeValidator(_or_none)]


class Scratch(Read):
    """``scratch.json``: who a person is and what they are about."""

    curr_time: Text = ""
    name: Text = ""
    age: Annotated[int, Field(ge=0, le=120)]
    innate: Text = ""
    learned: Text = ""
    currently: Text = ""
    lifestyle: Text = ""
    living_area: Text = ""
    daily_plan_req: Text = ""
    daily_req: Annotated[list[str], BeforeValidator(_or_none)] = Field(default_factory=list[str])
    f_daily_schedule_hourly_org: Schedule = Field(default_factory=list[tuple[str, int]])


class Node(Read):
    """A node of the memory stream."""

    type: Literal["event", "thought", "chat"]
    depth: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    created: str
    subject: Text = ""
    predicate: Text = ""
    object: Text = ""
    description: Text
    embedding_key: Text = ""
    poignancy: Annotated[float, Field(ge=-1e6, le=1e6)]
    keywords: Annotated[list[str], BeforeValidator(_or_none)] = Field(default_factory=list[str])
    filling: Any = None
    """Ids of nodes that a thought rests on; the lines of a conversation."""

    @property
    def evidence(self) -> tuple[int, ...]:
        """Numbers of the nodes that it rests on."""
        named: list[Any] = [self.filling] if isinstance(self.filling, str) else self._list
        found = [_NODE.fullmatch(one) for one in named if isinstance(one, str)]
        return tuple(dict.fromkeys(int(match[1]) for match in found if match))

    @property
    def lines(self) -> tuple[Line, ...]:
        """What was said in the conversation that it holds."""
        pairs = [row for row in self._list if isinstance(row, list | tuple) and len(row) == 2]
        return tuple((str(who), str(words)) for who, words in pairs)

    @property
    def importance(self) -> float:
        """From 1 to 10."""
        return min(10.0, max(1.0, self.poignancy))

    @property
    def _list(self) -> list[Any]:
        return self.filling if isinstance(self.filling, list) else []


class Inner(NamedTuple):
    """What one person carries within at the end of a recording."""

    scratch: Scratch
    nodes: tuple[tuple[int, datetime, Node], ...]
    """(number, when it was formed, the node), in the order of their numbers."""
    vectors: Mapping[str, Int16s]
    """By embedding key; empty where the recording has none."""
    dimension: int
    """Components of a vector; 0: there are none."""
    known: Mapping[str, Mapping[str, tuple[str, ...]]]
    """The places that they know of: sector → arena → objects."""


_SCRATCH: Final = TypeAdapter(Scratch)
_NODES: Final = TypeAdapter(dict[str, Node])
_EMBEDDINGS: Final = TypeAdapter(dict[str, list[float]])
_TREE: Final = TypeAdapter(dict[str, dict[str, dict[str, list[str]]]])


def read_inner(folder: Folder, name: str) -> Inner:
    """Read what a person carries within.

    Raises:
        FileError: A file of theirs is missing or cannot be used.
    """
    kept = ("personas", name, _KEPT)
    stream = (*kept, "associative_memory")
    scratch = folder.read(_SCRATCH, *kept, "scratch.json")
    where = folder.file(*stream, "nodes.json")
    nodes = tuple(_numbered(folder.read(_NODES, *stream, "nodes.json"), str(where)))
    vectors = _vectors(folder, stream, nodes)
    dimension = len(next(iter(vectors.values()))) if vectors else 0
    return Inner(scratch, nodes, vectors, dimension, _known(folder, kept))


def _numbered(found: dict[str, Node], where: str) -> list[tuple[int, datetime, Node]]:
    rows: list[tuple[int, datetime, Node]] = []
    for key, node in found.items():
        match = _NODE.fullmatch(key)
        if match is None:
            raise FileError("no node of a memory", where=where, value=key, hint="Like node_12.")
        rows.append((int(match[1]), moment(node.created, where), node))
    return sorted(rows, key=lambda row: row[0])


def _vectors(
    folder: Folder, stream: tuple[str, ...], nodes: tuple[tuple[int, datetime, Node], ...]
) -> dict[str, Int16s]:
    if not folder.has(*stream, "embeddings.json"):
        return {}
    where = folder.file(*stream, "embeddings.json")
    found = folder.read(_EMBEDDINGS, *stream, "embeddings.json")
    keys = list(dict.fromkeys(node.embedding_key for _, _, node in nodes))
    missing = next((key for key in keys if key not in found), None)
    if missing is not None:
        raise FileError("has no vector of a memory", where=where, value=missing)
    sizes = {len(found[key]) for key in keys}
    if len(sizes) > 1 or any(not 1 <= size <= _WIDEST for size in sizes):
        what = f"all vectors need equally many components, 1 to {_WIDEST:,}"
        raise FileError(what, where=where, value=sorted(sizes)[:5])
    try:
        return {key: to_int16(np.array(found[key], dtype=np.float64)) for key in keys}
    except VectorError as error:
        raise FileError(f"a vector cannot be used: {error}", where=where) from error


def _known(folder: Folder, kept: tuple[str, ...]) -> dict[str, dict[str, tuple[str, ...]]]:
    if not folder.has(*kept, "spatial_memory.json"):
        return {}
    tree = folder.read(_TREE, *kept, "spatial_memory.json")
    return {
        sector: {arena: tuple(things) for arena, things in arenas.items()}
        for sectors in tree.values()
        for sector, arenas in sectors.items()
    }
