"""The world: a Mesa model whose agents have minds."""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import mesa
from mesa.discrete_space import OrthogonalMooreGrid

from simulation.episode.events import Happening, Joined, Learned
from simulation.episode.sink import EventSink, NoSink, Scribe
from simulation.errors import ConfigError
from simulation.kernel import lockstep
from simulation.kernel.body import GenerativeAgent
from simulation.kernel.clock import Clock
from simulation.kernel.effect import Effect
from simulation.kernel.ids import EventId, Phase
from simulation.kernel.intervention import parse
from simulation.kernel.ledger import Ledger
from simulation.kernel.mind import Mind
from simulation.kernel.percept import LearnedFact
from simulation.kernel.portal import Portal
from simulation.kernel.reach import Reach
from simulation.kernel.reaching_in import Asked
from simulation.kernel.streams import Streams
from simulation.kernel.view import Stage, WorldView

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    import numpy as np

    from personas import Persona
    from simulation.episode.archive import Archived
    from simulation.kernel.intervention import Intervention
    from simulation.kernel.plan import Plan
    from simulation.kernel.rules import Rules
    from simulation.kernel.spec import WorldSpec

MindFactory = Callable[["World", str], Mind]
"""Makes the mind of one agent of a world."""

MINDS = "sociarium.minds"
"""Entry-point group: ``name = "module:Class"``, called as ``Class(world, agent)``."""


def mind_names() -> tuple[str, ...]:
    """The kinds of mind that are installed."""
    return tuple(sorted(entry.name for entry in entry_points(group=MINDS)))


def find_mind(name: str) -> MindFactory:
    """A kind of mind by the name of its entry point.

    Raises:
        ConfigError: No such mind.
    """
    for entry in entry_points(group=MINDS):
        if entry.name == name:
            return entry.load()
    raise ConfigError("unknown mind", value=name, allowed=mind_names())


class Staging(NamedTuple):
    """What of a world an intervention can set up anew: nothing in it changes by itself."""

    spec: WorldSpec
    stage: Stage
    rules: Rules


class World(mesa.Model):
    """A place with rules, people with bodies, and a mind for each.

    ``idle`` → ``step()`` → ``idle`` … → ``close()``. A step resolves the thoughts that
    :meth:`prepare` was given, or lets the minds think first when there are none, so Mesa's own
    tools (``DataCollector``, ``batch_run``, ``AgentSet``) drive it like any other model. After an
    error the world is stopped: ``running`` is False and ``error`` says why.

    Args:
        spec: The description; None: the class's own, from ``agents`` and ``settings``.
        mind: The kind of mind for everybody: an installed one's name, or a factory.
        rng: The seed of all random streams.
        agents: With no spec: how many of the default cast.
        sink: Where events go; None: nowhere.
        portal: The background loop; None: one of its own.
        preface: Writes what stands before everything else in the log.
        settings: With no spec: the world's levers.
    """

    def __init__(
        self,
        spec: WorldSpec | None = None,
        *,
        mind: str | MindFactory = "rules",
        rng: int | np.integer[Any] | None = None,
        agents: int | None = None,
        sink: EventSink | None = None,
        portal: Portal | None = None,
        preface: Callable[[Scribe], None] | None = None,
        **settings: str,
    ) -> None:
        seed = 0 if rng is None else int(rng)
        super().__init__(rng=seed)
        self.spec = spec or type(self).load(agents=agents, **settings)
        self.seed = seed
        self.tick = 0
        self.error: Exception | None = None
        self.streams = Streams(seed)
        self.clock = Clock(start=self.spec.start, tick_minutes=self.spec.tick_minutes)
        self.plan = self.plan_of(self.spec)
        self.stage = self._stage()
        self.rules = self.rules_of(self.spec, self.stage)
        self.ledger = Ledger(self.rules.initial())
        self.grid = OrthogonalMooreGrid(
            (self.plan.rows, self.plan.columns), torus=False, random=self.random
        )
        self.bodies = {persona.id: self._body(persona.id) for persona in self.spec.cast}
        self.sink: EventSink = sink or NoSink()
        self.faculties: object | None = None
        self.echo = lockstep.Echo()
        self._begun = False
        self.prologue = Scribe(0, Phase.WORLD, 0, "")
        if preface is not None:
            preface(self.prologue)
        self._portal = portal
        self._owned: Portal | None = None
        self._prepared: Mapping[str, lockstep.Thought] | None = None
        self._order: tuple[int, dict[str, int]] = (-1, {})
        factory = find_mind(mind) if isinstance(mind, str) else mind
        self._make_mind = factory
        self._asked: deque[Asked] = deque()
        self.probed: list[Scribe] = []
        """What people said in private about the tick in hand; committed with it."""
        self.hearers: Mapping[tuple[int, str], tuple[Sequence[str], Sequence[str]]] = {}
        """By tick and speaker: whom recorded words reach, those told and those who overhear them,
        wherever they are; see :mod:`simulation.experiment.isolates`."""
        self.refused: dict[str, str] = {}
        """Why the latest interventions were not done, by the name of the request."""
        self.minds: dict[str, Mind] = {agent: self._mind(agent) for agent in self.bodies}
        self._write_who_is_here()
        self.furnish()

    # What a world is made of: three things to give -------------------------------------------

    @classmethod
    @abstractmethod
    def load(cls, *, agents: int | None = None, **settings: str) -> WorldSpec:
        """The description of this world with the first ``agents`` of its cast."""

    @classmethod
    @abstractmethod
    def plan_of(cls, spec: WorldSpec) -> Plan:
        """The plan: cells, walls, places."""

    @classmethod
    @abstractmethod
    def rules_of(cls, spec: WorldSpec, stage: Stage) -> Rules:
        """The rules: what is legal and what comes of it."""

    @classmethod
    def levers_of(cls, spec: WorldSpec) -> Mapping[str, tuple[str, ...]]:
        """Each lever of a description with the values that it can have; none: any text."""
        return dict.fromkeys(spec.settings, ())

    @classmethod
    def directed_of(cls, spec: WorldSpec) -> tuple[str, ...]:
        """Whom a world of this description directs itself; nobody can play them."""
        del spec
        return ()

    def directs(self, agent: str) -> MindFactory | None:
        """The mind of somebody whom this world directs itself (a confederate); None: any mind."""

    @classmethod
    def recordings(cls) -> Mapping[str, Archived]:
        """Episodes that ship with this world, by the names that commands know them by."""
        return {}

    def furnish(self) -> None:
        """Add plain Mesa agents, where the world has any; called once, when all else stands."""

    # Reading -----------------------------------------------------------------------------------

    def view(self, *, within: bool = False) -> WorldView:
        """The world at the present instant; ``within``: in the middle of this tick."""
        return WorldView(self.stage, self.ledger, self.tick, within)

    def ranks(self, tick: int) -> dict[str, int]:
        """Each agent's place, from 1, in the seeded order of a tick."""
        if self._order[0] != tick:
            order = self.streams.order(tuple(self.bodies), tick)
            self._order = (tick, {agent: rank for rank, agent in enumerate(order, start=1)})
        return self._order[1]

    # Living ------------------------------------------------------------------------------------

    def prepare(self, thoughts: Mapping[str, lockstep.Thought]) -> None:
        """Hand in what the minds decided, for the next step to resolve."""
        self._prepared = thoughts

    def begin(self) -> None:
        """Commit what is so before the first tick; a second call does nothing."""
        if not self._begun:
            self._begun = True
            self.sink.commit(-1, self.prologue.events, self.prologue.contents)

    def step(self) -> None:
        """Live one tick: think if nobody has, act, commit, and let plain Mesa agents step.

        Raises:
            Exception: Whatever a rule or a mind raised; the world is stopped and keeps it.
        """
        if self.error is not None:
            raise self.error
        try:
            self._live()
        except Exception as error:
            self.error = error
            self.running = False
            # Mesa 3.5 schedules no step after one that failed, and would say nothing.
            self.step = self._raise_again
            raise

    # Reaching in -------------------------------------------------------------------------------

    def intervene(self, what: Intervention | str, *, scripted: bool = False) -> None:
        """Do something to the world from outside, in the tick that is lived next.

        Args:
            what: An intervention, or a line such as ``whisper ana "the tide is early"``.
            scripted: Whether it was planned before the run.

        Raises:
            ConfigError: There is no such intervention, or nothing that it could be done to.
        """
        wanted = parse(what, where="intervene") if isinstance(what, str) else what
        reach = Reach.of(self)
        for earlier in self._asked:
            reach.after(earlier.intervention)
        self.ask(Asked(reach.resolve(wanted), scripted))

    def ask(self, asked: Asked) -> None:
        """Let an intervention wait for the next tick, which does it if it can still be done."""
        self._asked.append(asked)

    def asked(self) -> Iterator[Asked]:
        """Take the interventions that wait, one after the other."""
        self.refused = {}
        while self._asked:
            yield self._asked.popleft()

    def staged(
        self, *, newcomer: Persona | None = None, settings: Mapping[str, str] | None = None
    ) -> Staging:
        """The world's stage as it would be with another person, or with levers set otherwise."""
        cast = dict(self.stage.cast)
        spec = self.spec
        if newcomer is not None:
            cast[newcomer.id] = newcomer
            spec = spec.model_copy(update={"cast": tuple(cast.values())})
        if settings:
            spec = spec.model_copy(update={"settings": {**spec.settings, **settings}})
        stage = replace(self.stage, cast=cast, settings=spec.settings)
        return Staging(spec, stage, self.rules_of(spec, stage))

    def welcome(self, persona: Persona, scribe: Scribe, echo: lockstep.Echo, cause: str) -> None:
        """Let somebody live here from now on; their state is in the ledger already."""
        self.spec, self.stage, self.rules = self.staged(newcomer=persona)
        self.bodies[persona.id] = self._body(persona.id)
        self._write_arrival(scribe, persona.id, (cause,))
        self._seed_facts(scribe, echo, self.tick, (persona.id,))
        self.minds[persona.id] = self._mind(persona.id)

    def dismiss(self, agent: str) -> None:
        """Let somebody be gone; others still know who it was."""
        self.bodies.pop(agent).remove()
        del self.minds[agent]

    def turn(self, settings: Mapping[str, str]) -> None:
        """Let levers stand elsewhere; what hangs on them is in the ledger already."""
        self.spec, self.stage, self.rules = self.staged(settings=settings)

    def recast(self, persona: Persona) -> None:
        """Let somebody be another person."""
        self.spec, self.stage, self.rules = self.staged(newcomer=persona)
        self.bodies[persona.id].persona = persona

    def _raise_again(self) -> None:
        if self.error is not None:
            raise self.error

    def _live(self) -> None:
        self.begin()
        thoughts, self._prepared = self._prepared, None
        if thoughts is None:
            thoughts = self._loop().call(lockstep.think(self))
        written = [*lockstep.act(self, thoughts), *self.probed]
        self.probed = []
        events: list[Happening] = []
        contents: dict[str, str] = {}
        for scribe in written:
            events += scribe.events + scribe.asides
            contents |= scribe.contents
        self.sink.commit(
            self.tick, sorted(events, key=lambda event: EventId.parse(event.id)), contents
        )
        self._project()
        self.tick += 1
        for agent in list(self.agents):
            if not isinstance(agent, GenerativeAgent):
                agent.step()

    def _mind(self, agent: str) -> Mind:
        return (self.directs(agent) or self._make_mind)(self, agent)

    def _loop(self) -> Portal:
        """The simulation's loop, or one of this world's own when it runs alone."""
        if self._portal is not None:
            return self._portal
        if self._owned is None:
            self._owned = Portal()
        return self._owned

    def _project(self) -> None:
        """Move the bodies on the Mesa space to where the ledger says that they are."""
        for agent, body in self.bodies.items():
            cell = self.ledger.during((agent, "cell"), self.tick)
            if isinstance(cell, tuple) and body.cell is not self.grid[cell]:
                body.cell = self.grid[cell]

    def close(self) -> None:
        """Let go of the loop and of what Mesa keeps of this model."""
        if self._owned is not None:
            self._owned.close()
            self._owned = None
        # Mesa 3.3 numbers agents in a table on the class that never forgets a model.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Setting up --------------------------------------------------------------------------------

    def _stage(self) -> Stage:
        spec = self.spec
        return Stage(
            plan=self.plan,
            clock=self.clock,
            cast={persona.id: persona for persona in spec.cast},
            facts={fact.id: fact for fact in spec.facts},
            topics={topic.id: topic for topic in spec.topics},
            settings=spec.settings,
            sight=spec.sight,
            hearing=spec.hearing,
            speed=spec.speed,
            reach=spec.reach,
        )

    def _body(self, agent: str) -> GenerativeAgent:
        body = GenerativeAgent(self, self.stage.cast[agent])
        cell = self.ledger.before((agent, "cell"), 0)
        if isinstance(cell, tuple):
            body.cell = self.grid[cell]
        return body

    def _write_who_is_here(self) -> None:
        """Write who is here and what they know from the start as the first events."""
        for agent in self.bodies:
            self._write_arrival(self.prologue, agent)
        self._seed_facts(self.prologue, self.echo, -1, self.bodies)

    def _write_arrival(self, scribe: Scribe, agent: str, causes: tuple[str, ...] = ()) -> None:
        view = self.view(within=True)
        scribe.note(
            Joined,
            agent=agent,
            place=view.place_id(agent),
            name=view.name(agent),
            cell=view.cell(agent) or (0, 0),
            causes=causes,
        )

    def _seed_facts(
        self, scribe: Scribe, echo: lockstep.Echo, tick: int, agents: Container[str]
    ) -> None:
        """Let people know what the description says that they know from the start."""
        for fact in self.spec.facts:
            for agent in fact.seeded:
                if agent in agents:
                    event = scribe.note(Learned, agent=agent, fact=fact.id, source="seeded")
                    effect = Effect(agent, f"knows:{fact.id}", None, "seeded", agent)
                    self.ledger.apply(effect, tick)
                    known = LearnedFact(fact.id, "seeded", "", event.id)
                    echo.learned.setdefault(agent, []).append(known)
