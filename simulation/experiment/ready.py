"""Experiments that ship: files found by the entry points of packages that bring worlds."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from simulation.errors import ConfigError
from simulation.located_yaml import read_yaml

EXPERIMENTS: Final = "sociarium.experiments"
"""Entry-point group: any name, the value a package whose folder holds ``*.yaml`` files."""


def ready_experiments() -> dict[str, Path]:
    """The experiments that are installed, by name."""
    found: dict[str, Path] = {}
    for entry in entry_points(group=EXPERIMENTS):
        package = import_module(entry.value)
        for folder in package.__path__:
            for path in sorted(Path(folder).glob("*.yaml")):
                found[path.stem] = path
    return dict(sorted(found.items()))


def find_experiment(name: str) -> Path:
    """The file of an experiment, by path or by the name of one that ships.

    Raises:
        ConfigError: There is neither.
    """
    path = Path(name)
    if path.is_file():
        return path
    ready = ready_experiments()
    if name in ready:
        return ready[name]
    hint = "Give a file, or the name of one that ships; `sociarium list experiments` tells them."
    raise ConfigError(
        "there is no such experiment", where="FILE", value=name, allowed=ready, hint=hint
    )


def experiment_json_schema() -> dict[str, object]:
    """The JSON Schema of an experiment file, for editors that check YAML while one types."""
    from simulation.experiment.schema import Design  # noqa: PLC0415 - only where it is asked for

    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Design.model_json_schema()}


def hypotheses() -> list[str]:
    """The hypotheses of the experiments that are installed."""
    found: list[str] = []
    for path in ready_experiments().values():
        data = read_yaml(path).data
        if isinstance(data, dict) and isinstance(data.get("hypothesis"), str):
            found.append(data["hypothesis"])
    return found
