"""Draws one moment of a scene, and the next by moving what moves.

The ground is drawn once and kept as pixels; each further moment puts it back and draws people,
bubbles, the light and the hour over it.
"""

from __future__ import annotations

import colorsys
from functools import lru_cache
from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simulation.episode.plain import plain
from simulation.plots.style import drawing
from simulation.replay.animation.bubbles import FONT, over, placed, words_of
from simulation.replay.animation.ground import coloured, daylight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    from simulation.replay.animation.ground import Image
    from simulation.replay.animation.scene import Points, Scene, Words

BUBBLES: Final = 4
"""Bubbles that are shown at once."""
_NAMED: Final = 60
"""From more people on, discs have no initials."""
_LABELLED: Final = 60
"""Places whose names are written, the largest first."""
_LABEL: Final = 5.5
"""Points of the letters of a place's name."""
_LABEL_WIDE: Final = 16
"""Letters of a line of it."""
_MISSING: Final = "\N{WHITE VERTICAL RECTANGLE}"
_INK: Final = "#2e2a25"
_WIDTHS: Final = (5.0, 9.6)
"""Inches of a picture, at least and at most."""
_HEIGHTS: Final = (3.0, 7.2)
_CELL: Final = 0.14
"""Inches of a cell where there is room."""
_HEAD: Final = 0.3
"""Inches above the stage, for the title and the hour."""
DOTS: Final = 100
"""Pixels of an inch."""


class Picture:
    """A figure of a scene that can be moved to another moment.

    Args:
        scene: What is shown.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        with drawing():
            self.figure, self._axes, self._canvas = _canvas(scene)
            left, right = self._axes.transData.transform([(0, 0), (1, 0)])[:, 0]
            self._cell = float(right - left) * 72 / DOTS
            self._ground()
            self._light = self._lay_light()
            self._discs, self._letters = self._people()
            self._bubbles = [self._bubble() for _ in range(BUBBLES)]
            self._tails = self._lines()
            self._hour = self._write(1.0, 1.0, "", ha="right", size=9, transform=True)
        self._kept: Any = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        width, height = self._canvas.get_width_height()
        return width, height

    def show(self, moment: float, hold: float) -> None:
        """Move everything to a moment; what was said in the last ``hold`` ticks stands in bubbles.

        Draw it with :meth:`pixels`, or save the figure.
        """
        scene = self._scene
        points = scene.at(moment)
        seen = ~np.isnan(points[:, 0])
        self._discs.set_offsets(np.where(seen[:, None], points, 0.0))
        self._discs.set_sizes(np.where(seen, self._sizes, 0.0))
        if scene.people <= _NAMED:
            self._letters.set_offsets(np.where(seen[:, None], points, 0.0))
            self._letters.set_sizes(np.where(seen, self._sizes, 0.0))
        self._say(scene.saying(moment - hold, moment, BUBBLES), points)
        tick = int(moment)
        day, hour = scene.clock.day(tick), scene.clock.label(tick)
        self._hour.set_text(hour if day == 1 else f"day {day}, {hour}")
        light = scene.clock.minute_of_day(tick) if not scene.is_network else 12 * 60
        self._light.set_facecolor(daylight(light))

    def pixels(self) -> Image:
        """The moment that is shown, as (height, width, 3) bytes. The ground is drawn only once."""
        with drawing():
            if self._kept is None:
                for artist in self._moving:
                    artist.set_animated(True)
                self._canvas.draw()
                self._kept = self._canvas.copy_from_bbox(self.figure.bbox)
            self._canvas.restore_region(self._kept)
            for artist in self._moving:
                self.figure.draw_artist(artist)
        return np.asarray(self._canvas.buffer_rgba())[:, :, :3].copy()

    @property
    def _moving(self) -> list[Artist]:
        return [
            self._light, self._discs, self._letters, self._tails, *self._bubbles, self._hour,
        ]  # fmt: skip

    # The ground --------------------------------------------------------------------------------

    def _ground(self) -> None:
        drawn, axes = self._scene.drawn, self._axes
        if self._scene.is_network:
            places = drawn["places"]
            for one, other in drawn["edges"]:
                a, b = places[one], places[other]
                axes.plot([a["x"], b["x"]], [1 - a["y"], 1 - b["y"]], color="#b9b4a6", lw=1)
            across, down = [p["x"] for p in places], [1 - p["y"] for p in places]
            axes.scatter(across, down, s=420, c="white", edgecolors="#7d786c", zorder=2)
            for place in places[:_LABELLED]:
                self._write(place["x"], 1 - place["y"] - 0.07, place["name"], size=7)
        else:
            axes.imshow(coloured(drawn), interpolation="nearest", aspect="equal", zorder=0)
            for row, column, name in _labels(drawn["places"], self._cell):
                self._write(column, row, name, size=_LABEL, halo=True, width=_LABEL_WIDE)
        title = shorten(plain(self._scene.title, 80), 60, placeholder="…")
        self._write(0.0, 1.0, title, ha="left", size=9, transform=True)

    def _write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        ha: Any = "center",
        size: float,
        halo: bool = False,
        transform: bool = False,
        width: int = 40,
    ) -> Text:
        from matplotlib import patheffects  # noqa: PLC0415 - half a second

        lines = "\n".join(wrap(shown(text), width)[:3])
        written = self._axes.text(
            x, y, lines, ha=ha, va="bottom" if transform else "center", fontsize=size,
            color=_INK, parse_math=False, zorder=3, linespacing=1.0,
            clip_on=not transform,
            transform=self._axes.transAxes if transform else self._axes.transData,
        )  # fmt: skip
        if halo:
            line = patheffects.withStroke(linewidth=1.6, foreground="#fffdf7")
            written.set_path_effects([line])
        return written

    def _lay_light(self) -> Any:
        from matplotlib.patches import Rectangle  # noqa: PLC0415 - half a second

        over = self._axes.transAxes
        light = Rectangle((0, 0), 1, 1, transform=over, lw=0, zorder=4, facecolor=(1, 1, 1, 0))
        self._axes.add_patch(light)
        return light

    # People and what they say --------------------------------------------------------------------

    def _people(self) -> tuple[Any, Any]:
        """Discs, and the letters on them as shapes: each kind is drawn at once."""
        from matplotlib.collections import PathCollection  # noqa: PLC0415 - half a second

        cast, axes = self._scene.cast, self._axes
        many = len(cast)
        size = 120 if many <= 30 else 70 if many <= _NAMED else 22 if many <= 250 else 7
        self._sizes = np.full(many, float(size))
        nowhere = np.zeros((many, 2))
        discs = axes.scatter(
            nowhere[:, 0], nowhere[:, 1], s=self._sizes, zorder=5, linewidths=0.7,
            c=[disc_colour(person["hue"]) for person in cast], edgecolors="white",
        )  # fmt: skip
        paths = [_letters(person["initials"]) for person in cast] if many <= _NAMED else []
        letters = PathCollection(
            paths, sizes=self._sizes[: len(paths)], offsets=nowhere[: len(paths)],
            offset_transform=axes.transData, facecolors="white", linewidths=0, zorder=6,
        )  # fmt: skip
        letters.set_transform(_in_points())
        axes.add_collection(letters, autolim=False)
        return discs, letters

    def _bubble(self) -> Text:
        return self._axes.text(
            0, 0, "", fontsize=FONT, color="#22252b", zorder=8, parse_math=False, visible=False,
            linespacing=1.1, transform=self._axes.transAxes, ha="left", va="bottom",
            bbox={"boxstyle": "round,pad=0.3", "fc": "#fffefa", "ec": "#8d8677", "lw": 0.7},
        )  # fmt: skip

    def _lines(self) -> Any:
        from matplotlib.collections import LineCollection  # noqa: PLC0415 - half a second

        lines = LineCollection([], colors="#8d8677", linewidths=0.8, zorder=7)
        lines.set_transform(self._axes.transAxes)
        self._axes.add_collection(lines, autolim=False)
        return lines

    def _say(self, said: Sequence[Words], points: Points) -> None:
        axes, cast = self._axes, self._scene.cast
        parts = axes.transData.transform(points) if len(points) else points
        parts = axes.transAxes.inverted().transform(parts) if len(points) else points
        box = axes.get_window_extent()
        letter = FONT / 72 * self.figure.dpi
        told = [
            (words_of(shown(f"{cast[words.agent]['initials']}: {words.text}")), parts[words.agent])
            for words in reversed(said)
        ]
        people = parts if len(cast) <= _NAMED else ()
        found = placed(told, (letter / box.width, letter / box.height), people)[:BUBBLES]
        for bubble, one in zip(self._bubbles, found, strict=False):
            bubble.set_visible(True)
            bubble.set_text(one.text)
            bubble.set_position((one.left, one.bottom))
        for bubble in self._bubbles[len(found) :]:
            bubble.set_visible(False)
        self._tails.set_segments([one.tail for one in found])


def _letters(text: str) -> Any:
    """Letters as a shape around its own middle, one point high a point of their size."""
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - half a second
    from matplotlib.textpath import TextPath  # noqa: PLC0415 - half a second
    from matplotlib.transforms import Affine2D  # noqa: PLC0415 - half a second

    bold = FontProperties(family=["DejaVu Sans"], weight="bold")
    path = TextPath((0, 0), shown(text) or _MISSING, size=0.48, prop=bold, usetex=False)
    box = path.get_extents()
    moved = Affine2D().translate(-(box.x0 + box.x1) / 2, -(box.y0 + box.y1) / 2)
    return path.transformed(moved)


def _in_points() -> Any:
    """Sizes of a collection are turned into points by the collection itself."""
    from matplotlib.transforms import IdentityTransform  # noqa: PLC0415 - half a second

    return IdentityTransform()


def _canvas(scene: Scene) -> tuple[Figure, Axes, FigureCanvasAgg]:
    """A figure that fits the stage, with an even number of pixels, as films need."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - half a second
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second

    if scene.is_network:
        rows, columns, cell = 1.0, 1.0, 6.0
    else:
        rows, columns = float(scene.drawn["rows"]), float(scene.drawn["cols"])
        cell = min(max(_CELL, _WIDTHS[0] / columns), _WIDTHS[1] / columns, _HEIGHTS[1] / rows)
    width = _even(min(max(cell * columns, _WIDTHS[0]), _WIDTHS[1]))
    height = _even(min(max(cell * rows, _HEIGHTS[0]), _HEIGHTS[1]) + _HEAD)
    figure = Figure(figsize=(width, height), dpi=DOTS, facecolor="#f5f2ea")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.98 - _HEAD / height))
    axes.set_axis_off()
    if scene.is_network:
        axes.set_xlim(-0.12, 1.12)
        axes.set_ylim(-0.14, 1.12)
    else:
        axes.set_xlim(-0.5, columns - 0.5)
        axes.set_ylim(rows - 0.5, -0.5)
        axes.set_aspect("equal", anchor="C")
    return figure, axes, canvas


def _even(inches: float) -> float:
    return 2 * round(inches * DOTS / 2) / DOTS


def _labels(places: Sequence[dict[str, Any]], cell: float) -> list[tuple[int, int, str]]:
    """(row, column, name) of places whose names have room, those that cover most first.

    Args:
        places: Of the stage.
        cell: Points of a cell.
    """

    def area(place: dict[str, Any]) -> int:
        top, left, bottom, right = place["box"]
        return -(bottom - top + 1) * (right - left + 1)

    found: list[tuple[int, int, str]] = []
    taken: list[tuple[float, float, float, float]] = []
    labelled = (place for place in places if place.get("label") and place["box"])
    for place in sorted(labelled, key=area):
        row, column = place["label"]
        lines = wrap(shown(place["name"]), _LABEL_WIDE)[:3]
        wide = 0.6 * _LABEL * max(map(len, lines), default=0) / cell / 2
        high = 1.2 * _LABEL * len(lines) / cell / 2
        box = (column - wide, row - high, column + wide, row + high)
        if not any(over(box, other) for other in taken):
            taken.append(box)
            found.append((row, column, place["name"]))
    return found[:_LABELLED]


def disc_colour(hue: float) -> tuple[float, float, float]:
    """The colour of somebody's disc, dark enough for white letters."""
    return colorsys.hls_to_rgb(hue % 360 / 360, 0.36, 0.52)


def shown(text: str) -> str:
    """The text with a box for each character that the font lacks, so that nothing warns."""
    known = _characters()
    return "".join(
        char if char.isspace() or ord(char) in known else _MISSING
        for char in text
        if char not in "\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-16}"
    )


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont, get_font  # noqa: PLC0415

    font = get_font(findfont(FontProperties(family=["DejaVu Sans"])))
    return frozenset(font.get_charmap())
