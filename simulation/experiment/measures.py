"""From an episode to the numbers that stand for its run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from simulation.behaviours.behaviours import Behaviours, observe
from simulation.behaviours.deeds import thing_of
from simulation.behaviours.society import effects_of
from simulation.episode.events import Acted, Changed, Decided, Learned, Probed, TookStance
from simulation.experiment import answers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from simulation.behaviours.finding import Finding, Opportunity
    from simulation.episode.episode import Episode
    from simulation.episode.events import Happening
    from simulation.experiment.parts import Measured


@dataclass(frozen=True)
class Lived:
    """An episode with what detectors find in it, and of whom it tells."""

    episode: Episode
    found: Behaviours
    whose: str = ""
    """The one person who counts, where the others are recorded; empty: everybody."""

    def counts(self, who: str) -> bool:
        """Whether what this person did counts."""
        return self.whose in ("", who)

    @property
    def people(self) -> set[str]:
        """Everybody who counts."""
        return {who for who in self.episode.agents if self.counts(who)}


Event = TypeVar("Event", bound="Happening")

Several = tuple[Lived, ...]
"""A run: one episode, or one for each person where each lived alone among recorded others."""


def measure(episode: Episode, measures: Mapping[str, Measured]) -> dict[str, Any]:
    """One number for each measure, and how far the run can be relied on.

    ``unweighed`` is the share of a model's choices in which all options had the very same
    probability: none of them was within the tokens that the model tells of, so chance chose.
    A number is None where it cannot be given: where there was no opportunity, say. ``NAME.done`` is
    added to the time of a first act, and says whether it happened.
    """
    return measure_all((Lived(episode, observe(episode)),), measures)


def measure_all(run: Several, measures: Mapping[str, Measured]) -> dict[str, Any]:
    """The same of a run that may be several episodes, one for each person."""
    row: dict[str, Any] = {}
    for name, measured in measures.items():
        row[name] = _MEASURES[measured.kind](run, measured.of)
        if measured.kind in TIMES:
            row[f"{name}.done"] = row[name] is not None
            row[name] = float(run[0].episode.ticks) if row[name] is None else row[name]
    return row | _reliance(run)


def _reliance(run: Several) -> dict[str, Any]:
    origins = [event.origin for event in _each(run, Decided)]
    bad = sum(origin in ("fallback", "refusal") for origin in origins)
    asked = [event.raw for event in _each(run, Decided) if event.origin == "model"]
    menus = [raw for raw in asked if raw is not None and len(raw) > 1]
    level = sum(max(raw) == min(raw) for raw in menus)
    return {
        "choices": len(origins),
        "fallbacks": round(bad / len(origins), 6) if origins else None,
        "unweighed": round(level / len(menus), 6) if menus else None,
        "ticks": run[0].episode.ticks,
    }


def _each(run: Several, kind: type[Event]) -> Iterator[Event]:
    for lived in run:
        yield from (event for event in lived.episode.each(kind) if lived.counts(event.agent))


def _chances(run: Several) -> Iterator[Opportunity]:
    for lived in run:
        yield from (one for one in lived.found.opportunities if lived.counts(one.actor))


def _findings(run: Several) -> Iterator[Finding]:
    for lived in run:
        yield from (one for one in lived.found.findings if lived.counts(one.actor))


def _share(chances: Iterable[Opportunity]) -> float | None:
    counted = [chance for chance in chances if not chance.excluded]
    return sum(chance.taken for chance in counted) / len(counted) if counted else None


def _goal(run: Several, name: str) -> float | None:
    return _share(one for one in _chances(run) if one.act == name)


def _delivered(run: Several, name: str) -> float:
    return float(
        sum(
            one.fields["benefit"]
            for one in _findings(run)
            if one.family == "volunteering"
            and one.fields.get("need") == name
            and one.kind != "offered"
        )
    )


def _harm(run: Several, act: str) -> float | None:
    of_family = [one for one in _chances(run) if one.family == "destruction"]
    return _share(one for one in of_family if act in ("any", one.act))


def _act(run: Several, act: str) -> float:
    return float(sum(_is(event, act) for event in _each(run, Acted)))


def _ever(run: Several, act: str) -> float:
    return float(_act(run, act) > 0)


def _first(run: Several, act: str) -> float | None:
    return min((float(event.tick) for event in _each(run, Acted) if _is(event, act)), default=None)


def _is(event: Acted, wanted: str) -> bool:
    act, _, people = wanted.partition(" by ")
    if people and event.agent not in people.split(" or "):
        return False
    return act in (thing_of(event.action), event.action.get("verb"))


def _knows(run: Several, of: str) -> float | None:
    facts, _, source = of.partition(" by ")
    learned = [event for event in _each(run, Learned) if event.fact in facts.split(" or ")]
    seeded = {event.agent for event in learned if event.source == "seeded"}
    others = set().union(*(lived.people for lived in run)) - seeded
    if not others:
        return None
    firsts = {event.agent: event.source for event in reversed(learned)}
    return sum(source in ("", firsts.get(who, "-")) for who in others & set(firsts)) / len(others)


def _position(run: Several, of: str) -> float | None:
    topic, _, option = of.partition("=")
    last: dict[str, Any] = {}
    for kind in (TookStance, Probed):
        for event in _each(run, kind):
            if event.topic == topic:
                last[event.agent] = event.after if isinstance(event, TookStance) else event.position
    known = [position for position in last.values() if position is not None]
    if not known:
        return None
    if option:
        return sum(position == option for position in known) / len(known)
    numbers = [float(position) for position in known if isinstance(position, (int, float))]
    return sum(numbers) / len(numbers) if numbers else None


def _shifted(run: Several, topic: str) -> float | None:
    """Looks of people whose part stands in no script."""
    ways = (" in private", " in public")
    acts = [f"{topic}{way}" for way in ways]
    return _share(
        one
        for one in _chances(run)
        if one.family == "conformity"
        and one.origin != "scripted"
        and (topic == "any" or one.act in acts)
    )


def _spent(run: Several, of: str) -> float:
    """How much an attribute of an object fell in all."""
    return -sum(min(0.0, delta) for _, delta, _ in _steps(run, of))


def _exhausted(run: Several, of: str) -> float | None:
    """The tick at which an attribute of an object came to nothing."""
    return min((float(tick) for tick, _, after in _steps(run, of) if after <= 0), default=None)


def _steps(run: Several, of: str) -> Iterator[tuple[int, float, float]]:
    """(tick, by how much, to what) for each change of ``THING.ATTRIBUTE``."""
    target, _, attribute = of.partition(".")
    for lived in run:
        for kind in (Acted, Changed):
            for event in lived.episode.each(kind):
                for effect in effects_of(event.effects):
                    here = (effect.target, effect.attribute) == (target, attribute)
                    if here and isinstance(effect.after, (int, float)):
                        yield event.tick, effect.delta, float(effect.after)


TIMES: Final = ("first", "exhausted")
"""Kinds that are a time, censored at the end of a run."""

_MEASURES: Final[Mapping[str, Callable[[Several, str], float | None]]] = {
    "goal": _goal,
    "delivered": _delivered,
    "harm": _harm,
    "act": _act,
    "ever": _ever,
    "first": _first,
    "spent": _spent,
    "exhausted": _exhausted,
    **answers.MEASURES,
    "knows": _knows,
    "position": _position,
    "shifted": _shifted,
}
