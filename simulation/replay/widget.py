"""The player as an anywidget; needs the extra ``[notebook]``."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from simulation.replay.bundle import script, style


class ReplayWidget(anywidget.AnyWidget):
    """The player in a notebook."""

    _esm = script("widget.js")
    _css = style()
    reels: Any = traitlets.List(traitlets.Bytes()).tag(sync=True)
    """Packed reels, one or two."""
    tick: Any = traitlets.Int(0).tag(sync=True)
    """Where the viewer is."""
    agent: Any = traitlets.Unicode("").tag(sync=True)
    """Whom they look at: an id, or empty."""
    height: Any = traitlets.Int(640).tag(sync=True)
    """Pixels."""
    goal: Any = traitlets.Dict().tag(sync=True)
    """A moment to go to, ``{tick, agent}``."""
