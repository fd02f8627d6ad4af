"""A persona or a world to start from: commented files that work as they stand."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TEMPLATES: Final = "sociarium.templates"
"""Entry-point group: a kind of thing → ``(name) -> text of NAME.yaml``, or ``-> {path: text}``."""


def begin(kind: str, name: str, folder: str | Path = ".") -> tuple[Path, ...]:
    """Write the files of a new persona or world, and name them.

    Args:
        kind: ``persona``, ``world``, or another kind that a package brings a template for.
        name: Lower-case letters, digits and underscores.
        folder: Where they go.

    Raises:
        ConfigError: There is no such kind, something is there already, or cannot be written.
        BadInput: The name cannot be one.
    """
    made: str | Mapping[str, str] = _template(kind)(name)
    files = {f"{name}.yaml": made} if isinstance(made, str) else made
    targets = {Path(folder) / path: text for path, text in files.items()}
    for target in targets:
        if target.exists():
            hint = "Choose another NAME or another folder with --in."
            raise ConfigError("exists already", where=target, hint=hint)
    for target, text in targets.items():
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        except OSError as error:
            hint = "Choose another folder with --in."
            reason = error.strerror or str(error)
            raise ConfigError(f"cannot be written ({reason})", where=target, hint=hint) from error
    return tuple(targets)


def _template(kind: str) -> Callable[[str], str | Mapping[str, str]]:
    entries = {entry.name: entry for entry in entry_points(group=TEMPLATES)}
    if kind not in entries:
        raise ConfigError("unknown kind", value=kind, allowed=sorted(entries))
    return entries[kind].load()
