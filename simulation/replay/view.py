"""An episode as it shows itself: in a notebook, in a browser, as a file.

::

    episode.replay()                         in a notebook: the player
    episode.replay(tick=540, agent="ada")    at a moment
    episode.replay(other)                    two episodes in step
    episode.replay().save("day.html")

In a notebook it is a widget where ``anywidget`` is installed (extra ``[notebook]``), and says by
``tick`` and ``agent`` where the viewer is; in an export a picture of the moment stands in its
place. Without ``anywidget`` the same output holds the whole page in a frame.
"""

from __future__ import annotations

import base64
import io
import json
import struct
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from simulation.episode.plain import plain
from simulation.errors import ConfigError, FileError
from simulation.replay.page import MOST, page
from simulation.replay.reel import Reel, packed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.episode.episode import Episode

HEIGHT: Final = 640
"""Pixels that it takes in a notebook."""


class Replay:
    """One episode, or two in step, to be watched.

    Args:
        episodes: What is shown; the second beside the first.
        tick: The moment at which it opens; None: the first.
        agent: Who is looked at, by id or name; empty: nobody.
        height: Pixels in a notebook.

    Raises:
        ConfigError: More than two episodes.
        EpisodeError: No such tick, or nobody of that name.
    """

    def __init__(
        self, *episodes: Episode, tick: int | None = None, agent: str = "", height: int = HEIGHT
    ) -> None:
        if not 1 <= len(episodes) <= MOST:
            allowed = ["one, or two to compare"]
            raise ConfigError(
                "so many episodes", where="replay", value=len(episodes), allowed=allowed
            )
        first = episodes[0]
        self.episodes = episodes
        self.tick = 0 if tick is None else first.moment(tick)
        self.agent = first.resident(agent) if agent else ""
        self.height = height
        self._reels: list[Reel] | None = None
        self._widget: Any = None

    def __repr__(self) -> str:
        return f"<Replay of {', '.join(episode.folder.name for episode in self.episodes)}>"

    @property
    def reels(self) -> list[Reel]:
        """What the player is given."""
        if self._reels is None:
            self._reels = [Reel(episode) for episode in self.episodes]
        return self._reels

    def html(self) -> str:
        """A page that needs nothing from anywhere."""
        return page(self.reels)

    def save(self, path: str | Path) -> Path:
        """Write that page into a file.

        Raises:
            FileError: It cannot be written.
        """
        path = Path(path)
        try:
            path.write_text(self.html(), encoding="utf-8")
        except OSError as error:
            reason = f"cannot be written ({error.strerror})"
            raise FileError(reason, where=path, hint="Give another place.") from error
        return path

    def seek(self, tick: int, agent: str = "") -> None:
        """Go to a moment, in a widget that is on display."""
        first = self.episodes[0]
        self.tick, self.agent = first.moment(tick), first.resident(agent) if agent else ""
        if self._widget is not None:
            self._widget.goal = {"tick": self.tick, "agent": self.agent}

    # In a notebook -------------------------------------------------------------------------------

    def _ipython_display_(self) -> None:
        """Show the widget where there is one, and beneath it what stays in an export."""
        from IPython.display import display  # noqa: PLC0415 - only a notebook calls this

        if find_spec("anywidget") is not None:
            display(self.widget())
        display(dict(self.static()), raw=True)

    def static(self) -> Mapping[str, str]:
        """What needs no kernel, by MIME type: a picture, or without anywidget the page itself."""
        picture = self._picture()
        shown = self._frame() if find_spec("anywidget") is None else self._figure(picture)
        return {"text/plain": repr(self), "text/html": shown, "image/png": picture}

    def widget(self) -> Any:
        """The player as an anywidget.

        Raises:
            ConfigError: anywidget is not installed.
        """
        if find_spec("anywidget") is None:
            hint = "pip install 'sociarium[notebook]'"
            raise ConfigError("a widget needs anywidget", where="replay", hint=hint)
        if self._widget is None:
            from simulation.replay.widget import ReplayWidget  # noqa: PLC0415 - the extra [notebook]

            self._widget = ReplayWidget(
                reels=[packed_reel(reel) for reel in self.reels],
                tick=self.tick,
                agent=self.agent,
                height=self.height,
            )
            self._widget.observe(self._moved, names=["tick", "agent"])
        return self._widget

    def _moved(self, change: Mapping[str, Any]) -> None:
        setattr(self, change["name"], change["new"])

    def _figure(self, picture: str) -> str:
        """A picture of the moment, for where the widget beside it cannot live."""
        first = self.episodes[0]
        told = f"{plain(first.spec.title, 80)} at {first.time(self.tick)}"
        return (
            f'<figure class="sociarium-still"><img alt="{escape(told)}" style="max-width:100%" '
            f'src="data:image/png;base64,{picture}"><figcaption>{escape(told)}. '
            "Where this notebook runs, the player stands here.</figcaption></figure>"
        )

    def _frame(self) -> str:
        """The page in a frame that may run its own scripts and reach nothing else."""
        return (
            f'<iframe sandbox="allow-scripts" title="{escape(repr(self))}" '
            f'style="width:100%;height:{self.height}px;border:0" '
            f'srcdoc="{escape(self.html())}"></iframe>'
        )

    def _picture(self) -> str:
        from simulation.plots.style import drawing  # noqa: PLC0415 - matplotlib
        from simulation.replay.animation import still  # noqa: PLC0415 - matplotlib

        buffer = io.BytesIO()
        with drawing():
            still(self.episodes[0], self.tick).savefig(buffer, format="png")
        return base64.b64encode(buffer.getvalue()).decode()


def packed_reel(reel: Reel) -> bytes:
    """A reel as bytes: the length of an index, the index as JSON, and the parts that it names."""
    index: dict[str, tuple[int, int]] = {}
    parts = bytearray()
    for name, part in reel.parts():
        text = packed(part)
        index[name] = (len(parts), len(text))
        parts += text
    told = json.dumps(index).encode()
    return struct.pack("<I", len(told)) + told + bytes(parts)
