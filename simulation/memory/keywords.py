"""The words that a memory can be found by, normalised the same way wherever they are used."""

from __future__ import annotations

import re
import unicodedata
from sys import intern
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")

_STOP_WORDS: Final = """
    about above after again against all also am among an and any are around as at away back be
    because been before being below between both but by came can could did do does doing don done
    down during each either else ever every few for from further get gets got had has have having
    he her here hers herself him himself his how if in into is it its itself just ll me more most
    much must my myself neither no nor not now of off on once one only or other ought our ours out
    over own quite rather re same shall she should so some still such than that the their theirs
    them then there these they this those though through to too toward towards under until up upon
    us ve very was we were what when where whether which while who whom whose why will with within
    without would yet you your yours yourself
    """

STOP_WORDS: Final = frozenset(_STOP_WORDS.split())
"""English words that say little of what a memory is about."""


def keywords_of(text: str) -> tuple[str, ...]:
    """Return the distinct keywords of a text, in the order in which they first stand there.

    Case folding and Unicode's compatibility form (NFKC); runs of letters and digits are words;
    single Latin letters and stop words are left out. So letter case, width and punctuation make
    no difference. Equal words are one object in memory.

    Examples:
        >>> keywords_of("Bo's MILL is shut: the mill, Straße 7!")
        ('bo', 'mill', 'shut', 'strasse', '7')
    """
    # Twice, as the compatibility form may bring capitals back.
    plain = _folded(_folded(unicodedata.normalize("NFD", text)))
    words = dict.fromkeys(_WORD.findall(plain))
    # From a list: a tuple made of a generator keeps the spare room that it grew with.
    return tuple([intern(word) for word in words if word not in STOP_WORDS and not _letter(word)])


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text.casefold())


def _letter(word: str) -> bool:
    return len(word) == 1 and "a" <= word <= "z"
