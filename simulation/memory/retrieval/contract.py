"""What every retrieval strategy must do, as a check to run on yours.

::

    from simulation.memory import check_retrieval

    def test_my_strategy_keeps_the_contract() -> None:
        check_retrieval(MyStrategy)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from simulation.memory.record import KINDS, Memory
from simulation.memory.retrieval.strategy import Retrieved
from simulation.memory.stream import MemoryStream
from simulation.memory.vectors import Int16s, to_int16

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.memory.retrieval.strategy import RetrievalStrategy

_DIMENSION: Final = 8
_NOW: Final = 100
_TICK_MINUTES: Final = 10.0
_SIZES: Final = (1, 2, 7, 60)
_LIMITS: Final = (1, 3, 30, 99)


class RetrievalContractError(AssertionError):
    """A strategy does not do what it must."""


def check_retrieval(make_strategy: Callable[[], RetrievalStrategy]) -> None:
    """Check that a strategy answers in order, within bounds, always the same, and changes nothing.

    Args:
        make_strategy: Makes the strategy: a class, or a function.

    Raises:
        RetrievalContractError: At the first thing that is wrong.
    """
    strategy = make_strategy()
    _expect(bool(strategy.name) and strategy.name == strategy.name.strip(), "it needs a name")
    query = _vector(3)
    empty = MemoryStream("Ada", _DIMENSION)
    _expect(not _ask(strategy, empty, query, 5), "an empty stream must give nothing")
    for size in _SIZES:
        for alike in (False, True):
            stream = _stream(size, alike=alike)
            _check_answers(make_strategy, strategy, stream, query)


def _check_answers(
    make_strategy: Callable[[], RetrievalStrategy],
    strategy: RetrievalStrategy,
    stream: MemoryStream,
    query: Int16s,
) -> None:
    before = _state(stream)
    for limit in (0, -1):
        _expect(not _ask(strategy, stream, query, limit), f"a limit of {limit} must give nothing")
    everything = _ask(strategy, stream, query, len(stream))
    for limit in _LIMITS:
        found = strategy.retrieve(stream, query, _NOW, limit, _TICK_MINUTES)
        _check_shape(found, stream, limit)
        got = [int(index) for index in found.indices]
        _expect(got == everything[:limit], f"{limit} must be the first of all, ties included")
        _expect(got == _ask(strategy, stream, query, limit), "asked again it must say the same")
        _expect(
            got == _ask(make_strategy(), stream, query, limit),
            "another strategy made the same way must say the same",
        )
    _expect(_state(stream) == before, "a strategy must not change the stream")


def _check_shape(found: Retrieved, stream: MemoryStream, limit: int) -> None:
    number = len(found.indices)
    _expect(number <= limit, f"{number} memories came where {limit} were asked for")
    _expect(all(len(row) == number for row in found), "all five arrays must be of one length")
    indices = {int(index) for index in found.indices}
    _expect(len(indices) == number, "a memory must come once")
    _expect(indices <= set(range(len(stream))), "an index must be one of the stream")
    _expect(bool(np.isfinite(found.scores).all()), "a score must be finite")
    _expect(bool((np.diff(found.scores) <= 0).all()), "the best score must come first")
    for name, term in zip(Retrieved._fields[2:], found[2:], strict=True):
        _expect(bool(((term >= 0) & (term <= 1)).all()), f"{name} must be within 0 and 1")


def _ask(strategy: RetrievalStrategy, stream: MemoryStream, query: Int16s, limit: int) -> list[int]:
    found = strategy.retrieve(stream, query, _NOW, limit, _TICK_MINUTES)
    return [int(index) for index in found.indices]


def _expect(met: bool, problem: str) -> None:
    if not met:
        raise RetrievalContractError(problem)


def _vector(number: int) -> Int16s:
    return to_int16([float((number * 7 + place * 3) % 11) - 5.25 for place in range(_DIMENSION)])


def _stream(size: int, *, alike: bool) -> MemoryStream:
    """A stream with repeated values, so that there are ties; or one in which all tie."""
    stream = MemoryStream("Ada", _DIMENSION)
    for number in range(size):
        turn = 0 if alike else number
        memory = Memory(
            id=f"m{number}",
            agent="Ada",
            kind=KINDS[turn % len(KINDS)],
            text=f"Cart {turn % 5} passed the mill.",
            created=turn // 3,
            importance=1 + turn % 4,
        )
        stream.append(memory, _vector(turn % 6))
    if not alike:
        stream.touch(range(0, size, 4), size // 2)
        stream.touch(range(0, size, 8), size)
    return stream


def _state(stream: MemoryStream) -> list[list[float]]:
    arrays = (stream.created, stream.last_access, stream.importance, stream.counts, stream.recalls)
    return [*(row.tolist() for row in arrays), *stream.vectors.tolist()]
