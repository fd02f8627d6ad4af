"""Big Five numbers as words: a language model acts on adjectives, hardly on numbers.

One adjective for each pole, so that the same number is always the same word and a difference in
behaviour can be traced to a difference in score. The words are trait markers of the literature:

- L. R. Goldberg (1992), The development of markers for the Big-Five factor structure,
  *Psychological Assessment* 4, 26-42: the unipolar markers talkative, reserved, warm, demanding,
  organized, disorganized, imaginative, relaxed, anxious;
- G. Saucier (1994), Mini-markers, *Journal of Personality Assessment* 63, 506-516, keeps
  talkative, warm, organized, disorganized, imaginative and relaxed among its forty;
- R. R. McCrae & P. T. Costa (1987), *Journal of Personality and Social Psychology* 52, 81-90:
  down-to-earth, the opposite of imaginative on their bipolar scale.

Markers that name a studied construct (kind, rude, selfish, helpful, cooperative, …) are left out
on purpose, though several load higher: they would put the outcome into the prompt. ``cold``,
``quiet`` and ``simple`` are left out because they also describe weather, rooms and things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from personas.schema import BigFive, Persona

MIDPOINT: Final = 3.0
"""The middle of the scale, where a trait says nothing."""

Dimension = Literal["openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism"]

POLES: Final[tuple[tuple[Dimension, str, str], ...]] = (
    ("openness", "down-to-earth", "imaginative"),
    ("conscientiousness", "disorganized", "organized"),
    ("extraversion", "reserved", "talkative"),
    ("agreeableness", "demanding", "warm"),
    ("neuroticism", "relaxed", "anxious"),
)
"""For each dimension, the marker of its low and of its high pole."""

DEGREES: Final = ((1.5, "very "), (1.0, ""), (0.5, "rather "))
"""From which distance to the midpoint which adverb is used; nearer ones are not mentioned."""


@dataclass(frozen=True, kw_only=True)
class Trait:
    """What one Big Five number says about a person."""

    dimension: Dimension
    adjective: str
    """The marker of the pole."""
    words: str
    """The marker with its adverb: ``rather reserved``."""
    distance: float
    """From the midpoint, always positive."""


def traits(big_five: BigFive) -> tuple[Trait, ...]:
    """Every trait that is not neutral, the most marked one first.

    Ties keep the order of :data:`POLES`.
    """
    scores: dict[str, float] = big_five.model_dump()
    found: list[Trait] = []
    for dimension, low, high in POLES:
        offset = scores[dimension] - MIDPOINT
        adjective = low if offset < 0 else high
        distance = round(abs(offset), 6)
        adverb = next((word for least, word in DEGREES if distance >= least), None)
        if adverb is not None:
            words = f"{adverb}{adjective}"
            found.append(
                Trait(dimension=dimension, adjective=adjective, words=words, distance=distance)
            )
    return tuple(sorted(found, key=lambda trait: -trait.distance))


def trait_phrase(persona: Persona, limit: int = 3) -> str:
    """What kind of person this is: ``very organized, rather reserved and rather anxious``.

    Args:
        persona: The person.
        limit: At most so many traits; a small model loses sight of a longer list.

    Returns:
        The ``limit`` most marked traits, or an empty text if all five are neutral.
    """
    words = [trait.words for trait in traits(persona.big_five)[:limit]]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def most_salient(persona: Persona) -> str:
    """The most marked trait with its adverb, or an empty text if all five are neutral."""
    return trait_phrase(persona, limit=1)
