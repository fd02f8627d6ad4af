"""``sociarium list``: what there is to choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from simulation.cli.console import out, say_json, table
from simulation.cli.options import Debug, Json, examples
from simulation.errors import ConfigError

Rows = list[dict[str, str]]


def _personas() -> Rows:
    import personas

    return [
        {"name": who.id, "age": str(who.age), "who": who.bio_line}
        for who in map(personas.load, personas.names())
    ]


def _worlds() -> Rows:
    from simulation.kernel.spec import find_world, world_names

    specs = {name: find_world(name).load() for name in world_names()}
    return [
        {
            "name": name,
            "title": spec.title,
            "people": str(len(spec.cast)),
            "levers": ", ".join(f"{key}={value}" for key, value in spec.settings.items()),
        }
        for name, spec in specs.items()
    ]


def _experiments() -> Rows:
    from simulation.experiment.ready import ready_experiments
    from simulation.experiment.runner import read_design

    designs = {name: read_design(path) for name, path in ready_experiments().items()}
    return [
        {"name": name, "runs": str(len(one.arms) * len(one.seeds)), "hypothesis": one.hypothesis}
        for name, one in designs.items()
    ]


def _models() -> Rows:
    from simulation.language.names import list_models

    return [
        {
            "name": info.name,
            "ready": "yes" if info.available else "no",
            "what": info.what,
            "needs": info.needs,
        }
        for info in list_models()
    ]


def _minds() -> Rows:
    from simulation.kernel.world import find_mind, mind_names

    return [
        {"name": name, "what": (find_mind(name).__doc__ or "").strip().partition("\n")[0]}
        for name in mind_names()
    ]


def _retrieval() -> Rows:
    from simulation.memory import list_retrieval

    return [info._asdict() for info in list_retrieval()]


def _prices() -> Rows:
    from simulation.language.prices import Prices

    return [
        {
            "model": row.model,
            "input": f"{row.input:g}",
            "cached input": f"{row.input if row.cached_input is None else row.cached_input:g}",
            "output": f"{row.output:g}",
            "as of": row.as_of,
            "source": row.source,
        }
        for row in Prices.load().rows
    ]


def _interventions() -> Rows:
    from simulation.kernel.intervention import FORMS

    return [{"write": form.usage, "what": form.about} for form in FORMS.values()]


_KINDS: Mapping[str, Callable[[], Rows]] = {
    "personas": _personas,
    "worlds": _worlds,
    "experiments": _experiments,
    "models": _models,
    "minds": _minds,
    "retrieval": _retrieval,
    "interventions": _interventions,
    "prices": _prices,
}
What = Annotated[
    str,
    typer.Argument(
        metavar="|".join(_KINDS), help="What to list.", autocompletion=lambda: list(_KINDS)
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    shown = examples("sociarium list models", "sociarium list worlds --json")
    app.command("list", epilog=shown)(list_)


def list_(what: What, as_json: Json = False, debug: Debug = False) -> None:
    """List personas, worlds, models and their prices, minds, ways to retrieve, interventions.

    Prices are US dollars per million tokens.
    """
    if what not in _KINDS:
        raise ConfigError("nothing to list", value=what, allowed=_KINDS)
    rows = _KINDS[what]()
    if as_json:
        say_json(rows)
    elif rows:
        out().print(table(list(rows[0]), [list(row.values()) for row in rows]))
