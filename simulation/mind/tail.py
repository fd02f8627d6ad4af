"""Tails: what a weak model adds to a clause that is given to it, and whether it may be said.

A tail is never credited with anything. Of 49 that SmolLM2-135M wrote in an evening of Tidemark six
were to the point; the others added events, contradicted the clause or brought in things from
nowhere, and nearness in meaning (cosine) picked out the wrong ones. So a tail has to be an
intention in words that bring in nothing new, or it is left out.
"""

from __future__ import annotations

import re

from simulation.lint import find_loaded_words
from simulation.mind.words import sentence, trigrams

_NOT_IN_A_TAIL = frozenset("[]{}<>|()*#_:.!?")
TAIL = ", so "
"""What joins a given clause and a generated tail."""
AND_YOU = " And you?"
"""What is added to a position, to hear the other's."""
AS_WELL = ", too."
"""What is added to a position that the other has just taken."""
NEW_TO_ME = ("I did not know that. ", "Is that so? ", "That is new to me. ")
KNOWN_TO_ME = ("So I have heard. ", "I know. ")
"""What stands before an answer to a fact."""
_NO_BEGINNING = frozenset({"that", "as", "so", "and", "far", "much", "many", "long"})
"""Words after which *so* means something else."""
_INTENT = re.compile(
    r"(?:I|we|you) (?:will|shall|must|should|had better|have to|can|may|want to|hope to)\b",
    re.IGNORECASE,
)
_WHAT_FOLLOWS = frozenset(
    """i we you will shall must should had better have to can may want hope be the a an there
    here it us me my our your this that at in on by with for of and all too soon early
    late later
    """.split()  # noqa: SIM905
)
_GOING_ABOUT = frozenset(
    """go come walk look see tell ask talk think know wait stay watch listen rest begin start
    finish hurry back home over now again everyone others everybody
    myself ourselves yourself before after then first time ready about more
    """.split()  # noqa: SIM905
)
"""Besides the words of the clause and the place, what a tail may be made of."""


def compose(clause: str, tail: str) -> str:
    """A clause and a tail as one sentence."""
    return sentence(f"{clause}{TAIL}{tail}" if tail else clause)


def without_tail(text: str) -> str:
    """What was said without what was put before and after it."""
    lead = next((lead for lead in NEW_TO_ME + KNOWN_TO_ME if text.startswith(lead)), "")
    return text.removeprefix(lead).removesuffix(AND_YOU).removesuffix(AS_WELL).split(TAIL, 1)[0]


def usable_tail(tail: str, said: str, speaker: str) -> bool:
    """Whether a generated tail may be said: it adds words, repeats nothing, names no speaker.

    Args:
        tail: What the model added.
        said: The clause that it follows, with what was said before in this talk.
        speaker: Whose words they are.
    """
    words = tail.split()
    if not 2 <= len(words) <= 16 or _NOT_IN_A_TAIL & set(tail):
        return False
    if words[0].lower() in _NO_BEGINNING:
        return False
    if speaker.lower() in tail.lower() or find_loaded_words(tail):
        return False
    runs = [tuple(words[i : i + 3]) for i in range(len(words) - 2)]
    return len(runs) == len(set(runs)) and not trigrams(tail) & trigrams(said)


def follows(tail: str, about: str) -> bool:
    """Whether a tail says what somebody will do about it, in words that bring in nothing new.

    A small model likes to add events (``so I put it in the oven``), to turn round what was said
    (``so I would not``) or to bring in things from nowhere (``so I will make a cake``).

    Examples:
        >>> follows("I shall go to the sea", "forty sandbags should be on the sea bank by two")
        True
        >>> follows("I will make a cake", "I give a supper at the inn")
        False
    """
    words = re.findall(r"[\w']+", tail.lower())
    known = set(re.findall(r"[\w']+", about.lower())) | _WHAT_FOLLOWS | _GOING_ABOUT
    return len(words) > 2 and _INTENT.match(tail) is not None and known.issuperset(words)
