"""The schema of a map file: places, objects, uses, levers and facts of a town, as YAML.

A use is one physical act that an object allows. Its conditions are a list of tests that must all
hold; its effects say what changes, whose that is and whether the owner agrees. Nothing in a text
that a mind reads says what an act means to anybody: that stands in ``owner`` and ``consent``.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from simulation.kernel.clock import minutes_of
from simulation.kernel.facts import Fact
from simulation.kernel.stakes import Goal, Norm
from simulation.kernel.topics import Topic

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""Lower-case letters, digits and underscores, a letter first."""
Glyph = Annotated[str, StringConstraints(min_length=1, max_length=1)]
Scalar = str | int | float | bool | None
Verb = Literal["take", "give", "carry", "join", "use", "force", "leave", "read", "write"]

QUESTIONS: Final = (
    "attribute",
    "holds",
    "need",
    "hours",
    "setting",
    "actor",
    "not_actor",
    "person",
    "owner",
    "present",
    "absent",
    "knows",
    "not_knows",
    "place",
)


class Row(BaseModel):
    """What all parts of a map file share: frozen, and strict about their fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Window(Row):
    """A part of every day."""

    since: str
    """When it begins, ``14:00``."""
    until: str
    """When it is over, ``18:00``; it may run over midnight."""

    @model_validator(mode="after")
    def _are_hours(self) -> Window:
        minutes_of(self.since)
        minutes_of(self.until)
        return self


class Test(Row):
    """Something that must hold. Ask one question, and give its answer."""

    __test__ = False  # not one of pytest's
    of: str = "self"
    """Whose attribute: ``self`` (the object), ``actor``, ``person`` (the other), or an id."""
    attribute: str | None = None
    """An attribute, compared with ``equals``, ``among``, ``at_least`` or ``at_most``."""
    holds: str | None = None
    """An item that the actor (or ``of``) has, ``at_least`` one unless said otherwise."""
    need: Literal["energy", "fullness"] | None = None
    """A need of the actor, 0 to 10, compared with ``at_least`` or ``at_most``."""
    hours: Window | None = None
    """The hour lies in this window."""
    setting: str | None = None
    """A lever, whose value is one of ``among``."""
    actor: tuple[str, ...] | None = None
    """The actor is one of these."""
    not_actor: tuple[str, ...] | None = None
    """The actor is none of these."""
    person: tuple[str, ...] | None = None
    """The other is one of these."""
    owner: bool | None = None
    """Whether the actor owns the object."""
    present: str | None = None
    """This person is awake in the same place."""
    absent: str | None = None
    """This person is not in the same place."""
    knows: str | None = None
    """The actor knows this fact."""
    not_knows: str | None = None
    """The actor does not know this fact."""
    place: str | None = None
    """The actor is in this place."""
    equals: Scalar = None
    among: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    otherwise: str = ""
    """The reason that the actor perceives where it does not hold: ``the gate is jammed``."""

    @cached_property
    def question(self) -> str:
        """The name of the one question that is asked."""
        return next(name for name in QUESTIONS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _asks_one_question(self) -> Test:
        asked = [name for name in QUESTIONS if getattr(self, name) is not None]
        if len(asked) != 1:
            raise ValueError(f"ask one question, one of {', '.join(QUESTIONS)}; got {asked}")
        return self


class Outcome(Row):
    """Something that changes: an attribute, a number of items, or a need."""

    of: str = "self"
    """Whose: ``self``, ``actor``, ``person``, or an id."""
    attribute: str | None = None
    """``{actor}``, ``{person}`` and ``{day}`` are filled in: ``baskets:{day}``."""
    holds: str | None = None
    """An item whose number changes."""
    need: Literal["energy", "fullness"] | None = None
    add: float | None = None
    """By how much a number grows; negative: shrinks."""
    set: Scalar = None
    """The new value; ``{actor}`` and ``{words}`` (what the actor writes) are filled in."""
    owner: str | None = None
    """Whose it is; left out: the object's owner, or of ``actor`` and ``person`` their own."""
    consent: bool | None = None
    """Whether the owner agrees; one's own is always agreed."""
    consent_if: tuple[Test, ...] = ()
    """In place of ``consent``: the owner agrees exactly where these hold."""
    when: tuple[Test, ...] = ()
    """It changes only where these hold."""

    @model_validator(mode="after")
    def _changes_one_thing(self) -> Outcome:
        named = [n for n in ("attribute", "holds", "need") if getattr(self, n) is not None]
        if len(named) != 1:
            raise ValueError("name one of attribute, holds, need")
        if self.attribute is None and self.add is None:
            raise ValueError("a number of items and a need change by `add`")
        return self


class Pace(Row):
    """How long a use takes for some."""

    minutes: int
    when: tuple[Test, ...]


class Sound(Row):
    """What is heard of a use once it has begun."""

    text: str
    """A sentence."""
    places: tuple[str, ...]
    """Where it is heard."""


class Use(Row):
    """One physical act that an object allows."""

    id: Id
    """Unique for the object."""
    action: Verb
    """The typed action that it is."""
    text: str
    """A neutral verb phrase as minds are shown it; ``{person}`` is the other's name."""
    deed: str
    """The same in the past tense, as onlookers tell it."""
    about: str = ""
    """A clause that tells why it could be done now; may be empty."""
    minutes: Annotated[int, Field(ge=1, le=240)] = 1
    """How long a round of it takes."""
    paces: tuple[Pace, ...] = ()
    """Who takes longer or shorter; the first that holds counts."""
    rounds: Annotated[int, Field(ge=1, le=100)] = 1
    """How many times it is done before the actor looks up; it ends early where a test fails."""
    together: Annotated[int, Field(ge=1, le=10)] = 1
    """How many must be at it at the same time for anything to come of it."""
    alone: bool = False
    """Only one can be at it at a time."""
    towards: Literal["nobody", "person"] = "nobody"
    """``person``: it is offered once for each person near."""
    item: str = ""
    """The item that is taken or given, where it differs from the object."""
    to: str = ""
    """Where a thing is carried to: a place's id."""
    amount: int = 1
    """How many."""
    stands_for: tuple[str, ...] = ()
    """Beginnings of habits that are this use: ``buy a`` makes of "buy a roll" more than waiting."""
    requires: tuple[Test, ...] = ()
    """What must hold."""
    effects: tuple[Outcome, ...] = ()
    """What changes each round."""
    learned: tuple[str, ...] = ()
    """Ids of facts that the actor learns."""
    notable: bool = False
    """Whether onlookers look up."""
    sound: Sound | None = None


class Sight(Row):
    """A sentence on the state of an object, for those who can see it."""

    text: str
    """``{count}`` and other attributes of the object are filled in, numbers as words."""
    when: tuple[Test, ...] = ()


class Request(Row):
    """Something that one person can ask others about, under some levers."""

    id: Id
    """``logs``; the utterance is tagged ``request:logs``."""
    by: str
    """Who can ask."""
    text: str
    """The option as minds are shown it; ``{person}`` is the one asked."""
    when: tuple[Test, ...] = ()


class Variant(Row):
    """How an object starts under a value of a lever."""

    setting: str
    among: tuple[str, ...]
    state: dict[str, Scalar] = {}
    owner: str | None = None


class Thing(Row):
    """An object that stands somewhere, or (an item) is carried about."""

    id: Id
    name: str
    """As in a sentence: ``the gate``."""
    place: str = ""
    """The id of the place where it stands; empty for an item."""
    mark: Glyph | None = None
    """The glyph of its cell in the plan; left out: near the middle of the place."""
    also_from: tuple[str, ...] = ()
    """Other places from which it is within reach."""
    worn_by: str = ""
    """A person who always has it on them; it is seen where they are."""
    owner: str = ""
    """A person's id, ``commons``, or empty for nobody's."""
    state: dict[str, Scalar] = {}
    """Its attributes at the start."""
    variants: tuple[Variant, ...] = ()
    """What differs under a lever."""
    blocks: tuple[Scalar, ...] = ()
    """Values of ``state`` in which nobody walks through its cell."""
    holders: dict[str, int] = {}
    """Of an item: who has how many at the start."""
    sights: tuple[Sight, ...] = ()
    """The first that holds is seen."""
    uses: tuple[Use, ...] = ()
    requests: tuple[Request, ...] = ()


class Room(Row):
    """A named part of the plan."""

    id: Id
    name: str
    """As in a sentence: ``the bakehouse``."""
    at: str = "at"
    """The preposition: ``in``, ``on``."""
    indoors: bool = False
    capacity: Annotated[int, Field(ge=1)] | None = None
    """How many people it holds."""
    private: bool = False
    """Only those who live there or have a habit there think of going."""
    beds: bool = False
    """Whether people who live elsewhere can sleep there."""
    stand: Glyph | None = None
    """The glyph of the cell around which people stand; left out: the middle."""
    closed: Window | None = None
    """When nobody can be on its cells (a tide)."""
    closes: Glyph | None = None
    """Only cells with this glyph close; left out: all of them."""
    ashore: str = ""
    """The place to which those who are on them then are brought."""
    closed_text: str = ""
    """The reason that a walker perceives: ``the causeway is under water``."""
    quiet: Window | None = None
    """Hours in which it is kept quiet."""


class Event(Row):
    """Something that happens by itself every day at an hour."""

    at: str
    """``14:00``."""
    text: str
    """A sentence; attributes of the object ``of`` are filled in."""
    of: str = ""
    place: str = ""
    """Where it is noticed; empty: everywhere."""
    when: tuple[Test, ...] = ()
    effects: tuple[Outcome, ...] = ()

    @model_validator(mode="after")
    def _is_an_hour(self) -> Event:
        minutes_of(self.at)
        return self


class KnownFact(Fact):
    """A fact, and the levers under which it is one."""

    when: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    """Lever → values: left out under any other value."""
    also_seeded: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    """``lever=value`` → who else knows it from the start."""


class OpenGoal(Goal):
    """A goal, and the levers under which somebody has it."""

    when: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    """Lever → values: left out under any other value."""
    also_assigned: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    """``lever=value`` → whose task it is besides."""


class KnownNorm(Norm):
    """A norm, and the levers under which it holds."""

    when: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    """Lever → values: left out under any other value."""


class Town(Row):
    """A map file."""

    title: str
    """What the world is called in a heading."""
    plan: str
    """One character a cell, as a block scalar; all rows of one length."""
    legend: dict[Glyph, str]
    """Glyph → the id of the place that such a cell belongs to."""
    places: tuple[Room, ...]
    cast: tuple[str, ...]
    """Ids of personas, in the order of the roster."""
    settings: dict[Id, tuple[str, ...]] = {}
    """Levers; the first value is the default."""
    things: tuple[Thing, ...] = ()
    owed: dict[str, dict[str, int]] = {}
    """Who owes how many coins to whom."""
    events: tuple[Event, ...] = ()
    facts: tuple[KnownFact, ...] = ()
    topics: tuple[Topic, ...] = ()
    """What people can take a stand on; whoever is not in the cast is passed over."""
    goals: tuple[OpenGoal, ...] = ()
    """What people want to be so: by these a deed is read afterwards. No mind is shown them."""
    norms: tuple[KnownNorm, ...] = ()
    """What is not done. No mind is shown them."""
    start: str = "07:00"
    ticks: int = 900
    sight: int = 10
    """How far a body sees, in cells."""
    hearing: int = 5
    """How far a voice carries, in cells."""
    voices: dict[str, int] = {}
    """``lever=value`` → how far a voice carries under it."""
    silent: dict[str, tuple[str, ...]] = {}
    """Lever → values: under these nobody talks."""
    speed: int = 4
    """How far a body walks in a tick, in cells."""
    reach: int = 8
    """How far an act can touch, in cells; people stand so that what a place holds is in reach."""


def map_json_schema() -> dict[str, object]:
    """The JSON Schema of a map file, for editors that check YAML while one types."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Town.model_json_schema()}
