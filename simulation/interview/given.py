"""Answers by a model that cannot carry facts: it is given the clauses and adds only a tail."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from personas.traits import most_salient
from simulation.interview.answers import Reply, no_answer
from simulation.language.checks import some_words
from simulation.language.prompts import load_prompt
from simulation.memory.keywords import keywords_of
from simulation.mind.tail import TAIL, follows, usable_tail
from simulation.mind.words import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from personas import Persona
    from simulation.interview.asking import Asking
    from simulation.interview.grounds import Ground

PROMPT: Final = load_prompt(Path(__file__).parent / "prompts" / "tail.md", "interview")
FLOOR: Final = 0.35
"""What fits a question less than this does not answer it."""
MARGIN: Final = 0.2
"""How much less a second piece may fit than the best."""
MOST: Final = 3
"""Pieces in one answer."""
ALIKE: Final = 0.5
"""Two pieces that share more of their words than this say the same."""
BEGINNING: Final = 4
"""Words at the beginning that two pieces of one answer must not share."""


def chosen(ranked: Sequence[tuple[float, Ground]]) -> list[Ground]:
    """The pieces that make up an answer: the best, and what fits nearly as well and says more."""
    kept: list[Ground] = []
    for score, ground in ranked:
        if len(kept) == MOST or score < max(FLOOR, ranked[0][0] - MARGIN):
            break
        if ground.clause and not any(_alike(ground, other) for other in kept):
            kept.append(ground)
    return kept


async def speak(
    asking: Asking,
    persona: Persona,
    question: str,
    grounds: Sequence[Ground],
    clauses: Sequence[str],
    temperature: float,
) -> Reply:
    """Say these clauses, with a tail of the model's own where it is usable.

    Args:
        asking: The model.
        persona: Who speaks.
        question: What was asked.
        grounds: What the clauses are from.
        clauses: The answer, piece by piece.
        temperature: Of the tail.
    """
    if not grounds:
        return no_answer("nothing that they know answers it")
    last = clauses[-1]
    salient = f"{most_salient(persona)} {persona.occupation}".strip()
    prompt = PROMPT.render(
        name=persona.name,
        manner=f"{'an' if salient[:1].lower() in 'aeiou' else 'a'} {salient}",
        question=question,
        given=last,
    )
    stops = ("\n", ".", "?", "!")
    heard = await asking.write(
        prompt, some_words, stop=stops, max_tokens=16, temperature=temperature, repairs=0
    )
    given = " ".join(map(sentence, clauses))
    tail = " ".join((heard.value or "").split()).rstrip(".!?,; ")
    said = f"{question} {given}"
    if not usable_tail(tail, said, persona.name) or not follows(tail, said):
        return Reply(given, given, tuple(grounds), heard.usages)
    given = given.rstrip(".!?")
    return Reply(f"{given}{TAIL}{tail}.", given, tuple(grounds), heard.usages)


def _alike(one: Ground, other: Ground) -> bool:
    """Whether two pieces say the same, or begin in the same way."""
    words, others = set(keywords_of(one.clause)), set(keywords_of(other.clause))
    same = len(words & others) > ALIKE * min(len(words), len(others))
    return same or one.clause.split()[:BEGINNING] == other.clause.split()[:BEGINNING]
