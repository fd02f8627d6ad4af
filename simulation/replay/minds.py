"""What was behind the events of a reel: percept, options, memories, questions and answers."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from simulation.episode.events import Asked, Decided, Recalled, Remembered
from simulation.episode.menu import menu_texts
from simulation.episode.plain import place_name, place_names, plain
from simulation.episode.schema import key_of
from simulation.errors import SimulationError
from simulation.replay.heads import Heads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulation.episode.episode import Episode
    from simulation.episode.events import Event
    from simulation.episode.reader import Row
    from simulation.replay.index import EventIndex

_ELSEWHERE: Final = {"causes", "menu", "percept", "query", "prompt", "vector", "raw", "corrected"}
"""Fields that are shown in another way, or are hashes."""
_SAID_ELSEWHERE: Final = {"reply", "options"}


class Minds:
    """Reads what was behind events.

    Args:
        episode: Whose.
        index: Its events by number.
    """

    def __init__(self, episode: Episode, index: EventIndex) -> None:
        self._episode = episode
        self._index = index
        self.heads = Heads(episode)
        self._places = place_names(episode.spec.data)

    def between(self, begin: int, end: int) -> dict[int, dict[str, Any]]:
        """For each event from one number up to another that has anything behind it."""
        rows = [(n, self._episode.typed(row), row) for n, row in self._index.rows(begin, end)]
        texts = self._texts([event for _, event, _ in rows])
        asked = {event.id: event for _, event, _ in rows if isinstance(event, Asked)}
        recalled: dict[str, Recalled] = {}
        found: dict[int, dict[str, Any]] = {}
        for number, event, row in rows:
            if isinstance(event, Recalled):
                recalled[event.agent] = event
            if number < 0:
                continue
            mind: dict[str, Any] = {}
            if isinstance(event, Decided):
                mind |= self._choice(event, texts, recalled.get(event.agent))
            elif isinstance(event, Recalled):
                mind["memories"] = self._scored(event, texts)
            call = event if isinstance(event, Asked) else self._call(event, asked)
            if call is not None:
                mind["calls"] = [self._question(call, texts)]
            fields = self._fields(event, row)
            if fields:
                mind["fields"] = fields
            if mind:
                found[number] = mind
        return found

    def _call(self, event: Event, asked: Mapping[str, Asked]) -> Asked | None:
        name = getattr(event, "call", "")
        if not name:
            return None
        if name in asked:
            return asked[name]
        found = self._episode.event(name)
        return found if isinstance(found, Asked) else None

    def _choice(self, event: Decided, texts: _Texts, recalled: Recalled | None) -> dict[str, Any]:
        menu = menu_texts(texts.content(event.menu))
        shares = [event.raw or (), event.corrected or ()]
        known = recalled is not None and recalled.tick == event.tick
        mind: dict[str, Any] = {
            "percept": self._percept(texts.content(event.percept)),
            "options": [
                [plain(text), *(_at(share, n) for share in shares)] for n, text in enumerate(menu)
            ],
            "chosen": event.chosen,
            "origin": event.origin,
            "exponent": event.exponent,
        }
        if known and recalled is not None:
            mind["memories"] = self._scored(recalled, texts)
        elif event.memories:
            numbers = [self._index.number(name) for name in event.memories]
            mind["memories"] = [
                [number, texts.memory(name), None, None, None, None]
                for number, name in zip(numbers, event.memories, strict=True)
            ]
        return mind

    def _fields(self, event: Event, row: Row) -> dict[str, Any]:
        """What an event says besides; memories by number."""
        fields = _left(self._episode.fields(row), event)
        if isinstance(event, Decided):
            fields.pop("memories", None)
            fields["inPrompt"] = self._index.numbers(event.memories)
            fields["dropped"] = self._index.numbers(event.dropped)
        return fields

    def _scored(self, event: Recalled, texts: _Texts) -> list[list[Any]]:
        return [
            [self._index.number(name), texts.memory(name), *(round(part, 4) for part in scores)]
            for name, scores in zip(event.memories, event.scores, strict=False)
        ]

    def _question(self, call: Asked, texts: _Texts) -> dict[str, Any]:
        prompt = texts.content(call.prompt) or self._episode.log.contents((call.prompt,)).get(
            call.prompt, ""
        )
        return {
            "purpose": call.purpose,
            "model": call.model,
            "prompt": self.heads.cut(prompt),
            "reply": call.reply,
            "promptTokens": call.prompt_tokens,
            "cachedTokens": call.cached_tokens,
            "replyTokens": call.reply_tokens,
            "seconds": round(call.seconds, 3),
            "cost": call.cost,
            "repair": call.repair,
            "options": list(call.options),
        }

    def _percept(self, content: str) -> str:
        try:
            percept = json.loads(content) if content else {}
        except ValueError:
            return plain(content, 2000)
        return "\n".join(self._perceived(percept)) if isinstance(percept, dict) else ""

    def _perceived(self, percept: Mapping[str, Any]) -> list[str]:
        """A percept in sentences, a line for each sense."""
        name = self._episode.name
        said = [f"{name(who)}: “{text}”" + ("" if told else " (overheard)")
                for who, text, told in percept.get("heard", ())]  # fmt: skip
        people = [
            f"{name(who)}{f', {doing}' if doing else ''}"
            + (f" ({place_name(self._places, place)})" if place != percept.get("place") else "")
            for who, place, doing in percept.get("people", ())
        ]
        needs = [f"{need} {level:g}" for need, level in percept.get("needs", {}).items()]
        outcome = [part for part in percept.get("outcome", ()) if part]
        rows = (
            ("Place", [place_name(self._places, percept.get("place", ""))]),
            ("Thought", percept.get("thoughts", ())),
            ("In sight", people),
            ("Heard", said),
            ("Noticed", percept.get("noticed", ())),
            ("Own last act", outcome),
            ("Things", percept.get("things", ())),
            ("Needs, of 10", [", ".join(needs)] if needs else ()),
        )
        return [plain(f"{title}: {_listed(found)}", 2000) for title, found in rows if found]

    def _texts(self, events: Sequence[Event]) -> _Texts:
        names: set[str] = set()
        memories: set[str] = set()
        for event in events:
            if isinstance(event, Decided):
                names |= {event.menu, event.percept}
                memories |= set(event.memories)
            elif isinstance(event, Asked):
                names.add(event.prompt)
            elif isinstance(event, Recalled):
                memories |= set(event.memories)
        return _Texts(self._episode, names - {""}, memories)


class _Texts:
    """Texts that the events of a piece name: contents by hash, memories by id."""

    def __init__(self, episode: Episode, names: set[str], memories: set[str]) -> None:
        self._contents = episode.log.contents(names)
        self._memories: dict[str, str] = {}
        keys: list[int] = []
        for memory in memories:
            # A damaged reference is shown without words.
            with suppress(SimulationError):
                keys.append(key_of(memory))
        for row in episode.log.rows_at(keys):
            event = episode.typed(row)
            if isinstance(event, Remembered):
                self._memories[event.id] = plain(event.text, 300)

    def content(self, name: str) -> str:
        """The text behind a hash; empty where there is none."""
        return self._contents.get(name, "")

    def memory(self, name: str) -> str:
        """The words of a memory."""
        return self._memories.get(name, "")


def _listed(found: Sequence[Any]) -> str:
    """Sentences one after the other; anything else with semicolons between."""
    parts = [str(part) for part in found]
    return (" " if all(part.endswith((".", "!", "?")) for part in parts) else "; ").join(parts)


def _at(shares: Sequence[float], number: int) -> float | None:
    return round(shares[number], 6) if number < len(shares) else None


def _left(fields: Mapping[str, Any], event: Event) -> dict[str, Any]:
    """What an event says besides."""
    out = _ELSEWHERE | (_SAID_ELSEWHERE if isinstance(event, Asked) else set())
    if isinstance(event, Recalled):
        out = out | {"memories", "scores"}
    return {name: value for name, value in fields.items() if name not in out}
