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
                (one may follow the other; the finding then has the later tick)
persuasion      as a conversion or a private shift, and what was heard held a fact that was new to
                the hearer and bears on the topic
realignment     having left the group's shared goal, somebody was criticised and came back to it
drift           the position went over to another side without exposure to it
independence    others were heard to hold another position, and neither moved by the end
==============  ==================================================================================

``reverted_at`` is when the position went back: the private one, or for compliance the public one.
A probe that fell back to a rule is no look, and counts in no rate. Where the topic has a right
answer, ``typed`` says ``T→F``, ``F→T``, …, as MachineSoM does (Zhang et al. 2024). A number on the
scale from -1 to 1 goes over to a side when it passes 0.2 on it, or moves by 0.2 towards what was
heard.

Words are heard one tick after they are said, so a look counts exposures of earlier ticks only. Who
has no position yet cannot be independent. Opportunities are looks at a position after exposure to
another one than one's own.

Examples:
    Ada is for the limit in private and says so; Dov and Felix say they are against it; asked by
    Hugo she says she is against it, and a probe finds her for it: ``compliance``.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from simulation.behaviours.finding import Evidence, Finding, Opportunity
from simulation.behaviours.positions import (
    SHOWN,
    Exposure,
    Look,
    Track,
    contrary_to,
    in_favour,
    said,
    side,
    topic_of,
    typed,
    went_over,
)
from simulation.episode.events import Acted, Probed, Said, TookStance
from simulation.kernel.ids import EventId

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulation.behaviours.society import Society
    from simulation.episode.events import Happening, Origin
    from simulation.kernel.topics import Position, Topic


class Conformity:
    """Finds positions that move with others', and those that do not."""

    name: ClassVar[str] = "conformity"
    version: ClassVar[int] = 1
    reads: ClassVar[tuple[type[Happening], ...]] = (Acted, Probed, Said, TookStance)

    def __init__(self) -> None:
        self._tracks: dict[tuple[str, str], Track] = defaultdict(Track)
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
                    look = Look(
                        position, event.id, event.tick, "words", (), _origin(event, society)
                    )
                    yield from self._speak(event.agent, topic, look, event.place)
        elif isinstance(event, Acted):
            yield from self._vote(event, society)
        elif isinstance(event, Probed) and event.topic in self._topics:
            self._probing.add(event.topic)
            look = Look(
                event.position, event.id, event.tick, "probe", event.probabilities, event.origin
            )
            yield from self._look(event, event.topic, look)
        elif isinstance(event, TookStance) and event.topic in self._topics.keys() - self._probing:
            look = Look(
                event.after, event.id, event.tick, "stance", event.probabilities, event.origin
            )
            yield from self._look(event, event.topic, look)

    def close(self, society: Society) -> Iterator[Evidence]:
        """Shifts that were not reverted, compliance without a later look, and the independent."""
        del society
        for (agent, name), track in self._tracks.items():
            if track.said_since is not None and track.last is not None:
                before, last = track.private, track.last
                assert before is not None  # there was a look
                heard = contrary_to(track.exposures, before.position, last.tick, before.tick)
                yield from self._judge(agent, name, track, last, "", heard)
            if track.shift is not None:
                yield Finding.model_validate(track.shift)
            elif track.withstood and not track.moved and track.last is not None:
                draft = self._draft(agent, name, track, track.last, "independence", "")
                yield Finding.model_validate(draft)

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
            known, track = society.knows[hearer], self._tracks[hearer, topic]
            track.expose(
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
        chance = track.contrary(own.position, look.tick) if own is not None else []
        if own is not None and chance:
            moved = went_over(own.position, look.position, chance)
            yield self._chance(
                agent, f"{topic} in public", (chance[-1].event, look.event), look, place, moved
            )
        yield from _say_it_now(track, look)
        if track.said_since is None:
            track.public_before = track.public
        track.public = track.said_since = look

    def _vote(self, event: Acted, society: Society) -> Iterator[Evidence]:
        """A deed that is a position: public if it names it, private like a slip if it does not."""
        for effect in society.effects(event):
            topic = topic_of(effect.attribute, effect.after, self._topics)
            if effect.target != event.agent or topic is None:
                continue
            look = Look(
                str(effect.after), event.id, event.tick, "deed", (), _origin(event, society)
            )
            if str(effect.after).casefold() in event.deed.casefold():
                yield from self._speak(event.agent, topic, look, event.place)
            else:
                yield from self._look(event, topic, look)

    def _look(self, event: Happening, topic: str, look: Look) -> Iterator[Evidence]:
        """A private position: compare it with the one before."""
        track = self._tracks[event.agent, topic]
        before = track.private
        missed = look.by == "probe" and bool(look.excluded)
        if before is None:
            if missed:
                return
            track.private = look
        else:
            heard = contrary_to(track.exposures, before.position, look.tick, before.tick)
            if heard:
                moved = went_over(before.position, look.position, heard)
                events = (heard[-1].event, look.event)
                yield self._chance(
                    event.agent, f"{topic} in private", events, look, event.place, moved
                )
            if missed:
                return
            if not _thinks_it_now(track, look, heard):
                yield from self._judge(event.agent, topic, track, look, event.place, heard)
        track.last = look
        goal = self._topics[topic].goal
        if goal is not None and side(look.position) not in ("", side(goal)):
            track.left_goal = True

    # What it is --------------------------------------------------------------------------------

    def _judge(
        self,
        agent: str,
        topic: str,
        track: Track,
        look: Look,
        place: str,
        heard: Sequence[Exposure],
    ) -> Iterator[Evidence]:
        before = track.private
        assert before is not None  # the first look is never judged
        privately = went_over(before.position, look.position, heard)
        spoken = track.said_since
        heard_before_speaking = contrary_to(
            track.exposures, before.position, spoken.tick if spoken else 0
        )
        stood = track.public_before.position if track.public_before else before.position
        publicly = went_over(stood, said(track), heard_before_speaking)
        known = {(one.event, one.position) for one in heard}
        earlier = (o for o in heard_before_speaking if (o.event, o.position) not in known)
        contrary = [*heard, *earlier]
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
            track.forget(max(look.tick, spoken.tick) if spoken else look.tick)
            track.public_before = None
        elif heard and before.position is not None:
            track.withstood = True
        if back and not kind:
            track.private = look
        elif not kind and side(look.position) == side(before.position):
            # The number before is kept, so that many small steps come to one that counts.
            track.private = before if contrary else look
        track.said_since = None

    def _kind(
        self,
        topic: str,
        track: Track,
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
        back = goal is not None and side(look.position if privately else said(track)) == side(goal)
        if back and track.left_goal and any(one.criticism for one in contrary):
            track.left_goal = False
            return "realignment"
        if privately and any(one.new_information for one in in_favour(contrary, look.position)):
            return "persuasion"
        if privately:
            return "conversion" if publicly else "private shift"
        return "compliance"

    def _revert(self, track: Track, look: Look) -> Iterator[Evidence]:
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
        self, agent: str, topic: str, track: Track, look: Look, kind: str, place: str
    ) -> dict[str, Any]:
        before, known = track.private, self._topics[topic]
        assert before is not None
        spoken = track.said_since
        tick = max(look.tick, spoken.tick) if spoken else look.tick
        heard = [one for one in track.exposures if one.tick < tick]
        sources = list(dict.fromkeys(one.source for one in heard))
        looks = [before, look, *([spoken] if spoken else [])]
        events = {one.event for one in (*heard[-SHOWN:], *looks)}
        moved = spoken.position if kind == "compliance" and spoken else look.position
        return {
            "family": "conformity",
            "detector": self.name,
            "version": self.version,
            "actor": agent,
            "target": sources[-1] if sources else "",
            "tick": tick,
            "place": place,
            "events": tuple(sorted(events, key=EventId.parse)),
            "kind": kind,
            "subtype": look.by,
            "fields": {
                "topic": topic,
                "truth": known.truth,
                "shared_goal": known.goal,
                "private_before": before.as_field(),
                "private_after": look.as_field(),
                "public_before": track.public_before.as_field() if track.public_before else None,
                "public_after": spoken.as_field() if spoken else None,
                "exposures": [one.as_field() for one in heard[-SHOWN:]],
                "exposures_in_all": track.heard - len(track.exposures) + len(heard),
                "sources": sources,
                "typed": typed(before.position, moved, known.truth),
                "reverted_at": None,
            },
        }

    def _chance(
        self,
        agent: str,
        act: str,
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
            act=act,
            taken=taken,
            origin=look.origin,
            excluded=look.excluded,
        )


def _say_it_now(track: Track, look: Look) -> Iterator[Finding]:
    """What was only thought is said as well, or what was only said is taken back."""
    shift = track.shift
    if shift is None:
        return
    fields, now = shift["fields"], side(look.position)
    first, last = (side(fields[name]["position"]) for name in ("private_before", "private_after"))
    events = (*shift["events"], look.event)
    more = {"events": events, "tick": look.tick}
    if shift["kind"] == "private shift" and first != last == now:
        whole = fields | {"public_after": look.as_field()}
        track.shift = shift | more | {"kind": "conversion", "fields": whole}
    elif shift["kind"] == "compliance" and now == first != "":
        whole = fields | {"reverted_at": look.tick}
        yield Finding.model_validate(shift | {"events": events, "fields": whole})
        track.shift = None


def _thinks_it_now(track: Track, look: Look, contrary: Sequence[Exposure]) -> bool:
    """What was only said is thought as well, without more having been heard."""
    shift = track.shift
    if shift is None or shift["kind"] != "compliance" or contrary:
        return False
    fields = shift["fields"]
    if side(look.position) != side(fields["public_after"]["position"]):
        return False
    whole = fields | {"private_after": look.as_field()}
    more = {"events": (*shift["events"], look.event), "tick": look.tick, "subtype": look.by}
    track.shift = shift | more | {"kind": "conversion", "fields": whole}
    track.private, track.said_since = look, None
    return True


def _origin(event: Said | Acted, society: Society) -> Origin | Literal[""]:
    """What made somebody say or do it, as far as the log tells."""
    if isinstance(event, Said) and event.call:
        return "model"
    choice = society.choices.get(event.agent)
    return choice.event.origin if choice else ""
