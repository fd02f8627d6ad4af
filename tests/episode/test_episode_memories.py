"""A stream that is rebuilt from the log is the stream that the mind had."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from forge import forge
from hypothesis import given
from hypothesis import strategies as st
from tale import spec

from simulation import Episode
from simulation.episode.events import Began
from simulation.episode.log import EpisodeWriter
from simulation.episode.memories import memory_stream, run_embedder
from simulation.episode.sink import Scribe
from simulation.errors import EpisodeError
from simulation.kernel.ids import Phase
from simulation.language.fake import FakeModel
from simulation.memory import HashEmbedder, Kind, open_retrieval
from simulation.mind.faculties import Faculties
from simulation.mind.generative import GenerativeMind
from simulation.mind.recollection import Note, Recollection
from worlds import village

if TYPE_CHECKING:
    from pathlib import Path

    from simulation.kernel.world import World
    from simulation.memory import MemoryStream

TEXTS = ("The stove is idle.", "the stove is IDLE", "Bo told Ada of the mill.", "Ada swam far.")
KINDS: tuple[Kind, ...] = ("observation", "dialogue", "reflection", "fact")

Formed = tuple[str, Kind, float, bool]
Life = list[tuple[list[Formed], str]]
"""For each tick: what is remembered in it, and what is then looked for (or nothing)."""

memories = st.tuples(
    st.sampled_from(TEXTS), st.sampled_from(KINDS), st.floats(1, 10), st.booleans()
)
lives = st.lists(
    st.tuples(st.lists(memories, max_size=4), st.sampled_from(("", "the stove", "Ada"))),
    min_size=1,
    max_size=8,
)


def same(one: MemoryStream, other: MemoryStream) -> None:
    assert list(one) == list(other)
    assert one.counts.tolist() == other.counts.tolist()
    assert one.last_access.tolist() == other.last_access.tolist()
    assert one.vectors.tolist() == other.vectors.tolist()


def live(folder: Path, life: Life) -> Recollection:
    """Live this life in a log, and return the memory that one has at its end."""
    with EpisodeWriter(folder, spec=spec(), run={}) as writer:
        mind = Recollection(
            "ada", embedder=HashEmbedder(16), strategy=open_retrieval("park"), sink=writer
        )
        for tick, (formed, query) in enumerate(life):
            scribe = Scribe(tick, Phase.THINK, 1, "ada", "inn")
            for text, kind, importance, fresh in formed:
                note = Note(
                    kind=kind, text=text, importance=importance, fresh=fresh or kind == "fact"
                )
                mind.remember(scribe, note)
            if query:
                mind.recall(scribe, query, "decide", 2)
            writer.commit(tick, scribe.events, scribe.contents)
    return mind


@given(life=lives)
def test_any_life_gives_the_same_stream_again(
    life: Life, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("life") / "e"
    mind = live(folder, life)
    same(memory_stream(Episode.open(folder), "ada", embedder=HashEmbedder(16)), mind.stream)


@given(life=lives, data=st.data())
def test_the_stream_at_a_tick_is_that_of_a_life_that_ended_there(
    life: Life, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("life")
    until = data.draw(st.integers(1, len(life)))
    live(folder / "whole", life)
    part = live(folder / "part", life[:until])
    episode = Episode.open(folder / "whole")
    same(memory_stream(episode, "ada", until=until, embedder=HashEmbedder(16)), part.stream)


class Watched(Faculties):
    """Keeps the memories that it hands out."""

    def recollection(self, agent: str) -> Recollection:
        made = super().recollection(agent)
        self.handed_out = {**getattr(self, "handed_out", {}), agent: made}
        return made


def test_the_streams_of_an_hour_in_the_village_are_rebuilt(tmp_path: Path) -> None:
    minds: list[Watched] = []

    def mind(world: World, agent: str) -> GenerativeMind:
        if not minds:
            minds.append(Watched(world, model=FakeModel(), embedder=HashEmbedder()))
        return GenerativeMind(world, agent, minds[0])

    described = village.load(agents=3)
    with EpisodeWriter(tmp_path / "e", spec=described, run={}) as writer:
        with described.world_class()(described, mind=mind, rng=7, sink=writer) as world:
            for _ in range(60):
                world.step()
        episode = Episode.open(tmp_path / "e")
        for agent, recollection in minds[0].handed_out.items():
            assert len(recollection.stream)
            same(memory_stream(episode, agent), recollection.stream)


def test_kinds_that_are_left_out_leave_no_trace(tmp_path: Path) -> None:
    live(
        tmp_path / "e",
        [([(TEXTS[0], "observation", 2.0, False), (TEXTS[3], "reflection", 6.0, False)], "Ada")],
    )
    stream = memory_stream(Episode.open(tmp_path / "e"), "ada", kinds=("observation",))
    assert [memory.text for memory in stream] == [TEXTS[0]]


def test_a_vector_that_is_missing_is_made_again(tmp_path: Path) -> None:
    mind = live(tmp_path / "e", [([(text, "observation", 2.0, False) for text in TEXTS], "")])
    forge(tmp_path / "e", "DELETE FROM vectors")
    again = memory_stream(Episode.open(tmp_path / "e"), "ada", embedder=HashEmbedder(16))
    same(again, mind.stream)


def test_who_remembers_nothing_has_an_empty_stream(tmp_path: Path) -> None:
    live(tmp_path / "e", [([], "")])
    assert len(memory_stream(Episode.open(tmp_path / "e"), "ada")) == 0


def test_an_embedder_of_ones_own_is_asked_for(tmp_path: Path) -> None:
    with EpisodeWriter(tmp_path / "e", spec=spec(), run={}) as writer:
        scribe = Scribe(0, Phase.WORLD, 0, "")
        scribe.note(
            Began,
            world="village", seed=7, mind="generative", model="fake", settings={}, cast=("ada",),
            start="07:00", tick_minutes=1, options={"embedder": "MyEmbeddings"},
        )  # fmt: skip
        writer.commit(0, scribe.events, scribe.contents)
    with pytest.raises(EpisodeError, match=r"'MyEmbeddings'.*embedder="):
        run_embedder(Episode.open(tmp_path / "e"))
