"""An episode that stopped goes on as if it had not, and comes out the same when lived again."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simulation import Episode, Simulation
from simulation.episode.events import Asked, Ended, FellBack, Started, Warned
from simulation.episode.export import canonical_sha256
from simulation.errors import ConfigError, Diverged, EpisodeError
from simulation.language.names import open_model
from simulation.language.recorded import RecordedModel
from simulation.mind.budget import Limits
from simulation.verify import Verification
from tests.episode.forge import forge

if TYPE_CHECKING:
    from tests.simulation.conftest import MakeSimulation

KINDS: list[dict[str, Any]] = [{"mind": "rules"}, {"model": "fake"}]
ROOT = Path(__file__).parents[2]

TO_BE_KILLED = """
import sys
from simulation import Simulation
from tests.episode.forge import forge
from worlds import village

out, model = sys.argv[1:]
options = {"model": model, "embedder": "hash"} if model else {"mind": "rules"}
spec = village.load(agents=3)
with Simulation(spec, out=out, progress=lambda p: print(p.tick, flush=True), **options) as sim:
    sim.run(ticks=400)
"""


def lived(simulate: MakeSimulation, ticks: int, **options: Any) -> Episode:
    simulation = simulate(**options)
    episode = simulation.run(ticks)
    simulation.close()
    return episode


def resumed(folder: Path, ticks: int, **options: Any) -> Episode:
    with Simulation.resume(folder, **options) as simulation:
        return simulation.run(ticks)


def killed(folder: Path, model: str, at: int) -> None:
    """Start a run in a process of its own and kill it after so many ticks."""
    process = subprocess.Popen(
        [sys.executable, "-c", TO_BE_KILLED, str(folder), model],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= at:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("options", KINDS)
def test_a_run_in_two_parts_is_the_run_in_one(
    simulate: MakeSimulation, options: dict[str, Any]
) -> None:
    whole = lived(simulate, 40, **options)
    part = lived(simulate, 15, **options)
    assert canonical_sha256(resumed(part.folder, 40)) == canonical_sha256(whole)


@pytest.mark.parametrize("model", ["", "fake"])
def test_a_killed_run_goes_on_as_if_it_had_not_been(
    simulate: MakeSimulation, tmp_path: Path, model: str
) -> None:
    folder = tmp_path / "killed"
    killed(folder, model, at=12)
    ticks = Episode.open(folder).ticks
    assert ticks >= 12
    options = {"model": model} if model else {"mind": "rules"}
    whole = lived(simulate, ticks + 20, agents=3, **options)
    again = resumed(folder, ticks + 20)
    assert canonical_sha256(again) == canonical_sha256(whole)
    assert [event.resumed for event in again.each(Started)] == [False, True]


def test_replies_that_were_paid_for_are_not_asked_for_again(simulate: MakeSimulation) -> None:
    part = lived(simulate, 15, model="fake")
    silent = RecordedModel.of(str(part.folder))
    with Simulation.resume(part.folder, model=silent) as simulation, pytest.raises(Diverged):
        simulation.run(400)
    assert Episode.open(part.folder).ticks >= 15


def test_a_run_goes_on_to_where_it_was_to_end(simulate: MakeSimulation) -> None:
    simulation = simulate(model="fake", budget=4)
    episode = simulation.run(30)
    assert simulation.end == "budget"
    assert episode.ticks < 30
    simulation.close()
    with Simulation.resume(episode.folder) as again:
        assert again.run().ticks == 30
        assert again.end == "finished"


def test_calls_of_the_past_count_in_the_budget_and_are_never_refused(
    simulate: MakeSimulation,
) -> None:
    part = lived(simulate, 20, model="fake")
    made = sum(1 for _ in part.each(Asked))
    with Simulation.resume(part.folder, budget=made) as simulation:
        simulation.run(400)
    assert simulation.end == "budget"
    assert Episode.open(part.folder).ticks >= 20


def test_a_store_that_is_gone_is_rebuilt_from_the_log(simulate: MakeSimulation) -> None:
    part = lived(simulate, 20, model="fake")
    shutil.rmtree(part.folder / "chroma")
    again = resumed(part.folder, 25)
    assert "rebuilt" in next(again.each(Warned)).text
    assert (again.folder / "chroma").is_dir()


def test_a_store_that_is_garbage_is_rebuilt_from_the_log(simulate: MakeSimulation) -> None:
    part = lived(simulate, 20, model="fake")
    (part.folder / "chroma" / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    again = resumed(part.folder, 25)
    assert "rebuilt" in next(again.each(Warned)).text
    assert [event.reason for event in again.each(Ended)][-1] == "finished"


def test_a_store_that_has_everything_is_kept(simulate: MakeSimulation) -> None:
    part = lived(simulate, 20, model="fake")
    assert list(resumed(part.folder, 25).each(Warned)) == []


def test_two_processes_cannot_write_one_episode(simulate: MakeSimulation) -> None:
    simulation = simulate()
    simulation.run(5)
    with pytest.raises(EpisodeError, match="another process writes"):
        Simulation.resume(simulation.out)


def test_minds_without_a_name_are_asked_for(simulate: MakeSimulation) -> None:
    from simulation.kernel.world import find_mind

    rules = find_mind("rules")
    part = lived(simulate, 5, mind=rules)
    with pytest.raises(ConfigError, match="no name"):
        Simulation.resume(part.folder)
    with Simulation.resume(part.folder, mind=rules) as simulation:
        assert simulation.run(8).ticks == 8


@pytest.mark.parametrize("options", KINDS)
def test_an_episode_lived_again_from_its_replies_is_the_same(
    simulate: MakeSimulation, options: dict[str, Any]
) -> None:
    episode = lived(simulate, 30, **options)
    verified = Verification(episode.folder).run()
    assert verified.ticks == 30
    assert verified.replies == sum(1 for _ in episode.log.replies())


def test_a_changed_reply_is_found_with_both_sides(simulate: MakeSimulation) -> None:
    episode = lived(simulate, 30, model="fake")
    changed = next(row for row in episode.log.replies() if row[2] == "decide")
    reply = json.loads(changed[5])
    reply["logps"].reverse()
    where = "agent = ? AND tick = ? AND purpose = ? AND ordinal = ?"
    values = (json.dumps(reply), *changed[:4])
    forge(episode.folder, f"UPDATE journal SET reply = ? WHERE {where}", values)
    with pytest.raises(Diverged, match=r"event \d+\.\d\.\d+\.\d+ .* differs: .* then .*, now "):
        Verification(episode.folder).run()


def test_recorded_replies_give_the_same_episode_elsewhere(
    simulate: MakeSimulation, tmp_path: Path
) -> None:
    first = lived(simulate, 30, model="fake")
    second = lived(simulate, 30, model=f"recorded:{first.folder}")
    assert canonical_sha256(first) == canonical_sha256(second)


def test_what_has_no_recorded_reply_is_asked_elsewhere_if_somebody_is_there(
    simulate: MakeSimulation,
) -> None:
    first = lived(simulate, 10, model="fake")
    with pytest.raises(Diverged, match="--then"):
        simulate(model=f"recorded:{first.folder}").run(400)
    then = RecordedModel.of(str(first.folder), open_model("fake"))
    assert lived(simulate, 40, model=then).ticks == 40


def test_a_resumed_run_that_is_killed_can_be_resumed(
    simulate: MakeSimulation, tmp_path: Path
) -> None:
    part = lived(simulate, 10, model="fake")
    for ticks in (13, 21, 30):
        resumed(part.folder, ticks)
    whole = lived(simulate, 30, model="fake")
    assert canonical_sha256(Episode.open(part.folder)) == canonical_sha256(whole)


def test_an_agent_whose_budget_is_spent_does_what_is_safe_and_does_so_again(
    simulate: MakeSimulation,
) -> None:
    episode = lived(simulate, 60, model="fake", budget=Limits(agent_calls=2))
    assert all(sum(1 for _ in episode.each(Asked, agent)) <= 2 for agent in episode.agents)
    assert any("has spent a budget" in event.reason for event in episode.each(FellBack))
    assert Verification(episode.folder).run().ticks == 60


def test_four_fifths_of_a_budget_are_told_in_the_log_and_to_whoever_listens(
    simulate: MakeSimulation,
) -> None:
    notes: list[str] = []
    simulation = simulate(model="fake", budget=10, progress=lambda at: notes.append(at.note))
    warned = [event.text for event in simulation.run(200).each(Warned)]
    assert simulation.end == "budget"
    assert warned == [note for note in notes if note]
    assert "of 10 model calls are spent" in warned[0]
