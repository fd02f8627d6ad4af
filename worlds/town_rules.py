"""The rules of any town that is described by a map file."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from simulation.kernel.action import Action, Go, Say, Sleep, Wait
from simulation.kernel.plan import chebyshev
from simulation.kernel.rules import Change, Option, Resolution
from simulation.kernel.rules import Thing as SeenThing
from worlds import happenings, needs, objects, start
from worlds.objects import Objects
from worlds.sleeping import Sleeping
from worlds.walking import Walking
from worlds.words import gerund, past

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from personas.schema import Habit
    from simulation.kernel.effect import Value
    from simulation.kernel.plan import Plan
    from simulation.kernel.view import Stage, WorldView
    from worlds.schema import Town

WAIT_MINUTES = 30
HABIT_MINUTES = 30
"""How long a habit goes on before the mind looks up."""
THINGS_SEEN = 6
TALKERS = 6
"""How many of those in earshot are offered as partners of a talk, nearest first."""


class TownRules:
    """What can be done in a town, what comes of it, and what happens by itself.

    Args:
        town: The map file.
        plan: Its plan.
        stage: What never changes while the world runs.
    """

    def __init__(self, town: Town, plan: Plan, stage: Stage) -> None:
        self.town = town
        self.plan = plan
        self.stage = stage
        self.walking = Walking(town, plan, stage)
        self.objects = Objects(town, self.walking.cells)
        self.sleeping = Sleeping({room.id for room in town.places if room.beds})
        self._goals = {agent: self._goals_of(agent) for agent in stage.cast}
        self._walks = {
            room.id: Option(text=f"walk to {room.name}", action=Go(to=room.id))
            for room in town.places
        }
        self._stay = Option(
            text="stay and look about", action=Wait(minutes=WAIT_MINUTES), minutes=WAIT_MINUTES
        )

    def _goals_of(self, agent: str) -> tuple[str, ...]:
        """The places that a person thinks of going to."""
        persona = self.stage.cast[agent]
        own = {persona.home} | {habit.place for habit in persona.habits}
        return tuple(room.id for room in self.town.places if not room.private or room.id in own)

    # The seam ------------------------------------------------------------------------------------

    def initial(self) -> Mapping[tuple[str, str], Value]:
        """People at home, rested and with an appetite; objects as the file has them."""
        return start.initial(self.town, self.stage, self.walking)

    def ambient(self, view: WorldView) -> Sequence[Change]:
        """The tide, the hours of the day, and what is heard from afar."""
        return [
            *happenings.tide(self.walking, view),
            *happenings.hours(self.town, view),
            *happenings.sounds(self.objects, view),
        ]

    def legal(self, view: WorldView, agent: str) -> Sequence[Option]:
        """Acts at hand first, then talk, then walks, then staying."""
        acts = self.objects.legal(view, agent)
        habit = self.habit(view, agent)
        options: list[Option] = []
        if habit is not None:
            options, acts = self._habit_options(view, habit, acts)
        options += acts
        options += self._talk(view, agent)
        options += self.sleeping.legal(view, agent)
        options += self._walking_options(view, agent)
        options.append(self._stay)
        return options

    def minutes(self, view: WorldView, agent: str, action: Action) -> int:
        """How long until an action is resolved."""
        if isinstance(action, Wait):
            return max(1, action.minutes)
        if isinstance(action, Sleep):
            return self.sleeping.minutes(view, agent)
        if isinstance(action, Go | Say):
            return 1
        return self.objects.minutes(view, agent, action)

    def resolve(self, view: WorldView, agent: str, action: Action) -> Resolution:
        """What comes of an action now."""
        if isinstance(action, Go):
            return self.walking.go(view, agent, action)
        if isinstance(action, Say):
            return self._say(view, agent, action)
        if isinstance(action, Wait):
            return Resolution(deed=past(action.doing) if action.doing else "")
        if isinstance(action, Sleep):
            return self.sleeping.resolve(view, agent)
        return self.objects.resolve(view, agent, action)

    def doing(self, view: WorldView, agent: str) -> str:
        """What others see the body do."""
        activity = view.activity(agent)
        if activity is None:
            return ""
        action = activity.action
        if isinstance(action, Go):
            return self._walk_seen(view, action)
        if isinstance(action, Sleep):
            return "asleep"
        if isinstance(action, Say):
            return "talking"
        if isinstance(action, Wait):
            return _gerund(action.doing) if action.doing else ""
        text = self.objects.text(view, action)
        return _gerund(text) if text else ""

    def things(self, view: WorldView, agent: str) -> Sequence[SeenThing]:
        """The objects in sight whose state is worth a glance, nearest first."""
        return objects.seen(self.objects, self.plan, view, agent)[:THINGS_SEEN]

    def needs(self, view: WorldView, agent: str) -> Mapping[str, float]:
        """Energy and fullness."""
        return {need: needs.level(view, agent, need) for need in needs.MINUTES_A_LEVEL}

    # Habits --------------------------------------------------------------------------------------

    def habit(self, view: WorldView, agent: str) -> Habit | None:
        """The habit of this hour, if the agent is where it belongs."""
        now = self.stage.clock.minute_of_day(view.tick)
        place = view.place_id(agent)
        for habit in self.stage.cast[agent].habits:
            if habit.start <= now < habit.end and habit.place == place:
                return habit
        return None

    def stands_for_use(self, view: WorldView, agent: str, doing: str) -> bool:
        """Whether this, done where the agent is, is the use of an object there."""
        return bool(self.objects.standing_for(view.place_id(agent), doing))

    def _habit_options(
        self, view: WorldView, habit: Habit, acts: list[Option]
    ) -> tuple[list[Option], list[Option]]:
        """The habit as an option, and the other acts.

        A habit that a use stands for is that use, and is left out where that is not legal.
        """
        stands = self.objects.standing_for(habit.place, habit.doing)
        if stands:
            for number, option in enumerate(acts):
                if objects.key_of(option.action) in stands:
                    shown = Option(
                        text=habit.doing,
                        action=option.action,
                        minutes=option.minutes,
                        about=option.about,
                    )
                    return [shown], acts[:number] + acts[number + 1 :]
            return [], acts
        left = habit.end - self.stage.clock.minute_of_day(view.tick)
        minutes = max(1, min(left, HABIT_MINUTES))
        action = Wait(doing=habit.doing, minutes=minutes)
        return [Option(text=habit.doing, action=action, minutes=minutes)], acts

    # Speech --------------------------------------------------------------------------------------

    def _talk(self, view: WorldView, agent: str) -> list[Option]:
        levers = self.stage.settings
        if any(levers.get(lever) in values for lever, values in self.town.silent.items()):
            return []
        awake = self._partners(view, agent)
        options = [
            Option(text=f"talk with {view.name(who)}", action=Say(to=who))
            for who in awake[:TALKERS]
        ]
        if len(awake) >= 2:
            options.append(Option(text="say something to everyone here", action=Say()))
        return options + self.objects.requests(view, agent, awake[:2])

    def _partners(self, view: WorldView, agent: str) -> list[str]:
        """Who is awake, in earshot, and not behind a wall."""
        here, place = view.cell(agent), view.place_id(agent)
        found: list[str] = []
        for who in view.in_earshot(agent):
            cell = view.cell(who)
            if here is None or cell is None or view.asleep(who):
                continue
            if view.place_id(who) == place or self.plan.sees(here, cell, self.stage.sight):
                found.append(who)
        return found

    def _say(self, view: WorldView, agent: str, action: Say) -> Resolution:
        near = [who for who in view.in_earshot(agent) if not view.asleep(who)]
        if action.to and action.to not in near:
            return Resolution(reason=f"{view.name(action.to)} is out of earshot")
        if not near:
            return Resolution(reason="nobody is in earshot")
        return Resolution()

    # Walks ---------------------------------------------------------------------------------------

    def _walking_options(self, view: WorldView, agent: str) -> list[Option]:
        here = view.place_id(agent)
        closed = self.walking.closed(view, agent)
        options = [
            self._walks[place]
            for place in self._goals[agent]
            if place != here and self.walking.can_go(view, agent, place, closed)
        ]
        cell = view.cell(agent)
        for who in view.in_sight(agent)[:TALKERS]:
            other = view.cell(who)
            far = cell and other and chebyshev(cell, other) > self.stage.hearing
            if cell and other and far and self.walking.connected(cell, other, closed):
                options.append(Option(text=f"walk up to {view.name(who)}", action=Go(to=who)))
        return options

    def _walk_seen(self, view: WorldView, action: Go) -> str:
        if action.to in self.walking.rooms:
            return f"walking to {self.walking.rooms[action.to].name}"
        return f"walking up to {view.name(action.to)}"


@lru_cache(maxsize=2000)
def _gerund(text: str) -> str:
    return gerund(text)
