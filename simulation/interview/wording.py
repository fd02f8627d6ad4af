"""What somebody has in mind, as they would say it: clauses without a final stop.

A weak model is given these clauses and speaks them, so they must stand by themselves.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulation.mind.words import own_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from personas import Persona
    from simulation.memory import Memory

_AGREES: Final = {"is": "am", "has": "have", "does": "do", "was": "was"}
_GOING_ON: Final = re.compile(r"(.+?) (?:is|are) (\w+ing\b.*)")
_HEARD: Final = {"told": "{who} told me that {what}", "overheard": "I overheard {who}: {what}"}
_SELF: Final = re.compile(r"\b(?:herself|himself|themselves)\b")


def memory_clause(memory: Memory, persona: Persona, names: Mapping[str, str]) -> str:
    """A memory in the first person, with whom it is from.

    Args:
        memory: What is remembered.
        persona: Who remembers.
        names: What people are called, by id.
    """
    how, _, teller = memory.source.partition(":")
    if memory.spoken:
        news = memory.kind == "fact"
        spoken = memory.spoken
        spoken = own(spoken, persona) if spoken.startswith("I ") else spoken
        return _passed_on(spoken, how, names.get(teller, teller), news=news)
    text = memory.text.rstrip(".")
    if text.startswith((f"{persona.name} ", f"{persona.name}'s ")):
        return first_person(text, persona)
    text = mid_sentence(text, names)
    if memory.kind == "reflection":
        return f"I think that {text}"
    if how == "saw":
        going_on = _GOING_ON.fullmatch(text)
        return f"I saw {going_on[1]} {going_on[2]}" if going_on else f"I saw that {text}"
    return text


def first_person(text: str, persona: Persona) -> str:
    """A sentence about somebody, as they would say it of themselves.

    Examples:
        >>> import personas
        >>> first_person("Dov has kept to himself", personas.load("dov"))
        'I have kept to myself'
        >>> first_person("Dov likes his boat", personas.load("dov"))
        'one could say that Dov likes his boat'
    """
    name, _, rest = text.partition(" ")
    if name != persona.name:
        return own(text, persona)
    verb, _, more = rest.partition(" ")
    if verb not in _AGREES and verb.endswith("s"):
        # Only the first verb could be bent safely, and there may be more of them.
        return f"one could say that {text}"
    return own(f"I {_AGREES.get(verb, verb)} {more}".rstrip(), persona)


def own(text: str, persona: Persona) -> str:
    """Words about oneself in the third person: ``Dov's`` and ``his`` become ``my``."""
    text = re.sub(rf"(?<!\w){re.escape(persona.name)}'s(?!\w)", "my", text)
    return own_words(_SELF.sub("myself", text), persona.pronouns)


def _passed_on(spoken: str, how: str, who: str, *, news: bool) -> str:
    """What somebody else said, with their name where the words do not begin with it."""
    if how == "read":
        return f"I read that {spoken}"
    if how not in _HEARD or not who:
        return spoken
    if not spoken.startswith((f"{who} ", "I ")):
        return _HEARD[how].format(who=who, what=spoken)
    return f"I have it from {who}: {spoken}" if news else spoken


def mid_sentence(text: str, names: Mapping[str, str]) -> str:
    """Without the capital that only the beginning of a sentence needs."""
    first = re.split(r"\W", text, maxsplit=1)[0]
    known = {part for name in names.values() for part in name.split()}
    return text if first in known or first == "I" else text[:1].lower() + text[1:]
