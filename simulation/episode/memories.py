"""What an agent remembered at any moment of an episode, rebuilt from the log alone.

Whatever changes a live mind's stream is an event: a memory is formed, an identical one is counted
again, some come to mind. The same changes made in the same order give the same stream, with the
vectors that the journal kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from simulation.episode.events import Recalled, Remembered
from simulation.errors import ConfigError, EpisodeError
from simulation.memory import KINDS, Memory, MemoryStream, about_key, open_embedder

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from simulation.episode.episode import Episode
    from simulation.memory import Embedder, Kind
    from simulation.memory.vectors import Int16s

_JOURNALLED: Final = np.dtype("<i2")
_ALWAYS_FRESH: Final = "fact"
"""The kind that is never counted again, as logs of the first two versions do not say."""


def memory_stream(
    episode: Episode,
    agent: str,
    *,
    until: int | None = None,
    kinds: Collection[Kind] = KINDS,
    embedder: Embedder | None = None,
) -> MemoryStream:
    """The stream of an agent as it stood at the beginning of a tick.

    Args:
        episode: Where they lived.
        agent: Whose stream.
        until: Before this tick; None: with all that was lived.
        kinds: Only memories of these kinds, for an ablation.
        embedder: Makes the vectors that the journal does not have; None: the run's own.

    Raises:
        EpisodeError: A vector is missing and the run's embedder is not at hand.
    """
    events = list(episode.iter_events((Remembered, Recalled), agent, until=until))
    formed = [event for event in events if isinstance(event, Remembered) and not event.again]
    formed = [event for event in formed if event.kind in kinds]
    vectors = _vectors(episode, formed, embedder)
    first = next(iter(vectors.values()), None)
    dimension = (embedder or run_embedder(episode)).dimension if first is None else len(first)
    stream = MemoryStream(agent, dimension)
    for event in events:
        if isinstance(event, Recalled):
            known = [stream.index_of(memory) for memory in event.memories if memory in stream]
            stream.touch(known, event.tick)
        elif isinstance(event, Remembered) and event.again in stream:
            stream.bump(stream.index_of(event.again), event.tick)
        elif isinstance(event, Remembered) and event.id in vectors:
            stream.append(as_memory(event), vectors[event.id])
    return stream


def as_memory(event: Remembered) -> Memory:
    """The memory that an event formed."""
    return Memory(
        id=event.id,
        agent=event.agent,
        kind=event.kind,
        text=event.text,
        spoken=event.spoken,
        created=event.tick,
        importance=event.importance,
        place=event.place,
        people=event.people,
        evidence=event.evidence,
        fact=event.fact,
        source=event.source,
        about="" if event.fresh or event.kind == _ALWAYS_FRESH else about_key(event.text),
    )


def run_embedder(episode: Episode) -> Embedder:
    """The embedder that the run used, by the name in its log.

    Raises:
        EpisodeError: It was an object of somebody's own, which a log cannot hold.
    """
    began = episode.began
    name = began.options.get("embedder", "wordllama") if began else "wordllama"
    try:
        return open_embedder(name)
    except ConfigError as error:
        raise EpisodeError(
            "its vectors were made by an embedder that is not one of ours",
            where=episode.folder,
            value=name,
            hint="Give the same one with embedder=.",
        ) from error


def _vectors(
    episode: Episode, formed: Sequence[Remembered], embedder: Embedder | None
) -> Mapping[str, Int16s]:
    """The vector of each memory by its id: from the journal, else made again.

    Where an embedder is given and those of the journal have another size, as in a recording that
    was imported, all are made again: a query of that embedder could not be compared with them.
    """
    kept = episode.log.vectors({event.vector for event in formed})
    if embedder is not None and any(len(row) != 2 * embedder.dimension for row in kept.values()):
        kept = {}
    missing = [event for event in formed if event.vector not in kept]
    found = {
        event.id: np.frombuffer(kept[event.vector], _JOURNALLED).astype(np.int16)
        for event in formed
        if event.vector in kept
    }
    if missing:
        embedder = embedder or run_embedder(episode)
        made = embedder.embed([event.text for event in missing])
        found |= {event.id: row for event, row in zip(missing, made, strict=True)}
    return found
