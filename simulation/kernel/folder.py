"""Worlds that are a folder: what ``sociarium new world NAME`` writes, and anyone can change."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Final

from simulation.errors import WorldError
from simulation.kernel.world import World

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

FILE: Final = "world.py"
"""The module of the folder that holds the class."""
PREFIX: Final = "sociarium_folder_"
"""Keeps the module apart from packages of the folder's name."""


def world_in(folder: Path) -> type[World]:
    """The class that a folder's ``world.py`` defines.

    Raises:
        WorldError: The folder has no such file, it cannot be run, or it defines no world.
    """
    file = folder.resolve() / FILE
    if not file.is_file():
        hint = "A world's folder is made by `sociarium new world NAME`."
        raise WorldError(f"the folder has no {FILE}", where=folder, hint=hint)
    module = _run(file)
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, World)
        and value.__module__ == module.__name__
    ]
    if len(found) != 1:
        names = sorted(value.__name__ for value in found)
        what = "should define one class that is a World"
        raise WorldError(what, where=file, value=names, hint="Keep one, and import the others.")
    return found[0]


def _run(file: Path) -> ModuleType:
    name = f"{PREFIX}{file.parent.name}"
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise WorldError("cannot be imported", where=file)
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (ImportError, SyntaxError, AttributeError, NameError) as error:
        del sys.modules[name]
        raise WorldError(f"cannot be imported ({error})", where=file) from error
    return module
