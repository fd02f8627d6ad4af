"""The recorded day that ships: what is promised of it.

It can be read by every version. That it can be lived again (verified, branched) is promised of the
version that ships it: where the tests below fail, what minds do has changed since it was recorded,
and ``python -m worlds.village.record`` records another one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation import Simulation
from simulation.analysis.diffusion import spread
from simulation.episode.seal import changed_files
from simulation.errors import EpisodeError
from simulation.verify import Verification
from worlds import village
from worlds.village.day import COMMAND, DAY


def test_it_opens_whole_and_holds_a_day_of_everybody_on_the_embedded_model() -> None:
    day = village.recorded()
    assert (day.ticks, len(day.agents)) == (900, 10)
    assert day.began is not None
    assert (day.began.mind, day.began.model) == ("generative", "local")
    assert day.ended is not None
    assert day.ended.reason == "finished"
    assert not changed_files(day.folder)


def test_it_is_small_and_names_no_machine() -> None:
    assert DAY.path.stat().st_size < 3e6
    assert DAY.label.made_by == COMMAND
    facts = [
        event.model_dump()["facts"] for event in village.recorded().iter_events(("provenance",))
    ]
    assert [row["platform"].count("-") <= 3 for row in facts] == [True]


def test_it_can_be_read_and_measured() -> None:
    shares = {one.fact: one.share for one in spread(village.recorded())}
    assert shares["supper"] > 0.2
    assert all(0 <= share <= 1 for share in shares.values())


def test_it_is_not_gone_on_with() -> None:
    with pytest.raises(EpisodeError, match="Branch from it"):
        Simulation.resume(village.recorded().folder)


def test_it_can_be_branched_and_does_not_change(tmp_path: Path) -> None:
    day = village.recorded()
    with Simulation.branch(day.folder, 20, out=tmp_path / "branch") as simulation:
        assert simulation.run(20).ticks == 20
    assert not changed_files(day.folder)


@pytest.mark.slow
def test_it_verifies_to_the_last_event() -> None:
    assert Verification(village.recorded().folder).run().ticks == 900
