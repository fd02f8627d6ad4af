"""What came of an episode, in a page: numbers and sentences, all of them from the log."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from simulation.analysis.diffusion import Knower, knowers
from simulation.analysis.relations import density, mutual, pairs, words
from simulation.episode.events import (
    Acted,
    Asked,
    Decided,
    Failed,
    FellBack,
    Joined,
    Learned,
    Left,
    Moved,
    Planned,
    Reflected,
    Said,
    TookStance,
)
from simulation.episode.plain import place_name, place_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulation.analysis.relations import Words
    from simulation.episode.episode import Episode

_NO_DECISION = ("fallback", "refusal")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Talk(_Part):
    """Two people who talked."""

    people: tuple[str, str]
    """Ids; the first said the first word."""
    utterances: int
    minutes: int
    """Sim minutes in which either said something to the other."""
    mutual: bool
    """Whether both said something."""


class Knowing(_Part):
    """Somebody who knows a fact."""

    agent: str
    source: str
    """seeded, told, overheard, read, saw, inferred"""
    teller: str
    """Id of the person who told them, or empty."""
    time: str
    tick: int
    event: str
    """Id of the event in which they learned it."""


class Known(_Part):
    """A fact, and who knows it now."""

    fact: str
    statement: str
    true: bool
    share: float
    """Of all agents."""
    knowers: tuple[Knowing, ...]
    """In the order in which they came to know it."""


class Stand(_Part):
    """Where somebody stands on a topic, at first and now."""

    topic: str
    statement: str
    agent: str
    first: float | str | None
    """None: undecided."""
    now: float | str | None
    looks: int
    """How often they looked at it again."""
    events: tuple[str, ...]
    """Ids of those looks, the first position among them."""


class Insight(_Part):
    """A conclusion that somebody drew."""

    agent: str
    time: str
    insight: str
    event: str


class Cost(_Part):
    """What the questions of one purpose took."""

    purpose: str
    calls: int
    prompt_tokens: int
    cached_tokens: int
    """Of the prompt tokens, those that were in a cache."""
    reply_tokens: int
    seconds: float
    cost: float
    """US dollars, where prices are known."""


class Summary(_Part):
    """An episode in a page. :meth:`to_json` for programs, ``report.render`` for people."""

    world: str
    title: str
    seed: int | None
    ticks: int
    since: str
    """The hour at which it begins."""
    until: str
    """The hour at which it stops."""
    ended: str
    """finished, interrupted, budget, error; empty while it runs or after a kill."""
    names: dict[str, str]
    """What people are called, by id."""
    talks: tuple[Talk, ...]
    """Most utterances first."""
    density: float
    """Of all pairs, the share that talked with each other."""
    facts: tuple[Known, ...]
    stands: tuple[Stand, ...]
    """In the order of topics and of the cast."""
    reflections: tuple[Insight, ...]
    acts: dict[str, dict[str, int]]
    """How often each person did what, by verb; ``say`` and ``go`` among them."""
    failures: dict[str, int]
    """How many acts of each person could not take place."""
    whereabouts: dict[str, dict[str, int]]
    """Minutes that each person spent at each place, longest first; empty: on the way."""
    places: dict[str, str]
    """What places are called, by id."""
    decisions: dict[str, int]
    """Choices by what made them: model, rules, fallback …"""
    fallbacks: dict[str, int]
    """Failed or refused replies by purpose."""
    fallback_share: float
    """Of all choices, those that a fallback or a refusal made."""
    calls: tuple[Cost, ...]
    """By purpose, most seconds first."""
    saved_calls: int
    """Calls that learned plans made needless."""

    def to_json(self) -> str:
        """The whole as JSON."""
        return self.model_dump_json(indent=2)


def summarize(episode: Episode) -> Summary:
    """Sum up an episode, finished or running."""
    talk = words(episode.each(Said))
    edges = mutual((way.speaker, way.hearer) for way in talk)
    decisions = Counter(event.origin for event in episode.each(Decided))
    lived = episode.ticks
    whereabouts = _whereabouts(episode, lived)
    named = place_names(episode.spec.data)
    visited = {place for places in whereabouts.values() for place in places}
    return Summary(
        world=episode.spec.world,
        title=episode.spec.title,
        seed=episode.seed,
        ticks=lived,
        since=episode.time(0),
        until=episode.time(lived),
        ended=episode.ended.reason if episode.ended else "",
        names=dict(episode.names),
        talks=_talks(talk, episode.clock.minutes_a_tick),
        density=round(density(episode.agents, edges), 4),
        facts=_facts(episode),
        stands=_stands(episode),
        reflections=_insights(episode),
        acts=_acts(episode),
        failures=dict(Counter(event.agent for event in episode.each(Failed))),
        whereabouts=whereabouts,
        places={place: place_name(named, place) for place in sorted(visited)},
        decisions=dict(decisions.most_common()),
        fallbacks=dict(Counter(event.purpose for event in episode.each(FellBack)).most_common()),
        fallback_share=_share(sum(decisions[origin] for origin in _NO_DECISION), decisions.total()),
        calls=_calls(episode.each(Asked)),
        saved_calls=sum(event.origin == "reused plan" for event in episode.each(Planned)),
    )


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _talks(talk: Iterable[Words], minutes_a_tick: float) -> tuple[Talk, ...]:
    return tuple(
        Talk(
            people=(pair.one, pair.other),
            utterances=pair.utterances,
            minutes=round(pair.ticks * minutes_a_tick),
            mutual=pair.mutual,
        )
        for pair in pairs(talk)
    )


def _stands(episode: Episode) -> tuple[Stand, ...]:
    looks: dict[tuple[str, str], list[TookStance]] = {}
    for event in episode.each(TookStance):
        looks.setdefault((event.topic, event.agent), []).append(event)
    return tuple(
        Stand(
            topic=topic.id,
            statement=topic.statement,
            agent=agent,
            first=seen[0].after if not seen[0].heard else None,
            now=seen[-1].after,
            looks=sum(bool(event.heard) for event in seen),
            events=tuple(event.id for event in seen),
        )
        for topic in episode.spec.topics
        for agent in episode.agents
        if (seen := looks.get((topic.id, agent)))
    )


def _insights(episode: Episode) -> tuple[Insight, ...]:
    return tuple(
        Insight(
            agent=event.agent,
            time=episode.time(event.tick),
            insight=event.insight,
            event=event.id,
        )
        for event in episode.each(Reflected)
    )


def _facts(episode: Episode) -> tuple[Known, ...]:
    by_fact: dict[str, list[Knower]] = {fact.id: [] for fact in episode.spec.facts}
    for knower in knowers(episode.each(Learned)):
        by_fact.setdefault(knower.fact, []).append(knower)
    told = {fact.id: fact for fact in episode.spec.facts}
    return tuple(
        Known(
            fact=fact,
            statement=told[fact].statement if fact in told else fact,
            true=told[fact].true if fact in told else True,
            share=_share(len(known), len(episode.agents)),
            knowers=tuple(_knowing(episode, knower) for knower in known),
        )
        for fact, known in by_fact.items()
    )


def _knowing(episode: Episode, knower: Knower) -> Knowing:
    return Knowing(
        agent=knower.agent,
        source=knower.source,
        teller=knower.teller,
        time=episode.time(knower.tick),
        tick=knower.tick,
        event=knower.event,
    )


def _acts(episode: Episode) -> dict[str, dict[str, int]]:
    counts = {agent: Counter[str]() for agent in episode.agents}
    for event in episode.each(Acted):
        counts.setdefault(event.agent, Counter())[str(event.action.get("verb", ""))] += 1
    for event in episode.each(Said):
        counts.setdefault(event.agent, Counter())["say"] += 1
    return {agent: dict(counter.most_common()) for agent, counter in counts.items()}


def _whereabouts(episode: Episode, lived: int) -> dict[str, dict[str, int]]:
    minutes: dict[str, Counter[str]] = {agent: Counter() for agent in episode.agents}
    here: dict[str, tuple[int, str]] = {}
    for event in episode.iter_events((Joined, Moved, Left)):
        _stay(minutes, here, event.agent, event.tick)
        here[event.agent] = (max(event.tick, 0), event.place)
        if isinstance(event, Left):
            del here[event.agent]
    for agent in here:
        _stay(minutes, here, agent, lived)
    length = episode.clock.minutes_a_tick
    return {
        agent: {place: round(ticks * length) for place, ticks in counter.most_common() if ticks > 0}
        for agent, counter in minutes.items()
    }


def _stay(
    minutes: dict[str, Counter[str]], here: dict[str, tuple[int, str]], agent: str, until: int
) -> None:
    if agent in here:
        since, place = here[agent]
        minutes.setdefault(agent, Counter())[place] += until - since


def _calls(events: Iterable[Asked]) -> tuple[Cost, ...]:
    rows: dict[str, list[float]] = {}
    for event in events:
        row = rows.setdefault(event.purpose, [0] * 6)
        numbers = (
            1,
            event.prompt_tokens,
            event.cached_tokens,
            event.reply_tokens,
            event.seconds,
            event.cost,
        )
        rows[event.purpose] = [a + b for a, b in zip(row, numbers, strict=True)]
    costs = (
        Cost(
            purpose=purpose,
            calls=int(row[0]),
            prompt_tokens=int(row[1]),
            cached_tokens=int(row[2]),
            reply_tokens=int(row[3]),
            seconds=round(row[4], 3),
            cost=round(row[5], 6),
        )
        for purpose, row in rows.items()
    )
    return tuple(sorted(costs, key=lambda cost: -cost.seconds))
