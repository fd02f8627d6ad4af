"""Yesterday in a few words, each morning: a day's plan starts from it (Park et al. 2023, §4.3)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simulation.kernel.clock import MINUTES_A_DAY, minutes_of
from simulation.language.plausible import a_statement
from simulation.language.prompts import load_prompt
from simulation.mind.recollection import Note, Recollection
from simulation.mind.scene import within
from simulation.mind.words import sentence

if TYPE_CHECKING:
    from simulation.episode.sink import Scribe
    from simulation.kernel.clock import Clock
    from simulation.kernel.percept import Percept
    from simulation.memory import Memory
    from simulation.mind.asker import Asker

_SUMMARY = load_prompt(Path(__file__).parent / "prompts" / "summary.md", "summary")
IMPORTANCE = 4.0
"""Of the summary, on Park's scale."""
TOKENS = 60
"""Length of a summary at most."""
CHARACTERS = 4 * TOKENS
SHOWN = 16
"""Memories of the day that a chat model sums up, the most important ones."""
_KINDS = ("reflection", "fact", "dialogue", "observation")
"""Kinds of memory that a day is summed up from; what was planned is no part of what was."""


async def sum_up(
    percept: Percept, scribe: Scribe, asker: Asker, recollection: Recollection
) -> Memory | None:
    """Remember a summary of yesterday; None if nothing of it is remembered."""
    best = _most_important(percept, recollection)
    if not best:
        return None
    words, call, used = "", "", best
    if asker.chats:
        words, call = await _asked(percept, scribe, asker, best)
    if not words:
        words, used = _given(percept, best)
    evidence = tuple(memory.id for memory in used)
    return recollection.remember(
        scribe,
        Note(
            kind="reflection",
            text=words,
            importance=IMPORTANCE,
            people=tuple(sorted({other for memory in used for other in memory.people})),
            evidence=(*evidence, *((call,) if call else ())),
            source="inferred" if call else "summary",
            fresh=True,
        ),
    )


def first_tick(clock: Clock, day: int) -> int:
    """The first tick of a day, the first day being 1.

    Examples:
        >>> from simulation.kernel.clock import Clock
        >>> first_tick(Clock(start="07:00"), 2)
        1020
    """
    minutes = (day - 1) * MINUTES_A_DAY - minutes_of(clock.start)
    return max(0, -(-minutes // clock.tick_minutes))


def _most_important(percept: Percept, recollection: Recollection) -> list[Memory]:
    """What mattered most of yesterday, in that order; the later of equals first."""
    clock = percept.view.stage.clock
    today = clock.day(percept.tick)
    since, until = first_tick(clock, today - 1), first_tick(clock, today)
    of_it = [
        memory
        for memory in recollection.stream.since(since)
        if memory.created < until and memory.kind in _KINDS
    ]
    ranked = sorted(of_it, key=lambda memory: (-memory.importance, -memory.created, memory.id))
    return ranked[:SHOWN]


def _given(percept: Percept, best: list[Memory]) -> tuple[str, list[Memory]]:
    """The most important memories themselves, as far as they fit, in the order of the day."""
    name = percept.persona.name
    opening = f"What {name} keeps of yesterday:"
    lines = [opening, *(sentence(memory.text) for memory in best)]
    kept = best[: max(1, len(within(lines, TOKENS)[0]) - 1)]
    used = sorted(kept, key=lambda memory: (memory.created, memory.id))
    return f"{opening} {' '.join(sentence(memory.text) for memory in used)}", used


async def _asked(
    percept: Percept, scribe: Scribe, asker: Asker, best: list[Memory]
) -> tuple[str, str]:
    """A chat model's summary and the id of the call; both empty when none came."""
    used = sorted(best, key=lambda memory: (memory.created, memory.id))
    prompt = asker.worded(_SUMMARY).render(
        name=percept.persona.name, memories=" ".join(sentence(memory.text) for memory in used)
    )
    answer = await asker.write(
        scribe,
        prompt,
        read=a_statement(longest=CHARACTERS),
        stop=(),
        max_tokens=2 * TOKENS,
        temperature=0.3,
    )
    return ("", "") if answer is None else (" ".join(answer.value.split()), answer.call)
