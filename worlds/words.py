"""Turns a verb phrase into what onlookers say: ``carry a log`` → ``carrying a log``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

_Inflection: TypeAlias = Callable[[str], str]

_PAST: Final = {
    "bail": "bailed",
    "be": "was",
    "bake": "baked",
    "break": "broke",
    "bring": "brought",
    "buy": "bought",
    "catch": "caught",
    "choose": "chose",
    "come": "came",
    "cut": "cut",
    "dig": "dug",
    "do": "did",
    "draw": "drew",
    "drink": "drank",
    "drive": "drove",
    "eat": "ate",
    "feed": "fed",
    "find": "found",
    "fly": "flew",
    "get": "got",
    "give": "gave",
    "go": "went",
    "hang": "hung",
    "have": "had",
    "hear": "heard",
    "hold": "held",
    "keep": "kept",
    "kneel": "knelt",
    "knit": "knitted",
    "lay": "laid",
    "leave": "left",
    "light": "lit",
    "lose": "lost",
    "make": "made",
    "meet": "met",
    "pay": "paid",
    "put": "put",
    "read": "read",
    "ride": "rode",
    "ring": "rang",
    "rise": "rose",
    "run": "ran",
    "say": "said",
    "see": "saw",
    "sell": "sold",
    "send": "sent",
    "set": "set",
    "shake": "shook",
    "show": "showed",
    "sing": "sang",
    "sit": "sat",
    "sleep": "slept",
    "slide": "slid",
    "speak": "spoke",
    "spend": "spent",
    "split": "split",
    "spread": "spread",
    "stand": "stood",
    "sweep": "swept",
    "swim": "swam",
    "take": "took",
    "teach": "taught",
    "tell": "told",
    "think": "thought",
    "throw": "threw",
    "understand": "understood",
    "wake": "woke",
    "wear": "wore",
    "wind": "wound",
    "write": "wrote",
}
"""The past of verbs that do not simply take ``-ed``."""

_REGULAR_VERBS: Final = (
    "add bank brew call carve carry caulk chat check clean clear climb coil collect cook count "
    "cross doze drop fetch fill fish fix fold fry gather greet grind hand haul hum join knead "
    "knock lift listen look mark mend mix mop move open pack paint peel pick plane plant play "
    "polish pour practise press rake repair rest rinse roll sand scrape scrub serve shape sharpen "
    "shell slice sort stack stay step stir stretch stroll study talk tap tend test tidy tie trim "
    "turn wait walk wash watch water weigh wipe work"
)
_REGULAR: Final = frozenset(_REGULAR_VERBS.split())
"""Regular verbs that may come after an *and* (``sweep the floor and light the stove``)."""

_DOUBLED_VERBS: Final = (
    "chat chop drop get grab hum knit let mop nod plan pat put run scrub set shop sit slip split "
    "stir stop swim tap trim"
)
_DOUBLED: Final = frozenset(_DOUBLED_VERBS.split())
"""Verbs that double their last letter."""

_PARTICIPLE: Final = {
    "be": "being",
    "lie": "lying",
    "tie": "tying",
    "die": "dying",
    "see": "seeing",
}
_VOWELS: Final = "aeiou"


def past(phrase: str) -> str:
    """A verb phrase in the past tense.

    Examples:
        >>> past("carry a log into the shed")
        'carried a log into the shed'
        >>> past("sweep the floor and light the stove")
        'swept the floor and lit the stove'
    """
    return _each_verb(phrase, _past)


def gerund(phrase: str) -> str:
    """A verb phrase as something that goes on.

    Examples:
        >>> gerund("sit in the sun and write postcards")
        'sitting in the sun and writing postcards'
    """
    return _each_verb(phrase, _gerund)


def _each_verb(phrase: str, inflect: _Inflection) -> str:
    head, *others = re.split(r"(\band |, )", phrase)
    parts = [_first_word(head, inflect)]
    for part in others:
        word = part.split(" ", 1)[0]
        parts.append(_first_word(part, inflect) if word in _PAST or word in _REGULAR else part)
    return "".join(parts)


def _first_word(text: str, inflect: _Inflection) -> str:
    verb, blank, rest = text.partition(" ")
    return f"{inflect(verb)}{blank}{rest}"


def _past(verb: str) -> str:
    if verb in _PAST:
        return _PAST[verb]
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return f"{verb[:-1]}ied"
    return f"{_stem(verb)}ed"


def _gerund(verb: str) -> str:
    if verb in _PARTICIPLE:
        return _PARTICIPLE[verb]
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return f"{verb[:-1]}ing"
    return f"{_stem(verb)}ing"


def _stem(verb: str) -> str:
    return f"{verb}{verb[-1]}" if verb in _DOUBLED else verb


_NUMBERS: Final = (
    "none",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def number(count: float) -> str:
    """A count in words up to a hundred, then in digits.

    Examples:
        >>> number(31)
        'thirty-one'
    """
    whole = int(count)
    if not 0 <= whole < 100 or whole != count:
        return f"{count:g}"
    if whole < 20:
        return _NUMBERS[whole]
    tens, ones = divmod(whole, 10)
    return _TENS[tens - 2] + (f"-{_NUMBERS[ones]}" if ones else "")


def sentence(text: str) -> str:
    """With a capital at the start."""
    return f"{text[:1].upper()}{text[1:]}"
