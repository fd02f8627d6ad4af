"""A planned activity under way: how it stands among the options, and what step it has come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.episode.events import Planned
from simulation.kernel.action import Action, Go, Say, Sleep, Wait
from simulation.kernel.rules import KnowsUses, Option
from simulation.mind.in_hand import ROUND_MINUTES, is_at
from simulation.mind.plan import GO_TO_BED, PlanItem, dump_plan, hours_of
from simulation.mind.words import phrase_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Percept
    from simulation.mind.decompose import Decomposer


class UnderWay:
    """Cuts one agent's strokes into hours and steps as they come due.

    Args:
        decomposer: Takes hours apart; None: nothing is taken apart.
        long: Minutes from which a stroke is long enough for that.
    """

    def __init__(self, decomposer: Decomposer | None, long: int) -> None:
        self._decomposer = decomposer
        self._long = long
        self._stroke: PlanItem | None = None
        self._hour: PlanItem | None = None
        self._steps: tuple[PlanItem, ...] = ()

    def begin_day(self) -> None:
        """Forget what yesterday came to."""
        self._stroke = self._hour = None
        self._steps = ()

    def options(self, percept: Percept, due: PlanItem | None) -> tuple[Option, ...]:
        """Everything legal now, the planned activity among it, as the step that it has come to.

        An activity for which the world has no word is done in words of one's own, which changes
        nothing; one that stands for the use of an object is that use, or cannot be done.
        """
        options = percept.options
        if due is None or not _takes_time(percept, due):
            return options
        named = next((option for option in options if option.text == due.doing), None)
        step = self._step(_minute(percept))
        if named is not None:
            if step is None or not isinstance(named.action, Wait):
                return options
            return _with(options, named, Option(text=named.text, action=_waiting(step, percept)))
        use = next((option for option in options if _is_use(option, due.doing)), None)
        if use is not None:
            meant = Option(text=due.doing, action=use.action, minutes=use.minutes, about=use.about)
            return _with(options, use, meant)
        if _stands_for_use(percept, due.doing):
            return options
        return (*options, Option(text=due.doing, action=_waiting(step or due, percept)))

    async def in_steps(
        self, percept: Percept, scribe: Scribe, due: PlanItem | None, action: Action, cause: str
    ) -> Action:
        """An act that is about to begin; a planned activity as its step, taken apart if need be.

        Args:
            percept: What is perceived.
            scribe: Writes the agent's events.
            due: What is planned for now.
            action: What is about to begin.
            cause: Id of the event in which it was planned.
        """
        if self._decomposer is None or due is None or not _takes_time(percept, due):
            return action
        hour = self._cut(scribe, due, _minute(percept), cause)
        if not isinstance(action, Wait) or action.doing != due.doing:
            return action
        if hour != self._hour:
            self._hour, self._steps = hour, ()
            if due.minutes >= self._long:
                self._steps = await self._decomposer.steps(percept, scribe, hour, cause)
        step = self._step(_minute(percept))
        return action if step is None else _waiting(step, percept)

    def _cut(self, scribe: Scribe, due: PlanItem, minute: int, cause: str) -> PlanItem:
        """The hour of a stroke that it is, after cutting the stroke into hours when it begins."""
        hours = hours_of(due)
        if due != self._stroke:
            self._stroke = due
            if len(hours) > 1:
                scribe.note(
                    Planned,
                    items=dump_plan(hours),
                    origin="rules",
                    level="hour",
                    of=due.doing,
                    causes=(cause,),
                )
        return next(hour for hour in hours if minute < hour.until)

    def _step(self, minute: int) -> PlanItem | None:
        return next((step for step in self._steps if step.at <= minute < step.until), None)


def _takes_time(percept: Percept, item: PlanItem) -> bool:
    """Whether there is something to be done for it, and one is where it is done."""
    return not item.fact and item.doing != GO_TO_BED and is_at(percept, item)


def _with(options: Sequence[Option], old: Option, new: Option) -> tuple[Option, ...]:
    """The options with one put in another's place."""
    return tuple(new if option is old else option for option in options)


def _is_use(option: Option, doing: str) -> bool:
    """Whether an option does the same to the same thing in other words."""
    if isinstance(option.action, (Go, Say, Sleep, Wait)):
        return False
    verb, _, head = phrase_parts(doing)
    other, _, thing = phrase_parts(option.text)
    return bool(head) and (verb, head) == (other, thing)


def _stands_for_use(percept: Percept, doing: str) -> bool:
    rules = percept.rules
    if not isinstance(rules, KnowsUses):
        return False
    return rules.stands_for_use(percept.view, percept.agent, doing)


def _waiting(item: PlanItem, percept: Percept) -> Wait:
    """An activity or a step of it as an act in words of one's own."""
    left = max(1, item.until - _minute(percept))
    return Wait(doing=item.doing, minutes=min(left, ROUND_MINUTES))


def _minute(percept: Percept) -> int:
    return percept.view.stage.clock.minute_of_day(percept.tick)
