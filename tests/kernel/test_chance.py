"""Chance that falls otherwise from a tick on: replicates of one past."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation import Episode, Simulation
from simulation.errors import ConfigError
from simulation.interventions import Timed
from simulation.kernel.intervention import Chance, parse
from simulation.kernel.streams import Streams
from simulation.verify import Verification
from worlds import village


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    out = tmp_path_factory.mktemp("chance") / "morning"
    with Simulation(village.load(agents=4), mind="rules", seed=3, out=out) as simulation:
        return simulation.run(ticks=30)


def branched(morning: Episode, number: int, out: Path) -> Episode:
    chance = Timed(at=20, do=Chance(number=number))
    with Simulation.branch(morning.folder, 20, interventions=[chance], out=out) as simulation:
        return simulation.run(40)


def lived(episode: Episode, since: int) -> list[str]:
    return [event.model_dump_json() for event in episode.iter_events(since=since)
            if not event.incidental and event.type != "intervened"]  # fmt: skip


def test_chance_is_written_as_it_is_read() -> None:
    assert parse("chance 3") == Chance(number=3)
    assert parse(Chance(number=3).as_text()) == Chance(number=3)


@pytest.mark.parametrize("text", ["chance", "chance -1", "chance often", "chance 1 2"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        parse(text)


def test_another_number_is_another_future_and_the_same_number_the_same() -> None:
    keys: list[int] = []
    for number in (1, 1, 2):
        streams = Streams(7)
        streams.turn(number)
        keys.append(streams.key("ada", 3, "decide"))
    assert keys[0] == keys[1] != keys[2]


def test_branches_share_their_past_and_part_by_chance_alone(
    morning: Episode, tmp_path: Path
) -> None:
    one, again, other = (
        branched(morning, number, tmp_path / name)
        for number, name in ((1, "one"), (1, "again"), (2, "other"))
    )
    assert lived(one, 0)[:50] == lived(other, 0)[:50]
    assert lived(one, 20) == lived(again, 20)
    assert lived(one, 21) != lived(other, 21)


def test_a_branch_with_other_chance_can_be_verified(morning: Episode, tmp_path: Path) -> None:
    child = branched(morning, 5, tmp_path / "child")
    assert Verification(child.folder).run().ticks == 40
