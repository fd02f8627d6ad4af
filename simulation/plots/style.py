"""How all figures look, and how they are saved to the same bytes."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from simulation.episode.events import Provenance
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Generator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulation.episode.record import Record

COLOURS: Final = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000",
)  # fmt: skip
"""Of Okabe and Ito (2008): they are told apart whatever the eye."""
FAMILY_COLOURS: Final = {
    "volunteering": COLOURS[2],
    "conformity": COLOURS[0],
    "destruction": COLOURS[5],
    "words": COLOURS[3],
}
ONE_COLUMN, TWO_COLUMNS = 3.5, 7.2
"""Widths in inches, as journals have them."""
FORMATS: Final = (".png", ".svg", ".pdf")
_STYLE: Final[dict[str, Any]] = {
    "font.size": 8,
    "font.family": "DejaVu Sans",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "figure.dpi": 150,
    "savefig.bbox": "tight",
    "svg.hashsalt": "sociarium",
    "svg.fonttype": "none",
}


@contextmanager
def drawing() -> Generator[None]:
    """Draw in the house style and leave the settings of others alone."""
    import matplotlib as mpl  # noqa: PLC0415 - half a second

    with mpl.rc_context(cast("Any", _STYLE)):
        yield


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty figure with one pair of axes; no window is opened for it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - half a second

    figure = _shown()(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


@cache
def _shown() -> type[Figure]:
    """Figures that a notebook shows, though no window and no ``pyplot`` is behind them."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second

    class Shown(Figure):
        """A figure that a notebook shows."""

        def _repr_png_(self) -> bytes:
            """As a notebook asks for it."""
            buffer = BytesIO()
            with drawing():
                self.savefig(buffer, format="png", metadata={"Software": None})
            return buffer.getvalue()

    return Shown


def caption(figure: Figure, *parts: str) -> None:
    """A small line under the figure: N, the model, the seed."""
    text = " · ".join(part for part in parts if part)
    figure.supxlabel(text, fontsize=6.5, color="#555555", x=0.01, ha="left")


def provenance(episode: Record) -> str:
    """N, the mind, the model with its weights, and the seed of an episode, for a caption."""
    people = f"{len(episode.agents)} {'person' if len(episode.agents) == 1 else 'people'}"
    return f"{people}, {episode.ticks} ticks, {_mind(episode)}, seed {episode.seed}"


def _mind(episode: Record) -> str:
    """``rules``, or the model by its name and, where the log tells them, its weights."""
    began = episode.began
    if began is None:
        return "unknown mind"
    if not began.model:
        return began.mind
    facts = next((event.facts for event in episode.each(Provenance)), {})
    weights = facts.get("model.weights", "").removesuffix(".gguf")
    return f"{began.mind} on {began.model}" + (f" ({weights})" if weights else "")


def shown(text: str) -> str:
    r"""Words of an episode as a figure can draw them: on a line, and never taken for a formula.

    Examples:
        >>> shown("a\x1b$b$")
        'a \\$b\\$'
    """
    from simulation.episode.plain import plain  # noqa: PLC0415 - only where words are drawn

    kept = "".join(sign for sign in plain(text, 120) if sign.isprintable())
    return kept.replace("$", r"\$")


def words_instead(axes: Axes, text: str) -> None:
    """Say why there is nothing to be seen."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, text, ha="center", va="center", wrap=True, transform=axes.transAxes)


def save(figure: Figure, path: str | Path) -> Path:
    """Write a figure as its ending says; the same figure gives the same bytes.

    Raises:
        ConfigError: An ending that is none of png, svg, pdf, or a file that cannot be written.
    """
    path = Path(path)
    if path.suffix not in FORMATS:
        raise ConfigError("unknown kind of figure", value=path.suffix, allowed=FORMATS)
    undated: dict[str, Any] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    try:
        with drawing():
            figure.savefig(path, metadata=undated.get(path.suffix, {"Software": None}))
    except OSError as error:
        raise ConfigError(f"cannot be written ({error.strerror})", value=str(path)) from error
    return path
