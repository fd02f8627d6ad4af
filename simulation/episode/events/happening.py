"""What all events share."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

SCHEMA_VERSION = 4
"""Raised by one whenever the shape of an event or a table changes. So far fields and tables were
only added, with defaults, so that logs of every version are read by the same code."""

Origin = Literal[
    "model", "rules", "uniform", "scripted", "human", "reused plan", "fallback", "refusal"
]
"""What made a decision. Fallbacks and refusals never count in a rate."""


class Happening(BaseModel):
    """What all events share."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        ser_json_inf_nan="strings",
    )
    volatile: ClassVar[frozenset[str]] = frozenset()
    incidental: ClassVar[bool] = False

    id: str
    """``tick.phase.rank.ordinal``: where it stands in the episode."""
    tick: int
    """Sim time, in ticks since the start; what is so before the first tick has 0, too."""
    agent: str = ""
    """Whose event it is; empty: the world's."""
    place: str = ""
    """The place's id where it happened."""
    causes: tuple[str, ...] = ()
    """Ids of the events without which it would not have happened."""
