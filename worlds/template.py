"""A commented folder to start a new town from; it validates and runs as it stands."""

from __future__ import annotations

import re
from importlib import resources
from string import Template
from typing import TYPE_CHECKING, Final

from simulation.errors import WorldError

if TYPE_CHECKING:
    from pathlib import Path

    from simulation.kernel.world import World

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def world_template(name: str) -> dict[str, str]:
    """The files of a new world, by their path.

    Args:
        name: Lower-case letters, digits and underscores, a letter first; also the folder's name.

    Raises:
        WorldError: The name cannot be one.
    """
    if not _NAME.fullmatch(name):
        what = "a world's name should be lower-case letters, digits and underscores"
        hint = "Choose another NAME, such as harbour."
        raise WorldError(what, value=name, hint=hint)
    words = name.replace("_", " ").title()
    names = {"name": name, "title": words, "cls": words.replace(" ", "")}
    folder = resources.files("worlds").joinpath("templates")
    return {
        f"{name}/{file}": Template(
            folder.joinpath(f"{file}.txt").read_text(encoding="utf-8")
        ).substitute(names)
        for file in ("__init__.py", "world.py", "map.yaml")
    }


def load_folder(path: Path) -> type[World]:
    """The class of a world that is a folder.

    Raises:
        WorldError: The folder is no world.
    """
    from simulation.kernel.folder import world_in  # noqa: PLC0415 - it imports Mesa

    return world_in(path)
