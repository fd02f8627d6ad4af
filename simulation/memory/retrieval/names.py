"""Strategies by name: ``NAME`` or ``NAME:key=value,key=value``, ours and those of other packages.

A package adds a strategy by an entry point in the group ``sociarium.retrieval``: a class, or any
callable that makes one, whose keyword arguments with a default are its parameters.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from inspect import getdoc, signature
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.errors import ConfigError
from simulation.memory.retrieval.baselines import Forgetful, Recent
from simulation.memory.retrieval.forgetting import Forgetting
from simulation.memory.retrieval.park import Park
from simulation.memory.retrieval.park_code import ParkCode
from simulation.memory.retrieval.short_long_term import ShortLongTerm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulation.memory.retrieval.strategy import RetrievalStrategy

GROUP: Final = "sociarium.retrieval"
"""The entry points of other packages' strategies."""

_OURS: Final[Mapping[str, Callable[..., RetrievalStrategy]]] = {
    "park": Park,
    "park_code": ParkCode,
    "forgetting": Forgetting,
    "short_long_term": ShortLongTerm,
    "recent": Recent,
    "none": Forgetful,
}
_TRUTHS: Final = {"true": True, "false": False}


class RetrievalInfo(NamedTuple):
    """A strategy, as a list shows it."""

    name: str
    what: str
    """In one line."""
    parameters: str
    """With their defaults: ``decay=0.995,relevance=1.0``."""


def open_retrieval(strategy: str | RetrievalStrategy) -> RetrievalStrategy:
    """Return the strategy of this name; an instance passes through.

    Args:
        strategy: ``NAME`` or ``NAME:key=value,key=value``.

    Raises:
        ConfigError: If there is no such strategy or parameter, or a value will not do.

    Examples:
        >>> open_retrieval("park:decay=0.99,relevance=2")
        Park(recency=1.0, importance=1.0, relevance=2.0, decay=0.99, name='park')
    """
    if not isinstance(strategy, str):
        return strategy
    name, _, settings = strategy.partition(":")
    make = _find(name.strip())
    given = _given(name.strip(), settings, _parameters(make))
    return make(**given)


def list_retrieval() -> list[RetrievalInfo]:
    """Return all strategies: ours first, then other packages' by name."""
    infos: list[RetrievalInfo] = []
    for name in _names():
        make = _find(name)
        what = (getdoc(make) or "").partition("\n")[0]
        defaults = ",".join(f"{key}={value}" for key, value in _parameters(make).items())
        infos.append(RetrievalInfo(name, what, defaults))
    return infos


def _names() -> list[str]:
    others = {entry.name for entry in entry_points(group=GROUP)} - set(_OURS)
    return [*_OURS, *sorted(others)]


def _find(name: str) -> Callable[..., RetrievalStrategy]:
    if name in _OURS:
        return _OURS[name]
    for entry in entry_points(group=GROUP, name=name):
        try:
            return entry.load()
        except (ImportError, AttributeError) as error:
            what = f"the strategy of {entry.value} cannot be loaded ({error})"
            raise ConfigError(what, where="retrieval", value=name) from error
    raise ConfigError("no such way to retrieve memories", value=name, allowed=_names())


def _parameters(make: Callable[..., RetrievalStrategy]) -> dict[str, Any]:
    """The parameters that a string can set, with their defaults."""
    return {
        name: parameter.default
        for name, parameter in signature(make).parameters.items()
        if name != "name" and isinstance(parameter.default, bool | int | float | str)
    }


def _given(name: str, settings: str, defaults: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in settings.split(","))):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if key not in defaults:
            what = f"no such parameter of {name!r}"
            raise ConfigError(
                what,
                value=key,
                allowed=sorted(defaults),
                hint=None if defaults else "It has none.",
            )
        if not equals or key in given:
            hint = f"Write {name}:{key}=VALUE."
            raise ConfigError("a parameter needs one value", where=name, value=part, hint=hint)
        given[key] = _read(f"{name}: {key}", value, defaults[key])
    return given


def _read(where: str, text: str, default: bool | float | str) -> bool | float | str:
    if isinstance(default, str):
        return text
    if isinstance(default, bool):
        if text.casefold() not in _TRUTHS:
            raise ConfigError("not true or false", where=where, value=text, allowed=_TRUTHS)
        return _TRUTHS[text.casefold()]
    try:
        return type(default)(text)
    except ValueError as error:
        what = "not a whole number" if isinstance(default, int) else "not a number"
        raise ConfigError(what, where=where, value=text) from error
