"""Models and embedders of one's own, the store beside the log, and what minds are shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from simulation.episode.events import Asked, Decided, Provenance, Remembered
from simulation.errors import BadInput
from simulation.language.fake import FakeModel
from simulation.lint import find_loaded_words
from simulation.memory.chroma import ChromaStore

if TYPE_CHECKING:
    from simulation import Episode
    from tests.simulation.conftest import MakeSimulation


class OwnChatModel(BaseChatModel):
    """Takes the second option, and speaks in JSON where it is asked to speak."""

    @property
    def _llm_type(self) -> str:
        return "own"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        wants_number = "one whole number" in str(messages[-1].text)
        words = "2" if wants_number else '{"say": "The tide turns at two.", "facts": []}'
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=words))])


class OwnEmbeddings(Embeddings):
    """Eight numbers: how often each vowel and some letters stand in a text."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[1.0 + text.lower().count(letter) for letter in "aeioutsn"] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def test_a_chat_model_of_ones_own_decides(simulate: MakeSimulation) -> None:
    episode = simulate(agents=3, model=OwnChatModel()).run(ticks=30)
    asked = [decided for decided in episode.each(Decided) if decided.origin == "model"]
    assert asked
    assert {decided.chosen for decided in asked} == {1}
    assert {call.model for call in episode.each(Asked)} == {"OwnChatModel"}


def test_embeddings_of_ones_own_carry_memory(simulate: MakeSimulation) -> None:
    simulation = simulate(model="fake", embedder=OwnEmbeddings())
    episode = simulation.run(ticks=20)
    simulation.close()
    remembered = list(episode.each(Remembered))
    assert remembered
    store = ChromaStore(simulation.out / "chroma", simulation.out.name)
    try:
        assert store.count() == len({event.again or event.id for event in remembered})
    finally:
        store.close()


@pytest.mark.parametrize("embedder", ["no such", 7])
def test_what_is_no_embedder_is_refused_and_leaves_nothing(
    simulate: MakeSimulation, tmp_path: Any, embedder: object
) -> None:
    with pytest.raises(BadInput):
        simulate(model="fake", embedder=embedder)
    assert list(tmp_path.iterdir()) == []


def test_the_store_holds_what_the_log_says(simulate: MakeSimulation) -> None:
    simulation = simulate(agents=3, model="fake")
    episode = simulation.run(ticks=60)
    simulation.close()
    formed = {event.id: event for event in episode.each(Remembered) if not event.again}
    again = [event.again for event in episode.each(Remembered) if event.again]
    store = ChromaStore(simulation.out / "chroma", simulation.out.name)
    try:
        kept = {memory.id: memory for memory in store.get(list(formed))}
        assert store.count() == len(formed) == len(kept)
        assert store.high_water == 59
        assert store.fault is None
    finally:
        store.close()
    for name, memory in kept.items():
        event = formed[name]
        assert (memory.agent, memory.text, memory.kind) == (event.agent, event.text, event.kind)
        assert memory.importance == pytest.approx(event.importance)
        assert (memory.fact, memory.source) == (event.fact, event.source)
        assert memory.created == event.tick
        assert memory.count == 1 + again.count(name)


def shown(episode: Episode) -> set[str]:
    """Every prompt and every label of an option that a mind was shown."""
    texts: set[str] = set()
    for asked in episode.each(Asked):
        texts.add(episode.content(asked.prompt))
        texts.update(asked.options)
    for decided in episode.each(Decided):
        texts.update(option["text"] for option in json.loads(episode.content(decided.menu)))
    return texts


@pytest.mark.parametrize(
    ("style", "start"), [("completion", "07:00"), ("chat", "13:30"), ("completion", "18:30")]
)
def test_minds_are_shown_no_word_that_names_what_is_studied(
    simulate: MakeSimulation, style: Any, start: str
) -> None:
    episode = simulate(agents=10, model=FakeModel(style), start=start).run(ticks=30)
    texts = shown(episode)
    assert len(texts) > 50
    loaded = {(word.word, text) for text in texts for word in find_loaded_words(text)}
    assert loaded == set()


def test_the_options_of_all_minds_are_neutral(simulate: MakeSimulation) -> None:
    episode = simulate(agents=10, mind="uniform").run(ticks=120)
    assert {word for text in shown(episode) for word in find_loaded_words(text)} == set()


def test_an_episode_knows_what_it_was_made_with(simulate: MakeSimulation) -> None:
    episode = simulate(model="fake").run(ticks=1)
    [provenance] = episode.each(Provenance)
    assert provenance.facts["model.name"] == "fake"
    began = episode.began
    assert began is not None
    assert (began.mind, began.model, began.options["exponent"]) == ("generative", "fake", "0.5")
