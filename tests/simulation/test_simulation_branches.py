"""Reaching into a run, and living it another way from some tick on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import personas
from simulation import Episode, Simulation
from simulation.episode.difference import first_difference, relation
from simulation.episode.events import (
    Branched,
    Decided,
    Intervened,
    Reacted,
    Remembered,
    Warned,
)
from simulation.episode.export import canonical_sha256
from simulation.episode.menu import menu_texts
from simulation.errors import BadInput, ConfigError, EpisodeError, FileError
from simulation.inbox import INBOX, ask
from simulation.interventions import Timed, parse_timed, read_script
from simulation.kernel.clock import Clock
from simulation.kernel.intervention import parse
from simulation.language.fake import FakeModel
from simulation.verify import Verification

if TYPE_CHECKING:
    from tests.simulation.conftest import MakeSimulation

KINDS: list[dict[str, Any]] = [{"mind": "rules"}, {"model": "fake"}]
CLOCK = Clock(start="07:00")
SCRIPT = (
    "5 whisper ada 'the lamp is out'",
    "8 move bram to quay",
    "10 add dov",
    "15 remove bram",
    "18 set logs=asked",
)


def timed(*lines: str) -> tuple[Timed, ...]:
    return tuple(parse_timed(line, CLOCK) for line in lines)


def lived(simulate: MakeSimulation, ticks: int, **options: Any) -> Episode:
    simulation = simulate(**options)
    episode = simulation.run(ticks)
    simulation.close()
    return episode


def branched(parent: Episode, at: int, ticks: int, *lines: str, **options: Any) -> Episode:
    simulation = Simulation.branch(parent.folder, at, interventions=timed(*lines), **options)
    with simulation:
        return simulation.run(ticks)


# Reaching in -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_was_reached_into_repeats_and_resumes(
    simulate: MakeSimulation, kind: dict[str, Any], tmp_path: Path
) -> None:
    whole = lived(simulate, 40, interventions=timed(*SCRIPT), **kind)
    part = lived(simulate, 12, interventions=timed(*SCRIPT), **kind)
    assert Verification(whole.folder).run().ticks == 40
    with Simulation.resume(part.folder) as simulation:
        resumed = simulation.run(40)
    assert canonical_sha256(resumed) == canonical_sha256(whole)
    assert [event.kind for event in whole.each(Intervened)] == [
        "whisper", "move", "add", "remove", "set",
    ]  # fmt: skip


def test_a_script_that_cannot_be_done_is_refused_before_anything_is_written(
    simulate: MakeSimulation, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"tick 9: whisper dov .*nobody of that name"):
        simulate(interventions=timed("9 whisper dov 'hello'"), out=tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_who_is_added_in_a_script_can_be_whispered_to_later_in_it(
    simulate: MakeSimulation,
) -> None:
    script = timed("3 add dov", "6 whisper dov 'the tide is early'")
    episode = lived(simulate, 10, interventions=script, model="fake")
    assert any("tide is early" in m.text for m in episode.each(Remembered, "dov"))
    assert episode.agents == ("ada", "bram", "dov")
    assert episode.name("dov") == "Dov"


def test_a_whisper_is_remembered_as_a_thought_and_breaks_into_what_is_in_hand(
    simulate: MakeSimulation,
) -> None:
    script = timed("70 whisper ada 'the lamp is out'")
    episode = lived(simulate, 75, interventions=script, model="fake")
    [memory] = [m for m in episode.each(Remembered, "ada") if m.source == "whisper"]
    [event] = list(episode.each(Intervened))
    assert memory.text == "A thought comes to Ada: the lamp is out."
    assert memory.evidence == (event.id,)
    assert [r.trigger for r in episode.each(Reacted, "ada") if r.tick == 71] == ["thought"]


def test_what_a_thought_speaks_of_can_be_chosen(simulate: MakeSimulation) -> None:
    script = timed("70 whisper ada 'I should look in at the clinic'")
    episode = lived(simulate, 75, interventions=script, model="fake")
    [choice] = [decided for decided in episode.each(Decided, "ada") if decided.tick == 71]
    menu = menu_texts(episode.log.contents([choice.menu])[choice.menu])
    assert "walk to the clinic" in menu


def test_a_run_is_reached_into_from_another_thread_and_resumes_all_the_same(
    simulate: MakeSimulation,
) -> None:
    simulation = simulate(progress=lambda seen: ready.set() if seen.tick == 10 else None)
    ready = threading.Event()
    reacher = threading.Thread(
        target=lambda: (ready.wait(), simulation.intervene("move ada to the quay"))
    )
    reacher.start()
    episode = simulation.run(400)
    reacher.join()
    simulation.close()
    [event] = list(episode.each(Intervened))
    assert not event.scripted
    assert Verification(episode.folder).run().ticks == 400


REACHED = """
import sys
from simulation import Simulation
from worlds import village

def live(seen):
    print(seen.tick, flush=True)

with Simulation(village.load(agents=2), mind="rules", out=sys.argv[1], progress=live) as sim:
    while sim.world.tick < 20000 and not (sim.out / "stop").exists():
        sim.run(ticks=5)
"""


def test_a_run_is_reached_into_from_another_process(tmp_path: Path) -> None:
    folder = tmp_path / "e"
    command = [sys.executable, "-c", REACHED, str(folder)]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        done = ask(folder, parse("move ada to quay"), seconds=30)
        refused = ask(folder, parse("move nobody to quay"), seconds=30)
        (folder / "stop").touch()
        process.stdout.read()
    assert process.returncode == 0
    assert done is not None
    assert done.refused == ""
    assert refused is not None
    assert "nobody of that name" in refused.refused
    [event] = list(Episode.open(folder).each(Intervened))
    assert event.tick == done.tick
    assert list((folder / INBOX).iterdir()) == []
    assert Verification(folder).run().ticks == Episode.open(folder).ticks


def test_a_request_that_was_done_before_a_kill_is_not_done_again(
    simulate: MakeSimulation,
) -> None:
    simulation = simulate()
    inbox = simulation.out / INBOX
    simulation.run(3)
    inbox.mkdir()
    request = parse("move ada to quay").model_dump_json()
    (inbox / "request-1.json").write_text(request)
    simulation.run(3)
    simulation.close()
    # As after a kill between the commit of the tick and the end of the request.
    (inbox / "request-1.answer").unlink()
    (inbox / "request-1.json").write_text(request)
    with Simulation.resume(simulation.out) as resumed:
        episode = resumed.run(9)
    assert len(list(episode.each(Intervened))) == 1
    assert not (inbox / "request-1.json").exists()


# Scripts ---------------------------------------------------------------------------------------


def test_a_script_is_a_list_of_moments_and_what_is_done(tmp_path: Path) -> None:
    file = tmp_path / "script.yaml"
    file.write_text(
        '- at: 08:30\n  do: whisper ada "the lamp is out"\n'
        "- at: 120\n  do: [move ada to quay, remove bram]\n"
    )
    assert [(row.at, row.do.kind) for row in read_script(file, CLOCK)] == [
        (90, "whisper"), (120, "move"), (120, "remove"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("do: remove ada", "should be a list"),
        ("- at: 3", "script.yaml:1: should have at and do"),
        ("- at: noon\n  do: remove ada", "script.yaml:1: no moment of a run"),
        ("- at: 3\n  do: remove ada\n- at: 4\n  do: dance", "script.yaml:4: unknown intervention"),
        ("- at: 3\n  do: 7", "should be an intervention as a text"),
    ],
)
def test_a_script_that_is_none_names_the_line(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "script.yaml"
    file.write_text(text)
    with pytest.raises(BadInput) as caught:
        read_script(file, CLOCK)
    assert told in str(caught.value)


def test_a_persona_is_looked_for_beside_the_script_that_names_it(tmp_path: Path) -> None:
    ada = Path(personas.__file__).with_name("ada.yaml")
    shutil.copy(ada, tmp_path / "ada.yaml")
    file = tmp_path / "script.yaml"
    file.write_text("- at: 3\n  do: add ./ada.yaml\n")
    [row] = read_script(file, CLOCK)
    assert row.do.kind == "add"
    (tmp_path / "ada.yaml").unlink()
    with pytest.raises(FileError):
        read_script(file, CLOCK)


# Branches --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_branch_in_which_nothing_is_otherwise_is_the_same(
    simulate: MakeSimulation, kind: dict[str, Any]
) -> None:
    parent = lived(simulate, 40, interventions=timed(*SCRIPT), **kind)
    child = branched(parent, 12, 40)
    assert canonical_sha256(child) == canonical_sha256(parent)
    assert Verification(child.folder).run().ticks == 40


@pytest.mark.parametrize("kind", KINDS)
def test_a_branch_shares_the_past_and_parts_at_what_is_done(
    simulate: MakeSimulation, kind: dict[str, Any]
) -> None:
    parent = lived(simulate, 40, **kind)
    child = branched(parent, 20, 50, "20 announce 'A boat comes in.'")
    difference = first_difference(parent, child)
    assert difference is not None
    assert difference.tick == 20
    assert difference.right is not None
    assert difference.right["type"] == "intervened"
    assert child.ticks == 50
    assert Verification(child.folder).run().ticks == 50


def test_both_episodes_name_their_relation(simulate: MakeSimulation) -> None:
    parent = lived(simulate, 30)
    child = branched(parent, 20, 30, "25 move ada to quay")
    [up], [down] = list(child.each(Branched)), list(parent.each(Branched))
    assert (up.role, up.other, up.at) == ("parent", parent.folder.name, 20)
    assert (down.role, down.other, down.at) == ("child", child.folder.name, 20)
    assert up.because == down.because == ("25: move ada to quay",)
    kin = relation(parent, child)
    assert kin is not None
    assert kin.branch == "B"


def test_an_episode_that_cannot_be_written_is_branched_all_the_same(
    simulate: MakeSimulation,
) -> None:
    simulation = simulate()
    parent = simulation.run(30)  # and holds it still
    child = branched(parent, 20, 30, "25 move ada to quay")
    simulation.close()
    assert any("does not name its branch" in warned.text for warned in child.each(Warned))
    assert not list(parent.each(Branched))


class Absent(FakeModel):
    """The fake model by name, which must not be asked for anything."""

    async def write(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("asked to write")

    async def choose(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("asked to choose")

    async def rate(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("asked to rate")


def test_questions_that_are_asked_in_the_same_words_get_the_same_replies(
    simulate: MakeSimulation,
) -> None:
    parent = lived(simulate, 40, model="fake")
    child = branched(parent, 25, 40, model=Absent())
    assert canonical_sha256(child) == canonical_sha256(parent)


def test_a_fresh_branch_asks_everything_anew(simulate: MakeSimulation, tmp_path: Path) -> None:
    parent = lived(simulate, 40, model="fake")
    with pytest.raises(AssertionError, match="asked to"):
        branched(parent, 25, 40, model=Absent(), fresh=True)
    with pytest.raises(AssertionError, match="asked to"):
        branched(parent, 25, 40, model=Renamed(), out=tmp_path / "other")


class Renamed(Absent):
    """Another model."""

    def __init__(self) -> None:
        super().__init__()
        self.name = "another"


def test_a_branch_that_was_killed_goes_on_as_a_branch(
    simulate: MakeSimulation, tmp_path: Path
) -> None:
    parent = lived(simulate, 30, model="fake")
    line = "20 whisper ada 'the lamp is out'"
    whole = branched(parent, 20, 40, line, out=tmp_path / "whole")
    with Simulation.branch(
        parent.folder, 20, interventions=timed(line), out=tmp_path / "part"
    ) as simulation:
        simulation.run(30)
    with Simulation.resume(tmp_path / "part") as simulation:
        resumed = simulation.run(40)
    assert canonical_sha256(resumed) == canonical_sha256(whole)


def test_a_branch_of_a_branch_shares_the_past_of_both(
    simulate: MakeSimulation, tmp_path: Path
) -> None:
    parent = lived(simulate, 30)
    child = branched(parent, 10, 30, "12 move ada to quay", out=tmp_path / "child")
    grandchild = branched(child, 20, 30, "22 move ada to inn", out=tmp_path / "grandchild")
    assert [event.text for event in grandchild.each(Intervened)] == [
        "move ada to quay", "move ada to inn",
    ]  # fmt: skip
    shutil.rmtree(parent.folder)
    assert Verification(grandchild.folder).run().ticks == 30


@pytest.mark.parametrize("at", [0, 31, -1])
def test_a_branch_begins_after_a_tick_that_was_lived(simulate: MakeSimulation, at: int) -> None:
    parent = lived(simulate, 30)
    with pytest.raises(EpisodeError, match="no tick to branch at"):
        Simulation.branch(parent.folder, at)


def test_nothing_can_be_done_to_the_past_that_is_shared(
    simulate: MakeSimulation, tmp_path: Path
) -> None:
    parent = lived(simulate, 30)
    with pytest.raises(ConfigError, match="in the past that is shared"):
        branched(parent, 20, 30, "19 move ada to quay", out=tmp_path / "none")
    with pytest.raises(ConfigError, match="nobody of that name"):
        branched(parent, 20, 30, "21 move zoe to quay", out=tmp_path / "none")
    assert not (tmp_path / "none").exists()
