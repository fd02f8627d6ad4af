from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest
from tale import CAST, Tale, noted, spec, told

from simulation.episode.episode import Episode
from simulation.episode.events import Asked, Began, Decided, Learned, Said
from simulation.episode.export import canonical_sha256
from simulation.episode.schema import LOG
from simulation.episode.timeline import KINDS, timeline
from simulation.errors import EpisodeError
from simulation.kernel.ids import Phase

COMMON = ["id", "time", "tick", "agent", "place"]


@pytest.fixture(scope="module")
def episode(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    return told(tmp_path_factory.mktemp("tale") / "e")


def test_it_says_what_it_is(episode: Episode) -> None:
    assert repr(episode).startswith("<Episode village, seed 7, 6 ticks, 3 agents, in ")
    assert episode.agents == CAST
    assert episode.name("ada") == "Ada"
    assert episode.run == {"model": "fake", "seed": 7}
    assert episode.spec == spec()
    began, ended = episode.began, episode.ended
    assert isinstance(began, Began)
    assert ended is not None
    assert ended.reason == "finished"
    assert episode.time(65) == "08:05"


def test_events_are_streamed_by_type_agent_and_tick(episode: Episode) -> None:
    assert {e.type for e in episode.iter_events(("said", Learned))} == {"said", "learned"}
    assert [e.tick for e in episode.each(Said)] == [3, 4]
    assert {e.agent for e in episode.iter_events(agent=("ada", "bram"))} == {"ada", "bram"}
    assert {e.tick for e in episode.iter_events(agent="ada", since=1, until=3)} == {1, 2}
    ids = [e.id for e in episode.iter_events()]
    assert ids == sorted(ids)


def test_the_frame_of_events_has_them_all(episode: Episode) -> None:
    frame = episode.events
    assert list(frame.columns) == [
        "id", "time", "tick", "type", "agent", "place", "causes", "fields",
    ]  # fmt: skip
    assert len(frame) == len(list(episode.iter_events()))
    said = frame[frame["type"] == "said"].iloc[0]
    assert said["fields"]["text"] == "I give a supper here tonight."
    assert episode.events is frame


def test_the_frame_of_calls_tells_what_they_took(episode: Episode) -> None:
    row = episode.calls.iloc[0]
    assert list(episode.calls.columns) == [*COMMON, *_own(Asked), "causes"]
    assert (row["purpose"], row["prompt_tokens"], row["seconds"]) == ("decide", 100, 0.3)
    assert episode.content(row["prompt"]) == "What now?"


def test_decisions_can_be_exploded_into_their_options(episode: Episode) -> None:
    row = episode.decisions.iloc[0]
    assert row["chosen"] == "go to the inn"
    assert row["index"] == 0
    exploded = episode.decisions.explode(["options", "raw", "corrected"])
    assert list(exploded["options"]) == ["go to the inn", "wait here", "read the board", "sleep"]
    assert list(exploded["corrected"]) == [0.6, 0.2, 0.15, 0.05]
    assert list(episode.decisions.columns) == [
        *COMMON, "origin", "menu", "options", "legal", "chosen", "index", "action", "raw",
        "corrected", "exponent", "percept", "memories", "dropped", "call", "causes",
    ]  # fmt: skip


def test_a_decision_without_probabilities_explodes_too(tmp_path: Path) -> None:
    tale = Tale(tmp_path / "e")
    scribe = noted(0, Phase.THINK, "ada", "quay", [])
    menu = scribe.keep([{"text": "wait"}, {"text": "go"}])
    scribe.note(Decided, origin="human", menu=menu, options=2, legal=2, chosen=1, action={})
    tale.commit(0, scribe)
    tale.writer.close()
    exploded = Episode.open(tmp_path / "e").decisions.explode(["options", "raw", "corrected"])
    assert list(exploded["options"]) == ["wait", "go"]
    assert exploded["raw"].isna().all()


def test_the_frame_of_memories_counts_repetitions(episode: Episode) -> None:
    assert len(episode.memories) == 1
    row = episode.memories.iloc[0]
    assert (row["agent"], row["fact"], row["count"], row["last_access"]) == ("bram", "supper", 2, 4)
    assert row["recalled"] == 1
    assert "again" not in episode.memories


def test_what_goes_on_within_people_has_frames(episode: Episode) -> None:
    assert list(episode.stances["after"]) == [0.5, -0.25]
    assert list(episode.relations["closeness"]) == [1.0]
    assert list(episode.reactions["response"]) == ["continue"]
    assert list(episode.feelings["emotion"]) == ["happy"]


def test_the_frame_of_acts_has_what_failed_as_well(episode: Episode) -> None:
    acts = episode.acts
    assert list(acts["verb"]) == ["take", "use"]
    assert list(acts["done"]) == [True, False]
    assert list(acts["reason"]) == ["", "the gate is jammed"]


def test_the_other_frames_have_their_columns(episode: Episode) -> None:
    assert list(episode.dialogue["to"]) == ["bram", "bram"]
    assert list(episode.dialogue["overheard"]) == [["ada"], []]
    assert list(episode.moves["row"]) == [1, 2]
    assert list(episode.moves.columns) == [*COMMON, "row", "column", "to", "causes"]
    assert list(episode.facts["source"]) == ["seeded", "told", "overheard"]
    assert list(episode.reflections["insight"]) == ["Chiara likes company."]
    assert list(episode.plans["items"]) == [[{"what": "bake", "where": "bakehouse"}]]


def test_frames_of_an_empty_episode_have_columns(tmp_path: Path) -> None:
    tale = Tale(tmp_path / "e")
    tale.commit(0)
    tale.writer.close()
    episode = Episode.open(tmp_path / "e")
    for frame in (
        episode.events, episode.calls, episode.decisions, episode.dialogue, episode.memories,
        episode.acts, episode.moves, episode.facts, episode.plans, episode.reflections,
        episode.stances, episode.relations, episode.reactions, episode.feelings,
    ):  # fmt: skip
        assert len(frame) == 0
        assert {"id", "time", "tick"} <= set(frame.columns)
    assert episode.summary().talks == ()


def test_a_running_episode_shows_more_after_a_refresh(tmp_path: Path) -> None:
    tale = Tale(tmp_path / "e")
    tale.begin()
    episode = Episode.open(tmp_path / "e")
    before = len(episode.events)
    tale.live()
    assert len(episode.events) == before
    assert len(episode.refresh().events) > before
    assert episode.ended is None
    tale.writer.close()


def test_graphs_have_weights_and_evidence(episode: Episode) -> None:
    talk = episode.graph("talk")
    assert talk.edges["chiara", "bram"]["weight"] == 1
    assert set(talk.nodes) == set(CAST)
    knowledge = episode.graph("knowledge")
    assert set(knowledge.edges) == {("chiara", "bram"), ("chiara", "ada")}
    edge = knowledge.edges["chiara", "ada"]
    assert edge["facts"] == ["supper"]
    assert episode.event(edge["events"][0]).type == "learned"


@pytest.mark.parametrize("what", ["nothing", "file", "empty folder", "folder with another file"])
def test_what_is_not_an_episode_is_refused_in_one_line(tmp_path: Path, what: str) -> None:
    path = tmp_path / "e"
    if what == "file":
        path.write_text("x")
    elif what != "nothing":
        path.mkdir()
        if what == "folder with another file":
            (path / "notes.txt").touch()
    with pytest.raises(EpisodeError, match=r"no such episode|not an episode") as caught:
        Episode.open(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "junk", [b"", b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 99]
)
def test_a_log_that_is_none_is_an_error(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / LOG).write_bytes(junk)
    with pytest.raises(EpisodeError, match="damaged"):
        Episode.open(tmp_path)


def test_another_version_of_the_log_is_named(tmp_path: Path) -> None:
    told(tmp_path / "e")
    _edit(tmp_path / "e", "UPDATE meta SET value = '99' WHERE name = 'schema_version'")
    with pytest.raises(EpisodeError, match=r"another version.*'99'"):
        Episode.open(tmp_path / "e")


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE events SET body = '{' WHERE type = 'said'",
        "UPDATE events SET body = '[]' WHERE type = 'said'",
        "UPDATE events SET body = '{}' WHERE type = 'said'",
        "UPDATE events SET type = 'shouted' WHERE type = 'said'",
        "DROP TABLE events",
    ],
)
def test_a_damaged_event_is_an_error_and_never_left_out(tmp_path: Path, edit: str) -> None:
    told(tmp_path / "e")
    _edit(tmp_path / "e", edit)
    with pytest.raises(EpisodeError, match="damaged"):
        list(Episode.open(tmp_path / "e").iter_events())


@pytest.mark.parametrize("name", ["spec.json", "run.json"])
@pytest.mark.parametrize("junk", ["", "{", "[]", '{"world": 3}', None])
def test_damaged_files_beside_the_log_are_named(
    tmp_path: Path, name: str, junk: str | None
) -> None:
    told(tmp_path / "e")
    if junk is None:
        (tmp_path / "e" / name).unlink()
    else:
        (tmp_path / "e" / name).write_text(junk)
    with pytest.raises(EpisodeError, match=name):
        Episode.open(tmp_path / "e")


def test_flipped_bytes_give_an_error_or_a_reading_but_nothing_else(tmp_path: Path) -> None:
    told(tmp_path / "e")
    whole = (tmp_path / "e" / LOG).read_bytes()
    stream = np.random.default_rng(5)
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "e", copy)
    errors = 0
    for number in range(120):
        raw = bytearray(whole)
        for place in stream.integers(0, len(raw), 2 + number % 40):
            raw[place] ^= int(stream.integers(1, 256))
        cut = len(raw) if number % 4 else int(stream.integers(0, len(raw)))
        (copy / LOG).write_bytes(raw[:cut])
        for read in READINGS:
            try:
                read(Episode.open(copy))
            except EpisodeError:
                errors += 1
    assert errors > 60


def test_flipped_letters_of_events_give_an_error_or_a_reading(tmp_path: Path) -> None:
    told(tmp_path / "e")
    whole = (tmp_path / "e" / LOG).read_bytes()
    stream = np.random.default_rng(6)
    texts = [place for place in range(len(whole) - 1) if whole[place : place + 2] in (b'":', b'{"')]
    for _ in range(60):
        raw = bytearray(whole)
        place = int(stream.choice(texts)) + int(stream.integers(-2, 4))
        raw[place] = int(stream.choice(list(b'{}[]":,01az')))
        (tmp_path / "e" / LOG).write_bytes(raw)
        for read in READINGS:
            with suppress(EpisodeError):
                read(Episode.open(tmp_path / "e"))


READINGS: list[Callable[[Episode], object]] = [
    lambda episode: list(episode.iter_events()),
    canonical_sha256,
    lambda episode: episode.summary(),
    lambda episode: list(timeline(episode, kinds=KINDS, agents=["ada"])),
    lambda episode: (episode.decisions, episode.acts, episode.memories, episode.moves),
]


def test_unknown_ids_and_names_are_errors(episode: Episode) -> None:
    with pytest.raises(EpisodeError, match="no such event"):
        episode.event("00009.1.001.000")
    with pytest.raises(EpisodeError, match="not the id"):
        episode.event("nine")
    with pytest.raises(EpisodeError, match="no such content"):
        episode.content("0" * 32)
    with pytest.raises(EpisodeError, match=r"unknown type of event.*did you mean 'said'"):
        list(episode.iter_events(("sayd",)))
    with pytest.raises(EpisodeError, match="unknown kind of graph"):
        episode.graph("talking")  # type: ignore[arg-type] - as a user may


def test_reading_leaves_no_trace(tmp_path: Path) -> None:
    with told(tmp_path / "e") as episode:
        before = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "e").iterdir()}
        assert len(episode.events) > 0
        assert episode.summary().ticks == 6
        assert {p.name: p.stat().st_mtime_ns for p in (tmp_path / "e").iterdir()} == before


def test_a_relative_path_keeps_meaning_the_same_folder(tmp_path: Path) -> None:
    told(tmp_path / "e")
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        episode = Episode.open("e")
    finally:
        os.chdir(here)
    assert episode.spec.world == "village"
    assert episode.ticks == 6


def _edit(folder: Path, sql: str) -> None:
    with closing(sqlite3.connect(folder / LOG)) as db, db:
        db.execute(sql)


def _own(kind: type[Asked]) -> list[str]:
    common = {"id", "tick", "agent", "place", "causes", "type"}
    return [name for name in kind.model_fields if name not in common]


@pytest.mark.parametrize("table", ["events", "memories", "decisions", "acts", "moves", "stances"])
@pytest.mark.parametrize("chunk", [1, 3, 1000])
def test_pieces_of_a_frame_are_the_frame(episode: Episode, table: str, chunk: int) -> None:
    pieces = list(episode.stream(table, chunk))
    assert max(len(piece) for piece in pieces) <= chunk
    whole = getattr(episode, table)
    assert [row for piece in pieces for row in piece["id"]] == list(whole["id"])
    assert [at for piece in pieces for at in piece.index] == list(whole.index)
    assert all(list(piece.columns) == list(whole.columns) for piece in pieces)


@pytest.mark.parametrize(("table", "chunk"), [("event", 10), ("events", 0)])
def test_there_are_no_pieces_of_nothing(episode: Episode, table: str, chunk: int) -> None:
    with pytest.raises(EpisodeError):
        next(episode.stream(table, chunk))
