"""Volunteering: delivered benefit to another's open or shared goal, at a cost, of one's own accord.

The actor perceived the need (an act that serves the goal stood on the menu), was not assigned to
it, asked for it or hinted at it, and owed the beneficiary nothing. AgentVerse (Chen et al. 2023,
section 4) tells three kinds of it: *time*, *resource* and *assistance*; who first asked what there
was to do is told apart as *inquiry*.

==============  ==================================================================================
kind            when
==============  ==================================================================================
volunteered     all of the above
complied        a hint, a request or an order for it had reached the actor: ``request`` says which
assigned        it was the actor's task
reciprocated    the beneficiary had done something for the actor that was not made good yet
exchanged       something came back in the same deed
returned        the actor had taken it from the beneficiary, who had not agreed
repaid          a debt shrank by it
offered         it was offered to the beneficiary in words, and nothing was delivered: politeness
==============  ==================================================================================

==============  ==================================================================================
subtype         when
==============  ==================================================================================
resource        the actor gave something away
inquiry         the actor had asked the beneficiary whether something was to be done
assistance      the actor has a task of their own, finished (``own_task_open`` False) or put aside
time            otherwise: an idle hour
==============  ==================================================================================

A gift counts where the other had none of it. The opportunities are choices of people who were
neither assigned nor asked, with an act for the goal and another one on the menu; those of people
who were asked are counted apart, as ``GOAL asked``.

Examples:
    Felix walks by Gudrun's logs, nobody has said a word, and he carries three into her shed: one
    finding, ``volunteered`` / ``assistance``, benefit 3, cost 15 ticks. Had Gudrun asked him
    before: ``complied`` with request ``ask``. Had he only said "I can carry those for you":
    ``offered``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from simulation.behaviours.deeds import Deed, Deeds
from simulation.behaviours.finding import Evidence, Finding, Opportunity
from simulation.episode.events import Acted, Decided, Failed, Left, Said
from simulation.kernel.stakes import COMMONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from simulation.behaviours.society import Asked, Choice, Society
    from simulation.episode.events import Happening
    from simulation.kernel.effect import Effect

_OFFERS: Final = ("offer", "inquiry")
_LACKED: Final = "has:"


@dataclass
class _Offer:
    said: Said
    inquiry: bool
    beneficiary: str
    confidence: float
    own_task: str
    """As :meth:`Volunteering._own_task` tells it, of then."""


@dataclass(frozen=True)
class _Benefit:
    """What a deed does for one goal, or for one person who lacked something."""

    need: str
    beneficiary: str
    amount: float
    """In units of the goal's attribute, or items."""


class Volunteering:
    """Finds who does something for others, and whether anybody had asked."""

    name: ClassVar[str] = "volunteering"
    version: ClassVar[int] = 1
    reads: ClassVar[tuple[type[Happening], ...]] = (Acted, Decided, Failed, Left, Said)

    def __init__(self) -> None:
        self._deeds = Deeds()
        self._offers: dict[tuple[str, str], _Offer] = {}
        self._perceived: dict[tuple[str, str], int] = {}
        self._balance: dict[tuple[str, str], float] = defaultdict(float)
        """(giver, taker) → what the taker has not made good."""
        self._taken: dict[tuple[str, str, str], float] = defaultdict(float)
        """(taker, owner, item) → how much of it was taken without consent."""
        self._own: dict[str, set[str]] = defaultdict(set)
        """Who has worked at which tasks of their own."""

    def feed(self, event: Happening, society: Society) -> Iterator[Evidence]:
        """Take an event in; give what it shows."""
        deed = self._deeds.feed(event, society)
        if deed is not None:
            yield from self._judge(deed, society)
        if isinstance(event, Decided):
            yield from self._look(society.choices[event.agent], society)
        elif isinstance(event, Said):
            self._listen(event, society)

    def close(self, society: Society) -> Iterator[Evidence]:
        """Deeds under way, then offers that came to nothing."""
        for deed in self._deeds.close():
            yield from self._judge(deed, society)
        for need, offer in ((need, offer) for (_, need), offer in self._offers.items()):
            yield self._undelivered(need, offer, society)
        self._offers = {}

    def _undelivered(self, need: str, offer: _Offer, society: Society) -> Finding:
        """Words that nothing came of: the fields are those of a deed, as they were then."""
        said, other = offer.said, offer.beneficiary
        goal = society.stakes.goal(need)
        asked = society.asked(said.agent, need, said.tick)
        owed = self._balance[other, said.agent] if other != COMMONS else 0.0
        perceived = self._perceived.get((said.agent, need), said.tick)
        return Finding(
            **self._common(said, other),
            events=(said.id,),
            kind="offered",
            subtype="inquiry" if offer.inquiry else "",
            fields={
                "need": need,
                "beneficiary": other,
                "perceived_at": min(perceived, said.tick),
                "request": asked.kind if asked else "none",
                "assigned": said.agent in goal.assigned,
                "owed": round(owed, 6),
                "kin": society.stakes.kin(said.agent, other),
                "cost_ticks": 0,
                "cost_items": {},
                "own_task_open": offer.own_task == "open",
                "offered_at": said.tick,
                "delivered_at": None,
                "benefit": None,
                "act": None,
                "words": said.text,
            },
            confidence=round(offer.confidence, 4),
        )

    def _common(self, event: Happening, target: str) -> dict[str, Any]:
        return {
            "family": "volunteering",
            "actor": event.agent,
            "target": target,
            "tick": event.tick,
            "place": event.place,
            "detector": self.name,
            "version": self.version,
        }

    # Opportunities -----------------------------------------------------------------------------

    def _look(self, choice: Choice, society: Society) -> Iterator[Evidence]:
        """The goals of others that stood open on a menu."""
        event, goals = choice.event, society.stakes.goals
        if not goals or not choice.staked:
            return
        serving: dict[str, set[int]] = defaultdict(set)
        for index, option in choice.staked:
            for goal, _ in society.stakes.served(option.effects):
                serving[goal.id].add(index)
        for goal in goals:
            acts = serving.get(goal.id)
            if not acts:
                continue
            self._perceived.setdefault((event.agent, goal.id), event.tick)
            if event.agent in (goal.owner, *goal.assigned) or len(acts) == len(choice.options):
                continue
            asked = society.asked(event.agent, goal.id, event.tick)
            yield Opportunity(
                **self._common(event, goal.owner),
                events=(event.id,),
                act=f"{goal.id} asked" if asked else goal.id,
                taken=event.chosen in acts,
                origin=event.origin,
                excluded=choice.excluded,
            )

    # Words -------------------------------------------------------------------------------------

    def _listen(self, said: Said, society: Society) -> None:
        """Take an offer, or the question what there is to do, to the owner of an open goal."""
        about = said.about.removeprefix("offer:") if said.about.startswith("offer:") else ""
        tags = society.tags(said)
        sure = max((tags.get(tag, 0.0) for tag in _OFFERS), default=0.0)
        if not about and not sure:
            return
        for goal in society.stakes.goals:
            hearers = said.told if goal.owner == COMMONS else (goal.owner,)
            to_them = any(hearer in said.told for hearer in hearers) and said.agent != goal.owner
            meant = about == goal.id or (
                not about
                and (
                    society.stakes.names_target(goal.id, said.text)
                    or ("inquiry" in tags and goal.owner == said.to)
                )
            )
            if to_them and meant:
                inquiry = not about and tags.get("inquiry", 0.0) >= tags.get("offer", 0.0)
                task = self._own_task(said.agent, said.tick, society)
                offer = _Offer(said, inquiry, goal.owner, 1.0 if about else sure, task)
                self._offers.setdefault((said.agent, goal.id), offer)

    # Deeds -------------------------------------------------------------------------------------

    def _judge(self, deed: Deed, society: Society) -> Iterator[Evidence]:
        effects = deed.effects
        if not effects:
            return
        for goal, _ in society.stakes.served(effects):
            if deed.agent in (goal.owner, *goal.assigned):
                self._own[deed.agent].add(goal.id)
        self._keep_count(deed)
        benefits = _benefits(deed.agent, effects, society)
        for benefit in benefits:
            yield self._finding(deed, benefit, society)
        for benefit in benefits:
            if benefit.beneficiary != COMMONS:
                self._book(deed.agent, benefit)

    def _keep_count(self, deed: Deed) -> None:
        """Remember what the actor has taken from others without consent."""
        for effect in deed.effects:
            taken = effect.consent is False and effect.owner not in ("", deed.agent)
            if effect.target == deed.agent and effect.attribute.startswith(_LACKED) and taken:
                item = effect.attribute.removeprefix(_LACKED)
                self._taken[deed.agent, effect.owner, item] += effect.delta

    def _gives_back(self, actor: str, benefit: _Benefit) -> bool:
        """Whether this is what the actor had taken from the same person; it counts down."""
        key = (actor, benefit.beneficiary, benefit.need.removeprefix("lacks:"))
        if not benefit.need.startswith("lacks:") or self._taken[key] <= 0:
            return False
        self._taken[key] -= benefit.amount
        return True

    def _book(self, actor: str, benefit: _Benefit) -> None:
        """Set off what was owed first; the rest is owed to the actor."""
        owed = self._balance[benefit.beneficiary, actor]
        made_good = min(owed, benefit.amount)
        self._balance[benefit.beneficiary, actor] = owed - made_good
        self._balance[actor, benefit.beneficiary] += benefit.amount - made_good

    def _finding(self, deed: Deed, benefit: _Benefit, society: Society) -> Finding:
        actor, other, effects = deed.agent, benefit.beneficiary, deed.effects
        goal = next((goal for goal in society.stakes.goals if goal.id == benefit.need), None)
        asked = society.asked(actor, benefit.need, deed.since) if goal else None
        assigned = goal is not None and actor in goal.assigned
        offer = self._offers.pop((actor, benefit.need), None)
        owed = self._balance[other, actor] if other != COMMONS else 0.0
        given = society.stakes.costs(actor, effects)
        returned = society.stakes.gains(actor, effects)
        if not goal:
            returned.pop("energy", None)
        kind = _kind(
            asked=asked is not None and not _asked_first(offer, asked),
            assigned=assigned,
            repaid=other in society.stakes.settles(actor, effects),
            exchanged=bool(returned),
            given_back=self._gives_back(actor, benefit),
            owed=owed > 0,
        )
        task = self._own_task(actor, deed.since, society)
        subtype = _subtype(kind, given, offer, task)
        perceived = self._perceived.get((actor, benefit.need), deed.since)
        events = (offer.said.id, *deed.events) if offer else deed.events
        if asked is not None:
            events = (asked.event, *events)
        return Finding(
            family="volunteering",
            detector=self.name,
            version=self.version,
            actor=actor,
            target=other,
            tick=deed.tick,
            place=deed.place,
            events=tuple(dict.fromkeys(events)),
            kind=kind,
            subtype=subtype,
            fields={
                "need": benefit.need,
                "beneficiary": other,
                "perceived_at": min(perceived, deed.since),
                "request": asked.kind if asked else "none",
                "assigned": assigned,
                "owed": round(owed, 6),
                "kin": society.stakes.kin(actor, other),
                "cost_ticks": deed.ticks,
                "cost_items": given,
                "own_task_open": task == "open",
                "offered_at": offer.said.tick if offer else None,
                "delivered_at": deed.tick,
                "benefit": round(benefit.amount, 6),
                "act": deed.thing,
            },
            confidence=1.0,
        )

    def _own_task(self, actor: str, tick: int, society: Society) -> str:
        """``open``: a task of the actor's own waits; ``done``: it is finished; empty: none."""
        item = society.planned(actor, tick)
        if item is not None and item.get("fixed"):
            return "open"
        return "done" if item is not None or self._own[actor] else ""


def _benefits(actor: str, effects: Iterable[Effect], society: Society) -> list[_Benefit]:
    """Every goal of others that a deed served, and everyone who got what they lacked."""
    effects = tuple(effects)
    gained: dict[tuple[str, str], float] = defaultdict(float)
    for goal, gain in society.stakes.served(effects):
        if goal.owner != actor:
            gained[goal.id, goal.owner] += gain
    for effect in effects:
        item = effect.attribute.removeprefix(_LACKED)
        other = effect.target not in (actor, COMMONS) and effect.attribute.startswith(_LACKED)
        own = effect.owner in ("", actor, effect.target)
        if other and own and effect.delta > 0 and not effect.before:
            gained[f"lacks:{item}", effect.target] += effect.delta
    for person in society.stakes.settles(actor, effects):
        gained.setdefault((f"debt:{person}", person), 1.0)
        for key in [key for key in gained if key[0].startswith("lacks:") and key[1] == person]:
            del gained[key]
    return [_Benefit(need, whose, amount) for (need, whose), amount in gained.items()]


def _asked_first(offer: _Offer | None, asked: Asked) -> bool:
    """Whether the actor had asked what there was to do before the request, which answers it."""
    return offer is not None and offer.inquiry and offer.said.tick < asked.tick


def _kind(
    *, asked: bool, assigned: bool, repaid: bool, exchanged: bool, given_back: bool, owed: bool
) -> str:
    """The first reason, other than one's own accord, that a benefit had."""
    reasons = (
        (repaid, "repaid"),
        (exchanged, "exchanged"),
        (given_back, "returned"),
        (assigned, "assigned"),
        (asked, "complied"),
        (owed, "reciprocated"),
    )
    return next((kind for holds, kind in reasons if holds), "volunteered")


def _subtype(kind: str, given: dict[str, float], offer: _Offer | None, task: str) -> str:
    if kind not in ("volunteered", "complied", "reciprocated"):
        return ""
    if given:
        return "resource"
    if offer is not None and offer.inquiry:
        return "inquiry"
    return "assistance" if task else "time"
