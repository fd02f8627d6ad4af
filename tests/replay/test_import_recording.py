"""What a recording of the released generative_agents code becomes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from synthetic_recording import (
    CHAT,
    LINES,
    PEOPLE,
    STEPS,
    TOWN,
    meta,
    write_demo,
    write_json,
    write_maze,
    write_simulation,
)

from simulation.episode.episode import Episode
from simulation.episode.events import (
    Acted,
    Joined,
    Moved,
    Planned,
    Reflected,
    Remembered,
    Said,
    TalkEnded,
    Warned,
)
from simulation.episode.memories import memory_stream
from simulation.imports import import_generative_agents
from simulation.memory import HashEmbedder


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    """The compressed form, with a map of its own making."""
    folder = tmp_path_factory.mktemp("demo")
    return Episode.open(import_generative_agents(write_demo(folder / "d"), out=folder / "e").folder)


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    """The form in which it ran, with the maze files."""
    folder = tmp_path_factory.mktemp("simulation")
    maze = write_maze(folder / "matrix")
    made = import_generative_agents(write_simulation(folder / "s"), maze=maze, out=folder / "e")
    return Episode.open(made.folder)


def test_every_step_is_a_tick_of_ten_seconds(demo: Episode) -> None:
    assert demo.ticks == STEPS
    assert demo.clock.seconds_a_tick == 10
    assert demo.time(STEPS - 1) == "00:14"
    assert demo.clock.tick_at("00:05") == 30


def test_people_join_where_they_stood_and_move_as_recorded(simulation: Episode) -> None:
    joined = list(simulation.each(Joined))
    assert [event.name for event in joined] == list(PEOPLE)
    assert {event.cell for event in joined} == {(4, 5)}
    walk = list(simulation.each(Moved, "cleo_ward"))
    assert walk[-1].cell == (9, 13)
    assert walk[-1].place == walk[-1].to == "elm_park_park"
    for before, after in pairwise(walk):
        far = max(abs(before.cell[0] - after.cell[0]), abs(before.cell[1] - after.cell[1]))
        assert (after.tick - before.tick, far) == (1, 1)


def test_what_is_done_keeps_its_words_its_address_and_its_emoji(simulation: Episode) -> None:
    acts = list(simulation.each(Acted, "cleo_ward"))
    assert [act.deed for act in acts] == ["is sleeping", "is reading her book"]
    assert acts[1].tick == 6
    assert acts[1].place == "elm_park_park"
    assert acts[1].action["mark"] == "\U0001f4d6"
    assert acts[1].action["address"] == f"{TOWN}:Elm Park:park:garden chair"


def test_each_line_of_a_talk_is_said_once_by_its_speaker_to_the_other(demo: Episode) -> None:
    said = list(demo.each(Said))
    assert [(demo.name(event.agent), event.text) for event in said] == list(LINES)
    assert {(event.to, event.told) for event in said[::2]} == {("ben_okoye", ("ben_okoye",))}
    assert {event.talk for event in said} == {said[0].id}
    assert [event.last for event in said] == [False, False, False, True]
    assert [event.causes for event in said[1:]] == [(event.id,) for event in said[:-1]]


def test_a_talk_fills_the_time_that_it_is_on_record_and_ends_for_both(demo: Episode) -> None:
    said = [event.tick for event in demo.each(Said)]
    assert said[0] == CHAT[0]
    assert said == sorted(said)
    assert CHAT[0] < said[-1] < CHAT[1]
    ended = list(demo.each(TalkEnded))
    assert [(event.agent, event.tick) for event in ended] == [
        ("ada_lark", CHAT[1]), ("ben_okoye", CHAT[1]),
    ]  # fmt: skip
    assert {event.turns for event in ended} == {len(LINES)}


def test_nodes_become_memories_with_their_importance_and_their_hour(demo: Episode) -> None:
    memories = list(demo.each(Remembered, "ada_lark"))
    assert [memory.kind for memory in memories] == [
        "reflection", "plan", "observation", "observation", "dialogue", "reflection",
    ]  # fmt: skip
    assert [memory.tick for memory in memories] == [0, 0, 6, 20, CHAT[0] + 1, CHAT[1] + 5]
    assert [memory.importance for memory in memories] == [2, 3, 4, 5, 6, 7]
    assert memories[0].source == "seeded"
    assert memories[4].people == ("ben_okoye",)


def test_a_thought_cites_the_memories_that_it_rests_on(demo: Episode) -> None:
    memories = list(demo.each(Remembered, "ada_lark"))
    [reflected] = demo.each(Reflected, "ada_lark")
    assert reflected.evidence == (memories[4].id, memories[3].id)
    assert reflected.depth == 2
    assert memories[5].evidence == (reflected.id, *reflected.evidence)


def test_the_memory_of_a_talk_rests_on_what_had_been_said_by_then(demo: Episode) -> None:
    dialogue = next(m for m in demo.each(Remembered, "ben_okoye") if m.kind == "dialogue")
    said = [event.id for event in demo.each(Said) if event.tick <= dialogue.tick]
    assert said
    assert set(said) >= set(dialogue.evidence)
    assert dialogue.evidence[0] == said[0]


def test_the_last_plan_stands_by_the_hour(demo: Episode) -> None:
    [plan] = demo.each(Planned, "ben_okoye")
    assert plan.items[1] == {"at": "06:00", "doing": "opening the bakery", "minutes": 300}


def test_vectors_are_kept_as_whole_numbers(demo: Episode) -> None:
    memories = list(demo.each(Remembered))
    kept = demo.log.vectors({memory.vector for memory in memories})
    assert all(memory.vector in kept for memory in memories)
    assert {len(vector) for vector in kept.values()} == {2 * 24}


def test_people_keep_what_the_recording_says_of_them(demo: Episode) -> None:
    ada = demo.persona("ada_lark")
    assert (ada.name, ada.age, ada.pronouns, ada.bedtime) == ("Ada Lark", 33, "she", "21:00")
    assert ada.bio_line == ("Ada Lark is a baker of the Corner Bakery who likes her oven hot.")
    assert "early riser" in ada.biography
    told = demo.spec.data["recorded"]["people"]["ada_lark"]
    assert told["innate"] == "curious, patient, early riser"


def test_the_maze_files_give_rooms_walls_and_things(simulation: Episode) -> None:
    town = simulation.spec.data["map"]
    plan = simulation.spec.world_class().plan_of(simulation.spec)
    assert (plan.rows, plan.columns) == (12, 20)
    assert {place["id"] for place in town["places"]} == {
        "outside", "rose_house_main_room", "corner_bakery_shop", "elm_park_park",
    }  # fmt: skip
    names = {place["id"]: place["name"] for place in town["places"]}
    assert names["corner_bakery_shop"] == "Corner Bakery"
    indoors = {place["id"] for place in town["places"] if place.get("indoors")}
    assert indoors == {"rose_house_main_room", "corner_bakery_shop"}
    assert (1, 2) in plan.walls
    assert (0, 0) in plan.barriers
    assert plan.place_at[2, 15] == "corner_bakery_shop"
    assert {thing["name"] for thing in town["things"]} == {
        "the bed", "the counter", "the garden chair",
    }  # fmt: skip


def test_without_maze_files_rooms_are_where_people_stayed(demo: Episode) -> None:
    plan = demo.spec.world_class().plan_of(demo.spec)
    assert plan.place_at[4, 5] == "rose_house_main_room"
    assert plan.place_at[9, 13] == "elm_park_park"
    assert plan.place_at[6, 6] == "outside"
    assert any("--maze" in event.text for event in demo.each(Warned))


def test_both_forms_tell_the_same(demo: Episode, tmp_path: Path) -> None:
    ran = import_generative_agents(write_simulation(tmp_path / "s"), out=tmp_path / "e").folder
    assert list(Episode.open(ran).log.rows()) == list(demo.log.rows())


def test_the_same_recording_gives_the_same_log(demo: Episode, tmp_path: Path) -> None:
    again = import_generative_agents(write_demo(tmp_path / "d"), out=tmp_path / "e").folder
    assert list(Episode.open(again).log.rows()) == list(demo.log.rows())


def test_steps_of_whole_minutes_are_counted_in_minutes(tmp_path: Path) -> None:
    write_demo(tmp_path / "d")
    write_json(tmp_path / "d" / "meta.json", meta(seconds=120))
    made = Episode.open(import_generative_agents(tmp_path / "d", out=tmp_path / "e").folder)
    assert (made.spec.tick_minutes, made.spec.tick_seconds) == (2, None)
    assert made.time(STEPS - 1) == "02:58"


def test_a_meta_file_that_contradicts_itself_is_read_by_its_dates_and_said_so(
    tmp_path: Path,
) -> None:
    write_demo(tmp_path / "d")
    changed = {**meta(), "sec_per_step": 1800, "step": 50}
    write_json(tmp_path / "d" / "meta.json", changed)
    made = import_generative_agents(tmp_path / "d", out=tmp_path / "e")
    assert made.seconds == 10
    assert any("1,800 s" in note and "10 s" in note for note in made.notes)


def test_a_recording_without_vectors_is_read_too(tmp_path: Path) -> None:
    write_demo(tmp_path / "d")
    for name in PEOPLE:
        kept = tmp_path / "d" / "personas" / name / "bootstrap_memory" / "associative_memory"
        (kept / "embeddings.json").unlink()
    made = import_generative_agents(tmp_path / "d", out=tmp_path / "e")
    assert made.counts["Remembered"] == 16
    assert any("no vectors" in note for note in made.notes)


def test_the_maze_is_found_where_the_released_code_keeps_it(tmp_path: Path) -> None:
    front = tmp_path / "frontend_server"
    write_maze(front / "static_dirs" / "assets" / "the_hamlet" / "matrix")
    made = import_generative_agents(
        write_demo(front / "compressed_storage" / "one"), out=tmp_path / "e"
    )
    assert made.maze.endswith("matrix")


def test_a_conversation_that_grows_line_by_line_is_said_when_each_line_appears(
    tmp_path: Path,
) -> None:
    folder = write_demo(tmp_path / "d")
    stands = {"movement": [4, 4], "pronunciatio": "", "description": "waiting @ <waiting> 4 4"}
    lines = [["Ada Lark", "One."], ["Ben Okoye", "Two."], ["Ada Lark", "Three."]]
    chats = {0: None, 10: lines[:1], 20: lines[:2], 30: lines, 40: None}
    master = {
        str(step): {name: {**stands, "chat": chat} for name in ("Ada Lark", "Ben Okoye")}
        for step, chat in chats.items()
    }
    write_json(folder / "master_movement.json", master)
    made = Episode.open(import_generative_agents(folder, out=tmp_path / "e").folder)
    assert [(event.tick, event.text) for event in made.each(Said)] == [
        (10, "One."), (20, "Two."), (30, "Three."),
    ]  # fmt: skip


def test_memories_can_be_searched_with_an_embedder_of_another_size(demo: Episode) -> None:
    own = memory_stream(demo, "ada_lark")
    assert len(own) == 6
    assert own.dimension == 24
    ours = memory_stream(demo, "ada_lark", embedder=HashEmbedder())
    assert len(ours) == 6
    assert ours.dimension == HashEmbedder().dimension
