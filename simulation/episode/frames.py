"""The tables of an episode as data frames, whole or a piece at a time."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from simulation.episode.records import open_table
from simulation.errors import EpisodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.episode.episode import Episode


_NUMBERS: Final = ("integer", "floating", "mixed-integer-float", "boolean")


def build(episode: Episode, name: str) -> pd.DataFrame:
    """A table of an episode as a data frame.

    Raises:
        EpisodeError: There is no such table, or an event does not have the fields of its type.
    """
    columns, records, _ = open_table(episode, name)
    return _framed(list(records), list(columns))


def _framed(
    records: list[dict[str, Any]], columns: list[str], index: pd.RangeIndex | None = None
) -> pd.DataFrame:
    try:
        return pd.DataFrame.from_records(records, columns=columns, index=index)
    except UnicodeEncodeError:
        # Half of a character pair, which a bad reply can hold, is no text to Arrow.
        frame = pd.DataFrame(records, columns=columns, index=index, dtype=object)
        for name in columns:
            if pd.api.types.infer_dtype(frame[name]) in _NUMBERS:
                frame[name] = frame[name].infer_objects()
        return frame


def stream(episode: Episode, name: str, chunk: int) -> Iterator[pd.DataFrame]:
    """The same in pieces of so many rows; the index goes on from piece to piece.

    Raises:
        EpisodeError: There is no such table, or an event does not have the fields of its type.
    """
    if chunk < 1:
        raise EpisodeError("a piece has a row or more", where="chunk", value=chunk)
    columns, records, _ = open_table(episode, name)
    start = 0
    while some := list(islice(records, chunk)):
        index = pd.RangeIndex(start, start + len(some))
        yield _framed(some, list(columns), index)
        start += len(some)
