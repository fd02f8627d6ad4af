"""The reference schedule: everyone thinks about the same instant, then everyone acts.

A tick in four parts: what happens by itself, thinking, acting in a seeded order, commit. Words
said in tick ``t`` are heard in ``t + 1`` by those in earshot.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from simulation.episode.events import Acted, Changed, Failed, Learned, Moved, Said
from simulation.episode.sink import Scribe
from simulation.kernel.action import Action, Go, Say, Wait
from simulation.kernel.effect import Effect, dump_effects
from simulation.kernel.ids import Phase
from simulation.kernel.percept import (
    Heard,
    LearnedFact,
    Noticed,
    Outcome,
    Percept,
    Seen,
    Sight,
    Whispered,
)
from simulation.kernel.reaching_in import reach_in
from simulation.kernel.rules import Resolution
from simulation.kernel.view import Activity, WorldView

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Mapping

    from simulation.kernel.world import World

T = TypeVar("T")


class Thought(NamedTuple):
    """What came of one mind's thinking."""

    action: Action | None
    scribe: Scribe


@dataclass
class Echo:
    """What the last tick leaves behind for the next percepts."""

    said: list[Said] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    learned: dict[str, list[LearnedFact]] = field(default_factory=dict)
    whispers: dict[str, list[Whispered]] = field(default_factory=dict)


def perceive(world: World, view: WorldView, agent: str) -> Percept:
    """What one body gets to know at the instant of ``view``."""
    echo = world.echo
    asleep = view.asleep(agent)
    return Percept(
        agent=agent,
        view=view,
        rules=world.rules,
        people=() if asleep else tuple(_seen(world, view, who) for who in view.in_sight(agent)),
        earshot=() if asleep else tuple(view.in_earshot(agent)),
        heard=()
        if asleep
        else tuple(
            _heard(said, agent)
            for said in echo.said
            if agent in said.told or agent in said.overheard
        ),
        noticed=() if asleep else tuple(_noticed(world, view, agent)),
        outcome=echo.outcomes.get(agent),
        learned=tuple(echo.learned.get(agent, ())),
        whispers=tuple(echo.whispers.get(agent, ())),
    )


def _seen(world: World, view: WorldView, who: str) -> Seen:
    return Seen(
        id=who,
        name=view.name(who),
        place=view.place_id(who),
        doing=world.rules.doing(view, who),
        asleep=view.asleep(who),
    )


def _heard(said: Said, agent: str) -> Heard:
    return Heard(
        event=said.id,
        speaker=said.agent,
        to=said.to,
        text=said.text,
        facts=said.facts,
        about=said.about,
        positions=said.positions,
        told=agent in said.told,
        also=tuple(who for who in said.told if who != said.to) if said.to else (),
        last=said.last,
        talk=said.talk,
    )


def _noticed(world: World, view: WorldView, agent: str) -> list[Noticed]:
    here, place = view.cell(agent), view.place_id(agent)
    found: list[Noticed] = []
    for sight in world.echo.sights:
        if sight.noticed.actor == agent or here is None:
            continue
        near = sight.cell is not None and world.plan.sees(here, sight.cell, world.spec.sight)
        if near or (sight.cell is None and sight.place in ("", place)):
            found.append(sight.noticed)
    return found


async def think(world: World) -> dict[str, Thought]:
    """Let all minds think about the present instant, concurrently."""
    view = world.view()
    ranks = world.ranks(world.tick)
    scribes = {
        agent: Scribe(world.tick, Phase.THINK, ranks[agent], agent, view.place_id(agent))
        for agent in world.minds
    }
    percepts = {agent: perceive(world, view, agent) for agent in world.minds}
    actions = await together(
        mind.think(percepts[agent], scribes[agent]) for agent, mind in world.minds.items()
    )
    return {
        agent: Thought(action, scribes[agent])
        for agent, action in zip(world.minds, actions, strict=True)
    }


async def together(works: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Do several things at once.

    When one of them fails, the others are stopped before its error goes on: nobody thinks, asks a
    model or writes to the journal after the tick has been given up.
    """
    doing = [asyncio.ensure_future(work) for work in works]
    try:
        return await asyncio.gather(*doing)
    finally:
        for task in doing:
            task.cancel()
        await asyncio.gather(*doing, return_exceptions=True)


def act(world: World, thoughts: Mapping[str, Thought]) -> list[Scribe]:
    """Resolve the actions of this tick in the seeded order; return what was written, in order."""
    echo, tick = Echo(), world.tick
    first = len(world.prologue.events) if tick == 0 else 0
    ranks = world.ranks(tick)
    nature = Scribe(tick, Phase.WORLD, 0, "", first=first)
    for asked in world.asked():
        reach_in(world, nature, echo, asked)
    _ambient(world, nature, echo)
    written = [nature]
    for agent, rank in sorted(ranks.items(), key=lambda item: item[1]):
        thought = thoughts.get(agent)
        if thought:
            written.append(thought.scribe)
        if agent not in world.bodies:
            continue  # gone since it was thought
        view = world.view(within=True)
        scribe = Scribe(tick, Phase.ACT, rank, agent, view.place_id(agent))
        _begin(world, view, agent, thought.action if thought else None)
        _resolve(world, agent, scribe, echo, thought)
        written.append(scribe)
    world.echo = echo
    return written


def _ambient(world: World, nature: Scribe, echo: Echo) -> None:
    for change in world.rules.ambient(world.view(within=True)):
        for effect in change.effects:
            world.ledger.apply(effect, world.tick)
        nature.place = change.place
        event = nature.note(Changed, text=change.text, effects=dump_effects(change.effects))
        if change.text:
            noticed = Noticed(event=event.id, actor="", text=change.text, notable=True)
            echo.sights.append(Sight(noticed, None, change.place))


def _begin(world: World, view: WorldView, agent: str, action: Action | None) -> None:
    if action is None:
        return
    ticks = world.clock.ticks(world.rules.minutes(view, agent, action))
    activity = Activity(action=action, since=world.tick, due=world.tick + ticks - 1)
    _set_activity(world, view, agent, activity)


def _set_activity(world: World, view: WorldView, agent: str, to: Activity | None) -> None:
    before, after = view.text(agent, "activity"), to.dump() if to else ""
    if before != after:
        world.ledger.apply(Effect(agent, "activity", before, after, agent), world.tick)


def _resolve(world: World, agent: str, scribe: Scribe, echo: Echo, thought: Thought | None) -> None:
    view = world.view(within=True)
    activity = view.activity(agent)
    if activity is None or activity.due > world.tick:
        return
    action = activity.action
    result = _result(world, view, agent, action)
    for effect in result.effects:
        world.ledger.apply(effect, world.tick)
    going_on = None
    if result.again and not result.reason:
        due = world.tick + result.again
        going_on = Activity(action=action, since=activity.since, due=due)
    causes = _causes(thought)
    _set_activity(world, view, agent, going_on)
    if isinstance(action, Say) and not result.reason:
        _say(world, view, scribe, echo, action, causes)
    else:
        if result.says is not None and not result.reason:
            _say(world, view, scribe, echo, result.says, causes)
        _tell(world, scribe, echo, activity, result, causes)


def _result(world: World, view: WorldView, agent: str, action: Action) -> Resolution:
    """What comes of an act; what was once said is said again, whoever is in earshot."""
    if isinstance(action, Say) and (world.tick, agent) in world.hearers:
        return Resolution()
    return world.rules.resolve(view, agent, action)


def _causes(thought: Thought | None) -> tuple[str, ...]:
    if thought is None or thought.action is None or not thought.scribe.events:
        return ()
    return (thought.scribe.events[-1].id,)


def _tell(
    world: World,
    scribe: Scribe,
    echo: Echo,
    activity: Activity,
    result: Resolution,
    causes: tuple[str, ...],
) -> None:
    agent, action = scribe.agent, activity.action
    shown = action.model_dump(exclude_defaults=True) | {"verb": action.verb}
    if result.reason:
        failed = scribe.note(Failed, action=shown, reason=result.reason, causes=causes)
        echo.outcomes[agent] = Outcome(event=failed.id, deed="", reason=result.reason)
        return
    view = world.view(within=True)
    scribe.place = view.place_id(agent)
    if isinstance(action, Go) and any(effect.attribute == "cell" for effect in result.effects):
        scribe.note(Moved, cell=view.cell(agent), to=action.to)
    if not result.deed:
        return
    acted = scribe.note(
        Acted,
        action=shown,
        deed=result.deed,
        since=activity.since,
        effects=dump_effects(result.effects),
        causes=causes,
    )
    echo.outcomes[agent] = Outcome(event=acted.id, deed=result.deed)
    _learn(world, scribe, echo, agent, result.learned, "read", "", acted.id)
    text = f"{view.name(agent)} {result.deed}."
    noticed = Noticed(
        event=acted.id,
        actor=agent,
        text=text,
        notable=result.notable,
        routine=isinstance(action, (Go, Wait)),
    )
    echo.sights.append(Sight(noticed, view.cell(agent)))


def _say(
    world: World,
    view: WorldView,
    scribe: Scribe,
    echo: Echo,
    action: Say,
    causes: tuple[str, ...],
) -> None:
    told, overheard = _hearers(world, view, scribe.agent, action)
    said = scribe.note(
        Said,
        to=action.to,
        text=action.text,
        facts=action.facts,
        told=told,
        overheard=overheard,
        given=action.given,
        about=action.about,
        positions=action.positions,
        talk=action.talk,
        last=action.last,
        call=action.call,
        causes=causes,
    )
    echo.said.append(said)
    echo.outcomes[scribe.agent] = Outcome(event=said.id, deed="")
    for hearer in told + overheard:
        source = "told" if hearer in told else "overheard"
        _learn(world, scribe, echo, hearer, action.facts, source, scribe.agent, said.id)


def _hearers(
    world: World, view: WorldView, agent: str, action: Say
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is told, and who overhears it: those in earshot, or those who once did."""
    once = world.hearers.get((world.tick, agent))
    if once is not None:
        told, overheard = (tuple(who for who in them if not view.asleep(who)) for them in once)
        return told, overheard
    awake = [who for who in view.in_earshot(agent) if not view.asleep(who)]
    told = tuple(who for who in awake if action.to in ("", who) or who in action.also)
    return told, tuple(who for who in awake if who not in told)


def _learn(
    world: World,
    scribe: Scribe,
    echo: Echo,
    who: str,
    facts: tuple[str, ...],
    source: str,
    teller: str,
    cause: str,
) -> None:
    for fact in facts:
        if fact not in world.stage.facts or world.ledger.during((who, f"knows:{fact}"), world.tick):
            continue
        known = f"{source}:{teller}" if teller else source
        world.ledger.apply(Effect(who, f"knows:{fact}", None, known, who), world.tick)
        event = scribe.note(
            Learned, agent=who, fact=fact, source=source, teller=teller, causes=(cause,)
        )
        echo.learned.setdefault(who, []).append(LearnedFact(fact, source, teller, event.id))
