"""Made-up episodes of any size, and what is said where nothing can be measured."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from simulation.bench import browser, replay
from simulation.bench.crowd import Size, make_up
from simulation.bench.crowd_town import Town
from simulation.episode.episode import Episode
from simulation.episode.events import Decided, Moved, Recalled, Remembered, Said
from simulation.kernel.streams import Streams
from simulation.replay.reel import Reel

SMALL = Size(agents=6, ticks=240)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    """Six people for four hours."""
    return make_up(tmp_path_factory.mktemp("crowd") / "e", SMALL)


def test_the_same_size_and_seed_give_the_same_episode(crowd: Episode, tmp_path: Path) -> None:
    again = make_up(tmp_path / "e", SMALL)
    assert list(again.log.rows()) == list(crowd.log.rows())
    other = make_up(tmp_path / "o", SMALL, seed=8)
    assert list(other.log.rows()) != list(crowd.log.rows())


def test_it_has_what_a_model_leaves_behind(crowd: Episode) -> None:
    assert crowd.ticks == SMALL.ticks
    counts = Counter(row.type for row in crowd.log.rows())
    wanted = {"decided", "acted", "moved", "said", "asked", "recalled", "remembered", "planned"}
    assert wanted <= counts.keys()
    decided = next(crowd.each(Decided))
    assert len(decided.raw or ()) == decided.options
    assert abs(sum(decided.raw or ()) - 1) < 0.01
    prompt = crowd.content(next(iter(crowd.calls["prompt"])))
    assert len(prompt) > 1500


def test_evidence_and_memories_are_events_from_before(crowd: Episode) -> None:
    seen: set[str] = set()
    for event in crowd.iter_events():
        if isinstance(event, Recalled):
            assert seen.issuperset(event.memories)
        if isinstance(event, Remembered):
            assert seen.issuperset(event.evidence)
        if isinstance(event, Said) and event.talk:
            assert event.talk in seen
        seen.add(event.id)


def test_people_walk_on_cells_that_can_be_walked_on(crowd: Episode) -> None:
    stage = Reel(crowd).stage.drawn
    for event in crowd.each(Moved):
        row, column = event.cell
        assert stage["legend"][stage["plan"][row][column]]["walkable"]


def test_a_way_leads_from_house_to_house_in_single_steps() -> None:
    town = Town(30)
    chance = Streams(1).stream("", 0, "way")
    here, there = town.inside(3, chance), town.inside(27, chance)
    way = town.way(here, 3, there, 27)
    assert (way[0], way[-1]) == (here, there)
    for (row, column), (later, further) in pairwise(way):
        assert max(abs(row - later), abs(column - further)) == 1


def test_steps_of_ten_seconds_and_no_minds_can_be_asked_for(tmp_path: Path) -> None:
    made = make_up(tmp_path / "e", Size(3, 60, seconds=10, stay=9, speed=1, minds=False))
    assert made.clock.seconds_a_tick == 10
    assert not list(made.each(Decided))
    assert list(made.each(Moved))


def test_without_a_browser_the_rows_say_so_and_how_it_comes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    lacking = browser.missing()
    assert lacking.startswith("not measured: ")
    assert "install" in lacking


def test_all_three_sizes_are_measured() -> None:
    labels = [measure.label for measure in replay.measures()]
    assert labels == [
        "25 people for a day", "1,000 people for 1,000 ticks", "10 people for 8,640 ticks",
    ]  # fmt: skip
