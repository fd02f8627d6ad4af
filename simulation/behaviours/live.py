"""Detectors that read a run while it lives: the same code as afterwards, on the way to the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from simulation.behaviours.behaviours import Watch
from simulation.behaviours.finding import Evidence
from simulation.episode.events import Decided

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simulation.behaviours.detector import Detector
    from simulation.behaviours.words.tags import Classifier
    from simulation.episode.events import Happening
    from simulation.episode.sink import EventSink, JournalKey
    from simulation.kernel.spec import WorldSpec

Tell: TypeAlias = Callable[[Evidence], None]
"""Is told of everything that is found."""


class Watching:
    """A sink that lets detectors read every tick once it is committed.

    Args:
        sink: Where events go.
        spec: The world's description.
        tell: Is told of each finding and opportunity, in the thread that lives the run.
        detectors: Which; None: all that are installed.
        classifier: Reads tags out of utterances; None: none are read.
    """

    def __init__(
        self,
        sink: EventSink,
        spec: WorldSpec,
        tell: Tell,
        *,
        detectors: Iterable[Detector] | None = None,
        classifier: Classifier | None = None,
    ) -> None:
        self._sink = sink
        self._tell = tell
        self._contents: dict[str, str] = {}
        chosen = None if detectors is None else list(detectors)
        self.watch = Watch(spec, self._content, chosen, classifier)

    def commit(self, tick: int, events: Sequence[Happening], contents: dict[str, str]) -> None:
        """Write a tick, then let it be read."""
        self._sink.commit(tick, events, contents)
        for event in events:
            if isinstance(event, Decided):
                for name in (event.menu, event.percept):
                    if name in contents:
                        self._contents[name] = contents[name]
        for event in events:
            for found in self.watch.feed(event):
                self._tell(found)
        self._forget()

    def journal(self, key: JournalKey, prompt: str, reply: str) -> None:
        """Keep a model's reply."""
        self._sink.journal(key, prompt, reply)

    def journal_vectors(self, vectors: dict[str, bytes]) -> None:
        """Keep embeddings."""
        self._sink.journal_vectors(vectors)

    def close(self) -> None:
        """Tell what was still open at the end."""
        for found in self.watch.close():
            self._tell(found)

    def _content(self, name: str) -> str:
        return self._contents.get(name, "")

    def _forget(self) -> None:
        """Keep no more than the latest decision of each person needs."""
        latest = [choice.event for choice in self.watch.society.choices.values()]
        kept = {name for event in latest for name in (event.menu, event.percept)}
        if len(self._contents) > 2 * len(kept):
            self._contents = {name: self._contents[name] for name in kept if name in self._contents}
