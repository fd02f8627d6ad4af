"""Reaching into an episode that runs in another process, by files in a folder of it.

::

    EPISODE/inbox/REQUEST.json      left by the one who asks, in one rename
    EPISODE/inbox/REQUEST.answer    left by the run once the tick is on the disk

A request is deleted after its tick is committed. If the run is killed in between, the log knows
the request's name, and it is not done twice.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import uuid4

from pydantic import ValidationError

from simulation.errors import EpisodeError
from simulation.kernel.intervention import INTERVENTION, Intervention
from simulation.kernel.reaching_in import Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

INBOX: Final = "inbox"
"""The folder's name."""
_POLL_SECONDS: Final = 0.05


class Answer(NamedTuple):
    """What became of a request."""

    tick: int
    """The tick in which it was done, or refused."""
    refused: str = ""
    """Why it was not done; empty: it was."""


class Inbox:
    """The side of the run.

    Args:
        episode: The episode's folder.
    """

    def __init__(self, episode: Path) -> None:
        self._folder = episode / INBOX
        self._taken: dict[str, str] = {}
        """Requests of this tick, and why they were refused."""

    def take(self, done: Collection[str]) -> Iterator[Asked]:
        """The requests that have arrived, in the order in which they did.

        Args:
            done: Names of requests that need not be done again.
        """
        if not self._folder.is_dir():
            return
        for path in sorted(self._folder.glob("*.json")):
            name = path.stem
            self._taken[name] = ""
            if name in done:
                continue
            try:
                wanted = INTERVENTION.validate_json(path.read_bytes())
            except (OSError, ValidationError) as error:
                self._taken[name] = f"no intervention ({error})"
                continue
            yield Asked(wanted, request=name)

    def answer(self, refused: dict[str, str], tick: int) -> None:
        """Tell those who asked what became of it."""
        for name, why in self._taken.items():
            answer = Answer(tick, refused.get(name, why))
            _leave(self._folder / f"{name}.answer", json.dumps(answer._asdict()))
            (self._folder / f"{name}.json").unlink(missing_ok=True)
        self._taken.clear()


class Request:
    """The side of who asks: an intervention that is left for the run.

    Args:
        episode: The episode's folder.
        wanted: What is to be done.

    Raises:
        EpisodeError: The folder cannot be written.
    """

    def __init__(self, episode: Path, wanted: Intervention) -> None:
        self.wanted = wanted
        folder = episode / INBOX
        name = f"{time.time_ns():020d}-{uuid4().hex[:8]}"
        self._file, self._answer = folder / f"{name}.json", folder / f"{name}.answer"
        try:
            folder.mkdir(exist_ok=True)
            _leave(self._file, wanted.model_dump_json())
        except OSError as error:
            why = error.strerror or error
            raise EpisodeError(f"the run cannot be reached ({why})", where=folder) from error

    def answer(self) -> Answer | None:
        """What became of it, told once; None: the run has not come to it yet."""
        if not self._answer.exists():
            return None
        found = json.loads(self._answer.read_text())
        self._answer.unlink(missing_ok=True)
        return Answer(int(found["tick"]), str(found["refused"]))

    def withdraw(self) -> None:
        """Take it back; once the run has taken it, that changes nothing."""
        self._file.unlink(missing_ok=True)


def ask(
    episode: Path,
    wanted: Intervention,
    *,
    seconds: float,
    alive: Callable[[], bool] = lambda: True,
) -> Answer | None:
    """Ask a run for an intervention, and wait for its answer.

    Args:
        episode: The episode's folder.
        wanted: What is to be done.
        seconds: How long to wait.
        alive: Whether somebody still lives the episode.

    Returns:
        What became of it; None: the run has not taken it yet, and will at its next tick.

    Raises:
        EpisodeError: The folder cannot be written.
    """
    request = Request(episode, wanted)
    until = time.monotonic() + seconds
    while (answer := request.answer()) is None:
        if time.monotonic() > until or not alive():
            return None
        time.sleep(_POLL_SECONDS)
    return answer


def _leave(path: Path, text: str) -> None:
    """Write a file that is there wholly or not at all."""
    draft = path.with_suffix(".part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
