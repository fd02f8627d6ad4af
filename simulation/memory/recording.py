"""Memory streams that the code released with the paper on generative agents recorded.

That code (Park et al. 2023) keeps a persona's memory in a folder ``associative_memory``::

    nodes.json        node_1 … node_n: type (event, thought or chat), created, expiration, subject,
                      predicate, object, description, embedding_key, poignancy, keywords, filling
    embeddings.json   embedding_key → list of floats
    ../scratch.json   recency_decay, recency_w, relevance_w, importance_w

:class:`Recording` reads it and retrieves as that code does, bit for bit: vectors stay float64 and
are compared one by one, as a product of matrices adds up in another order. The formula itself is
:class:`simulation.memory.ParkCode`'s.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Self, cast, get_args

import numpy as np

from simulation.errors import ConfigError, FileError
from simulation.memory.retrieval.park_code import IDLE, ParkCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from simulation.memory.vectors import Float64s

NodeKind = Literal["event", "thought", "chat"]
Moment = datetime | int | float
"""A time: all of a recording are of one sort."""

LIMIT: Final = 30
"""How many that code retrieves where nothing is said."""

_KINDS: Final[tuple[NodeKind, ...]] = get_args(NodeKind)
_TIMES: Final = ("%Y-%m-%d %H:%M:%S", "%B %d, %Y, %H:%M:%S")
_SETTINGS: Final = {
    "decay": "recency_decay",
    "recency": "recency_w",
    "relevance": "relevance_w",
    "importance": "importance_w",
}


class _Vector(NamedTuple):
    """A vector as it was recorded, and how long it is."""

    values: Float64s
    length: float


@dataclass(kw_only=True, slots=True)
class _Node:
    """What retrieval needs of a node."""

    id: str
    kind: NodeKind
    accessed: Moment
    importance: float
    key: str
    vector: _Vector


class Recording:
    """A recorded memory stream that is retrieved from as the released code does.

    Give the nodes in the order in which they were added. ``last_access`` holds when each was last
    accessed; it moves with every retrieval.

    Args:
        ids: Of the nodes.
        kinds: ``event``, ``thought`` or ``chat`` each; chats are never retrieved.
        created: When each was added: all ``datetime``, or all numbers.
        importance: From 1 to 10 each.
        vectors: One row of floats each.
        keys: The embedding key of each: what mentions "idle" is never retrieved, and the others
            can be queries; none: every node has an empty one.
        last_access: When each was last accessed; as that code has it after loading: when created.
        embeddings: More texts with their vectors, to be used as queries.
        strategy: Weights and decay; that code's own where nothing is said.

    Examples:
        >>> recording = Recording(
        ...     ids=["node_1", "node_2", "node_3"],
        ...     kinds=["event", "thought", "event"],
        ...     created=[1, 2, 3],
        ...     importance=[4, 4, 4],
        ...     vectors=[[1.0, 0.0], [0.6, 0.8], [1.0, 0.0]],
        ...     keys=["Ada bakes bread", "Ada likes to bake", "stove is idle"],
        ... )
        >>> recording.retrieve("Ada bakes bread", now=9)
        ['node_1', 'node_2']
        >>> recording.last_access["node_2"]
        9
    """

    def __init__(
        self,
        *,
        ids: Sequence[str],
        kinds: Sequence[NodeKind],
        created: Sequence[Moment],
        importance: Sequence[float],
        vectors: Sequence[Sequence[float]] | npt.NDArray[np.float64],
        keys: Sequence[str] | None = None,
        last_access: Sequence[Moment] | None = None,
        embeddings: Mapping[str, Sequence[float]] | None = None,
        strategy: ParkCode | None = None,
    ) -> None:
        columns: dict[str, Sequence[Any] | npt.NDArray[np.float64]] = {
            "kinds": kinds,
            "created": created,
            "importance": importance,
            "vectors": vectors,
            "keys": [""] * len(ids) if keys is None else keys,
            "last_access": created if last_access is None else last_access,
        }
        _check_columns(ids, columns)
        self.strategy = strategy or ParkCode()
        self._nodes = [
            _Node(
                id=one,
                kind=columns["kinds"][at],
                accessed=columns["last_access"][at],
                importance=float(columns["importance"][at]),
                key=columns["keys"][at],
                vector=_read_vector(one, columns["vectors"][at]),
            )
            for at, one in enumerate(ids)
        ]
        self._known = {node.key: node.vector for node in self._nodes if node.key}
        self._embeddings = embeddings or {}
        sizes = {len(node.vector.values) for node in self._nodes}
        if len(sizes) > 1:
            what = "all vectors need as many components"
            raise ConfigError(what, where="vectors", value=sorted(sizes))
        # Newest first, events before thoughts: the order that ties keep.
        self._candidates = [
            node
            for wanted in ("event", "thought")
            for node in reversed(self._nodes)
            if node.kind == wanted and IDLE not in node.key
        ]

    @classmethod
    def read(cls, folder: str | Path, *, strategy: ParkCode | None = None) -> Self:
        """Read a folder ``associative_memory``.

        Args:
            folder: Which one.
            strategy: Weights and decay; None: as ``scratch.json`` beside the folder has them, else
                that code's own.

        Raises:
            FileError: If a file is missing or holds something else.
        """
        place = Path(folder)
        nodes = _read_json(place / "nodes.json")
        embeddings = _read_json(place / "embeddings.json")
        ids = [f"node_{number}" for number in range(1, len(nodes) + 1)]
        try:
            rows = [nodes[one] for one in ids]
            keys = [str(row["embedding_key"]) for row in rows]
            return cls(
                ids=ids,
                kinds=[row["type"] for row in rows],
                created=[_moment(row["created"]) for row in rows],
                importance=[row["poignancy"] for row in rows],
                vectors=[embeddings[key] for key in keys],
                keys=keys,
                embeddings=embeddings,
                strategy=strategy or _recorded_strategy(place.parent / "scratch.json"),
            )
        except (KeyError, TypeError) as error:
            what = f"not a recorded memory: {type(error).__name__} at {error}"
            raise FileError(what, where=place) from error
        except ConfigError as error:
            raise FileError(str(error), where=place) from error

    @property
    def last_access(self) -> Mapping[str, Any]:
        """When each node was last accessed, by its id."""
        return {node.id: node.accessed for node in self._nodes}

    def retrieve(
        self, query: str | Sequence[float], now: Moment | str, limit: int = LIMIT
    ) -> list[str]:
        """Return the ids of the best nodes, best first; their last access is now.

        Args:
            query: A text among the recorded embeddings, or a vector.
            now: When it is, in the recording's own sort of time; may be written as in its files.
            limit: How many at most.

        Raises:
            ConfigError: If there is no embedding of the text, or a vector of another size is given.
        """
        moment = _moment(now) if isinstance(now, str) else now
        wanted = self._find(query) if isinstance(query, str) else _read_vector("query", query)
        nodes = sorted(self._candidates, key=lambda node: cast("float", node.accessed))
        if not nodes or limit < 1:
            return []
        if len(wanted.values) != len(nodes[0].vector.values):
            what = f"a query needs {len(nodes[0].vector.values)} components here"
            raise ConfigError(what, value=len(wanted.values))
        importance = np.array([node.importance for node in nodes])
        cosines = np.array([_cosine(node.vector, wanted) for node in nodes])
        best = [nodes[at] for at in self.strategy.best(importance, cosines, limit).indices]
        for node in best:
            node.accessed = moment
        return [node.id for node in best]

    def _find(self, text: str) -> _Vector:
        # That code asks for embeddings of texts without line breaks.
        for spelling in (text, text.replace("\n", " ")):
            if spelling in self._known:
                return self._known[spelling]
            if spelling in self._embeddings:
                return _read_vector(spelling, self._embeddings[spelling])
        hint = "Give its vector."
        raise ConfigError("no recorded embedding of this text", value=text, hint=hint)


def _cosine(one: _Vector, other: _Vector) -> float:
    return np.dot(one.values, other.values) / (one.length * other.length)


def _check_columns(ids: Sequence[str], columns: Mapping[str, Sequence[Any] | Any]) -> None:
    if len(set(ids)) < len(ids):
        raise ConfigError("a node's id is there twice", where="ids")
    for name, column in columns.items():
        if len(column) != len(ids):
            what = f"{len(ids)} nodes need as many"
            raise ConfigError(what, where=name, value=len(column))
    for kind in columns["kinds"]:
        if kind not in _KINDS:
            raise ConfigError("no such kind of node", where="kinds", value=kind, allowed=_KINDS)


def _read_vector(name: str, values: Any) -> _Vector:
    try:
        # A copy of its own for each: a row of a larger block need not be added up the same way.
        vector = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ConfigError("its vector is not a list of numbers", where=name) from error
    length = float(np.linalg.norm(vector)) if vector.ndim == 1 else 0.0
    if not 0 < length < float("inf"):
        raise ConfigError("its vector is empty, zero, not finite or not one row", where=name)
    return _Vector(vector, length)


def _recorded_strategy(scratch: Path) -> ParkCode:
    """The weights and the decay that the persona had."""
    if not scratch.exists():
        return ParkCode()
    recorded = _read_json(scratch)
    return ParkCode(**{ours: recorded[key] for ours, key in _SETTINGS.items() if key in recorded})


def _moment(text: str) -> datetime:
    for form in _TIMES:
        try:
            # That code knows no time zones.
            return datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
    hint = f"Write it like {datetime(2023, 2, 13, 9, 30).strftime(_TIMES[0])}."  # noqa: DTZ001
    raise ConfigError("not a time as recorded", value=text, hint=hint)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(f"cannot be read ({error.strerror})", where=path) from error
    except ValueError as error:
        raise FileError(f"not JSON ({error})", where=path) from error
    if not isinstance(found, dict):
        raise FileError("not an object of JSON", where=path)
    return cast("dict[str, Any]", found)
