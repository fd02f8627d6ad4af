"""Memories to measure with: made up, always the same, and about as long as those of a village."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from simulation.memory.record import KINDS, Memory, about_key
from simulation.memory.stream import MemoryStream
from simulation.memory.vectors import Int16s, to_int16

if TYPE_CHECKING:
    from collections.abc import Iterator

DIMENSION: Final = 256
QUERIES: Final = 50
_TOPICS: Final = 200
_PEOPLE: Final = ("Ada", "Bram", "Chiara", "Dov", "Esi", "Felix", "Gudrun", "Hugo")
_DOINGS: Final = (
    "mends a net", "carries mussels", "reads a notice", "looks for the ferry", "lights the lamp",
    "sweeps the floor", "bakes rye bread", "counts the boats", "has a cup of tea", "sings a song",
)  # fmt: skip
_PLACES: Final = ("on the quay", "at the inn", "in the bakehouse", "in the net loft", "in the hall")
_HOURS: Final = tuple(
    f"at {part} on {day}"
    for part in ("dawn", "noon", "dusk", "night", "tea")
    for day in ("Monday", "Tuesday", "Friday", "Saturday", "Sunday")
)


@cache
def vectors(number: int) -> Int16s:
    """Vectors that gather around topics, as those of texts do; the last are the queries."""
    rng = np.random.default_rng(20230407)
    topics = rng.normal(size=(_TOPICS, DIMENSION))
    rows = rng.integers(0, _TOPICS, size=number + QUERIES)
    return to_int16(topics[rows] + rng.normal(size=(number + QUERIES, DIMENSION)))


def queries(number: int) -> Iterator[Int16s]:
    """Queries for a stream of this length, round and round."""
    rows = vectors(number)[number:]
    while True:
        yield from rows


def memory(number: int) -> Memory:
    """One memory; no two of the first 10,000 have the same text."""
    rest, person = divmod(number, len(_PEOPLE))
    rest, doing = divmod(rest, len(_DOINGS))
    rest, spot = divmod(rest, len(_PLACES))
    who, place = _PEOPLE[person], _PLACES[spot]
    text = f"{who} {_DOINGS[doing]} {place} {_HOURS[rest % len(_HOURS)]}."
    kind = KINDS[number * 3 % len(KINDS)]
    return Memory(
        id=f"{number:05}.1.003.{number % 7:03}",
        agent="Imani",
        kind=kind,
        text=text,
        spoken=f"{who} was {place} then" if number % 4 == 0 else "",
        created=number,
        importance=float(1 + number * 5 % 9),
        place=place,
        people=(who,),
        evidence=(f"{number:05}.0.001.{number % 5:03}",) if number % 2 else (),
        source="saw",
        about=about_key(text),
    )


def stream(number: int) -> MemoryStream:
    """A stream of this length, some of it recalled before."""
    made = MemoryStream("Imani", DIMENSION)
    for row, vector in enumerate(vectors(number)[:number]):
        made.append(memory(row), vector)
    rng = np.random.default_rng(7)
    for tick in range(number - number // 20, number):
        made.touch(rng.integers(0, number, size=6), tick)
    return made
