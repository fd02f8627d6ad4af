"""A person at the keyboard: what they are asked, and what they type.

What is asked goes to stderr, where notes and progress go. A terminal gets its line editor; where
lines come from a file or a pipe, each is shown as if it had been typed.
"""

from __future__ import annotations

import importlib
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

from rich.columns import Columns
from rich.rule import Rule
from rich.text import Text

from simulation.cli.text import plain
from simulation.mind.words import sentence

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from rich.console import Console

    from simulation.cli.live import Watcher
    from simulation.mind.question import Question, Sense

_STYLES: Final[Mapping[Sense, str]] = {
    "told": "bold",
    "overheard": "",
    "seen": "dim",
    "own": "",
    "thought": "italic",
    "fact": "italic",
}
_HELP: Final = """\
7                      do what has this number
7 Good morning!        the same with words, where it needs some
mill                   do the one thing in which these words occur
say Good morning!      to whom you talk with, to the only one who hears you, or to everybody
Chiara: Good morning!  say it to Chiara
bye Good night!        say your last words in a talk
wait, wait 20          stay where you are, for so many minutes
do mend the net        go about something of your own; it changes nothing
Enter                  what stands above the prompt
look                   show everything again
quit, Ctrl-D, Ctrl-C   stop the run in order; `sociarium resume` goes on from here"""


class Keyboard:
    """Puts a question on the screen and reads a line.

    Args:
        console: Where it is shown.
        watch: The display of the run, which gives way.
    """

    def __init__(self, console: Console, watch: Watcher) -> None:
        self._console = console
        self._watch = watch
        self._lines = sys.stdin
        if isinstance(self._lines, TextIOWrapper):
            self._lines.reconfigure(errors="replace")

    def __call__(self, question: Question) -> str:
        """What the person typed.

        Raises:
            EOFError: They want to stop, or there are no more lines.
            KeyboardInterrupt: They pressed Ctrl-C.
        """
        with self._watch.aside(), _interruptible():
            self._show(question)
            while True:
                typed = self._read(f"{plain(question.name)}> ")
                word = typed.strip().casefold()
                if word == "quit":
                    raise EOFError
                if word == "look":
                    self._show_all(question)
                elif word == "?":
                    self._print(_HELP)
                else:
                    return typed

    def _show(self, question: Question) -> None:
        if question.fault:
            self._print(f"{sentence(plain(question.fault))} ? helps.")
        elif question.wanted:
            self._print(question.wanted)
        else:
            self._show_all(question)

    def _show_all(self, question: Question) -> None:
        title = Text(f"{question.name} · {question.time} · {question.place}", style="bold")
        self._console.print(Rule(title, align="left", style="dim"))
        for line in question.lines:
            text = Text(f"{line.time}  ", style="dim")
            self._console.print(text.append(plain(line.text), _STYLES[line.sense]))
        for fact in question.around:
            self._print(fact)
        width = len(str(len(question.options)))
        rows = [
            Text(f"{number:>{width}} ", style="dim").append(plain(text), "not dim")
            for number, text in enumerate(question.options, start=1)
        ]
        if rows:
            self._console.print(Columns(rows, column_first=True, padding=(0, 3)))
        if question.wanted:
            self._print(question.wanted)
        self._console.print(Text(f"Enter: {plain(question.enter)}. ? helps.", style="dim"))

    def _print(self, text: str) -> None:
        self._console.print(Text(text))

    def _read(self, prompt: str) -> str:
        if self._lines.isatty() and sys.stdout.isatty():
            with suppress(ImportError):
                importlib.import_module("readline")  # input() edits lines where it is loaded
            try:
                return input(prompt)
            except (EOFError, KeyboardInterrupt):
                self._print("")
                raise
        line = self._lines.readline()
        if not line:
            raise EOFError
        self._print(plain(f"{prompt}{line}"))
        return line.removesuffix("\n")


@contextmanager
def _interruptible() -> Generator[None]:
    """Let Ctrl-C break into the typing of a line, whatever it means besides."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
