"""What may stand in a plan as an activity, and what its words point at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulation.errors import InvalidReply
from simulation.language.checks import Check, through
from simulation.language.plausible import a_phrase

if TYPE_CHECKING:
    from collections.abc import Collection

    from simulation.kernel.percept import Percept

LONGEST_ACTIVITY = 8
"""Words of a stroke of the day."""
LONGEST_STEP = 7
"""Words of a step."""
_PRONOUN = re.compile(r"\b(?:it|them)\b")
_PREPOSITION = (
    "about across against along among around at behind below beside by down for from in inside"
    " into near of off on onto out over past round through to towards under up with"
)
PREPOSITIONS = frozenset(_PREPOSITION.split())
"""Words that say where, and never what."""
_NO_VERB = PREPOSITIONS | {"will", "would", "should", "then", "first", "last", "one", "two"}


def an_activity(most_words: int, names: Collection[str]) -> Check:
    """A verb phrase for something to do, which names nobody unheard of.

    Args:
        most_words: How long it may be.
        names: Words with a capital that may occur.
    """

    def check(text: str) -> str:
        words = text.split()
        if words[0] in _NO_VERB:
            raise InvalidReply("it does not begin with a verb", text)
        unknown = next((word for word in words if word[0].isupper() and word not in names), "")
        if unknown:
            raise InvalidReply(f"nobody and nothing here is called {unknown!r}", text)
        return text

    return through(a_phrase(most_words), check)


def known_names(percept: Percept) -> frozenset[str]:
    """Words with a capital that a plan may hold: names of people and places, and one's own words.

    Whom somebody has never met is among them: a village knows its people by name.
    """
    stage, persona = percept.view.stage, percept.persona
    texts = [known.name for known in stage.cast.values()]
    texts += [place.name for place in stage.plan.places.values()]
    texts += [habit.doing for habit in persona.habits] + list(persona.goals)
    words = [word.strip(".,;:!?") for text in texts for word in text.split()]
    owned = [word.removesuffix("'s") for word in words]
    capital = {word for word in (*words, *owned) if word[:1].isupper()}
    return frozenset(capital | {f"{word}'s" for word in capital})


def object_of(doing: str) -> str:
    """What an act is done to, as later words may mean it; empty where that is not plain.

    Examples:
        >>> object_of("read the tide marks")
        'the tide marks'
        >>> object_of("take a cup from the shelf")
        'the cup'
        >>> object_of("sit on the bench")
        ''
    """
    rest = doing.split()[1:]
    if rest and rest[0] in ("a", "an"):
        rest[0] = "the"
    cut = next((number for number, word in enumerate(rest) if word in PREPOSITIONS), len(rest))
    return " ".join(rest[:cut])


def spelt_out(step: str, before: str) -> str:
    """A step with *it* and *them* replaced by what the step before was done to.

    Examples:
        >>> spelt_out("write them down", "read the tide marks")
        'write the tide marks down'
    """
    meant = object_of(before)
    return _PRONOUN.sub(meant, step) if meant else step


def dangling(step: str) -> bool:
    """Whether a step points at something that it does not name."""
    return _PRONOUN.search(step) is not None
