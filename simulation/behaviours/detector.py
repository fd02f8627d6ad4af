"""What a detector is, and which there are."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING, ClassVar, Final, Protocol

from simulation.behaviours.reading import READ
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulation.behaviours.finding import Evidence
    from simulation.behaviours.society import Society
    from simulation.episode.events import Happening

DETECTORS: Final = "sociarium.detectors"
"""Entry-point group: ``name = "module:Class"``, the class a :class:`Detector` without arguments."""


class Detector(Protocol):
    """Reads the log, event by event, and says what it finds.

    A detector keeps a state that is bounded by people, things and open deeds, never by the length
    of an episode; it asks no clock, no chance and no model, so that it says the same while a run
    lives and afterwards. A class can name the kinds of events that it is fed as ``reads``; without,
    it is fed all of :data:`simulation.behaviours.reading.READ`.
    """

    name: ClassVar[str]
    version: ClassVar[int]

    def feed(self, event: Happening, society: Society) -> Iterable[Evidence]:
        """Take an event in, which ``society`` has taken in already; give what it shows."""
        ...

    def close(self, society: Society) -> Iterable[Evidence]:
        """Give what is still open at the end."""
        ...


def kinds_of(detector: Detector) -> tuple[type[Happening], ...]:
    """The kinds of events that a detector is fed."""
    return getattr(detector, "reads", READ)


def detector_names() -> tuple[str, ...]:
    """The detectors that are installed."""
    return tuple(sorted(entry.name for entry in entry_points(group=DETECTORS)))


def make_detectors(names: Iterable[str] = ()) -> list[Detector]:
    """Fresh detectors by name; none named: all that are installed.

    Raises:
        ConfigError: There is no such detector.
    """
    known = {entry.name: entry for entry in entry_points(group=DETECTORS)}
    wanted = sorted(known) if not (names := list(names)) else names
    for name in wanted:
        if name not in known:
            raise ConfigError("unknown detector", value=name, allowed=sorted(known))
    return [known[name].load()() for name in wanted]
