"""The schema of a table file: who sits there, which cards are laid out, and who does what when.

A *card* is something to judge: a colour, a statement, a picture in words. Cards that are asked and
answered in the same way make a *set*. A *protocol* says which sets are laid out, and what happens
in each round of minutes in which one card lies on the table. What a lever decides stands in braces:
``{sources}`` is the value of the lever ``sources``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    from collections.abc import Iterator

LEVER: Final = re.compile(r"\{(\w+)\}")
"""A lever in braces."""
SPOKEN: Final = ("asked", "answer")
"""What stands in braces in the words of a remark, besides levers."""
ASKED: Final = "asked"
OTHERS: Final = "others"

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Clause = Annotated[str, Field(min_length=1, max_length=200)]
Does = Literal["aloud", "slip", "remark", "clear"]
"""Answer aloud; write an answer on a slip; say something; have the card laid out afresh, so that
nothing of what was said of it is before anybody's eyes."""


def _text(given: Any) -> Any:
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given


Reference = Annotated[str, BeforeValidator(_text)]
"""A value, or a lever in braces."""


class Row(BaseModel):
    """What all parts of a table file share."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Card(Row):
    """Something to judge."""

    shown: Clause
    """A sentence on what is to be seen: ``The card on the table is blue.``"""
    contrary: str = ""
    """The sentence that states the contrary, where there is one: it is a card of its own."""
    right: str = ""
    """The right answer, where there is one; known to the world alone."""
    wrong: str = ""
    """The answer of those who answer wrongly; it is right on the contrary card."""
    answers: tuple[str, ...] = ()
    """What can be answered; empty: the right and the wrong answer, or those of the set."""


class Set(Row):
    """Cards that are asked and answered in the same way."""

    asks: Clause
    """What is asked, a verb phrase: ``name the colour of the card``."""
    aloud: Clause = "say {answer}"
    """An answer in everybody's hearing, as an option."""
    slip: Clause = "write {answer}"
    """An answer on a slip, as an option."""
    says: Clause = "I say {answer}"
    """An answer in words, a clause."""
    answers: tuple[str, ...] = ()
    """What can be answered, where no card says otherwise."""
    cards: dict[Id, Card] = Field(min_length=1)

    def answers_of(self, card: Card) -> tuple[str, ...]:
        """What can be answered to a card."""
        return card.answers or tuple(filter(None, (card.right, card.wrong))) or self.answers


class Step(Row):
    """Something that happens while a card lies there."""

    at: int = Field(ge=1)
    """Minutes after the card was laid out."""
    does: Does
    by: Annotated[str, BeforeValidator(_text)] = ASKED
    """``asked``; ``others``: one after the other, a minute each; or a number: that one of them."""
    count: Reference = "1"
    """How many of the others, or how often the same one."""
    answer: Reference = "own"
    """``own``: they decide; ``right`` or ``wrong``: the card's; or the answer itself."""
    text: str = ""
    """The words of a remark; ``{asked}`` and ``{answer}`` stand for the name and the answer."""
    unless_held: bool = False
    """Whether it is left out where the one who is asked has just given that answer."""
    when: dict[str, tuple[str, ...]] = {}
    """Lever → values: left out under any other."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.by == ASKED and self.does != "clear" and self.answer != "own":
            raise ValueError("who is asked decides: leave answer out")
        if self.by != ASKED and self.does in ("aloud", "slip") and self.answer == "own":
            raise ValueError("the others answer by the script: give an answer")
        if (self.does == "remark") != bool(self.text):
            raise ValueError("a remark has a text, and nothing else has one")
        if self.does == "remark" and self.by == ASKED:
            raise ValueError("remarks are made by the others: give by")
        if self.by not in (ASKED, OTHERS) and not (self.by.isdigit() and int(self.by)):
            raise ValueError(f"by: {self.by!r} is not asked, others or a number from 1")
        return self


class Protocol(Row):
    """What is laid out, and what happens with each card."""

    sets: tuple[Reference, ...] = Field(min_length=1)
    """Names of sets, laid out one after the other."""
    sides: Reference = "shown"
    """``shown``: cards as they are; ``contrary``: their contraries; ``both``: those, then these."""
    minutes: int = Field(ge=2)
    """From one card to the next."""
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for step in self.steps:
            if step.at >= self.minutes:
                raise ValueError(f"a step at {step.at} comes when the next card lies there")
        return self


class Table(Row):
    """A table file."""

    title: str
    plan: str
    """One character a cell: ``#`` a wall, ``o`` the table, ``s`` a seat at it, ``.`` the room."""
    cast: tuple[Id, ...] = Field(min_length=1)
    """Ids of personas, in the order in which they sit; who is asked is one of them."""
    settings: dict[Id, tuple[str, ...]]
    """Levers; the first value is the default. ``protocol`` and ``asked`` are among them."""
    sets: dict[Id, Set] = Field(min_length=1)
    protocols: dict[str, Protocol] = Field(min_length=1)
    start: str = "10:00"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for problem in _problems(self):
            raise ValueError(problem)
        return self


def _problems(table: Table) -> Iterator[str]:
    """Everything that a file says and does not have."""
    yield from _of_settings(table)
    for name, group in table.sets.items():
        yield from (f"sets.{name}.cards.{told}" for told in _of_set(group))
    for name, protocol in table.protocols.items():
        yield from (f"protocols.{name}: {told}" for told in _of_protocol(table, protocol))


def _of_settings(table: Table) -> Iterator[str]:
    for lever, known in (("protocol", table.protocols), ("asked", table.cast)):
        values = table.settings.get(lever, ())
        if not values:
            yield f"settings: {lever} is missing"
        yield from (
            f"settings.{lever}: there is no {name!r}" for name in values if name not in known
        )
    seats = table.plan.count("s")
    if seats < len(table.cast):
        yield f"plan: {seats} seats for {len(table.cast)} people"


def _of_set(group: Set) -> Iterator[str]:
    for card, row in group.cards.items():
        answers = group.answers_of(row)
        if len(set(answers)) < 2:
            yield f"{card}: give two different answers or more"
        for given in (row.right, row.wrong):
            if given and given not in answers:
                yield f"{card}: {given!r} is none of its answers"


def _of_protocol(table: Table, protocol: Protocol) -> Iterator[str]:
    for reference in protocol.sets:
        names = possible(table, reference)
        yield from (f"sets: there is no set {name!r}" for name in names if name not in table.sets)
    for side in possible(table, protocol.sides):
        if side not in ("shown", "contrary", "both"):
            yield f"sides: {side!r} is not shown, contrary or both"
    for step in protocol.steps:
        yield from _of_step(table, step)


def _of_step(table: Table, step: Step) -> Iterator[str]:
    most = len(table.cast) - 1
    for lever, values in step.when.items():
        missing = sorted(set(values) - set(table.settings.get(lever, ())))
        yield from (f"when: {lever} has no value {value!r}" for value in missing)
    for count in possible(table, step.count):
        if not count.isdigit():
            yield f"count: {count!r} is no number"
        elif step.by == OTHERS and int(count) > most:
            yield f"count: {count} others, and {most} sit there"
    if step.by.isdigit() and int(step.by) > most:
        yield f"by: there is no {step.by}th of the others"
    names = (*SPOKEN, *table.settings)
    for name in LEVER.findall(step.text):
        if name not in names:
            yield f"text: {{{name}}} stands for nothing"


def possible(table: Table, reference: str) -> tuple[str, ...]:
    """The values that a reference can have, whatever the levers."""
    match = LEVER.fullmatch(reference)
    if match is None:
        return (reference,)
    return table.settings.get(match[1], (f"lever {match[1]}",))


def resolved(reference: str, settings: dict[str, str]) -> str:
    """The value of a reference, as the levers stand."""
    match = LEVER.fullmatch(reference)
    return reference if match is None else settings[match[1]]
