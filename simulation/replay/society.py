"""What a reel tells of the society as a whole: findings, facts on their way, ties, costs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from simulation.analysis.diffusion import knowers
from simulation.analysis.networks import HARM, HELP, network
from simulation.behaviours.behaviours import observe
from simulation.behaviours.telling import told
from simulation.episode.events import Asked, Learned
from simulation.episode.plain import plain

if TYPE_CHECKING:
    from simulation.behaviours.behaviours import Behaviours
    from simulation.episode.episode import Episode
    from simulation.replay.index import EventIndex

_ACTED_ON: Final = ("talk", "knowledge", "influence")


def society(episode: Episode, index: EventIndex) -> dict[str, Any]:
    """Findings, rates, facts, topics, ties and costs, as ``docs/replay.md`` says."""
    found = observe(episode)
    return {
        "findings": _findings(episode, index, found),
        "rates": [rate._asdict() for rate in found.rates()],
        "facts": _facts(episode, index),
        "topics": [
            {"id": topic.id, "statement": plain(topic.statement), "options": list(topic.options)}
            for topic in episode.spec.topics
        ],
        "ties": _ties(episode, index, found),
        "costs": _costs(episode),
    }


def _findings(episode: Episode, index: EventIndex, found: Behaviours) -> list[dict[str, Any]]:
    return [
        {
            "family": one.family,
            "kind": one.kind,
            "subtype": one.subtype,
            "actor": index.agent(one.actor),
            "target": index.agent(one.target),
            "tick": one.tick,
            "events": index.numbers(one.events),
            "text": plain(told(one, episode)),
            "confidence": one.confidence,
            "fields": one.fields,
        }
        for one in found.findings
    ]


def _facts(episode: Episode, index: EventIndex) -> list[dict[str, Any]]:
    learned: dict[str, list[list[Any]]] = defaultdict(list)
    for one in knowers(episode.each(Learned)):
        teller, number = index.agent(one.teller), index.number(one.event)
        learned[one.fact].append([one.tick, index.agent(one.agent), one.source, teller, number])
    return [
        {
            "id": fact.id,
            "statement": plain(fact.statement),
            "false": not fact.true,
            "learned": learned[fact.id],
        }
        for fact in episode.spec.facts
    ]


def _ties(episode: Episode, index: EventIndex, found: Behaviours) -> dict[str, list[list[int]]]:
    """Each time that somebody did something towards somebody, in order."""
    ties: dict[str, list[list[int]]] = {}
    for kind in _ACTED_ON:
        graph = network(episode, kind)
        ties[kind] = sorted(
            [tick, index.agent(one), index.agent(two), index.number(event)]
            for one, two, data in graph.edges(data=True)
            for tick, event in zip(data["ticks"], data["events"], strict=True)
        )
    for kind, family, kinds in (("help", "volunteering", HELP), ("harm", "destruction", HARM)):
        ties[kind] = [
            [
                one.tick,
                index.agent(one.actor),
                index.agent(one.target),
                index.number(one.events[-1]),
            ]
            for one in found.findings
            if one.family == family and one.kind in kinds and index.agent(one.target) >= 0
        ]
    return ties


def _costs(episode: Episode) -> list[list[Any]]:
    """What was asked of models, summed up for each tick, purpose and model."""
    sums: dict[tuple[int, str, str], list[float]] = {}
    for call in episode.each(Asked):
        row = sums.setdefault((call.tick, call.purpose, call.model), [0, 0, 0, 0, 0.0, 0.0])
        amounts = (
            1,
            call.prompt_tokens,
            call.cached_tokens,
            call.reply_tokens,
            call.seconds,
            call.cost,
        )
        for number, amount in enumerate(amounts):
            row[number] += amount
    return [[*key, *(round(value, 4) for value in row)] for key, row in sorted(sums.items())]
