"""Which kind of mind everybody has: ``generative``, or ``rules,human:ana,human:bram``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from simulation.errors import ConfigError
from simulation.kernel.world import mind_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from personas import Persona
    from simulation.kernel.spec import WorldSpec

HUMAN: Final = "human"
"""A person at the keyboard."""
GENERATIVE: Final = "generative"
"""The one kind of mind that asks a model."""
CUSTOM: Final = "custom"
"""A kind that was given as an object and has no name."""


@dataclass(frozen=True, kw_only=True)
class Minds:
    """The kind of mind that people have, and who is played by a person."""

    others: str = GENERATIVE
    """The kind of all who are not played; ``human``: everybody is."""
    people: tuple[str, ...] = ()
    """Ids of those who are played, in the order of the roster."""

    @classmethod
    def parse(
        cls, names: str | Sequence[str], cast: Sequence[Persona], where: str = "mind"
    ) -> Self:
        """Kinds as they are written: one for everybody, and ``human:NAME`` for who is played.

        Raises:
            ConfigError: There is no such kind or person, or there are two kinds for the others.
        """
        given = [names] if isinstance(names, str) else names
        parts = [part.strip() for name in given for part in name.split(",")]
        kinds = [part for part in parts if not part.startswith(f"{HUMAN}:")]
        for kind in kinds:
            if kind not in mind_names():
                allowed = [*mind_names(), f"{HUMAN}:NAME"]
                raise ConfigError("unknown mind", where=where, value=kind, allowed=allowed)
        if len(set(kinds)) > 1:
            hint = f"Give one of them, and {HUMAN}:NAME for who is played."
            raise ConfigError("two kinds of mind", where=where, value=", ".join(kinds), hint=hint)
        played = [_person(part, cast, where) for part in parts if part not in kinds]
        people = tuple(persona.id for persona in cast if persona.id in played)
        return cls(others=kinds[0] if kinds else GENERATIVE, people=people)

    def __str__(self) -> str:
        """As they are written.

        Examples:
            >>> str(Minds(others="rules", people=("ana", "bram")))
            'rules,human:ana,human:bram'
        """
        return ",".join([self.others, *(f"{HUMAN}:{person}" for person in self.people)])

    def plays(self, agent: str) -> bool:
        """Whether somebody is played by a person."""
        return self.others == HUMAN or agent in self.people

    def leave_directed(self, spec: WorldSpec, where: str = "mind") -> Self:
        """The same, where nobody plays a person whom the world directs itself.

        Raises:
            ConfigError: Somebody would.
        """
        directed = spec.world_class().directed_of(spec) if self.people else ()
        for agent in self.people:
            if agent in directed:
                free = [persona.id for persona in spec.cast if persona.id not in directed]
                what = f"{agent} does what the protocol says, and cannot be played"
                hint = "" if free else "Nobody can be played here."
                value = f"{HUMAN}:{agent}"
                raise ConfigError(what, where=where, value=value, allowed=free, hint=hint)
        return self

    @property
    def need_model(self) -> bool:
        """Whether any of them asks a language model."""
        return self.others == GENERATIVE


def _person(part: str, cast: Sequence[Persona], where: str) -> str:
    name = part.partition(":")[2].strip().casefold()
    for persona in cast:
        if name in (persona.id.casefold(), persona.name.casefold()):
            return persona.id
    names = [persona.name for persona in cast]
    raise ConfigError("nobody of this name lives here", where=where, value=part, allowed=names)
