"""An episode that shows itself: in a notebook, as a file, from the command line."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from typer.testing import CliRunner

from simulation import Simulation
from simulation.cli.app import app
from simulation.errors import ConfigError, EpisodeError, FileError
from simulation.replay.bundle import player, script
from simulation.replay.page import policy
from simulation.replay.view import Replay
from worlds import village

if TYPE_CHECKING:
    from pathlib import Path

    from simulation import Episode


@pytest.fixture(scope="module")
def episode(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    out = tmp_path_factory.mktemp("view") / "e"
    with Simulation(village.load(agents=3), mind="rules", out=out) as simulation:
        return simulation.run(ticks=40)


def test_an_exported_notebook_keeps_a_picture_of_the_moment(episode: Episode) -> None:
    bundle = episode.replay(tick=20, agent="Ada").static()
    assert bundle.keys() == {"text/plain", "text/html", "image/png"}
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert 'alt="Tidemark at 07:20"' in bundle["text/html"]


def test_a_notebook_shows_the_widget_and_keeps_a_picture(episode: Episode, tmp_path: Path) -> None:
    code = f"from simulation import Episode\nEpisode.open({str(episode.folder)!r}).replay(tick=20)"
    notebook = new_notebook(cells=[new_code_cell(code)])
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output["data"].keys() for output in notebook.cells[0].outputs if "data" in output]
    assert any("application/vnd.jupyter.widget-view+json" in kinds for kinds in shown)
    assert any("image/png" in kinds for kinds in shown)


def test_a_widget_goes_where_it_is_told_and_tells_where_it_is(episode: Episode) -> None:
    replay = Replay(episode, tick=5)
    widget = replay.widget()
    assert (widget.tick, widget.agent) == (5, "")
    replay.seek(30, "Bram")
    assert widget.goal == {"tick": 30, "agent": "bram"}
    widget.tick = 12
    assert replay.tick == 12


def test_a_moment_or_a_person_that_is_not_there_is_refused(episode: Episode) -> None:
    with pytest.raises(EpisodeError, match="no moment"):
        episode.replay(tick=40)
    with pytest.raises(EpisodeError, match="nobody of that name"):
        episode.replay(agent="nobody")
    with pytest.raises(ConfigError, match="so many episodes"):
        episode.replay(episode, episode)


def test_a_place_that_cannot_be_written_is_told(episode: Episode, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be written"):
        episode.replay().save(tmp_path / "nowhere" / "x.html")


def test_a_page_holds_the_player_once_and_asks_for_nothing(episode: Episode) -> None:
    page = episode.replay(episode).html()
    assert page.count('<script type="module">') == 1
    assert 'data-reel="1"' in page
    assert "connect-src 'none'" in policy("'none'")
    assert "unsafe" not in policy("'none'")
    assert "http://" not in page.replace("http://www.w3.org/", "")


def test_every_module_of_the_player_is_reached(episode: Episode) -> None:
    joined = script("boot.js") + script("widget.js")
    modules = [one.name for one in player().iterdir() if one.name.endswith(".js")]
    modules += [f"panels/{one.name}" for one in (player() / "panels").iterdir()]
    missing = [name for name in modules if f"// {name}\n" not in joined]
    assert [name for name in missing if not name.endswith("panel.js")] == []


def test_the_command_writes_what_it_is_asked_for(episode: Episode, tmp_path: Path) -> None:
    html, png = tmp_path / "day.html", tmp_path / "still.png"
    done = CliRunner().invoke(
        app,
        ["replay", str(episode.folder), "--html", str(html), "--png", "07:20", "--out", str(png),
         "--json"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert {row["file"] for row in json.loads(done.stdout)} == {str(html), str(png)}
    assert html.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert png.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--at", "99:99"), "no moment of the episode"),
        (("--agent", "nobody"), "nobody of that name lives there"),
        (("--gif", "day.mp4"), "another kind of file"),
        (("--png", "900", "--out", "x.png"), "no moment of the episode"),
        (("--html", "/nowhere/at/all.html"), "cannot be written"),
        (("--compare", "nowhere"), "there is no such episode"),
    ],
)
def test_bad_input_of_the_command_is_told_in_one_line(
    episode: Episode, args: tuple[str, ...], told: str
) -> None:
    done = CliRunner().invoke(app, ["replay", str(episode.folder), "--no-open", *args])
    assert done.exit_code == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
