"""The run itself: how it begins, stops, goes on and branches."""

from __future__ import annotations

from typing import ClassVar, Literal

from simulation.episode.events.happening import SCHEMA_VERSION, Happening


class Began(Happening):
    """The episode starts: everything needed to run it again."""

    type: Literal["began"] = "began"
    schema_version: int = SCHEMA_VERSION
    """The version of the log's shape."""
    world: str
    """The world's name."""
    seed: int
    """The seed of all random streams."""
    mind: str
    """The kind of mind."""
    model: str
    """The language model's name; empty where minds need none."""
    settings: dict[str, str]
    """The world's levers, all of them."""
    cast: tuple[str, ...]
    """Agents in the order of the roster."""
    start: str
    """The hour of tick 0."""
    tick_minutes: int
    """Sim minutes that a tick stands for."""
    options: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    """The mind's settings: retrieval strategy, prior exponent, embedder."""


class Provenance(Happening):
    """Versions, hashes and paths of this run; recorded, never canonical."""

    type: Literal["provenance"] = "provenance"
    incidental: ClassVar[bool] = True
    facts: dict[str, str]
    """Package versions, the weights' hash, the platform."""


class Started(Happening):
    """A stretch of the run begins: the first, or one more after a stop."""

    type: Literal["started"] = "started"
    incidental: ClassVar[bool] = True
    until: int
    """The tick before which it is to end."""
    version: str = ""
    """The version of the program."""
    resumed: bool = False
    """Whether it goes on with what was lived before."""


class Branched(Happening):
    """Two episodes share a past: this one and another."""

    type: Literal["branched"] = "branched"
    incidental: ClassVar[bool] = True
    role: Literal["parent", "child"]
    """What the other one is to this one."""
    other: str
    """Name of the other episode's folder."""
    at: int
    """The first tick that they do not share."""
    because: tuple[str, ...] = ()
    """What was changed in the child, as it was asked for."""


class Warned(Happening):
    """Something outside the society went wrong: a store that lags, a full disk."""

    type: Literal["warned"] = "warned"
    incidental: ClassVar[bool] = True
    text: str
    """What, and what follows from it."""


class Ended(Happening):
    """The run stops here; the episode is whole up to this tick."""

    type: Literal["ended"] = "ended"
    incidental: ClassVar[bool] = True
    reason: Literal["finished", "interrupted", "budget", "outage", "error"]
    """Why."""
    text: str = ""
    """More of it, where there is more."""
