"""Recordings that are broken, hostile or absurd: one clear line each, and nothing is left."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from synthetic_recording import PEOPLE, frames, meta, node, write_demo, write_json, write_maze

from simulation.episode.episode import Episode
from simulation.episode.events import Said
from simulation.errors import BadInput, EpisodeError, FileError, WorldError
from simulation.imports import import_generative_agents
from simulation.past import Past

KEPT = Path("personas") / PEOPLE[0] / "bootstrap_memory"
NODES = KEPT / "associative_memory" / "nodes.json"
EMBEDDINGS = KEPT / "associative_memory" / "embeddings.json"
ONE = {"node_1": node(1, "event", 3, "bed is idle")}


def _write(name: Path | str, value: Any) -> Callable[[Path], object]:
    return lambda folder: write_json(folder / name, value)


def _raw(name: Path | str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text)


def _gone(name: Path | str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def _step(**changed: Any) -> dict[str, Any]:
    return {"0": {PEOPLE[0]: {**frames(0)[PEOPLE[0]], **changed}}}


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "no movement": (_gone("master_movement.json"), "no recording of generative_agents"),
    "no meta": (_gone("meta.json"), "a file of the recording is missing"),
    "no nodes": (_gone(NODES), "a file of the recording is missing"),
    "no scratch": (_gone(KEPT / "scratch.json"), "a file of the recording is missing"),
    "half a file": (_raw("master_movement.json", '{"0": {'), "is not JSON"),
    "not text": (lambda f: (f / "meta.json").write_bytes(b"\xff\xfe\x00"), "is not JSON"),
    "a list": (_write("meta.json", [1]), "valid dictionary"),
    "deep": (_raw("meta.json", "[" * 100_000), "nested too deeply"),
    "long number": (_raw("meta.json", '{"step": ' + "9" * 6000 + "}"), "is not JSON"),
    "a step of years": (_write("meta.json", meta() | {"sec_per_step": 10**9}), "sec_per_step"),
    "a step of none": (_write("meta.json", meta() | {"sec_per_step": 0}), "sec_per_step"),
    "a billion steps": (_write("meta.json", meta() | {"step": 10**9}), "step"),
    "no people": (_write("meta.json", meta() | {"persona_names": []}), "persona_names"),
    "a time": (_write("meta.json", meta() | {"curr_time": "soon"}), "no time as recorded"),
    "the year 1": (
        _write("meta.json", meta() | {"curr_time": "January 1, 0001, 00:00:00"}), "calendar",
    ),
    "out of the folder": (
        _write("meta.json", meta() | {"persona_names": ["../../etc"]}), "persona_names 0",
    ),
    "a parent": (_write("meta.json", meta() | {"persona_names": [".."]}), "recording"),
    "a long name": (_write("meta.json", meta() | {"persona_names": ["a" * 5000]}), "at most 40"),
    "twice": (_write("meta.json", meta() | {"persona_names": ["Ada Lark"] * 2}), "twice"),
    "a stranger": (
        _write("master_movement.json", {"0": {"Eve": frames(0)[PEOPLE[0]]}}), "persona_names",
    ),
    "no steps": (_write("master_movement.json", {}), "no step"),
    "a far step": (_write("master_movement.json", {"999999999999": {}}), "less than 1000000"),
    "a named step": (_write("master_movement.json", {"first": {}}), "valid integer"),
    "off the map": (_write("master_movement.json", _step(movement=[10**12, 3])), "movement 0"),
    "below the map": (_write("master_movement.json", _step(movement=[-1, 3])), "movement 0"),
    "not a number": (_raw("master_movement.json", '{"0": {"Ada Lark": {"movement": [NaN, 1]}}}'),
                     "movement 0"),
    "a talk": (_write("master_movement.json", _step(chat=[["Ada Lark"]])), "chat 0"),
    "an age": (_write(KEPT / "scratch.json", {"age": 1e300}), "age"),
    "a poignancy": (_raw(NODES, json.dumps(ONE).replace('"poignancy": 2', '"poignancy": 1e999')),
                    "poignancy"),
    "a kind": (_write(NODES, {"node_1": {**ONE["node_1"], "type": "dream"}}), "type"),
    "a key": (_write(NODES, {"../1": ONE["node_1"]}), "no node of a memory"),
    "a node's time": (_write(NODES, {"node_1": {**ONE["node_1"], "created": "?"}}), "no time"),
    "a missing vector": (_write(EMBEDDINGS, {"other": [1.0]}), "has no vector of a memory"),
    "a zero vector": (
        lambda f: write_json(f / NODES, ONE) or write_json(f / EMBEDDINGS, {"bed is idle": [0.0]}),
        "a vector cannot be used",
    ),
    "an empty vector": (
        lambda f: write_json(f / NODES, ONE) or write_json(f / EMBEDDINGS, {"bed is idle": []}),
        "equally many components",
    ),
    "an endless vector": (
        lambda f: write_json(f / NODES, ONE) or _raw(EMBEDDINGS, '{"bed is idle": [Infinity]}')(f),
        "NaN or infinite",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_recording_is_refused_in_one_line(case: str, tmp_path: Path) -> None:
    write_demo(tmp_path / "d")
    spoil, told = BROKEN[case]
    spoil(tmp_path / "d")
    with pytest.raises(BadInput) as refused:
        import_generative_agents(tmp_path / "d", out=tmp_path / "e")
    line = str(refused.value)
    assert told in line
    assert "\n" not in line
    assert len(line) < 500
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d"]


def test_a_link_that_leads_out_of_the_recording_is_not_followed(tmp_path: Path) -> None:
    write_demo(tmp_path / "d")
    (tmp_path / "secret.json").write_text('{"age": 3}')
    (tmp_path / "d" / KEPT / "scratch.json").unlink()
    (tmp_path / "d" / KEPT / "scratch.json").symlink_to(tmp_path / "secret.json")
    with pytest.raises(FileError, match="leads out of the recording"):
        import_generative_agents(tmp_path / "d", out=tmp_path / "e")


def test_a_file_that_claims_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    write_demo(tmp_path / "d")
    with (tmp_path / "d" / "master_movement.json").open("wb") as file:
        file.truncate(10**9)
    with pytest.raises(FileError, match="too large: 1,000 MB"):
        import_generative_agents(tmp_path / "d", out=tmp_path / "e")


MAZES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a huge maze": (
        _write("maze_meta_info.json", {"maze_width": 10**9, "maze_height": 10**9}), "maze_width",
    ),
    "another size": (_write("maze_meta_info.json", {"maze_width": 7, "maze_height": 7}), "cells"),
    "no matrix": (_gone("maze/sector_maze.csv"), "missing"),
    "no blocks": (_gone("special_blocks/arena_blocks.csv"), "missing"),
    "an empty row": (_raw("special_blocks/arena_blocks.csv", "1, a\n"), "names nothing"),
    "no info": (_gone("maze_meta_info.json"), "holds no maze_meta_info.json"),
    "no text": (lambda f: (f / "maze/sector_maze.csv").write_bytes(b"\xff,"), "is not CSV"),
}  # fmt: skip


@pytest.mark.parametrize("case", MAZES)
def test_a_broken_maze_is_refused_in_one_line(case: str, tmp_path: Path) -> None:
    write_demo(tmp_path / "d")
    maze = write_maze(tmp_path / "matrix")
    spoil, told = MAZES[case]
    spoil(maze)
    with pytest.raises(FileError, match=told):
        import_generative_agents(tmp_path / "d", maze=maze, out=tmp_path / "e")


def test_a_maze_of_another_world_is_noticed(tmp_path: Path) -> None:
    write_demo(tmp_path / "d")
    write_json(tmp_path / "d" / "master_movement.json", _step(movement=[500, 3]))
    maze = write_maze(tmp_path / "matrix")
    with pytest.raises(FileError, match="off the map of 20 by 12 tiles"):
        import_generative_agents(tmp_path / "d", maze=maze, out=tmp_path / "e")


def test_hostile_words_are_kept_as_words(tmp_path: Path) -> None:
    hostile = "</script><img src=x onerror=alert(1)>\u202e\ud800 \x1b[31m" + "x" * 150_000
    write_demo(tmp_path / "d")
    chat = [[PEOPLE[0], hostile], [PEOPLE[1], "\u0000"]]
    write_json(tmp_path / "d" / "master_movement.json", _step(chat=chat, description=hostile))
    made = Episode.open(import_generative_agents(tmp_path / "d", out=tmp_path / "e").folder)
    said = [event.text for event in made.each(Said)]
    assert said[0].startswith("</script><img")
    assert "\ud800" not in said[0]
    assert len(said[0]) == 100_000


def test_a_name_with_tags_becomes_an_id_without_them(tmp_path: Path) -> None:
    name = "<b>Ada & Co.<!--"
    folder = write_demo(tmp_path / "d")
    (folder / "personas" / PEOPLE[0]).rename(folder / "personas" / name)
    write_json(folder / "meta.json", meta() | {"persona_names": [name]})
    write_json(folder / "master_movement.json", {"0": {name: frames(0)[PEOPLE[0]]}})
    made = Episode.open(import_generative_agents(folder, out=tmp_path / "e").folder)
    assert made.agents == ("b_ada_co",)
    assert made.name("b_ada_co") == name


def test_memories_that_cite_each_other_in_a_circle_or_nothing_are_read(tmp_path: Path) -> None:
    write_demo(tmp_path / "d")
    nodes = {
        "node_1": node(1, "thought", 1, "one", filling=["node_2", "node_1", "node_99"]),
        "node_2": node(2, "thought", 1, "two", filling=["node_1", 3, None, {"a": 1}]),
        "node_3": node(3, "thought", 10**6, "late", filling="node_2"),
    }
    write_json(tmp_path / "d" / NODES, nodes)
    write_json(tmp_path / "d" / EMBEDDINGS, {"one": [1.0], "two": [1.0], "late": [-1.0]})
    made = import_generative_agents(tmp_path / "d", out=tmp_path / "e")
    episode = Episode.open(made.folder)
    rows = episode.memories.query("agent == 'ada_lark'")
    assert [len(evidence) for evidence in rows["evidence"]] == [0, 2, 2]


def test_what_was_not_lived_here_is_neither_gone_on_with_nor_repeated(tmp_path: Path) -> None:
    folder = import_generative_agents(write_demo(tmp_path / "d"), out=tmp_path / "e").folder
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for way in (Past.to_go_on, Past.to_repeat):
        with pytest.raises(EpisodeError, match="not lived here"):
            way(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    with pytest.raises(WorldError, match="no rules to live by"):
        Episode.open(folder).spec.world_class().load()


def test_a_folder_that_is_taken_stays_as_it_is(tmp_path: Path) -> None:
    write_demo(tmp_path / "d")
    (tmp_path / "e").mkdir()
    with pytest.raises(EpisodeError, match="something is there already"):
        import_generative_agents(tmp_path / "d", out=tmp_path / "e")
    assert list((tmp_path / "e").iterdir()) == []


def test_the_command_says_what_is_wrong_and_leaves_with_2(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "simulation.cli", "import", "generative-agents", "nowhere"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: nowhere: there is no such folder")
    assert done.stderr.count("\n") == 1
