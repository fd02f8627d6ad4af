"""What is in hand: going on with it, coming back to it, arriving at it, without a new decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulation.kernel.action import Action, Go, Say, Wait
from simulation.kernel.rules import Option
from simulation.mind.plan import GO_TO_BED

if TYPE_CHECKING:
    from simulation.kernel.percept import Percept
    from simulation.mind.plan import PlanItem


ROUND_MINUTES = 30
"""Who is at something in several steps, or in words of one's own, looks up after so long."""

Options = Sequence[Option]


class InHand:
    """Keeps what one agent is at, so that ordinary continuation asks nobody.

    Options are those that the mind has: what is legal, with its own plans among it.
    """

    def __init__(self) -> None:
        self._round_until = 0
        self._since = 0
        self._suspended: Action | None = None
        self._text = ""
        self._company: frozenset[str] = frozenset()
        self._headed_for = ""

    def took_up(self, percept: Percept, option: Option) -> None:
        """Note what was just decided."""
        self._hold(percept, option.text, frozenset(person.id for person in percept.people))
        self._headed_for = option.action.to if isinstance(option.action, Go) else ""

    def suspend(self, percept: Percept) -> None:
        """Note what a talk breaks into."""
        activity = percept.activity
        if activity is not None and not isinstance(activity.action, Say):
            self._suspended = activity.action

    def option(self, percept: Percept, options: Options) -> Option | None:
        """What the body is doing, as one of the options, where it is one."""
        activity = percept.activity
        return find_act(options, activity.action) if activity else None

    def resumed(self, percept: Percept, options: Options) -> Action | None:
        """What a talk broke into, if it can still be done; that is no new decision."""
        before, self._suspended = self._suspended, None
        if before is None:
            return None
        found = find_act(options, before)
        if found is None and isinstance(before, Wait) and before.doing:
            # A step is over, and what it was a step of goes on.
            found = self._in(options)
        if found is not None:
            self._begin_round(percept)
        return found.action if found else None

    def going_on(self, percept: Percept, due: PlanItem | None, options: Options) -> Action | None:
        """What is in hand and fits the plan, while nobody new has come: no new decision.

        Who has come in the middle of a round is looked at when it is over.
        """
        people = frozenset(person.id for person in percept.people)
        rounded = percept.tick >= self._round_until
        if due is None or (rounded and not people <= self._company):
            return None
        found = self._in(options)
        if found is None or not is_at(percept, due) or due.doing == GO_TO_BED:
            return None
        stays = isinstance(found.action, Wait) and not found.action.doing
        if self._text != due.doing and not (stays and self._was_due(percept, due)):
            return None
        if rounded:
            self._begin_round(percept)
        return found.action

    def arrived(self, percept: Percept, due: PlanItem | None, options: Options) -> Action | None:
        """What one has walked here for, when nobody else is about: the walk was the decision."""
        if due is None or self._headed_for != due.place or not is_at(percept, due):
            return None
        self._headed_for = ""
        if percept.people:
            return None
        found = next((option for option in options if option.text == due.doing), None)
        if found is None:
            return None
        self._hold(percept, found.text, frozenset())
        return found.action

    def _hold(self, percept: Percept, text: str, company: frozenset[str]) -> None:
        self._text, self._company, self._since = text, company, percept.tick
        self._begin_round(percept)

    def _begin_round(self, percept: Percept) -> None:
        self._round_until = percept.tick + percept.view.stage.clock.ticks(ROUND_MINUTES)

    def _was_due(self, percept: Percept, due: PlanItem) -> bool:
        """Whether what is planned was so when this was taken up."""
        clock = percept.view.stage.clock
        taken_up = clock.minute(percept.tick) - clock.minute(self._since)
        return clock.minute_of_day(percept.tick) - due.at >= taken_up

    def _in(self, options: Options) -> Option | None:
        return next((option for option in options if option.text == self._text), None)


def is_at(percept: Percept, item: PlanItem) -> bool:
    """Whether the body is where something is planned."""
    return percept.place is not None and percept.place.id == item.place


def find_act(options: Sequence[Option], action: Action) -> Option | None:
    """The option that is this act; how long it is to last makes no difference."""
    return next((option for option in options if _same_act(option.action, action)), None)


def _same_act(option: Action, before: Action) -> bool:
    if isinstance(option, Wait) and isinstance(before, Wait):
        return option.doing == before.doing
    return option == before
