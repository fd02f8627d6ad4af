"""Small matters of wording: clauses, who says them, and what a given model may add."""

from __future__ import annotations

import re

POSSESSIVE = {"she": "her", "he": "his", "they": "their"}
_OBJECT = {"she": "her", "he": "him", "they": "them"}
_ITSELF = {"she": "herself", "he": "himself", "they": "themselves"}
_AGREES = {"am": "is", "have": "has", "do": "does", "was": "was", "will": "will", "must": "must"}
_BARE = frozenset(
    {
        "mean",
        "want",
        "think",
        "hope",
        "know",
        "hear",
        "need",
        "like",
        "stand",
        "owe",
        "give",
        "live",
        "work",
        "keep",
        "play",
        "go",
    }
)
_FUNCTION = re.compile(
    r"a|an|the|to|of|for|from|at|in|on|up|down|into|onto|with|by|some|one|two|three|four|five|six"
    r"|your|their|his|her|my|out|off|over|and|this|that|about|near",
    re.IGNORECASE,
)
"""Words that carry no content of their own: what stands before a head."""


def sentence(text: str) -> str:
    """A clause as a sentence: a capital in front, one stop at the end."""
    body = " ".join(text.split())
    if not body:
        return ""
    body = body[0].upper() + body[1:]
    return body if body[-1] in ".!?" else body + "."


def retold(clause: str, speaker: str, pronouns: str, to: str = "you") -> str:
    """A first-person clause as another would pass it on.

    Args:
        clause: What was said.
        speaker: Who said it.
        pronouns: Of the speaker.
        to: Who was spoken to, by name; ``me`` for whoever passes it on.

    Examples:
        >>> retold("I carried my bags to the bank", "Dov", "he")
        'Dov carried his bags to the bank'
        >>> retold("the gate is shut", "Dov", "he")
        'the gate is shut'
        >>> retold("I owe you six coins", "Dov", "he", "Hugo")
        'Dov owes Hugo six coins'
    """
    words = clause.split()
    if not words:
        return ""
    if words[0] in ("I", "I'm"):
        verb = words[1] if len(words) > 1 else ""
        if words[0] == "I'm":
            words = [speaker, "is", *words[1:]]
        elif verb in _AGREES:
            words = [speaker, _AGREES[verb], *words[2:]]
        elif verb in _BARE:
            words = [speaker, f"{verb}es" if verb.endswith("o") else f"{verb}s", *words[2:]]
        else:
            words = [speaker, *words[1:]]
    swapped = {"my": POSSESSIVE[pronouns], "me": _OBJECT[pronouns], "I": speaker}
    swapped |= {
        "myself": _ITSELF[pronouns],
        "you": to,
        "your": {"me": "my", "you": "your"}.get(to, f"{to}'s"),
    }
    return " ".join(swapped.get(word, word) for word in words)


def in_person(clause: str, speaker: str, hearer: str) -> str:
    """A clause as it is said to somebody whom it names, by somebody whom it names.

    Examples:
        >>> in_person("I want to get a nod from Jonas before Ada's bell", "Felix", "Jonas")
        "I want to get a nod from you before Ada's bell"
        >>> in_person("Esi wants to sit down with Dov", "Dov", "Ada")
        'Esi wants to sit down with me'
        >>> in_person("I am for Hugo as warden", "Hugo", "Ada")
        'I am for myself as warden'
    """
    own = "myself" if clause.startswith("I ") else "me"
    for name, object_, possessive in ((speaker, own, "my"), (hearer, "you", "your")):
        if name:
            known = re.escape(name)
            clause = re.sub(rf"(?<!^)\b{known}'s\b", possessive, clause)
            # Where the name is a subject, a verb would have to change as well.
            clause = re.sub(rf"(?<!^)\b{known}\b(?!'s| (?:is|has|was|does|and)\b)", object_, clause)
    return clause


def own_words(phrase: str, pronouns: str) -> str:
    """A phrase about oneself in the third person, as one would say it.

    Examples:
        >>> own_words("sit near the door with her bag", "she")
        'sit near the door with my bag'
        >>> own_words("walk with the wind behind her", "she")
        'walk with the wind behind me'
    """
    words = phrase.split()
    for number, word in enumerate(words):
        if word == _OBJECT[pronouns] and (pronouns != "she" or number == len(words) - 1):
            words[number] = "me"
        elif word == POSSESSIVE[pronouns]:
            words[number] = "my"
    return " ".join(words)


def phrase_parts(text: str) -> tuple[str, str, str]:
    """A verb phrase as (verb, what stands between, first word of content).

    Examples:
        >>> phrase_parts("carry the logs into the shed")
        ('carry', 'the', 'logs')
        >>> phrase_parts("stay")
        ('stay', '', '')
    """
    verb, *rest = text.split()
    lead: list[str] = []
    for word in rest:
        if _FUNCTION.fullmatch(word):
            lead.append(word)
        else:
            return verb, " ".join(lead), word.strip(",.;")
    return verb, " ".join(lead), ""


def trigrams(text: str) -> set[tuple[str, ...]]:
    """All runs of three words, in lower case."""
    words = re.findall(r"[\w']+", text.lower())
    return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}


def content_words(text: str) -> set[str]:
    """The words that carry content, in lower case: of four letters and more.

    Examples:
        >>> sorted(content_words("knead the dough"))
        ['dough', 'knead']
    """
    return {
        word for word in re.findall(r"[^\W\d_]{4,}", text.lower()) if not _FUNCTION.fullmatch(word)
    }


def names(text: str, name: str) -> bool:
    """Whether a text speaks of somebody by name.

    Examples:
        >>> names("Ann's nets are torn.", "Ann"), names("The annals are lost.", "Ann")
        (True, False)
    """
    return re.search(rf"\b{re.escape(name)}\b", text) is not None
