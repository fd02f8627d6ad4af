"""What the minds of one simulation share: the model, the embedder, the store, the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.language.names import open_model
from simulation.memory.embeddings import Embedder, open_embedder
from simulation.memory.retrieval import open_retrieval
from simulation.mind.asker import Asker, OnReply
from simulation.mind.budget import Budget
from simulation.mind.options import MindOptions
from simulation.mind.recollection import Recollection

if TYPE_CHECKING:
    from simulation.episode.recording import Recording
    from simulation.kernel.world import World
    from simulation.language.base import LanguageModel
    from simulation.language.patience import Patience
    from simulation.memory.store import MemoryStore


class Faculties:
    """Builds what a generative mind thinks with, once per simulation.

    Args:
        world: Whose sink and streams are used.
        model: The language model.
        embedder: Turns memories into vectors.
        options: The minds' settings.
        budget: How many calls are allowed.
        on_reply: Told of every reply of the model.
        recording: Replies of the model that are known already.
        patience: How requests that do not get through are borne with.
    """

    def __init__(
        self,
        world: World,
        *,
        model: LanguageModel,
        embedder: Embedder,
        options: MindOptions | None = None,
        budget: Budget | None = None,
        on_reply: OnReply = lambda purpose, usage: None,
        recording: Recording | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.options = options or MindOptions()
        self.asker = Asker(
            model, world.sink, world.streams, budget or Budget(), on_reply, recording, patience
        )
        self.asker.prompts = self.options.prompts
        self._world = world
        self._embedder = embedder
        self._recollections: list[Recollection] = []
        self._strategy = open_retrieval(self.options.retrieval)

    @classmethod
    def shared(cls, world: World) -> Faculties:
        """The defaults for a world that runs without a :class:`Simulation`: one per world."""
        known = getattr(world, "faculties", None)
        if isinstance(known, Faculties):
            return known
        made = cls(world, model=open_model("local"), embedder=open_embedder())
        world.faculties = made
        return made

    def attach(self, store: MemoryStore) -> None:
        """Let all memories that are formed from now on go into a durable store, too."""
        for recollection in self._recollections:
            recollection.follower.store = store

    def settle(self, tick: int) -> None:
        """Let the store follow a tick that is in the log."""
        for recollection in self._recollections:
            recollection.follower.settle(tick)

    def pass_on(self, tick: int) -> None:
        """Let the store know all accesses so far; ``tick`` is the one after the last settled."""
        for recollection in self._recollections:
            recollection.follower.pass_on(tick)

    def recollection(self, agent: str) -> Recollection:
        """The memory of one agent."""
        made = Recollection(
            agent,
            embedder=self._embedder,
            strategy=self._strategy,
            sink=self._world.sink,
            tick_minutes=self._world.spec.tick_minutes,
        )
        self._recollections.append(made)
        return made
