"""Talk that has run dry: repetition, echo, thanks without end, nothing new.

Pure functions on the lines of a talk, the latest last. They look at words only, so every mind that
heard the same lines comes to the same verdict, and no model is asked. A chat model left to itself
needs them most: two of them thank each other until they are stopped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from simulation.memory.record import about_key
from simulation.mind.words import content_words, trigrams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.mind.talk import Line

Fault = Literal["", "thanks and farewells", "echo", "repetition", "nothing new"]
"""What is wrong with a talk; empty: nothing."""

SAME = 0.6
"""A line is an old one if at least this share of its runs of three words stood in that one."""
SHORT = 5
"""Words up to which a line may come twice (``Good morning to you!``), and only then again."""
STALE_LINES = 4
"""So many lines in a row without a new word of content are enough."""
COURTESIES = 2
"""So many lines of thanks and farewell by each side are enough."""

_FAREWELL = re.compile(
    r"\b(?:good-?\s?bye|bye|farewell|see you|take care|good night|so long|until (?:then|next time)"
    r"|tschüss|auf wiedersehen|au revoir|adi[oó]s|arrivederci|ciao|tot ziens|tchau)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:thanks?|thank you|much obliged|you(?:'re| are) (?:very |most )?welcome|my pleasure"
    r"|likewise|danke|merci|gracias|grazie|bedankt|obrigad[oa])\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\b(?:hello|hi|hey|good (?:morning|day|afternoon|evening)|how are you|welcome"
    r"|guten (?:morgen|tag|abend)|bonjour|bonsoir|buenos d[ií]as|buongiorno|buonasera)\b",
    re.IGNORECASE,
)
_CEREMONY = frozenset(
    """a again all always and appreciate as been bless care chat chatting conversation day dear
    evening everything for forward friend glad good great have i i'll i'm indeed is it it's
    later looking lovely luck me meeting morning much my next nice night now of oh one our
    pleasant pleasure really rest safe see so soon speaking such sure talk talking that the then
    there this time to today tomorrow too truly until very was we well wish with wonderful yes
    you you'll your
    """.split()  # noqa: SIM905
)
"""Words that thanks and farewells are made of besides."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_FIGURE = re.compile(r"\d+")


def find_fault(lines: Sequence[Line]) -> Fault:
    """What is wrong with a talk by its last line, the plainest fault first.

    Last words are left out: with them it ends anyway.
    """
    lines = [line for line in lines if not line.last]
    if _ceremony(lines):
        return "thanks and farewells"
    return _said_before(lines) or ("nothing new" if _stale(lines) else "")


def is_courtesy(words: str) -> bool:
    """Whether a line is thanks or farewell and next to nothing else.

    Examples:
        >>> is_courtesy("Thank you so much, Ben, and good night!")
        True
        >>> is_courtesy("See you at eight in the hall.")
        False
    """
    rest, marks = _FAREWELL.subn(" ", words)
    rest, thanks = _THANKS.subn(" ", rest)
    # A name is not content here; nor is a single thing that thanks are for.
    return marks + thanks > 0 and _says_little(rest)


def is_ceremony(words: str) -> bool:
    """Whether a line is greeting, thanks or farewell and next to nothing else.

    Examples:
        >>> is_ceremony("Good morning, Ben, how are you?")
        True
        >>> is_ceremony("Good morning! The nets are torn.")
        False
    """
    rest, marks = _GREETING.subn(" ", words)
    return is_courtesy(words) or (marks > 0 and _says_little(rest))


def _says_little(words: str) -> bool:
    content = [word for word in _WORD.findall(words) if word == word.lower()]
    return len(set(content) - _CEREMONY) <= 1


def have_parted(lines: Sequence[Line]) -> bool:
    """Whether the last two lines are farewells, one by each side."""
    if len(lines) < 2 or lines[-1].speaker == lines[-2].speaker:
        return False
    return all(is_courtesy(line.words) and _FAREWELL.search(line.words) for line in lines[-2:])


def is_repeated(words: str, before: str) -> bool:
    """Whether a line says in the main what another one said.

    Examples:
        >>> is_repeated("I must mend the nets today.", "Well, I must mend the nets today, Ann!")
        True
        >>> is_repeated("Well, I must mend the nets today, Ann!", "I must mend the roof.")
        False
    """
    runs = trigrams(words)
    shared = len(runs & trigrams(before)) / len(runs) if runs else 0.0
    return shared >= SAME or about_key(words) == about_key(before)


def _ceremony(lines: Sequence[Line]) -> bool:
    last = lines[-2 * COURTESIES :]
    by = [line.speaker for line in last if is_courtesy(line.words)]
    return len(by) == 2 * COURTESIES and all(by.count(one) <= COURTESIES for one in by)


def _said_before(lines: Sequence[Line]) -> Fault:
    if len(lines) < 2:
        return ""
    *earlier, last = lines
    # To take the same position in the same words as another is to agree.
    known = [line for line in earlier if not last.positions or line.speaker == last.speaker]
    alike = [line for line in known if is_repeated(last.words, line.words)]
    if len(alike) < (2 if len(_WORD.findall(last.words)) <= SHORT else 1):
        return ""
    just_said = alike[-1] is earlier[-1] and alike[-1].speaker != last.speaker
    return "echo" if just_said else "repetition"


def _stale(lines: Sequence[Line]) -> bool:
    if len(lines) <= STALE_LINES:
        return False
    known = _content(lines[:-STALE_LINES])
    return not _content(lines[-STALE_LINES:]) - known


def _content(lines: Sequence[Line]) -> set[str]:
    """The words of content in some lines, and the figures."""
    text = " ".join(line.words for line in lines)
    return content_words(text) | set(_FIGURE.findall(text))
