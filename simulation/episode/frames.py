"""The tables of an episode as data frames, whole or a piece at a time."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pandas as pd

from simulation.episode.records import open_table
from simulation.errors import EpisodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.episode.episode import Episode


def build(episode: Episode, name: str) -> pd.DataFrame:
    """A table of an episode as a data frame.

    Raises:
        EpisodeError: There is no such table, or an event does not have the fields of its type.
    """
    columns, records, _ = open_table(episode, name)
    return pd.DataFrame.from_records(list(records), columns=list(columns))


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
        yield pd.DataFrame.from_records(some, columns=list(columns), index=index)
        start += len(some)
