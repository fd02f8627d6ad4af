"""Figures: what stands on them, and what they say where there is nothing to see."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import networkx as nx
import pandas as pd
import pytest

from simulation import Episode, Simulation
from simulation.behaviours.behaviours import Behaviours, observe
from simulation.errors import ConfigError
from simulation.experiment.analyse import analyse
from simulation.plots import episode as plots
from simulation.plots.experiment import arms
from simulation.plots.style import save
from simulation.report.page import experiment_page
from tests.experiment.test_experiments import design, rows
from worlds import village

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    out = tmp_path_factory.mktemp("figures") / "morning"
    with Simulation(village.load(agents=6), mind="rules", seed=3, out=out) as simulation:
        return simulation.run(ticks=150)


def texts(figure: Figure) -> str:
    """Every word on a figure."""
    axes = figure.axes[0]
    words = [text.get_text() for text in axes.texts]
    words += [axes.get_title(loc="left"), axes.get_xlabel(), axes.get_ylabel()]
    words += [label.get_text() for label in (*axes.get_yticklabels(), *axes.get_xticklabels())]
    below = figure.get_supxlabel()
    return " ".join([*words, below])


def test_every_figure_says_what_it_was_made_from(lived: Episode) -> None:
    found = observe(lived)
    talk = lived.graph("talk")
    figures = [
        plots.score(lived, found),
        plots.rates(lived, found),
        plots.diffusion(lived),
        plots.graph(lived, talk, "Who talked to whom"),
        plots.heat(lived),
    ]
    for figure in figures:
        assert "6 people, 150 ticks, rules, seed 3" in texts(figure)


def test_rates_are_labelled_with_their_opportunities(lived: Episode) -> None:
    found = observe(lived)
    rate = next(rate for rate in found.rates() if rate.share is not None)
    assert f"{rate.act} (n = {rate.opportunities})" in texts(plots.rates(lived, found))


def test_a_score_has_a_line_for_everybody(lived: Episode) -> None:
    said = texts(plots.score(lived, observe(lived)))
    assert all(lived.name(agent) in said for agent in lived.agents)


def test_what_cannot_be_shown_is_said_in_words(lived: Episode) -> None:
    nothing = Behaviours((), ())
    assert "no rate can be given" in texts(plots.rates(lived, nothing))
    assert "there is no tie" in texts(plots.graph(lived, nx.DiGraph(), "Who"))
    alone = analyse(design(), rows([None] * 2, [None] * 2))
    assert "no run has a value" in texts(arms(alone, rows([None] * 2, [None] * 2), "carried"))
    assert "no run has a value" in texts(
        arms(analyse(design(), pd.DataFrame()), pd.DataFrame(), "walks")
    )


def test_every_arm_is_shown_with_its_number_of_runs() -> None:
    frame = rows([0, 1, 0], [2, 3, 4])
    said = texts(arms(analyse(design(), frame), frame, "carried"))
    assert "a (n = 3)" in said
    assert "b (n = 3)" in said


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_same_figure_gives_the_same_bytes(tmp_path: Path, kind: str) -> None:
    frame = rows([0, 1, 0], [2, 3, 4])
    paths = [tmp_path / f"{number}.{kind}" for number in range(2)]
    for path in paths:
        save(arms(analyse(design(), frame), frame, "carried"), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    frame = rows([0, 1], [2, 3])
    with pytest.raises(ConfigError, match="unknown kind of figure"):
        save(arms(analyse(design(), frame), frame, "carried"), tmp_path / "figure.doc")


def test_drawing_leaves_the_settings_of_others_alone(lived: Episode) -> None:
    before = dict(mpl.rcParams)
    plots.rates(lived, observe(lived))
    assert dict(mpl.rcParams) == before


# The report of an experiment ---------------------------------------------------------------------


def test_the_report_of_an_experiment_says_when_it_is_no_evidence() -> None:
    frame = rows([0, 1], [5, 6])
    page = experiment_page(analyse(design(), frame), frame)
    assert "Engine check, not evidence" in page
    assert ">nan<" not in page
