"""From a percept to what is worth remembering: attention, novelty, and rules of importance.

Park et al. (2023, §4.1) let an agent take in what is near and new; the released code keeps the
nearest eight events that are not among the last few. Here the window is in sim time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulation.mind.degenerate import is_ceremony
from simulation.mind.recollection import Note
from simulation.mind.words import retold, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.kernel.percept import Heard, Percept
    from simulation.mind.options import MindOptions

ROUTINE, PRESENCE, THING, DEED, NEWS = 1.0, 2.0, 2.0, 3.0, 5.0
"""Importance by rule, on Park's scale of 1 (brushing teeth) to 10 (a break-up): one's own
routine, who is about, the state of a thing, what somebody did, what draws every eye."""

_SOON_OVER = re.compile(r"I (?:mean to|am going to|have to|have not|will|must)\b")
"""How somebody begins to say what they are about to do: no news an hour later."""


class Attention:
    """Decides what of a percept becomes a memory.

    Args:
        options: How much is taken in, and for how long the same is old news.
        tick_minutes: Sim minutes in a tick.
    """

    def __init__(self, options: MindOptions, tick_minutes: int) -> None:
        self._limit = options.attention
        self._window = max(1, options.novelty_minutes // tick_minutes)
        self._seen: dict[str, int] = {}

    def notes(self, percept: Percept) -> list[Note]:
        """New observations of this tick, the most striking first, at most so many."""
        fresh = [note for note in _observations(percept) if self._is_new(note.text, percept.tick)]
        return sorted(fresh, key=lambda note: -note.importance)[: self._limit]

    def _is_new(self, text: str, tick: int) -> bool:
        last = self._seen.get(text)
        self._seen[text] = tick
        if len(self._seen) > 2_000:
            self._seen = {
                known: when for known, when in self._seen.items() if tick - when < self._window
            }
        return last is None or tick - last >= self._window


def _observations(percept: Percept) -> Iterator[Note]:
    where = percept.place.where if percept.place else ""
    yield from _own(percept)
    for noticed in percept.noticed:
        yield Note(
            kind="observation",
            text=noticed.text,
            # What nobody did, everybody saw.
            spoken="" if noticed.routine or not noticed.actor else noticed.text.rstrip("."),
            importance=NEWS if noticed.notable else ROUTINE if noticed.routine else DEED,
            people=(noticed.actor,) if noticed.actor else (),
            evidence=(noticed.event,),
            source="saw",
        )
    for other in percept.people:
        if other.doing and other.place and percept.place and other.place == percept.place.id:
            text = f"{other.name} is {other.doing} {where}."
            yield Note(
                kind="observation",
                text=_once(text, where),
                importance=PRESENCE,
                people=(other.id,),
                source="saw",
            )
    for thing in percept.things:
        yield Note(
            kind="observation",
            text=thing.text,
            importance=THING,
            source="saw",
        )


def _once(text: str, where: str) -> str:
    """A sentence that names its place one time only."""
    body = text.rstrip(".")
    doubled = f"{where} {where}"
    return f"{body.replace(doubled, where)}."


def _own(percept: Percept) -> Iterator[Note]:
    outcome, name = percept.outcome, percept.persona.name
    if outcome is None:
        return
    if outcome.reason:
        yield Note(
            kind="observation",
            text=sentence(f"{name} could not go on: {outcome.reason}"),
            spoken="",
            importance=DEED,
            evidence=(outcome.event,),
            source="saw",
        )
    elif outcome.deed and not outcome.deed.startswith("walked"):
        yield Note(
            kind="observation",
            text=sentence(f"{name} {outcome.deed}"),
            spoken=f"I {outcome.deed}",
            importance=ROUTINE,
            evidence=(outcome.event,),
            source="saw",
        )


def line_note(percept: Percept, heard: Heard, clause: str) -> Note:
    """What remains of words that were heard and carried no fact."""
    speaker = percept.view.name(heard.speaker)
    hearer = percept.persona.name
    how = f"told {hearer}" if heard.told else "said"
    source = "told" if heard.told else "overheard"
    return Note(
        kind="dialogue",
        text=f"{speaker} {how}: {heard.text}",
        spoken=passed_on(percept, heard, clause),
        importance=DEED if heard.told else PRESENCE,
        people=(heard.speaker,),
        evidence=(heard.event,),
        source=f"{source}:{heard.speaker}",
    )


def passed_on(percept: Percept, heard: Heard, clause: str) -> str:
    """What was heard as the hearer would tell it, or nothing for what is soon over."""
    if is_ceremony(heard.text) or _SOON_OVER.match(clause):
        return ""
    speaker = percept.view.stage.cast[heard.speaker]
    to = percept.view.name(heard.to) if heard.to else "you"
    return retold(clause, speaker.name, speaker.pronouns, "me" if heard.to == percept.agent else to)
