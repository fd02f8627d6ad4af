"""What detectors cost: a million events read afterwards, and a run watched while it lives."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from simulation import Simulation
from simulation.behaviours.behaviours import observe
from simulation.behaviours.words import default_classifier
from simulation.behaviours.words.tags import Utterance
from simulation.bench.figure import Figure, Measure
from simulation.episode.episode import Episode
from simulation.episode.events import Acted, Began, Ended, Joined, Provenance, Started
from simulation.episode.log import EpisodeWriter
from simulation.episode.schema import NAMES
from simulation.kernel.ids import EventId
from worlds import village

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from simulation.episode.events import Happening
    from simulation.episode.reader import Row

LARGE: Final = 1_000_000
_DAY: Final = 900
_SEEDS: Final = (7, 8, 9)
"""Of the days that a long log is made of, so that few of its menus and words come back soon."""
_RUN: Final = 300
_ROUNDS: Final = 5
"""Pairs of runs, one watched and one not."""
_ONCE: Final = tuple(NAMES[kind] for kind in (Began, Provenance, Started, Joined, Ended))


def measures() -> Sequence[Measure]:
    """The suite in about a minute: a tenth of a million events, scaled up."""
    return [
        Measure("a long log read", partial(_long_log, LARGE // 10)),
        Measure("a run that is watched", _live),
    ]


def full_measures() -> Sequence[Measure]:
    """The same with the whole million."""
    return [
        Measure("a million events read", partial(_long_log, LARGE)),
        Measure("a run that is watched", _live),
    ]


def _long_log(size: int) -> list[Figure]:
    """Days of rules minds, one after the other until there are so many events.

    The classifier of words is loaded before the clock starts and told apart: it is loaded once,
    however long a log is, and so it is not scaled up with the events.
    """
    loading = _load_classifier()
    with _folder() as folder:
        days = [_day(seed, folder / f"day-{seed}") for seed in _SEEDS]
        count = _repeat(days, folder / "long", size)
        long = Episode.open(folder / "long")
        before, started = _peak(), time.perf_counter()
        busy = time.process_time()
        found = observe(long)
        seconds, busy = time.perf_counter() - started, time.process_time() - busy
        grown = _peak() - before
    per_million = seconds * LARGE / count
    return [
        Figure(name="all detectors, 1,000,000 events", value=per_million, unit="s", goal=20),
        Figure(name="the same, processor time", value=busy * LARGE / count, unit="s"),
        Figure(name="loading the classifier once, processor time", value=loading, unit="s"),
        Figure(name="events read", value=float(count)),
        Figure(name="memory that it took more", value=grown, unit="MB"),
        Figure(name="findings", value=float(len(found.findings))),
        Figure(name="opportunities", value=float(len(found.opportunities))),
    ]


def _live() -> list[Figure]:
    """Rules minds, the fastest there are, with and without detectors, in processor time.

    The two runs of a pair are lived one after the other, and the median of the pairs' ratios is
    told: what else the machine does then touches both alike.
    """
    _load_classifier()
    pairs = [(_lived(n, watch=False), _lived(n, watch=True)) for n in range(_ROUNDS)]
    shares = [100 * (watched / plain - 1) for plain, watched in pairs]
    return [
        Figure(name="live cost on rules minds", value=median(shares), unit="%", goal=5),
        Figure(name="the least of the pairs", value=min(shares), unit="%"),
        Figure(name="the most of the pairs", value=max(shares), unit="%"),
        Figure(
            name=f"{_RUN} ticks of rules minds, processor time",
            value=median(plain for plain, _ in pairs),
            unit="s",
        ),
    ]


def _load_classifier() -> float:
    """Load the classifier, unless it is loaded; the processor time that it took, in seconds."""
    started = time.process_time()
    default_classifier().classify(Utterance(text="Shall I carry the bag for you?"))
    return time.process_time() - started


def _lived(number: int, *, watch: bool) -> float:
    with _folder() as folder:
        tell = (lambda _: None) if watch else None
        out = folder / f"run-{number}"
        with Simulation(village.load(), mind="rules", out=out, on_finding=tell) as simulation:
            started = time.process_time()
            simulation.run(ticks=_RUN)
            return time.process_time() - started


def _day(seed: int, out: Path) -> Episode:
    with Simulation(village.load(), mind="rules", seed=seed, out=out) as simulation:
        return simulation.run(ticks=_DAY)


def _repeat(days: Sequence[Episode], out: Path, size: int) -> int:
    """Write the events of days again and again, each time later; how many there were."""
    written = 0
    with EpisodeWriter(out, spec=days[0].spec) as writer:
        for number, day in enumerate(cycle(days)):
            if written >= size:
                break
            rows = [row for row in day.log.rows() if row.type not in _ONCE]
            names = {name for row in rows for name in _contents_of(day.fields(row))}
            contents = day.log.contents(names) if number < len(days) else {}
            for tick, events in _ticks(day, rows, number * _DAY):
                writer.commit(tick, events, contents)
                written += len(events)
                contents = {}
    return written


def _ticks(day: Episode, rows: list[Row], shift: int) -> Iterator[tuple[int, list[Happening]]]:
    by_tick: dict[int, list[Happening]] = {tick: [] for tick in range(_DAY)}
    for row in rows:
        known = EventId.parse(row.id)
        later = str(known._replace(tick=known.tick + shift))
        update: dict[str, object] = {"id": later, "tick": row.tick + shift}
        event = day.typed(row)
        if isinstance(event, Acted):
            update["since"] = event.since + shift
        by_tick[known.tick].append(event.model_copy(update=update))
    for tick, events in by_tick.items():
        yield tick + shift, events


def _contents_of(fields: dict[str, object]) -> list[str]:
    return [str(fields[name]) for name in ("menu", "percept") if name in fields]


def _peak() -> float:
    """The most memory that this process has held so far, in MB."""
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


@contextmanager
def _folder() -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="sociarium-", ignore_cleanup_errors=True) as name:
        yield Path(name)
