"""What a run repeats before it goes on: an episode with all that is needed to live it again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from pydantic import ValidationError

from simulation.episode.archive import is_kept
from simulation.episode.episode import Episode
from simulation.episode.events import Branched, Started
from simulation.episode.log import EpisodeWriter
from simulation.episode.reader import damaged
from simulation.episode.recording import Recording
from simulation.episode.retrace import Retracing
from simulation.episode.schema import RUN, key_of
from simulation.episode.sink import content_hash
from simulation.errors import BadInput, ConfigError, EpisodeError, ModelError
from simulation.inbox import Inbox
from simulation.interventions import Interventions, Timed, done_in, from_rows
from simulation.memory.embeddings import open_embedder
from simulation.mind.options import MindOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.sink import Scribe
    from simulation.memory.embeddings import Embedder
    from simulation.memory.vectors import Int16s


@dataclass(frozen=True, kw_only=True)
class Branch:
    """An episode that begins with the past of another."""

    of: Path
    """The folder of the other."""
    at: int
    """The first tick that they do not share."""
    run_id: str
    """The name under which its memories are stored."""
    script: tuple[Timed, ...]
    """Everything that is done to it from outside from then on."""
    because: tuple[str, ...]
    """What is done to it and was not done to the other."""

    def note(self, scribe: Scribe) -> None:
        """Write down whose past it shares."""
        scribe.note(Branched, role="parent", other=self.of.name, at=self.at, because=self.because)


@dataclass(frozen=True, kw_only=True)
class Past:
    """An episode to be lived again from its own replies."""

    episode: Episode
    recording: Recording
    sink: Retracing
    """Compares what happens with the log."""
    writer: EpisodeWriter | None
    """Takes what is new; None where nothing is to be added."""
    branch: Branch | None = None
    """What is different from the episode's own future, where another begins."""

    @classmethod
    def to_go_on(cls, path: str | Path) -> Self:
        """An episode that is to be continued; nobody else writes it from now on.

        Raises:
            EpisodeError: There is none, it is damaged, or it cannot be written.
        """
        check_lived_here(Episode.open(path))
        if is_kept(Path(path)):
            hint = "Branch from it: sociarium branch EPISODE --at WHEN; or go on with a copy."
            what = "a recording that ships with a world is not written to"
            raise EpisodeError(what, where=path, hint=hint)
        writer = EpisodeWriter.reopen(path)
        try:
            episode = Episode.open(path)
            recording = Recording.to_go_on(episode.log, model_of(episode))
            _know_of_parent(recording, episode)
            sink = Retracing(episode.log, recording, writer)
            return cls(episode=episode, recording=recording, sink=sink, writer=writer)
        except BaseException:
            writer.close()
            raise

    @classmethod
    def to_repeat(cls, path: str | Path) -> Self:
        """An episode that is only to be repeated; nothing is written.

        Raises:
            EpisodeError: There is none, or it is damaged.
        """
        episode = Episode.open(path)
        check_lived_here(episode)
        episode.log.check_current()
        recording = Recording.of(episode.log, episode.ticks - 1, model_of(episode))
        sink = Retracing(episode.log, recording, None)
        return cls(episode=episode, recording=recording, sink=sink, writer=None)

    @property
    def ticks(self) -> int:
        """Ticks that are repeated."""
        return self.branch.at if self.branch else self.episode.ticks

    @property
    def until(self) -> int:
        """The tick before which the run was to end."""
        return target(self.episode)

    @property
    def seed(self) -> int:
        """The seed of all random streams."""
        seed = self._option("seed")
        if not isinstance(seed, int):
            raise damaged(self.episode.folder / RUN, f"its seed is {seed!r}")
        return seed

    def named_mind(self) -> str:
        """The kind of mind.

        Raises:
            ConfigError: It was given as an object and has no name.
            EpisodeError: The options of the run are damaged.
        """
        name = str(self._option("mind"))
        if not name.strip():
            raise damaged(self.episode.folder / RUN, "it names no kind of mind")
        if name == "custom":
            hint = "Give the same again: mind=…, in Python."
            raise ConfigError("the minds of this episode have no name", where="mind", hint=hint)
        return name

    @property
    def model(self) -> str:
        """The model's name; ``local`` where the minds asked none."""
        return self.recording.model or "local"

    @property
    def chroma(self) -> str | None:
        """Where memories were stored besides the log."""
        return self.episode.run.get("chroma")

    @property
    def run_id(self) -> str:
        """The name under which they are stored."""
        return self.branch.run_id if self.branch else str(self._option("run_id"))

    @property
    def options(self) -> MindOptions:
        """The minds' settings."""
        try:
            return MindOptions.model_validate(self._option("options"))
        except ValidationError as error:
            told = error.errors()[0]["msg"]
            raise damaged(self.episode.folder / RUN, f"options: {told}") from error

    def embedder(self) -> Embedder:
        """What turned memories into vectors; where it is not at hand, its recorded vectors."""
        name = str(self.episode.run.get("embedder") or "wordllama")
        try:
            return open_embedder(name)
        except BadInput:
            return RecordedEmbedder(name, self.episode)

    def interventions(self) -> Interventions:
        """What was done from outside, to be done again, and what is still planned."""
        inbox = Inbox(self.writer.path) if self.writer is not None else None
        script = self.branch.script if self.branch else planned(self.episode)
        done = [(tick, asked) for tick, asked in done_in(self.episode) if tick < self.ticks]
        return Interventions(script, done, self.ticks, inbox)

    @property
    def stopped_in_order(self) -> bool:
        """Whether everything beside the log was written when the run stopped."""
        if self.branch is not None:
            return False
        ended = self.episode.ended
        return ended is not None and ended.tick == max(0, self.ticks - 1)

    def _option(self, name: str) -> Any:
        options = self.episode.run
        if name not in options:
            raise damaged(self.episode.folder / RUN, f"it does not say its {name}")
        return options[name]


class RecordedEmbedder:
    """Gives the vectors that an episode keeps: for one whose embedder is not at hand.

    Args:
        name: What made them.
        episode: Who keeps them.
    """

    def __init__(self, name: str, episode: Episode) -> None:
        self.name = name
        self._log = episode.log
        with episode.log.connection() as db:
            row = db.execute("SELECT length(vector) FROM vectors LIMIT 1").fetchone()
        self.dimension = int(row[0]) // 2 if row else 256

    def embed(self, texts: Sequence[str]) -> Int16s:
        """Return one row per text.

        Raises:
            ModelError: The episode keeps no vector of a text.
        """
        return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> Int16s:
        kept = self._log.vector(content_hash(text))
        if kept is None:
            raise ModelError(f"the episode keeps no vector of {text[:80]!r}")
        return np.frombuffer(kept, "<i2").astype(np.int16)


def check_lived_here(episode: Episode) -> None:
    """Refuse a recording that was imported: there are no minds and no rules to repeat it with.

    Raises:
        EpisodeError: It was made by other software.
    """
    imported = episode.run.get("imported")
    if imported:
        made_by = imported.get("format") if isinstance(imported, dict) else ""
        raise EpisodeError(
            f"a recording made by {made_by or 'other software'} was imported, not lived here, so "
            "it can be neither gone on with nor repeated",
            where=episode.folder,
            hint="It can be watched and asked: replay, show, network, interview.",
        )


def target(episode: Episode) -> int:
    """The tick before which a run was to end, as it was last said; else the world's own."""
    started = max(episode.each(Started), key=lambda event: key_of(event.id), default=None)
    return started.until if started else max(episode.ticks, episode.spec.ticks)


def planned(episode: Episode) -> tuple[Timed, ...]:
    """The interventions of a script, as ``run.json`` has them."""
    return from_rows(episode.run.get("interventions") or (), episode.folder / RUN)


def _know_of_parent(recording: Recording, episode: Episode) -> None:
    """Let a branch use the later replies of its parent, too, as long as that is there."""
    branch = episode.run.get("branch") or {}
    folder = episode.folder / str(branch.get("of", ""))
    if branch and not branch.get("fresh") and folder.is_dir():
        recording.beyond(Recording.of(Episode.open(folder).log))


def model_of(episode: Episode) -> str:
    """The name of the model under which an episode began; empty where none was asked."""
    began = episode.began
    return began.model if began else ""
