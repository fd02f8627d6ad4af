"""Reflection: when enough has gathered, a conclusion with the memories it rests on.

Park et al. (2023, §4.2) ask for questions first and let insights cite insights; here it is one
level. A small model's conclusion is kept only if it stays close to its evidence; otherwise a
plain summary of that evidence takes its place, and the log says which.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from simulation.episode.events import Reflected
from simulation.language.prompts import load_prompt
from simulation.mind.recollection import Note, Recollection
from simulation.mind.words import sentence, trigrams

if TYPE_CHECKING:
    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Percept
    from simulation.memory import Memory
    from simulation.mind.asker import Asker
    from simulation.mind.options import MindOptions

_REFLECT = load_prompt(Path(__file__).parent / "prompts" / "reflect.md", "reflect")
INSIGHT, SUMMARY = 6.0, 2.0
"""Importance of a conclusion, and of the plain summary that stands in for one."""
SHORTEST_INSIGHT = 6
"""Words, the name included."""
_LATEST = 60
"""How far back an agent looks, in memories."""
_SOURCES = ("observation", "dialogue", "fact")


class Reflection:
    """Gathers importance, and reflects when the threshold is passed."""

    def __init__(self, options: MindOptions) -> None:
        self._options = options
        self._gathered = 0.0

    def gather(self, importance: float) -> None:
        """Count a new memory."""
        self._gathered += importance

    @property
    def due(self) -> bool:
        """Whether it is time to reflect."""
        return self._gathered >= self._options.reflection_threshold

    async def reflect(
        self, percept: Percept, scribe: Scribe, asker: Asker, recollection: Recollection
    ) -> Memory | None:
        """Form one insight from the most important of the latest memories."""
        self._gathered = 0.0
        evidence = self._evidence(recollection)
        if not evidence:
            return None
        name = percept.persona.name
        told = " ".join(sentence(memory.text) for memory in evidence)
        prompt = _REFLECT.render(name=name, memories=told)
        answer = await asker.write(
            scribe, prompt, stop=("\n", "."), max_tokens=28, temperature=0.3, shared_slot=True
        )
        words = "" if answer is None else " ".join(answer[0].split())
        proposed = sentence(f"{name} {words}") if words else ""
        closeness = recollection.closeness(proposed, evidence) if proposed else 0.0
        kept = bool(proposed) and self._usable(proposed, told, closeness)
        insight = proposed if kept else _summary(percept, evidence)
        ids = tuple(memory.id for memory in evidence)
        scribe.note(
            Reflected,
            insight=insight,
            evidence=ids,
            proposed=proposed,
            closeness=closeness,
            kept=kept,
            causes=ids if answer is None else (*ids, answer[1]),
        )
        people = tuple(sorted({who for memory in evidence for who in memory.people}))
        return recollection.remember(
            scribe,
            Note(
                kind="reflection",
                text=insight,
                importance=INSIGHT if kept else SUMMARY,
                people=people,
                evidence=ids,
                source="inferred",
            ),
        )

    def _evidence(self, recollection: Recollection) -> list[Memory]:
        latest = recollection.stream.latest(_LATEST)
        known = [memory for memory in latest if memory.kind in _SOURCES]
        best = sorted(known, key=lambda memory: (-memory.importance, -memory.created, memory.id))
        chosen = best[: self._options.reflection_evidence]
        return sorted(chosen, key=lambda memory: (memory.created, memory.id))

    def _usable(self, proposed: str, told: str, closeness: float) -> bool:
        echo = trigrams(proposed) & trigrams(told)
        plain = not any(mark in proposed for mark in "[]{}<>|")
        words = proposed.rstrip(".").split()
        # What such a model says is not so, it mostly makes up; what is very short, it says of all.
        if len(words) < SHORTEST_INSIGHT or "not" in words or "n't" in proposed:
            return False
        return closeness >= self._options.insight_closeness and plain and len(echo) <= 2


def _summary(percept: Percept, evidence: list[Memory]) -> str:
    """What the evidence is about, without a model: people and places that recur."""
    name = percept.persona.name
    people = Counter(percept.view.name(who) for memory in evidence for who in memory.people)
    places = Counter(memory.place for memory in evidence if memory.place)
    company = " and ".join(who for who, _ in people.most_common(2) if who != name)
    where = percept.view.stage.plan.places[places.most_common(1)[0][0]].where if places else ""
    alone = {"she": "herself", "he": "himself", "they": "themselves"}[percept.persona.pronouns]
    doing = f"been taken up with {company}" if company else f"kept to {alone}"
    return sentence(f"{name} has {doing}{', mostly ' + where if where else ''}")
