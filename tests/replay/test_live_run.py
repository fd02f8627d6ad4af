"""A run that is watched: paused, stepped, reached into; and what is left of that in its log."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from live_client import Watched, wait_until, watched

from simulation import Episode, Simulation
from simulation.episode.events import Ended, Intervened, Remembered, Warned
from simulation.episode.export import canonical_sha256
from simulation.errors import ConfigError
from simulation.gate import Gate
from simulation.inbox import INBOX
from simulation.mind.budget import Budget, Limits
from simulation.replay.live.session import Session, State
from simulation.replay.live.shelf import Shelf
from simulation.replay.reel import CHUNK, Reel
from simulation.verify import Verification
from worlds import village

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "\u202egnp.exe",
    "data: x\n\nevent: told\ndata: {}",
    "🙂" * 200,
)


# Play, pause, step -------------------------------------------------------------------------------


def test_a_step_lives_exactly_one_tick(tmp_path: Path) -> None:
    with watched(tmp_path / "e") as run:
        for ticks in (1, 2, 3):
            assert run.client.command("step").told["ok"]
            run.lived(ticks)
        assert Episode.open(tmp_path / "e").ticks == 3


def test_steps_asked_for_at_once_are_all_lived(tmp_path: Path) -> None:
    with watched(tmp_path / "e") as run:
        for _ in range(4):
            run.client.command("step")
        run.lived(4)


def test_a_pause_ends_the_steps_that_are_left() -> None:
    gate = Gate(paused=True)
    gate.step()
    gate.step()
    assert gate.going == "playing"
    gate.pause()
    assert gate.going == "pausing"


def test_a_run_plays_until_it_is_paused_and_goes_on_from_there(tmp_path: Path) -> None:
    with watched(tmp_path / "e", ticks=100_000) as run:
        run.client.command("play")
        run.until(lambda: run.session.state().ticks > 5)
        run.client.command("pause")
        run.until(lambda: run.session.state().state == "paused")
        ticks = run.session.state().ticks
        run.client.command("step")
        run.lived(ticks + 1)


@pytest.mark.parametrize("mind", ["rules", "uniform"])
def test_a_run_that_was_paused_stepped_and_looked_at_is_the_run_without(
    tmp_path: Path, mind: str
) -> None:
    with Simulation(village.load(agents=3), mind=mind, out=tmp_path / "plain") as simulation:
        plain = simulation.run(40)
    with watched(tmp_path / "watched", ticks=40, agents=3, mind=mind) as run:
        for do in ("step", "step", "play", "pause", "step", "pause", "step"):
            run.client.command(do)
            for part in ("core", "lines/0", "minds/0", "life/1"):
                assert run.client.get(f"/part/{part}").status == 200
        run.over()
    looked_at = Episode.open(tmp_path / "watched")
    assert looked_at.ticks == plain.ticks == 40
    assert canonical_sha256(looked_at) == canonical_sha256(plain)


def test_a_run_that_waits_can_be_stopped_and_keeps_what_it_has(tmp_path: Path) -> None:
    with watched(tmp_path / "e") as run:
        run.client.command("step")
        run.lived(1)
        run.simulation.stop()
        run.until(lambda: run.session.state().state == "over")
        assert run.session.state().ended == "interrupted"
        assert run.client.command("play").status == 409
    ended = Episode.open(tmp_path / "e").ended
    assert ended is not None
    assert (ended.reason, Episode.open(tmp_path / "e").ticks) == ("interrupted", 1)


def test_a_tick_takes_as_long_as_its_pace_and_a_command_breaks_into_that() -> None:
    async def live() -> list[float]:
        gate = Gate(pace=0.05)
        waited = [await gate.passed(lambda: False) for _ in range(3)]
        slow = Gate(pace=3600)
        await slow.passed(lambda: False)
        threading.Timer(0.05, slow.step).start()
        threading.Timer(0.1, slow.step).start()
        await asyncio.wait_for(slow.passed(lambda: False), 10)
        return waited

    first, *later = asyncio.run(live())
    assert first < 0.05
    assert all(0.04 < seconds < 5 for seconds in later)


def test_the_time_of_a_pause_is_not_spent_from_the_budget() -> None:
    now = [0.0]
    budget = Budget(Limits(minutes=10), clock=lambda: now[0])
    budget.start()
    now[0] += 20 * 60
    budget.waited(19 * 60)
    assert budget.minutes == 1
    budget.check()


def test_what_a_resumed_run_repeats_waits_for_nobody(tmp_path: Path) -> None:
    with Simulation(village.load(agents=2), mind="rules", out=tmp_path / "e") as simulation:
        simulation.run(5)
    session = Session(paused=True)
    with Simulation.resume(tmp_path / "e", progress=session, gate=session.gate) as resumed:
        session.attach(resumed, lived=5)
        thread = threading.Thread(target=resumed.run, args=(7,))
        thread.start()
        wait_until(lambda: session.state().state == "paused")
        assert session.state().ticks == 5
        session.gate.play()
        thread.join()
    assert Episode.open(tmp_path / "e").ticks == 7


# Reaching in -------------------------------------------------------------------------------------


def test_a_whisper_is_an_event_and_the_resident_perceives_it(tmp_path: Path) -> None:
    with watched(tmp_path / "e", model="fake", embedder="hash", mind="generative") as run:
        told = run.client.command("intervene", 'whisper Ada "the lamp is out"').told
        assert told == {
            "ok": True,
            "text": 'Is done in the next tick: whisper Ada "the lamp is out"',
        }
        run.client.command("step")
        run.lived(1)
        run.client.command("step")
        run.lived(2)
        episode = Episode.open(tmp_path / "e")
        (whispered,) = episode.each(Intervened)
        assert (whispered.tick, whispered.kind, whispered.agent) == (0, "whisper", "ada")
        assert whispered.request
        heard = [event for event in episode.each(Remembered, "ada") if whispered.id in event.causes]
        assert [event.tick for event in heard] == [1]
        assert "the lamp is out" in heard[0].text
        lines = {line[0]: line for line in run.client.get("/part/lines/0").told}
        assert "the lamp is out" in lines[whispered.id][2]


def test_a_run_that_was_reached_into_is_lived_again_from_its_log(tmp_path: Path) -> None:
    with watched(tmp_path / "e") as run:
        run.client.command("step")
        run.lived(1)
        for line in ('announce "A bell rings."', "add dov", 'whisper dov "go home"', "remove bram"):
            assert run.client.command("intervene", line).told["ok"], line
        run.over()
    done = [event.kind for event in Episode.open(tmp_path / "e").each(Intervened)]
    assert done == ["announce", "add", "whisper", "remove"]
    assert Verification(tmp_path / "e").run().ticks == 10


def test_while_it_plays_the_answer_says_in_which_tick_it_was_done(tmp_path: Path) -> None:
    with watched(tmp_path / "e", ticks=100_000) as run:
        run.client.command("play")
        told = run.client.command("intervene", 'whisper ada "the lamp is out"').told
        (whispered,) = Episode.open(tmp_path / "e").each(Intervened)
        assert told["text"] == f'Done in tick {whispered.tick}: whisper ada "the lamp is out"'


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("", "empty"),
        ("whisper", "something is missing"),
        ("whisper adda hello", "did you mean 'ada'?"),
        ('whisper ada "hello', "Quotation marks come in pairs"),
        ("dance ada", "unknown intervention: 'dance'"),
        ("move ada to the moon", "no such place"),
        ("change nothing a=1", "no such object"),
        ("set tide=high", "unknown lever"),
        ("add nobody", "nobody"),
        ("add ada", "lives here"),
        ("add /etc/passwd", "a file is not read from here"),
        ("add ../x.yaml", "a file is not read from here"),
        ("persona ada ~/x.yml", "a file is not read from here"),
        ("persona ada 'C:\\x'", "a file is not read from here"),
        ("persona ada age=none", "age"),
        ("whisper ada \x1b[2J", "control characters"),
        ("whisper ada " + "x" * 1001, "1000"),
        ("whisper ada " + "x" * 5000, "5012 characters"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line_and_leaves_no_trace(
    stage: Watched, line: str, what: str
) -> None:
    answer = stage.client.command("intervene", line)
    assert (answer.status, answer.told["ok"]) == (400, False)
    assert what in answer.told["text"]
    assert "\n" not in answer.told["text"]
    assert not list((stage.session.folder / INBOX).glob("*"))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with watched(tmp_path_factory.mktemp("live") / "e") as run:
        yield run


def test_words_that_name_what_is_studied_are_pointed_out(tmp_path: Path) -> None:
    with watched(tmp_path / "e") as run:
        told = run.client.command("intervene", 'whisper ada "help him"').told
        assert told["ok"]
        assert "Note: help names or values" in told["text"]


def test_what_is_refused_in_its_tick_is_told_afterwards_and_stands_in_the_log(
    tmp_path: Path,
) -> None:
    with watched(tmp_path / "e") as run, run.client.follow() as messages:
        assert next(messages)[0] == "state"
        run.client.command("intervene", "remove bram")
        assert run.client.command("intervene", 'whisper bram "go home"').told["ok"]
        run.client.command("step")
        told = [said for kind, said in _until_told(messages, 2) if kind == "told"]
        assert told[0] == {"ok": True, "text": "Done in tick 0: remove bram"}
        assert told[1]["ok"] is False
        assert told[1]["text"].startswith("Not done in tick 0: whisper: nobody of that name")
        run.lived(1)
        assert any(
            "nobody of that name" in e.text for e in Episode.open(tmp_path / "e").each(Warned)
        )


def test_what_the_run_did_not_come_to_is_taken_back(tmp_path: Path) -> None:
    with watched(tmp_path / "e") as run, run.client.follow() as messages:
        run.client.command("intervene", 'whisper ada "the lamp is out"')
        run.simulation.stop()
        *_, (_, told) = _until_told(messages, 1)
        assert told["ok"] is False
        assert told["text"].startswith("Not done, as the run is over")
        assert not list((tmp_path / "e" / INBOX).glob("*"))
    assert not any(Episode.open(tmp_path / "e").each(Intervened))


def _until_told(messages: Iterator[tuple[str, Any]], count: int) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for message in messages:
        found.append(message)
        if [kind for kind, _ in found].count("told") == count:
            return found
    raise AssertionError(found)


def test_hostile_words_come_back_as_json_alone(tmp_path: Path) -> None:
    with watched(tmp_path / "e") as run:
        for words in HOSTILE:
            answer = run.client.command("intervene", f"whisper ada '{words}'")
            assert answer.headers["content-type"] == "application/json"
            assert answer.body.isascii()
        run.client.command("step")
        run.lived(1)
        lines = run.client.get("/part/lines/0")
        assert lines.headers["content-type"] == "application/json"
        assert lines.headers["content-security-policy"].startswith("default-src 'none'")
        assert sum(line[1] == "world" and "<img" in line[2] for line in lines.told) == 1


# Parts -------------------------------------------------------------------------------------------


def test_the_parts_are_those_of_the_reel_of_its_log(tmp_path: Path) -> None:
    with watched(tmp_path / "e", ticks=30) as run:
        for _ in range(3):
            run.client.command("step")
            run.client.get("/part/core")
        run.over()
        reel = Reel(Episode.open(tmp_path / "e"))
        core = run.client.get("/part/core").told
        assert core == {**json.loads(reel.part("core")), "live": True}
        columns = run.client.get(f"/part/columns?ticks={core['ticks']}")
        assert columns.headers["content-type"] == "application/octet-stream"
        assert gzip.decompress(columns.body) == reel.columns()
        for part in ("lines/0", "minds/0", "life/0", "society", "heads"):
            assert gzip.decompress(run.client.get(f"/part/{part}").body) == reel.part(part), part


def test_somebody_who_came_is_in_the_cast(tmp_path: Path) -> None:
    with watched(tmp_path / "e") as run:
        assert len(run.client.get("/part/core").told["cast"]) == 2
        run.client.command("intervene", "add dov")
        run.client.command("step")
        run.lived(1)
        assert [one["id"] for one in run.client.get("/part/core").told["cast"]][2:] == ["dov"]
        assert run.client.get("/part/life/2").status == 200


def test_the_columns_of_a_core_are_kept_while_the_run_goes_on(tmp_path: Path) -> None:
    with watched(tmp_path / "e") as run:
        lengths: dict[int, int] = {}
        for ticks in range(6):
            core = run.client.get("/part/core").told
            assert core["ticks"] == ticks
            lengths[ticks] = core["columns"][0]["length"]
            run.client.command("step")
            run.lived(ticks + 1)
        kept = [
            ticks for ticks in lengths if run.client.get(f"/part/columns?ticks={ticks}")[0] == 200
        ]
        assert kept == [2, 3, 4, 5]
        assert run.client.get("/part/columns?ticks=0").status == 410
        assert lengths == {ticks: ticks + 1 for ticks in range(6)}


@pytest.mark.slow
def test_a_full_piece_of_events_never_changes(tmp_path: Path) -> None:
    with watched(tmp_path / "e", ticks=900, agents=10, mind="uniform") as run:
        run.session.gate.play()
        run.until(lambda: len(run.client.get("/part/lines/0").told) == CHUNK, seconds=300)
        before = run.client.get("/part/lines/0").told
        run.client.command("pause")
        run.client.command("step")
        assert run.client.get("/part/lines/0").told == before
        assert before == Reel(Episode.open(tmp_path / "e")).lines(0)


def test_a_society_is_read_again_when_that_is_worth_it_or_the_run_waits(tmp_path: Path) -> None:
    with Simulation(village.load(agents=2), mind="rules", out=tmp_path / "e") as simulation:
        simulation.run(3)
    seconds = iter(range(10_000))
    state = State(ticks=1, state="playing", ended="", until=9, clock="")
    told = [state]
    shelf = Shelf(tmp_path / "e", lambda: told[0], clock=lambda: float(next(seconds)))
    first = shelf.part("society")  # took one second, by this clock
    told[0] = state._replace(ticks=2)
    assert shelf.part("society") is first
    for _ in range(20):
        next(seconds)
    second = shelf.part("society")
    assert second is not first
    told[0] = state._replace(ticks=3, state="paused")
    assert shelf.part("society") is not second
    lines = shelf.part("lines/0")
    told[0] = state._replace(ticks=4)
    assert shelf.part("lines/0") is not lines


def test_a_part_that_cannot_be_made_is_told_and_the_run_goes_on(tmp_path: Path) -> None:
    with watched(tmp_path / "e") as run:
        run.client.command("step")
        run.lived(1)
        (tmp_path / "e" / "spec.json").rename(tmp_path / "spec.json")
        answer = run.client.get("/part/core")
        assert answer.status in (404, 500)
        assert "spec.json" in answer.told["text"]
        (tmp_path / "spec.json").rename(tmp_path / "e" / "spec.json")
        assert run.client.get("/part/core").status == 200
        run.client.command("step")
        run.lived(2)


# Pages -------------------------------------------------------------------------------------------


def test_the_stream_tells_where_the_run_stands_from_the_first_to_the_end(tmp_path: Path) -> None:
    with watched(tmp_path / "e") as run, run.client.follow() as messages:
        first = next(messages)
        assert first == (
            "state",
            {"ticks": 0, "state": "paused", "ended": "", "until": 10, "clock": "07:00"},
        )
        run.client.command("step")
        assert next(said for _, said in messages if said["ticks"] == 1)["clock"] == "07:01"
        run.over()
        last = next(said for _, said in messages if said["state"] == "over")
        assert (last["ticks"], last["ended"]) == (10, "finished")


def test_two_pages_see_the_same_and_one_that_is_killed_disturbs_nobody(tmp_path: Path) -> None:
    with watched(tmp_path / "e", ticks=100_000) as run:
        with run.client.follow() as one:
            with run.client.follow() as other:
                assert next(one) == next(other)
                run.client.command("play")
                next(said for _, said in other if said["ticks"] > 3)
            # The other page is gone, in the middle of its stream.
            run.client.command("pause")
            paused = next(said for _, said in one if said["state"] == "paused")
        assert run.session.state().ticks == paused["ticks"]
        run.client.command("step")
        run.lived(paused["ticks"] + 1)


def test_so_many_pages_follow_a_run_and_no_more(tmp_path: Path) -> None:
    with watched(tmp_path / "e") as run, ExitStack() as pages:
        for _ in range(32):
            next(pages.enter_context(run.client.follow()))
        answer = run.client.get("/growth")
        assert answer.status == 503
        assert "close one" in answer.told["text"]


def test_pages_hear_the_end_when_the_server_closes(tmp_path: Path) -> None:
    with watched(tmp_path / "e") as run, run.client.follow() as messages:
        next(messages)
        run.over()
        run.server.close()
        assert [said["state"] for _, said in messages][-1] == "over"


def test_what_is_no_command_is_told_with_those_there_are() -> None:
    session = Session()
    with pytest.raises(ConfigError, match="has not begun yet"):
        session.control("play")


def test_the_end_of_a_run_is_in_its_reel(tmp_path: Path) -> None:
    with watched(tmp_path / "e") as run:
        run.client.get("/part/core")
        run.over()
        core = run.client.get("/part/core").told
        assert (core["finished"], core["ended"]) == (True, "finished")
        (ended,) = Episode.open(tmp_path / "e").each(Ended)
        assert run.client.get("/part/lines/0").told[-1][0] == ended.id
