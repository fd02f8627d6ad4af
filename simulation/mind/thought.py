"""A thought that comes from outside the world, as if it were one's own.

Park et al. (2023, §3.1.2) let a user direct an agent as its inner voice: what it says is taken up
like a thing that came to mind. Here a whisper is remembered as a thought, breaks into what is in
hand, and for an hour of waking it stands first among the memories of every decision, and what it
speaks of is on the short list where it is legal. Whether anything comes of it is up to the mind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulation.mind.recollection import Note
from simulation.mind.words import content_words, sentence

if TYPE_CHECKING:
    from simulation.kernel.percept import Whispered
    from simulation.memory import Memory

STRIKING: Final = 8.0
"""Importance of such a thought, from 1 to 10."""
MINUTES_IN_MIND: Final = 60
"""How long it comes first, in waking sim minutes."""
SOURCE: Final = "whisper"
"""Where the memory says that it comes from."""


class Thought:
    """The latest thought that came from outside, while it is in mind.

    Args:
        tick_minutes: Sim minutes in a tick.
    """

    def __init__(self, tick_minutes: int) -> None:
        self._lasts = max(1, MINUTES_IN_MIND // tick_minutes)
        self._left = 0
        self._memory = ""
        self._words: set[str] = set()

    def comes(self, memory: Memory) -> None:
        """Have this in mind."""
        self._memory, self._left = memory.id, self._lasts
        self._words = content_words(memory.spoken)

    def speaks_of(self, text: str) -> bool:
        """Whether an act has to do with what is in mind."""
        return self._left > 0 and bool(self._words & content_words(text))

    def fades(self) -> None:
        """A waking tick has passed."""
        self._left = max(0, self._left - 1)

    @property
    def memory(self) -> str:
        """The id of the memory that is in mind; empty: none."""
        return self._memory if self._left else ""


def thought_note(name: str, whispered: Whispered) -> Note:
    """What remains of it."""
    words = whispered.words.rstrip(".")
    return Note(
        kind="observation",
        text=sentence(f"A thought comes to {name}: {words}"),
        spoken=words,
        importance=STRIKING,
        evidence=(whispered.event,),
        source=SOURCE,
        fresh=True,
    )
