"""Choosing from probabilities, and writing the choice down: the same for every mind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulation.episode.events import Decided, Origin
from simulation.kernel.effect import dump_effects

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Percept
    from simulation.kernel.rules import Option


def softmax(scores: Sequence[float]) -> tuple[float, ...]:
    """Probabilities in proportion to ``exp(score)``, rounded so that they are alike everywhere.

    Examples:
        >>> softmax([0.0, 0.0])
        (0.5, 0.5)
    """
    highest = max(scores)
    weights = [math.exp(score - highest) for score in scores]
    total = math.fsum(weights)
    return tuple(round(weight / total, 6) for weight in weights)


def draw(probabilities: Sequence[float], stream: Random) -> int:
    """The index of an option, drawn with these probabilities."""
    mark = stream.random() * math.fsum(probabilities)
    for index, probability in enumerate(probabilities):
        mark -= probability
        if mark < 0:
            return index
    return max(range(len(probabilities)), key=lambda index: probabilities[index])


def note_decision(
    scribe: Scribe,
    percept: Percept,
    options: Sequence[Option],
    chosen: int,
    *,
    origin: Origin,
    raw: tuple[float, ...] | None = None,
    corrected: tuple[float, ...] | None = None,
    exponent: float | None = None,
    memories: tuple[str, ...] = (),
    dropped: tuple[str, ...] = (),
    call: str = "",
) -> Decided:
    """Log a choice with its whole menu: this is what makes an opportunity countable.

    The menu keeps each option's effects by the world's rules at this instant, whether the mind
    could know of them or not.
    """
    menu = [
        {
            "text": option.text,
            "action": option.action.model_dump(exclude_defaults=True)
            | {"verb": option.action.verb},
            "minutes": option.minutes,
            "effects": dump_effects(
                percept.rules.resolve(percept.view, percept.agent, option.action).effects
            ),
        }
        for option in options
    ]
    return scribe.note(
        Decided,
        origin=origin,
        menu=scribe.keep(menu),
        options=len(options),
        legal=len(percept.options),
        chosen=chosen,
        action=menu[chosen]["action"],
        raw=raw,
        corrected=corrected,
        exponent=exponent,
        percept=scribe.keep(percept.content()),
        memories=memories,
        dropped=dropped,
        call=call,
        causes=(*percept.events, *((call,) if call else ())),
    )
