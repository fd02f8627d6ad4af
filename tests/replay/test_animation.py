"""Stills and films: what they show, what they leave out, and what is refused."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image
from synthetic_recording import STEPS, write_maze, write_simulation

from simulation.episode.episode import Episode
from simulation.episode.events import Joined, Moved, Said
from simulation.episode.log import EpisodeWriter
from simulation.episode.sink import Scribe
from simulation.errors import ConfigError, EpisodeError, FileError
from simulation.imports import import_generative_agents
from simulation.kernel.ids import Phase
from simulation.kernel.spec import WorldSpec
from simulation.replay.animation import animate, save_still, still
from simulation.replay.animation.bubbles import placed, words_of
from simulation.replay.animation.ground import daylight
from simulation.replay.animation.scene import Scene
from worlds import village


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    """A small recording with a map, a walk and a talk."""
    folder = tmp_path_factory.mktemp("hamlet")
    maze = write_maze(folder / "matrix")
    made = import_generative_agents(write_simulation(folder / "s"), maze=maze, out=folder / "e")
    return Episode.open(made.folder)


def lived(folder: Path, spec: WorldSpec, words: str = "Good morning.") -> Episode:
    """Two ticks: everybody joins, and the first walks a cell and says something."""
    first, *_ = spec.cast
    with EpisodeWriter(folder, spec=spec) as writer:
        for tick in range(2):
            scribe = Scribe(tick, Phase.ACT, 1, "")
            for number, one in enumerate(spec.cast):
                if tick == 0:
                    scribe.note(Joined, agent=one.id, name=one.name, cell=(12, 5 + number))
            if tick == 1:
                scribe.note(Moved, agent=first.id, cell=(13, 5))
                scribe.note(Said, agent=first.id, text=words)
            writer.commit(tick, scribe.events, {})
    return Episode.open(folder)


def _words(episode: Episode, tick: int) -> list[str]:
    found = still(episode, tick).findobj(Text)
    shown = [one for one in found if one.get_visible()]
    return [words for one in shown if (words := one.get_text())]


def test_a_still_names_the_world_the_hour_and_the_places(hamlet: Episode) -> None:
    words = _words(hamlet, 60)
    assert words.count("the Hamlet") == 2
    assert {"00:10", "Rose House", "Corner Bakery", "Elm Park"} <= set(words)


def test_a_bubble_has_what_was_just_said(hamlet: Episode) -> None:
    first = next(hamlet.each(Said))
    assert not any(word.startswith("AL:") for word in _words(hamlet, first.tick - 1))
    [said] = [word for word in _words(hamlet, first.tick) if word.startswith("AL:")]
    assert "Good morning, Ben." in said.replace("\n", " ")


def test_a_still_can_be_written_as_png_svg_or_pdf_and_is_the_same_twice(
    hamlet: Episode, tmp_path: Path
) -> None:
    one = save_still(hamlet, 50, tmp_path / "a" / "one.png")
    other = save_still(hamlet, 50, tmp_path / "other.png")
    assert one.read_bytes() == other.read_bytes()
    with Image.open(one) as image:
        assert image.size == (1000, 660)
    assert save_still(hamlet, 50, tmp_path / "s.svg").read_text().startswith("<?xml")


def test_people_are_where_they_walked_and_between_two_cells_on_the_way(hamlet: Episode) -> None:
    scene = Scene(hamlet)
    walk = list(hamlet.each(Moved, "cleo_ward"))
    before, after = walk[2], walk[3]
    (x, y), (later_x, later_y) = before.cell[::-1], after.cell[::-1]
    assert tuple(scene.at(before.tick)[2]) == (x, y)
    middle = scene.at(before.tick + 0.5)[2]
    assert tuple(middle) == ((x + later_x) / 2, (y + later_y) / 2)


def test_those_on_one_cell_stand_beside_each_other(hamlet: Episode) -> None:
    points = Scene(hamlet).at(0)
    assert len({tuple(point) for point in points}) == 3
    assert np.abs(points - (5, 4)).max() < 0.5


def test_a_gif_has_a_frame_a_tick_and_moves(hamlet: Episode, tmp_path: Path) -> None:
    done: list[tuple[int, int]] = []
    film = animate(
        hamlet, tmp_path / "a.gif", since=6, until=18, progress=lambda *so: done.append(so)
    )
    assert (film.frames, film.ticks_a_frame, film.note) == (12, 1, "")
    assert done == [(number, 12) for number in range(1, 13)]
    with Image.open(film.path) as image:
        assert getattr(image, "n_frames", 1) == 12
        first = np.asarray(image.convert("RGB")).astype(int)
        image.seek(11)
        last = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(first - last).max() > 60
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.gif"]


def test_a_long_film_is_sampled_and_says_so(hamlet: Episode, tmp_path: Path) -> None:
    film = animate(hamlet, tmp_path / "a.gif", seconds=1)
    assert film.frames == 12
    assert film.ticks_a_frame == STEPS / 12
    assert film.note.startswith("12 frames, one for every 7.5 ticks (1.25 minutes)")


def test_a_slow_film_shows_the_way_between_ticks(hamlet: Episode, tmp_path: Path) -> None:
    film = animate(hamlet, tmp_path / "a.gif", since=8, until=10, seconds=1)
    assert (film.frames, film.ticks_a_frame) == (12, 2 / 12)


@pytest.mark.skipif(
    importlib.util.find_spec("av") is None, reason="no package av: pip install 'sociarium[video]'"
)
def test_an_mp4_has_its_frames_and_even_sides(hamlet: Episode, tmp_path: Path) -> None:
    av = importlib.import_module("av")
    film = animate(hamlet, tmp_path / "a.mp4", since=6, until=12)
    with av.open(str(film.path)) as shown:
        frames = list(shown.decode(video=0))
    assert len(frames) == film.frames == 6
    assert (frames[0].width % 2, frames[0].height % 2) == (0, 0)


def test_hostile_words_are_drawn_as_words(tmp_path: Path) -> None:
    hostile = r"$\frac{1$ $$ \x </script> \u202e" + "\U0001f4a9" * 500 + "漢字" + "W" * 5000
    episode = lived(tmp_path / "e", village.load(agents=2), hostile)
    save_still(episode, 1, tmp_path / "a.png")
    animate(episode, tmp_path / "a.gif")
    [said] = [word for word in _words(episode, 1) if word.startswith("Ad:")]
    assert len(said) < 120
    assert "\U0001f4a9" not in said


def test_a_network_is_drawn_as_one(tmp_path: Path) -> None:
    nodes = [{"id": f"n{n}", "name": f"node {n}", "x": n / 3, "y": 0.5} for n in range(4)]
    data = {"network": {"nodes": nodes, "edges": [["n0", "n1"], ["n1", "n2"]]}}
    spec = village.load(agents=2).model_copy(update={"data": data, "title": "A net"})
    with EpisodeWriter(tmp_path / "e", spec=spec) as writer:
        scribe = Scribe(0, Phase.ACT, 1, "")
        for number, one in enumerate(spec.cast):
            scribe.note(Joined, agent=one.id, name=one.name, cell=(number, 0))
        writer.commit(0, scribe.events, {})
    episode = Episode.open(tmp_path / "e")
    assert {"A net", "node 0", "node 3"} <= set(_words(episode, 0))
    points = Scene(episode).at(0)
    assert points[1].round(3).tolist() == [0.333, 0.5]


def test_a_world_without_a_map_is_a_floor(tmp_path: Path) -> None:
    spec = village.load(agents=3).model_copy(update={"data": {}})
    assert save_still(lived(tmp_path / "e", spec), 1, tmp_path / "a.png").stat().st_size > 1000


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        ("a.avi", {}, "no kind of film"),
        ("a.gif", {"since": 900}, "a film without a tick"),
        ("a.gif", {"since": 5, "until": 5}, "a film without a tick"),
        ("a.gif", {"fps": 0}, "frames a second"),
        ("a.gif", {"seconds": float("nan")}, "no length of a film"),
    ],
)
def test_what_makes_no_film_is_refused(
    hamlet: Episode, tmp_path: Path, name: str, options: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        animate(hamlet, tmp_path / name, **options)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_of_another_kind_or_moment_is_refused(hamlet: Episode, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no kind of picture"):
        save_still(hamlet, 5, tmp_path / "a.bmp")
    with pytest.raises(EpisodeError, match="no moment of the episode"):
        save_still(hamlet, STEPS, tmp_path / "a.png")


def test_a_place_that_cannot_be_written_is_told(hamlet: Episode, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="cannot be written"):
        save_still(hamlet, 5, tmp_path / "file" / "a.png")
    with pytest.raises(FileError, match="cannot be written"):
        animate(hamlet, tmp_path / "file" / "a.gif", since=0, until=2)


def test_bubbles_stay_inside_and_off_each_other() -> None:
    said = [(words_of(f"AB: words number {n} of some"), np.array([0.02, 0.98])) for n in range(4)]
    found = placed(said, (0.012, 0.02))
    assert len(found) >= 2
    assert all(0 <= one.left < 1 and 0 <= one.bottom < 1 for one in found)
    assert len({(round(one.left, 3), round(one.bottom, 3)) for one in found}) == len(found)


def test_noon_is_clear_and_midnight_is_dark() -> None:
    assert daylight(12 * 60)[3] == 0
    assert daylight(0)[3] > 0.5
    assert daylight(24 * 60 + 60) == daylight(60)
