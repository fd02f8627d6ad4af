"""Questions about a recorded choice.

The same with its options in another order, in other words, or by nobody in particular; what was
understood of its situation; and what it could be a test of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from personas.traits import trait_phrase
from simulation.kernel.streams import Streams
from simulation.language.base import Phrase, Prompt
from simulation.language.prompts import load_prompt, prompt_of
from simulation.mind.asked_before import Restorer
from simulation.mind.decide import phrase
from simulation.mind.words import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from personas import Persona
    from simulation.episode.episode import Episode
    from simulation.redecide import Choice

_PROMPTS: Final = Path(__file__).parent / "prompts"
_UNDERSTOOD: Final = load_prompt(_PROMPTS / "understood.md", "interview")
_GUESS: Final = load_prompt(_PROMPTS / "guess.md", "interview")
LETTERS: Final = "abcd"


@dataclass(frozen=True)
class Question:
    """Something to ask a model, and how its answer is read."""

    about: Choice
    prompt: Prompt
    options: tuple[Phrase, ...]
    plain: Prompt | None
    order: tuple[int, ...]
    """For each option, its number in the recorded menu, or in the list that is asked about."""
    right: int = -1
    """The number that would be the right answer; -1: there is none."""


@dataclass(frozen=True)
class Recorded:
    """A choice on record, with where it was made."""

    choice: Choice
    episode: Episode
    run: str
    arm: str
    paraphrase: str
    exponent: float

    def restored(self, style: str) -> Prompt | None:
        """What was asked, for a model of this style."""
        event = self.choice.event
        text = self.episode.content(event.prompt)
        found = Restorer("chat" if style == "chat" else "completion").restore(
            text, event.purpose, event.repair
        )
        return None if found is None else found.prompt

    def plain(self, style: str) -> Prompt | None:
        """The content-free question that goes with it."""
        event = self.choice.event
        text = self.episode.content(event.prompt)
        found = Restorer("chat" if style == "chat" else "completion").restore(
            text, event.purpose, event.repair
        )
        return None if found is None else found.plain

    def stream_seed(self, what: str) -> int:
        """A seed for a question about it."""
        event = self.choice.event
        key = f"{what}.{event.ordinal}"
        return Streams(self.episode.seed or 0).key(event.agent, event.tick, key) % 2**31


def situation(question: str) -> str:
    """What a recorded question tells, without its last sentence, which the mind is to finish.

    Examples:
        >>> situation("It is noon. A bell rings. So Ada decides to")
        'It is noon. A bell rings.'
    """
    head, stop, _ = question.rpartition(". ")
    return f"{head}." if stop else question


def in_another_order(of: Recorded, style: str) -> Question | None:
    """The same choice with its options shuffled; never in the recorded order."""
    prompt = of.restored(style)
    size = len(of.choice.options)
    if prompt is None or size < 2:
        return None
    order = list(range(size))
    Streams(of.stream_seed("order")).stream("", 0, "order").shuffle(order)
    if order == list(range(size)):
        order = [*order[1:], order[0]]
    options = tuple(phrase(of.choice.options[number]) for number in order)
    return Question(of.choice, prompt, options, of.plain(style), tuple(order))


def in_other_words(of: Recorded, style: str, text: str) -> Question | None:
    """The same choice with other instructions and examples around it; empty: the mind's own."""
    prompt = of.restored(style)
    if prompt is None:
        return None
    from simulation.mind.decide import PROMPTS  # noqa: PLC0415 - with the line below

    own = load_prompt(PROMPTS / "decide.md", "decide")
    file = prompt_of(text, "decide", "decide") if text else own
    other = replace(prompt, instructions=file.instructions, examples=file.examples)
    plain = replace(file.plain(), examples=file.examples)
    return _same_menu(of, other, plain)


def as_nobody(of: Recorded, style: str) -> Question | None:
    """The same choice by nobody in particular; None where nothing was told of who chooses."""
    prompt = of.restored(style)
    if prompt is None:
        return None
    cast = {persona.id: persona for persona in of.episode.spec.cast}
    persona = cast.get(of.choice.event.agent)
    if persona is None:
        return None
    stripped = without_persona(prompt.question, persona)
    if stripped == prompt.question:
        return None
    return _same_menu(of, replace(prompt, question=stripped), of.plain(style))


def without_persona(question: str, persona: Persona) -> str:
    """A question without the sentences about who decides.

    Examples:
        >>> from personas import load
        >>> ada = load("ada")
        >>> without_persona(f"{ada.bio_line} It is noon. So Ada decides to", ada)
        'Ada is a resident. It is noon. So Ada decides to'
    """
    for line in (persona.bio_line, persona.bio_line.split(" and ")[0]):
        question = question.replace(sentence(line), f"{persona.name} is a resident.")
    phrase_of = trait_phrase(persona)
    if phrase_of:
        question = question.replace(f"{persona.name} is a person who is {phrase_of}. ", "")
    return question


def _same_menu(of: Recorded, prompt: Prompt, plain: Prompt | None) -> Question:
    options = tuple(phrase(option) for option in of.choice.options)
    return Question(of.choice, prompt, options, plain, tuple(range(len(options))))


def understood(of: Recorded, style: str, ask: str, endings: Sequence[str], right: str) -> Question:
    """Which ending fits the recorded situation."""
    prompt = of.restored(style)
    told = situation(prompt.question) if prompt else ""
    asked = _UNDERSTOOD.render(situation=told, ask=ask)
    plain = _UNDERSTOOD.plain(ask=ask)
    options = tuple(phrase(ending) for ending in endings)
    order = tuple(range(len(options)))
    return Question(of.choice, asked, options, plain, order, endings.index(right))


def guess(of: Recorded, style: str, hypothesis: str, foils: Sequence[str]) -> Question:
    """Which of four statements the moment could be a test of."""
    prompt = of.restored(style)
    told = situation(prompt.question) if prompt else ""
    order = list(range(1 + len(foils)))
    Streams(of.stream_seed("guess")).stream("", 0, "order").shuffle(order)
    statements = [hypothesis, *foils]
    listed = " ".join(
        f"{LETTERS[place]}) {sentence(statements[number])}" for place, number in enumerate(order)
    )
    menu = "; ".join(of.choice.options)
    asked = _GUESS.render(situation=told, menu=menu, statements=listed)
    options = tuple(Phrase(text=letter, verb=letter) for letter in LETTERS[: len(order)])
    return Question(of.choice, asked, options, _GUESS.plain(statements=listed), tuple(order), 0)
