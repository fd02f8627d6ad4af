"""What every report is made with: templates that escape, and figures inside the page."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Final

from simulation.plots.style import drawing

if TYPE_CHECKING:
    from jinja2 import Environment
    from matplotlib.figure import Figure

DPI: Final = 170
"""Dots per inch of a figure in a page."""


def inside(figure: Figure) -> str:
    """A figure as a data URL."""
    buffer = io.BytesIO()
    with drawing():
        figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def environment() -> Environment:
    """The templates of this package; everything that is filled in is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - here only

    return Environment(
        loader=PackageLoader("simulation.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
