"""The measures as data frames: a row for each person or pair, with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from simulation.analysis.acquaintance import Knows, relationship_density
from simulation.analysis.coordination import coordination
from simulation.analysis.diffusion import Knower, spread

if TYPE_CHECKING:
    from simulation.episode.episode import Episode

_RELATIONS = ["one", "other", "tick", *(f"{way}_{name}" for way in ("one", "other") for name in (
    "how", "evidence", "tick"))]  # fmt: skip
_GUESTS = ["fact", "place", "begins", "ends", "agent", "known", "source", "teller", "learned"]
_CAME = ["came", "ticks", "tick", "arrived"]


def diffusion_frame(episode: Episode, tick: int | None = None) -> pd.DataFrame:
    """Who knows which fact: a row for each, with ``share`` when they had come to know it."""
    rows = [
        {**knower._asdict(), "share": number / measured.people}
        for measured in spread(episode, tick)
        for number, knower in enumerate(measured.knowers, start=1)
    ]
    return pd.DataFrame(rows, columns=[*Knower._fields, "share"])


def density_frame(episode: Episode, tick: int | None = None) -> pd.DataFrame:
    """Who is related: a row for each pair, with the evidence of both sides."""
    rows = [
        {"one": edge.one.who, "other": edge.other.who, "tick": edge.tick}
        | _side("one", edge.one)
        | _side("other", edge.other)
        for edge in relationship_density(episode, tick).now.relations
    ]
    return pd.DataFrame(rows, columns=_RELATIONS)


def coordination_frame(episode: Episode, tick: int | None = None) -> pd.DataFrame:
    """Who was invited to what, and whether they came: a row for each."""
    rows = [
        {
            "fact": measured.fact,
            "place": measured.place,
            "begins": measured.begins,
            "ends": measured.ends,
            "agent": guest.knower.agent,
            "known": guest.knower.tick,
            "source": guest.knower.source,
            "teller": guest.knower.teller,
            "learned": guest.knower.event,
            "came": guest.came if measured.begun else None,
            "ticks": guest.ticks,
            "tick": guest.tick,
            "arrived": guest.event,
        }
        for measured in coordination(episode, tick)
        for guest in measured.invited
    ]
    return pd.DataFrame(rows, columns=[*_GUESTS, *_CAME])


def _side(way: str, knows: Knows) -> dict[str, object]:
    return {
        f"{way}_how": knows.how,
        f"{way}_evidence": knows.evidence,
        f"{way}_tick": knows.tick,
    }
