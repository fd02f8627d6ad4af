"""What is at stake in a world: goals that people have, and norms that they live by.

A world declares both, and no mind is ever shown them: they are what lets a deed be read afterwards
as a benefit to somebody's goal, or as a loss that nobody agreed to.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

COMMONS = "commons"
"""The owner of what is everybody's."""


class Goal(BaseModel):
    """Something that somebody wants to be so and that others can bring about, too.

    Examples:
        >>> Goal(id="logs", owner="gudrun", target="logs", attribute="in_shed", until=12).owner
        'gudrun'
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    id: str
    """Short and stable: ``logs``."""
    owner: str
    """Whose goal it is: a person's id, or ``commons`` for a shared one."""
    target: str
    """The object whose state it is about."""
    attribute: str
    """Its attribute."""
    until: float | str | bool
    """The goal is open until the attribute has this value (a number: until it has come so far)."""
    facts: tuple[str, ...] = ()
    """Ids of facts that tell of the need without putting it to anybody."""
    hints: tuple[str, ...] = ()
    """Ids of facts that hint at it."""
    asks: tuple[str, ...] = ()
    """Ids of facts that ask for it."""
    orders: tuple[str, ...] = ()
    """Ids of facts that assign it."""
    request: str = ""
    """Utterances tagged ``request:THIS`` ask for it."""
    assigned: tuple[str, ...] = ()
    """Ids of people whose task it is anyway."""


class Norm(BaseModel):
    """What is not done, as far as one knows of it.

    A loss without consent is known to be one by whoever knows the fact; without a fact, by
    everybody (that a till is its owner's needs no notice).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    id: str
    """Short and stable: ``basket_limit``."""
    target: str
    """The object or place that it protects."""
    attribute: str = ""
    """The attribute, up to a colon (``baskets`` is also ``baskets:2``); empty: all of them."""
    fact: str = ""
    """Id of the fact by which it is known; empty: everybody knows."""
    mandate: tuple[str, ...] = ()
    """Ids of people who may do it in their office: theirs is enforcement."""
    kind: Literal["property", "rule"] = "property"
    """Whether it protects what somebody owns, or is a rule of living together."""
