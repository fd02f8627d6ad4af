"""What every memory store must do, as checks to run on yours.

::

    from simulation.memory import check_memory_store

    def test_my_store_keeps_the_contract() -> None:
        check_memory_store(MyStore)
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simulation.memory.embeddings import HashEmbedder
from simulation.memory.record import Memory
from simulation.memory.store import EMPTY, MemoryStore, StoreError, Where
from simulation.memory.vectors import Int16s, VectorError, to_int16

if TYPE_CHECKING:
    from collections.abc import Callable

_EMBEDDER = HashEmbedder(64)

_MILL = Memory(
    id="1.act.0.0",
    agent="Ada",
    kind="dialogue",
    text="Bo told Ada that the mill — “Mühle” — is shut.",
    spoken="the mill is shut",
    created=1,
    importance=6.5,
    place="inn",
    people=("Bo",),
    evidence=("0.say.1.0", "0.say.1.1"),
    fact="mill-shut",
    source="told:Bo",
)
_STOVE = Memory(
    id="2.act.0.0",
    agent="Ada",
    kind="observation",
    text="The stove is idle.",
    created=2,
    about="the stove is idle",
    place="kitchen",
    source="saw",
    last_access=2,
    recalls=1,
)
_PLAN = Memory(
    id="3.act.1.0",
    agent="Bo",
    kind="plan",
    text="Bo plans to bake bread at the mill.",
    created=3,
    importance=4.0,
)


class ContractError(AssertionError):
    """A store does not do what it must."""


def check_memory_store(make_store: Callable[[], MemoryStore]) -> None:
    """Check that a store keeps, finds, replaces, limits and counts memories.

    Args:
        make_store: Makes a new, empty store at each call; the check closes it.

    Raises:
        ContractError: At the first thing that is wrong.
    """
    for check in (
        _check_an_empty_store,
        _check_what_comes_back,
        _check_replacement,
        _check_the_nearest,
        _check_limits,
        _check_high_water,
        _check_unfit_vectors,
        _check_closing,
    ):
        store = make_store()
        try:
            check(store)
            _expect(store.fault is None, f"the store failed: {store.fault}")
        finally:
            store.close()


def check_reopening(open_store: Callable[[], MemoryStore]) -> None:
    """Check that a durable store has everything again after it was closed.

    Args:
        open_store: Opens the same store, empty at first, at each call.

    Raises:
        ContractError: At the first thing that is wrong.
    """
    store = open_store()
    _fill(store)
    store.seal(3)
    store.close()
    store = open_store()
    try:
        _expect(store.high_water == 3, f"reopened at tick 3, it says {store.high_water}")
        _expect(store.count() == 3, f"reopened with 3 memories, it has {store.count()}")
        _expect(store.get([_MILL.id]) == [_MILL], "a memory came back changed after reopening")
        later = replace(_PLAN, id="4.act.1.0", created=4)
        store.put(later, _vector(later.text), 4)
        _expect(store.count() == 4, "a reopened store must take more memories")
        _expect(store.high_water == 3, "tick 4 is not sealed yet")
    finally:
        store.close()


def _vector(text: str) -> Int16s:
    return _EMBEDDER.embed([text])[0]


def _fill(store: MemoryStore) -> None:
    for memory in (_MILL, _STOVE, _PLAN):
        store.put(memory, _vector(memory.text), memory.created)


def _expect(met: bool, problem: str) -> None:
    if not met:
        raise ContractError(problem)


def _check_an_empty_store(store: MemoryStore) -> None:
    _expect(store.count() == 0, "a new store must be empty")
    _expect(store.high_water == EMPTY, f"an empty store's high-water tick must be {EMPTY}")
    _expect(store.query(_vector("mill")) == [], "an empty store must find nothing")
    _expect(store.get(["unknown"]) == [], "an unknown id must be left out")
    store.flush()


def _check_what_comes_back(store: MemoryStore) -> None:
    _fill(store)
    store.flush()
    wanted = [_PLAN, _MILL, _STOVE]
    got = store.get([_PLAN.id, "unknown", _MILL.id, _STOVE.id])
    _expect(got == wanted, f"every field must come back, in the order asked: {got!r}")


def _check_replacement(store: MemoryStore) -> None:
    _fill(store)
    store.put(replace(_STOVE, count=2), _vector(_STOVE.text), 4)
    store.put(replace(_STOVE, count=3, last_access=5), _vector(_STOVE.text), 5)
    _expect(store.count() == 3, "a memory put again must replace the one with its id")
    got = [(memory.count, memory.last_access) for memory in store.get([_STOVE.id])]
    _expect(got == [(3, 5)], f"the last one put must stay, with count 3, accessed at 5: {got}")


def _check_the_nearest(store: MemoryStore) -> None:
    _fill(store)
    hits = store.query(_vector(_STOVE.text), limit=2)
    _expect(len(hits) == 2, f"two of three were asked for, {len(hits)} came")
    _expect(hits[0].memory == _STOVE, "the memory with the very vector must come first")
    _expect(abs(hits[0].similarity - 1) < 2e-3, f"its cosine is 1, not {hits[0].similarity}")
    _expect(hits[0].similarity >= hits[1].similarity, "the nearest must come first")
    _expect(len(store.query(_vector("mill"), limit=99)) == 3, "a large limit must give all")
    _expect(store.query(_vector("mill"), limit=0) == [], "a limit of 0 must give nothing")


def _check_limits(store: MemoryStore) -> None:
    _fill(store)
    cases: list[tuple[Where, set[str]]] = [
        (Where(), {_MILL.id, _STOVE.id, _PLAN.id}),
        (Where(agent="Ada"), {_MILL.id, _STOVE.id}),
        (Where(kind="plan"), {_PLAN.id}),
        (Where(place="inn"), {_MILL.id}),
        (Where(fact="mill-shut"), {_MILL.id}),
        (Where(since=2), {_STOVE.id, _PLAN.id}),
        (Where(until=2), {_MILL.id, _STOVE.id}),
        (Where(importance=4.0), {_MILL.id, _PLAN.id}),
        (Where(keyword="MILL"), {_MILL.id, _PLAN.id}),
        (Where(keyword="the mühle"), {_MILL.id}),
        (Where(keyword="Bread mill"), {_PLAN.id}),
        (Where(keyword="mil"), set()),
        (Where(agent="Ada", since=2), {_STOVE.id}),
        (Where(agent="Nobody"), set()),
    ]
    for where, wanted in cases:
        got = {hit.memory.id for hit in store.query(_vector("mill"), where=where)}
        _expect(got == wanted, f"{where!r} must give {sorted(wanted)}, not {sorted(got)}")


def _check_high_water(store: MemoryStore) -> None:
    _fill(store)
    _expect(store.high_water == 2, f"tick 3 is open, so 2 is reached, not {store.high_water}")
    store.seal(3)
    _expect(store.high_water == 3, f"tick 3 is sealed, not {store.high_water}")
    store.seal(7)
    _expect(store.high_water == 7, "ticks without a memory count when they are sealed")
    store.seal(5)
    _expect(store.high_water == 7, "the high-water tick must never fall")


def _check_unfit_vectors(store: MemoryStore) -> None:
    _fill(store)
    for vector in (to_int16([1.0, 2.0]), _vector("mill") * 0):
        try:
            store.put(replace(_PLAN, id="bad"), vector, 4)
        except VectorError:
            continue
        raise ContractError("a vector of another dimension, or of zeros, must raise VectorError")
    _expect(store.count() == 3, "an unfit vector must not be stored")


def _check_closing(store: MemoryStore) -> None:
    _fill(store)
    store.close()
    store.close()
    try:
        store.count()
    except StoreError:
        return
    raise ContractError("a closed store must raise StoreError when it is asked")
