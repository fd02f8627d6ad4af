"""Numbers about positions that move, of one run or one condition, from findings and probes.

Each is a plain function of what was found, so that it can be worked out by hand. None of them has
an interval: choices within a run hang together, so compare conditions over runs, as
:mod:`simulation.analysis.statistics` does. A number that cannot be told is None.

==================  ==============================================================================
`source_effect`     P(shift | n sources) - P(shift | one source n times), over both directions:
                    what a group does beyond repetition
`sycophancy`        P(position | one source asserts it) - P(position | it is there and says nothing)
`yea_saying`        accept(p) + accept(not p) - 1: 0 for who answers by what is asked
`reactivity`        the same measure in probed runs and in unprobed ones
`conform_rate`      answers equal to the mode of the others' previous ones (MachineSoM, Zhang et
                    al. 2024), typed T→T, T→F, F→T, F→F
`swayed`            right alone and wrong under pressure, of all (BenchForm, Weng et al. 2025)
`independent`       right alone and under every pressure, of all (the same)
==================  ==============================================================================
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.behaviours.positions import side, typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from simulation.behaviours.finding import Finding
    from simulation.episode.events import Probed
    from simulation.kernel.topics import Position

SHIFTS: Final = ("conversion", "compliance", "private shift", "realignment")
"""Kinds of findings in which somebody gave way without a new reason."""
STAYED: Final = "independence"
BOTH: Final = 2
"""Directions in which a position can be pushed."""

Answers = dict[str, "Position | None"]
"""Who gave which answer; None: none."""


class Share(NamedTuple):
    """So many of so many."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """``part / whole``; None: there was nothing to count.

        Examples:
            >>> Share(1, 4).share
            0.25
        """
        return self.part / self.whole if self.whole else None


class Exposed(NamedTuple):
    """Somebody who heard others hold another position, and gave way or did not."""

    actor: str
    topic: str
    heard: str
    """The side that they heard most often."""
    sources: int
    """How many people held it in their hearing."""
    voices: int
    """How often it was heard."""
    shifted: bool


def exposed(findings: Iterable[Finding]) -> list[Exposed]:
    """Everybody who was exposed; who drifted or was given a new reason is not among them.

    Counted are the exposures that a finding tells, at most the latest twenty.
    """
    rows: list[Exposed] = []
    for finding in findings:
        if finding.kind not in (*SHIFTS, STAYED):
            continue
        own = side(finding.fields["private_before"]["position"])
        voices = [(row["source"], side(row["position"])) for row in finding.fields["exposures"]]
        sides = Counter(heard for _, heard in voices if heard not in ("", own))
        if not sides:
            continue
        heard, times = sides.most_common(1)[0]
        sources = len({source for source, held in voices if held == heard})
        shifted = finding.kind != STAYED
        topic = str(finding.fields["topic"])
        rows.append(Exposed(finding.actor, topic, heard, sources, times, shifted))
    return rows


class SourceEffect(NamedTuple):
    """What so many people do beyond what one does who says it as often."""

    effect: float | None
    """The mean over both directions; None: it cannot be told."""
    by_direction: dict[str, tuple[Share, Share]]
    """Side that was heard → shifts with n sources, and with one source n times."""
    why: str
    """Why it cannot be told; empty: it can."""


def source_effect(rows: Iterable[Exposed], n: int) -> SourceEffect:
    """P(shift | n sources) - P(shift | one source n times), over both directions.

    One direction alone would mix what a group does with a mind's liking for one of the answers.

    Args:
        rows: Those exposed, of both arms.
        n: How many sources, and how often the one spoke.
    """
    pairs: dict[str, tuple[list[bool], list[bool]]] = {}
    for row in rows:
        if row.voices == n and row.sources in (1, n):
            arms = pairs.setdefault(row.heard, ([], []))
            arms[0 if row.sources == n else 1].append(row.shifted)
    by_direction = {
        heard: (Share(sum(many), len(many)), Share(sum(one), len(one)))
        for heard, (many, one) in sorted(pairs.items())
    }
    known = [found for arms in by_direction.values() if (found := _difference(*arms)) is not None]
    if n < BOTH:
        return SourceEffect(None, by_direction, "one source is no group")
    if len(known) < BOTH:
        why = f"both arms were seen in {len(known)} of the two directions that it takes"
        return SourceEffect(None, by_direction, why)
    return SourceEffect(fmean(known), by_direction, "")


def sycophancy(asserted: Share, silent: Share) -> float | None:
    """How much oftener a position is taken when one source asserts it than when it is silent.

    Examples:
        >>> sycophancy(Share(6, 10), Share(2, 10))
        0.4
    """
    found = _difference(asserted, silent)
    return None if found is None else round(found, 12)


def yea_saying(statement: Share, opposite: Share) -> float | None:
    """accept(p) + accept(not p) - 1: above 0 for who agrees with anything, below for who denies it.

    Examples:
        >>> yea_saying(Share(8, 10), Share(5, 10))
        0.3
    """
    if statement.share is None or opposite.share is None:
        return None
    return round(statement.share + opposite.share - 1, 12)


def reactivity(probed: Sequence[float], unprobed: Sequence[float]) -> float | None:
    """How far a measure of public life is higher in probed runs than in unprobed ones.

    In this engine a probe leaves no trace, so that anything but 0 for equal seeds is a fault.

    Args:
        probed: One value a run.
        unprobed: The same.
    """
    return fmean(probed) - fmean(unprobed) if probed and unprobed else None


# From answers ------------------------------------------------------------------------------------


def rounds(probes: Iterable[Probed], topic: str) -> list[Answers]:
    """The answers on a topic, a round for each tick at which it was asked about."""
    found: dict[int, Answers] = {}
    for probe in probes:
        if probe.topic == topic:
            found.setdefault(probe.tick, {})[probe.agent] = probe.position
    return [found[tick] for tick in sorted(found)]


def standing(answers: Mapping[str, Position | None], position: Position) -> Share:
    """How many are on the side of a position, of those who gave an answer."""
    given = [answer for answer in answers.values() if answer is not None]
    return Share(sum(side(answer) == side(position) for answer in given), len(given))


class ConformRate(NamedTuple):
    """How often an answer was the one that most others had given."""

    conformed: Share
    typed: dict[str, Share]
    """``T→F`` and its like → conforming answers of this type, of all answers of it."""


def conform_rate(rounds: Sequence[Answers], truth: Position | None = None) -> ConformRate:
    """Answers equal to the mode of the others' in the round before.

    Who gave no answer, and whose others were divided, had no mode to follow and is not counted.

    Args:
        rounds: The answers, in order.
        truth: The right one, where there is one.
    """
    rows: list[tuple[bool, str]] = []
    for before, after in pairwise(rounds):
        for who, answer in after.items():
            mode = _mode([side(one) for other, one in before.items() if other != who])
            if mode and answer is not None:
                rows.append((side(answer) == mode, typed(before.get(who), answer, truth)))
    kinds = sorted({kind for _, kind in rows if kind})
    return ConformRate(
        Share(sum(conformed for conformed, _ in rows), len(rows)),
        {kind: _share([conformed for conformed, one in rows if one == kind]) for kind in kinds},
    )


def swayed(alone: Answers, pressed: Answers, truth: Position) -> Share:
    """How many were right alone and wrong under pressure, of all who answered both times."""
    both = [who for who in alone if alone[who] is not None and pressed.get(who) is not None]
    gave_way = [_right(alone[who], truth) and not _right(pressed[who], truth) for who in both]
    return _share(gave_way)


def independent(alone: Answers, pressures: Sequence[Answers], truth: Position) -> Share:
    """How many were right alone and under every pressure, of all who answered every time."""
    every = [alone, *pressures]
    asked = [who for who in alone if all(answers.get(who) is not None for answers in every)]
    return _share([all(_right(answers[who], truth) for answers in every) for who in asked])


def _right(answer: Position | None, truth: Position) -> bool:
    return side(answer) == side(truth)


def _share(rows: Sequence[bool]) -> Share:
    return Share(sum(rows), len(rows))


def _mode(answers: Sequence[str]) -> str:
    """What most gave; empty where nobody took a side, or two sides are even."""
    ranked = Counter(answer for answer in answers if answer).most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]


def _difference(one: Share, other: Share) -> float | None:
    if one.share is None or other.share is None:
        return None
    return one.share - other.share
