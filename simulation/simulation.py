"""A run: a world, minds, a model and a log, brought together."""

from __future__ import annotations

import asyncio
import threading
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self
from uuid import uuid4

from simulation.branching import begin_branch, name_in_parent
from simulation.casting import Casting
from simulation.desk import Desk
from simulation.episode.episode import Episode
from simulation.episode.events import Ended, Started, Warned
from simulation.episode.folder import default_folder
from simulation.episode.log import EpisodeWriter
from simulation.episode.sink import Scribe
from simulation.errors import BudgetExceeded, ConfigError, Outage, PersonLeft
from simulation.inbox import Inbox
from simulation.interventions import Interventions
from simulation.kernel import lockstep
from simulation.kernel.clock import minutes_of
from simulation.kernel.ids import Phase
from simulation.kernel.intervention import parse
from simulation.kernel.portal import Portal
from simulation.kernel.reach import Reach
from simulation.memory_beside import MemoryBeside
from simulation.mind.budget import Budget, Limits
from simulation.mind.faculties import Faculties
from simulation.mind.options import MindOptions
from simulation.origin import Origin
from simulation.past import Past
from simulation.probing import Probing
from simulation.progress import Reporter
from simulation.secrets import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Future

    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel

    from simulation.behaviours.finding import Evidence
    from simulation.desk import AskPerson
    from simulation.episode.sink import EventSink
    from simulation.gate import Gate
    from simulation.interventions import Timed
    from simulation.kernel.intervention import Intervention
    from simulation.kernel.spec import WorldSpec
    from simulation.kernel.world import MindFactory, World
    from simulation.language.base import LanguageModel
    from simulation.language.patience import Endurance
    from simulation.memory.embeddings import Embedder
    from simulation.progress import Progress

Reason = Literal["finished", "interrupted", "budget", "outage", "error"]
"""Why a run stops."""
Spending = Budget | Limits | int | None
"""What may be spent: with prices of one's own, several limits, or so many model calls."""

_BUSY_SECONDS: Final = 10.0
"""How long a run is asked whether something could be done."""

_STOPS: Final[dict[type[Exception], Reason]] = {
    BudgetExceeded: "budget",
    Outage: "outage",
    PersonLeft: "interrupted",
}


class Simulation:
    """Lives a world with minds and writes the episode.

    ``ready`` → ``run()`` … ``run()`` → ``close()``. The episode is whole after every tick; what
    ``run`` has returned is on disk.

    Args:
        spec: The world, as ``village.load()`` gives it.
        model: A language model by name or instance; only used by minds that talk to one.
        seed: The seed of all random streams.
        mind: The kind of mind for everybody: a name, or a factory. ``rules,human:ana`` lets a
            person play Ana, see :mod:`simulation.minds`.
        out: Where the episode goes; None: a new folder under ``episodes/``.
        budget: What may be spent: so many model calls, several limits, or a budget with prices.
        options: The minds' settings.
        embedder: Turns memories into vectors: a name, or any LangChain ``Embeddings``.
        chroma: Where memories are stored besides the log: a Chroma server's ``http://HOST:PORT``,
            or ``memory``, which is gone with the run; None: the folder ``chroma`` of the episode.
        start: The hour of tick 0, if not the world's own.
        progress: Told after every tick and every reply.
        interventions: What is done to the world from outside, and when; see
            :mod:`simulation.interventions`.
        ask: Puts a question to a person who plays somebody, in the thread that calls ``run``.
        endurance: How long a model is waited for, how often it is asked again, and what comes of
            an outage.
        past: What is repeated before anything new is lived; see :meth:`resume`.
        on_finding: Is told what detectors find while the episode lives, findings and
            opportunities; see :mod:`simulation.behaviours.live`.
        gate: Where the run waits between two ticks: play, pause, step.

    Examples:
        >>> from worlds import village
        >>> with Simulation(village.load(agents=2), mind="rules", seed=7) as sim:  # doctest: +SKIP
        ...     episode = sim.run(ticks=60)
    """

    def __init__(  # noqa: PLR0913 - the front door
        self,
        spec: WorldSpec,
        model: str | LanguageModel | BaseChatModel = "local",
        seed: int = 7,
        *,
        mind: str | MindFactory = "generative",
        out: str | Path | None = None,
        budget: Spending = None,
        options: MindOptions | None = None,
        embedder: str | Embedder | Embeddings = "wordllama",
        chroma: str | None = None,
        start: str | None = None,
        progress: Callable[[Progress], None] | None = None,
        interventions: Iterable[Timed] = (),
        ask: AskPerson | None = None,
        endurance: Endurance | None = None,
        past: Past | None = None,
        on_finding: Callable[[Evidence], None] | None = None,
        gate: Gate | None = None,
    ) -> None:
        self.spec = spec if start is None else spec.model_copy(update={"start": _hour(start)})
        self.options = options or MindOptions()
        self._desk = Desk(ask) if ask is not None else None
        self._budget = budget if isinstance(budget, Budget) else Budget(_limits(budget))
        self._reporter = Reporter(progress)
        self._portal = Portal()
        self._stop = threading.Event()
        self._over: tuple[Reason, str] | None = None
        """Why nothing more can be lived, and in words."""
        self._chroma = chroma
        self._past = past
        self._casting = Casting(
            mind,
            model,
            cast=spec.cast,
            embedder=embedder,
            options=self.options,
            budget=self._budget,
            endurance=endurance,
            desk=self._desk,
            reporter=self._reporter,
            past=past,
        )
        if past is None:
            self._casting.minds.leave_directed(spec)
        self._memory = MemoryBeside(chroma, past)
        self._announced = self._told_of_store = False
        self.out = Path(out) if out is not None else default_folder(spec.world, seed)
        self._run_id = past.run_id if past else self.out.absolute().name
        if self._memory.is_shared and past is None:
            # Others may have an episode of this name on the same server.
            self._run_id += f"-{uuid4().hex[:12]}"
        self._outside = (
            past.interventions()
            if past
            else Interventions(interventions, inbox=Inbox(self.out.absolute()))
        )
        self._origin = self._origin_of(seed)
        self._writer = past.writer if past else self._new_episode()
        self._on_finding = on_finding
        self._gate = gate
        self._probing = Probing(self.options.probes, spec)
        try:
            self.world: World = self._build()
            if past is None or past.branch is not None:
                self._outside.check(self.world)
        except BaseException:
            if self._writer is not None:
                self._writer.close()
            raise
        self._target = 0
        self.end: Reason | None = None

    @classmethod
    def resume(
        cls,
        path: str | Path,
        *,
        model: str | LanguageModel | BaseChatModel | None = None,
        mind: str | MindFactory | None = None,
        embedder: str | Embedder | Embeddings | None = None,
        budget: Spending = None,
        progress: Callable[[Progress], None] | None = None,
        ask: AskPerson | None = None,
        endurance: Endurance | None = None,
        gate: Gate | None = None,
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
            ask: Puts a question to a person who plays somebody.
            endurance: How long a model is waited for, and what comes of an outage.
            gate: Where it waits between two ticks, once its past is repeated.

        Raises:
            EpisodeError: There is none, it is damaged, or another process writes it.
        """
        past = Past.to_go_on(path)
        return cls._after(past, model, mind, embedder, budget, progress, ask, endurance, gate)

    @classmethod
    def branch(
        cls,
        path: str | Path,
        at: int,
        *,
        interventions: Iterable[Timed] = (),
        model: str | LanguageModel | BaseChatModel | None = None,
        fresh: bool = False,
        mind: str | MindFactory | None = None,
        embedder: str | Embedder | Embeddings | None = None,
        out: str | Path | None = None,
        budget: Spending = None,
        progress: Callable[[Progress], None] | None = None,
        ask: AskPerson | None = None,
        endurance: Endurance | None = None,
    ) -> Self:
        """Begin another episode that shares the past of one, and goes its own way.

        The past is lived again from the replies on record and compared with the log. From tick
        ``at`` on a question that was asked in the same words gets the same reply, so that nothing
        differs but what follows from the interventions. Both episodes note their relation.

        Args:
            path: The episode whose past is shared.
            at: The first tick that is not.
            interventions: What is done to the branch, besides what was done to the other.
            model: Who answers what was not asked before; None: the same. With another, no reply
                from ``at`` on is used again.
            fresh: Whether everything from ``at`` on is asked anew.
            mind: The kind of mind, where it was given as an object; None: the same.
            embedder: The same, where it was given as an object.
            out: Where the branch goes; None: a new folder beside the other.
            budget: What may be spent in all, calls and tokens of the past included.
            progress: Told after every tick and every reply.
            ask: Puts a question to a person who plays somebody.
            endurance: How long a model is waited for, and what comes of an outage.

        Raises:
            EpisodeError: There is no such episode, it is damaged, or it has no such tick.
            ConfigError: Something that is to be done cannot be.
        """
        past = begin_branch(
            path,
            at,
            interventions=interventions,
            fresh=fresh,
            model=getattr(model, "name", model),
            out=out,
            limits=budget.limits if isinstance(budget, Budget) else _limits(budget),
        )
        return cls._after(past, model, mind, embedder, budget, progress, ask, endurance)

    @classmethod
    def _after(
        cls,
        past: Past,
        model: str | LanguageModel | BaseChatModel | None,
        mind: str | MindFactory | None,
        embedder: str | Embedder | Embeddings | None,
        budget: Spending,
        progress: Callable[[Progress], None] | None,
        ask: AskPerson | None,
        endurance: Endurance | None,
        gate: Gate | None = None,
    ) -> Self:
        assert past.writer is not None  # what is only repeated goes nowhere
        try:
            return cls(
                past.episode.spec,
                past.model if model is None else model,
                past.seed,
                mind=mind or past.named_mind(),
                out=past.writer.path,
                budget=budget,
                options=past.options,
                embedder=embedder or past.embedder(),
                chroma=past.chroma,
                progress=progress,
                ask=ask,
                endurance=endurance,
                past=past,
                gate=gate,
            )
        except BaseException:
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
                if self._desk is not None:
                    self._desk.serve(done, self._stop.is_set)
                done.result()
                break
            except KeyboardInterrupt:
                if self._stop.is_set():
                    raise
                self.stop()
        return self.episode

    async def arun(self, ticks: int | None = None) -> Episode:
        """The same for a running event loop."""
        done = self._start(ticks)
        if self._desk is not None:
            await asyncio.to_thread(self._desk.serve, done, self._stop.is_set)
        await asyncio.wrap_future(done)
        return self.episode

    def stop(self) -> None:
        """End in order after the tick in hand. Safe from any thread."""
        self._stop.set()
        if self._gate is not None:
            self._gate.wake()

    def intervene(self, what: Intervention | str) -> None:
        """Do something to the world from outside, in the next tick that is lived.

        May be called while the episode runs, from any thread and from ``progress``. One that
        cannot be done then is told in the log and changes nothing.

        Args:
            what: An intervention, or a line such as ``whisper ana "the tide is early"``; see
                :mod:`simulation.kernel.intervention`.

        Raises:
            ConfigError: There is no such intervention.
        """
        self._outside.ask(parse(what, where="intervene") if isinstance(what, str) else what)

    def foresee(self, what: Sequence[Intervention]) -> None:
        """See whether interventions could be done now, one after the other; nothing is done.

        Safe from any thread but the run's own.

        Args:
            what: All that is to be done in one tick.

        Raises:
            ConfigError: One names what is not there.
            TimeoutError: The run is too busy to be asked.
        """

        async def look() -> None:
            reach = Reach.of(self.world)
            for each in what:
                reach.after(reach.resolve(each))

        self._portal.submit(look()).result(timeout=_BUSY_SECONDS)

    @property
    def rebuilt(self) -> str:
        """What a resumed run has to say of its store of memories; empty while all is well."""
        return self._memory.rebuilt

    @property
    def episode(self) -> Episode:
        """What has been lived so far, read from disk."""
        return Episode.open(self.out)

    def close(self) -> None:
        """Finish the log and let go of the model, the store and the loop."""
        self._memory.close()
        if self._casting.model is not None:
            self._portal.call(self._casting.model.aclose())
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
        self._reporter.begin(self.world, self._target)
        return self._portal.submit(self._live())

    async def _live(self) -> None:
        reason: Reason = "finished"
        text = ""
        self._begin()
        self._budget.start()
        try:
            while self.world.tick < self._target:
                self._announce()
                await self._wait_at_gate()
                if self._over:
                    reason, text = self._over
                    break
                if self._stop.is_set():
                    reason = "interrupted"
                    break
                if self._announced:
                    self._budget.check()
                self.world.prepare(await lockstep.think(self.world))
                await self._probing.ask(self.world)
                for asked in self._outside.due(self.world.tick):
                    self.world.ask(asked)
                self.world.step()
                self._after_tick()
        except tuple(_STOPS) as over:
            # Some minds have thought about this tick, and must not think about it again.
            reason, text = _STOPS[type(over)], redact(str(over))
            self._over = reason, text
        except Exception as error:
            reason, text = "error", redact(f"{type(error).__name__}: {error}")
            self.world.error, self.world.running = error, False
            raise
        finally:
            self._finish(reason, text)

    async def _wait_at_gate(self) -> None:
        """Wait until the next tick may begin; what is only repeated waits for nobody."""
        if self._gate is not None and self._announced and not self._over:
            self._budget.waited(await self._gate.passed(self._stop.is_set))

    def _begin(self) -> None:
        """Let the episode appear, and open the store beside its log."""
        self.world.begin()
        faculties = self.world.faculties
        if isinstance(faculties, Faculties) and self._writer is not None:
            self._memory.open(faculties, self._writer.folder, self._run_id)

    def _announce(self) -> None:
        """Say once in the log that a stretch begins, as soon as its past is repeated."""
        if self._announced or (self._past is not None and not self._past.sink.caught_up):
            return
        self._announced = True
        self._memory.caught_up()
        scribe = Scribe(max(0, self.world.tick - 1), Phase.CLOSE, 0, "")
        resumed = self._past is not None
        own = version("sociarium")
        branch = self._past.branch if self._past else None
        scribe.note(Started, until=self._target, version=own, resumed=resumed and branch is None)
        if branch is not None:
            branch.note(scribe)
            unknown = name_in_parent(branch, self.out)
            if unknown:
                scribe.note(Warned, text=unknown)
        if self._memory.rebuilt and not self._told_of_store:
            scribe.note(Warned, text=self._memory.rebuilt)
            self._told_of_store = True
        self._sink.commit(self.world.tick - 1, scribe.events, scribe.contents)

    @property
    def _sink(self) -> EventSink:
        """Where events go: what is past is compared before anything is added."""
        if self._past is not None:
            return self._past.sink
        assert self._writer is not None  # without a past there is always a new episode
        return self._writer

    def _after_tick(self) -> None:
        self._outside.settle(self.world.refused, self.world.tick - 1)
        self._memory.follow(self.world.tick - 1)
        self._warn_of_budget()
        self._reporter.tick_over(self.world)

    def _warn_of_budget(self) -> None:
        text = self._budget.warning() if self._announced else ""
        if not text:
            return
        scribe = Scribe(self.world.tick - 1, Phase.CLOSE, 0, "")
        scribe.note(Warned, text=text)
        self._sink.commit(self.world.tick - 1, scribe.events, scribe.contents)
        self._reporter.report(text)

    def _finish(self, reason: Reason, text: str) -> None:
        if reason != "error":
            self.end = reason
        closing = Scribe(max(0, self.world.tick - 1), Phase.CLOSE, 0, "")
        fault = self._memory.flush(self.world.tick)
        if fault:
            rest = "the log holds everything and can rebuild it"
            closing.note(Warned, text=f"the memory store stopped: {fault}; {rest}")
        closing.note(Ended, reason=reason, text=text)
        self._sink.commit(closing.tick, closing.events, closing.contents)

    # Building ----------------------------------------------------------------------------------

    def _origin_of(self, seed: int) -> Origin:
        return Origin(
            spec=self.spec,
            seed=seed,
            mind=str(self._casting.minds),
            model=self._casting.model,
            embedder=self._casting.embedder_name,
            options=self.options,
            limits=self._budget.limits,
            chroma=self._chroma,
            run_id=self._run_id,
            script=self._outside.script,
        )

    def _new_episode(self) -> EpisodeWriter:
        return EpisodeWriter(self.out, spec=self.spec, run=self._origin.as_options())

    def _build(self) -> World:
        return self.spec.world_class()(
            self.spec,
            mind=self._casting.make,
            rng=self._origin.seed,
            sink=self._watched(self._sink),
            portal=self._portal,
            preface=lambda scribe: self._origin.preface(scribe, self._model_name),
        )

    def _watched(self, sink: EventSink) -> EventSink:
        """The sink, read by detectors where somebody wants to be told."""
        if self._on_finding is None:
            return sink
        from simulation.behaviours.live import Watching  # noqa: PLC0415 - only where asked for
        from simulation.behaviours.words import default_classifier  # noqa: PLC0415

        return Watching(sink, self.spec, self._on_finding, classifier=default_classifier())

    @property
    def _model_name(self) -> str:
        """The name under which the episode began."""
        if self._past is not None:
            return self._past.recording.model
        return self._casting.model.name if self._casting.model else ""


def _limits(budget: Spending) -> Limits:
    if isinstance(budget, Budget):
        return budget.limits
    return budget if isinstance(budget, Limits) else Limits(calls=budget)


def _hour(text: str) -> str:
    try:
        minutes_of(text)
    except ValueError as error:
        raise ConfigError(
            "not a time of day", where="--start", value=text, hint="Give an hour like 07:00."
        ) from error
    return text
