"""A world on a page of Mesa's own visualisation, for those who know it: SolaraViz.

::

    pip install 'sociarium[solara]'
    SOCIARIUM_WORLD=village solara run simulation.replay.solara_page

In a notebook ``viz("village")`` as the last line of a cell does the same. The controls are the
seed, how many people live there, the kind of mind (those that ask no language model) and the levers
of the world. Nothing is written: it is the bare Mesa model. ``sociarium run WORLD --live`` shows a
run that leaves an episode.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

from simulation.errors import ConfigError
from simulation.kernel.portal import Portal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.figure import Figure

    from simulation.kernel.world import World

WORLD: Final = "SOCIARIUM_WORLD"
"""The variable of the environment that names the world; the village where it is not set."""
MINDS: Final = ("rules", "uniform")
"""Kinds of mind that ask no language model."""
SERIES: Final[Mapping[str, str]] = {
    "speaking": "#0072b2",
    "walking": "#d55e00",
    "asleep": "#999999",
    "facts known": "#009e73",
}
"""What is counted after each tick, and the colours of it."""
_LOOP: Final = Portal()
"""Where the minds of all pages think; its thread begins when one does."""
_LETTERS: Final = 7
_WIDTH: Final = 9.0


def model_class(world: str) -> type[World]:
    """A Mesa model of a world that SolaraViz can make anew: every parameter is a keyword.

    Args:
        world: An installed world, ``module:Class``, or a folder with a map file.

    Raises:
        WorldError: There is no such world.
    """
    from mesa.datacollection import DataCollector  # noqa: PLC0415 - Mesa takes a second

    from simulation.kernel.spec import find_world  # noqa: PLC0415

    found: Any = find_world(world)

    class Watched(found):
        """The world, with what the page counts."""

        def __init__(
            self, *, seed: int = 7, agents: int | None = None, mind: str = "rules", **kwargs: str
        ) -> None:
            spec = found.load(agents=agents, **kwargs)
            # A page makes a model anew at each reset, and tells the old one nothing.
            super().__init__(spec, mind=mind, rng=seed, portal=_LOOP)
            self.datacollector = DataCollector(
                {
                    "speaking": lambda model: len(model.echo.said),
                    "walking": lambda model: len(doing(model, "go")),
                    "asleep": lambda model: sum(map(model.view().asleep, model.bodies)),
                    "facts known": facts_known,
                }
            )
            self.datacollector.collect(self)

        def step(self) -> None:
            super().step()
            self.datacollector.collect(self)

    Watched.__name__ = Watched.__qualname__ = found.__name__
    return cast("type[World]", Watched)


def doing(model: World, verb: str) -> list[str]:
    """Who is about an act of this kind."""
    view = model.view()
    at_it = {agent: view.activity(agent) for agent in model.bodies}
    return [agent for agent, activity in at_it.items() if activity and activity.action.verb == verb]


def facts_known(model: World) -> int:
    """How many facts are known, counted for everybody who knows them."""
    view = model.view()
    return sum(
        view.get(agent, f"knows:{fact}") is not None
        for agent in model.bodies
        for fact in model.stage.facts
    )


def parameters(world: str) -> dict[str, Any]:
    """What can be set on the page: the seed, the people, the mind, and the levers.

    Raises:
        WorldError: There is no such world.
    """
    from simulation.kernel.spec import find_world  # noqa: PLC0415 - Mesa takes a second

    found = find_world(world)
    spec = found.load()
    told = found.levers_of(spec)
    people = len(spec.cast)
    levers = {
        name: {"type": "Select", "label": name, "value": value, "values": list(told[name])}
        if told.get(name)
        else {"type": "InputText", "label": name, "value": value}
        for name, value in spec.settings.items()
    }
    return {
        "seed": {"type": "SliderInt", "label": "seed", "value": 7, "min": 0, "max": 99, "step": 1},
        "agents": {
            "type": "SliderInt", "label": "people", "value": people, "min": 1, "max": people,
            "step": 1,
        },
        "mind": {"type": "Select", "label": "mind", "value": MINDS[0], "values": list(MINDS)},
    } | levers  # fmt: skip


def draw(model: World) -> Figure:
    """The plan of a world with its people, as they stand on Mesa's grid."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second

    from simulation.replay.animation.ground import coloured  # noqa: PLC0415 - NumPy
    from simulation.replay.stage import stage_of  # noqa: PLC0415

    drawn = stage_of(model.spec).drawn
    rows, columns = model.grid.dimensions
    figure = Figure(figsize=(_WIDTH, max(2.0, _WIDTH * rows / columns)), layout="constrained")
    axes = figure.subplots()
    axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5), xticks=[], yticks=[])
    axes.set_aspect("equal")
    axes.set_title(f"{model.spec.title}, {model.clock.label(model.tick)}", parse_math=False)
    if drawn["kind"] == "grid" and drawn.get("plan"):
        axes.imshow(coloured(drawn), interpolation="nearest")
    for place in drawn["places"]:
        if label := place.get("label"):
            row, column = label
            name = place["name"]
            axes.text(column, row, name, size=_LETTERS, ha="center", alpha=0.6, parse_math=False)
    speaking = {said.agent for said in model.echo.said}
    for agent, body in model.bodies.items():
        if body.cell is not None:
            row, column = body.cell.coordinate
            colour = SERIES["speaking"] if agent in speaking else "#222222"
            axes.plot(column, row, "o", color=colour, markeredgecolor="white", markersize=9)
            name = model.view().name(agent)
            axes.annotate(
                name, (column, row), (4, 4), textcoords="offset points", size=_LETTERS,
                parse_math=False,
            )  # fmt: skip
    return figure


def viz(world: str | None = None) -> Any:
    """The page: an element of Solara, shown where a notebook or a server shows one.

    Args:
        world: Which world; None: as the environment says.

    Raises:
        WorldError: There is no such world.
        ConfigError: Solara is not installed.
    """
    return _shown(*_made(world))


def _made(world: str | None = None) -> tuple[World, dict[str, Any]]:
    """A model with all that can be set of it."""
    name = world or os.environ.get(WORLD) or "village"
    return model_class(name)(), parameters(name)


def _shown(model: World, settings: dict[str, Any]) -> Any:
    parts = _visualization()
    return parts.SolaraViz(
        model,
        components=[_space(), parts.make_plot_component(dict(SERIES))],
        model_params=settings,
        name=model.spec.title,
    )


def _space() -> Callable[[World], Any]:
    solara: Any = import_module("solara")

    def Space(model: World) -> Any:  # noqa: N802 - a component
        return solara.FigureMatplotlib(draw(model))

    return Space


def _visualization() -> Any:
    try:
        from mesa import visualization  # noqa: PLC0415 - an extra
    except ImportError as error:
        hint = "Run `pip install 'sociarium[solara]'`."
        raise ConfigError("this page needs Solara", where="solara", hint=hint) from error
    return visualization


def __getattr__(name: str) -> Any:
    """``Page``, which `solara run` looks for, made when it does: each visitor has a model."""
    if name != "Page":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    _visualization()
    solara: Any = import_module("solara")

    @solara.component
    def Page() -> None:  # noqa: N802 - a component
        model, settings = solara.use_memo(_made, [])
        _shown(model, settings)

    return Page
