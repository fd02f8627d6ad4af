"""A world on Mesa's own page: what it counts and draws, and the page without a browser."""

from __future__ import annotations

import importlib
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from simulation.errors import ConfigError, WorldError
from simulation.replay import solara_page

HAS_SOLARA = bool(find_spec("solara") and find_spec("altair"))
needs_solara = pytest.mark.skipif(
    not HAS_SOLARA, reason="Solara is not installed; run: pip install 'sociarium[solara]'"
)


def test_a_model_takes_the_seed_the_people_the_mind_and_the_levers_as_keywords() -> None:
    made: Any = solara_page.model_class("village")
    model = made(seed=3, agents=2, mind="uniform", till="attended")
    assert (model.seed, len(model.bodies)) == (3, 2)
    assert model.spec.settings["till"] == "attended"


def test_each_tick_is_counted() -> None:
    model: Any = solara_page.model_class("village")(agents=3)
    for _ in range(5):
        model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(solara_page.SERIES)
    assert len(frame) == 6
    assert frame["walking"].max() > 0
    assert frame["facts known"].iloc[0] == sum(
        persona.id in fact.seeded for fact in model.spec.facts for persona in model.spec.cast
    )


def test_the_same_seed_gives_the_same_counts() -> None:
    made: Any = solara_page.model_class("village")
    models = [made(agents=2, mind="uniform", seed=5) for _ in range(2)]
    for model in models:
        for _ in range(5):
            model.step()
    one, other = (model.datacollector.get_model_vars_dataframe() for model in models)
    assert one.equals(other)


def test_every_lever_of_the_world_can_be_set_with_its_values() -> None:
    settings = solara_page.parameters("village")
    spec = solara_page.model_class("village")().spec
    assert set(spec.settings) < set(settings)
    assert settings["till"]["type"] == "Select"
    assert settings["agents"]["max"] == len(spec.cast)


def test_people_are_drawn_where_they_stand_on_the_grid() -> None:
    model: Any = solara_page.model_class("village")(agents=3)
    for _ in range(3):
        model.step()
    axes: Any = solara_page.draw(model).axes[0]
    drawn = {(float(line.get_ydata()[0]), float(line.get_xdata()[0])) for line in axes.lines}
    assert drawn == {tuple(map(float, body.cell.coordinate)) for body in model.bodies.values()}
    names = {text.get_text() for text in axes.texts}
    assert {persona.name for persona in model.spec.cast} <= names


def test_a_world_of_ones_own_is_shown_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from simulation.cli.app import app

    monkeypatch.chdir(tmp_path)
    made = CliRunner().invoke(app, ["new", "world", "harbour"])
    assert made.exit_code == 0, made.stderr
    model: Any = solara_page.model_class("harbour")()
    model.step()
    assert solara_page.draw(model).axes


def test_an_unknown_world_is_told() -> None:
    with pytest.raises(WorldError, match="unknown world: 'atlantis'"):
        solara_page.model_class("atlantis")


def test_models_that_are_made_anew_share_one_thread() -> None:
    made: Any = solara_page.model_class("village")
    made(agents=1).step()
    before = threading.active_count()
    for _ in range(3):
        made(agents=1).step()
    assert threading.active_count() == before


@pytest.mark.skipif(HAS_SOLARA, reason="Solara is installed")
def test_without_solara_the_page_says_what_to_install() -> None:
    with pytest.raises(ConfigError, match=r"pip install 'sociarium\[solara\]'"):
        solara_page.viz("village")


@needs_solara
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Mesa and Solara warn when they are imported
def test_the_page_is_built_and_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(solara_page.WORLD, "village")
    solara: Any = importlib.import_module("solara")
    vuetify: Any = importlib.import_module("ipyvuetify")
    page: Any = solara_page.Page
    _, shown = solara.render(solara.AppLayout(children=[page()]), handle_error=False)
    try:
        assert {"seed", "people"} <= {slider.label for slider in shown.find(vuetify.Slider).widgets}
        levers = {select.label for select in shown.find(vuetify.Select).widgets}
        assert {"mind", "till", "logs"} <= levers
        images: Any = importlib.import_module("ipywidgets").Image
        before = [image.value.tobytes() for image in shown.find(images).widgets]
        shown.find(vuetify.Btn, children=["Step"]).widget.click()
        after = [image.value.tobytes() for image in shown.find(images).widgets]
        assert len(before) == len(after) == 2
        assert before[0] != after[0]
    finally:
        shown.close()
