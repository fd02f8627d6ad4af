"""Makes the page: templates filled in, figures inside, nothing fetched from anywhere."""

from __future__ import annotations

import base64
import io
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from simulation.behaviours.behaviours import Behaviours, observe
from simulation.behaviours.finding import FAMILIES
from simulation.behaviours.telling import told, why_nothing
from simulation.cli.text import plain
from simulation.episode.telling import Teller
from simulation.plots.style import drawing

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from jinja2 import Environment
    from matplotlib.figure import Figure

    from simulation.episode.episode import Episode
    from simulation.experiment.analyse import Analysis

CITED: Final = 400
"""Events that the page holds at most; the rest are named by their ids."""


def episode_page(episode: Episode) -> str:
    """The report of an episode as HTML."""
    from simulation.plots import episode as plots  # noqa: PLC0415 - matplotlib

    found = observe(episode)
    cited = list(dict.fromkeys(name for one in found.findings for name in one.events))
    figures = [
        ("The day as a score", plots.score(episode, found)),
        ("Rates", plots.rates(episode, found)),
        ("How facts spread", plots.diffusion(episode)),
        ("Who talked to whom", plots.graph(episode, episode.graph("talk"), "Who talked to whom")),
        (
            "Who told whom",
            plots.graph(episode, episode.graph("knowledge"), "Who told whom a fact"),
        ),
        ("Where people walked", plots.heat(episode)),
    ]
    return _environment().get_template("episode.html").render(
        episode=episode,
        began=episode.began,
        ended=episode.ended,
        version=version("sociarium"),
        families=_families(found, episode),
        rates=found.rates(),
        doubts=why_nothing(found, episode, list(FAMILIES)),
        figures=[(title, _inside(figure)) for title, figure in figures],
        cited=_told(episode, cited[:CITED]),
        left_out=max(0, len(cited) - CITED),
        time=episode.time,
        name=episode.name,
    )  # fmt: skip


def experiment_page(analysis: Analysis, frame: pd.DataFrame) -> str:
    """The report of an experiment as HTML."""
    from simulation.plots.experiment import arms  # noqa: PLC0415 - matplotlib

    figures = [(name, _inside(arms(analysis, frame, name))) for name in analysis.design.measures]
    return _environment().get_template("experiment.html").render(
        analysis=analysis,
        design=analysis.design,
        figures=figures,
        version=version("sociarium"),
        runs=frame.to_dict("records"),
        columns=list(frame.columns),
    )  # fmt: skip


def _families(found: Behaviours, episode: Episode) -> list[dict[str, Any]]:
    return [
        {
            "name": family,
            "findings": [
                {"one": one, "told": plain(told(one, episode))}
                for one in found.findings
                if one.family == family
            ],
        }
        for family in FAMILIES
    ]


def _told(episode: Episode, names: Iterable[str]) -> list[tuple[str, str]]:
    """Events in words, a line each."""
    teller = Teller(episode)
    found: list[tuple[str, str]] = []
    for name in names:
        event = episode.event(name)
        told = teller.tell(event)
        what = told.text if told is not None else event.type.replace("_", " ")
        who = f"{episode.name(event.agent)}: " if event.agent else ""
        found.append((name, plain(f"{episode.time(event.tick)} {who}{what}")))
    return found


def _inside(figure: Figure) -> str:
    """A figure as a data URL."""
    buffer = io.BytesIO()
    with drawing():
        figure.savefig(buffer, format="png", dpi=150, metadata={"Software": None})
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - here only

    return Environment(
        loader=PackageLoader("simulation.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
