"""What an agent remembers, as one immutable record."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final, Literal, get_args

from simulation.memory.keywords import keywords_of

Kind = Literal["observation", "dialogue", "plan", "reflection", "fact"]
"""What sort of thing is remembered."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""All kinds; a kind's position is its code in the arrays of a stream."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """One remembered item, as it was when it was read from its stream.

    The record never changes. What does (how often it was observed, when it was last accessed, how
    often it was recalled) lives in the stream, which fills it in.

    Examples:
        >>> seen = Memory(id="12.act.3.0", agent="Ada", kind="observation", text="Stove: idle.")
        >>> seen.keywords
        ('stove', 'idle')
    """

    id: str
    """The identity of the event that formed it, unique in a run."""
    agent: str
    """Who remembers."""
    kind: Kind
    text: str
    """In the third person, or neutral: ``Bo told Ada that the mill is shut.``"""
    spoken: str = ""
    """A first-person clause without a final stop that can be said aloud; may be empty."""
    created: int = 0
    """The tick at which it was formed."""
    importance: float = 1.0
    """From 1 (mundane) to 10 (poignant)."""
    place: str = ""
    people: tuple[str, ...] = ()
    """Who took part, besides the one who remembers."""
    evidence: tuple[str, ...] = ()
    """The ids of the events and memories that it rests on."""
    fact: str = ""
    """The id of the fact that it carries, or empty: what diffusion is counted by."""
    source: str = ""
    """``seeded``, ``told:NAME``, ``overheard:NAME``, ``saw``, ``read``, ``inferred`` or empty."""
    about: str = ""
    """The key by which repetitions are found, see :func:`about_key`; empty: never merged."""
    count: int = 1
    """How often the same was observed."""
    last_access: int = -1
    """The tick at which it was last formed, observed again or recalled; never before ``created``,
    which it is where nothing is said."""
    recalls: int = 0
    """How often it came to mind."""
    keywords: tuple[str, ...] = ()
    """The words of the text that it can be found by, see :func:`keywords_of`; filled in."""

    def __post_init__(self) -> None:
        if not self.id:
            msg = "a memory needs the id of the event that formed it"
            raise ValueError(msg)
        if self.kind not in KINDS:
            msg = f"memory {self.id!r}: kind {self.kind!r} is none of {', '.join(KINDS)}"
            raise ValueError(msg)
        if not self.text or self.text.isspace():
            msg = f"memory {self.id!r}: its text is empty"
            raise ValueError(msg)
        if not 1 <= self.importance <= 10:
            msg = f"memory {self.id!r}: importance {self.importance!r} is not between 1 and 10"
            raise ValueError(msg)
        if self.last_access < self.created:
            object.__setattr__(self, "last_access", self.created)
        if not self.keywords:
            object.__setattr__(self, "keywords", keywords_of(self.text))


def about_key(text: str) -> str:
    """Normalise a text to the key by which repetitions are found.

    Letter case, width, spacing and a final stop make no difference.

    Examples:
        >>> about_key("The  stove is idle.")
        'the stove is idle'
    """
    words = unicodedata.normalize("NFKC", text).casefold().split()
    return " ".join(words).rstrip(".!?… ")
