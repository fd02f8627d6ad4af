"""Who thinks: the minds of a run, with what they think with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.errors import ConfigError
from simulation.kernel.world import MindFactory, find_mind
from simulation.language.names import open_model
from simulation.language.patience import Patience
from simulation.language.recorded import RecordedModel
from simulation.memory.embeddings import open_embedder
from simulation.mind.faculties import Faculties
from simulation.mind.generative import GenerativeMind
from simulation.mind.human import HumanMind
from simulation.minds import CUSTOM, Minds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel

    from personas import Persona
    from simulation.desk import Desk
    from simulation.episode.recording import Recording
    from simulation.kernel.mind import Mind
    from simulation.kernel.world import World
    from simulation.language.base import LanguageModel
    from simulation.language.patience import Endurance
    from simulation.memory.embeddings import Embedder
    from simulation.mind.budget import Budget
    from simulation.mind.options import MindOptions
    from simulation.past import Past
    from simulation.progress import Reporter


class Casting:
    """Makes the mind of each agent, and holds the model that they ask.

    Args:
        mind: The kind for everybody: a name, or a factory.
        model: A language model by name or instance; opened if a mind asks one.
        cast: Who may be played by a person.
        embedder: Turns memories into vectors.
        options: The minds' settings.
        budget: What may be spent.
        endurance: How long the model is waited for.
        desk: Where a person is asked; None: nobody sits there.
        reporter: Told of replies and troubles.
        past: What is repeated before anything new is lived.
    """

    def __init__(
        self,
        mind: str | MindFactory,
        model: str | LanguageModel | BaseChatModel,
        *,
        cast: Sequence[Persona],
        embedder: str | Embedder | Embeddings,
        options: MindOptions,
        budget: Budget,
        endurance: Endurance | None,
        desk: Desk | None,
        reporter: Reporter,
        past: Past | None,
    ) -> None:
        named = isinstance(mind, str)
        self.minds = Minds.parse(mind, cast) if named else Minds(others=CUSTOM)
        self._factory = find_mind(self.minds.others) if named else mind
        self._embedder = embedder
        self._options = options
        self._budget = budget
        self._endurance = endurance
        self._desk = desk
        self._reporter = reporter
        self._past = past
        self.model = self._opened(model) if self.minds.need_model else None
        """Who is asked; None where no mind asks anybody."""

    @property
    def embedder_name(self) -> str:
        """What embeds memories; empty where minds keep none."""
        return open_embedder(self._embedder).name if self.model else ""

    @property
    def recording(self) -> Recording | None:
        """Replies that are known already."""
        if self._past is not None:
            return self._past.recording
        return self.model.recording if isinstance(self.model, RecordedModel) else None

    def make(self, world: World, agent: str) -> Mind:
        """The mind of one agent.

        Raises:
            ConfigError: A person is to play them, and nobody is at the keyboard.
        """
        if self.minds.plays(agent):
            return self._person(world, agent)
        return (self._generative if self.minds.need_model else self._factory)(world, agent)

    def _opened(self, model: str | LanguageModel | BaseChatModel) -> LanguageModel:
        opened = open_model(model)
        self._budget.check_price(opened.name)
        if self._past is not None:
            self._budget.check_price(self._past.recording.model)
        return opened

    def _person(self, world: World, agent: str) -> HumanMind:
        repeats = self._past is not None and self._past.writer is None
        if self._desk is None and not repeats:
            hint = "Give ask=…, which puts a question to them."
            raise ConfigError("nobody is at the keyboard", where="mind", value=agent, hint=hint)
        ask = self._desk.ask if self._desk is not None else None
        return HumanMind(world, agent, ask=ask, recording=self.recording)

    def _generative(self, world: World, agent: str) -> GenerativeMind:
        if self.model is None:
            raise ConfigError("a generative mind needs a language model", where="model")
        if not isinstance(world.faculties, Faculties):
            reporter = self._reporter
            world.faculties = Faculties(
                world,
                model=self.model,
                embedder=open_embedder(self._embedder),
                options=self._options,
                budget=self._budget,
                on_reply=reporter.reply,
                recording=self.recording,
                patience=Patience(self._endurance, streams=world.streams, on_turn=reporter.turn),
            )
        return GenerativeMind(world, agent, world.faculties)
