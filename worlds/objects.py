"""The objects of a town as the rules meet them: which uses are legal, and what comes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.kernel.action import (
    Action,
    Carry,
    Force,
    Give,
    Go,
    Join,
    Leave,
    Read,
    Say,
    Sleep,
    Take,
    Use,
    Wait,
    Write,
)
from simulation.kernel.plan import chebyshev
from simulation.kernel.rules import Option, Resolution
from simulation.kernel.rules import Thing as SeenThing
from worlds.uses import Scene, first_failure, hold, minutes_of_use, outcome, told
from worlds.words import sentence

if TYPE_CHECKING:
    from simulation.kernel.effect import Cell
    from simulation.kernel.plan import Plan
    from simulation.kernel.view import WorldView
    from worlds.schema import Sound, Thing, Town
    from worlds.schema import Use as UseRow

Key = tuple[str, str]
"""(object, use)."""
PARTNER_MINUTES = 30
"""How long one waits for others at something that takes several."""
PEOPLE_OFFERED = 2
"""Towards how many of those near a use is offered, nearest first."""


class Objects:
    """Every object of a town with its uses.

    Args:
        town: The map file.
        cells: Where each object stands.
    """

    def __init__(self, town: Town, cells: dict[str, Cell]) -> None:
        self.cells = cells
        self.things = {thing.id: thing for thing in town.things}
        self.index: dict[Key, tuple[Thing, UseRow]] = {}
        self.by_place: dict[str, list[tuple[Thing, UseRow]]] = {}
        self.loud: dict[Key, Sound] = {}
        self.worn = [thing for thing in town.things if thing.worn_by]
        self.asked = [(thing, request) for thing in town.things for request in thing.requests]
        for thing in town.things:
            for use in thing.uses:
                self._add(thing, use)
        self._options: dict[tuple[str, str, str, int], Option] = {}
        self._visible: dict[Cell, list[Thing]] = {}

    def _add(self, thing: Thing, use: UseRow) -> None:
        self.index[thing.id, use.id] = (thing, use)
        if use.action == "read":
            self.index[thing.id, ""] = (thing, use)
        for place in (thing.place, *thing.also_from):
            self.by_place.setdefault(place, []).append((thing, use))
        if use.sound is not None:
            self.loud[thing.id, use.id] = use.sound

    # What is legal -------------------------------------------------------------------------------

    def legal(self, view: WorldView, agent: str) -> list[Option]:
        """Every use of what is within reach, and of what the agent has on it."""
        here, place = view.cell(agent), view.place_id(agent)
        options: list[Option] = []
        for thing, use in self.by_place.get(place, ()):
            if here is not None and chebyshev(here, self.cells[thing.id]) <= view.stage.reach:
                options += self._options_of(view, agent, thing, use)
        for thing, use in self.by_place.get("", ()):
            if view.holds(agent, thing.id):
                options += self._options_of(view, agent, thing, use)
        return options

    def _options_of(self, view: WorldView, agent: str, thing: Thing, use: UseRow) -> list[Option]:
        if use.towards == "person":
            scenes = [Scene(view, agent, thing, who) for who in _near(view, agent)]
            legal = [scene for scene in scenes if self._possible(scene, use)]
            return [self._option(scene, use) for scene in legal[:PEOPLE_OFFERED]]
        scene = Scene(view, agent, thing)
        return [self._option(scene, use)] if self._possible(scene, use) else []

    def _possible(self, scene: Scene, use: UseRow) -> bool:
        if not hold(use.requires, scene):
            return False
        return not use.alone or not _at_it(scene, use)

    def _option(self, scene: Scene, use: UseRow) -> Option:
        thing = scene.thing
        minutes = minutes_of_use(use, scene)
        key = (thing.id if thing else "", use.id, scene.person, minutes)
        if thing is not None and key not in self._options:
            self._options[key] = Option(
                text=_named(use.text, scene),
                action=action_of(thing, use, scene.person),
                minutes=minutes,
                about=use.about,
            )
        return self._options[key]

    def standing_for(self, place: str, doing: str) -> set[Key]:
        """The uses in a place that a habit's words stand for."""
        return {
            (thing.id, use.id)
            for thing, use in self.by_place.get(place, ())
            if doing.startswith(use.stands_for)
        }

    def requests(self, view: WorldView, agent: str, near: list[str]) -> list[Option]:
        """What an agent can ask those near about."""
        found: list[Option] = []
        for thing, request in self.asked:
            if request.by == agent and hold(request.when, Scene(view, agent, thing)):
                found += [
                    Option(
                        text=request.text.format(person=view.name(who)),
                        action=Say(to=who, about=f"request:{request.id}"),
                    )
                    for who in near
                ]
        return found

    # What comes of it ----------------------------------------------------------------------------

    def minutes(self, view: WorldView, agent: str, action: Action) -> int:
        """How long a round takes."""
        found = self.index.get(key_of(action))
        if found is None:
            return 1
        thing, use = found
        return minutes_of_use(use, Scene(view, agent, thing, _person(action)))

    def text(self, view: WorldView, action: Action) -> str:
        """The verb phrase of an action, or empty."""
        found = self.index.get(key_of(action))
        if found is None:
            return ""
        return _named(found[1].text, Scene(view, "", found[0], _person(action)))

    def resolve(self, view: WorldView, agent: str, action: Action) -> Resolution:
        """One round of a use."""
        found = self.index.get(key_of(action))
        if found is None:
            return Resolution(reason="there is nothing like that here")
        thing, use = found
        words = action.text if isinstance(action, Write) else ""
        scene = Scene(view, agent, thing, _person(action), words)
        minutes = minutes_of_use(use, scene)
        spent = _minutes_spent(view, agent, action, minutes)
        reason = self._hindrance(scene, use)
        if reason:
            # A later round that is no longer possible is the end of the work, not a failure.
            return Resolution() if spent > minutes else Resolution(reason=reason)
        again = view.stage.clock.ticks(minutes)
        if use.together > 1 and len(_at_it(scene, use)) + 1 < use.together:
            if spent >= PARTNER_MINUTES:
                return Resolution(reason=f"nobody came to take the other end of {thing.name}")
            return Resolution(again=again)
        done = outcome(use, scene)
        if spent + minutes > use.rounds * minutes:
            return done
        return Resolution(
            effects=done.effects,
            deed=done.deed,
            learned=done.learned,
            notable=done.notable,
            again=again,
        )

    def _hindrance(self, scene: Scene, use: UseRow) -> str:
        return _out_of_hand(self, scene, use) or _refusal(scene, use)

    def within_reach(self, view: WorldView, agent: str, thing: Thing) -> bool:
        """Whether an object is near enough to be touched."""
        here = view.cell(agent)
        return (
            here is not None
            and view.place_id(agent) in (thing.place, *thing.also_from)
            and chebyshev(here, self.cells[thing.id]) <= view.stage.reach
        )

    # What is seen --------------------------------------------------------------------------------

    def visible(self, plan: Plan, here: Cell, sight: int) -> list[Thing]:
        """What stands in sight of a cell and can look one way or another, nearest first."""
        if here not in self._visible:
            found = [
                (chebyshev(here, cell), name)
                for name, cell in self.cells.items()
                if self.things[name].sights and plan.sees(here, cell, sight)
            ]
            self._visible[here] = [self.things[name] for _, name in sorted(found)]
        return self._visible[here]


def seen(objects: Objects, plan: Plan, view: WorldView, agent: str) -> list[SeenThing]:
    """The objects in sight with a sentence on each, nearest first."""
    here = view.cell(agent)
    if here is None:
        return []
    things = list(objects.visible(plan, here, view.stage.sight))
    people = [agent, *view.in_sight(agent)] if objects.worn else []
    things += [thing for thing in objects.worn if thing.worn_by in people]
    found = [(thing, _sight(thing, view, agent)) for thing in things]
    return [SeenThing(id=thing.id, text=text) for thing, text in found if text]


def _sight(thing: Thing, view: WorldView, agent: str) -> str:
    scene = Scene(view, agent, thing)
    for sight in thing.sights:
        if hold(sight.when, scene):
            return sentence(told(sight.text, view, thing.id, thing.state))
    return ""


def _out_of_hand(objects: Objects, scene: Scene, use: UseRow) -> str:
    """Why the object, or the other person, is not at hand; empty: they are."""
    view, thing = scene.view, scene.thing
    if thing is None:
        return "there is nothing like that here"
    if thing.place and not objects.within_reach(view, scene.actor, thing):
        return f"{thing.name} cannot be reached from here"
    if not thing.place and not view.holds(scene.actor, thing.id):
        return f"it takes {thing.name}, which cannot be found at hand"
    if use.towards == "person" and scene.person not in _near(view, scene.actor):
        return f"{view.name(scene.person)} is not near"
    return ""


def _refusal(scene: Scene, use: UseRow) -> str:
    """Why the object does not allow it now; empty: it does."""
    failed = first_failure(use.requires, scene)
    if failed is not None:
        return failed.otherwise or "it is not possible now"
    first = _first_at_it(scene, use) if use.alone else ""
    name = scene.thing.name if scene.thing else ""
    return f"{scene.view.name(first)} is at {name} already" if first else ""


def _named(text: str, scene: Scene) -> str:
    return text.format(person=scene.view.name(scene.person)) if "{" in text else text


def _near(view: WorldView, agent: str) -> list[str]:
    """Those to whom something can be handed."""
    place = view.place_id(agent)
    return [
        who
        for who in view.in_earshot(agent)
        if view.place_id(who) == place and not view.asleep(who)
    ]


def _minutes_spent(view: WorldView, agent: str, action: Action, minutes: int) -> int:
    """How long the agent has been at it, with this round; one round if it is not at it yet."""
    activity = view.activity(agent)
    if activity is None or activity.action != action:
        return minutes
    return (view.tick - activity.since + 1) * view.stage.clock.tick_minutes


def _at_it(scene: Scene, use: UseRow) -> list[str]:
    """Who else in the place is in the middle of the same use."""
    view, thing = scene.view, scene.thing
    key = (thing.id if thing else "", use.id)
    found: list[str] = []
    for who in view.people_in(view.place_id(scene.actor)):
        activity = view.activity(who) if who != scene.actor else None
        if activity is not None and key_of(activity.action) == key:
            found.append(who)
    return found


def _first_at_it(scene: Scene, use: UseRow) -> str:
    """Who began the same use earlier; of those who began together the first of the roster."""
    view = scene.view
    own = view.activity(scene.actor)
    roster = view.agents
    mine = (own.since if own else view.tick, roster.index(scene.actor))
    for who in _at_it(scene, use):
        activity = view.activity(who)
        if activity is not None and (activity.since, roster.index(who)) < mine:
            return who
    return ""


def _person(action: Action) -> str:
    return action.to if isinstance(action, Give) else ""


def action_of(thing: Thing, use: UseRow, person: str = "") -> Action:
    """The typed action that a use of an object is."""
    item = use.item or thing.id
    source = thing.id if use.item else ""
    made: dict[str, Action] = {
        "take": Take(thing=item, source=source, amount=use.amount, way=use.id),
        "give": Give(thing=thing.id, to=person, amount=use.amount, way=use.id),
        "carry": Carry(thing=thing.id, to=use.to, way=use.id),
        "join": Join(task=thing.id, way=use.id),
        "use": Use(thing=thing.id, way=use.id),
        "force": Force(thing=thing.id, way=use.id),
        "leave": Leave(thing=thing.id, amount=use.amount, way=use.id),
        "read": Read(thing=thing.id),
        "write": Write(
            thing=thing.id,
            way=use.id,
            own_words=any("{words}" in str(effect.set) for effect in use.effects),
        ),
    }
    return made[use.action]


def key_of(action: Action) -> Key:
    """Which use of which object an action is; empty for acts that need no object."""
    if isinstance(action, Take):
        return (action.source or action.thing, action.way)
    if isinstance(action, Join):
        return (action.task, action.way)
    if isinstance(action, Go | Say | Wait | Sleep):
        return ("", "")
    return (action.thing, "" if isinstance(action, Read) else action.way)
