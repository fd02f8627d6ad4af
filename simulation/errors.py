"""Every error that Sociarium raises on purpose.

::

    SimulationError                 something went wrong; the text says what
    ├── BadInput                    a person can mend it: exit code 2
    │   ├── ConfigError             an option, a lever, a value on the command line
    │   ├── FileError               a YAML, map or prompt file; carries file and line
    │   ├── PersonaError            a persona that does not exist or does not validate
    │   ├── WorldError              a world that does not exist or cannot be built
    │   ├── ModelNameError          a model that does not exist or lacks its package
    │   ├── WeightsError            model weights missing, damaged or out of reach
    │   └── EpisodeError            a path that is not an episode, or is one already
    ├── ModelError                  a language model failed
    │   └── InvalidReply            it answered, but not with what was asked
    ├── VectorError                 (memory) an embedding that no memory can have
    ├── StoreError                  (memory) the durable store of memories failed
    ├── UnreachableError            no path between two cells
    ├── BudgetExceeded              the calls that were allowed are spent
    ├── Outage                      the model has not answered anybody for long
    ├── PersonLeft                  whoever plays somebody is gone from the keyboard
    └── Diverged                    a run does not repeat the episode that it should

Raised by a rule of a world? Never: what a body cannot do is an outcome that it perceives.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from simulation.language.base import Usage


class SimulationError(Exception):
    """The root of the tree: catch this to catch all of them."""


_NOTHING: Final = object()


class BadInput(SimulationError):
    """Something that a person gave cannot be used. Its text is one line and says what to do.

    Args:
        what: What is wrong, as a clause without a full stop.
        where: The file (``PATH`` or ``PATH:LINE``), option or field in which it stands.
        value: The value given, shown by ``repr``.
        allowed: The values that would do; the nearest one is suggested.
        hint: What to do about it, as a sentence.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str | Path | None = None,
        value: object = _NOTHING,
        allowed: Iterable[str] = (),
        hint: str | None = None,
    ) -> None:
        self.what = what
        self.where = None if where is None else str(where)
        self.value = None if value is _NOTHING else value
        self.allowed = tuple(allowed)
        self.hint = hint
        super().__init__(self._line(value))

    def _line(self, value: object) -> str:
        text = self.what if self.where is None else f"{self.where}: {self.what}"
        if value is not _NOTHING:
            text += f": {_short(value)}"
        if self.allowed:
            text += f"; allowed: {', '.join(self.allowed)}"
            near = get_close_matches(str(value), self.allowed, n=1)
            if near:
                text += f"; did you mean {near[0]!r}?"
        if self.hint:
            text += f"{'' if text.endswith('?') else '.'} {self.hint}"
        return " ".join(text.split())


def _short(value: object, limit: int = 120) -> str:
    shown = repr(value)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


class ConfigError(BadInput):
    """An option, a lever or an argument has a value that is not allowed."""


class FileError(BadInput):
    """A file of the user does not hold what it should; ``where`` is ``PATH:LINE``."""


class PersonaError(BadInput):
    """A persona is unknown."""


class WorldError(BadInput):
    """A world is unknown or cannot be built."""


class ModelNameError(BadInput):
    """A model's name is unknown, or the package that serves it is not installed."""


class WeightsError(BadInput):
    """The weights of a local model are missing, damaged or cannot be fetched."""


class EpisodeError(BadInput):
    """A path is not an episode, cannot be read as one, or is taken already."""


class ModelError(SimulationError):
    """A language model failed: the agent falls back to a safe action and the log says so."""


class InvalidReply(ModelError):
    """A model answered with something that the question does not allow.

    Args:
        reason: What is wrong with it.
        reply: The reply as it came.
        usage: What it cost, where that is known.
    """

    def __init__(self, reason: str, reply: str, usage: Usage | None = None) -> None:
        self.reason = reason
        self.reply = reply
        self.usage = usage
        super().__init__(f"{reason}: {_short(reply)}")


class UnreachableError(SimulationError):
    """No walk leads from one cell to another."""


class BudgetExceeded(SimulationError):
    """The calls that were allowed are spent; the episode ends in order and is kept."""


class PersonLeft(SimulationError):
    """Whoever plays somebody is gone; the run stops in order before that tick."""


class Outage(SimulationError):
    """The model has not answered anybody for longer than patience allows; the episode is kept.

    Args:
        text: For how long, and what was said last.
        fault: The name of the last fault.
    """

    def __init__(self, text: str, fault: str = "") -> None:
        self.fault = fault
        super().__init__(text)


class Diverged(SimulationError):
    """A run that should repeat an episode parted from it; the text shows both sides."""
