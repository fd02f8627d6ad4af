"""What other packages bring to the command by entry points, so that it depends on none of them.

=====================  ==============================================================
``sociarium.schemas``    a kind of YAML file → ``() -> JSON Schema``
``sociarium.templates``  a kind of thing → ``(name) -> text of NAME.yaml``, or
                       ``-> {path: text}`` where it is more than one file
=====================  ==============================================================
"""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any, Final

from simulation.errors import ConfigError

SCHEMAS: Final = "sociarium.schemas"
TEMPLATES: Final = "sociarium.templates"


def plugin_names(group: str) -> tuple[str, ...]:
    """The names that a group has, in alphabetical order."""
    return tuple(sorted({entry.name for entry in entry_points(group=group)}))


def plugin(group: str, name: str) -> Any:
    """The object behind a name.

    Raises:
        ConfigError: The group has no such name.
    """
    for entry in entry_points(group=group, name=name):
        return entry.load()
    raise ConfigError("unknown kind", value=name, allowed=plugin_names(group))
