"""Words that run down, curse or hurt, and how to find them in the spellings of a chat.

Slurs stand here as digests only: nobody should have to read a page of them, and a log is searched
for them all the same.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Final

_PLAIN: Final = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "@": "a", "$": "s", "0": "o", "1": "i", "3": "e", "!": "i"}
)
_WORD: Final = re.compile(r"[a-z0-9@$*!']+")
_LONG: Final = re.compile(r"(.)\1{2,}")

_OBSCENE: Final = re.compile(
    r"(?:mother)?f+(?:u+|\*+)(?:c+|\*+)k+\w*|f+\*{1,3}(?:ing|ed|er|k)?|fck\w*|fuk\w*|phuck\w*|"
    r"(?:bull|dip|horse|ape)?sh(?:i|\*)t+\w*|sht|b(?:i|\*)(?:t|\*)ch\w*|biatch|"
    r"(?:dumb|jack|fat|smart|bad|lard)?a(?:s|\*){2}(?:es|hole|holes|hat|wipe)?|arse\w*|"
    r"c(?:u|\*)nt\w*|d(?:i|\*)ck(?:s|head|heads|wad)?|cock(?:s|sucker|suckers)?|p(?:u|"
    r"\*)ss(?:y|ies)|"
    r"pri+ck(?:s)?|twat\w*|wank\w*|bastards?|whore\w*|slut\w*|skank\w*|crap\w*|damn\w*|"
    r"goddamn\w*|"
    r"bollocks|bugger\w*|bloody|piss\w*|wtf|stfu|gtfo|kys|lmfao|douche\w*|tits?|boobs|cum|jizz|"
    r"dildo\w*|porn\w*|penis\w*|vagina\w*|balls|tosser|blowjob|rap(?:e|ed|ing|ist)"
)
_DEMEANING: Final = re.compile(
    r"idio(?:t|ts|tic|cy)|idoit|moron\w*|imbecil\w*|cretin\w*|dumb(?:er|est|o|os|bell)?|"
    r"stupid\w*|"
    r"stoopid|dunce|dimwit\w*|nitwit\w*|halfwit\w*|fools?|foolish|clowns?|losers?|loosers?|"
    r"noobs?|"
    r"newbs?|scrubs?|trash|garbage|scum\w*|filth\w*|vermin|parasite\w*|leech\w*|pathetic\w*|"
    r"worthless\w*|useless|pigs?|swine|rats?|snakes?|worms?|toads?|cowards?|cowardly|spineless|"
    r"gutless|freaks?|creeps?|creepy|weirdos?|perverts?|pervs?|jerks?|brats?|hags?|crones?|"
    r"lowlife\w*|scoundrel\w*|crooks?|traitors?|liars?|hypocrit\w*|bigots?|racists?|nazis?|"
    r"fascists?|"
    r"trolls?|vandals?|ugly|fat|fatso|disgust\w*|disgrace\w*|embarrassment|ignoran\w*|arrogan\w*|"
    r"delusional|insane|lunatic\w*|psycho\w*|nutcase\w*|nutjob\w*|crazy|braindead|brainless|"
    r"clueless|incompeten\w*|lazy|dolts?|oafs?|blockhead\w*|buffoon\w*|lame|suck|sucks|sucked|"
    r"stink\w*|"
    r"turds?|monkeys?|apes?|puppets?|crybab\w*|sissy|sissies|wimps?|weakling\w*|bots?|kids?"
)
_VIOLENT: Final = re.compile(
    r"kill(?:s|ing)?|murder(?:ing)?|stab\w*|shoot\w*|strangl\w*|chok(?:e|ing)|beat|punch\w*|"
    r"kick\w*|"
    r"slap\w*|smash\w*|crush\w*|burn\w*|hang|hurt|hit|cut|slit|break|destroy\w*|ruin|drown|bury|"
    r"bleed|blood|die|dead|death|gun|knife|bullet\w*|bomb\w*|tear|rip|skin|whip\w*|behead\w*|"
    r"lynch\w*|"
    r"gas|hunt|regret|sorry|suffer|pay|teeth|throat|bones?|neck|skull|face"
)
_LAUGH: Final = re.compile(r"(?:ha){2,}h?|lol|lmao|rofl|hehe\w*|xd|kidding|joking|teasing")

_SLURS: Final = frozenset(
    [
        "0019db8c57",
        "00be32dac6",
        "04a265e43b",
        "053d4d79fc",
        "07f5624520",
        "0a02f16587",
        "0c06b13f84",
        "0d2a5198e7",
        "1024f168f8",
        "113d4ebfae",
        "11aa6598ee",
        "1438f53b0a",
        "1b5f20ce35",
        "2573e30738",
        "29de553146",
        "2bc09fbe44",
        "2c8674da98",
        "2ee15af2a5",
        "2f76b59159",
        "3d1b2e1e0f",
        "488bf4e073",
        "4c30e99af9",
        "4c78de5ffb",
        "4eb380c98c",
        "5079b64a55",
        "56050af8eb",
        "57e4f7475c",
        "59eba97fbd",
        "60c9e2e776",
        "68cbb70653",
        "6b10e2f8f8",
        "75e6c754ae",
        "76ddf3ce6c",
        "771028a8d6",
        "797c170ff4",
        "7afb171904",
        "7d1e655daa",
        "814ef372d0",
        "8559f10567",
        "855a422d7f",
        "85ebeb15e6",
        "86333eaf1e",
        "866f928c9b",
        "86e185a2e8",
        "8ab9b55f43",
        "8d953cad00",
        "8d95c027dd",
        "99676a3c99",
        "9ad8e7faa2",
        "9c76528fbb",
        "a6781adc1a",
        "a810f4af20",
        "b8a254bda6",
        "b8eb2d771b",
        "bab2561650",
        "c291d771b7",
        "c426612dfb",
        "c772dcbb7d",
        "cde02d287b",
        "d6631902ca",
        "de1e114979",
        "de2e610b18",
        "e1a51b1f49",
        "ea9d56a57c",
        "ec9a383201",
        "ed212b565f",
        "f1058b2484",
        "f5f94c305f",
        "fbe0ea15b5",
    ]
)

MARKS: Final[tuple[str, ...]] = ("obscene", "demeaning", "violent", "laugh", "slur")
"""What a word can be marked as."""
_KINDS: Final = tuple(zip(MARKS, (_OBSCENE, _DEMEANING, _VIOLENT, _LAUGH), strict=False))


def spelled(word: str) -> str:
    """A word with letters for the signs that stand in for them.

    Examples:
        >>> spelled("1d10t"), spelled("soooo")
        ('idiot', 'soo')
    """
    return _LONG.sub(r"\1\1", word.translate(_PLAIN))


def is_slur(word: str) -> bool:
    """Whether a word is known to run down a group."""
    return blake2b(word.encode(errors="replace"), digest_size=5).hexdigest() in _SLURS


def marks(text: str) -> dict[str, int]:
    """How many words of a text, in lower case, are of each kind; those of no kind are left out.

    Examples:
        >>> marks("you 1d10t, i will k!ll you lol")
        {'demeaning': 1, 'violent': 1, 'laugh': 1}
    """
    found: dict[str, int] = {}
    for raw in _WORD.findall(text):
        for kind in _kinds_of(raw):
            found[kind] = found.get(kind, 0) + 1
    return found


@lru_cache(maxsize=20_000)
def _kinds_of(raw: str) -> tuple[str, ...]:
    word = spelled(raw).rstrip("i'") if raw.endswith("!") else spelled(raw).strip("'")
    kinds = [kind for kind, pattern in _KINDS if pattern.fullmatch(word)]
    return (*kinds, "slur") if is_slur(word) or is_slur(_LONG.sub(r"\1", word)) else tuple(kinds)
