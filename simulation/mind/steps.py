"""The steps of an activity: how they are read, and how they fill an hour."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, Field

from simulation.errors import InvalidReply
from simulation.language.plausible import json_of
from simulation.mind.activity import (
    LONGEST_STEP,
    PREPOSITIONS,
    an_activity,
    dangling,
    spelt_out,
)
from simulation.mind.words import phrase_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from simulation.mind.plan import PlanItem

FEWEST, MOST = 2, 12
"""Steps of an activity that is taken apart."""
SHORTEST = 5
"""Minutes of a step at least (the paper's 5 to 15)."""
CLOSE = 0.4
"""A small model's step is kept if it is this close (cosine) to the activity."""
_JOINTS = re.compile(r",? (?:and )?(?:then|last|finally) |, (?:and )?")
_SUBJECT = re.compile(r"^(?:(?:she|he|they) )?(?:will )?")
_DETERMINER = "a an the my your his her its their it them him me us this that these those some"
_DETERMINERS = frozenset(_DETERMINER.split())
_LITTLE_WORDS = PREPOSITIONS | _DETERMINERS - {"it", "them"}


class Step(NamedTuple):
    """A part of an activity."""

    minutes: int
    doing: str
    """A verb phrase."""


class _Row(BaseModel):
    minutes: int = Field(ge=1, le=120)
    doing: str


class _Rows(BaseModel):
    steps: list[_Row]


def named_parts(doing: str) -> tuple[str, ...]:
    """The acts that an activity names itself, joined by *and*; empty where it is one act.

    Examples:
        >>> named_parts("sweep the floor and light the stove")
        ('sweep the floor', 'light the stove')
        >>> named_parts("read the tide marks and write them down")
        ('read the tide marks', 'write the tide marks down')
        >>> named_parts("eat bread and cheese")
        ()
    """
    parts = doing.split(" and ")
    found = [parts[0]]
    for part in parts[1:]:
        # "light the stove" begins with a verb for sure, "cheese" may not.
        if len(part.split()) < 2 or part.split()[1] not in _DETERMINERS:
            return ()
        found.append(spelt_out(part, found[-1]))
    short = all(len(part.split()) > 1 and not dangling(part) for part in found)
    return tuple(found) if short and len(found) >= FEWEST else ()


def read_tail(
    tail: str, doing: str, names: Collection[str], likeness: Callable[[str, str], float]
) -> tuple[str, ...]:
    """The steps in what a small model wrote after *First … will*; empty if it is not usable.

    It knows what one does with a thing better than what is there, so a step is kept only if it has
    to do with the things of the activity and is close to it. Of the 44 habits of the village that
    it was asked about, 16 were taken apart so, about 13 of them as a person would.

    Args:
        tail: ``wedge the clay, then turn the bowls, and last trim the rims``.
        doing: The activity.
        names: Words with a capital that may occur.
        likeness: Cosine of two texts.
    """
    check = an_activity(LONGEST_STEP, names)
    found: dict[tuple[str, str], str] = {}
    before = doing
    for part in _JOINTS.split(" ".join(tail.split())):
        try:
            step = check(spelt_out(_SUBJECT.sub("", part), before))
        except InvalidReply:
            continue
        verb, _, head = phrase_parts(step)
        new = (verb, head) not in found and "again" not in step.split()
        if new and _is_about(step, doing) and likeness(step, doing) >= CLOSE:
            found[verb, head] = before = step
    return tuple(found.values()) if len(found) >= FEWEST else ()


def _is_about(step: str, doing: str) -> bool:
    """Whether a step is a verb with things of the activity, and no others."""
    things = [word.rstrip("s") for word in step.split()[1:] if word not in _LITTLE_WORDS]
    known = {word.rstrip("s") for word in doing.split()}
    return bool(things) and known.issuperset(things)


def steps_reader(names: Collection[str]) -> Callable[[str], tuple[Step, ...]]:
    """Reads the steps in a chat model's JSON.

    Args:
        names: Words with a capital that may occur.
    """
    read, check = json_of(_Rows), an_activity(LONGEST_STEP, names)

    def steps(reply: str) -> tuple[Step, ...]:
        rows = read(reply).steps
        if not FEWEST <= len(rows) <= MOST:
            raise InvalidReply(f"it has {len(rows)} steps; {FEWEST} to {MOST} are wanted", reply)
        return tuple(Step(row.minutes, check(row.doing)) for row in rows)

    return steps


def in_rounds(doings: Sequence[str], minutes: int, longest: int) -> tuple[Step, ...]:
    """Acts without a length as steps of one length, over and over until the time is filled.

    Examples:
        >>> in_rounds(["sow", "water"], 60, 15)  # doctest: +NORMALIZE_WHITESPACE
        (Step(minutes=15, doing='sow'), Step(minutes=15, doing='water'),
         Step(minutes=15, doing='sow'), Step(minutes=15, doing='water'))
    """
    rounds = -(-minutes // (longest * len(doings)))
    length = max(1, round(minutes / (rounds * len(doings))))
    return tuple(Step(length, doing) for _ in range(rounds) for doing in doings)


def lay_out(steps: Sequence[Step], item: PlanItem, now: int) -> tuple[PlanItem, ...]:
    """Steps on the clock from now until an item is over, stretched to fit.

    Where there is no time for all of them at five minutes each, the first are taken.
    """
    left = item.until - now
    chosen = steps[: max(1, min(len(steps), left // SHORTEST))]
    total = sum(step.minutes for step in chosen)
    edges = [now]
    done = 0
    for step in chosen:
        done += step.minutes
        edges.append(now + round(left * done / total))
    return tuple(
        replace(item, at=at, minutes=until - at, doing=step.doing, level="minutes")
        for step, (at, until) in zip(chosen, pairwise(edges), strict=True)
        if until > at
    )
