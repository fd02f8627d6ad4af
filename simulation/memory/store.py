"""The durable memory: what a store must do, and the simplest one that does it.

No tick ever waits for a store. Ticks read the stream; the store follows behind, can be asked
afterwards, and says with its high-water tick how far it has come. It may fail: the run goes on,
:attr:`MemoryStore.fault` says why, and the store is rebuilt from the episode.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from simulation.errors import ConfigError, SimulationError
from simulation.memory.keywords import keywords_of
from simulation.memory.vectors import Int16s, checked, similarity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.memory.record import Kind, Memory

EMPTY = -1
"""The high-water tick of a store that has nothing yet."""


class StoreError(SimulationError):
    """A store cannot answer. A run never sees this: it only writes."""


class Row(NamedTuple):
    """One memory on its way into a store."""

    memory: Memory
    vector: Int16s
    tick: int
    """The tick that wrote it, later than ``memory.created`` if it was observed again."""


class Hit(NamedTuple):
    """A memory that a query found, and the cosine of its vector to the query's."""

    memory: Memory
    similarity: float


@dataclass(frozen=True, kw_only=True)
class Where:
    """What a query is limited to; what is not given does not limit.

    Examples:
        >>> from simulation.memory import Memory
        >>> told = Memory(id="12.0", agent="Ada", kind="dialogue", text="Hm.", created=12)
        >>> Where(agent="Ada", kind="dialogue", since=10).allows(told)
        True
        >>> Where(keyword="Mill").allows(told)
        False
    """

    agent: str | None = None
    kind: Kind | None = None
    place: str | None = None
    fact: str | None = None
    since: int | None = None
    """The first tick of formation."""
    until: int | None = None
    """The last tick of formation."""
    importance: float | None = None
    """The least importance."""
    keyword: str | None = None
    """A word of its text, or several that must all be there; see :func:`keywords_of`."""

    def __post_init__(self) -> None:
        if self.keyword is not None and not keywords_of(self.keyword):
            hint = "Give a word that says what a memory is about."
            raise ConfigError(
                "no memory can be found by stop words",
                where="keyword",
                value=self.keyword,
                hint=hint,
            )

    @property
    def keywords(self) -> tuple[str, ...]:
        """The keywords that a memory must have."""
        return keywords_of(self.keyword or "")

    def allows(self, memory: Memory) -> bool:
        """Whether a memory is within these limits."""
        return (
            self.agent in (None, memory.agent)
            and self.kind in (None, memory.kind)
            and self.place in (None, memory.place)
            and self.fact in (None, memory.fact)
            and (self.since is None or memory.created >= self.since)
            and (self.until is None or memory.created <= self.until)
            and (self.importance is None or memory.importance >= self.importance)
            and set(self.keywords) <= set(memory.keywords)
        )


@runtime_checkable
class MemoryStore(Protocol):
    """Keeps the memories of one run by id. Run ``check_memory_store`` on your own.

    Writing (``put``, ``seal``, ``flush``, ``close``) never raises for a fault of the store.
    Reading sees all that was put before, and raises :class:`StoreError` if the store failed.
    """

    @property
    def fault(self) -> str | None:
        """Why the store stopped taking memories, or None while all is well."""
        ...

    @property
    def high_water(self) -> int:
        """The last tick of which all memories are known to be stored; -1: none."""
        ...

    def put(self, memory: Memory, vector: Int16s, tick: int) -> None:
        """Take a memory that tick ``tick`` wrote; one with the same id is replaced.

        Ticks do not decrease, and a put at a later tick seals those before it.

        Raises:
            VectorError: If the vector is unfit or of another dimension than those before.
        """
        ...

    def seal(self, tick: int) -> None:
        """Say that no memory of this tick or an earlier one will follow."""
        ...

    def flush(self) -> None:
        """Wait until all that was put is stored."""
        ...

    def query(self, vector: Int16s, limit: int = 10, where: Where | None = None) -> list[Hit]:
        """Return the memories nearest to a vector, nearest first."""
        ...

    def get(self, ids: Sequence[str]) -> list[Memory]:
        """Return the memories with these ids in this order, leaving out unknown ones."""
        ...

    def count(self) -> int:
        """Return how many memories are stored."""
        ...

    def close(self) -> None:
        """Store what was put, then let go of files and threads. Twice is once."""
        ...


class ListStore:
    """A store in a dictionary: exact, immediate, gone with the process.

    Examples:
        >>> from simulation.memory import HashEmbedder, Memory
        >>> seen = Memory(id="3.0", agent="Ada", kind="observation", text="The mill is shut.")
        >>> store, embedder = ListStore(), HashEmbedder()
        >>> store.put(seen, embedder.embed([seen.text])[0], tick=3)
        >>> [hit.memory.text for hit in store.query(embedder.embed(["mill"])[0])]
        ['The mill is shut.']
    """

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._dimension: int | None = None
        self._high_water = EMPTY
        self._closed = False

    @property
    def fault(self) -> str | None:
        """None: nothing can go wrong."""
        return None

    @property
    def high_water(self) -> int:
        """The last tick that was sealed."""
        return self._high_water

    def put(self, memory: Memory, vector: Int16s, tick: int) -> None:
        """Keep a memory."""
        checked(vector, self._dimension)
        self._open()
        self._dimension = len(vector)
        self._rows[memory.id] = Row(memory, vector.copy(), tick)
        self.seal(tick - 1)

    def seal(self, tick: int) -> None:
        """Raise the high-water tick."""
        self._high_water = max(self._high_water, tick)

    def flush(self) -> None:
        """Do nothing: all is kept at once."""

    def query(self, vector: Int16s, limit: int = 10, where: Where | None = None) -> list[Hit]:
        """Compare with every memory."""
        self._open()
        checked(vector, self._dimension)
        limits = where or Where()
        rows = [row for row in self._rows.values() if limits.allows(row.memory)]
        hits = [Hit(row.memory, similarity(row.vector, vector)) for row in rows]
        return sorted(hits, key=lambda hit: -hit.similarity)[: max(0, limit)]

    def get(self, ids: Sequence[str]) -> list[Memory]:
        """Look ids up."""
        self._open()
        return [self._rows[one].memory for one in ids if one in self._rows]

    def count(self) -> int:
        """Count the memories."""
        self._open()
        return len(self._rows)

    def close(self) -> None:
        """Take and answer nothing any more."""
        self._closed = True

    def _open(self) -> None:
        if self._closed:
            msg = "this memory store is closed"
            raise StoreError(msg)
