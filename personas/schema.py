"""Who a person is: the schema of the files in this folder.

A persona says who somebody is and how their days usually go. It never says what they will do
today: that is for the mind to decide and for the world to allow.
"""

from __future__ import annotations

import itertools
import re
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

_IDENTIFIER: Final = r"^[a-z][a-z0-9_]{0,39}$"
_CLOCK: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


def _identifier(text: str) -> str:
    if not re.match(_IDENTIFIER, text):
        raise ValueError("should be lower-case letters, digits and underscores, a letter first")
    return text


def _clock(text: str) -> str:
    if not re.match(_CLOCK, text):
        raise ValueError("should be a time as HH:MM, from 00:00 to 23:59")
    return text


def _phrase(text: str) -> str:
    if "\n" in text or text.endswith("."):
        raise ValueError("should be one line without a full stop, as it becomes part of a sentence")
    return text


def _clause(text: str) -> str:
    if text[:1].isupper():
        raise ValueError("should not begin with a capital, as it continues a sentence")
    return text


Identifier = Annotated[
    str, AfterValidator(_identifier), Field(json_schema_extra={"pattern": _IDENTIFIER})
]
"""Lower-case letters, digits and underscores, beginning with a letter."""
ClockTime = Annotated[str, AfterValidator(_clock), Field(json_schema_extra={"pattern": _CLOCK})]
"""A time of day as ``HH:MM``."""
Score = Annotated[float, Field(ge=1, le=5)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Phrase = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=90),
    AfterValidator(_phrase),
]
"""A part of a sentence: one line, no full stop."""
Clause = Annotated[Phrase, AfterValidator(_clause)]
"""A part of a sentence that begins with an ordinary word, mostly a verb."""


def minute_of_day(clock: str) -> int:
    """Minutes since midnight.

    Examples:
        >>> minute_of_day("07:30")
        450
    """
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False
    )


class BigFive(_Part):
    """Five traits, each from 1 (very low) over 3 (neither) to 5 (very high); decimals are fine."""

    openness: Score
    """1 = very down-to-earth, 5 = very imaginative."""
    conscientiousness: Score
    """1 = very disorganized, 5 = very organized."""
    extraversion: Score
    """1 = very reserved, 5 = very talkative."""
    agreeableness: Score
    """1 = very demanding, 5 = very warm."""
    neuroticism: Score
    """1 = very relaxed, 5 = very anxious."""


class Relationship(_Part):
    """How this person stands to another one; the other's view is in the other's file."""

    person: Identifier
    """The id of the other persona."""
    tie: Phrase
    """What the other is to this person, as in "Esi is Dov's …": "sister", "oldest friend"."""
    feeling: Phrase
    """How this person thinks of the other, in plain words: "likes her quick answers"."""
    closeness: Annotated[int, Field(ge=-2, le=2)]
    """-2 = cannot bear, -1 = keeps away from, 0 = neutral, 1 = likes, 2 = very close."""


class Habit(_Part):
    """A row of an ordinary day."""

    at: ClockTime
    """When it begins, as "HH:MM"."""
    place: Identifier
    """The id of the place in the world."""
    doing: Clause
    """A verb phrase for something that can be seen: "knead the dough"."""
    minutes: Annotated[int, Field(ge=5, le=720)]
    """How long it takes."""
    fixed: bool = False
    """Whether it happens at this time whatever the day brings."""

    @property
    def start(self) -> int:
        """The minute of the day at which it begins."""
        return minute_of_day(self.at)

    @property
    def end(self) -> int:
        """The minute of the day at which it is over."""
        return self.start + self.minutes


class Secret(_Part):
    """Something that this person keeps; it is shown to nobody else's mind."""

    text: Text
    """What it is, in the first person."""
    fact: Identifier | None = None
    """The id of the world's fact that this is, if the world has it as one."""


class Speech(_Part):
    """How this person talks."""

    style: Phrase
    """A few words on the manner: "short sentences, dry, often about the weather"."""
    language: Annotated[str, StringConstraints(min_length=2, max_length=40)] = "English"
    """The language, by its English name."""


class Persona(_Part):
    """A person of the cast."""

    id: Identifier
    """The file's name without ".yaml"."""
    name: Annotated[str, StringConstraints(pattern=r"^\S(.*\S)?$", max_length=40)]
    """As others call this person: one word works best with a small model."""
    age: Annotated[int, Field(ge=0, le=120)]
    """In years."""
    pronouns: Literal["she", "he", "they"]
    """How sentences about this person go on."""
    occupation: Phrase
    """A noun phrase without an article: "baker", "carpenter's apprentice"."""
    who: Clause
    """Ends the sentence "NAME is a OCCUPATION who …": "keeps the lights of the harbour"."""
    biography: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)
    ]
    """A life in a paragraph, in the third person: what was, not what will be."""
    big_five: BigFive
    """Five numbers from 1 to 5; prompts say them as adjectives (see personas/traits.py)."""
    home: Identifier
    """The id of the place where this person sleeps."""
    bedtime: ClockTime
    """When this person usually goes to bed, as "HH:MM"."""
    habits: Annotated[tuple[Habit, ...], Field(min_length=1, max_length=24)]
    """An ordinary day in the order of the clock; gaps are free time."""
    relationships: tuple[Relationship, ...] = ()
    """How this person stands to others; who is left out is a neighbour like any other."""
    goals: tuple[Clause, ...] = ()
    """Open aims, as verb phrases in physical words: "find the chest of tools"."""
    secrets: tuple[Secret, ...] = ()
    """What this person keeps from others."""
    speech: Speech
    """Manner and language."""
    held_by: Identifier | None = None
    """None: an agent plays this person. Else the id of the user whom an agent serves, and who
    holds this persona hidden, to be inferred."""

    @field_validator("habits")
    @classmethod
    def _habits_follow_the_clock(cls, habits: tuple[Habit, ...]) -> tuple[Habit, ...]:
        for before, after in itertools.pairwise(habits):
            if after.start < before.end:
                raise ValueError(
                    f"the row at {after.at} begins before the one at {before.at}"
                    f" ({before.minutes} minutes) is over; shorten that or move this"
                )
        return habits

    @field_validator("relationships")
    @classmethod
    def _one_row_for_each_other(
        cls, rows: tuple[Relationship, ...], info: ValidationInfo
    ) -> tuple[Relationship, ...]:
        people = [row.person for row in rows]
        if info.data.get("id") in people:
            raise ValueError(f"{info.data['id']!r} is this persona itself; remove that row")
        twice = sorted({person for person in people if people.count(person) > 1})
        if twice:
            raise ValueError(f"{twice[0]!r} stands there twice; keep one row for a person")
        return rows

    @property
    def job(self) -> str:
        """The occupation with its article: "an innkeeper"."""
        article = "an" if self.occupation[0] in "aeiou" else "a"
        return f"{article} {self.occupation}"

    @property
    def bio_line(self) -> str:
        """The short form that prompts use: "Hugo is an innkeeper who …"."""
        return f"{self.name} is {self.job} who {self.who}."


def persona_json_schema() -> dict[str, object]:
    """The JSON Schema of a persona's file, for editors that check YAML while one types."""
    schema = Persona.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
