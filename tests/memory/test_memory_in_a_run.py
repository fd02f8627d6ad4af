"""Memory in a whole run: bad embedders, and what the store and the journal get."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from langchain_core.embeddings import Embeddings

from simulation.episode.events import Recalled, Remembered
from simulation.errors import ConfigError, ModelError
from simulation.memory.chroma import ChromaStore
from simulation.memory.vectors import VectorError, to_int16
from simulation.mind.options import MindOptions
from simulation.simulation import Simulation
from worlds import village

if TYPE_CHECKING:
    from pathlib import Path

    from simulation import Episode


class Fickle(Embeddings):
    """Good while it is well, then bad in one way or another."""

    def __init__(self, way: str, *, well: bool = True) -> None:
        self.way = way
        self.well = well

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows = [[1.0 + text.lower().count(letter) for letter in "aeioutsn"] for text in texts]
        if self.well:
            return rows
        if self.way == "raises":
            raise OSError("the server\nis gone")
        return [[math.nan] * 8 if self.way == "nan" else row[:5] for row in rows]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def stored(folder: Path) -> set[str]:
    """The ids of all memories in the store of an episode."""
    store = ChromaStore(folder / "chroma", folder.name)
    try:
        return {hit.memory.id for hit in store.query(to_int16([1.0] * 8), limit=10_000)}
    finally:
        store.close()


def logged(episode: Episode) -> set[str]:
    return {event.again or event.id for event in episode.each(Remembered)}


@pytest.mark.parametrize(
    ("way", "kind", "problem"),
    [
        ("nan", VectorError, "vector 0 has a component that is NaN or infinite"),
        ("short", VectorError, "1 texts need 1 vectors of 8 components, got 1 x 5"),
        ("raises", ModelError, "OSError: the server is gone"),
    ],
)
def test_an_embedder_that_goes_bad_ends_a_run_with_one_clear_line(
    tmp_path: Path, way: str, kind: type[Exception], problem: str
) -> None:
    out, embedder = tmp_path / "episode", Fickle(way)
    with Simulation(village.load(agents=3), model="fake", embedder=embedder, out=out) as simulation:
        simulation.run(ticks=5)
        embedder.well = False
        with pytest.raises(kind, match=problem) as caught:
            simulation.run(ticks=400)
        episode = simulation.episode
    told = str(caught.value)
    assert told.startswith("the embedder 'Fickle' failed on ")
    assert "\n" not in told
    assert 5 <= episode.ticks < 405
    assert stored(out) == logged(episode)


def test_an_embedder_that_is_bad_from_the_start_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(VectorError, match=r"Fickle: .*NaN"):
        Simulation(
            village.load(agents=2), model="fake", embedder=Fickle("nan", well=False),
            out=tmp_path / "episode",
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_accesses_are_in_the_store_and_each_vector_is_journalled_once(tmp_path: Path) -> None:
    out = tmp_path / "episode"
    with Simulation(village.load(agents=3), model="fake", embedder="hash", out=out) as simulation:
        episode = simulation.run(ticks=90)
    recalled: dict[str, list[int]] = {}
    for event in episode.each(Recalled):
        for name in event.memories:
            recalled.setdefault(name, []).append(event.tick)
    again: dict[str, int] = {}
    for event in episode.each(Remembered):
        again[event.again or event.id] = event.tick
    assert recalled
    store = ChromaStore(out / "chroma", out.name)
    try:
        for memory in store.get(list(again)):
            ticks = recalled.get(memory.id, [])
            assert memory.recalls == len(ticks)
            assert memory.last_access == max([again[memory.id], *ticks])
    finally:
        store.close()
    with closing(sqlite3.connect(out / "log.sqlite")) as db:
        [[vectors]] = db.execute("SELECT count(*) FROM vectors")
    assert vectors > 0


@pytest.mark.parametrize(
    "strategy", ["park_code", "forgetting:hours=2", "short_long_term:items=5", "recent", "none"]
)
def test_a_run_lives_with_any_way_to_retrieve(tmp_path: Path, strategy: str) -> None:
    with Simulation(
        village.load(agents=2), model="fake", embedder="hash", out=tmp_path / "episode",
        options=MindOptions(retrieval=strategy), chroma="memory",
    ) as simulation:  # fmt: skip
        episode = simulation.run(ticks=40)
    name = strategy.partition(":")[0]
    assert {event.strategy for event in episode.each(Recalled)} == (
        set() if name == "none" else {name}
    )
    assert episode.began is not None
    assert episode.began.options["retrieval"] == strategy


def test_a_way_to_retrieve_that_does_not_exist_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such parameter of 'park'"):
        Simulation(
            village.load(agents=2), model="fake", embedder="hash", out=tmp_path / "episode",
            options=MindOptions(retrieval="park:weight=2"),
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []
