"""Suites by name: the modules of this package that have ``measures``."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import simulation.bench
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from simulation.bench.figure import Measure


class Suite(NamedTuple):
    """Measures under one name."""

    name: str
    what: str
    """In one line."""
    measures: Callable[[], Sequence[Measure]]
    full_measures: Callable[[], Sequence[Measure]] | None
    """At full size, where the suite has that; None: there is one size."""


def suite_names() -> tuple[str, ...]:
    """The names of all suites, in alphabetical order."""
    found = (info.name for info in pkgutil.iter_modules(simulation.bench.__path__))
    return tuple(sorted(name for name in found if _suite_in(_module(name)) is not None))


def find_suite(name: str) -> Suite:
    """The suite of this name.

    Raises:
        ConfigError: If there is none.
    """
    known = {info.name for info in pkgutil.iter_modules(simulation.bench.__path__)}
    suite = _suite_in(_module(name)) if name in known else None
    if suite is None:
        raise ConfigError("no such suite", value=name, allowed=suite_names())
    return suite


def _module(name: str) -> ModuleType:
    return import_module(f"simulation.bench.{name}")


def _suite_in(module: ModuleType) -> Suite | None:
    measures = getattr(module, "measures", None)
    if measures is None:
        return None
    what = (module.__doc__ or "").partition("\n")[0]
    name = module.__name__.rpartition(".")[2]
    return Suite(name, what, measures, getattr(module, "full_measures", None))
