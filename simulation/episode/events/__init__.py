"""The events of an episode: one class per concept.

An event says what happened, to whom, where, and which earlier events caused it. Together with
the model replies of the journal they are the whole record: memories, relations, behaviours and
the replay are computed from them.

Fields that differ between two runs of the same seed and replies (seconds, versions, paths) are
named in ``volatile`` and left out of the canonical export; so is a class marked ``incidental``.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from simulation.episode.events.happening import SCHEMA_VERSION, Happening, Origin
from simulation.episode.events.minds import (
    Decided,
    Felt,
    Needed,
    Planned,
    Probed,
    Reacted,
    Recalled,
    Reflected,
    Related,
    Remembered,
    TookStance,
)
from simulation.episode.events.model import Asked, CircuitChanged, FellBack, Retried
from simulation.episode.events.run import Began, Branched, Ended, Provenance, Started, Warned
from simulation.episode.events.society import (
    Acted,
    Changed,
    Failed,
    Intervened,
    Joined,
    Learned,
    Left,
    Moved,
    Said,
    TalkEnded,
)

__all__ = [
    "EVENT",
    "SCHEMA_VERSION",
    "Acted",
    "Asked",
    "Began",
    "Branched",
    "Changed",
    "CircuitChanged",
    "Decided",
    "Ended",
    "Event",
    "Failed",
    "FellBack",
    "Felt",
    "Happening",
    "Intervened",
    "Joined",
    "Learned",
    "Left",
    "Moved",
    "Needed",
    "Origin",
    "Planned",
    "Probed",
    "Provenance",
    "Reacted",
    "Recalled",
    "Reflected",
    "Related",
    "Remembered",
    "Retried",
    "Said",
    "Started",
    "TalkEnded",
    "TookStance",
    "Warned",
]

Event = Annotated[
    Began
    | Provenance
    | Started
    | Branched
    | Joined
    | Left
    | Changed
    | Intervened
    | Decided
    | Acted
    | Failed
    | Moved
    | Said
    | TalkEnded
    | Learned
    | Remembered
    | Recalled
    | Planned
    | Reflected
    | Reacted
    | Felt
    | Needed
    | Related
    | TookStance
    | Probed
    | Asked
    | FellBack
    | Retried
    | CircuitChanged
    | Warned
    | Ended,
    Field(discriminator="type"),
]
"""Any one of the events, told apart by ``type``."""

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads and writes an event as JSON."""
