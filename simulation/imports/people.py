"""Recorded people as personas of ours, as far as the recording knows them.

What the schema of a persona asks for and a recording does not have is left as neutral as can be:
the five traits stand at their midpoint, where they say nothing, and the adjectives of the recording
(``innate``) stand in the biography instead.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import ValidationError

from personas import Persona
from simulation.errors import FileError
from simulation.imports.ground import identifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulation.imports.ground import Ground
    from simulation.imports.minds import Scratch
    from simulation.imports.recording import Path_

_LONGEST_LIFE: Final = 600
_PHRASE: Final = 90
_ROWS: Final = 24
_LONGEST_HABIT: Final = 720
_SHORTEST_HABIT: Final = 5
_BEDTIME: Final = "22:00"
_NEUTRAL: Final = dict.fromkeys(
    ("openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism"), 3
)
_JOB: Final = re.compile(r"\bis an? (?P<job>[^.,;!?]+?)(?:,? who (?P<who>[^.;!?]+)|[.,;!?]|$)")
_BED: Final = re.compile(r"\bbed (?:at )?(?:around )?(\d{1,2})(?::(\d\d))? ?(am|pm)", re.IGNORECASE)
_SHE: Final = re.compile(r"\b(?:she|her|hers)\b", re.IGNORECASE)
_HE: Final = re.compile(r"\b(?:he|him|his)\b", re.IGNORECASE)
_STOP: Final = re.compile(r"(?<=[.!?])\s+")


class Row(NamedTuple):
    """A row of a recorded schedule."""

    at: int
    """Minutes after midnight."""
    doing: str
    minutes: int

    @property
    def hour(self) -> str:
        """``06:30``."""
        return f"{self.at // 60:02d}:{self.at % 60:02d}"


def ids_of(names: Sequence[str]) -> dict[str, str]:
    """An id of ours for each name."""
    found: dict[str, str] = {}
    for name in names:
        found[name] = identifier(name, found.values())
    return found


def schedule(scratch: Scratch) -> Iterator[Row]:
    """The schedule by the hour, with rows that say the same made one."""
    at = 0
    rows: list[Row] = []
    for doing, minutes in scratch.f_daily_schedule_hourly_org:
        if rows and rows[-1].doing == doing:
            rows[-1] = rows[-1]._replace(minutes=rows[-1].minutes + minutes)
        else:
            rows.append(Row(at, doing, minutes))
        at += minutes
    return (row for row in rows if row.at < 1440 and row.minutes)


def places_of(path: Path_, ground: Ground) -> dict[str, str]:
    """Where each activity mostly took place: its words before any bracket → a place's id."""
    seen: dict[str, Counter[str]] = {}
    for _, frame in path:
        place = ground.place(frame.address)
        if place:
            seen.setdefault(frame.doing.partition(" (")[0], Counter())[place] += 1
    return {doing: counts.most_common(1)[0][0] for doing, counts in seen.items()}


def persona(
    name: str, agent: str, scratch: Scratch, ground: Ground, where: Mapping[str, str]
) -> Persona:
    """A recorded person as a persona.

    Args:
        name: What they are called.
        agent: Their id here.
        scratch: What the recording says of them.
        ground: The map.
        where: Where their activities took place.

    Raises:
        FileError: What is recorded makes no persona.
    """
    home = ground.place(scratch.living_area) or ground.town["places"][0]["id"]
    job, who = _job(scratch.learned)
    fields: dict[str, Any] = {
        "id": agent,
        "name": name,
        "age": scratch.age,
        "pronouns": _pronouns(f"{scratch.learned} {scratch.currently} {scratch.lifestyle}"),
        "occupation": job,
        "who": who,
        "biography": _life(name, scratch),
        "big_five": _NEUTRAL,
        "home": home,
        "bedtime": _bedtime(scratch.lifestyle),
        "habits": _habits(scratch, home, where),
        "speech": {"style": "as the recording has it"},
    }
    try:
        return Persona.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        told = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise FileError(f"makes no persona ({told})", where=name, value=first["input"]) from error


def _phrase(text: str) -> str:
    """A part of a sentence that a persona can have: one line, no stop, not too long."""
    words = " ".join(text.split())
    if len(words) > _PHRASE:
        words = words[:_PHRASE].rpartition(" ")[0] or words[:_PHRASE]
    return words.rstrip(" .,;:")


def _clause(text: str) -> str:
    words = _phrase(text)
    return words[:1].lower() + words[1:]


def _job(learned: str) -> tuple[str, str]:
    match = _JOB.search(" ".join(learned.split()))
    job = _phrase(match["job"]) if match else ""
    who = _clause(match["who"] or "") if match else ""
    return job or "resident", who or "lives here"


def _pronouns(text: str) -> str:
    she, he = len(_SHE.findall(text)), len(_HE.findall(text))
    return "they" if she == he else "she" if she > he else "he"


def _life(name: str, scratch: Scratch) -> str:
    innate = " ".join(scratch.innate.split())
    lead = [f"{name} is {innate.rstrip('.')}."] if innate else []
    told = [" ".join(text.split()) for text in (scratch.learned, scratch.currently)]
    sentences = [one for text in (*lead, *told) for one in _STOP.split(text) if one]
    life = ""
    for sentence in sentences:
        if len(life) + len(sentence) >= _LONGEST_LIFE:
            break
        life = f"{life} {sentence}".strip()
    return life or (sentences[0][:_LONGEST_LIFE] if sentences else f"{name} lives here.")


def _bedtime(lifestyle: str) -> str:
    match = _BED.search(lifestyle)
    if match is None:
        return _BEDTIME
    hour = int(match[1]) % 12 + (12 if match[3].lower() == "pm" else 0)
    minute = int(match[2] or 0)
    return f"{hour:02d}:{minute:02d}" if minute < 60 else _BEDTIME


def _habits(scratch: Scratch, home: str, where: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = [
        {
            "at": row.hour,
            "place": where.get(row.doing, home),
            "doing": _clause(row.doing),
            "minutes": min(row.minutes, _LONGEST_HABIT),
        }
        for row in schedule(scratch)
        if row.minutes >= _SHORTEST_HABIT and _clause(row.doing)
    ]
    return rows[:_ROWS] or [{"at": "07:00", "place": home, "doing": "get up", "minutes": 5}]
