"""A commented file to start a new persona from; it validates as it stands."""

from __future__ import annotations

from importlib import resources
from string import Template

from pydantic import TypeAdapter, ValidationError

from personas.schema import Identifier
from simulation.errors import PersonaError


def persona_template(name: str) -> str:
    """The text of a new persona's file, to be written as ``NAME.yaml``.

    Args:
        name: The persona's id; with a capital it is also what others call this person.

    Raises:
        PersonaError: The name cannot be an id.
    """
    try:
        TypeAdapter(Identifier).validate_python(name)
    except ValidationError as error:
        what = "a persona's name should be lower-case letters, digits and underscores"
        hint = "Choose another NAME, such as anna or anna_maria."
        raise PersonaError(what, value=name, hint=hint) from error
    text = resources.files("personas").joinpath("template.txt").read_text(encoding="utf-8")
    called = name.replace("_", " ").title()
    return Template(text).substitute(id=name, name=called)
