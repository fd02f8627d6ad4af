"""The inner history of one person in a reel: plans, needs, positions, ties, memories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation.episode.events import (
    Felt,
    Learned,
    Needed,
    Planned,
    Probed,
    Reflected,
    Related,
    Remembered,
    TookStance,
)
from simulation.episode.plain import place_name, place_names, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulation.episode.episode import Episode
    from simulation.replay.index import EventIndex

    Life = dict[str, list[Any]]

_PARTS = ("plans", "needs", "feelings", "stances", "relations", "knows", "memories", "reflections")


def life(episode: Episode, index: EventIndex, agent: str) -> Life:
    """Everything that went on within somebody, in rows of what ``docs/replay.md`` says."""
    writer = _Writer(episode, index)
    for event in episode.iter_events(tuple(writer.takers), agent):
        writer.takers[type(event)](event)
    return writer.found


class _Writer:
    def __init__(self, episode: Episode, index: EventIndex) -> None:
        self.found: Life = {part: [] for part in _PARTS}
        self._index = index
        self._places = place_names(episode.spec.data)
        self._memories: dict[str, list[Any]] = {}
        self.takers: Mapping[type, Callable[[Any], None]] = {
            Planned: self._planned,
            Needed: self._needed,
            Felt: self._felt,
            TookStance: self._stance,
            Probed: self._probed,
            Related: self._related,
            Learned: self._learned,
            Remembered: self._remembered,
            Reflected: self._reflected,
        }

    def _planned(self, event: Planned) -> None:
        items = [
            [
                plain(str(item.get("doing") or item.get("focus") or item.get("what") or ""), 200),
                place_name(self._places, str(item.get("place") or "")) if item.get("place") else "",
                str(item.get("at", ""))[:5],
                item.get("minutes"),
            ]
            for item in event.items
        ]
        number = self._index.number(event.id)
        self.found["plans"].append([event.tick, event.level, plain(event.reason), items, number])

    def _needed(self, event: Needed) -> None:
        self.found["needs"].append([event.tick, event.need, event.level, event.felt])

    def _felt(self, event: Felt) -> None:
        row = [event.tick, event.emotion, event.intensity, plain(event.reason)]
        self.found["feelings"].append(row)

    def _stance(self, event: TookStance) -> None:
        row = [event.tick, event.topic, event.after, False, self._index.number(event.id)]
        self.found["stances"].append(row)

    def _probed(self, event: Probed) -> None:
        row = [event.tick, event.topic, event.position, True, self._index.number(event.id)]
        self.found["stances"].append(row)

    def _related(self, event: Related) -> None:
        other, number = self._index.agent(event.other), self._index.number(event.id)
        row = [event.tick, other, event.closeness, plain(event.summary, 800), number]
        self.found["relations"].append(row)

    def _learned(self, event: Learned) -> None:
        teller, number = self._index.agent(event.teller), self._index.number(event.id)
        self.found["knows"].append([event.tick, event.fact, event.source, teller, number])

    def _remembered(self, event: Remembered) -> None:
        if event.again:
            if event.again in self._memories:
                self._memories[event.again][-1] += 1
            return
        evidence = self._index.numbers(event.evidence)
        number = self._index.number(event.id)
        text, importance = plain(event.text, 600), round(event.importance, 2)
        row = [number, event.tick, event.kind, text, importance, evidence, 1]
        self._memories[event.id] = row
        self.found["memories"].append(row)

    def _reflected(self, event: Reflected) -> None:
        evidence, number = self._index.numbers(event.evidence), self._index.number(event.id)
        insight, question = plain(event.insight, 600), plain(event.question, 300)
        row = [number, event.tick, insight, question, event.depth, evidence, event.kept]
        self.found["reflections"].append(row)
