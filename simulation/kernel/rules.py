"""The rules of a world: what is legal, what comes of it, and what happens by itself.

Rules read a view and nothing else, and change nothing: they return effects, and the kernel
applies them. That is what makes a world resumable, branchable and free of a fixed schedule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulation.kernel.action import Action, Say
    from simulation.kernel.effect import Effect, Value
    from simulation.kernel.view import WorldView


@dataclass(frozen=True, kw_only=True)
class Option:
    """A legal act as it is shown to a mind, in neutral physical words."""

    text: str
    """A verb phrase after *decides to*: ``carry a log into the shed``."""
    action: Action
    minutes: int = 1
    """How long until the rules resolve it."""
    about: str = ""
    """A clause that tells why it could be done now, for prompts; may be empty."""


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """What comes of an action at the moment at which the rules resolve it."""

    effects: tuple[Effect, ...] = ()
    deed: str = ""
    """What was done, past tense: ``carried a log into the shed``. Empty: nothing worth telling."""
    reason: str = ""
    """Why it could not be done, as a clause; empty: it was done."""
    again: int = 0
    """Ticks until it goes on by itself (a walk, a task); 0: it is over."""
    learned: tuple[str, ...] = ()
    """Ids of facts that the actor learns from it (a notice that was read)."""
    notable: bool = False
    """Whether an onlooker's attention is drawn to it."""
    says: Say | None = None
    """Words that the act consists of, given by the world: an answer called out, a bid. They are
    heard as any others."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something that happens without anybody's act."""

    text: str
    """A sentence, for those who can see it; empty: nobody notices."""
    effects: tuple[Effect, ...] = ()
    place: str = ""
    """Where it can be noticed; empty: everywhere."""


@dataclass(frozen=True, kw_only=True)
class Thing:
    """An object as a body sees it."""

    id: str
    text: str
    """A sentence about its state: ``The gate on the path is jammed.``"""


class Rules(Protocol):
    """What a world decides. All methods are pure functions of the view."""

    def initial(self) -> Mapping[tuple[str, str], Value]:
        """The state before the first tick; people's ``cell`` and ``activity`` among it."""
        ...

    def ambient(self, view: WorldView) -> Sequence[Change]:
        """What happens by itself at the start of this tick."""
        ...

    def legal(self, view: WorldView, agent: str) -> Sequence[Option]:
        """Everything that the body can do now; never empty (one can always wait).

        Waiting with words of one's own is legal anywhere and stands on no list: others see it,
        and it changes nothing.
        """
        ...

    def minutes(self, view: WorldView, agent: str, action: Action) -> int:
        """Sim minutes until this action is resolved, at least 1."""
        ...

    def resolve(self, view: WorldView, agent: str, action: Action) -> Resolution:
        """What comes of the action now. An act that is no longer possible fails with a reason."""
        ...

    def doing(self, view: WorldView, agent: str) -> str:
        """What others see the body do: ``carrying a log``; empty: nothing in particular."""
        ...

    def things(self, view: WorldView, agent: str) -> Sequence[Thing]:
        """The objects in sight whose state is worth a glance, nearest first."""
        ...

    def needs(self, view: WorldView, agent: str) -> Mapping[str, float]:
        """Each need from 0 (empty) to 10 (satisfied): ``energy``, ``fullness``."""
        ...


@runtime_checkable
class KnowsUses(Protocol):
    """Rules under which some words for an activity mean the use of an object."""

    def stands_for_use(self, view: WorldView, agent: str, doing: str) -> bool:
        """Whether this, done where the body is, is a use: only its option does it, if legal."""
        ...
