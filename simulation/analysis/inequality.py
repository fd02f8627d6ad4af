"""How unequally something is spread over people: what they own, and how much they are heard.

Definitions, each of values that are not negative, over everybody who lives there:

- Gini's coefficient (Gini 1912, *Variabilità e mutabilità*), as half of the relative mean
  difference, ``Σ Σ |x_i - x_j| / (2 n² mean)``: 0 where all have the same, ``1 - 1/n`` where one
  has all.
- The curve of Lorenz (1905, *Publications of the American Statistical Association* 9): the share
  of the total that the poorest so many have together. Gini's coefficient is one less twice the area
  under it.
- The share of the richest fifth, rounded up to whole people.

With one person, or with nothing to share, none of them is defined: then it is None and ``why``
says it.
"""

from __future__ import annotations

from collections import defaultdict
from math import ceil, isfinite
from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.episode.events import Acted, Changed, Intervened, Left, Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from simulation.episode.episode import Episode

HAS: Final = "has:"
"""How an attribute begins that counts what somebody owns."""
RICHEST: Final = 5
"""One in so many is among the richest."""
ALONE: Final = "one person lives there: nobody to share with"
NOTHING: Final = "nobody has any: there is nothing to share"


class Amount(NamedTuple):
    """How much somebody has of something, and the events that made it so."""

    agent: str
    amount: float
    events: tuple[str, ...] = ()
    """Ids of the events that changed it; none: as at the start."""


class Inequality(NamedTuple):
    """How unequally one thing is spread."""

    of: str
    """An item by its id (``coin``), ``words said`` or ``words heard`` (utterances)."""
    tick: int
    """As it stood when this tick was over."""
    amounts: tuple[Amount, ...]
    """Of everybody who lives there, the poorest first."""
    at_start: float | None
    """Gini's coefficient before the first tick; None: not defined then."""
    gini: float | None
    """Gini's coefficient; None: not defined, see ``why``."""
    richest_fifth: float | None
    """The share of the total that the richest fifth has."""
    why: str = ""
    """Why it is not defined; empty: it is."""

    @property
    def total(self) -> float:
        """All of it."""
        return sum(amount.amount for amount in self.amounts)


def gini(values: Iterable[float]) -> float | None:
    """Gini's coefficient of inequality (1912); None where there is nothing to share.

    Examples:
        >>> gini([1, 1, 1, 1])
        0.0
        >>> gini([0, 0, 0, 1])
        0.75
    """
    ordered = sorted(float(value) for value in values)
    total, count = sum(ordered), len(ordered)
    if not count or not isfinite(total) or total <= 0 or ordered[0] < 0:
        return None
    ranked = sum((2 * rank - count - 1) * value for rank, value in enumerate(ordered, start=1))
    return round(ranked / (count * total), 12)


def lorenz(values: Iterable[float]) -> list[tuple[float, float]]:
    """The curve of Lorenz (1905): (share of people, share of the total), the poorest first.

    It is empty where there is nothing to share.

    Examples:
        >>> lorenz([1, 3])
        [(0.0, 0.0), (0.5, 0.25), (1.0, 1.0)]
    """
    ordered = sorted(float(value) for value in values)
    if gini(ordered) is None:
        return []
    total, so_far = sum(ordered), 0.0
    points = [(0.0, 0.0)]
    for number, value in enumerate(ordered, start=1):
        so_far += value
        points.append((number / len(ordered), so_far / total))
    return points


def richest_share(values: Iterable[float]) -> float | None:
    """The share of the total that the richest fifth has; None where there is nothing to share.

    Examples:
        >>> richest_share([1, 1, 1, 1, 6])
        0.6
    """
    ordered = sorted((float(value) for value in values), reverse=True)
    if gini(ordered) is None:
        return None
    return round(sum(ordered[: ceil(len(ordered) / RICHEST)]) / sum(ordered), 12)


def inequality(episode: Episode, tick: int | None = None) -> list[Inequality]:
    """How unequally every item, and talking, is spread when a tick was over.

    Args:
        episode: Finished or running.
        tick: None: the last that was lived.

    Raises:
        EpisodeError: The tick was not lived.
    """
    tick = episode.moment(tick)
    here = residents(episode, tick)
    start = holdings(episode, -1)
    now = holdings(episode, tick)
    found: list[Inequality] = []
    for item in sorted(now):
        before = [amount.amount for amount in start.get(item, ()) if amount.agent in here]
        after = [amount for amount in now[item] if amount.agent in here]
        found.append(spread_of(item, tick, after, gini(before)))
    said, heard = _words(episode, tick, here)
    found.append(spread_of("words said", tick, said, None))
    found.append(spread_of("words heard", tick, heard, None))
    return found


def spread_of(
    of: str, tick: int, amounts: Sequence[Amount], at_start: float | None = None
) -> Inequality:
    """How unequally some amounts are spread, or why that cannot be told."""
    ordered = tuple(sorted(amounts, key=lambda amount: (amount.amount, amount.agent)))
    values = [amount.amount for amount in ordered]
    found = gini(values)
    why = ALONE if len(values) < 2 else NOTHING if found is None else ""
    if why:
        return Inequality(of, tick, ordered, None, None, None, why)
    return Inequality(of, tick, ordered, at_start, found, richest_share(values))


def residents(episode: Episode, tick: int) -> frozenset[str]:
    """Who lives there when a tick was over: everybody who came and has not left for good."""
    gone = {event.agent for event in episode.each(Left, until=tick + 1)}
    came = {
        str(event.details.get("persona", {}).get("id", ""))
        for event in episode.each(Intervened, until=tick + 1)
        if event.kind == "add"
    }
    first = {persona.id for persona in episode.spec.cast}
    return frozenset((first | came) - gone)


def holdings(episode: Episode, tick: int) -> Mapping[str, tuple[Amount, ...]]:
    """What everybody owns of each item when a tick was over; at -1, before the first.

    It is computed from the world's own start and the effects on the log.
    """
    held: dict[tuple[str, str], float] = dict(_at_start(episode))
    events: dict[tuple[str, str], list[str]] = defaultdict(list)
    for event in episode.iter_events((Acted, Changed, Intervened), until=tick + 1):
        if tick < 0 or not isinstance(event, Acted | Changed | Intervened):
            continue
        for effect in event.effects:
            key = (str(effect.get("target")), str(effect.get("attribute")))
            amount = effect.get("after")
            if key[1].startswith(HAS) and isinstance(amount, int | float):
                held[key] = float(amount)
                events[key].append(event.id)
    found: dict[str, list[Amount]] = defaultdict(list)
    for (agent, attribute), amount in held.items():
        if agent in episode.names:
            ids = tuple(events[agent, attribute])
            found[attribute.removeprefix(HAS)].append(Amount(agent, amount, ids))
    return {item: tuple(amounts) for item, amounts in found.items()}


def _at_start(episode: Episode) -> dict[tuple[str, str], float]:
    """What people own before the first tick, as the rules of the world have it."""
    with episode.spec.world_class()(episode.spec, mind="uniform") as world:
        return {
            key: float(amount)
            for key, amount in world.rules.initial().items()
            if key[1].startswith(HAS) and isinstance(amount, int | float)
        }


def _words(episode: Episode, tick: int, here: frozenset[str]) -> tuple[list[Amount], list[Amount]]:
    """How many utterances everybody made that reached somebody, and how many reached them."""
    said: dict[str, list[str]] = {agent: [] for agent in episode.agents if agent in here}
    heard: dict[str, list[str]] = {agent: [] for agent in said}
    for event in episode.each(Said, until=tick + 1):
        if event.told and event.agent in said:
            said[event.agent].append(event.id)
        for hearer in event.told:
            if hearer in heard:
                heard[hearer].append(event.id)
    return _counted(said), _counted(heard)


def _counted(events: Mapping[str, list[str]]) -> list[Amount]:
    return [Amount(agent, float(len(ids)), tuple(ids)) for agent, ids in events.items()]
