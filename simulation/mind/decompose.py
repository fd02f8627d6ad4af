"""Taking an activity apart into steps of a few minutes (Park et al. 2023, §4.3).

It is done lazily: when an hour of a long activity begins, at its place, and not before. A chat
model gives steps and minutes. For a completion model an activity that names its own parts (*sweep
the floor and light the stove*) is taken apart by rule; otherwise it ends one sentence, which is
read strictly, and what cannot be taken apart stays whole. What a model was asked is learned, and
used again where it fits, so every reuse is a call that was saved.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simulation.episode.events import Planned
from simulation.language.prompts import load_prompt
from simulation.mind.activity import known_names
from simulation.mind.asker import Answer
from simulation.mind.learned import Conditions, Decomposition, Learned, part_of_day
from simulation.mind.plan import dump_plan
from simulation.mind.scene import who
from simulation.mind.steps import Step, in_rounds, lay_out, named_parts, read_tail, steps_reader

if TYPE_CHECKING:
    from simulation.episode.events import Origin
    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Percept
    from simulation.mind.asker import Asker
    from simulation.mind.options import MindOptions
    from simulation.mind.plan import PlanItem
    from simulation.mind.recollection import Recollection

_PROMPTS = Path(__file__).parent / "prompts"
_DECOMPOSE = load_prompt(_PROMPTS / "decompose.md", "decompose")
_STEPS = load_prompt(_PROMPTS / "steps.md", "decompose")
LEAST_LEFT = 10
"""Minutes that must be left of an hour for steps to be worth it."""
MOST_CALLS_A_DAY = 4
"""Activities that a completion model is asked to take apart for one agent in a day."""


class Decomposer:
    """Takes one agent's activities apart.

    Args:
        options: How long steps are, and how close a learned activity must be.
        asker: The language model.
        recollection: Embeds activities.
    """

    def __init__(self, options: MindOptions, asker: Asker, recollection: Recollection) -> None:
        self._options = options
        self._asker = asker
        self._recollection = recollection
        self._learned = Learned(options.reuse_likeness)
        self._calls = (0, 0)
        """The day, and how often a completion model was asked in it."""

    async def steps(
        self, percept: Percept, scribe: Scribe, hour: PlanItem, cause: str
    ) -> tuple[PlanItem, ...]:
        """The steps of an hour from now on; empty if it stays whole.

        Args:
            percept: What is perceived at its beginning.
            scribe: Writes the agent's events.
            hour: What is to be taken apart.
            cause: Id of the event in which it was planned.
        """
        now = percept.view.stage.clock.minute_of_day(percept.tick)
        if hour.until - now < LEAST_LEFT:
            return ()
        parts = () if self._asker.chats else named_parts(hour.doing)
        if parts:
            own = in_rounds(parts, hour.minutes, self._options.step_minutes)
            items = lay_out(own, hour, now)
            self._note(scribe, hour, items, "rules", (cause,))
            return items
        conditions = Conditions(place=hour.place, part=part_of_day(hour.at), minutes=hour.minutes)
        vector = self._recollection.embed(hour.doing)
        known = self._learned.find(vector, conditions) if self._options.has("reuse") else None
        if known is not None:
            items = lay_out(known.steps, hour, now)
            self._note(scribe, hour, items, "reused plan", (cause, known.event), known.event)
            return items
        ask = self._ask if self._asker.chats else self._complete
        found = await ask(percept, scribe, hour)
        if found is None:
            return ()
        steps, call = found
        items = lay_out(steps, hour, now)
        event = self._note(scribe, hour, items, "model" if items else "rules", (cause, call))
        self._learned.keep(
            Decomposition(event=event, vector=vector, conditions=conditions, steps=steps)
        )
        return items

    async def _ask(
        self, percept: Percept, scribe: Scribe, hour: PlanItem
    ) -> Answer[tuple[Step, ...]] | None:
        """Ask a chat model for steps and minutes."""
        place = percept.view.stage.plan.places[hour.place]
        prompt = self._asker.worded(_DECOMPOSE).render(
            who=who(percept),
            time=percept.time,
            minutes=str(hour.minutes),
            where=place.where,
            name=percept.persona.name,
            doing=hour.doing,
        )
        return await self._asker.write(
            scribe,
            prompt,
            read=steps_reader(known_names(percept)),
            stop=(),
            max_tokens=300,
            temperature=self._options.temperature,
        )

    async def _complete(
        self, percept: Percept, scribe: Scribe, hour: PlanItem
    ) -> Answer[tuple[Step, ...]] | None:
        """Let a completion model end a sentence, greedily; None if it may not be asked again."""
        day = percept.view.stage.clock.day(percept.tick)
        asked = self._calls[1] if self._calls[0] == day else 0
        if asked >= MOST_CALLS_A_DAY:
            return None
        self._calls = (day, asked + 1)
        prompt = self._asker.worded(_STEPS).render(name=percept.persona.name, doing=hour.doing)
        answer = await self._asker.write(
            scribe,
            prompt,
            stop=("\n", "."),
            max_tokens=24,
            temperature=0.0,
            shared_slot=True,
            repairs=0,
        )
        if answer is None:
            return None
        names, likeness = known_names(percept), self._recollection.likeness
        doings = read_tail(answer.value, hour.doing, names, likeness)
        laid = in_rounds(doings, hour.minutes, self._options.step_minutes) if doings else ()
        return Answer(laid, answer.call)

    def _note(
        self,
        scribe: Scribe,
        hour: PlanItem,
        items: tuple[PlanItem, ...],
        origin: Origin,
        causes: tuple[str, ...],
        reused: str = "",
    ) -> str:
        """Log the steps, or that there are none."""
        event = scribe.note(
            Planned,
            items=dump_plan(items or (hour,)),
            origin=origin,
            reason="" if items else "it stays whole",
            level="minutes",
            of=hour.doing,
            reused=reused,
            causes=causes,
        )
        return event.id
