"""A run that is looked at: where it stands, what it is told to do, and what became of that."""

from __future__ import annotations

import shlex
import threading
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from simulation.episode.schema import LOG
from simulation.errors import ConfigError
from simulation.gate import Gate
from simulation.inbox import Request
from simulation.kernel.intervention import Intervention, parse
from simulation.lint import find_loaded_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from simulation.inbox import Answer
    from simulation.progress import Progress
    from simulation.simulation import Simulation

LONGEST: Final = 4000
"""Characters of an intervention's line."""
_MOST_TOLD: Final = 200
"""What became of interventions is kept for so many, for pages that open later."""
_FILES: Final = ("/", "\\", ".yaml", ".yml")


class Reply(NamedTuple):
    """What comes back for a command."""

    ok: bool
    """Whether it was done, or will be."""
    text: str
    """One line for people."""


class State(NamedTuple):
    """Where the run stands."""

    ticks: int
    """Ticks on the disk."""
    state: Literal["waiting", "playing", "pausing", "paused", "over"]
    """``waiting``: the episode is not there yet."""
    ended: str
    """Why nothing more is lived; empty while something is."""
    until: int
    """The tick before which the run is to end."""
    clock: str
    """The hour in the world: ``08:05``."""


class Pending:
    """An intervention that the run has not come to yet."""

    def __init__(self, request: Request, note: str) -> None:
        self.request = request
        self.note = note
        self.reply: Future[Reply] = Future()
        self.late = False
        """Whether its command was answered before it was done."""


class Session:
    """What the live view knows of a run, and does to it. Any thread may call any method.

    Give it to the simulation as ``progress`` and its :attr:`gate` as ``gate``, then
    :meth:`attach` the simulation.

    Args:
        paused: Whether the run waits before its first tick.
        pace: Seconds that a tick takes at least; 0: as quick as it goes.
    """

    def __init__(self, *, paused: bool = False, pace: float = 0.0) -> None:
        self.gate = Gate(paused=paused, pace=pace, on_change=self._notify)
        self._lock = threading.Lock()
        self._simulation: Simulation | None = None
        self._lived = 0
        self._until = 0
        self._clock = ""
        self._appeared = False
        self._ended = ""
        self._pending: list[Pending] = []
        self._told: deque[tuple[int, Reply]] = deque(maxlen=_MOST_TOLD)
        self._count_told = 0
        self._listeners: list[Callable[[], None]] = []

    def attach(self, simulation: Simulation, *, lived: int = 0, until: int | None = None) -> None:
        """Say which run it is.

        Args:
            simulation: The run.
            lived: Ticks that are on the disk already.
            until: The tick before which it is to end; None: as its world says.
        """
        self._simulation, self._lived = simulation, lived
        self._until = simulation.spec.ticks if until is None else until
        self._clock = simulation.world.clock.label(lived)
        self._appeared = lived > 0

    @property
    def folder(self) -> Path:
        """The episode."""
        return self._run.out

    @property
    def title(self) -> str:
        """What the page is called."""
        return f"{self._run.spec.title}, {self.folder.name}"

    @property
    def _run(self) -> Simulation:
        if self._simulation is None:
            raise RuntimeError("a session needs a simulation first: attach()")
        return self._simulation

    # Where it stands -----------------------------------------------------------------------------

    def state(self) -> State:
        """Where the run stands now."""
        going = self.gate.going
        with self._lock:
            state = "over" if self._ended else going if self._appeared else "waiting"
            return State(self._lived, state, self._ended, self._until, self._clock)

    def told_since(self, number: int) -> tuple[int, list[Reply]]:
        """What became of interventions after the first so many that were told of.

        Args:
            number: As this method gave it before; -1: only what comes from now on.
        """
        with self._lock:
            since = self._count_told if number < 0 else number
            return self._count_told, [reply for n, reply in self._told if n >= since]

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have something called, on any thread, whenever something has changed.

        Returns:
            What ends that.
        """
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock:
                self._listeners.remove(listener)

        return end

    def __call__(self, progress: Progress) -> None:
        """Take note of where the run stands; called by the run, see ``progress``."""
        with self._lock:
            self._lived = max(self._lived, progress.tick)
            self._until, self._clock = progress.ticks, progress.clock
            self._appeared = True
        self._settle()
        self._notify()

    def end(self, reason: str) -> None:
        """The run is over: nothing more can be done to it, and what waits is taken back.

        Args:
            reason: Why, as the log says it.
        """
        self._settle()
        with self._lock:
            self._ended = self._ended or reason
            left, self._pending = self._pending, []
            for pending in left:
                pending.request.withdraw()
                text = f"Not done, as the run is over: {pending.request.wanted.as_text()}"
                self._answer(pending, Reply(False, text))
        self._notify()

    def _settle(self) -> None:
        """Tell what became of interventions."""
        with self._lock:
            for pending in list(self._pending):
                answer = pending.request.answer()
                if answer is not None:
                    self._pending.remove(pending)
                    self._answer(pending, _reply(pending, answer))

    def _answer(self, pending: Pending, reply: Reply) -> None:
        pending.reply.set_result(reply)
        if pending.late:
            self._told.append((self._count_told, reply))
            self._count_told += 1

    def _notify(self) -> None:
        with self._lock:
            # The run comes to its gate when the episode stands in its place, by a rename.
            self._appeared = self._appeared or (
                self._simulation is not None and (self._simulation.out / LOG).exists()
            )
            listeners = list(self._listeners)
        for listener in listeners:
            listener()

    # What it is told to do -----------------------------------------------------------------------

    def control(self, do: str) -> Reply:
        """Play, pause or step.

        Raises:
            ConfigError: There is no such command, or the run is over.
        """
        self._check_lives()
        doing = {
            "play": (self.gate.play, "It goes on."),
            "pause": (self.gate.pause, "It stops when the tick in hand is over."),
            "step": (self.gate.step, "It lives one tick."),
        }
        if do not in doing:
            allowed = (*doing, "intervene")
            raise ConfigError("unknown command", where="do", value=do, allowed=allowed)
        act, text = doing[do]
        act()
        return Reply(True, text)

    def intervene(self, text: str) -> Pending:
        """Leave an intervention for the next tick that is lived; it is checked first.

        Blocks until the run can be asked whether what it names is there.

        Raises:
            BadInput: It is none, or names what is not there, or the run is over.
        """
        self._check_lives()
        wanted = _read(text)
        self._foresee(wanted)
        words = ", ".join(sorted({found.word for found in find_loaded_words(wanted.as_text())}))
        note = f" (Note: {words} names or values what people may do of themselves.)"
        with self._lock:
            if self._ended:
                raise _over(self._ended)
            pending = Pending(Request(self.folder, wanted), note if words else "")
            self._pending.append(pending)
        return pending

    def let_wait(self, pending: Pending) -> Reply:
        """Answer the command of an intervention now; what becomes of it is told later."""
        with self._lock:
            if pending.reply.done():
                return pending.reply.result()
            pending.late = True
        text = f"Is done in the next tick: {pending.request.wanted.as_text()}{pending.note}"
        return Reply(True, text)

    def _check_lives(self) -> None:
        state = self.state()
        if state.state == "waiting":
            raise ConfigError("the run has not begun yet", hint="Try again in a moment.")
        if state.ended:
            raise _over(state.ended)

    def _foresee(self, wanted: Intervention) -> None:
        with self._lock:
            before = [pending.request.wanted for pending in self._pending]
        with suppress(TimeoutError):  # a run that is too busy says it in its next tick
            try:
                # Who comes in one line can be whispered to in the next.
                self._run.foresee([*before, wanted])
            except ConfigError:
                if not before:
                    raise
                self._run.foresee([wanted])


class RunIsOver(ConfigError):
    """Nothing more can be done to a run."""


def _over(ended: str) -> RunIsOver:
    hint = "`sociarium branch` begins one that goes another way."
    return RunIsOver(f"the run is over ({ended})", hint=hint)


def _read(text: str) -> Intervention:
    """An intervention out of a line that came through the web: it opens no file."""
    if len(text) > LONGEST:
        what = f"a line of {len(text)} characters"
        raise ConfigError(what, where="text", hint=f"Write {LONGEST} at most.")
    try:
        verb, *words = shlex.split(text)
    except ValueError:
        verb, words = "", []
    for word in words[:2] if verb in ("add", "persona") else ():
        if "=" not in word and any(mark in word for mark in _FILES):
            what = "a file is not read from here"
            hint = "`sociarium intervene` in a terminal reads files."
            raise ConfigError(what, where=verb, value=word, hint=hint)
    return parse(text, where="text")


def _reply(pending: Pending, answer: Answer) -> Reply:
    if answer.refused:
        return Reply(False, f"Not done in tick {answer.tick}: {answer.refused}")
    done = pending.request.wanted.as_text()
    return Reply(True, f"Done in tick {answer.tick}: {done}{pending.note}")
