"""The memory stream: all that one agent remembers, in the order in which it came."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt

from simulation.memory.record import KINDS, Memory
from simulation.memory.vectors import (
    SCALE,
    Float32s,
    Float64s,
    Int16s,
    VectorError,
    check_length,
    check_shape,
    from_int16,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FIRST_ROWS: Final = 16
_GROWTH: Final = 1.125
"""Small, so that spare rows cost little; all the copying comes to 0.5 µs for each memory."""
_BLOCK: Final = 1024
"""Rows multiplied at a time: few enough that BLAS keeps to this thread. Where it splits a product
over threads, other load on the machine makes 0.2 ms into 10."""
_CODES: Final = {kind: code for code, kind in enumerate(KINDS)}

Int64s = npt.NDArray[np.int64]
A = TypeVar("A", bound=np.generic)
D = TypeVar("D")


class Remembered(NamedTuple):
    """Where a memory went, and whether it was new."""

    at: int
    """Its index in the stream."""
    is_new: bool


class MemoryStream:
    """An append-only block of memories and the arrays that a retrieval scores.

    A memory keeps its index for ever, so the length is the version of the stream. Three things
    change in place: how often a memory was observed, when it was last accessed, and how often it
    was recalled.

    Args:
        agent: Who remembers.
        dimension: How many components a vector has.
    """

    def __init__(self, agent: str, dimension: int) -> None:
        if dimension < 1:
            msg = f"a vector needs one component or more, got {dimension!r}"
            raise VectorError(msg)
        self.agent = agent
        self.dimension = dimension
        self._memories: list[Memory] = []
        self._index: dict[str, int] = {}
        self._by_text: dict[str, int] = {}
        self._same_text: dict[int, int] = {}
        self._room = _FIRST_ROWS
        self._vectors = np.empty((self._room, dimension), np.float32)
        self._created = np.empty(self._room, np.int64)
        self._accessed = np.empty(self._room, np.int64)
        self._importance = np.empty(self._room, np.float64)
        self._kinds = np.empty(self._room, np.int8)
        self._counts = np.empty(self._room, np.int32)
        self._recalls = np.empty(self._room, np.int32)
        self._columns: dict[Callable[[Memory], float], Float64s] = {}
        self._derived: dict[Callable[[MemoryStream], object], tuple[int, object]] = {}

    def remember(self, memory: Memory, vector: Int16s) -> Remembered:
        """Append a memory, or count it if the same text about the same was remembered before."""
        if memory.about:
            index = self.find(memory.about, memory.text)
            if index is not None:
                self.bump(index, memory.created)
                return Remembered(index, is_new=False)
        return Remembered(self.append(memory, vector), is_new=True)

    def append(self, memory: Memory, vector: Int16s) -> int:
        """Append a memory without looking for repetitions, and return its index.

        Raises:
            ValueError: If it is another agent's, or its id is taken.
            VectorError: If the vector does not fit.
        """
        if memory.agent != self.agent:
            msg = (
                f"memory {memory.id!r} is {memory.agent!r}'s, this is the stream of {self.agent!r}"
            )
            raise ValueError(msg)
        if memory.id in self._index:
            msg = f"{self.agent!r} has a memory {memory.id!r} already"
            raise ValueError(msg)
        check_shape(vector, self.dimension)
        index = len(self._memories)
        if index == self._room:
            self._grow()
        row = self._vectors[index]
        row[:] = vector
        check_length(row)
        self._created[index] = memory.created
        self._accessed[index] = memory.last_access
        self._importance[index] = memory.importance
        self._kinds[index] = _CODES[memory.kind]
        self._counts[index] = memory.count
        self._recalls[index] = memory.recalls
        self._memories.append(memory)
        self._index[memory.id] = index
        if memory.about and self.find(memory.about, memory.text) is None:
            self._make_findable(index, memory.text)
        return index

    def bump(self, index: int, tick: int) -> int:
        """Count one more identical observation, made at ``tick``; return the new count."""
        self._counts[self._checked(index)] += 1
        self._accessed[index] = max(int(self._accessed[index]), tick)
        return int(self._counts[index])

    def touch(self, indices: npt.ArrayLike, tick: int) -> None:
        """Note that memories came to mind at ``tick``, each once; no access moves back in time."""
        rows = np.asarray(indices, dtype=np.int64)
        if rows.size and not 0 <= rows.min() <= rows.max() < len(self):
            msg = f"no such memories among {len(self)}: {rows.tolist()}"
            raise IndexError(msg)
        self._accessed[rows] = np.maximum(self._accessed[rows], tick)
        self._recalls[rows] += 1

    def __len__(self) -> int:
        return len(self._memories)

    def __getitem__(self, index: int) -> Memory:
        memory = self._memories[index]
        count, recalls = int(self.counts[index]), int(self.recalls[index])
        access = int(self.last_access[index])
        if (count, access, recalls) == (memory.count, memory.last_access, memory.recalls):
            return memory
        return replace(memory, count=count, last_access=access, recalls=recalls)

    def __iter__(self) -> Iterator[Memory]:
        return (self[index] for index in range(len(self)))

    def __contains__(self, memory_id: object) -> bool:
        return memory_id in self._index

    def __repr__(self) -> str:
        return f"MemoryStream({self.agent!r}, {self.dimension}): {len(self)} memories"

    def find(self, about: str, text: str) -> int | None:
        """Return the index of the memory with this text about this, if there is one."""
        index = self._by_text.get(text)
        while index is not None and self._memories[index].about != about:
            index = self._same_text.get(index)
        return index

    def index_of(self, memory_id: str) -> int:
        """Return the index of the memory with this id, or raise KeyError."""
        return self._index[memory_id]

    def by_id(self, memory_id: str) -> Memory:
        """Return the memory with this id, or raise KeyError."""
        return self[self._index[memory_id]]

    def since(self, tick: int) -> list[Memory]:
        """Return the memories formed at ``tick`` or later, oldest first."""
        return [self[int(index)] for index in np.flatnonzero(self.created >= tick)]

    def latest(self, number: int) -> list[Memory]:
        """Return the last ``number`` memories that came in, oldest first."""
        return [self[index] for index in range(max(0, len(self) - max(0, number)), len(self))]

    def cosines(self, vector: Int16s) -> Float64s:
        """Return the cosine of a stored vector to every memory: the same bits on every machine.

        Raises:
            VectorError: If it is of another dimension.
        """
        if vector.shape != (self.dimension,):
            msg = f"expected a query of {self.dimension} components, got {vector.shape}"
            raise VectorError(msg)
        query, rows = from_int16(vector), len(self)
        dots = np.empty(rows, np.float32)
        for start in range(0, rows, _BLOCK):
            end = min(start + _BLOCK, rows)
            np.dot(self._vectors[start:end], query, out=dots[start:end])
        return dots.astype(np.float64) / SCALE**2

    def vector(self, index: int) -> Int16s:
        """Return the vector of one memory, as it was given."""
        return self._vectors[self._checked(index)].astype(np.int16)

    def column(self, of: Callable[[Memory], float]) -> Float64s:
        """Return a number for each memory, computed once when it is first asked for.

        For strategies that need more of a memory than the arrays have.

        Args:
            of: A function of what never changes in a memory; it is known by its identity, so give
                a named function and no lambda.
        """
        known = self._columns.get(of)
        if known is None or len(known) < len(self):
            start = 0 if known is None else len(known)
            more = [float(of(memory)) for memory in self._memories[start:]]
            known = np.concatenate([self._columns.get(of, np.zeros(0)), np.array(more)])
            self._columns[of] = known
        return known

    def derived(self, of: Callable[[MemoryStream], D]) -> D:
        """Return what a function makes of this stream, made again only when it has grown.

        Args:
            of: A function of what never changes in memories; known by its identity.
        """
        version, known = self._derived.get(of, (-1, None))
        if version != len(self):
            known = of(self)
            self._derived[of] = (len(self), known)
        return cast("D", known)

    @property
    def version(self) -> int:
        """How many memories there are: a prefix of this length never changes its rows."""
        return len(self._memories)

    @property
    def vectors(self) -> Float32s:
        """One row of whole numbers per memory. Read it, never write to it; so for all arrays."""
        return self._vectors[: len(self._memories)]

    @property
    def created(self) -> Int64s:
        """The tick at which each was formed."""
        return self._created[: len(self._memories)]

    @property
    def last_access(self) -> Int64s:
        """The tick at which each was last formed, observed again or recalled."""
        return self._accessed[: len(self._memories)]

    @property
    def importance(self) -> Float64s:
        """From 1 to 10."""
        return self._importance[: len(self._memories)]

    @property
    def kinds(self) -> npt.NDArray[np.int8]:
        """Each kind's position in ``KINDS``."""
        return self._kinds[: len(self._memories)]

    @property
    def counts(self) -> npt.NDArray[np.int32]:
        """How often each was observed."""
        return self._counts[: len(self._memories)]

    @property
    def recalls(self) -> npt.NDArray[np.int32]:
        """How often each came to mind."""
        return self._recalls[: len(self._memories)]

    def _checked(self, index: int) -> int:
        if not 0 <= index < len(self):
            msg = f"no memory {index!r} among {len(self)}"
            raise IndexError(msg)
        return index

    def _make_findable(self, index: int, text: str) -> None:
        # A chain of the memories that say the same about different things: nearly always of one.
        first = self._by_text.setdefault(text, index)
        if first != index:
            if first in self._same_text:
                self._same_text[index] = self._same_text[first]
            self._same_text[first] = index

    def _grow(self) -> None:
        # New arrays, never a resize in place: a view that was handed out stays whole.
        old, self._room = self._room, int(self._room * _GROWTH) + 1
        self._vectors = _longer(self._vectors, old, self._room)
        self._created = _longer(self._created, old, self._room)
        self._accessed = _longer(self._accessed, old, self._room)
        self._importance = _longer(self._importance, old, self._room)
        self._kinds = _longer(self._kinds, old, self._room)
        self._counts = _longer(self._counts, old, self._room)
        self._recalls = _longer(self._recalls, old, self._room)


def _longer(rows: npt.NDArray[A], used: int, room: int) -> npt.NDArray[A]:
    longer = np.empty((room, *rows.shape[1:]), rows.dtype)
    longer[:used] = rows[:used]
    return longer
