"""Makes the pages: templates filled in, figures inside, nothing fetched from anywhere."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from simulation.report.of_episode import episode_page
from simulation.report.rendering import environment, inside

if TYPE_CHECKING:
    import pandas as pd

    from simulation.experiment.analyse import Analysis

__all__ = ["episode_page", "experiment_page"]


def experiment_page(analysis: Analysis, frame: pd.DataFrame) -> str:
    """The report of an experiment as HTML."""
    from simulation.plots.experiment import figures_of  # noqa: PLC0415 - matplotlib

    figures = [(name, inside(figure)) for name, figure in figures_of(analysis, frame)]
    return environment().get_template("experiment.html").render(
        analysis=analysis,
        design=analysis.design,
        figures=figures,
        version=version("sociarium"),
        runs=frame.to_dict("records"),
        columns=list(frame.columns),
    )  # fmt: skip
