"""The cast: one YAML file a person, and the schema that they follow.

::

    import personas

    personas.names()            # ('ada', 'bram', …)
    ada = personas.load("ada")
    mine = personas.load_file("people/mine.yaml")
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from personas.schema import Persona, persona_json_schema
from simulation.errors import FileError, PersonaError
from simulation.located_yaml import Located, parse_yaml, read_yaml, validate

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["Persona", "load", "load_file", "names", "persona_json_schema"]


def names() -> tuple[str, ...]:
    """The ids of the personas that ship with the package, in alphabetical order."""
    return tuple(sorted(_files()))


def load(name: str) -> Persona:
    """A persona that ships with the package.

    Raises:
        PersonaError: There is none of this name.
    """
    files = _files()
    if name not in files:
        hint = "`sociarium new persona NAME` writes a new one."
        raise PersonaError("unknown persona", value=name, allowed=sorted(files), hint=hint)
    return _checked(parse_yaml(files[name].read_text(encoding="utf-8"), str(files[name])))


def load_file(path: str | Path) -> Persona:
    """A persona from a file of one's own.

    Raises:
        FileError: The file cannot be read or does not follow the schema.
    """
    return _checked(read_yaml(path))


def _files() -> dict[str, Traversable]:
    folder = resources.files(__name__)
    return {
        entry.name.removesuffix(".yaml"): entry
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    }


def _checked(located: Located) -> Persona:
    persona = validate(located, Persona)
    stem = Path(located.path).stem
    if persona.id != stem:
        raise FileError(
            "field id: should be the file's name without .yaml",
            where=located.where(("id",)),
            value=persona.id,
            allowed=[stem],
            hint="Change the id or rename the file.",
        )
    return persona
