"""Each event of a reel in words, with what caused it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simulation.episode.events import Acted, Decided, Moved, Said
from simulation.episode.plain import plain
from simulation.episode.telling import TELLERS, Teller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.episode.episode import Episode
    from simulation.episode.events import Event
    from simulation.replay.index import EventIndex

WORDS: Final = 1000
"""Letters of an utterance that a transcript shows; the inspector has all of them."""
_OTHER: Final = ""
"""The kind of what nobody tells: versions, what came to mind."""


def lines(episode: Episode, index: EventIndex, begin: int, end: int) -> Iterator[list[Any]]:
    """A line for each event from one number up to another.

    ``[id, kind, text, causes, to]``; an utterance has its words and the number of the event that
    opened the conversation besides.
    """
    teller = Teller(episode)
    events = [episode.typed(row) for number, row in index.rows(begin, end) if number >= 0]
    teller.read_menus({event.menu for event in events if isinstance(event, Decided)})
    for number, event in enumerate(events, begin):
        teller.walks.pop(event.agent, None)  # a step that has a number is told
        kind = TELLERS[type(event)][0] if type(event) in TELLERS else _OTHER
        told = teller.tell(event) if kind != _OTHER else None
        line = [event.id, kind, told.text if told else "", _causes(index, event), -1]
        if isinstance(event, Said):
            line[4] = index.agent(event.to)
            opened = index.number(event.talk) if event.talk else number
            line += [plain(event.text, WORDS), opened if opened >= 0 else number]
        yield line


def _causes(index: EventIndex, event: Event) -> list[int]:
    """What an event names as its causes, and the choice that an act goes back to."""
    causes = index.numbers(event.causes)
    tick = None
    if isinstance(event, Acted):
        tick = event.since
    elif isinstance(event, (Said, Moved)):
        tick = event.tick
    if tick is not None:
        decision = index.decision(event.agent, tick)
        if decision >= 0 and decision not in causes:
            causes.append(decision)
    return causes
