"""A table in a process of its own.

Chroma holds the interpreter's lock while it writes, about 0.5 ms a memory: from a mere thread it
would leave a run a twentieth of its speed. Behind a pipe it costs the run nothing, a crash of its
native code is a fault and not the end, and since the other process closes its files in order when
the pipe ends, even a killed run leaves a database that opens.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
from selectors import EVENT_READ, DefaultSelector
from typing import IO, TYPE_CHECKING, Any, Final

from simulation.memory.store import Hit, Row, StoreError, Where

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulation.memory.background import Table
    from simulation.memory.record import Memory
    from simulation.memory.vectors import Int16s

_SERVE: Final = "from simulation.memory.process import serve; serve()"
_CLOSE_SECONDS: Final = 30.0
"""How long a table may take to close before its process is killed."""
_ANSWER_SECONDS: Final = 120.0
"""How long it may take to answer: a server that hangs must not keep a run from ending."""


class ProcessTable:
    """A :class:`~simulation.memory.Table` that passes every call to another process.

    Args:
        open_table: Opens the table over there; has to be picklable.
        seconds: How long a call may take.

    Raises:
        StoreError: If the process does not start or cannot open the table; so for every call.
    """

    def __init__(
        self, open_table: Callable[[], Table], *, seconds: float = _ANSWER_SECONDS
    ) -> None:
        self._seconds = seconds
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        # The other side finds the same modules, however this side came to find them.
        path = os.pathsep.join(entry or os.curdir for entry in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "PYTHONPATH": path},
        )
        try:
            self.high_water: int = self._ask(open_table)
        except BaseException:
            self.close()
            raise

    def write(self, rows: Sequence[Row], high_water: int) -> None:
        """Insert or replace rows, then record the high-water tick."""
        self._ask(("write", rows, high_water))
        self.high_water = high_water

    def query(self, vector: Int16s, limit: int, where: Where) -> list[Hit]:
        """Return the nearest, nearest first."""
        return self._ask(("query", vector, limit, where))

    def get(self, ids: Sequence[str]) -> list[Memory]:
        """Return those that exist."""
        return self._ask(("get", ids))

    def count(self) -> int:
        """Return the number of rows."""
        return self._ask(("count",))

    def close(self) -> None:
        """End the pipe, upon which the other side closes its table and leaves."""
        process = self._process
        try:
            process.communicate(timeout=_CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        finally:
            self._errors.close()

    def _ask(self, message: object) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            pickle.dump(message, self._process.stdin)
            self._process.stdin.flush()
            self._wait_for(self._process.stdout)
            error, answer = pickle.load(self._process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as broken:
            raise StoreError(self._last_words()) from broken
        if error:
            raise StoreError(error)
        return answer

    def _wait_for(self, answers: IO[bytes]) -> None:
        """Give up on a process that says nothing; without a thread, as there may be no more."""
        if os.name != "posix":
            return  # elsewhere pipes cannot be waited for
        with DefaultSelector() as selector:
            selector.register(answers, EVENT_READ)
            if not selector.select(self._seconds):
                self._process.kill()
                msg = f"it did not answer within {self._seconds:g} seconds"
                raise StoreError(msg)

    def _last_words(self) -> str:
        code = self._process.wait(_CLOSE_SECONDS)
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").split("\n")
        last = next((line for line in reversed(lines) if line.strip()), "it said nothing")
        return f"the process of the memory store ended with code {code}: {last.strip()}"


def serve() -> None:
    """Answer the calls of a :class:`ProcessTable` until its pipe ends."""
    # Ctrl-C reaches both sides; this one leaves when the other has said all it had to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not end up between the answers.
    os.dup2(2, 1)
    table: Any = None
    try:
        while (call := _next_call(calls)) is not None:
            try:
                if table is None:
                    # The first call is the one that opens.
                    table = call()
                    reply = ("", table.high_water)
                else:
                    name, *arguments = call
                    reply = ("", getattr(table, name)(*arguments))
            except BaseException as error:  # noqa: BLE001 - the other side raises it
                known = isinstance(error, StoreError)
                reply = (str(error) if known else f"{type(error).__name__}: {error}", None)
            pickle.dump(reply, answers)
            answers.flush()
    finally:
        if table is not None:
            table.close()


def _next_call(calls: IO[bytes]) -> Any:
    try:
        return pickle.load(calls)
    except EOFError:
        return None
