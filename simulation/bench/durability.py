"""Kills and resumes, what a write costs, what an event takes, how fast a long log opens."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.bench import faults
from simulation.bench.figure import Figure, Measure
from simulation.bench.timing import p50
from simulation.bench.victim import simulation
from simulation.episode.episode import Episode
from simulation.episode.events import Said
from simulation.episode.export import canonical_sha256
from simulation.episode.log import EpisodeWriter
from simulation.episode.schema import LOG
from simulation.episode.sink import Scribe
from simulation.kernel.ids import Phase
from simulation.simulation import Simulation
from worlds import village

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

_MINDS: Final = ("rules", "model")
_TICKS: Final = {"rules": 400, "model": 60}
_LARGE: Final = 1_000_000
_A_TICK: Final = 100
"""Events in a tick of the large log."""
_DAY: Final = 900
"""Ticks that make a day."""
_RESIDENTS: Final = 50


def measures() -> Sequence[Measure]:
    """The parts of the suite; ten kills."""
    return _measures(10)


def full_measures() -> Sequence[Measure]:
    """The same with a hundred kills."""
    return _measures(100)


def _measures(kills: int) -> Sequence[Measure]:
    return (
        Measure(f"{kills} kills", lambda: _killed(kills)),
        Measure("1,000 faults of a model", lambda: faults.figures(1_000)),
        Measure("bytes of an event", _size),
        Measure("a million events", _large),
    )


# Kills -----------------------------------------------------------------------------------------


class Outcome(NamedTuple):
    """What came of kills and resumes."""

    kills: int
    """Runs that were killed while they lived."""
    identical: int
    """Of those, the ones that came out as if they had not been."""
    lost: int
    """Events that the whole runs have and the resumed ones lack."""
    doubled: int
    """Events that the resumed runs have more."""


class _Whole(NamedTuple):
    sha256: str
    events: int
    seconds: float


def kill_and_resume(count: int, seed: int = 1) -> Outcome:
    """Kill so many runs at random moments, resume them, and compare with whole ones.

    The whole process group gets SIGKILL. Half of the runs have minds of rules, so that most of
    their time goes into commits; half ask a model.

    Args:
        count: How many kills.
        seed: Of the moments.
    """
    stream = random.Random(seed)
    identical = lost = doubled = done = 0
    with _folder() as folder:
        whole = {mind: _lived(folder / mind, mind) for mind in _MINDS}
        while done < count:
            mind = _MINDS[done % len(_MINDS)]
            out = folder / f"run-{done}"
            if not _kill(out, mind, stream.random() * whole[mind].seconds):
                shutil.rmtree(out)
                continue
            done += 1
            with Simulation.resume(out) as again:
                episode = again.run(_TICKS[mind])
            identical += canonical_sha256(episode) == whole[mind].sha256
            more = _events(episode) - whole[mind].events
            lost, doubled = lost + max(0, -more), doubled + max(0, more)
            shutil.rmtree(out)
    return Outcome(done, identical, lost, doubled)


def _lived(out: Path, mind: str) -> _Whole:
    with simulation(out, mind) as running:
        start = time.perf_counter()
        episode = running.run(_TICKS[mind])
        seconds = time.perf_counter() - start
    return _Whole(canonical_sha256(episode), _events(episode), seconds)


def _events(episode: Episode) -> int:
    return sum(1 for _ in episode.log.rows(canonical=True))


def _kill(out: Path, mind: str, after: float) -> bool:
    """Start a run and kill it so many seconds after its first tick; False: it was done before."""
    command = [sys.executable, "-m", "simulation.bench.victim", str(out), mind, str(_TICKS[mind])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(after)
        alive = process.poll() is None
        if alive:
            os.killpg(process.pid, signal.SIGKILL)
    return alive


def _killed(count: int) -> Sequence[Figure]:
    outcome = kill_and_resume(count)
    return (
        Figure(
            name="kills after which the episode is the same",
            value=outcome.identical,
            unit=f"of {outcome.kills}",
            goal=outcome.kills,
            at_least=True,
        ),
        Figure(name="events lost", value=outcome.lost, goal=0),
        Figure(name="events doubled", value=outcome.doubled, goal=0),
    )


# Size and speed ---------------------------------------------------------------------------------


def _size() -> Sequence[Figure]:
    """The log of a day beside what it stores once: texts, vectors, replies."""
    with _folder() as folder, simulation(folder / "e", "model") as running:
        episode = running.run(_DAY)
        copy = folder / LOG
        with episode.log.connection() as db, closing(sqlite3.connect(copy)) as bare:
            db.backup(bare)
            for table in ("contents", "vectors", "journal"):
                bare.execute(f"DELETE FROM {table}")
            bare.commit()
            bare.execute("VACUUM")
        size = copy.stat().st_size / episode.log.count()
    name = "an event in the log, beside texts, vectors and replies"
    return (Figure(name=name, value=size, unit="bytes", goal=400),)


def _large() -> Sequence[Figure]:
    with _folder() as folder:
        spent = _write(folder / "e")
        opened = p50(lambda: Episode.open(folder / "e"))
        episode = Episode.open(folder / "e")
        day = p50(lambda: list(episode.iter_events(agent="r7", since=_DAY, until=2 * _DAY)))
        size = (folder / "e" / LOG).stat().st_size
    return (
        Figure(name="writing an event", value=spent / _LARGE * 1e6, unit="µs", goal=20),
        Figure(name="opening 1,000,000 events", value=opened, unit="s", goal=0.5),
        Figure(name="reading one agent's day of them", value=day * 1e3, unit="ms", goal=50),
        Figure(name="the log of them", value=size / 1e6, unit="MB"),
    )


def _write(out: Path) -> float:
    """Write a million events, a transaction a tick; the seconds that the commits took."""
    seconds = 0.0
    with EpisodeWriter(out, spec=village.load(agents=1)) as writer:
        for tick in range(_LARGE // _A_TICK):
            events = [
                Scribe(tick, Phase.ACT, 1 + number, f"r{number % _RESIDENTS}", "inn").note(
                    Said, to="", text=f"It is {tick} by the clock, and all is well."
                )
                for number in range(_A_TICK)
            ]
            before = time.perf_counter()
            writer.commit(tick, events, {})
            seconds += time.perf_counter() - before
    return seconds


@contextmanager
def _folder() -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="sociarium-", ignore_cleanup_errors=True) as name:
        yield Path(name)
