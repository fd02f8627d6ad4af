"""The day in broad strokes, written by a chat model and put right by rule.

What always happens at its hour and what somebody has promised to come to stands, whatever the model
writes; what it writes is fitted around it. A reply that cannot be used leaves the habits in place.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, Field

from simulation.errors import InvalidReply
from simulation.kernel.clock import minutes_of
from simulation.language.plausible import json_of
from simulation.language.prompts import load_prompt
from simulation.mind.activity import LONGEST_ACTIVITY, an_activity, known_names
from simulation.mind.plan import LEAST_MINUTES, PlanItem, clock_face, habits_of
from simulation.mind.scene import traits, who

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Percept
    from simulation.mind.asker import Asker

_DAY = load_prompt(Path(__file__).parent / "prompts" / "day.md", "plan")
FEWEST, MOST = 3, 12
"""Rows of a written day: five to eight are asked for."""
_HOUR = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


class _Row(BaseModel):
    at: str
    place: str
    doing: str
    minutes: int = Field(ge=5, le=720)


class _Day(BaseModel):
    aim: str = ""
    day: list[_Row]


class WrittenDay(NamedTuple):
    """A day as a model wrote it, put right."""

    items: tuple[PlanItem, ...]
    aim: str
    """The aim that comes first; empty where the model named none of them."""
    call: str
    """Id of the call."""


async def write_day(
    percept: Percept,
    scribe: Scribe,
    asker: Asker,
    appointments: Sequence[PlanItem],
    yesterday: str,
    temperature: float,
) -> WrittenDay | None:
    """Ask a chat model for the day; None if nothing usable came.

    Args:
        percept: What is perceived in the morning.
        scribe: Writes the agent's events.
        asker: The language model.
        appointments: What was heard of.
        yesterday: Yesterday in a few words, or empty.
        temperature: How freely it is written.
    """
    persona = percept.persona
    habits = habits_of(persona)
    places = open_places(percept, appointments)
    prompt = asker.worded(_DAY).render(
        who=who(percept),
        traits=traits(percept),
        usual="; ".join(_told(item) for item in habits),
        aims=f"Wants to: {'; '.join(persona.goals)}" if persona.goals else "",
        heard=f"Has heard of: {'; '.join(_told(item) for item in appointments)}"
        if appointments
        else "",
        yesterday=f"Yesterday: {yesterday}" if yesterday else "",
        places=", ".join(places),
        bedtime=persona.bedtime,
    )
    answer = await asker.write(
        scribe,
        prompt,
        read=day_reader(places, known_names(percept), persona.goals),
        stop=(),
        max_tokens=500,
        temperature=temperature,
    )
    if answer is None:
        return None
    fixed = [item for item in (*habits, *appointments) if item.fixed]
    strokes, aim = answer.value
    return WrittenDay(around(fixed, strokes), aim, answer.call)


def open_places(percept: Percept, appointments: Sequence[PlanItem]) -> tuple[str, ...]:
    """Places that somebody may plan to be at.

    These are their own and those where they are expected, and all others but homes that only those
    who live there go to.
    """
    stage, persona = percept.view.stage, percept.persona
    own = {persona.home, *(habit.place for habit in persona.habits)}
    own |= {item.place for item in appointments}
    goers = Counter(
        place
        for known in stage.cast.values()
        for place in {known.home, *(habit.place for habit in known.habits)}
    )
    homes = {known.home for known in stage.cast.values()}
    return tuple(
        place
        for place in stage.plan.places
        if place in own or place not in homes or goers[place] > 1
    )


def day_reader(
    places: Sequence[str], names: frozenset[str], aims: Sequence[str]
) -> Callable[[str], tuple[tuple[PlanItem, ...], str]]:
    """Reads a written day: its strokes, and the aim that comes first.

    Args:
        places: Ids of the places that may be in it.
        names: Words with a capital that may be in it.
        aims: One of these comes first; a model that names another has named none.
    """
    read, check = json_of(_Day), an_activity(LONGEST_ACTIVITY, names)

    def day(reply: str) -> tuple[tuple[PlanItem, ...], str]:
        found = read(reply)
        rows = found.day
        if not FEWEST <= len(rows) <= MOST:
            raise InvalidReply(f"it has {len(rows)} rows; five to eight are wanted", reply)
        items: list[PlanItem] = []
        for row in rows:
            if _HOUR.fullmatch(row.at) is None:
                raise InvalidReply(f"{row.at!r} is not an hour like 08:30", reply)
            if row.place not in places:
                raise InvalidReply(f"there is no place with the id {row.place!r}", reply)
            at = minutes_of(row.at)
            if items and at < items[-1].until:
                raise InvalidReply(f"the row at {row.at} begins before the last is over", reply)
            doing = check(row.doing)
            items.append(PlanItem(at=at, minutes=row.minutes, place=row.place, doing=doing))
        return tuple(items), next((aim for aim in aims if aim == found.aim.strip(" .")), "")

    return day


def around(fixed: Sequence[PlanItem], written: Sequence[PlanItem]) -> tuple[PlanItem, ...]:
    """Written strokes with what is fixed among them: what collides is cut, or left out."""
    kept: list[PlanItem] = list(fixed)
    for item in written:
        walls = [wall for wall in fixed if wall.at < item.until and item.at < wall.until]
        at = max([item.at, *(wall.until for wall in walls if wall.at <= item.at)])
        until = min([item.until, *(wall.at for wall in walls if wall.at > item.at)])
        same = any(wall.doing == item.doing for wall in walls)
        if not same and until - at >= min(item.minutes, LEAST_MINUTES):
            kept.append(replace(item, at=at, minutes=until - at))
    return tuple(sorted(kept, key=lambda item: item.at))


def _told(item: PlanItem) -> str:
    """A stroke as a prompt has it."""
    always = ", always" if item.fixed and not item.fact else ""
    return f"{clock_face(item.at)} {item.doing} ({item.place}, {item.minutes} minutes{always})"
