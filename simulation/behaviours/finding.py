"""What a detector says: a finding with its evidence, and the opportunities that rates are made of.

Detectors read the log and nothing else, so they say the same while a run lives and afterwards.
"""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

Family = Literal["volunteering", "conformity", "destruction", "words"]
"""What kind of behaviour."""
FAMILIES: Final[tuple[Family, ...]] = get_args(Family)

Excluded = Literal["", "fallback", "refusal"]
"""Why a choice leaves a rate; empty: it counts."""


class Evidence(BaseModel):
    """What findings and opportunities share: who, when, where, and the events behind it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    family: Family
    """What kind of behaviour."""
    actor: str
    """Whose."""
    target: str = ""
    """Whom it touches: a person's id, ``commons``, or empty."""
    tick: int
    """When."""
    place: str = ""
    """Where: a place's id."""
    events: tuple[str, ...] = Field(min_length=1)
    """Ids of the events that it rests on, in the order of the log; never empty."""
    detector: str
    """The name of the detector."""
    version: int
    """The version of its definition, raised by one whenever that changes."""


class Finding(Evidence):
    """Something that a detector found.

    Examples:
        >>> found = Finding(family="volunteering", kind="volunteered", subtype="time", actor="ada",
        ...     target="gudrun", tick=12, events=("00012.2.001.000",), detector="volunteering",
        ...     version=1)
        >>> found.kind
        'volunteered'
    """

    kind: str
    """What it is, in the terms of the detector: ``volunteered``, ``complied``, ``conversion``."""
    subtype: str = ""
    """A finer kind, where the definition has one."""
    fields: dict[str, Any] = {}
    """The fields of the definition, JSON values only."""
    confidence: float = Field(default=1.0, ge=0, le=1)
    """1 for what follows from the world's rules; less for what was read out of words."""


class Opportunity(Evidence):
    """A choice at which something of a family could have been done, and something else as well."""

    act: str
    """What could be done: a goal's id, ``logs:along``, a topic's id."""
    taken: bool
    """Whether it was done."""
    origin: str
    """What made the choice: ``model``, ``rules``, …"""
    excluded: Excluded = ""
    """Why it leaves the rate."""
