"""Topics: questions on which people hold positions, by id."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

Position = float | str
"""A number from -1 (wholly against) to 1 (wholly for), or the id of a named option."""


class Topic(BaseModel):
    """Something on which one can take a stand, and what people think of it at the start.

    With ``options`` a position is one of them; without, it is a number for or against the
    statement. The wording is given, so that a weak model says what is meant and nothing else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    id: str
    """Short and stable: ``limit``."""
    statement: str
    """A clause that one can be for or against, or a question for named options: ``the two-basket
    limit should stay``."""
    pro: str = ""
    """As somebody who is for it would say it, a clause."""
    con: str = ""
    """As somebody who is against it would say it, a clause."""
    options: dict[str, str] = {}
    """Named positions, each with the clause of somebody who holds it."""
    said_by: dict[str, str] = {}
    """As whoever is an option would say it of themselves: ``ada: I want to be warden``."""
    held: dict[str, Position] = {}
    """Who holds which position from the start; who is left out has none yet."""
    truth: Position | None = None
    """The right answer, where there is one; known to the world alone."""
    goal: Position | None = None
    """The position that the group shares as its aim, where it has one; known to the world alone."""
    fact: str = ""
    """Id of the fact that raises it: a position comes to mind where that fact's appointment is."""

    @model_validator(mode="after")
    def _positions_fit(self) -> Self:
        if self.options and (self.pro or self.con):
            raise ValueError("has named options, and pro or con besides: give one or the other")
        if not self.options and not (self.pro and self.con):
            raise ValueError("needs pro and con, or named options")
        for name, known in (("truth", self.truth), ("goal", self.goal)):
            if known is not None and not self.allows(known):
                raise ValueError(f"{name}: {known!r} is not a position on this topic")
        for agent, position in self.held.items():
            if not self.allows(position):
                raise ValueError(f"{agent}: {position!r} is not a position on this topic")
        return self

    def allows(self, position: Position) -> bool:
        """Whether this is a position that one can hold here."""
        if self.options:
            return position in self.options
        return not isinstance(position, str) and -1 <= position <= 1

    def clause(self, position: Position, holder: str = "") -> str:
        """A position as its holder would say it."""
        if position == holder and holder in self.said_by:
            return self.said_by[holder]
        if isinstance(position, str):
            return self.options[position]
        return self.pro if position >= 0 else self.con
