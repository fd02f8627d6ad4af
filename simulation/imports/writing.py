"""Writes a recording that was read as the events of an episode, step by step."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.episode.events import (
    Acted,
    Ended,
    Joined,
    Moved,
    Planned,
    Reflected,
    Remembered,
    Said,
    Started,
    TalkEnded,
    Warned,
)
from simulation.episode.schema import key_of
from simulation.episode.sink import Scribe, content_hash
from simulation.imports.people import schedule
from simulation.imports.talk import Conversation, Utterance, conversations
from simulation.kernel.ids import EventId, Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from simulation.episode.events import Happening
    from simulation.imports.ground import Ground
    from simulation.imports.minds import Inner, Node
    from simulation.imports.recording import Frame, Taken

Step = tuple[int, "list[Happening]", "dict[str, str]"]
"""(tick, events, contents): what a writer commits."""

_OVER: Final = "the recording shows no more of it"
_WITH: Final = re.compile(r"<persona>\s*(.+)")
_HOUR: Final = re.compile(r"\b(\d{1,2})(?::(\d\d))? ?(am|pm)\b", re.IGNORECASE)


class _Formed(NamedTuple):
    """A node, and the tick in which it enters the log."""

    number: int
    node: Node
    before: bool
    """Whether it was there before the first step."""


class Tale:
    """Tells a recording as events.

    Args:
        taken: What was done.
        inner: What each person carries within, by name.
        ids: The id of each person, by name.
        ground: The map.
        notes: What whoever reads the log should know.
        version: Of the program.
    """

    def __init__(
        self,
        taken: Taken,
        inner: Mapping[str, Inner],
        ids: Mapping[str, str],
        ground: Ground,
        notes: Sequence[str],
        version: str,
    ) -> None:
        self._taken = taken
        self._inner = inner
        self._ids = ids
        self._ground = ground
        self._notes = notes
        self._version = version
        self._names = list(taken.paths)
        self._ranks = {name: rank for rank, name in enumerate(self._names, start=1)}
        self._cells = dict(taken.stood)
        self._acts: dict[str, tuple[str, str]] = {}
        self._events: dict[tuple[str, int], str] = {}
        self._reflected: dict[tuple[str, int], str] = {}
        self._talks = conversations(taken.paths, taken.steps)
        self._said: dict[int, list[str]] = defaultdict(list)
        self._formed = {name: self._by_tick(name) for name in self._names}
        self._plans = {name: self._last_plan(name) for name in self._names}
        self.counts: dict[str, int] = defaultdict(int)
        """Events by what they are."""

    def steps(self, told: Callable[[int, int], None] | None = None) -> Iterator[Step]:
        """What happened in each step in which anything did, and in the last.

        Args:
            told: Is told (done, of) after each step.
        """
        frames: dict[int, dict[str, Frame]] = defaultdict(dict)
        for name, path in self._taken.paths.items():
            for step, frame in path:
                frames[step][name] = frame
        said = self._utterances()
        over: dict[int, list[int]] = defaultdict(list)
        for number, talk in enumerate(self._talks):
            over[talk.until].append(number)
        inward = {tick for formed in self._formed.values() for tick in formed}
        last = self._taken.steps - 1
        busy = sorted({0, last, *frames, *said, *inward, *(t for t in over if t <= last)})
        for tick in busy:
            scribes = [self._opening()] if tick == 0 else []
            scribes += [
                self._within(name, tick, self._formed[name][tick])
                for name in self._names
                if tick in self._formed[name]
            ]
            scribes += [
                self._outwardly(name, tick, frame) for name, frame in frames.get(tick, {}).items()
            ]
            scribes += [*self._spoken(tick, said.get(tick, ())), *self._ended(tick, over[tick])]
            step = self._committed(tick, scribes)
            yield step
            if tick == last:
                if step[1] and all(event.incidental for event in step[1]):
                    yield last, [], {}  # a step without anything was lived, too
                yield self._committed(last, [self._closing(last)])
            if told is not None:
                told(tick + 1, self._taken.steps)

    def _committed(self, tick: int, scribes: Sequence[Scribe]) -> Step:
        events: list[Happening] = []
        contents: dict[str, str] = {}
        filled = [scribe for scribe in scribes if scribe.events]
        for scribe in sorted(filled, key=lambda one: key_of(one.events[0].id)):
            events += scribe.events
            contents |= scribe.contents
        for event in events:
            self.counts[type(event).__name__] += 1
        return tick, events, contents

    # Beginning and end -------------------------------------------------------------------------

    def _opening(self) -> Scribe:
        scribe = Scribe(0, Phase.WORLD, 0, "")
        scribe.note(Started, until=self._taken.steps, version=self._version)
        for note in self._notes:
            scribe.note(Warned, text=note)
        for name, path in self._taken.paths.items():
            if (path and path[0][0] == 0) or name in self._cells:
                cell = self._cells.setdefault(name, path[0][1].cell if path else (0, 0))
                self._join(scribe, name, cell)
        return scribe

    def _join(self, scribe: Scribe, name: str, cell: tuple[int, int]) -> None:
        agent, place = self._ids[name], self._ground.place_at.get(cell, "")
        scribe.note(Joined, agent=agent, place=place, name=name, cell=cell)

    def _closing(self, tick: int) -> Scribe:
        scribe = Scribe(tick, Phase.CLOSE, 0, "")
        scribe.note(Ended, reason="finished", text="imported from a recording")
        return scribe

    # What can be seen --------------------------------------------------------------------------

    def _outwardly(self, name: str, tick: int, frame: Frame) -> Scribe:
        """Where somebody is and what they do, as far as it is new."""
        scribe = Scribe(tick, Phase.ACT, self._ranks[name], self._ids[name])
        target = self._ground.place(frame.address)
        if name not in self._cells:
            self._cells[name] = frame.cell
            self._join(scribe, name, frame.cell)
        if frame.cell != self._cells[name]:
            self._cells[name] = frame.cell
            scribe.place = self._place(name)
            scribe.note(Moved, cell=frame.cell, to=target or self._partner(frame))
        now = (frame.description, frame.pronunciatio)
        if frame.doing and self._acts.get(name) != now:
            self._acts[name] = now
            scribe.place = target or self._place(name)
            scribe.note(
                Acted, action=self._action(frame, target), deed=_deed(frame.doing), since=tick
            )
        return scribe

    def _place(self, name: str) -> str:
        return self._ground.place_at.get(self._cells[name], "")

    def _partner(self, frame: Frame) -> str:
        match = _WITH.match(frame.address)
        return self._ids.get(match[1].strip(), "") if match else ""

    def _action(self, frame: Frame, place: str) -> dict[str, Any]:
        fields = {
            "verb": "do",
            "doing": frame.doing,
            "place": place,
            "person": self._partner(frame),
            "address": frame.address,
            "mark": frame.pronunciatio,
        }
        return {name: value for name, value in fields.items() if value}

    # What is said ------------------------------------------------------------------------------

    def _utterances(self) -> dict[int, list[tuple[int, Utterance]]]:
        """What is said in each step, with the number of the conversation."""
        found: dict[int, list[tuple[int, Utterance]]] = defaultdict(list)
        for number, talk in enumerate(self._talks):
            for step, utterance in talk.utterances():
                if utterance.speaker in self._ids:
                    found[min(step, self._taken.steps - 1)].append((number, utterance))
        return found

    def _spoken(self, tick: int, said: Sequence[tuple[int, Utterance]]) -> Iterator[Scribe]:
        # Behind everybody's own ranks, so that the lines of a step keep their order.
        for rank, (number, utterance) in enumerate(said, start=len(self._names) + 1):
            talk, before = self._talks[number], self._said[number]
            others = tuple(
                self._ids[name] for name in _people(talk, self._ids) if name != utterance.speaker
            )
            speaker = utterance.speaker
            place = self._place(speaker) if speaker in self._cells else ""
            scribe = Scribe(tick, Phase.ACT, rank, self._ids[speaker], place)
            event = scribe.note(
                Said,
                to=others[0] if len(others) == 1 else "",
                text=utterance.text,
                told=others,
                talk=before[0] if before else str(EventId(tick, Phase.ACT, rank, 0)),
                last=utterance.number == len(talk.lines) - 1,
                causes=tuple(before[-1:]),
            )
            before.append(event.id)
            yield scribe

    def _ended(self, tick: int, over: Sequence[int]) -> Iterator[Scribe]:
        if tick >= self._taken.steps:
            return
        for name in self._names:
            place = self._place(name) if name in self._cells else ""
            scribe = Scribe(tick, Phase.CLOSE, self._ranks[name], self._ids[name], place)
            for number in over:
                self._end(scribe, name, number)
            if scribe.events:
                yield scribe

    def _end(self, scribe: Scribe, name: str, number: int) -> None:
        said, people = self._said[number], _people(self._talks[number], self._ids)
        if not said or name not in people or len(people) < 2:
            return
        others = [self._ids[other] for other in people if other != name]
        scribe.note(
            TalkEnded,
            talk=said[0],
            partner=others[0],
            others=tuple(others[1:]),
            turns=len(said),
            reason=_OVER,
            causes=(said[-1],),
        )

    # What is within ----------------------------------------------------------------------------

    def _by_tick(self, name: str) -> dict[int, list[_Formed]]:
        found: dict[int, list[_Formed]] = defaultdict(list)
        for number, created, node in self._inner[name].nodes:
            tick = min(max(self._taken.tick(created), 0), self._taken.steps - 1)
            found[tick].append(_Formed(number, node, created <= self._taken.start))
        return found

    def _last_plan(self, name: str) -> int:
        plans = [number for number, _, node in self._inner[name].nodes if _is_plan(node, name)]
        return plans[-1] if plans else 0

    def _within(self, name: str, tick: int, formed: Sequence[_Formed]) -> Scribe:
        place = self._place(name) if name in self._cells else ""
        scribe = Scribe(tick, Phase.THINK, self._ranks[name], self._ids[name], place)
        for one in formed:
            self._remember(scribe, name, one, tick)
        return scribe

    def _remember(self, scribe: Scribe, name: str, formed: _Formed, tick: int) -> None:
        node = formed.node
        known = (self._events.get((name, number)) for number in node.evidence)
        evidence = tuple(event for event in known if event)
        kind = "observation"
        source = "seeded" if formed.before and node.type != "event" else "saw"
        if node.type == "chat":
            kind, evidence, source = "dialogue", (*evidence, *self._heard(name, node, tick)), ""
        elif _is_plan(node, name):
            kind, source = "plan", ""
            evidence = (*evidence, self._plan(scribe, name, formed).id)
        elif node.type == "thought":
            kind = "reflection"
            if evidence:
                source = "inferred"
                evidence = (self._reflect(scribe, node, evidence).id, *evidence)
            elif source != "seeded":
                source = ""
        vectors = self._inner[name].vectors
        event = scribe.note(
            Remembered,
            kind=kind,
            text=node.description,
            importance=node.importance,
            rated="model",
            people=self._in(node, name),
            evidence=evidence,
            source=source,
            fresh=True,
            vector=content_hash(node.embedding_key if vectors else node.description),
            causes=evidence,
        )
        self._events[name, formed.number] = event.id

    def _reflect(self, scribe: Scribe, node: Node, evidence: tuple[str, ...]) -> Reflected:
        return scribe.note(
            Reflected,
            insight=node.description,
            evidence=evidence,
            depth=max(1, node.depth),
            proposed=node.description,
            kept=True,
            causes=evidence,
        )

    def _plan(self, scribe: Scribe, name: str, formed: _Formed) -> Planned:
        """The plan of a day: the last one is kept by the hour, the others in the node's words."""
        rows = list(schedule(self._inner[name].scratch))
        items: list[dict[str, Any]]
        if formed.number == self._plans[name] and rows:
            items = [{"at": row.hour, "doing": row.doing, "minutes": row.minutes} for row in rows]
        else:
            items = _planned(formed.node.description)
        return scribe.note(Planned, items=tuple(items), origin="model")

    def _heard(self, name: str, node: Node, tick: int) -> tuple[str, ...]:
        """What had been said of the conversation that a memory holds, by then."""
        lines = list(node.lines)
        for number in range(len(self._talks) - 1, -1, -1):
            talk = self._talks[number]
            if talk.since <= tick and name in talk.people and talk.lines == lines:
                return tuple(self._said[number])
        return ()

    def _in(self, node: Node, name: str) -> tuple[str, ...]:
        named = {node.subject, node.object, *node.keywords}
        return tuple(self._ids[one] for one in self._names if one in named and one != name)


def _people(talk: Conversation, ids: Mapping[str, str]) -> list[str]:
    """Everybody of the cast who is in a conversation, whether it stands with them or not."""
    speakers = [who for who, _ in talk.lines if who in ids]
    return list(dict.fromkeys([*talk.people, *speakers]))


def _is_plan(node: Node, name: str) -> bool:
    return node.type == "thought" and node.predicate == "plan" and node.subject == name


def _deed(doing: str) -> str:
    """``sleeping`` → ``is sleeping``: words that continue a name."""
    first = doing.split(maxsplit=1)[0]
    return f"is {doing}" if first.lower().endswith("ing") else f"is at this: {doing}"


def _planned(text: str) -> list[dict[str, Any]]:
    """The rows of a plan in words: ``This is NAME's plan for DAY: one, two, three``."""
    told = text.partition(": ")[2] or text
    items: list[dict[str, Any]] = []
    for part in told.rstrip(".").split(", "):
        match = _HOUR.search(part)
        hour = int(match[1]) % 12 + (12 if match[3].lower() == "pm" else 0) if match else 0
        minute = int(match[2] or 0) if match else 0
        timed = {"at": f"{hour:02d}:{minute:02d}"} if match and minute < 60 else {}
        items.append({**timed, "doing": part.strip()})
    return items
