"""Conformity: a position that moves to the group's through exposure, private and public apart.

A position is private where it is a probe's (``Probed``) or the mind's own note of it
(``TookStance``), public where it was said in somebody's hearing or shown by a deed that names it.
Between two looks at somebody's private position lie the positions that others took in their hearing
(exposures) and what they said themselves. From that:

==============  ==================================================================================
kind            when
==============  ==================================================================================
conversion      both the private and the public position went over to one that was heard
compliance      only the public one did
private shift   only the private one did, or nothing was said in public
persuasion      as a conversion or a private shift, and what was heard held a fact that was new to
                the hearer and bears on the topic
realignment     having left the group's shared goal, somebody was criticised and came back to it
drift           the position went over to another side without exposure to it
independence    others were heard to hold another position, and neither moved by the end
==============  ==================================================================================

``reverted_at`` is when the position went back. Where the topic has a right answer, ``typed`` says
``T→F``, ``F→T``, …, as MachineSoM does (Zhang et al. 2024). A number on the scale from -1 to 1 goes
over to a side when it passes 0.2 on it, or moves by 0.2 towards what was heard.

Opportunities are looks at a position after exposure to another one than one's own.

Examples:
    Ada is for the limit in private and says so; Dov and Felix say they are against it; asked by
    Hugo she says she is against it, and a probe finds her for it: ``compliance``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

from simulation.behaviours.finding import Evidence, Finding, Opportunity
from simulation.behaviours.society import effects_of
from simulation.episode.events import Acted, Probed, Said, TookStance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulation.behaviours.society import Society
    from simulation.episode.events import Happening
    from simulation.kernel.topics import Position, Topic

SIDE: Final = 0.2
"""A number nearer to the middle than this is on no side."""
STEP: Final = 0.2
"""A number that moves by this much towards another has moved."""
SHOWN: Final = 20
"""Exposures that a finding tells; more are only counted."""


@dataclass(frozen=True)
class Look:
    """A position as it was at one time."""

    position: Position | None
    event: str
    tick: int
    by: str
    """``probe``, ``stance``, ``words`` or ``deed``."""
    probabilities: tuple[float, ...] = ()

    def as_field(self) -> dict[str, Any]:
        """The same as a finding has it."""
        shares = {"probabilities": list(self.probabilities)} if self.probabilities else {}
        return {"position": self.position, "event": self.event, "by": self.by, **shares}


@dataclass(frozen=True)
class Exposure:
    """Somebody heard somebody take a position."""

    event: str
    tick: int
    source: str
    position: Position
    new_information: bool
    criticism: bool
    request: bool
    visible: bool
    """Whether it was said to the hearer, who is seen to hear it."""

    def as_field(self) -> dict[str, Any]:
        """The same as a finding has it."""
        return dict(self.__dict__)


@dataclass
class _Track:
    """One person on one topic."""

    private: Look | None = None
    public: Look | None = None
    said_since: Look | None = None
    """The latest public position since the last private look."""
    public_before: Look | None = None
    exposures: list[Exposure] = field(default_factory=list[Exposure])
    """Since the last shift."""
    left_goal: bool = False
    contradicted: tuple[str, ...] = ()
    """The first exposure to another side, and the look that did not move."""
    shift: dict[str, Any] | None = None
    """The latest shift, which may still be reverted."""
    moved: bool = False


class Conformity:
    """Finds positions that move with others', and those that do not."""

    name: ClassVar[str] = "conformity"
    version: ClassVar[int] = 1

    def __init__(self) -> None:
        self._tracks: dict[tuple[str, str], _Track] = defaultdict(_Track)
        self._topics: dict[str, Topic] = {}
        self._probing: set[str] = set()
        """Topics that are probed: there, the mind's own notes count no more."""

    def feed(self, event: Happening, society: Society) -> Iterator[Evidence]:
        """Take an event in; give what it shows."""
        if not self._topics:
            self._topics = {topic.id: topic for topic in society.spec.topics}
        if isinstance(event, Said):
            for topic, position in event.positions:
                if topic in self._topics:
                    self._expose(event, topic, position, society)
                    look = Look(position, event.id, event.tick, "words")
                    yield from self._speak(event.agent, topic, look, event.place)
        elif isinstance(event, Acted):
            yield from self._vote(event)
        elif isinstance(event, Probed) and event.topic in self._topics:
            self._probing.add(event.topic)
            look = Look(event.position, event.id, event.tick, "probe", event.probabilities)
            yield from self._look(event, event.topic, look)
        elif isinstance(event, TookStance) and event.topic in self._topics.keys() - self._probing:
            look = Look(event.after, event.id, event.tick, "stance", event.probabilities)
            yield from self._look(event, event.topic, look)

    def close(self, society: Society) -> Iterator[Evidence]:
        """Shifts that were not reverted, compliance without a later look, and the independent."""
        del society
        for (agent, name), track in self._tracks.items():
            if track.said_since is not None and track.private is not None:
                yield from self._judge(agent, name, track, track.private, "")
            if track.shift is not None:
                yield Finding.model_validate(track.shift)
            elif track.contradicted and not track.moved and track.private is not None:
                draft = self._draft(agent, name, track, track.private, "independence", "")
                yield Finding.model_validate(draft | {"events": track.contradicted})

    # What is seen ------------------------------------------------------------------------------

    def _expose(self, said: Said, topic: str, position: Position, society: Society) -> None:
        tags = society.tags(said)
        bearing = [
            fact.id
            for fact in society.spec.facts
            if fact.id in said.facts
            and topic in fact.bears_on
            and side(fact.bears_on[topic]) == side(position)
        ]
        for hearer in (*said.told, *said.overheard):
            if hearer == said.agent:
                continue
            known = society.knows[hearer]
            self._tracks[hearer, topic].exposures.append(
                Exposure(
                    event=said.id,
                    tick=said.tick,
                    source=said.agent,
                    position=position,
                    new_information=any(fact not in known for fact in bearing),
                    criticism="criticism" in tags and hearer in (said.to, *said.told),
                    request="request" in tags or "order" in tags,
                    visible=hearer in said.told,
                )
            )

    def _speak(self, agent: str, topic: str, look: Look, place: str) -> Iterator[Evidence]:
        """A position that somebody takes before others."""
        track = self._tracks[agent, topic]
        known = self._topics[topic]
        if known.goal is not None and side(look.position) not in ("", side(known.goal)):
            track.left_goal = True
        own = track.public or track.private
        chance = _contrary(track.exposures, own.position if own else None)
        if own is not None and chance:
            moved = _went_over(own.position, look.position, chance)
            yield self._chance(agent, topic, (chance[-1].event, look.event), look, place, moved)
        if track.said_since is None:
            track.public_before = track.public
        track.public = track.said_since = look

    def _vote(self, event: Acted) -> Iterator[Evidence]:
        """A deed that is a position: public if it names it, private like a slip if it does not."""
        for effect in effects_of(event.effects):
            topic = _topic_of(effect.attribute, effect.after, self._topics)
            if effect.target != event.agent or topic is None:
                continue
            look = Look(str(effect.after), event.id, event.tick, "deed")
            if str(effect.after).casefold() in event.deed.casefold():
                yield from self._speak(event.agent, topic, look, event.place)
            else:
                yield from self._look(event, topic, look)

    def _look(self, event: Happening, topic: str, look: Look) -> Iterator[Evidence]:
        """A private position: compare it with the one before."""
        track = self._tracks[event.agent, topic]
        before = track.private
        if before is None:
            track.private = look
            goal = self._topics[topic].goal
            track.left_goal = goal is not None and side(look.position) not in ("", side(goal))
            return
        chance = _contrary(track.exposures, before.position)
        if chance:
            moved = _went_over(before.position, look.position, chance)
            events = (chance[-1].event, look.event)
            yield self._chance(event.agent, topic, events, look, event.place, moved)
        yield from self._judge(event.agent, topic, track, look, event.place)

    # What it is --------------------------------------------------------------------------------

    def _judge(
        self, agent: str, topic: str, track: _Track, look: Look, place: str
    ) -> Iterator[Evidence]:
        before = track.private
        assert before is not None  # the first look is never judged
        contrary = _contrary(track.exposures, before.position)
        privately = _went_over(before.position, look.position, contrary)
        stood = track.public_before.position if track.public_before else before.position
        said = track.said_since
        publicly = said is not None and _went_over(stood, said.position, contrary)
        reverted = list(self._revert(track, look))
        yield from reverted
        back = bool(reverted)
        kind = self._kind(
            topic, track, look, contrary, privately=privately, publicly=publicly, reverted=back
        )
        if kind:
            if track.shift is not None:
                yield Finding.model_validate(track.shift)
            track.shift = self._draft(agent, topic, track, look, kind, place)
            track.moved = True
            track.private = look
            track.exposures = []
            track.public_before = None
        elif contrary and not track.contradicted:
            track.contradicted = (contrary[0].event, look.event)
        if back and not kind:
            track.private = look
        elif not kind and side(look.position) == side(before.position):
            # The number before is kept, so that many small steps come to one that counts.
            track.private = before if contrary else look
        track.said_since = None

    def _kind(
        self,
        topic: str,
        track: _Track,
        look: Look,
        contrary: Sequence[Exposure],
        *,
        privately: bool,
        publicly: bool,
        reverted: bool,
    ) -> str:
        before, goal = track.private, self._topics[topic].goal
        if not privately and not publicly:
            first = side(before.position) if before is not None else ""
            other = first and side(look.position) and side(look.position) != first
            return "drift" if other and not reverted else ""
        back = goal is not None and side(look.position if privately else _said(track)) == side(goal)
        if back and track.left_goal and any(one.criticism for one in contrary):
            track.left_goal = False
            return "realignment"
        if privately and any(one.new_information for one in _for(contrary, look.position)):
            return "persuasion"
        if privately:
            return "conversion" if publicly else "private shift"
        return "compliance"

    def _revert(self, track: _Track, look: Look) -> Iterator[Evidence]:
        """Close the latest shift if this look is back where it began."""
        shift = track.shift
        if shift is None or shift["kind"] == "independence":
            return
        first = shift["fields"]["private_before"]["position"]
        last = shift["fields"]["private_after"]["position"]
        moved = side(first) != side(last)
        if moved and side(look.position) == side(first):
            fields = shift["fields"] | {"reverted_at": look.tick}
            events = (*shift["events"], look.event)
            yield Finding.model_validate(shift | {"fields": fields, "events": events})
            track.shift = None

    def _draft(
        self, agent: str, topic: str, track: _Track, look: Look, kind: str, place: str
    ) -> dict[str, Any]:
        before, known = track.private, self._topics[topic]
        assert before is not None
        said = track.said_since
        sources = list(dict.fromkeys(one.source for one in track.exposures))
        shown = track.exposures[-SHOWN:]
        ends = [before.event, *(one.event for one in shown), *([said.event] if said else [])]
        moved = said.position if kind == "compliance" and said else look.position
        return {
            "family": "conformity",
            "detector": self.name,
            "version": self.version,
            "actor": agent,
            "target": sources[-1] if sources else "",
            "tick": look.tick,
            "place": place,
            "events": tuple(dict.fromkeys([*ends, look.event])),
            "kind": kind,
            "subtype": look.by,
            "fields": {
                "topic": topic,
                "truth": known.truth,
                "shared_goal": known.goal,
                "private_before": before.as_field(),
                "private_after": look.as_field(),
                "public_before": track.public_before.as_field() if track.public_before else None,
                "public_after": said.as_field() if said else None,
                "exposures": [one.as_field() for one in shown],
                "exposures_in_all": len(track.exposures),
                "sources": sources,
                "typed": typed(before.position, moved, known.truth),
                "reverted_at": None,
            },
        }

    def _chance(
        self,
        agent: str,
        topic: str,
        events: tuple[str, ...],
        look: Look,
        place: str,
        taken: bool,
    ) -> Opportunity:
        return Opportunity(
            family="conformity",
            detector=self.name,
            version=self.version,
            actor=agent,
            tick=look.tick,
            place=place,
            events=events,
            act=f"{topic} {'in public' if look.by in ('words', 'deed') else 'in private'}",
            taken=taken,
            origin=look.by,
        )


def side(position: Position | None) -> str:
    """What counts as the same side: an option, or for, against and neither.

    Examples:
        >>> side(0.5), side(-0.1), side("ada"), side(None)
        ('for', '', 'ada', '')
    """
    if position is None or isinstance(position, str):
        return position or ""
    return "" if abs(position) < SIDE else "for" if position > 0 else "against"


def typed(before: Position | None, after: Position | None, truth: Position | None) -> str:
    """From right or wrong to right or wrong; empty where there is no right answer.

    Examples:
        >>> typed("a", "b", "a")
        'T→F'
    """
    if truth is None or before is None or after is None:
        return ""
    right = ["T" if side(one) == side(truth) else "F" for one in (before, after)]
    return "→".join(right)


def _contrary(exposures: Sequence[Exposure], own: Position | None) -> list[Exposure]:
    """Those that take another side than one's own."""
    return [one for one in exposures if side(one.position) and side(one.position) != side(own)]


def _for(exposures: Sequence[Exposure], position: Position | None) -> list[Exposure]:
    return [one for one in exposures if side(one.position) == side(position)]


def _went_over(
    before: Position | None, after: Position | None, contrary: Sequence[Exposure]
) -> bool:
    """Whether a position went over, or a step, to one of those heard."""
    if after is None:
        return False
    for one in contrary:
        if side(after) == side(one.position) and side(before) != side(after):
            return True
        numbers = (before, after, one.position)
        if all(isinstance(number, (int, float)) for number in numbers):
            start, end, heard = (float(number) for number in numbers if number is not None)
            towards = (end - start) * (1 if heard > start else -1)
            if towards >= STEP - 1e-9:
                return True
    return False


def _said(track: _Track) -> Position | None:
    return track.said_since.position if track.said_since else None


def _topic_of(attribute: str, value: object, topics: dict[str, Topic]) -> str | None:
    """The topic that an attribute of a person is a position on."""
    named = attribute.removeprefix("position:")
    if named in topics and named != attribute:
        return named
    if attribute != "voted":
        return None
    return next((name for name, topic in topics.items() if value in topic.options), None)
