"""A run: a world, minds, a model and a log, brought together."""

from __future__ import annotations

import asyncio
import json
import platform
import shutil
import threading
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self
from uuid import uuid4

from simulation.episode.episode import Episode
from simulation.episode.events import Began, Ended, Provenance, Started, Warned
from simulation.episode.log import EpisodeWriter, default_folder
from simulation.episode.sink import Scribe
from simulation.errors import BudgetExceeded, ConfigError
from simulation.kernel import lockstep
from simulation.kernel.clock import minutes_of
from simulation.kernel.ids import Phase
from simulation.kernel.portal import Portal
from simulation.kernel.world import MindFactory, World, find_mind
from simulation.language.names import open_model
from simulation.language.recorded import RecordedModel
from simulation.memory.chroma import ChromaStore, collection_name
from simulation.memory.embeddings import open_embedder
from simulation.memory.server import check_place
from simulation.memory.store import StoreError
from simulation.mind.budget import Budget, Limits
from simulation.mind.faculties import Faculties
from simulation.mind.generative import GenerativeMind
from simulation.mind.options import MindOptions
from simulation.past import Past

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel

    from simulation.episode.recording import Recording
    from simulation.episode.sink import EventSink
    from simulation.kernel.spec import WorldSpec
    from simulation.language.base import LanguageModel, Purpose, Usage
    from simulation.memory.embeddings import Embedder
    from simulation.memory.store import MemoryStore

REBUILT = "the memory store was behind the log, damaged or gone; it is rebuilt from the log"
"""What a resumed run says of its store."""
_PACKAGES = ("sociarium", "mesa", "chromadb", "langchain-core", "xllamacpp", "wordllama", "numpy")


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a run stands: handed to ``progress`` after every tick and every reply."""

    tick: int
    """Ticks lived."""
    ticks: int
    """Ticks to live in this call of ``run``, all in all."""
    clock: str
    """The hour in the world: ``08:05``."""
    calls: int
    """Model calls so far."""
    tokens_per_second: float
    """Tokens read and written per second of the model's own time; 0 before the first call."""
    speaking: str
    """The latest words, as ``Dov: …``; may be empty."""
    note: str = ""
    """What somebody should know, told once: a budget that is nearly spent."""


class Simulation:
    """Lives a world with minds and writes the episode.

    ``ready`` → ``run()`` … ``run()`` → ``close()``. The episode is whole after every tick; what
    ``run`` has returned is on disk.

    Args:
        spec: The world, as ``village.load()`` gives it.
        model: A language model by name or instance; only used by minds that talk to one.
        seed: The seed of all random streams.
        mind: The kind of mind for everybody: a name, or a factory.
        out: Where the episode goes; None: a new folder under ``episodes/``.
        budget: What may be spent: so many model calls, or several limits.
        options: The minds' settings.
        embedder: Turns memories into vectors: a name, or any LangChain ``Embeddings``.
        chroma: Where memories are stored besides the log: a Chroma server's ``http://HOST:PORT``,
            or ``memory``, which is gone with the run; None: the folder ``chroma`` of the episode.
        start: The hour of tick 0, if not the world's own.
        progress: Told after every tick and every reply.
        past: What is repeated before anything new is lived; see :meth:`resume`.

    Examples:
        >>> from worlds import village
        >>> with Simulation(village.load(agents=2), mind="rules", seed=7) as sim:  # doctest: +SKIP
        ...     episode = sim.run(ticks=60)
    """

    def __init__(
        self,
        spec: WorldSpec,
        model: str | LanguageModel | BaseChatModel = "local",
        seed: int = 7,
        *,
        mind: str | MindFactory = "generative",
        out: str | Path | None = None,
        budget: Limits | int | None = None,
        options: MindOptions | None = None,
        embedder: str | Embedder | Embeddings = "wordllama",
        chroma: str | None = None,
        start: str | None = None,
        progress: Callable[[Progress], None] | None = None,
        past: Past | None = None,
    ) -> None:
        self.spec = spec if start is None else spec.model_copy(update={"start": _hour(start)})
        self.options = options or MindOptions()
        self._mind = mind
        self._factory = find_mind(mind) if isinstance(mind, str) else mind
        self._budget = Budget(_limits(budget))
        self._progress = progress
        self._meter = _Meter()
        self._portal = Portal()
        self._stop = threading.Event()
        self._spent = ""
        self._server = check_place(chroma)
        self._chroma = chroma
        self._past = past
        self._model = self._open_model(model)
        self._embedder = embedder
        self.rebuilt = ""
        """What a resumed run has to say of its store; empty while all is well."""
        self._announced = self._told_of_store = False
        self._store: MemoryStore | None = None
        self._faculties: Faculties | None = None
        self.out = Path(out) if out is not None else default_folder(spec.world, seed)
        self._run_id = past.run_id if past else self.out.absolute().name
        if self._server is not None and past is None:
            # Others may have an episode of this name on the same server.
            self._run_id += f"-{uuid4().hex[:12]}"
        self._writer = past.writer if past else self._new_episode(seed)
        try:
            self.world: World = self._build(seed)
        except BaseException:
            if self._writer is not None:
                self._writer.close()
            raise
        self._target = 0
        self.end: Literal["finished", "interrupted", "budget"] | None = None

    @classmethod
    def resume(
        cls,
        path: str | Path,
        *,
        model: str | LanguageModel | BaseChatModel | None = None,
        mind: str | MindFactory | None = None,
        embedder: str | Embedder | Embeddings | None = None,
        budget: Limits | int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Self:
        """Go on with an episode that stopped, as if it had not.

        Its past is lived again from the replies in its journal and compared with the log, event
        for event; from there on the model is asked. ``run(ticks)`` then counts all ticks since
        the beginning, and without a number the run ends where it was to end.

        Args:
            path: The episode.
            model: Who answers from now on; None: the same.
            mind: The kind of mind, where it was given as an object; None: the same.
            embedder: The same, where it was given as an object.
            budget: What may be spent in all, calls and tokens of the past included.
            progress: Told after every tick and every reply.

        Raises:
            EpisodeError: There is none, it is damaged, or another process writes it.
        """
        past = Past.to_go_on(path)
        try:
            return cls(
                past.episode.spec,
                past.model if model is None else model,
                past.seed,
                mind=mind or past.named_mind(),
                out=path,
                budget=budget,
                options=past.options,
                embedder=embedder or past.embedder(),
                chroma=past.chroma,
                progress=progress,
                past=past,
            )
        except BaseException:
            if past.writer is not None:
                past.writer.close()
            raise

    # Running -----------------------------------------------------------------------------------

    def run(self, ticks: int | None = None) -> Episode:
        """Live so many ticks (the world's own number when None) and return the episode.

        Works in a script and in a notebook whose loop is running. Ctrl-C ends after the tick in
        hand; what was lived is kept.

        Raises:
            Exception: Whatever a rule or a mind raised; the episode is kept up to that tick.
        """
        done = self._start(ticks)
        while True:
            try:
                done.result()
                break
            except KeyboardInterrupt:
                if self._stop.is_set():
                    raise
                self.stop()
        return self.episode

    async def arun(self, ticks: int | None = None) -> Episode:
        """The same for a running event loop."""
        await asyncio.wrap_future(self._start(ticks))
        return self.episode

    def stop(self) -> None:
        """End in order after the tick in hand. Safe from any thread."""
        self._stop.set()

    @property
    def episode(self) -> Episode:
        """What has been lived so far, read from disk."""
        return Episode.open(self.out)

    def close(self) -> None:
        """Finish the log and let go of the model, the store and the loop."""
        if self._store is not None:
            self._store.close()
        if self._model is not None:
            self._portal.call(self._model.aclose())
        if self._writer is not None:
            self._writer.close()
        self.world.close()
        self._portal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self, ticks: int | None) -> Future[None]:
        if ticks is None:
            ticks = self.spec.ticks if self._past is None else self._past.until
        if ticks < 1:
            raise ConfigError("an episode needs a tick or more", where="ticks", value=ticks)
        if self.world.error is not None:
            raise self.world.error
        self._stop.clear()
        self.end = None
        self._announced = False
        self._target = self.world.tick + ticks
        return self._portal.submit(self._live())

    async def _live(self) -> None:
        reason: Literal["finished", "interrupted", "budget", "error"] = "finished"
        text = ""
        self._begin()
        self._budget.start()
        try:
            while self.world.tick < self._target:
                self._announce()
                if self._spent:
                    reason, text = "budget", self._spent
                    break
                if self._stop.is_set():
                    reason = "interrupted"
                    break
                if self._announced:
                    self._budget.check()
                self.world.prepare(await lockstep.think(self.world))
                self.world.step()
                self._after_tick()
        except BudgetExceeded as spent:
            # Some minds have thought about this tick, and must not think about it again.
            reason, text = "budget", str(spent)
            self._spent = text
        except Exception as error:
            reason, text = "error", f"{type(error).__name__}: {error}"
            self.world.error, self.world.running = error, False
            raise
        finally:
            self._finish(reason, text)

    def _begin(self) -> None:
        """Let the episode appear, and open the store beside its log."""
        self.world.begin()
        faculties = self.world.faculties
        if isinstance(faculties, Faculties) and self._store is None and self._writer is not None:
            folder = self._writer.folder / "chroma" if self._chroma is None else None
            self._faculties = faculties
            self._store = self._open_store(folder)
            if self._past is None or self.rebuilt:
                faculties.attach(self._store)

    def _open_store(self, folder: Path | None) -> MemoryStore:
        """The store; one that lacks something of the past is filled again as it is repeated."""
        past, place = self._past, self._server or folder
        if past is None:
            return ChromaStore(place, self._run_id)
        if place is not None and past.stopped_in_order and (folder is None or folder.is_dir()):
            store = ChromaStore(place, self._run_id)
            if _is_whole(store, past.ticks - 1):
                return store
            store.close()
        self.rebuilt = REBUILT
        if folder is not None and folder.exists():
            shutil.rmtree(folder)
        return ChromaStore(place, self._run_id)

    def _announce(self) -> None:
        """Say once in the log that a stretch begins, as soon as its past is repeated."""
        if self._announced or (self._past is not None and not self._past.sink.caught_up):
            return
        self._announced = True
        scribe = Scribe(max(0, self.world.tick - 1), Phase.CLOSE, 0, "")
        resumed = self._past is not None
        own = version("sociarium")
        scribe.note(Started, until=self._target, version=own, resumed=resumed)
        if self.rebuilt and not self._told_of_store:
            scribe.note(Warned, text=self.rebuilt)
            self._told_of_store = True
        elif self._faculties is not None and self._store is not None:
            self._faculties.attach(self._store)
        self._sink.commit(self.world.tick - 1, scribe.events, scribe.contents)

    @property
    def _sink(self) -> EventSink:
        """Where events go: what is past is compared before anything is added."""
        if self._past is not None:
            return self._past.sink
        assert self._writer is not None  # without a past there is always a new episode
        return self._writer

    def _after_tick(self) -> None:
        if self._store is not None and self._faculties is not None:
            self._faculties.settle(self.world.tick - 1)
            self._store.seal(self.world.tick - 1)
        self._warn_of_budget()
        for said in self.world.echo.said:
            self._meter.speaking = f"{self.world.view().name(said.agent)}: {said.text}"
        self._report()

    def _warn_of_budget(self) -> None:
        text = self._budget.warning() if self._announced else ""
        if not text:
            return
        scribe = Scribe(self.world.tick - 1, Phase.CLOSE, 0, "")
        scribe.note(Warned, text=text)
        self._sink.commit(self.world.tick - 1, scribe.events, scribe.contents)
        self._report(text)

    def _finish(
        self, reason: Literal["finished", "interrupted", "budget", "error"], text: str
    ) -> None:
        if reason != "error":
            self.end = reason
        closing = Scribe(max(0, self.world.tick - 1), Phase.CLOSE, 0, "")
        if self._store is not None and self._faculties is not None:
            self._faculties.pass_on(self.world.tick)
            self._store.flush()
            if self._store.fault:
                closing.note(
                    Warned,
                    text=f"the memory store stopped: {self._store.fault}; "
                    "the log holds everything and can rebuild it",
                )
        closing.note(Ended, reason=reason, text=text)
        self._sink.commit(closing.tick, closing.events, closing.contents)

    # Reporting ---------------------------------------------------------------------------------

    def _on_reply(self, purpose: Purpose, usage: Usage) -> None:
        self._meter.add(usage)
        self._report()

    def _report(self, note: str = "") -> None:
        if self._progress is None:
            return
        self._progress(
            Progress(
                tick=self.world.tick,
                ticks=self._target,
                clock=self.world.clock.label(self.world.tick),
                calls=self._meter.calls,
                tokens_per_second=self._meter.speed,
                speaking=self._meter.speaking,
                note=note,
            )
        )

    # Building ----------------------------------------------------------------------------------

    def _new_episode(self, seed: int) -> EpisodeWriter:
        return EpisodeWriter(self.out, spec=self.spec, run=self._run_options(seed))

    def _open_model(self, model: str | LanguageModel | BaseChatModel) -> LanguageModel | None:
        if not self._needs_model:
            return None
        return open_model(model)

    @property
    def _needs_model(self) -> bool:
        return self._mind == "generative"

    def _build(self, seed: int) -> World:
        make = self._generative if self._needs_model else self._factory
        return self.spec.world_class()(
            self.spec,
            mind=make,
            rng=seed,
            sink=self._sink,
            portal=self._portal,
            preface=lambda scribe: self._preface(scribe, seed),
        )

    def _preface(self, scribe: Scribe, seed: int) -> None:
        scribe.note(
            Began,
            world=self.spec.world,
            seed=seed,
            mind=self._mind if isinstance(self._mind, str) else "custom",
            model=self._model_name,
            settings=dict(self.spec.settings),
            cast=tuple(persona.id for persona in self.spec.cast),
            start=self.spec.start,
            tick_minutes=self.spec.tick_minutes,
            options=self._mind_options() if self._needs_model else {},
        )
        scribe.note(Provenance, facts=self._provenance())

    @property
    def _model_name(self) -> str:
        """The name under which the episode began."""
        if self._past is not None:
            return self._past.recording.model
        return self._model.name if self._model else ""

    def _mind_options(self) -> dict[str, str]:
        """The minds' settings as texts, with the name of what embeds their memories."""
        named = {"embedder": open_embedder(self._embedder).name}
        return _as_text(self.options.model_dump()) | named

    def _generative(self, world: World, agent: str) -> Any:
        if self._model is None:
            raise ConfigError("a generative mind needs a language model", where="model")
        if not isinstance(world.faculties, Faculties):
            world.faculties = Faculties(
                world,
                model=self._model,
                embedder=open_embedder(self._embedder),
                options=self.options,
                budget=self._budget,
                on_reply=self._on_reply,
                recording=self._recording,
            )
        return GenerativeMind(world, agent, world.faculties)

    @property
    def _recording(self) -> Recording | None:
        """Replies that are known already."""
        if self._past is not None:
            return self._past.recording
        return self._model.recording if isinstance(self._model, RecordedModel) else None

    def _run_options(self, seed: int) -> dict[str, Any]:
        return {
            "seed": seed,
            "mind": self._mind if isinstance(self._mind, str) else "custom",
            "model": self._model.name if self._model else "",
            "style": self._model.style if self._model else "",
            "embedder": open_embedder(self._embedder).name if self._model else "",
            "options": json.loads(self.options.model_dump_json()),
            "budget": asdict(self._budget.limits),
            "chroma": self._chroma,
            "collection": collection_name(self._run_id),
            "run_id": self._run_id,
        }

    def _provenance(self) -> dict[str, str]:
        facts = {"python": platform.python_version(), "platform": platform.platform(terse=True)}
        for name in _PACKAGES:
            try:
                facts[name] = version(name)
            except PackageNotFoundError:
                facts[name] = "not installed"
        if self._model is not None:
            facts |= {f"model.{key}": text for key, text in self._model.describe().items()}
        return facts


def _limits(budget: Limits | int | None) -> Limits:
    return budget if isinstance(budget, Limits) else Limits(calls=budget)


def _is_whole(store: ChromaStore, tick: int) -> bool:
    """Whether a store can be read and has everything up to a tick."""
    try:
        store.count()
    except StoreError:
        return False
    return store.fault is None and store.high_water == tick


class _Meter:
    """Counts what the model does, for the progress bar."""

    def __init__(self) -> None:
        self.calls = 0
        self.speaking = ""
        self._tokens = 0
        self._seconds = 0.0

    def add(self, usage: Usage) -> None:
        """Count a reply."""
        self.calls += 1
        self._tokens += usage.prompt_tokens - usage.cached_tokens + usage.reply_tokens
        self._seconds += usage.seconds

    @property
    def speed(self) -> float:
        """Tokens that the model worked on, per second of its time."""
        return self._tokens / self._seconds if self._seconds else 0.0


def _hour(text: str) -> str:
    try:
        minutes_of(text)
    except ValueError as error:
        raise ConfigError(
            "not a time of day", where="--start", value=text, hint="Give an hour like 07:00."
        ) from error
    return text


def _as_text(values: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
