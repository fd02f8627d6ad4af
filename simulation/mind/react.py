"""Reacting: what is salient enough to break into an activity, and what was done about it.

Park et al. (2023, §4.3.1) ask a model at every observation whether to react. Here a rule asks
first, so that an ordinary minute costs no call: every new person, changed object, event, word and
appointment gets a salience from 0 to 10, and only from a threshold, and not again within half an
hour, one question follows. It is the ordinary question of a decision, with going on with what is in
hand among its options; the answer is logged as a reaction.

=============  ==========================================================================
what            salience
=============  ==========================================================================
thought         10 for a thought that came from outside the world
appointment     9 once when something fixed is due elsewhere and one is not walking there
event           8 for what draws every eye
words           6 for talk in earshot that one may join; 5 for words said to all
person          3 for who comes into one's company, + 0.5 for each point of closeness
                either way, + 1 for one with whom there is a tie
object          4 for one that is not as it was when last seen, + 2 if it has to do with
                what is planned; nothing right after an act of one's own
=============  ==========================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from simulation.episode.events import Decided, Reacted
from simulation.kernel.action import Go, Join, Say, Wait
from simulation.mind.words import content_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.episode.sink import Scribe
    from simulation.kernel.action import Action
    from simulation.kernel.percept import Percept
    from simulation.mind.plan import PlanItem

Trigger = Literal["person", "object", "event", "words", "appointment", "thought"]
Response = Literal["continue", "talk", "tell", "join", "leave", "wait", "act"]

THOUGHT, APPOINTMENT, EVENT, JOINABLE, TO_ALL = 10.0, 9.0, 8.0, 6.0, 5.0
PERSON, PER_CLOSENESS, TIE = 3.0, 0.5, 1.0
OBJECT, AT_HAND = 4.0, 2.0


class Salient(NamedTuple):
    """Something that draws attention."""

    trigger: Trigger
    salience: float
    event: str = ""
    """Id of the event behind it, where there is one."""


class Reaction:
    """Notices what is new to one agent, and decides by rule what is worth a thought.

    Args:
        threshold: The least salience that is reacted to.
        pause: Ticks after a reaction in which none follows.
        closeness: How close somebody is, from -5 to 5.
    """

    def __init__(self, threshold: float, pause: int, closeness: Callable[[str], float]) -> None:
        self._threshold = threshold
        self._pause = pause
        self._closeness = closeness
        self._last = {True: -pause, False: -pause}
        self._company: frozenset[str] = frozenset()
        self._things: dict[str, str] = {}

    def notice(self, percept: Percept, due: PlanItem | None, joinable: str = "") -> Salient | None:
        """The most salient of what is new, if it is salient enough and not too soon.

        Called every tick, so that what is new is known; who sleeps is not asked.

        Args:
            percept: What is perceived.
            due: What is planned for now.
            joinable: Id of words in earshot that belong to a talk that can be joined.
        """
        found = [
            *(Salient("thought", THOUGHT, event) for event, _ in percept.whispers),
            *self._people(percept),
            *self._objects(percept, due),
            *_events(percept, joinable),
            *_appointments(percept, due),
        ]
        ready = [one for one in found if self._is_ready(one, percept.tick)]
        best = max(ready, key=lambda one: one.salience, default=None)
        if best is None or best.salience < self._threshold:
            return None
        self._last[best.trigger == "appointment"] = percept.tick
        return best

    def _is_ready(self, one: Salient, tick: int) -> bool:
        """Whether the pause is over; appointments and thoughts wait for no other thing's."""
        if one.trigger == "thought":
            return True
        return tick - self._last[one.trigger == "appointment"] >= self._pause

    def _people(self, percept: Percept) -> list[Salient]:
        here = frozenset(person.id for person in percept.people)
        come, self._company = here - self._company, here
        ties = {tie.person for tie in percept.persona.relationships}
        return [
            Salient(
                "person",
                PERSON + PER_CLOSENESS * abs(self._closeness(who)) + (TIE if who in ties else 0.0),
            )
            for who in sorted(come)
        ]

    def _objects(self, percept: Percept, due: PlanItem | None) -> list[Salient]:
        found: list[Salient] = []
        just_did = percept.outcome is not None and bool(percept.outcome.deed)
        at_hand = content_words(due.doing) if due else set[str]()
        for thing in percept.things:
            before = self._things.get(thing.id)
            self._things[thing.id] = thing.text
            if before is not None and before != thing.text and not just_did:
                near = bool(at_hand & content_words(thing.text))
                found.append(Salient("object", OBJECT + (AT_HAND if near else 0.0)))
        return found


def _events(percept: Percept, joinable: str) -> list[Salient]:
    found = [Salient("event", EVENT, n.event) for n in percept.noticed if n.notable]
    for heard in percept.heard:
        if heard.event == joinable:
            found.append(Salient("words", JOINABLE, heard.event))
        elif heard.told and not heard.to:
            found.append(Salient("words", TO_ALL, heard.event))
    return found


def _appointments(percept: Percept, due: PlanItem | None) -> list[Salient]:
    activity = percept.activity
    walking = activity is not None and isinstance(activity.action, Go)
    there = due is not None and percept.place is not None and percept.place.id == due.place
    called = due is not None and due.fixed and not walking and not there
    return [Salient("appointment", APPOINTMENT)] if called else []


def note_reaction(scribe: Scribe, salient: Salient, action: Action, *, went_on: bool) -> Reacted:
    """Log what drew the attention and what was done about it, right after the decision."""
    decided = tuple(event.id for event in scribe.events if isinstance(event, Decided))[-1:]
    return scribe.note(
        Reacted,
        trigger=salient.trigger,
        salience=round(salient.salience, 2),
        response="continue" if went_on else response(action),
        causes=(*((salient.event,) if salient.event else ()), *decided),
    )


def response(action: Action) -> Response:
    """What kind of reaction an act is."""
    if isinstance(action, Say):
        return "tell" if action.facts else "talk"
    if isinstance(action, Join):
        return "join"
    if isinstance(action, Go):
        return "leave"
    return "wait" if isinstance(action, Wait) else "act"
