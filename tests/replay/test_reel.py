"""What a player is given of an episode: the same facts as the log, in parts."""

from __future__ import annotations

import json
import struct
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from simulation import Episode, Simulation
from simulation.episode.events import Acted, Asked, Decided, Joined, Moved, Said
from simulation.errors import EpisodeError
from simulation.language.fake import FakeModel
from simulation.replay.reel import CHUNK, Reel, packed
from simulation.replay.view import packed_reel
from worlds import village

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def episode(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    """Two hours of four residents on a model that answers at once."""
    out = tmp_path_factory.mktemp("reel") / "e"
    options: dict[str, Any] = {"model": FakeModel(), "embedder": "hash", "chroma": "memory"}
    with Simulation(village.load(agents=4), seed=7, out=out, **options) as simulation:
        return simulation.run(ticks=120)


@pytest.fixture(scope="module")
def reel(episode: Episode) -> Reel:
    return Reel(episode)


def columns(reel: Reel) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    """The columns as JavaScript reads them."""
    dtypes = {"Uint32Array": "<u4", "Uint8Array": "u1", "Int16Array": "<i2"}
    data, at = reel.columns(), 0
    found: dict[str, np.ndarray[Any, np.dtype[Any]]] = {}
    for column in reel.core()["columns"]:
        dtype = np.dtype(dtypes[column["dtype"]])
        found[column["name"]] = np.frombuffer(data, dtype, column["length"], at)
        at += -(-column["length"] * dtype.itemsize // 4) * 4
    assert at == len(data)
    return found


def all_lines(reel: Reel) -> list[list[Any]]:
    return [line for chunk in range(reel.chunks) for line in reel.lines(chunk)]


def test_every_event_but_the_steps_of_a_walk_has_a_line(episode: Episode, reel: Reel) -> None:
    told = {line[0] for line in all_lines(reel)}
    logged = {event.id for event in episode.iter_events() if not isinstance(event, Moved)}
    assert logged <= told
    assert told - logged < {event.id for event in episode.each(Moved)}


def test_columns_say_when_whose_and_of_what_type_each_event_is(
    episode: Episode, reel: Reel
) -> None:
    column, types = columns(reel), reel.core()["types"]
    for number, line in enumerate(all_lines(reel)):
        event = episode.event(line[0])
        assert column["first"][event.tick] <= number < column["first"][event.tick + 1]
        assert types[column["type"][number]] == event.type
        who = column["agent"][number]
        assert (episode.agents[who] if who >= 0 else "") == event.agent


def test_people_are_where_their_last_step_led(episode: Episode, reel: Reel) -> None:
    column = columns(reel)
    for number, agent in enumerate(episode.agents):
        begin, end = column["stepFirst"][number], column["stepFirst"][number + 1]
        steps = [
            (int(column["stepTick"][at]), int(column["stepRow"][at]), int(column["stepCol"][at]))
            for at in range(begin, end)
        ]
        logged = [
            (event.tick, *event.cell)
            for event in episode.iter_events((Joined, Moved), agent)
            if isinstance(event, (Joined, Moved))
        ]
        assert steps == logged


def test_an_act_leads_back_to_the_choice_behind_it(episode: Episode, reel: Reel) -> None:
    lines = all_lines(reel)
    acts = [(n, line) for n, line in enumerate(lines) if line[1] == "deed"]
    assert acts
    for number, line in acts:
        act = episode.event(line[0])
        assert isinstance(act, Acted)
        causes = [episode.event(lines[cause][0]) for cause in line[3]]
        choices = [cause for cause in causes if isinstance(cause, Decided)]
        assert len(choices) == 1
        assert choices[0].agent == act.agent
        assert choices[0].tick <= act.since
        assert all(cause < number for cause in line[3])


def test_an_utterance_names_the_one_that_opened_its_talk(episode: Episode, reel: Reel) -> None:
    lines = all_lines(reel)
    for line in lines:
        event = episode.event(line[0])
        if isinstance(event, Said):
            assert line[5] == event.text
            assert lines[line[6]][0] == (event.talk or event.id)


def test_a_choice_shows_percept_options_and_memories_with_their_scores(
    episode: Episode, reel: Reel
) -> None:
    minds = reel.minds(0)
    lines = reel.lines(0)
    choices = [(n, minds[n]) for n, line in enumerate(lines) if line[1] == "choice"]
    assert choices
    for number, mind in choices:
        event = episode.event(lines[number][0])
        assert isinstance(event, Decided)
        menu = json.loads(episode.content(event.menu))
        assert [option[0] for option in mind["options"]] == [row["text"] for row in menu]
        assert mind["chosen"] == event.chosen
        assert mind["percept"].startswith("Place: ")
    scored = [memory for _, mind in choices for memory in mind.get("memories", ())]
    assert any(memory[2] is not None for memory in scored)
    assert all(lines[memory[0]][1] == "memory" for memory in scored if memory[0] < CHUNK)


def test_prompts_come_back_to_the_letter(episode: Episode, reel: Reel) -> None:
    heads = reel.heads()
    shown = [call for mind in reel.minds(0).values() for call in mind.get("calls", ())]
    asked = {episode.content(call.prompt) for call in episode.each(Asked)}
    assert shown
    for call in shown:
        prompt = call["prompt"]
        whole = prompt if isinstance(prompt, str) else heads[prompt["head"]] + prompt["tail"]
        assert whole in asked
    assert any(isinstance(call["prompt"], dict) for call in shown)


def test_a_life_holds_what_was_remembered_and_planned(episode: Episode, reel: Reel) -> None:
    life = reel.life(0)
    frame = episode.memories[episode.memories["agent"] == episode.agents[0]]
    assert [row[3] for row in life["memories"]] == frame["text"].tolist()
    assert [row[6] for row in life["memories"]] == frame["count"].tolist()
    assert life["plans"]


def test_the_society_shows_what_detectors_find(episode: Episode, reel: Reel) -> None:
    society = reel.society()
    assert len(society["findings"]) == len(episode.behaviours)
    talk = episode.graph("talk")
    assert {(one, two) for _, one, two, _ in society["ties"]["talk"]} == {
        (episode.agents.index(one), episode.agents.index(two)) for one, two in talk.edges
    }
    calls = sum(row[3] for row in society["costs"])
    assert calls == len(episode.calls)


def test_the_same_episode_gives_the_same_bytes(episode: Episode, reel: Reel) -> None:
    again = Reel(Episode.open(episode.folder))
    assert [(name, packed(part)) for name, part in again.parts()] == [
        (name, packed(part)) for name, part in reel.parts()
    ]


def test_a_reel_that_grew_is_one_that_was_made_afterwards(tmp_path: Path) -> None:
    out = tmp_path / "e"
    with Simulation(village.load(agents=3), mind="rules", out=out) as simulation:
        simulation.run(ticks=20)
        growing = Reel(Episode.open(out))
        simulation.intervene("add dov")
        simulation.run(ticks=40)
        assert growing.grow()
    growing.grow()
    fresh = Reel(Episode.open(out))
    assert dict(growing.parts()) == dict(fresh.parts())
    assert len(fresh.core()["cast"]) == 4


def test_a_part_that_is_not_there_is_refused(reel: Reel) -> None:
    for name in ("lines/99", "life/-1", "minds/x", "../spec.json", "core/1", "life/1e3", ""):
        with pytest.raises(EpisodeError):
            reel.part(name)


def test_packed_bytes_hold_every_part_under_its_name(reel: Reel) -> None:
    data = packed_reel(reel)
    (length,) = struct.unpack_from("<I", data)
    index = json.loads(data[4 : 4 + length])
    for name, part in islice(reel.parts(), 6):
        begin, size = index[name]
        assert data[4 + length + begin :][:size] == packed(part)
