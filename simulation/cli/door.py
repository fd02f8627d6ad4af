"""The way in and out of the command: what leaves it is an exit code and, at worst, one line.

::

    0    done
    1    something failed that the person could not have known
    2    bad input
    130  interrupted
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any, Final, NoReturn

import typer
from typer.core import TyperGroup

from simulation.cli.text import plain
from simulation.errors import BadInput, SimulationError
from simulation.secrets import hide_from_tracebacks, redact, safe_traceback

DONE: Final = 0
FAILED: Final = 1
BAD_INPUT: Final = 2
INTERRUPTED: Final = 130


class Door(TyperGroup):
    """A group of commands that turns every expected error into one line on stderr."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run the command line that was given and leave the process with its exit code."""
        _speak_any_locale()
        hide_from_tracebacks()
        given = list(sys.argv[1:] if args is None else args)
        try:
            code = super().main(
                given, "sociarium", complete_var, False, windows_expand_args, **extra
            )
        except (SimulationError, typer.TyperException, typer.Abort, OSError) as error:
            if "--debug" in given:
                sys.stderr.write(safe_traceback(error))
            _complain(redact(_one_line(error, self._command_in(given))))
            sys.exit(_exit_code(error))
        sys.exit(code or DONE)

    def _command_in(self, given: Sequence[str]) -> str:
        """What to ask for help on: ``sociarium run``."""
        command = next((word for word in given if word in self.commands), "")
        return f"sociarium {command}".strip()

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a reader that closes the pipe has seen enough, which is no error."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except KeyboardInterrupt:
            _complain("interrupted")
            raise
        except BrokenPipeError:
            # What is still buffered would fail again when the interpreter flushes it at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return None
        return result


def _speak_any_locale() -> None:
    """Let a terminal that lacks a character show it as ``?`` instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _exit_code(error: Exception) -> int:
    if isinstance(error, BadInput):
        return BAD_INPUT
    return error.exit_code if isinstance(error, typer.TyperException) else FAILED


def _one_line(error: Exception, command: str) -> str:
    if isinstance(error, typer.TyperException):
        text = " ".join(error.format_message().split())
        stop = "" if text.endswith((".", "?", ")")) else "."
        return f"{text[:1].lower()}{text[1:]}{stop} See `{command} --help`."
    if isinstance(error, typer.Abort):
        return "aborted"
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _complain(line: str) -> None:
    sys.stderr.write(f"error: {plain(line)}\n")
