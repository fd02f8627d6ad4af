"""Reading what a person typed: a number, an option's words, speech, waiting.

::

    7                      the option with this number
    7 Good morning!        the same with words, where it needs some
    mill                   the one option in which these words occur
    say Good morning!      to whom one talks with, to the only one who hears, or to everybody
    Chiara: Good morning!  to Chiara
    bye Good night!        the same as say, as one's last words in a talk
    wait, wait 20          stay where one is, for so many minutes
    do mend the net        go about something of one's own
    (nothing)              go on with what is under way; with nothing under way, wait
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.episode.plain import plain
from simulation.errors import InvalidReply
from simulation.kernel.action import Say, Wait, Write
from simulation.kernel.rules import KnowsUses, Option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.kernel.percept import Percept

LONGEST: Final = 1000
"""Characters of an answer that are taken."""
_MOST_MINUTES: Final = 24 * 60
_OWN_MINUTES: Final = 30
"""How long something of one's own goes on before one is asked again."""
_NUMBERED: Final = re.compile(r"(\d+)[.):,]?(?:\s+(.*))?", re.DOTALL)
_SPOKEN: Final = re.compile(r"(say|bye)\b[\s:,]*(.*)", re.DOTALL | re.IGNORECASE)
_QUOTED: Final = re.compile(r"[\"“](.+)", re.DOTALL)
_ADDRESSED: Final = re.compile(r"(?:to\s+)?([^:]{1,60}):\s*(.*)", re.DOTALL)
_WAITING: Final = re.compile(r"wait(?:\s+(?:for\s+)?(\d+)(?:\s*m\w*)?)?", re.IGNORECASE)
_OWN: Final = re.compile(r"do\s+(.+)", re.DOTALL | re.IGNORECASE)


class Chosen(NamedTuple):
    """An act that a person chose; it may stand on no list."""

    option: Option
    words: str = ""
    """What is said or written, where that was typed as well."""
    last: bool = False
    """Whether one means them to close the talk."""


def read_act(text: str, percept: Percept, partner: str = "") -> Chosen | None:
    """What a person chose; None: to go on with what is under way, or to wait.

    Args:
        text: What was typed.
        percept: What they perceive.
        partner: Whom they talk with.

    Raises:
        InvalidReply: It is no act, or fits several.
    """
    line = read_words(text)
    if not line:
        return None
    return (
        _by_number(line, percept)
        or _spoken(line, percept, partner)
        or _waiting(line, percept)
        or _by_words(line, percept)
    )


def read_words(text: str) -> str:
    """What a person typed as words to say or write.

    Raises:
        InvalidReply: There are too many.
    """
    if len(text) > LONGEST:
        raise InvalidReply(f"{len(text):,} characters are too many; {LONGEST:,} will do", text)
    return plain(text, LONGEST)


def wants_words(option: Option) -> bool:
    """Whether an act needs words that the person finds."""
    action = option.action
    return isinstance(action, Say) or (isinstance(action, Write) and action.own_words)


def waiting(percept: Percept, minutes: int = 0) -> Option:
    """To stay where one is: as the world offers it where no number of minutes is given."""
    offered = [
        option
        for option in percept.options
        if isinstance(option.action, Wait) and not option.action.doing
    ]
    if offered and not minutes:
        return offered[0]
    minutes = minutes or Wait().minutes
    return Option(text=f"wait for {minutes} minutes", action=Wait(minutes=minutes), minutes=minutes)


def _by_number(line: str, percept: Percept) -> Chosen | None:
    found = _NUMBERED.fullmatch(line)
    if found is None:
        return None
    number, words = int(found[1][:9]), found[2] or ""
    if not 1 <= number <= len(percept.options):
        raise InvalidReply(f"there is no {number}; the last is {len(percept.options)}", line)
    option = percept.options[number - 1]
    if words and not wants_words(option):
        raise InvalidReply(f"{number} needs no words: give the number alone", line)
    return Chosen(option, words)


def _spoken(line: str, percept: Percept, partner: str) -> Chosen | None:
    """Words after ``say``, ``bye``, a name with a colon, or a quotation mark."""
    said, quoted = _SPOKEN.fullmatch(line), _QUOTED.fullmatch(line)
    given = said[2] if said else quoted[1].rstrip('"”') if quoted else line
    to, words = _addressed(given, percept)
    if said is None and quoted is None and not to:
        return None
    if not words:
        raise InvalidReply("give the words, too: say Good morning", line)
    hearers = [who for who in percept.earshot if not percept.view.asleep(who)]
    if to and to not in hearers:
        raise InvalidReply(f"{percept.view.name(to)} cannot hear you from here", line)
    if not hearers:
        raise InvalidReply("nobody is near enough to hear you", line)
    only = hearers[0] if len(hearers) == 1 else ""
    last = said is not None and said[1].lower() == "bye"
    return Chosen(_say_to(percept, to or partner or only), words, last)


def _addressed(words: str, percept: Percept) -> tuple[str, str]:
    """Who is named before a colon, and what stands after it; or nobody, and all of it."""
    found = _ADDRESSED.fullmatch(words)
    if found is not None:
        name = found[1].strip().casefold()
        for who in percept.view.agents:
            if who != percept.agent and name in (who, percept.view.name(who).casefold()):
                return who, found[2]
    return "", words


def _say_to(percept: Percept, to: str) -> Option:
    """The option of speaking to somebody, as the menu has it or beside it."""
    for option in percept.options:
        if option.action == Say(to=to):
            return option
    name = percept.view.name(to) if to else "everybody in earshot"
    return Option(text=f"talk with {name}", action=Say(to=to))


def _waiting(line: str, percept: Percept) -> Chosen | None:
    """Waiting, or something of one's own, which changes nothing."""
    if found := _WAITING.fullmatch(line):
        minutes = int((found[1] or "0")[:9])
        if found[1] and not 1 <= minutes <= _MOST_MINUTES:
            raise InvalidReply(f"wait for 1 to {_MOST_MINUTES} minutes", line)
        return Chosen(waiting(percept, minutes))
    if found := _OWN.fullmatch(line):
        doing, rules = found[1], percept.rules
        if isinstance(rules, KnowsUses) and rules.stands_for_use(
            percept.view, percept.agent, doing
        ):
            raise InvalidReply("that is the use of a thing: it has a number when it can be", line)
        action = Wait(minutes=_OWN_MINUTES, doing=doing)
        return Chosen(Option(text=doing, action=action, minutes=_OWN_MINUTES))
    return None


def _by_words(line: str, percept: Percept) -> Chosen:
    wanted = line.casefold()
    texts = [option.text.casefold() for option in percept.options]
    if wanted in texts:
        return Chosen(percept.options[texts.index(wanted)])
    words = wanted.split()
    fitting = [
        index for index, text in enumerate(texts) if all(word in text.split() for word in words)
    ] or [index for index, text in enumerate(texts) if wanted in text]
    if len(fitting) == 1:
        return Chosen(percept.options[fitting[0]])
    if not fitting:
        raise InvalidReply(f"nothing that can be done here has the words {line[:60]!r}", line)
    raise InvalidReply(_several(line, fitting, percept.options), line)


def _several(line: str, fitting: Sequence[int], options: Sequence[Option]) -> str:
    shown = [f"{index + 1} {options[index].text}" for index in fitting[:4]]
    more = f", and {len(fitting) - 4} more" if len(fitting) > 4 else ""
    return f"{line[:60]!r} fits several: {', '.join(shown)}{more}"
