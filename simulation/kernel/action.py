"""The typed actions: what a mind may return, and nothing else.

Each is one physical act. What it means to anybody (whose the thing was, who agreed, who gained)
is known to the world's rules and never stands in an action or its label.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class Deed(BaseModel):
    """What all actions share: they are immutable, and strict about their fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Go(Deed):
    """Walk to a place, or up to a person."""

    verb: Literal["go"] = "go"
    to: str
    """A place's id, or a person's."""


class Say(Deed):
    """Say something to one person, or to all in earshot."""

    verb: Literal["say"] = "say"
    to: str = ""
    """A person's id; empty: all in earshot."""
    text: str = ""
    """The words; filled in by the mind when it speaks."""
    facts: tuple[str, ...] = ()
    """Ids of the facts that the words carry."""
    about: str = ""
    """What it is about: a subject that the world's rules know (``request:logs``), or nothing."""
    positions: tuple[tuple[str, float | str], ...] = ()
    """(topic, position) for each position that the words take."""
    also: tuple[str, ...] = ()
    """Ids of others who take part in the talk and are spoken to as well."""
    last: bool = False
    """Whether the speaker means it to close the talk."""
    given: str = ""
    """The clause that the engine supplied, where it did."""
    talk: str = ""
    """Id of the conversation that it belongs to, or empty when it opens one."""
    call: str = ""
    """Id of the model call behind the words."""


class Take(Deed):
    """Take something from where it lies."""

    verb: Literal["take"] = "take"
    thing: str
    source: str = ""
    amount: int = 1
    way: str = ""
    """Which of the object's uses this is."""


class Give(Deed):
    """Hand something to somebody."""

    verb: Literal["give"] = "give"
    thing: str
    to: str
    amount: int = 1
    way: str = ""


class Carry(Deed):
    """Bring something from one place to another."""

    verb: Literal["carry"] = "carry"
    thing: str
    to: str = ""
    way: str = ""


class Join(Deed):
    """Take part in a task that several can work at."""

    verb: Literal["join"] = "join"
    task: str
    way: str = ""


class Use(Deed):
    """Do with an object one of the things it is for."""

    verb: Literal["use"] = "use"
    thing: str
    way: str = ""


class Force(Deed):
    """Use strength on an object."""

    verb: Literal["force"] = "force"
    thing: str
    way: str = ""


class Leave(Deed):
    """Put a thing down, or step out of a talk."""

    verb: Literal["leave"] = "leave"
    thing: str
    """A thing's id, or ``talk``."""
    amount: int = 1
    way: str = ""


class Read(Deed):
    """Read a notice."""

    verb: Literal["read"] = "read"
    thing: str


class Write(Deed):
    """Write on a notice, a list, a slip."""

    verb: Literal["write"] = "write"
    thing: str
    text: str = ""
    """The words; filled in by the mind where they are its own."""
    own_words: bool = False
    """Whether the writer finds the words, as on a notice board; a name or a mark is given."""
    way: str = ""


class Wait(Deed):
    """Stay where one is and go about one's own business there."""

    verb: Literal["wait"] = "wait"
    minutes: int = 10
    doing: str = ""
    """What one is at (``knead the dough``), in the world's words or one's own; empty for plain
    waiting. It is seen and remembered, and changes nothing, so it is always legal."""


class Sleep(Deed):
    """Lie down and sleep until woken or rested."""

    verb: Literal["sleep"] = "sleep"


Action = Annotated[
    Go | Say | Take | Give | Carry | Join | Use | Force | Leave | Read | Write | Wait | Sleep,
    Field(discriminator="verb"),
]
"""Any one of the typed actions, told apart by ``verb``."""

ACTION: TypeAdapter[Action] = TypeAdapter(Action)
"""Reads and writes an action as JSON."""
