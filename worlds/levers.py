"""Levers and head counts as somebody gives them, checked against what a file has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def levers_of(known: Mapping[str, Sequence[str]], given: Mapping[str, str]) -> dict[str, str]:
    """Every lever with its value; the first value is the default.

    Raises:
        ConfigError: A lever or a value that the file does not have.

    Examples:
        >>> levers_of({"gate": ("open", "shut"), "bell": ("on", "off")}, {"bell": "off"})
        {'gate': 'open', 'bell': 'off'}
    """
    for name, value in given.items():
        if name not in known:
            raise ConfigError("unknown lever", value=name, allowed=known)
        if str(value) not in known[name]:
            raise ConfigError(f"unknown value of {name}", value=str(value), allowed=known[name])
    return {name: str(given.get(name, values[0])) for name, values in known.items()}


def head_count(most: int, agents: int | None) -> int:
    """How many people take part.

    Raises:
        ConfigError: More than there are, or nobody.
    """
    count = most if agents is None else agents
    if not 1 <= count <= most:
        raise ConfigError(
            "agents out of range", where="agents", value=agents, allowed=[f"1 to {most}"]
        )
    return count
