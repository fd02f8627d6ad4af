"""What a question is about, by its words alone: people, hours, and the kind of thing asked for.

A weak model cannot tell what would answer a question, so this does: a plain sum of likeness,
shared words and a few cues, the same under every condition. The cues are English; for a question
in another language likeness and names decide.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.kernel.clock import MINUTES_A_DAY
from simulation.memory.keywords import keywords_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulation.interview.grounds import Ground

_CUES: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        aim: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
        for aim, words in {
            "who": r"who are you|introduce|your (?:name|job|work|trade)|occupation|for a living|"
            r"work do you do|what do you do here",
            "age": r"how old|your age|where do you live|your home",
            "traits": r"you are like|you like as a person|your nature|describe you\w*",
            "goals": r"your (?:goals?|aims?|wish\w*)|aiming|long for|hope for",
            "relationships": r"closest to you|your (?:family|friends?|people)|dear to you",
            "biography": r"gr[eo]w up|born|childhood|your (?:life|past|youth)",
            "secrets": r"secrets?|nobody knows|hide|keep to yourself",
            "habit": r"ordinary day|usual(?:ly)?|most days|every day|habits?|routine|typical",
            "intention": r"will|going to|plan(?:s|ned)?|intend|later|tomorrow|mean to|list|in mind|"
            r"come along|find you|get done|becomes of|day end|next",
            "reflection": r"make of|opinion|notice[d]?|come to think|think of|feel about|add up|"
            r"learned about|matters|suit|gladly|looking back|suppose|judge",
            "stance": r"for or against|vote|position on|agree|think of|should",
            "feeling": r"how are you|do you feel|feeling|mood|are you (?:tired|hungry|lonely)",
            "told": r"heard?|told|news|tell|know (?:about|of)",
            "deed": r"(?:did|were|have) you|you doing",
            "seen": r"see|saw|seen|happen(?:s|ed|ing)?|going on",
            "latest": r"last|latest|just|newest|recent(?:ly)?",
            "next": r"next|after this|from here",
            "end": r"day end|end of the day|before (?:bed|you sleep)|at night",
            "now": r"right now|at the moment|right away|this minute",
            "when": r"when|what time|what hour|how long ago",
        }.items()
    }
)
_CLOCK: Final = re.compile(
    r"\b(\d{1,2})(?::(\d{2})|(?=\s*(?:am|pm)\b))\s*(am|pm)?\b", re.IGNORECASE
)
_PARTS_OF_DAY: Final[Mapping[str, int]] = MappingProxyType(
    {
        "this morning": 9 * 60, "noon": 12 * 60, "this afternoon": 15 * 60,
        "this evening": 19 * 60, "tonight": 20 * 60,
    }
)  # fmt: skip
_ASKING: Final = re.compile(
    r"answers?|ask(?:s|ed)?|comes?|first|hear|heard|know|known|like|makes?|might|mind|news|noticed?"
    r"|says?|seen?|somebody|someone|something|suppose|tell|told|think|things?"
)
"""Words of a question that say nothing of what is asked about."""
_ABOUT: Final = re.compile(r"\babout\b(.*)", re.IGNORECASE | re.DOTALL)
_YOU: Final = re.compile(r"\byou(?:r|rs|rself)?\b", re.IGNORECASE)

CUE, FIELD, SHARED, NAMED, HOUR, WEIGHT, SAID = 0.4, 0.3, 0.4, 0.3, 0.6, 0.03, 0.5
"""What is added to a likeness for each cue that fits, and more where it asks for one thing about a
person; for the share of the question's words that stand in it; for a person and an hour that the
question names; for each point of importance. What is taken off if it was said before."""
AROUND: Final = 20
"""Minutes around an hour in which a memory belongs to it."""
_ORDINARY: Final = 5.0
"""Importance of what is no memory."""


class Question(NamedTuple):
    """What a question is about."""

    text: str
    words: tuple[str, ...]
    """What it can be looked up by."""
    people: frozenset[str]
    """Ids of those whom it names."""
    minutes: tuple[int, ...]
    """Minutes of the day that it names."""
    cues: frozenset[str]
    """What kinds of things it seems to ask for."""
    query: str
    """What is looked for in memory: the words, and whom it is about."""
    topic: tuple[str, ...] = ()
    """The words after *about*: what a memory must share one of, to answer it."""

    @property
    def subject(self) -> str:
        """What an answer is held against: the words, and whom it names."""
        return " ".join([*sorted(self.people), *self.words]) or self.text


def read_question(text: str, agent: str, names: Mapping[str, str]) -> Question:
    """Find what a question is about.

    Args:
        text: The question.
        agent: Who is asked.
        names: What people are called, by id.

    Examples:
        >>> names = {"dov": "Dov", "esi": "Esi"}
        >>> asked = read_question("What did Esi tell you at 15:00?", "dov", names)
        >>> asked.query, asked.minutes, sorted(asked.people), sorted(asked.cues)
        ('Esi', (900,), ['esi'], ['told'])
    """
    people = frozenset(
        other
        for other, name in names.items()
        if other != agent and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    )
    cues = frozenset(aim for aim, cue in _CUES.items() if cue.search(text))
    called = {word for other in people for word in keywords_of(names[other])}
    words = tuple(
        word
        for word in keywords_of(text)
        if not (word.isdigit() or word in called or _ASKING.fullmatch(word))
    )
    sought = [names[other] for other in names if other in people]
    if not people and "told" not in cues and _YOU.search(text):
        sought = [names[agent]]
    query = " ".join([*sought, *words]) or text
    after = _ABOUT.search(text)
    topic = tuple(word for word in keywords_of(after[1] if after else "") if word in words)
    return Question(text, words, people, tuple(_minutes(text)), cues, query, topic)


def rank(
    asked: Question,
    grounds: Sequence[Ground],
    likeness: Sequence[float],
    now: int,
    said: frozenset[str] = frozenset(),
) -> list[tuple[float, Ground]]:
    """The grounds by how well they seem to answer, best first.

    Args:
        asked: The question.
        grounds: What could be answered with.
        likeness: The cosine of each to the question.
        now: The minute of the day at which it is asked.
        said: Clauses that were spoken before in this interview.
    """
    turn = _in_turn(asked, grounds, now)
    scored = [
        (
            cosine + _fit(asked, ground) + turn.get(number, 0.0) - SAID * (ground.clause in said),
            ground,
        )
        for number, (ground, cosine) in enumerate(zip(grounds, likeness, strict=True))
    ]
    return sorted(scored, key=lambda pair: -pair[0])


def to_the_point(asked: Question, ground: Ground) -> bool:
    """Whether a memory has to do with what the question is expressly about."""
    if not asked.topic or (ground.minute is None and not ground.fact):
        return True
    return bool(_shared(asked.topic, _words(ground)) or asked.people & {*ground.people})


def _words(ground: Ground) -> tuple[str, ...]:
    """What it can be looked up by: its words, and the name of the fact in it."""
    return keywords_of(f"{ground.text} {ground.fact.replace('_', ' ')}")


def _fit(asked: Question, ground: Ground) -> float:
    """What its kind, its words, its people and its hour speak for it."""
    named = bool(asked.people & {*ground.people})
    cues = asked.cues & _kinds(ground)
    if asked.people and not named:
        cues -= {"reflection"}  # A conclusion about somebody else is none about them.
    fit = WEIGHT * (ground.importance or _ORDINARY) + CUE * len(cues)
    fit += FIELD * (ground.field.partition(".")[0] in asked.cues)
    fit += SHARED * _shared(asked.words, _words(ground))
    fit += NAMED * named
    if "deed" in asked.cues and "intention" not in asked.cues and ground.span is not None:
        fit -= CUE  # What was meant to be done is not what was done.
    return fit + HOUR * any(_belongs(ground, minute) for minute in asked.minutes)


def _kinds(ground: Ground) -> frozenset[str]:
    """Which cues it answers to."""
    kinds: set[str] = {ground.source, *ground.field.split(".")[:1]}
    if ground.source == "relation":
        kinds.add("reflection")
    if ground.told or ground.source == "fact":
        kinds.add("told")
    elif ground.source == "observation":
        own = ground.clause.startswith("I ") and not ground.clause.startswith("I saw ")
        kinds.add("deed" if own else "seen")
    return frozenset(kinds)


def _shared(words: Sequence[str], others: Sequence[str]) -> float:
    """How many of the words stand among the others, whatever their endings."""
    stems = {other[:5] for other in others}
    return sum(word[:5] in stems for word in words) / len(words) if words else 0.0


def _belongs(ground: Ground, minute: int) -> bool:
    """Whether this belongs to that minute of the day."""
    if ground.span is not None:
        since, until = ground.span
        return since <= minute < until
    return ground.minute is not None and abs(ground.minute - minute) <= AROUND


def _in_turn(asked: Question, grounds: Sequence[Ground], now: int) -> dict[int, float]:
    """What comes now, next or last in a plan, and what was latest."""
    spans = [(ground.span, number) for number, ground in enumerate(grounds) if ground.span]
    ahead = sorted((span, number) for span, number in spans if span[0] > now)
    wanted = {
        "now": [number for (since, until), number in spans if since <= now < until],
        "next": [number for _, number in ahead[:1]],
        "end": [number for _, number in sorted(spans)[-1:]],
    }
    turn = {n: HOUR for cue, numbers in wanted.items() if cue in asked.cues for n in numbers}
    if "latest" in asked.cues:
        lived = {n: ground.tick for n, ground in enumerate(grounds) if ground.minute is not None}
        ticks = sorted(set(lived.values()))
        turn |= {n: CUE * (ticks.index(tick) + 1) / len(ticks) for n, tick in lived.items()}
    return turn


def _minutes(text: str) -> list[int]:
    found = [minute for words, minute in _PARTS_OF_DAY.items() if words in text.lower()]
    for hour, minute, half in _CLOCK.findall(text):
        late = half.lower() == "pm" and int(hour) < 12
        found.append((int(hour) + 12 * late) * 60 + int(minute or 0))
    return [minute for minute in found if minute < MINUTES_A_DAY]
