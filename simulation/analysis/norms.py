"""What is not done, and whether it is left undone: the norms that a world declares.

Three things are kept apart, as they come apart in life:

- *Known*: how many know the norm. Bicchieri (2006, *The Grammar of Society*) lets a norm exist only
  where enough people know it; where it needs no notice, everybody does.
- *Kept* (the descriptive side of Cialdini, Reno and Kallgren 1990, *Journal of Personality and
  Social Psychology* 58): of the choices whose menu held a breach and something else, how many went
  another way. By those who knew it and by those who could not, with Wilson's 95 % interval.
- *Answered* (the injunctive side): of the breaches that somebody saw, how many were met with words
  of reproach by who was harmed or stood by, within the hour.

That the menu held something else is what makes a choice one. A deed in an office is enforcement and
no breach. Choices within a run hang together: compare conditions over runs.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.analysis.inequality import residents
from simulation.behaviours.behaviours import READ, observe
from simulation.behaviours.society import Choice, Society
from simulation.episode.events import Decided

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulation.behaviours.finding import Finding
    from simulation.episode.episode import Episode
    from simulation.kernel.stakes import Norm

CONFIDENCE: Final = 0.95
_REPROACH: Final = ("criticism", "threat", "insult", "order", "slur", "warning")
"""Words that answer a breach; thanks do not."""


class Temptation(NamedTuple):
    """A choice in which a norm could be broken, and something else could be done."""

    norm: str
    agent: str
    tick: int
    event: str
    """Id of the decision."""
    broken: bool
    """Whether the breach was chosen."""
    knew: bool
    """Whether the actor knew the norm by then."""


class Kept(NamedTuple):
    """Of so many choices, how many kept a norm."""

    kept: int
    choices: int
    share: float | None
    """``kept / choices``; None: there was no choice."""
    low: float | None
    """Where Wilson's 95 % interval begins."""
    high: float | None


class NormKept(NamedTuple):
    """How a norm fared in an episode."""

    norm: str
    kind: str
    """``property`` or ``rule``."""
    fact: str
    """Id of the fact by which it is known; empty: everybody knows."""
    tick: int
    """As it stood when this tick was over."""
    people: int
    knowers: int
    """How many of them know it."""
    knowing: Kept
    """Choices of those who knew it."""
    unknowing: Kept
    """Choices of those who did not."""
    temptations: tuple[Temptation, ...]
    breaches: tuple[str, ...]
    """Ids of the decisions that broke it."""
    seen: int
    """Deeds that broke it while somebody was in sight; what a plan brought about is among them, and
    a choice that came to nothing is not."""
    answered: int
    """Of those, how many were met with reproach."""
    why: str = ""
    """Why no share can be given; empty: it can."""


def norms(episode: Episode, tick: int | None = None) -> list[NormKept]:
    """How every norm of the world fared until a tick was over.

    Args:
        episode: Finished or running.
        tick: None: the last that was lived.

    Raises:
        EpisodeError: The tick was not lived, or the log is damaged.
    """
    tick = episode.moment(tick)
    if not episode.spec.norms:
        return []
    rows: dict[str, list[Temptation]] = defaultdict(list)
    society = _society(episode, tick, rows)
    deeds = observe(episode, ["destruction"], until=tick + 1).findings
    here = residents(episode, tick)
    found: list[NormKept] = []
    for norm in episode.spec.norms:
        knowers = [agent for agent in here if not norm.fact or norm.fact in society.knows[agent]]
        done = [one for one in deeds if _breaks(one, norm)]
        found.append(fared(norm, tick, len(here), len(knowers), rows[norm.id], done))
    return found


def temptations(episode: Episode, tick: int | None = None) -> list[Temptation]:
    """Every choice until a tick was over in which a norm could be broken, and something else done.

    Raises:
        EpisodeError: The tick was not lived, or the log is damaged.
    """
    rows: dict[str, list[Temptation]] = defaultdict(list)
    _society(episode, episode.moment(tick), rows)
    return sorted((row for found in rows.values() for row in found), key=lambda row: row.event)


def fared(
    norm: Norm,
    tick: int,
    people: int,
    knowers: int,
    temptations: Sequence[Temptation],
    deeds: Sequence[Finding],
) -> NormKept:
    """The numbers of one norm from its choices and the deeds that broke it."""
    seen = [deed for deed in deeds if deed.fields["witnesses"]]
    answered = [deed for deed in seen if _reproached(deed)]
    return NormKept(
        norm=norm.id,
        kind=norm.kind,
        fact=norm.fact,
        tick=tick,
        people=people,
        knowers=knowers,
        knowing=kept([one for one in temptations if one.knew]),
        unknowing=kept([one for one in temptations if not one.knew]),
        temptations=tuple(temptations),
        breaches=tuple(one.event for one in temptations if one.broken),
        seen=len(seen),
        answered=len(answered),
        why="" if temptations else "nobody had the choice: no share can be given",
    )


def kept(choices: Sequence[Temptation]) -> Kept:
    """How many of some choices kept a norm, with Wilson's interval.

    Examples:
        >>> kept([])
        Kept(kept=0, choices=0, share=None, low=None, high=None)
    """
    if not choices:
        return Kept(0, 0, None, None, None)
    from scipy.stats import binomtest  # noqa: PLC0415 - scipy, half a second

    count = sum(not choice.broken for choice in choices)
    interval = binomtest(count, len(choices)).proportion_ci(CONFIDENCE, method="wilson")
    share = count / len(choices)
    return Kept(count, len(choices), share, float(interval.low), float(interval.high))


def _society(episode: Episode, tick: int, rows: dict[str, list[Temptation]]) -> Society:
    """Read an episode up to a tick; note every choice in which a norm could be broken."""
    with episode.log.reading() as contents:
        society = Society(episode.spec, contents)
        for event in episode.iter_events(READ, until=tick + 1):
            society.take(event)
            if isinstance(event, Decided):
                for row in _tempted(society.choices[event.agent], society):
                    rows[row.norm].append(row)
    return society


def _tempted(choice: Choice, society: Society) -> Iterator[Temptation]:
    """The norms that a choice could break; none where there was nothing else to choose."""
    if choice.excluded or not choice.at_stake:
        return
    event, stakes = choice.event, society.stakes
    breaking: dict[str, set[int]] = defaultdict(set)
    for index, option in enumerate(choice.options):
        for loss in stakes.losses(event.agent, option.effects):
            norm = stakes.norm(loss)
            if norm is not None and event.agent not in norm.mandate:
                breaking[norm.id].add(index)
    facts = {norm.id: norm.fact for norm in society.spec.norms}
    for name, options in breaking.items():
        if len(options) < len(choice.options):
            knew = not facts[name] or facts[name] in society.knows[event.agent]
            broken = event.chosen in options
            yield Temptation(name, event.agent, event.tick, event.id, broken, knew)


def _breaks(deed: Finding, norm: Norm) -> bool:
    return deed.fields.get("norm") == norm.id and deed.kind != "enforcement"


def _reproached(deed: Finding) -> bool:
    return any(answer["kind"] in _REPROACH for answer in deed.fields["response"])
