from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tale import CAST, Tale, spec, told

from simulation.episode.episode import Episode
from simulation.episode.events import Ended, Said, Warned
from simulation.episode.folder import default_folder
from simulation.episode.log import EpisodeWriter
from simulation.episode.schema import LOG, id_of, key_of
from simulation.episode.sink import JournalKey, Scribe, content_hash
from simulation.errors import EpisodeError, SimulationError
from simulation.kernel.ids import EventId, Phase

IDS = st.tuples(
    st.integers(0, 2**24 - 1), st.integers(0, 3), st.integers(0, 2**20 - 1), st.integers(0, 65_535)
).map(lambda parts: EventId(*parts))


def said(tick: int, *texts: str, agent: str = "ada", rank: int = 1) -> Scribe:
    scribe = Scribe(tick, Phase.ACT, rank, agent, "quay")
    for text in texts:
        scribe.note(Said, text=text)
    return scribe


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def commit(writer: EpisodeWriter, scribe: Scribe) -> None:
    writer.commit(scribe.tick, scribe.events, scribe.contents)


def writer_at(path: Path) -> EpisodeWriter:
    return EpisodeWriter(path, spec=spec(), run={"seed": 1})


def test_what_is_written_comes_back_as_it_was(tmp_path: Path) -> None:
    scribe = said(0, "Good morning.", "Fine day.")
    with writer_at(tmp_path / "e") as writer:
        commit(writer, scribe)
    episode = Episode.open(tmp_path / "e")
    assert list(episode.iter_events()) == scribe.events
    assert episode.event(scribe.events[1].id) == scribe.events[1]


def test_an_episode_appears_with_its_first_tick_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "e"
    with writer_at(path) as writer:
        assert not path.exists()
        assert writer.folder != path
        commit(writer, said(0, "Good morning."))
        assert writer.folder == path
        assert writer.appeared
    assert names_in(path) == [LOG, "run.json", "seal.json", "spec.json"]
    assert names_in(path.parent) == ["e"]


def test_an_episode_without_a_tick_leaves_nothing(tmp_path: Path) -> None:
    with writer_at(tmp_path / "new" / "e") as writer:
        writer.journal(JournalKey(("ada", 0, "decide", 0)), "x", "{}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "file", "dangling link"])
def test_a_path_that_is_taken_is_refused_in_one_line(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "e"
    if kind == "folder":
        path.mkdir()
    elif kind == "file":
        path.touch()
    else:
        path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(EpisodeError, match=r"something is there already.*--out") as caught:
        writer_at(path)
    assert "\n" not in str(caught.value)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_path_that_is_taken_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "e"
    writer = writer_at(path)
    path.mkdir()
    with pytest.raises(EpisodeError, match="already"):
        commit(writer, said(0, "Good morning."))
    assert names_in(tmp_path) == ["e"]
    assert names_in(path) == []


@pytest.mark.parametrize("name", ["a\0b", "x" * 300, "file/e"])
def test_a_path_where_nothing_can_be_made_is_an_error_in_one_line(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EpisodeError, match="no episode can be written"):
        writer_at(tmp_path / name)
    assert names_in(tmp_path) == ["file"]


def test_an_event_out_of_order_is_refused_and_its_tick_leaves_no_trace(tmp_path: Path) -> None:
    with writer_at(tmp_path / "e") as writer:
        commit(writer, said(3, "One.", "Two."))
        wrong = [
            list(reversed(said(4, "Three.", "Four.").events)),
            said(3, "One.").events,
            said(2, "Before.").events,
            said(5, "Not of this tick.").events,
        ]
        for tick, events in zip((4, 3, 2, 4), wrong, strict=True):
            with pytest.raises(SimulationError):
                writer.commit(tick, events, {content_hash("x"): "x"})
        commit(writer, said(4, "Three."))
    episode = Episode.open(tmp_path / "e")
    assert [e.text for e in episode.each(Said)] == ["One.", "Two.", "Three."]
    assert episode.log.contents([content_hash("x")]) == {}


def test_more_than_a_thousand_people_and_events_keep_their_order(tmp_path: Path) -> None:
    with writer_at(tmp_path / "e") as writer:
        for rank in (999, 1000, 1001):
            many = said(0, *(f"{rank} {n}" for n in range(1002)), rank=rank)
            writer.commit(0, many.events, {})
    texts = [event.text for event in Episode.open(tmp_path / "e").each(Said)]
    assert texts == [f"{rank} {n}" for rank in (999, 1000, 1001) for n in range(1002)]


@given(IDS, IDS)
def test_keys_sort_as_ids_do_and_lead_back_to_them(one: EventId, other: EventId) -> None:
    assert (key_of(str(one)) < key_of(str(other))) == (one < other)
    assert id_of(key_of(str(one))) == str(one)


@pytest.mark.parametrize("bad", ["", "1.2.3", "a.b.c.d", "0.9.0.0", "0.0.0.65536", "-1.0.0.0"])
def test_what_is_not_an_id_is_refused(bad: str) -> None:
    with pytest.raises(SimulationError):
        key_of(bad)


def test_incidental_events_never_stand_in_the_way_of_others(tmp_path: Path) -> None:
    with writer_at(tmp_path / "e") as writer:
        commit(writer, said(0, "One."))
        for text in ("a", "b"):
            aside = Scribe(1, Phase.CLOSE, 0, "")
            aside.note(Warned, text=text)
            aside.note(Ended, reason="interrupted")
            commit(writer, aside)
        assert writer.last_tick == 0
        commit(writer, said(1, "Two."))
    episode = Episode.open(tmp_path / "e")
    assert [e.text for e in episode.each(Warned)] == ["a", "b"]
    assert episode.ended is not None
    assert episode.ticks == 2


def test_a_tick_without_events_counts(tmp_path: Path) -> None:
    with writer_at(tmp_path / "e") as writer:
        commit(writer, said(0, "One."))
        writer.commit(1, [], {})
        writer.commit(2, [], {})
    assert Episode.open(tmp_path / "e").ticks == 3


def test_what_is_so_before_the_first_tick_is_no_tick(tmp_path: Path) -> None:
    scribe = Scribe(0, Phase.WORLD, 0, "")
    scribe.note(Said, text="Before.")
    with writer_at(tmp_path / "e") as writer:
        writer.commit(-1, scribe.events, {})
        assert Episode.open(tmp_path / "e").ticks == 0
        commit(writer, said(0, "One."))
    assert Episode.open(tmp_path / "e").ticks == 1


def test_what_is_running_can_be_read(tmp_path: Path) -> None:
    with writer_at(tmp_path / "e") as writer:
        commit(writer, said(0, "One."))
        episode = Episode.open(tmp_path / "e")
        for tick in range(1, 50):
            commit(writer, said(tick, "More."))
            assert episode.ticks == tick + 1
            assert len(list(episode.iter_events(since=tick))) == 1
        reading = episode.iter_events()
        next(reading)
        commit(writer, said(50, "While somebody reads."))
        assert len(list(reading)) == 49
    assert len(list(episode.iter_events())) == 51


def test_a_writer_can_be_closed_while_somebody_reads(tmp_path: Path) -> None:
    with writer_at(tmp_path / "e") as writer:
        commit(writer, said(0, "One.", "Two."))
        reading = Episode.open(tmp_path / "e").iter_events()
        next(reading)
    assert len(list(reading)) == 1
    assert len(list(Episode.open(tmp_path / "e").iter_events())) == 2


def test_a_closed_log_is_one_file_that_needs_no_company(tmp_path: Path) -> None:
    told(tmp_path / "e")
    assert not list((tmp_path / "e").glob(f"{LOG}-*"))
    uri = f"{(tmp_path / 'e' / LOG).as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert db.execute("SELECT id FROM happenings").fetchone() == ("00000.0.000.000",)


def test_a_closed_writer_takes_nothing_more(tmp_path: Path) -> None:
    writer = writer_at(tmp_path / "e")
    commit(writer, said(0, "One."))
    writer.close()
    writer.close()
    with pytest.raises(SimulationError, match="closed"):
        commit(writer, said(1, "Two."))


def test_replies_and_vectors_are_kept_when_they_arrive(tmp_path: Path) -> None:
    with writer_at(tmp_path / "e") as writer:
        commit(writer, said(0, "One."))
        writer.journal(JournalKey(("bram", 1, "utter", 0)), "p", '{"text":"\ud800"}')
        writer.journal(JournalKey(("ada", 1, "decide", 0)), "q", "{}")
        writer.journal_vectors({content_hash("x"): b"\1\0"})
        writer.journal_vectors({content_hash("x"): b"\1\0"})
        episode = Episode.open(tmp_path / "e")
        assert list(episode.log.replies()) == [
            ("ada", 1, "decide", 0, "q", "{}"),
            ("bram", 1, "utter", 0, "p", '{"text":"\ud800"}'),
        ]
        assert episode.log.vector(content_hash("x")) == b"\1\0"


TEXTS = st.text(st.characters(exclude_categories=[]), max_size=40) | st.sampled_from(
    ["\ud800", "a\0b", "\udfff\ud83d", "👩‍🌾", "\x1b[31m", "\u202eevil", '"\\', ""]
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS, min_size=1, max_size=40))
def test_any_text_comes_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("texts") / "e"
    scribe = said(0, *texts)
    names = [scribe.keep(text) for text in texts]
    with writer_at(path) as writer:
        commit(writer, scribe)
    episode = Episode.open(path)
    assert list(episode.iter_events()) == scribe.events
    assert [episode.content(name) for name in names] == texts
    assert list(episode.dialogue["text"]) == texts


def test_numbers_that_are_none_come_back(tmp_path: Path) -> None:
    tale = Tale(tmp_path / "e")
    scribe = said(0)
    from simulation.episode.events import Reflected

    event = scribe.note(Reflected, insight="x", evidence=(), closeness=float("-inf"))
    tale.commit(0, scribe)
    tale.writer.close()
    assert list(Episode.open(tmp_path / "e").iter_events()) == [event]


def test_the_default_folder_is_the_first_free_number(tmp_path: Path) -> None:
    first = default_folder("village", 7, tmp_path)
    assert first.name == "village-7-1"
    with writer_at(first):
        assert default_folder("village", 7, tmp_path).name == "village-7-2"
    first.mkdir()
    assert default_folder("village", 7, tmp_path).name == "village-7-2"
    assert default_folder("my.world:Town", 7, tmp_path).name == "my-world-Town-7-1"


RUNAWAY = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from tale import Tale
from simulation.episode.events import Said
from simulation.episode.sink import Scribe
from simulation.kernel.ids import Phase

tale = Tale(__import__("pathlib").Path(sys.argv[1]))
for tick in range(1_000_000):
    scribes = []
    for rank, agent in enumerate({CAST!r}, start=1):
        scribe = Scribe(tick, Phase.ACT, rank, agent, "quay")
        for _ in range(7):
            scribe.note(Said, text="words " * 20)
        scribes.append(scribe)
    tale.commit(tick, *scribes)
    sys.stdout.write(str(tick) + chr(10))
    sys.stdout.flush()
"""


def test_a_kill_leaves_whole_ticks_and_all_that_were_reported(tmp_path: Path) -> None:
    for number, moment in enumerate((0.01, 0.08, 0.2)):
        path = tmp_path / f"e{number}"
        command = [sys.executable, "-c", RUNAWAY, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
            reported = [first, *process.stdout.readlines()]
        last = max(int(line) for line in reported if line.endswith("\n"))
        episode = Episode.open(path)
        assert last <= episode.ticks - 1 <= last + 1
        per_tick = episode.events.groupby("tick").size()
        assert set(per_tick) == {21}
        assert list(per_tick.index) == list(range(episode.ticks))


def test_what_a_kill_left_can_be_read_where_nothing_can_be_written(tmp_path: Path) -> None:
    writer = writer_at(tmp_path / "e")
    commit(writer, said(0, "One."))
    left = tmp_path / "left"
    left.mkdir()
    for file in (tmp_path / "e").iterdir():
        if not file.name.endswith("-shm"):
            (left / file.name).write_bytes(file.read_bytes())
    commit(writer, said(1, "Two."))
    writer.close()
    before = names_in(left)
    assert f"{LOG}-wal" in before
    command = (
        "import sys, pathlib\n"
        "from simulation.episode.episode import Episode\n"
        "episode = Episode.open(sys.argv[1])\n"
        "sys.stdout.write(' '.join(e.text for e in episode.iter_events()))\n"
    )
    readonly = _as_if_read_only(left)
    if readonly is None:
        pytest.skip("this user can write everywhere and cannot mount")
    done = subprocess.run(
        [*readonly, sys.executable, "-c", command, str(left)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("One.", "")
    assert names_in(left) == before


def _as_if_read_only(folder: Path) -> list[str] | None:
    """The start of a command that sees the folder as one that cannot be written."""
    if os.geteuid() != 0:
        folder.chmod(0o555)
        return []
    mount = f'mount --bind "{folder}" "{folder}" && mount -o remount,ro,bind "{folder}"'
    command = ["unshare", "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh"]
    try:
        tried = subprocess.run([*command, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return command if tried.returncode == 0 else None


def test_a_finished_episode_opens_where_nothing_can_be_written(tmp_path: Path) -> None:
    told(tmp_path / "e")
    readonly = _as_if_read_only(tmp_path / "e")
    if readonly is None:
        pytest.skip("this user can write everywhere and cannot mount")
    command = (
        "import sys\n"
        "from simulation.episode.episode import Episode\n"
        "sys.stdout.write(repr(Episode.open(sys.argv[1]).ticks))\n"
    )
    done = subprocess.run(
        [*readonly, sys.executable, "-c", command, str(tmp_path / "e")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("6", "")


def test_the_files_beside_the_log_are_json(tmp_path: Path) -> None:
    told(tmp_path / "e")
    assert json.loads((tmp_path / "e" / "run.json").read_text()) == {"model": "fake", "seed": 7}
    assert Episode.open(tmp_path / "e").spec == spec()
