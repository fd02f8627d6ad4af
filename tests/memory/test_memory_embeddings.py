from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings

from simulation.errors import ConfigError, ModelError
from simulation.memory.embeddings import (
    CachedEmbedder,
    Embedder,
    HashEmbedder,
    LangChainEmbedder,
    WordLlamaEmbedder,
    open_embedder,
)
from simulation.memory.vectors import VectorError, similarity

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRE = "The baker put out the fire in the oven."
FLAMES = "Flames were extinguished at the bakery."
VOTE = "Sam wants to be mayor and asks for votes."


class Counting(CachedEmbedder):
    """Gives each text its length as a direction and counts what it computes."""

    def __init__(self) -> None:
        super().__init__("counting")
        self.computed: list[str] = []

    @property
    def dimension(self) -> int:
        return 2

    def _raw(self, texts: Sequence[str]) -> npt.ArrayLike:
        self.computed += texts
        return [[1.0, len(text)] for text in texts]


class Given(Embeddings):
    """A LangChain object that answers with what it was given."""

    def __init__(self, rows: list[list[float]] | Exception) -> None:
        self.rows = rows

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        del texts
        if isinstance(self.rows, Exception):
            raise self.rows
        return self.rows

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


@pytest.mark.parametrize("embedder", [HashEmbedder(), WordLlamaEmbedder()], ids=lambda e: e.name)
def test_an_embedder_gives_one_stored_vector_per_text(embedder: Embedder) -> None:
    rows = embedder.embed([FIRE, VOTE, FIRE, "🙂", "a"])
    assert rows.shape == (5, embedder.dimension)
    assert rows.dtype == np.int16
    assert (rows[0] == rows[2]).all()
    assert similarity(rows[0], rows[1]) < 0.9
    assert embedder.embed([]).shape == (0, embedder.dimension)


@pytest.mark.parametrize("make", [HashEmbedder, WordLlamaEmbedder], ids=["hash", "wordllama"])
def test_company_in_a_batch_changes_no_vector(make: type[HashEmbedder | WordLlamaEmbedder]) -> None:
    texts = ["yes", FIRE, " ".join([VOTE] * 9), "no", FLAMES]
    alone = [make().embed([text])[0].tolist() for text in texts]
    assert make().embed(texts).tolist() == alone
    assert make().embed(texts[::-1]).tolist() == alone[::-1]


def test_the_embedded_model_knows_what_words_mean() -> None:
    fire, flames, vote = WordLlamaEmbedder().embed([FIRE, FLAMES, VOTE])
    assert similarity(fire, flames) > similarity(fire, vote) + 0.1


def test_a_hashed_vector_is_the_same_on_every_machine() -> None:
    row = HashEmbedder(8).embed(["The mill is shut."])[0]
    assert row.tolist() == [1501, 751, -250, 0, 500, 0, -1001, 250]
    near = HashEmbedder().embed(["The mill is shut.", "The mill was shut!", VOTE])
    assert similarity(near[0], near[1]) > 0.5 > similarity(near[0], near[2])


@pytest.mark.parametrize("embedder", [HashEmbedder(), WordLlamaEmbedder()], ids=lambda e: e.name)
def test_half_a_character_stops_no_embedder(embedder: Embedder) -> None:
    assert embedder.embed(["So \ud83d"]).shape == (1, 256)


@given(st.text(min_size=1).filter(lambda text: not text.isspace()))
def test_any_text_can_be_hashed(text: str) -> None:
    assert HashEmbedder(8).embed([text]).shape == (1, 8)


def test_a_text_is_computed_once() -> None:
    embedder = Counting()
    first = embedder.embed(["a", "bb", "a"])
    second = embedder.embed(["ccc", "bb"])
    assert embedder.computed == ["a", "bb", "ccc"]
    assert first[1].tolist() == second[1].tolist()


def test_an_answer_can_be_changed_without_harm_to_the_cache() -> None:
    embedder = Counting()
    embedder.embed(["a"])[:] = 0
    assert embedder.embed(["a"]).any()


@pytest.mark.parametrize("blank", ["", " \n"])
def test_a_blank_text_is_refused(blank: str) -> None:
    with pytest.raises(VectorError, match="blank text"):
        HashEmbedder().embed(["words", blank])


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([[float("nan"), 1.0, 1.0]], "NaN"),
        ([[0.0, 0.0, 0.0]], "zero"),
        ([[1.0, 2.0]], "2 components|1 x 2"),
        ([[1.0, 2.0, 3.0]] * 2, "1 texts need 1 vectors of 3 components, got 2 x 3"),
        ([[1.0], [1.0, 2.0]], "rectangle"),
        ([], "axes|one or more"),
    ],
)
def test_a_bad_answer_of_a_langchain_embedder_is_refused(
    rows: list[list[float]], problem: str
) -> None:
    embedder = LangChainEmbedder(Given(rows), dimension=3)
    with pytest.raises(VectorError, match=f"Given: .*({problem})"):
        embedder.embed(["words"])


def test_a_langchain_embedder_that_fails_is_a_model_error() -> None:
    with pytest.raises(ModelError, match="mine: OSError: no route"):
        LangChainEmbedder(Given(OSError("no route")), name="mine", dimension=2).embed(["x"])


def test_a_langchain_embedder_is_wrapped_and_asked_for_its_dimension() -> None:
    embedder = open_embedder(DeterministicFakeEmbedding(size=12))
    assert isinstance(embedder, LangChainEmbedder)
    assert embedder.name == "DeterministicFakeEmbedding"
    assert embedder.dimension == 12
    assert embedder.embed(["a", "b"]).shape == (2, 12)


def test_an_embedder_is_opened_by_name_and_passes_through() -> None:
    assert open_embedder().name == "wordllama"
    mine = open_embedder("hash")
    assert open_embedder(mine) is mine


class Foreign:
    """Shares no class with ours."""

    name = "foreign"
    dimension = 2

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.int16]:
        return np.full((len(texts), 2), 1448, np.int16)


def test_anything_that_embeds_is_an_embedder() -> None:
    foreign = Foreign()
    assert open_embedder(foreign) is foreign


def test_what_embeds_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match="did you mean 'wordllama'"):
        open_embedder("wordlama")
    with pytest.raises(ConfigError, match="not an embedder: 3"):
        open_embedder(3)  # pyright: ignore[reportArgumentType]
    with pytest.raises(ConfigError, match="8 components"):
        HashEmbedder(4)
