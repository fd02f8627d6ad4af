"""``--live``: a run that one looks at in a browser, and reaches into, while it lives."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.text import Text

from simulation.cli.console import err
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from rich.console import Console

    from simulation.cli.live import Show, Watcher
    from simulation.gate import Gate
    from simulation.progress import Progress
    from simulation.replay.live.server import LiveServer
    from simulation.replay.live.session import Session
    from simulation.simulation import Simulation

Live = Annotated[
    bool,
    typer.Option("--live", help="Show it in a browser while it lives, to pause and reach into."),
]
Port = Annotated[
    int | None, typer.Option("--port", metavar="N", help="With --live: where; else a free one.")
]
NoOpen = Annotated[
    bool, typer.Option("--no-open", help="With --live: print the address, open no browser.")
]
Paused = Annotated[bool, typer.Option("--paused", help="With --live: wait before the first tick.")]
Pace = Annotated[
    float | None,
    typer.Option(
        "--pace", metavar="SECONDS", min=0, help="With --live: how long a tick takes at least."
    ),
]


_SLOWEST: Final = 3600


@dataclass(frozen=True, kw_only=True)
class View:
    """A live view that was asked for."""

    server: LiveServer
    session: Session
    opens: bool
    """Whether a browser is opened."""

    @property
    def gate(self) -> Gate:
        """Where the run waits."""
        return self.session.gate

    def told(self, also: Callable[[Progress], None]) -> Callable[[Progress], None]:
        """What is told how the run goes on: somebody else, and the live view."""

        def tell(progress: Progress) -> None:
            also(progress)
            self.session(progress)

        return tell


def read_view(
    *, live: bool, port: int | None, no_open: bool, paused: bool, pace: float | None
) -> View | None:
    """The live view that the options ask for, its port taken; None: none.

    Raises:
        ConfigError: An option of it is given without ``--live``, or the port is taken.
    """
    if not live:
        alone = {"--port": port is not None, "--no-open": no_open, "--paused": paused}
        for name, given in (alone | {"--pace": pace is not None}).items():
            if given:
                raise ConfigError("goes with --live alone", where=name, hint="Add --live.")
        return None
    if pace is not None and not pace <= _SLOWEST:
        hint = f"Give one from 0 to {_SLOWEST}."
        raise ConfigError("not a number of seconds", where="--pace", value=pace, hint=hint)
    from simulation.replay.live.server import LiveServer
    from simulation.replay.live.session import Session

    return View(
        server=LiveServer(port or 0),
        session=Session(paused=paused, pace=pace or 0.0),
        opens=not no_open and _has_screen(),
    )


@contextmanager
def held(view: View | None) -> Generator[None]:
    """Let go of a view's port at the end, however that comes."""
    try:
        yield
    finally:
        if view is not None:
            view.server.close()


def note_for(watch: Watcher, show: Show) -> Callable[[str], None]:
    """What shows the address: the run's own display, or a plain line where that is to be silent."""
    if show != "nothing":
        return watch.note
    return lambda line: err().print(Text(line), soft_wrap=True)


@contextmanager
def watched(
    view: View | None,
    simulation: Simulation,
    note: Callable[[str], None],
    *,
    lived: int = 0,
    until: int | None = None,
) -> Generator[None]:
    """Serve a run while it lives.

    Args:
        view: As it was asked for; None: nobody looks on.
        simulation: The run.
        note: Shows a line that stays.
        lived: Ticks that are on the disk already.
        until: The tick before which it is to end; None: as its world says.
    """
    if view is None:
        yield
        return
    view.session.attach(simulation, lived=lived, until=until)
    view.server.serve(view.session)
    note(f"Live: {view.server.url}")
    if view.opens:
        # A browser that is slow to start holds up nothing.
        url = view.server.url_for_once
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
    ended = "error"
    try:
        yield
        ended = simulation.end or "finished"
    except KeyboardInterrupt:
        ended = "interrupted"
        raise
    finally:
        view.session.end(ended)


def stay(view: View | None, console: Console, end: str) -> None:
    """Keep the view up after a run that ended by itself, until Ctrl-C.

    Where nobody sits at a terminal, and after Ctrl-C, it ends with the run.

    Args:
        view: As it was asked for.
        console: The terminal.
        end: How the run ended.
    """
    if view is not None and view.server.serves and console.is_terminal and end != "interrupted":
        line = f"The live view stays at {view.server.url} until Ctrl-C."
        console.print(Text(line), soft_wrap=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            console.print("")


def _has_screen() -> bool:
    """Whether a browser would open a window, and not in the terminal of the run."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
