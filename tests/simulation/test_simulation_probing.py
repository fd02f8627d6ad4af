"""Asking people in private where they stand: nothing in their life hangs on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation import Episode, Simulation
from simulation.episode.events import Asked, Probed
from simulation.errors import ConfigError
from simulation.mind.options import MindOptions
from simulation.probing import Probing, Wish
from simulation.verify import Verification
from tests.mind.company import Scripted
from worlds import village


def live(out: Path, *probes: str) -> Episode:
    options = MindOptions(probes=probes)
    spec = village.load(agents=4)
    with Simulation(spec, mind="rules", seed=5, out=out, options=options) as simulation:
        return simulation.run(ticks=60)


def of_the_life(episode: Episode) -> list[str]:
    """Every event but probes and what was asked for them."""
    return [
        event.model_dump_json(exclude={"seconds", "cached_tokens", "cost"})
        for event in episode.iter_events()
        if not isinstance(event, Probed)
        and not (isinstance(event, Asked) and event.purpose == "probe")
        and event.type not in ("provenance", "started", "ended")
    ]


def test_a_run_with_probes_is_the_run_without_them_and_the_probes(tmp_path: Path) -> None:
    without = live(tmp_path / "without")
    probed = live(tmp_path / "with", "all every 10")
    assert len(list(probed.each(Probed))) == 2 * 6 * 4
    assert of_the_life(probed) == of_the_life(without)


def asked_in_private(out: Path, *probes: str) -> Episode:
    """Two people with a model that chats."""
    model = Scripted("we will see", {"I am for Hugo": 3.0}, rating=7.0, style="chat")
    options = MindOptions(probes=probes)
    spec = village.load(agents=2)
    with Simulation(
        spec, model, 5, mind="generative", embedder="hash", out=out, options=options
    ) as simulation:
        return simulation.run(ticks=30)


def test_a_model_that_is_asked_in_private_leads_the_same_life(tmp_path: Path) -> None:
    without = asked_in_private(tmp_path / "without")
    probed = asked_in_private(tmp_path / "with", "all every 10")
    assert of_the_life(probed) == of_the_life(without)


def test_a_model_s_private_answer_names_its_call_and_its_memories(tmp_path: Path) -> None:
    episode = asked_in_private(tmp_path / "with", "all at 20")
    calls = {one.id for one in episode.each(Asked) if one.purpose == "probe"}
    probes = list(episode.each(Probed))
    assert {one.call for one in probes} == calls
    assert {one.origin for one in probes} == {"model"}
    assert {(one.topic, one.position) for one in probes} == {("limit", 0.5), ("warden", "hugo")}
    assert all(one.memories for one in probes)


def test_a_model_s_private_answers_are_repeated_from_the_journal(tmp_path: Path) -> None:
    episode = asked_in_private(tmp_path / "with", "all every 10")
    assert Verification(episode.folder).run().ticks == 30


def test_an_episode_that_goes_on_is_probed_further(tmp_path: Path) -> None:
    whole = live(tmp_path / "whole", "limit every 10")
    options = MindOptions(probes=("limit every 10",))
    out = tmp_path / "part"
    with Simulation(
        village.load(agents=4), mind="rules", seed=5, out=out, options=options
    ) as simulation:
        simulation.run(ticks=25)
    with Simulation.resume(out) as simulation:
        part = simulation.run(60)
    assert of_the_life(part) == of_the_life(whole)
    assert list(part.each(Probed)) == list(whole.each(Probed))


def test_a_branch_is_probed_as_its_parent_was(tmp_path: Path) -> None:
    parent = live(tmp_path / "parent", "limit every 10")
    with Simulation.branch(parent.folder, 30, out=tmp_path / "branch") as simulation:
        branch = simulation.run()
    ticks = {one.tick for one in branch.each(Probed)}
    assert {0, 10, 20, 30, 40, 50} <= ticks


def test_who_draws_at_random_has_no_position_of_their_own(tmp_path: Path) -> None:
    options = MindOptions(probes=("all at 0,1",))
    with Simulation(
        village.load(agents=4), mind="uniform", out=tmp_path / "uniform", options=options
    ) as simulation:
        episode = simulation.run(ticks=2)
    found = [one for one in episode.each(Probed) if one.topic == "warden"]
    assert {one.probabilities for one in found} == {(0.5, 0.5)}
    assert {one.origin for one in found} == {"uniform"}


def test_probes_are_repeated_when_an_episode_is_lived_again(tmp_path: Path) -> None:
    episode = live(tmp_path / "with", "limit at 0,30")
    assert Verification(episode.folder).run().ticks == 60


def test_a_probe_tells_the_position_and_its_shares(tmp_path: Path) -> None:
    episode = live(tmp_path / "with", "all at 0")
    found = {(one.agent, one.topic): one for one in episode.each(Probed)}
    assert found["ada", "limit"].position == 0.9
    warden = found["ada", "warden"]
    assert (warden.position, warden.options) == ("ada", ("ada", "hugo"))
    assert sum(warden.probabilities) == pytest.approx(1, abs=1e-5)
    assert list(episode.probes["topic"].unique()) == ["limit", "warden"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("limit", "cannot be read"),
        ("limit every 0", "cannot be read"),
        ("weather every 5", "unknown topic"),
        ("limit at", "cannot be read"),
    ],
)
def test_a_wish_that_cannot_be_read_is_refused(text: str, what: str) -> None:
    with pytest.raises(ConfigError, match=what):
        Wish.parse(text, ["limit"])


def test_topics_that_are_due_twice_are_asked_about_once() -> None:
    probing = Probing(["all every 5", "limit at 10"], village.load(agents=1))
    assert probing.due(10) == ["limit", "warden"]
    assert probing.due(11) == []
