"""Generative minds in the world of two rooms, with a model that says what a test wants."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from simulation.episode.sink import Scribe
from simulation.errors import ModelError
from simulation.kernel.ids import Phase
from simulation.kernel.streams import Streams
from simulation.language.base import Chosen, LanguageModel, Phrase, Prompt, Rated, Usage, Written
from simulation.memory.embeddings import HashEmbedder
from simulation.memory.retrieval import open_retrieval
from simulation.mind.asker import Asker
from simulation.mind.budget import Budget, Limits
from simulation.mind.faculties import Faculties
from simulation.mind.generative import GenerativeMind
from simulation.mind.options import MindOptions
from simulation.mind.recollection import Note, Recollection
from tests.kernel.toy import Events, Toy, person, toy_spec

if TYPE_CHECKING:
    from personas import Persona
    from simulation.kernel.mind import Mind
    from simulation.kernel.world import World

Words = str | Callable[[Prompt], str]


class Scripted:
    """A language model that answers as it is told to, and keeps what it was asked.

    Args:
        words: What it writes.
        likes: Option texts and their weight; what begins with one has it, all else weighs 1.
        rating: What it rates everything.
        style: Which kind of model it plays.
        fails: Purposes for which it fails.
        picks: Whether it names one option instead of weighing all.
    """

    def __init__(
        self,
        words: Words = "that is how it is today",
        likes: Mapping[str, float] | None = None,
        rating: float = 4.0,
        style: Literal["completion", "chat"] = "completion",
        fails: Sequence[str] = (),
        *,
        picks: bool = False,
    ) -> None:
        self.name = "scripted"
        self.style: Literal["completion", "chat"] = style
        self.words = words
        self.likes = likes or {}
        self.rating = rating
        self.fails = fails
        self.picks = picks
        self.asked: list[Prompt] = []
        self.options: list[tuple[str, ...]] = []
        self.seeds: list[int] = []

    def _ask(self, prompt: Prompt, seed: int) -> None:
        self.asked.append(prompt)
        self.seeds.append(seed)
        if prompt.purpose in self.fails:
            raise ModelError(f"{self.name} is out of order")

    def questions(self, purpose: str) -> list[str]:
        """What it was asked for one purpose."""
        return [prompt.question for prompt in self.asked if prompt.purpose == purpose]

    async def write(
        self,
        prompt: Prompt,
        *,
        stop: Sequence[str] = ("\n",),
        max_tokens: int = 40,
        temperature: float = 0.6,
        seed: int = 0,
        slot: str = "",
    ) -> Written:
        self._ask(prompt, seed)
        text = self.words if isinstance(self.words, str) else self.words(prompt)
        return Written(text=text, usage=Usage(prompt_tokens=10, reply_tokens=2))

    async def choose(
        self,
        prompt: Prompt,
        options: Sequence[Phrase],
        *,
        plain: Prompt | None = None,
        seed: int = 0,
        slot: str = "",
    ) -> Chosen:
        self._ask(prompt, seed)
        self.options.append(tuple(option.text for option in options))
        weights = [self._weight(option.text) for option in options]
        if self.picks:
            return Chosen(pick=weights.index(max(weights)), raw="It is that one.")
        logps = tuple(math.log(weight / sum(weights)) for weight in weights)
        even = -math.log(len(weights))
        return Chosen(logps=logps, priors=None if plain is None else (even,) * len(weights))

    def _weight(self, text: str) -> float:
        return next((w for start, w in self.likes.items() if text.startswith(start)), 1.0)

    async def rate(
        self, prompt: Prompt, low: int, high: int, *, seed: int = 0, slot: str = ""
    ) -> Rated:
        self._ask(prompt, seed)
        return Rated(value=self.rating)

    def describe(self) -> Mapping[str, str]:
        return {"name": self.name}

    async def aclose(self) -> None:
        """Nothing to let go of."""


class Company:
    """Some people of the two rooms, each with a generative mind and all with one model."""

    def __init__(
        self,
        model: LanguageModel,
        *,
        people: Sequence[str | Persona] = ("ann", "ben"),
        minds: Mapping[str, Mind] | None = None,
        options: MindOptions | None = None,
        budget: int | None = None,
        seed: int = 1,
        **data: Any,
    ) -> None:
        self.events = Events()
        self.model = model
        self._faculties: Faculties | None = None
        self._options = options
        self._budget = Budget(Limits(calls=budget))
        given = minds or {}
        cast = tuple(person(who) if isinstance(who, str) else who for who in people)
        self.world = Toy(
            toy_spec(cast, **data),
            mind=lambda world, agent: given.get(agent) or self._mind(world, agent),
            rng=seed,
            sink=self.events,
        )

    def _mind(self, world: World, agent: str) -> GenerativeMind:
        if self._faculties is None:
            self._faculties = Faculties(
                world,
                model=self.model,
                embedder=HashEmbedder(),
                options=self._options,
                budget=self._budget,
            )
        return GenerativeMind(world, agent, self._faculties)

    def live(self, ticks: int) -> Company:
        for _ in range(ticks):
            self.world.step()
        return self


class Bench:
    """What a mind thinks with, laid out for one agent."""

    def __init__(self, model: Scripted) -> None:
        self.events = Events()
        self.model = model
        self.asker = Asker(model, self.events, Streams(7), Budget())
        self.scribe = Scribe(5, Phase.THINK, 1, "ann", "hall")
        self.recollection = Recollection(
            "ann",
            embedder=HashEmbedder(),
            strategy=open_retrieval("park"),
            sink=self.events,
        )

    def remember(
        self, *texts: str, importance: float = 5.0, people: tuple[str, ...] = ("ben",)
    ) -> None:
        for text in texts:
            note = Note(kind="observation", text=text, importance=importance, people=people)
            self.recollection.remember(self.scribe, note)
