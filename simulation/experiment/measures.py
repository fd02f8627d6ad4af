"""From an episode to the numbers that stand for its run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from simulation.behaviours.behaviours import Behaviours, observe
from simulation.behaviours.deeds import thing_of
from simulation.episode.events import Acted, Decided, Learned, Probed, TookStance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulation.behaviours.finding import Opportunity
    from simulation.episode.episode import Episode
    from simulation.experiment.schema import Measured


@dataclass(frozen=True)
class Lived:
    """An episode with what detectors find in it."""

    episode: Episode
    found: Behaviours


def measure(episode: Episode, measures: Mapping[str, Measured]) -> dict[str, Any]:
    """One number for each measure, and how far the run can be relied on.

    A number is None where it cannot be given: where there was no opportunity, say. ``NAME.done`` is
    added to the time of a first act, and says whether it happened.
    """
    lived = Lived(episode, observe(episode))
    row: dict[str, Any] = {}
    for name, measured in measures.items():
        row[name] = _MEASURES[measured.kind](lived, measured.of)
        if measured.kind == "first":
            row[f"{name}.done"] = row[name] is not None
            row[name] = episode.ticks if row[name] is None else row[name]
    return row | _reliance(lived)


def _reliance(lived: Lived) -> dict[str, Any]:
    origins = [event.origin for event in lived.episode.each(Decided)]
    bad = sum(origin in ("fallback", "refusal") for origin in origins)
    return {
        "choices": len(origins),
        "fallbacks": round(bad / len(origins), 6) if origins else None,
        "ticks": lived.episode.ticks,
    }


def _share(chances: list[Opportunity]) -> float | None:
    counted = [chance for chance in chances if not chance.excluded]
    return sum(chance.taken for chance in counted) / len(counted) if counted else None


def _goal(lived: Lived, name: str) -> float | None:
    return _share([one for one in lived.found.opportunities if one.act == name])


def _delivered(lived: Lived, name: str) -> float:
    return float(
        sum(
            one.fields["benefit"]
            for one in lived.found.findings
            if one.family == "volunteering"
            and one.fields.get("need") == name
            and one.kind != "offered"
        )
    )


def _harm(lived: Lived, act: str) -> float | None:
    of_family = [one for one in lived.found.opportunities if one.family == "destruction"]
    return _share([one for one in of_family if act in ("any", one.act)])


def _act(lived: Lived, act: str) -> float:
    return float(sum(_is(event, act) for event in lived.episode.each(Acted)))


def _first(lived: Lived, act: str) -> float | None:
    ticks = (event.tick for event in lived.episode.each(Acted) if _is(event, act))
    return next(map(float, ticks), None)


def _is(event: Acted, act: str) -> bool:
    return act in (thing_of(event.action), event.action.get("verb"))


def _knows(lived: Lived, fact: str) -> float | None:
    learned = [event for event in lived.episode.each(Learned) if event.fact == fact]
    seeded = {event.agent for event in learned if event.source == "seeded"}
    others = set(lived.episode.agents) - seeded
    if not others:
        return None
    return len({event.agent for event in learned} - seeded) / len(others)


def _position(lived: Lived, of: str) -> float | None:
    topic, _, option = of.partition("=")
    last: dict[str, Any] = {}
    for kind in (TookStance, Probed):
        for event in lived.episode.each(kind):
            if event.topic == topic:
                last[event.agent] = event.after if isinstance(event, TookStance) else event.position
    known = [position for position in last.values() if position is not None]
    if not known:
        return None
    if option:
        return sum(position == option for position in known) / len(known)
    numbers = [float(position) for position in known if isinstance(position, (int, float))]
    return sum(numbers) / len(numbers) if numbers else None


def _shifted(lived: Lived, topic: str) -> float | None:
    acts = (f"{topic} in private", f"{topic} in public")
    return _share([one for one in lived.found.opportunities if one.act in acts])


_MEASURES: Final[Mapping[str, Callable[[Lived, str], float | None]]] = {
    "goal": _goal,
    "delivered": _delivered,
    "harm": _harm,
    "act": _act,
    "first": _first,
    "knows": _knows,
    "position": _position,
    "shifted": _shifted,
}
