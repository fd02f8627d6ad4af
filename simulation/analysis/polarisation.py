"""How far the positions of a group lie apart, on a topic and at a time.

Where positions are numbers from -1 to 1:

- *Polarisation* as in Flache and Macy (2011, *Journal of Mathematical Sociology* 35): the variance
  of the distances of all pairs, ``Σ (d_ij - mean d)² / (n (n - 1))`` over ``i ≠ j``, with d from 0
  to 2. It is 0 where all agree, and comes near 1 where two camps of one size hold the two ends.
- *Dispersion* (DiMaggio, Evans and Bryson 1996, *American Journal of Sociology* 102): the standard
  deviation, with n as its denominator.
- *Bimodality* (the same): the excess kurtosis, below 0 where positions pull away from the middle,
  -2 for two camps of one size. It takes four people or more.

Where they are named options, with the share of each option ``s``:

- *Polarisation* as in Montalvo and Reynal-Querol (2005, *American Economic Review* 95):
  ``4 Σ s² (1 - s)``, which is 1 for two halves and 0 where all agree.
- *Fractionalisation*: ``1 - Σ s²``, the chance that two drawn at random differ.
- *Effective number* of positions (Laakso and Taagepera 1979, *Comparative Political Studies* 12):
  ``1 / Σ s²``.

For both, *homophily* is Newman's assortativity (2003) of positions over who talked to whom: above 0
where people talk to those of their mind. Who has no position yet is counted apart, never as a
position in the middle. With fewer than two positions nothing is defined, and ``why`` says it.
"""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from math import isfinite, sqrt
from statistics import fmean
from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.analysis.inequality import residents
from simulation.episode.events import TookStance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.episode import Episode
    from simulation.kernel.topics import Position, Topic

FOUR: Final = 4
"""The fewest values of which a kurtosis says anything."""


class Held(NamedTuple):
    """Where somebody stands on a topic."""

    agent: str
    position: Position | None
    """None: nowhere yet."""
    event: str
    """Id of the latest look; empty: from before the first tick, or there was none."""
    tick: int
    """Of that look; -1: from before the first tick."""


class Polarisation(NamedTuple):
    """How far apart a group stands on one topic."""

    topic: str
    statement: str
    tick: int
    """As it stood when this tick was over; -1: before the first."""
    held: tuple[Held, ...]
    """Of everybody who lives there, in the order of the roster."""
    polarisation: float | None
    """Of Flache and Macy for numbers, of Montalvo and Reynal-Querol for options."""
    dispersion: float | None
    """Standard deviation; None for options."""
    bimodality: float | None
    """Excess kurtosis; None for options, for fewer than four, and where all agree."""
    fractionalisation: float | None
    """None for numbers."""
    effective: float | None
    """Effective number of positions; None for numbers."""
    homophily: float | None
    """Assortativity over talk; None where there was no talk between people with a position, or
    where all of them agree."""
    why: str = ""
    """Why nothing is defined; empty: it is."""

    @property
    def positions(self) -> list[Position]:
        """Those that are held."""
        return [held.position for held in self.held if held.position is not None]

    @property
    def undecided(self) -> int:
        """How many have no position."""
        return len(self.held) - len(self.positions)


def polarisation(episode: Episode, tick: int | None = None) -> list[Polarisation]:
    """How far people stand apart on every topic of the world when a tick was over.

    Args:
        episode: Finished or running.
        tick: None: the last that was lived; -1: before the first.

    Raises:
        EpisodeError: The tick was not lived.
    """
    tick = tick if tick == -1 else episode.moment(tick)
    return [apart(topic, positions_at(episode, topic, tick), tick, episode)
            for topic in episode.spec.topics]  # fmt: skip


def positions_at(episode: Episode, topic: Topic, tick: int) -> list[Held]:
    """Where everybody stood on a topic when a tick was over.

    A position from before the first tick counts for whoever has not looked at it since.
    """
    here = residents(episode, tick)
    found = {
        agent: Held(agent, topic.held.get(agent), "", -1)
        for agent in episode.agents
        if agent in here
    }
    for look in episode.each(TookStance, until=tick + 1):
        if look.topic == topic.id and look.agent in found and look.tick <= tick:
            found[look.agent] = Held(look.agent, look.after, look.id, look.tick)
    return list(found.values())


def apart(
    topic: Topic, held: Sequence[Held], tick: int, episode: Episode | None = None
) -> Polarisation:
    """The measures of one topic.

    Args:
        topic: What it is about.
        held: Where everybody stands.
        tick: When.
        episode: Whose talk homophily is measured over; None: it is left out.
    """
    none = (None, None, None, None, None, None)
    here = tuple(held)
    positions = [one.position for one in here if one.position is not None]
    if len(positions) < 2:
        count = "nobody has" if not positions else "one person alone has"
        why = f"{count} a position: there is nothing to compare"
        return Polarisation(topic.id, topic.statement, tick, here, *none, why)
    together = homophily(episode, here, tick) if episode is not None else None
    if topic.options:
        names = [str(position) for position in positions]
        found = (camps(names), None, None, fractionalisation(names), effective_number(names))
    else:
        numbers = [float(position) for position in positions]
        found = (spread_of_distances(numbers), dispersion(numbers), bimodality(numbers), None, None)
    return Polarisation(topic.id, topic.statement, tick, here, *found, together)


def spread_of_distances(values: Sequence[float]) -> float | None:
    """Flache and Macy's (2011) polarisation; None for fewer than two.

    Examples:
        >>> spread_of_distances([0.3, 0.3, 0.3])
        0.0
        >>> round(spread_of_distances([1.0] * 50 + [-1.0] * 50), 3)
        1.0
    """
    distances = [abs(one - other) for one, other in permutations(values, 2)]
    if not distances:
        return None
    mean = fmean(distances)
    return fmean((distance - mean) ** 2 for distance in distances)


def dispersion(values: Sequence[float]) -> float | None:
    """The standard deviation of all values; None where there is none."""
    if not values:
        return None
    mean = fmean(values)
    return sqrt(fmean((value - mean) ** 2 for value in values))


def bimodality(values: Sequence[float]) -> float | None:
    """The excess kurtosis; None for fewer than four values and where all are alike.

    Examples:
        >>> bimodality([-1, -1, 1, 1])
        -2.0
    """
    spread = dispersion(values)
    if len(values) < FOUR or not spread:
        return None
    mean = fmean(values)
    found = fmean(((value - mean) / spread) ** 4 for value in values) - 3
    return found if isfinite(found) else None


def camps(names: Sequence[str]) -> float | None:
    """Montalvo and Reynal-Querol's (2005) polarisation; None where nobody has a position.

    Examples:
        >>> camps(["ada", "ada", "hugo", "hugo"])
        1.0
    """
    shares = _shares(names)
    return 4 * sum(share**2 * (1 - share) for share in shares) if shares else None


def fractionalisation(names: Sequence[str]) -> float | None:
    """The chance that two positions drawn at random differ; None where there is none.

    Examples:
        >>> fractionalisation(["ada", "hugo"])
        0.5
    """
    shares = _shares(names)
    return 1 - sum(share**2 for share in shares) if shares else None


def effective_number(names: Sequence[str]) -> float | None:
    """Laakso and Taagepera's (1979) number of positions; None where there is none.

    Examples:
        >>> effective_number(["ada", "ada", "hugo", "hugo"])
        2.0
    """
    shares = _shares(names)
    return 1 / sum(share**2 for share in shares) if shares else None


def homophily(episode: Episode, held: Sequence[Held], tick: int) -> float | None:
    """Whether people talked to those of their mind: assortativity of positions over talk."""
    from simulation.analysis.networks import (  # noqa: PLC0415 - networkx, a quarter of a second
        assortativity,
        network,
    )

    graph = network(episode, "talk", until=tick + 1)
    known = {one.agent: one.position for one in held if one.position is not None}
    graph.remove_nodes_from([agent for agent in list(graph) if agent not in known])
    for agent, position in known.items():
        graph.nodes[agent]["position"] = position
    return assortativity(graph, "position")


def _shares(names: Sequence[str]) -> list[float]:
    return [count / len(names) for count in Counter(names).values()]
