"""Watching episodes: how large a page is, how soon it shows, how smoothly it plays."""

from __future__ import annotations

import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.bench import browser
from simulation.bench.crowd import Size, make_up
from simulation.bench.figure import Figure, Measure
from simulation.replay.view import Replay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulation.episode.episode import Episode

    OnPage = Callable[[Path, float], list[Figure]]
    """Measures a page; the seconds that it took to write are given."""

DAY: Final = Size(agents=25, ticks=1440)
"""The day of a village, with everything that a language model's minds leave behind."""
CROWD: Final = Size(agents=1000, ticks=1000, minds=False)
LONG: Final = Size(agents=10, ticks=8640, seconds=10, stay=150, speed=1)
"""A day in steps of ten seconds, as recordings made elsewhere have it."""
_TIMES: Final = 3
_PLAYED: Final = 5.0
_STEPS: Final = 200
_SPEED: Final = 60
_STALL: Final = 200


def measures() -> Sequence[Measure]:
    """Three episodes of made-up people; a browser is driven where there is one."""
    return [
        Measure("25 people for a day", partial(_measured, DAY, _day)),
        Measure("1,000 people for 1,000 ticks", partial(_measured, CROWD, partial(_large, CROWD))),
        Measure("10 people for 8,640 ticks", partial(_measured, LONG, partial(_large, LONG))),
    ]


def _measured(size: Size, measure: OnPage) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="sociarium-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with make_up(folder / "episode", size) as episode:
            seconds = _exported(episode, folder / "page.html")
        return measure(folder / "page.html", seconds)


def _exported(episode: Episode, path: Path) -> float:
    started = time.perf_counter()
    Replay(episode).save(path)
    return time.perf_counter() - started


def _named(size: Size) -> str:
    return f"{size.agents:,} x {size.ticks:,}"


class _Seen(NamedTuple):
    """What a browser showed, each the middle of several times."""

    first: float | None = None
    """Seconds until the first frame."""
    opening: float | None = None
    """Milliseconds of the longest stall while it opened."""
    scrubbing: float | None = None
    frames: float | None = None
    """A second, while it plays."""


def _looked_at(page: Path, lacking: str) -> _Seen:
    """Open a page several times, play it and drag its time to and fro."""
    if lacking:
        return _Seen()
    rows: list[tuple[float, ...]] = []
    with browser.browser() as running:
        for _ in range(_TIMES):
            watched = browser.Watched(running, page)
            opened = watched.opened()
            frames = watched.play(_SPEED, _PLAYED)
            rows.append((opened.first / 1000, opened.task, watched.scrub(_STEPS), frames))
            watched.close()
    return _Seen(*(median(column) for column in zip(*rows, strict=True)))


def _day(page: Path, seconds: float) -> list[Figure]:
    name, lacking = _named(DAY), browser.missing()
    seen = _looked_at(page, lacking)
    return [
        Figure(name=f"{name}: HTML export", value=seconds, unit="s", goal=5),
        Figure(name=f"{name}: file", value=page.stat().st_size / 1e6, unit="MB", goal=3),
        Figure(name=f"{name}: first frame", value=seen.first, unit=lacking or "s", goal=1),
        Figure(
            name=f"{name}: frames a second at {_SPEED}x",
            value=seen.frames,
            unit=lacking or "1/s",
            goal=50,
            at_least=True,
        ),
    ]


def _large(size: Size, page: Path, seconds: float) -> list[Figure]:
    name, lacking = _named(size), browser.missing()
    seen = _looked_at(page, lacking)
    return [
        Figure(name=f"{name}: HTML export", value=seconds, unit="s"),
        Figure(name=f"{name}: file", value=page.stat().st_size / 1e6, unit="MB"),
        Figure(name=f"{name}: first frame", value=seen.first, unit=lacking or "s"),
        _stalled(f"{name}: longest stall while opening", seen.opening, lacking),
        _stalled(f"{name}: longest stall while scrubbing", seen.scrubbing, lacking),
        Figure(
            name=f"{name}: frames a second at {_SPEED}x", value=seen.frames, unit=lacking or "1/s"
        ),
    ]


def _stalled(name: str, value: float | None, lacking: str) -> Figure:
    return Figure(name=name, value=value, unit=lacking or "ms", goal=_STALL)
