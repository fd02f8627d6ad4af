"""The short list: at most about a dozen of the legal options, by needs and plan.

A small model chooses badly from a long list, and a long menu costs a forward for every verb. The
list is drawn by what is physically at hand: the plan, the needs, where one is, what one did
lately. It reads neither owners nor consent nor who gains, and it is logged with the decision.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from simulation.kernel.action import Carry, Go, Join, Say, Sleep, Wait
from simulation.kernel.rules import Option

if TYPE_CHECKING:
    from random import Random

    from simulation.kernel.percept import Percept
    from simulation.mind.plan import PlanItem

MOST_WALKS = 2
"""Places to go to on the list at most, so that walking does not crowd out the rest."""
JUST_HAD_TICKS = 60
"""Within this time the same talk, walk, gift or use is not on the list again, unless it is planned;
work that goes on and rest always are."""
PLANNED = 6.0
"""Rank of what is planned: above all else, so that it is on every list."""
A_WALK = "a walk"
"""Under this name, the start of the last walk to anywhere."""
WALKED_OUT_TICKS = 25
"""Who has walked somewhere stays there for so long, unless more is planned."""
ANYBODY = "anybody"
"""Under this name, the end of the last talk with anybody at all."""
TALKED_OUT_TICKS = 12
"""After a talk one says nothing of one's own accord for so long; who is spoken to answers."""
RECENT_TALK_TICKS = 120
"""Within this time after a talk, talking with the same person ranks low."""
RECENT_ACT_TICKS = 90
"""Within this time after an act, doing it again ranks lower."""

Recency = Callable[[str], int | None]
"""Ticks since an option's text was last chosen, or None."""
Lean = Callable[[Option], float]
"""What somebody's state adds to an option's rank: company missed, fun missed, a person close."""


def shortlist(
    percept: Percept,
    plan: PlanItem | None,
    limit: int,
    stream: Random,
    since_act: Recency,
    since_talk: Recency,
    *,
    lean: Lean = lambda option: 0.0,
    keep: Option | None = None,
    options: Sequence[Option] | None = None,
) -> list[Option]:
    """The options that are shown, in a shuffled order, out of what is legal or ``options``.

    The act that is planned is always on it, and so are ``keep``, what is in hand already, and what
    one leans to as much as to a plan.
    """
    legal = percept.options if options is None else options
    scored = [
        (
            PLANNED
            if option is keep
            else _rank(option, percept, plan, since_act, since_talk)
            + lean(option)
            + 0.3 * stream.random(),
            number,
        )
        for number, option in enumerate(legal)
        if option is keep
        or lean(option) >= PLANNED
        or not _just_had(option, plan, since_act, since_talk)
    ]
    ranked = [legal[number] for _, number in sorted(scored, reverse=True)]
    chosen = _capped(ranked, limit)
    stream.shuffle(chosen)
    return chosen


def _just_had(
    option: Option, plan: PlanItem | None, since_act: Recency, since_talk: Recency
) -> bool:
    """Whether this is a talk just ended, a walk just walked, a thing just done."""
    action = option.action
    planned = plan is not None and (
        option.text == plan.doing or (isinstance(action, Go) and action.to == plan.place)
    )
    if planned or isinstance(action, (Wait, Sleep, Join, Carry)):
        return False
    talk = isinstance(action, Say)
    if talk and _within(since_talk(ANYBODY), TALKED_OUT_TICKS):
        return True
    if isinstance(action, Go) and _within(since_act(A_WALK), WALKED_OUT_TICKS):
        return True
    ticks = since_talk(action.to or "all") if talk else since_act(option.text)
    return _within(ticks, JUST_HAD_TICKS)


def _within(ticks: int | None, window: int) -> bool:
    return ticks is not None and ticks < window


def _capped(ranked: Sequence[Option], limit: int) -> list[Option]:
    chosen: list[Option] = []
    walks = 0
    for option in ranked:
        walks += isinstance(option.action, Go)
        if isinstance(option.action, Go) and (walks > MOST_WALKS or len(chosen) >= limit - 1):
            continue
        chosen.append(option)
        if len(chosen) == limit:
            break
    return chosen


def _rank(
    option: Option,
    percept: Percept,
    plan: PlanItem | None,
    since_act: Recency,
    since_talk: Recency,
) -> float:
    action = option.action
    if isinstance(action, Sleep):
        return 4.0 - 0.4 * percept.needs.get("energy", 10.0)
    if plan is not None and option.text == plan.doing:
        return PLANNED
    again = _fresh(since_act(option.text), RECENT_ACT_TICKS)
    if isinstance(action, Go):
        return PLANNED if plan is not None and action.to == plan.place else 0.6 - again
    if isinstance(action, Say):
        return 1.8 - _fresh(since_talk(action.to or "all"), RECENT_TALK_TICKS) * 1.6
    if isinstance(action, Wait):
        return 1.2 if action.doing else 1.0
    return 2.0 - again


def _fresh(ticks: int | None, window: int) -> float:
    """1 just now, 0 long ago or never."""
    return 0.0 if ticks is None else max(0.0, 1.0 - ticks / window)
