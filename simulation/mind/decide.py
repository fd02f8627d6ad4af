"""Deciding: one question to the model for an ordinary act."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from simulation.language.base import Chosen, Phrase
from simulation.language.prompts import load_prompt
from simulation.mind.decision import draw, softmax
from simulation.mind.wording import shown, without_situation
from simulation.mind.words import phrase_parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from simulation.episode.sink import Scribe
    from simulation.kernel.rules import Option
    from simulation.mind.asker import Asker
    from simulation.mind.options import MindOptions

PROMPTS = Path(__file__).parent / "prompts"
_DECIDE = load_prompt(PROMPTS / "decide.md", "decide")
_PLAN = load_prompt(PROMPTS / "plan.md", "plan")


class Choice(NamedTuple):
    """What the model made of a menu."""

    option: int
    """Number of the option that was drawn."""
    raw: tuple[float, ...] | None
    corrected: tuple[float, ...] | None
    call: str


def phrase(text: str) -> Phrase:
    """A verb phrase, taken apart for a model that weighs verb and object."""
    verb, lead, head = phrase_parts(text)
    return Phrase(text=text, verb=verb, lead=lead, head=head)


def sample(reply: Chosen, exponent: float, stream: Random) -> Choice:
    """Draw an option: ``P(option | situation) / P(option | nothing)^exponent``, normalised."""
    if reply.logps is None:
        return Choice(reply.pick or 0, None, None, "")
    raw = softmax(reply.logps)
    priors = reply.priors or (0.0,) * len(raw)
    corrected = softmax([lp - exponent * p for lp, p in zip(reply.logps, priors, strict=True)])
    return Choice(draw(corrected, stream), raw, corrected, "")


async def ask_decision(
    asker: Asker,
    scribe: Scribe,
    fields: dict[str, str],
    options: Sequence[Option],
    exponent: float,
    stream: Random,
    settings: MindOptions | None = None,
) -> Choice | None:
    """Ask what somebody does next, in the words of the settings; None when the model failed."""
    file, labels = asker.worded(_DECIDE), settings.labels if settings else {}
    blind = settings is not None and settings.blind
    prompt = file.render(**(without_situation(fields) if blind else fields))
    plain = file.plain()
    phrases = [phrase(shown(option, labels)) for option in options]
    answer = await asker.choose(scribe, prompt, phrases, plain)
    if answer is None:
        return None
    return sample(answer.value, exponent, stream)._replace(call=answer.call)


async def ask_focus(
    asker: Asker,
    scribe: Scribe,
    fields: dict[str, str],
    goals: Sequence[str],
    exponent: float,
    stream: Random,
) -> Choice | None:
    """Ask which of somebody's aims comes first today; None when the model failed."""
    file = asker.worded(_PLAN)
    prompt, plain = file.render(**fields), file.plain()
    answer = await asker.choose(scribe, prompt, [phrase(goal) for goal in goals], plain)
    if answer is None:
        return None
    return sample(answer.value, exponent, stream)._replace(call=answer.call)
