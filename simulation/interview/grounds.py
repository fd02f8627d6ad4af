"""Pieces that an answer can rest on: who one is, what is planned, how one sees others and feels.

They do not have to be recalled. What does is in :mod:`simulation.interview.knowledge`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from personas.traits import trait_phrase
from simulation.episode.events import Felt, Happening, Needed, Planned, Related, TookStance
from simulation.episode.plain import place_wheres
from simulation.interview.wording import first_person, mid_sentence, own
from simulation.kernel.clock import minutes_of
from simulation.mind.words import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from personas import Persona
    from simulation.episode.episode import Episode
    from simulation.interview.conditions import Source

H = TypeVar("H", bound=Happening)

BEFORE: Final = -1
"""The tick of what somebody brought along."""
_FEELS: Final = {
    "fullness": "hungry", "social": "lonely", "fun": "bored", "health": "unwell", "energy": "tired",
}  # fmt: skip
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+")
_PRONOUN: Final = re.compile(r"^(?:She|He|They)(?= )")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A piece of what somebody has in mind, on which an answer can rest."""

    id: str
    """Of the event behind it; ``persona:ada.goals.0`` for what the persona brought along."""
    source: Source
    text: str
    """In the third person, a sentence."""
    clause: str
    """As they would say it, without a final stop."""
    tick: int = BEFORE
    """When it was formed; -1: before the first tick."""
    people: tuple[str, ...] = ()
    """Ids of the people in it, besides the one who knows it."""
    fact: str = ""
    told: bool = False
    """Whether it came from somebody's words or a notice."""
    span: tuple[int, int] | None = None
    """For what is planned: minutes of the day from when to when."""
    minute: int | None = None
    """For a memory that was lived: the minute of the day at which it was formed."""
    importance: float = 0.0
    """From 1 to 10; 0 for what is no memory."""

    @property
    def field(self) -> str:
        """For what the persona brought along: which part of it, as ``goals.0``."""
        return self.id.partition(".")[2] if self.id.startswith("persona:") else ""


def persona_grounds(episode: Episode, persona: Persona, *, secrets: bool) -> Iterator[Ground]:
    """Who somebody is.

    Args:
        episode: Knows what places and others are called.
        persona: Who.
        secrets: Whether what they keep from others is among it.
    """

    def piece(
        field: str, text: str, clause: str, *people: str, source: Source = "persona"
    ) -> Ground:
        identity = f"persona:{persona.id}.{field}"
        said = own(clause, persona)
        return Ground(id=identity, source=source, text=sentence(text), clause=said, people=people)

    name = persona.name
    home = place_wheres(episode.spec.data).get(persona.home, "")
    yield piece("who", persona.bio_line, f"I am {persona.job} who {persona.who}")
    lives, live = (f" and lives {home}", f" and live {home}") if home else ("", "")
    years = f"{persona.age} years old"
    yield piece("age", f"{name} is {years}{lives}", f"I am {years}{live}")
    if traits := trait_phrase(persona):
        yield piece(
            "traits", f"{name} is a person who is {traits}", f"I am somebody who is {traits}"
        )
    for number, goal in enumerate(persona.goals):
        yield piece(f"goals.{number}", f"{name} wants to {goal}", f"I want to {goal}")
    for tie in persona.relationships:
        other = episode.name(tie.person)
        text = f"{other} is {name}'s {tie.tie}: {name} {tie.feeling}"
        yield piece(f"relationships.{tie.person}", text, f"{other} is my {tie.tie}", tie.person)
    for number, told in enumerate(_SENTENCE_END.split(persona.biography)):
        life = mid_sentence(_PRONOUN.sub(name, told.rstrip("."), count=1), episode.names)
        clause = f"as they tell it here, {life}"
        yield Ground(
            id=f"persona:{persona.id}.biography.{number}",
            source="persona",
            text=told,
            clause=clause,
        )
    for number, secret in enumerate(persona.secrets if secrets else ()):
        clause = secret.text.rstrip(".")
        yield piece(f"secrets.{number}", f"What {name} tells nobody: {clause}", clause)
    rows = [f"{habit.at} {habit.doing}" for habit in persona.habits]
    doings = [habit.doing for habit in persona.habits[:3]]
    usual = f"most days I {', then '.join(doings)}"
    yield piece("habits", f"An ordinary day of {name}: {'; '.join(rows)}", usual, source="habit")


def intentions(episode: Episode, persona: Persona, tick: int) -> Iterator[Ground]:
    """The plan in force: the last one for the day, and what of it was taken apart since."""
    plans = list(episode.each(Planned, persona.id, until=tick + 1))
    days = [number for number, plan in enumerate(plans) if plan.level == "day"]
    if not days:
        return
    wheres = place_wheres(episode.spec.data)
    now = episode.clock.minute_of_day(tick)
    parts = {(plan.level, plan.of, _begins(plan)): plan for plan in plans[days[-1] + 1 :]}
    for plan in (plans[days[-1]], *parts.values()):
        for item in plan.items:
            yield _intention(plan, item, persona, wheres, now)


def views(episode: Episode, persona: Persona, tick: int) -> Iterator[Ground]:
    """What one makes of others, and where one stands: the latest of each."""
    related = _latest(episode.each(Related, persona.id, until=tick + 1), "other")
    for other, seen in related.items():
        name = episode.name(other)
        first = _SENTENCE_END.split(seen.summary)[0].rstrip(".")
        together = re.sub(r"^They\b", f"{name} and I", first)
        yield Ground(
            id=seen.id,
            source="relation",
            text=seen.summary if name in first else f"{name}: {seen.summary}",
            clause=first_person(together, persona),
            tick=seen.tick,
            people=(other,),
        )
    topics = {topic.id: topic for topic in episode.spec.topics}
    stances = _latest(episode.each(TookStance, persona.id, until=tick + 1), "topic")
    for topic, taken in stances.items():
        if taken.after is None:
            continue
        clause = topics[topic].clause(taken.after, persona.id)
        text = sentence(f"{persona.name} holds: {clause}")
        yield Ground(id=taken.id, source="stance", text=text, clause=clause, tick=taken.tick)


def feelings(episode: Episode, persona: Persona, tick: int) -> Iterator[Ground]:
    """The emotion and the needs that are felt."""
    felt = list(episode.each(Felt, persona.id, until=tick + 1))[-1:]
    words = [(event, event.emotion) for event in felt if event.emotion != "neutral"]
    needs = _latest(episode.each(Needed, persona.id, until=tick + 1), "need")
    words += [(event, _FEELS.get(need, need)) for need, event in needs.items() if event.felt]
    for event, word in words:
        yield Ground(
            id=event.id,
            source="feeling",
            text=f"{persona.name} feels {word}.",
            clause=f"I feel {word}",
            tick=event.tick,
        )


def _latest(events: Iterable[H], field: str) -> dict[str, H]:
    return {getattr(event, field): event for event in events}


def _begins(plan: Planned) -> str:
    return str(plan.items[0].get("at", "")) if plan.items else ""


def _intention(
    plan: Planned, item: Mapping[str, Any], persona: Persona, wheres: Mapping[str, str], now: int
) -> Ground:
    """One row of a plan; one without an hour is the aim of the day."""
    if "at" not in item:
        aim = str(item.get("focus") or item.get("doing") or "")
        text = f"{persona.name} wants above all to {aim} today."
        clause = own(f"today I want above all to {aim}", persona)
        return Ground(id=plan.id, source="intention", text=text, clause=clause, tick=plan.tick)
    at = minutes_of(str(item["at"]))
    until = at + int(item.get("minutes", 0))
    doing, where = str(item.get("doing", "")), wheres.get(str(item.get("place", "")), "")
    place = where.partition(" ")[2]
    here = f" {where}" if where and place not in doing else ""
    text = f"{persona.name} plans for {item['at']} to {_hour(until)}: {doing}{here}."
    meant = "meant" if until <= now else "mean"
    clause = own(f"at {item['at']} I {meant} to {doing}{here}", persona)
    return Ground(
        id=plan.id,
        source="intention",
        text=text,
        clause=clause,
        tick=plan.tick,
        fact=str(item.get("fact", "")),
        span=(at, until),
    )


def _hour(minute: int) -> str:
    hour, minute = divmod(minute % (24 * 60), 60)
    return f"{hour:02d}:{minute:02d}"
