"""Answers by a chat model: it writes freely and names what its answer rests on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

from simulation.errors import InvalidReply
from simulation.interview.answers import Reply, no_answer
from simulation.language.plausible import an_utterance, json_of
from simulation.language.prompts import load_prompt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from personas import Persona
    from simulation.interview.asking import Asking
    from simulation.interview.grounds import Ground
    from simulation.kernel.clock import Clock
    from simulation.language.base import Prompt

ANSWER = load_prompt(Path(__file__).parent / "prompts" / "answer.md", "interview")
MOST_CITES: Final = 5
LONGEST: Final = 1000
"""Characters kept of an answer."""
_HEADINGS: Final = {"s": "Who you are", "p": "Your plan for today", "d": "What you did last",
                    "v": "What you feel and think", "m": "What comes to mind"}  # fmt: skip


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore")
    answer: str
    cites: list[str] = []


Shown = dict[str, "Ground"]
"""What stands in a prompt, by its short id."""


def shown(letter: str, grounds: Sequence[Ground]) -> Shown:
    """Give some grounds the ids that they have in a prompt: ``m1``, ``m2`` and so on."""
    return {f"{letter}{number}": ground for number, ground in enumerate(grounds, start=1)}


def render(
    persona: Persona,
    question: str,
    known: Mapping[str, Shown],
    *,
    clock: Clock,
    tick: int,
    asker: str,
    lines: Sequence[tuple[str, str]],
    nameless: bool,
) -> Prompt:
    """The question with all that is known, each line with its short id.

    Args:
        persona: Who is asked.
        question: What.
        known: What is shown, by the letter of its ids.
        clock: Of the episode.
        tick: When they are asked.
        asker: Who asks, as they are called.
        lines: What was said before in this interview.
        nameless: Whether not even the manner of speech is known.
    """
    speech = persona.speech
    manner = "" if nameless else f"You speak like this: {speech.style}, in {speech.language}."
    blocks = {letter: _block(letter, known.get(letter, {}), clock) for letter in _HEADINGS}
    return ANSWER.render(
        name=persona.name,
        manner=manner,
        time=clock.label(tick),
        who=blocks["s"],
        plan=blocks["p"],
        day=blocks["d"],
        views=blocks["v"],
        memories=blocks["m"],
        lines="\n".join(f"{speaker}: {words}" for speaker, words in lines),
        asker=asker,
        question=question,
    )


async def answer(
    asking: Asking, prompt: Prompt, known: Mapping[str, Ground], language: str, temperature: float
) -> Reply:
    """Let the model answer; what cannot be used is mended at most twice."""

    def read(text: str) -> _Said:
        return read_answer(text, known, language)

    heard = await asking.write(prompt, read, max_tokens=400, temperature=temperature)
    if heard.value is None:
        return no_answer(heard.reason, heard.usages)
    grounds = tuple(known[name] for name in heard.value.cites)
    return Reply(heard.value.answer, grounds=grounds, usages=heard.usages)


def read_answer(text: str, known: Mapping[str, Ground], language: str) -> _Said:
    """Read the JSON of a reply.

    Raises:
        InvalidReply: It is not what was asked for; the reason is written for the model.
    """
    said = json_of(_Said)(text)
    words = an_utterance(language, LONGEST)(" ".join(said.answer.split()))
    cites = list(dict.fromkeys(cite.strip().strip("[]") for cite in said.cites))
    unknown = [cite for cite in cites if cite not in known]
    if unknown:
        raise InvalidReply(f"there is no line {unknown[0][:20]!r} to cite", text)
    return _Said(answer=words, cites=cites[:MOST_CITES])


def _block(letter: str, grounds: Shown, clock: Clock) -> str:
    if not grounds:
        return ""
    lines = (f"[{name}] {_when(ground, clock)}{ground.text}" for name, ground in grounds.items())
    return f"{_HEADINGS[letter]}: {' '.join(lines)}"


def _when(ground: Ground, clock: Clock) -> str:
    return f"{clock.label(ground.tick)} " if ground.minute is not None else ""
