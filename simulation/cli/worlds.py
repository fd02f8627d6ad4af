"""From WORLD and its options on the command line to a description, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from simulation.errors import ConfigError

if TYPE_CHECKING:
    from simulation.kernel.spec import WorldSpec


def describe(
    world: str, *, agents: int | None, settings: Sequence[str], start: str | None
) -> WorldSpec:
    """The description of a world with its levers set.

    Raises:
        BadInput: The world, a lever, its value, the number of agents or the hour will not do.
    """
    from simulation.kernel.spec import find_world

    given = pairs_of(settings)
    hour = None if start is None else hour_of(start)
    found = find_world(world)
    if given or agents is not None:
        plain = found.load()
        _check_levers(given, plain.settings)
        _check_agents(agents, len(plain.cast))
    spec = found.load(agents=agents, **given)
    return spec if hour is None else spec.model_copy(update={"start": hour})


def pairs_of(
    settings: Sequence[str], where: str = "--set", example: str = "logs=asked"
) -> dict[str, str]:
    """What was given as ``key=value``; of two values for one key the last counts.

    Raises:
        ConfigError: Not of that form.
    """
    pairs: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key.strip():
            raise ConfigError(
                "not of the form key=value",
                where=where,
                value=setting,
                hint=f"Write, for example, {where} {example}.",
            )
        pairs[key.strip()] = value.strip()
    return pairs


def hour_of(text: str) -> str:
    """An hour of the day as ``07:00``.

    Raises:
        ConfigError: It is none.
    """
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip(), re.ASCII)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        hint = "Give an hour from 00:00 to 23:59."
        raise ConfigError("not a time of day", where="--start", value=text, hint=hint)
    return f"{int(match[1]):02d}:{match[2]}"


def lever_values(world: str) -> dict[str, tuple[str, ...]]:
    """The levers of a world with their values, as far as it tells them.

    Raises:
        WorldError: There is no such world.
    """
    from simulation.kernel.spec import find_world

    found = find_world(world)
    spec = found.load()
    told = found.levers_of(spec)
    return {key: tuple(told.get(key) or (value,)) for key, value in spec.settings.items()}


def _check_levers(given: Mapping[str, str], known: Mapping[str, str]) -> None:
    for key in given:
        if key not in known:
            raise ConfigError("unknown lever", where="--set", value=key, allowed=sorted(known))


def _check_agents(agents: int | None, most: int) -> None:
    if agents is not None and not 1 <= agents <= most:
        hint = f"The cast of this world has {most}."
        raise ConfigError("out of range", where="--agents", value=agents, hint=hint)
