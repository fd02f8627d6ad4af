"""Makes a world's description out of a map file, without Mesa."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import ValidationError

import personas
from simulation.errors import WorldError
from simulation.kernel.facts import Fact
from simulation.kernel.spec import WorldSpec
from simulation.kernel.stakes import COMMONS, Goal, Norm
from worlds.levers import head_count, levers_of
from worlds.mapfile import read_map
from worlds.schema import KnownFact, Town

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from personas import Persona
    from simulation.kernel.topics import Topic


def town_of(spec: WorldSpec) -> Town:
    """The map file inside a description.

    Raises:
        WorldError: There is none in it.
    """
    try:
        return Town.model_validate(spec.data["map"])
    except (KeyError, ValidationError) as error:
        told = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "there is none"
        what = f"the description holds no map that can be used ({told})"
        raise WorldError(what, value=spec.world) from error


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int) -> Town:
    return read_map(path)


@lru_cache(maxsize=64)
def _persona(name: str) -> Persona:
    """A persona that ships with the package: its file does not change while a process lives."""
    return personas.load(name)


def load_town(
    path: Path, world: str, *, agents: int | None = None, settings: dict[str, str]
) -> WorldSpec:
    """A description out of a map file.

    Raises:
        ConfigError: An unknown lever or value, or more people than there are.
        FileError: The map file cannot be used.
    """
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    town = _read(path, changed)
    levers = levers_of(town.settings, settings)
    count = head_count(len(town.cast), agents)
    cast = tuple(_persona(name) for name in town.cast[:count])
    return WorldSpec(
        world=world,
        title=town.title,
        cast=cast,
        facts=_facts(town, levers, cast),
        topics=_topics(town, cast),
        goals=_goals(town, levers, cast),
        norms=_norms(town, levers),
        settings=levers,
        start=town.start,
        ticks=town.ticks,
        sight=town.sight,
        hearing=next(
            (far for lever, far in town.voices.items() if _stands(lever, levers)), town.hearing
        ),
        speed=town.speed,
        reach=town.reach,
        data={"map": town.model_dump(mode="json", exclude_defaults=True)},
    )


def _facts(town: Town, levers: dict[str, str], cast: tuple[Persona, ...]) -> tuple[Fact, ...]:
    present = {persona.id for persona in cast}
    return tuple(_fact(row, levers, present) for row in town.facts if _holds(row.when, levers))


def _holds(when: Mapping[str, tuple[str, ...]], levers: Mapping[str, str]) -> bool:
    return all(levers[name] in values for name, values in when.items())


def _also(more: Mapping[str, tuple[str, ...]], levers: Mapping[str, str]) -> list[str]:
    """Those who are named under ``lever=value`` besides, as the levers stand."""
    found: list[str] = []
    for condition, people in more.items():
        if _stands(condition, levers):
            found += people
    return found


def _stands(condition: str, levers: Mapping[str, str]) -> bool:
    """Whether a lever stands as ``lever=value`` says."""
    lever, _, value = condition.partition("=")
    return levers.get(lever) == value


def _goals(town: Town, levers: dict[str, str], cast: tuple[Persona, ...]) -> tuple[Goal, ...]:
    """The goals of those who live here, and the shared ones."""
    present = {persona.id for persona in cast}
    found: list[Goal] = []
    for row in town.goals:
        if _holds(row.when, levers) and row.owner in (*present, COMMONS):
            assigned = [*row.assigned, *_also(row.also_assigned, levers)]
            plain = row.model_dump(exclude={"when", "also_assigned"})
            here = tuple(who for who in assigned if who in present)
            found.append(Goal.model_validate(plain | {"assigned": here}))
    return tuple(found)


def _norms(town: Town, levers: dict[str, str]) -> tuple[Norm, ...]:
    return tuple(
        Norm.model_validate(row.model_dump(exclude={"when"}))
        for row in town.norms
        if _holds(row.when, levers)
    )


def _topics(town: Town, cast: tuple[Persona, ...]) -> tuple[Topic, ...]:
    present = {persona.id for persona in cast}
    return tuple(
        topic.model_copy(
            update={"held": {who: at for who, at in topic.held.items() if who in present}}
        )
        for topic in town.topics
    )


def _fact(row: KnownFact, levers: dict[str, str], present: set[str]) -> Fact:
    seeded = [*row.seeded, *_also(row.also_seeded, levers)]
    plain = row.model_dump(exclude={"when", "also_seeded"})
    return Fact.model_validate(plain | {"seeded": tuple(w for w in seeded if w in present)})
