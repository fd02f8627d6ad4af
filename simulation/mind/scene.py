"""A percept as the few sentences that a model reads before it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from personas.traits import most_salient, trait_phrase
from simulation.mind.options import MindOptions, estimate_tokens
from simulation.mind.words import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.kernel.percept import Percept
    from simulation.memory import Memory
    from simulation.mind.plan import PlanItem

FEELINGS = 2
"""Words about how one feels in a prompt at most."""
TIRED, VERY_TIRED, HUNGRY = 4.0, 2.0, 4.0
"""Needs below these, from 0 to 10, are felt."""

_ITSELF = {"she": "herself", "he": "himself", "they": "themselves"}


class Scene(NamedTuple):
    """The sentences of a prompt, with what was left out of it."""

    fields: dict[str, str]
    memories: tuple[str, ...]
    """Ids of the memories that are in it."""
    dropped: tuple[str, ...]
    """Ids of those that the budget left out, best first."""


def who(percept: Percept, *, brief: bool = False) -> str:
    """Who perceives, as in ``Hugo is an innkeeper who keeps the inn``.

    In brief it is the first thing that is said of them: an agent's own line is read anew at every
    decision, and a small model makes nothing of its second half.
    """
    line = percept.persona.bio_line
    return sentence(line.split(" and ")[0] if brief else line)


def traits(percept: Percept) -> str:
    """``Hugo is a person who is very talkative.``, or nothing for somebody in the middle."""
    phrase = trait_phrase(percept.persona)
    return f"{percept.persona.name} is a person who is {phrase}." if phrase else ""


def manner(percept: Percept, agent: str) -> str:
    """``a very organized warden``: how somebody is introduced in talk."""
    persona = percept.view.stage.cast[agent]
    words = f"{most_salient(persona)} {persona.occupation}".strip()
    return f"{'an' if words[:1].lower() in 'aeiou' else 'a'} {words}"


def felt(percept: Percept, inner: Sequence[str] = ()) -> str:
    """What the body wants and how one feels, or nothing; two words of the second at most."""
    energy, fullness = percept.needs.get("energy", 10.0), percept.needs.get("fullness", 10.0)
    name = percept.persona.name
    parts: list[str] = []
    if energy < TIRED:
        parts.append("very tired" if energy < VERY_TIRED else "tired")
    if fullness < HUNGRY:
        parts.append("hungry")
    parts += inner[:FEELINGS]
    return f"{name} is {' and '.join(parts)}." if parts else ""


def seen(percept: Percept, budget: int) -> str:
    """What is near, most telling first, within so many tokens."""
    lines = [noticed.text for noticed in percept.noticed if noticed.notable]
    lines += [f"{heard.text}" for heard in percept.heard if not heard.told][:1]
    near = percept.people[:4]
    lines += [sentence(f"{other.name} is {other.doing}") for other in near if other.doing]
    lines += _standing_by([other.name for other in near if not other.doing])
    lines += [thing.text for thing in percept.things]
    return " ".join(within(lines, budget)[0])


def _standing_by(names: list[str]) -> list[str]:
    """Those who do nothing in particular, in one sentence."""
    if not names:
        return []
    verb = "is" if len(names) == 1 else "are"
    return [f"{' and '.join(names)} {verb} here."]


def within(lines: Sequence[str], budget: int) -> tuple[list[str], list[int]]:
    """The first lines that fit the budget, and the numbers of the rest.

    What ranks lowest goes first: after a line that does not fit, none is taken.
    """
    spent = 0
    for number, text in enumerate(lines):
        spent += estimate_tokens(text)
        if spent > budget:
            return list(lines[:number]), list(range(number, len(lines)))
    return list(lines), []


def planned(percept: Percept, item: PlanItem | None, focus: str) -> str:
    """What was planned for now, or what somebody means to do in general.

    A planned act in the very words of an option decides for a small model nearly whatever else is
    so (0.9 and more): that is how habits hold, and why what one is free to do shows in the gaps.
    """
    name = percept.persona.name
    free = f"{name} has an hour to {_ITSELF[percept.persona.pronouns]}."
    if item is None:
        return f"{name} wants to {focus}." if focus else free
    place = percept.view.stage.plan.places.get(item.place)
    here = place is None or (percept.place is not None and percept.place.id == place.id)
    if here or place is None:
        return f"{name} planned to {item.doing}."
    if place.id == percept.persona.home:
        return f"{name} planned to be home by now."
    return f"{name} planned to be {place.where} by now."


def scene(
    percept: Percept,
    memories: Sequence[Memory],
    item: PlanItem | None,
    focus: str,
    options: MindOptions,
    inner: Sequence[str] = (),
    *,
    brief: bool = False,
) -> Scene:
    """Everything that a decision is made from, within its budgets."""
    name = percept.persona.name
    shown = [sentence(memory.text) for memory in memories]
    kept, left_out = within(shown, options.memory_tokens)
    where = percept.place.where if percept.place else "on the way"
    fields = {
        "name": name,
        "who": who(percept, brief=brief),
        "when": f"It is {percept.time} and {name} is {where}.",
        "percept": seen(percept, options.percept_tokens),
        "memories": f"{name} remembers: {' '.join(kept)}" if kept else "",
        "plan": planned(percept, item, focus),
        "need": felt(percept, inner),
        "traits": traits(percept),
    }
    out = set(left_out)
    return Scene(
        fields,
        tuple(memory.id for number, memory in enumerate(memories) if number not in out),
        tuple(memories[number].id for number in left_out),
    )
