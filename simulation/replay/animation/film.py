"""Stills and films out of an episode."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from simulation.errors import ConfigError, FileError
from simulation.plots.style import FORMATS
from simulation.replay.animation.ground import daylight
from simulation.replay.animation.picture import DOTS, Picture
from simulation.replay.animation.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.figure import Figure

    from simulation.episode.episode import Episode
    from simulation.replay.animation.ground import Image

    Progress = Callable[[int, int], None]

FPS: Final = 12
"""Frames of a second."""
LONGEST: Final = 25.0
"""Seconds that a film lasts at most where nothing is said."""
_READ: Final = 2.5
"""Seconds of a film for which words stand in a bubble, at least."""
_HELD: Final = 3
"""Ticks for which words stand in a bubble, at least; and a minute, where ticks are shorter."""
_BETWEEN: Final = 12
"""Frames of a tick at most."""
_FRAMES: Final = 20_000
_FLAT: Final = 40
"""Colours of the ground and of people that a palette has in every light."""
_LIGHTS: Final = (0, 5, 5.5, 6, 6.5, 7, 7.5, 8, 9, 17, 18, 18.5, 19, 19.5, 20, 20.5, 21, 22)
_KINDS: Final = (".gif", ".mp4")


class Film(NamedTuple):
    """What came of drawing a film."""

    path: Path
    frames: int
    seconds: float
    """How long it lasts."""
    ticks_a_frame: float
    note: str
    """What was left out, as a sentence; empty: every tick is in it."""


def still(episode: Episode, tick: int) -> Figure:
    """One moment as a figure.

    Args:
        episode: What is shown.
        tick: When; see :meth:`~simulation.episode.record.Record.moment`.

    Raises:
        EpisodeError: That tick was not lived.
    """
    tick = episode.moment(tick)
    picture = Picture(Scene(episode))
    picture.show(tick, _held(episode))
    return picture.figure


def save_still(episode: Episode, tick: int, path: str | Path) -> Path:
    """One moment as a file: .png, .svg or .pdf.

    Raises:
        ConfigError: Another suffix.
        EpisodeError: That tick was not lived.
        FileError: The file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise ConfigError("no kind of picture", where="--out", value=str(path), allowed=FORMATS)
    figure = still(episode, tick)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Neither the hour of the clock nor the version: the same episode, the same bytes.
        unstamped = {"Software": None} if path.suffix.lower() == ".png" else None
        figure.savefig(path, dpi=2 * DOTS, metadata=unstamped)
    except OSError as error:
        raise _unwritable(path, error) from error
    return path


def animate(
    episode: Episode,
    path: str | Path,
    *,
    since: int | None = None,
    until: int | None = None,
    fps: int = FPS,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> Film:
    """A film of an episode, or of a part of it.

    Args:
        episode: What is shown.
        path: Where it goes: .gif or .mp4; the second needs the package ``av``.
        since: From this tick on; None: the first.
        until: Before this tick; None: to the end.
        fps: Frames of a second, 1 to 60.
        seconds: How long it lasts; None: a frame a tick, but at most 25 seconds.
        progress: Is told (done, frames) after each frame.

    Raises:
        ConfigError: Another suffix, a span without a tick, or ``av`` is not installed.
        FileError: The file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in _KINDS:
        raise ConfigError("no kind of film", value=str(path), allowed=_KINDS)
    if not 1 <= fps <= 60:
        raise ConfigError("frames a second out of range", value=fps, allowed=["1 to 60"])
    write = _write_gif if path.suffix.lower() == ".gif" else _writer_of_mp4()
    first, end = _span(episode, since, until)
    moments = _moments(first, end, fps, seconds)
    step = (end - first) / len(moments)
    picture = Picture(Scene(episode))
    hold = max(_held(episode), _READ * fps * step / 2 if step > 1 else _READ * fps * step)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        drafted = path.with_name(f".{path.name}.{os.getpid()}{path.suffix}")
        try:
            write(drafted, _frames(picture, moments, hold, progress), fps)
            drafted.replace(path)
        finally:
            drafted.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error
    note = _note(len(moments), step, len(moments) / fps, episode)
    return Film(path, len(moments), len(moments) / fps, step, note)


def _held(episode: Episode) -> int:
    return max(_HELD, 60 // episode.clock.seconds_a_tick)


def _span(episode: Episode, since: int | None, until: int | None) -> tuple[int, int]:
    lived = episode.ticks
    first, end = since or 0, lived if until is None else min(until, lived)
    if not 0 <= first < end:
        hint = f"Ticks 0 to {lived - 1} were lived, {episode.time(0)} to {episode.time(lived - 1)}."
        raise ConfigError("a film without a tick", where="--from", value=first, hint=hint)
    return first, end


def _moments(first: int, end: int, fps: int, seconds: float | None) -> list[float]:
    """The moments that are drawn: every tick, every k-th, or some between two ticks."""
    ticks = end - first
    if seconds is None:
        every = -(-ticks // int(LONGEST * fps))
        return [float(tick) for tick in range(first, end, every)]
    if not 0 < seconds < float("inf"):
        raise ConfigError("no length of a film", where="--seconds", value=seconds)
    wanted = min(max(1, round(seconds * fps)), _BETWEEN * ticks, _FRAMES)
    if wanted <= ticks:
        return [float(first + number * ticks // wanted) for number in range(wanted)]
    return [first + number * ticks / wanted for number in range(wanted)]


def _frames(
    picture: Picture, moments: list[float], hold: float, progress: Progress | None
) -> Iterator[Image]:
    for number, moment in enumerate(moments, start=1):
        picture.show(moment, hold)
        yield picture.pixels()
        if progress is not None:
            progress(number, len(moments))


def _note(frames: int, step: float, seconds: float, episode: Episode) -> str:
    if step <= 1:
        return ""
    minutes = step * episode.clock.minutes_a_tick
    every = f"every {step:.3g} ticks ({minutes:.3g} minutes)"
    return f"{frames:,} frames, one for {every}, last {seconds:.3g} s; --seconds N for more."


# Files ------------------------------------------------------------------------------------------


def _write_gif(path: Path, frames: Iterator[Image], fps: int) -> None:
    """A palette for the whole film: of the ground by day and by night, and of the people."""
    from PIL import Image as Pillow  # noqa: PLC0415 - matplotlib brings it

    first = next(frames)
    palette = _palette(first)

    def paletted() -> Iterator[Any]:
        for frame in frames:
            image = Pillow.fromarray(frame)
            yield image.quantize(palette=palette, dither=Pillow.Dither.NONE)

    begin = Pillow.fromarray(first).quantize(palette=palette, dither=Pillow.Dither.NONE)
    begin.save(
        path, format="GIF", save_all=True, append_images=paletted(), loop=0,
        duration=round(1000 / fps), optimize=False, disposal=1,
    )  # fmt: skip


def _palette(frame: Image) -> Any:
    """Colours for a film: those of the first frame, flat ones most, in the light of every hour."""
    from PIL import Image as Pillow  # noqa: PLC0415 - matplotlib brings it

    flat, counts = np.unique(frame.reshape(-1, 3), axis=0, return_counts=True)
    flat = flat[np.argsort(counts)[::-1][:_FLAT]].astype(np.float64)
    sheet = [np.array([[255, 254, 250], [34, 37, 43], [141, 134, 119]] * len(_LIGHTS)), flat]
    for hour in _LIGHTS:
        red, green, blue, alpha = daylight(hour * 60)
        sheet.append(flat * (1 - alpha) + 255 * alpha * np.array([red, green, blue]))
    colours = np.concatenate(sheet).round().astype(np.uint8)[None]
    return Pillow.fromarray(colours).quantize(256, method=Pillow.Quantize.MEDIANCUT)


def _writer_of_mp4() -> Callable[[Path, Iterator[Image], int], None]:
    try:
        av = import_module("av")
    except ImportError as error:
        hint = "Install it with `pip install 'sociarium[video]'`, or write a --gif."
        raise ConfigError("the package av, which writes films, is missing", hint=hint) from error

    def write(path: Path, frames: Iterator[Image], fps: int) -> None:
        with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as film:
            stream = None
            for frame in frames:
                if stream is None:
                    stream = film.add_stream("libx264", rate=fps, options={"crf": "23"})
                    stream.height, stream.width = frame.shape[:2]
                    stream.pix_fmt = "yuv420p"
                film.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
            if stream is not None:
                film.mux(stream.encode(None))

    return write


def _unwritable(path: Path, error: OSError) -> FileError:
    return FileError(f"cannot be written ({error.strerror or error})", where=path)
