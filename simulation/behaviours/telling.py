"""Findings and rates in words: what the command prints, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simulation.behaviours.positions import topic_of
from simulation.behaviours.society import effects_of
from simulation.episode.events import Acted, Probed, Said, TookStance

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from simulation.behaviours.behaviours import Behaviours
    from simulation.behaviours.finding import Finding
    from simulation.episode.record import Record

_RATED: Final = ("volunteering", "conformity", "destruction")
"""Families with opportunities."""


def told(finding: Finding, episode: Record) -> str:
    """What was found, in a line, without the events.

    Every line names who, what and for or against whom; the rest is in ``fields``.
    """
    who, other = episode.name(finding.actor), episode.name(finding.target)
    fields = finding.fields
    if finding.family == "volunteering":
        return f"{who} {_for_whom(finding, other, fields)}"
    if finding.family == "destruction":
        return f"{who}: {_loss(fields)} at {_whose(other)} cost{_why(fields)}"
    if finding.family == "words":
        towards = f" to {other}" if other else ""
        return f"{who}{towards}: \u201c{fields.get('words', '')}\u201d"
    return f"{who} {_position(fields, episode)}"


def why_nothing(found: Behaviours, episode: Record, families: Collection[str]) -> list[str]:
    """What cannot be concluded from an episode about some families, and why."""
    if not episode.ticks:
        return ["No tick was lived: nothing can be concluded."]
    told: list[str] = []
    if len(episode.agents) < 2:
        told.append("One person lives here: nothing can be done for or to anybody but the commons.")
    if not episode.spec.goals and "volunteering" in families:
        told.append("The world declares no goals: no deed can be read as a benefit to one.")
    given = {chance.family for chance in found.opportunities}
    counted = {chance.family for chance in found.opportunities if not chance.excluded}
    told += [_no_rate(family, family in given) for family in _RATED if family in families
             and family not in counted]  # fmt: skip
    if "conformity" in families:
        told += _no_position(episode)
    if "words" in families and next(episode.each(Said), None) is None:
        told.append("Nobody said a word: nothing can be said about words.")
    told.append(
        "One run has no control: a rate is a description, not an effect. Compare conditions over "
        "runs with `sociarium experiment`."
    )
    return told


def _no_rate(family: str, given: bool) -> str:
    if given:
        why = "every choice at which it was possible was a fallback or followed a refusal"
        return f"No choice counts for {family}, as {why}: no rate can be given."
    return f"There was no opportunity for {family}: no rate can be given."


def _no_position(episode: Record) -> list[str]:
    """The topics on which nobody took a position: in private, aloud, or by a vote."""
    if not episode.spec.topics:
        return ["The world has no topics: nothing can be said about positions."]
    taken = {event.topic for event in episode.each(Probed)}
    taken |= {event.topic for event in episode.each(TookStance)}
    taken |= {topic for said in episode.each(Said) for topic, _ in said.positions}
    topics = {topic.id: topic for topic in episode.spec.topics}
    for event in episode.each(Acted):
        found = (topic_of(one.attribute, one.after, topics) for one in effects_of(event.effects))
        taken |= {topic for topic in found if topic is not None}
    return [
        f"Nobody took a position on {topic.id}, in private, aloud or by a vote: nothing can be "
        "said about it. `--probe` asks in private."
        for topic in episode.spec.topics
        if topic.id not in taken
    ]


def _for_whom(finding: Finding, other: str, fields: Mapping[str, Any]) -> str:
    need, amount = str(fields.get("need", "")), fields.get("benefit")
    whom = "the commons" if finding.target == "commons" else other
    if amount is None:
        return f"offered it to {whom} and did not do it ({need})"
    item = need.removeprefix("lacks:")
    what = f"gave {item}" if item != need else f"moved {need} on by {amount:g}"
    asked = fields.get("request", "none")
    after = "" if asked == "none" else f", after a request ({asked})"
    return f"{what} for {whom} in {fields.get('cost_ticks', 0)} ticks{after}"


def _loss(fields: Mapping[str, Any]) -> str:
    delta = fields.get("delta")
    if delta is None:
        return f"{fields['object']}, {fields['attribute'].partition(':')[0]} → {fields['after']}"
    return f"{delta:+g} {fields['attribute'].partition(':')[0]} of {fields['object']}"


def _position(fields: Mapping[str, Any], episode: Record) -> str:
    before, after = fields["private_before"]["position"], fields["private_after"]["position"]
    said = (fields["public_after"] or {}).get("position")
    moved = f"stayed at {_at(after)}" if before == after else f"{_at(before)} → {_at(after)}"
    aloud = "" if said is None else f", said {_at(said)}"
    heard = ", ".join(episode.name(source) for source in fields["sources"])
    after_whom = f", having heard {heard}" if heard else ""
    return f"on {fields['topic']}: {moved}{aloud}{after_whom}"


def _at(position: object) -> str:
    return f"{position:+.2f}" if isinstance(position, float) else str(position)


def _whose(name: str) -> str:
    return "everybody's" if name == "commons" else f"{name}'s"


def _why(fields: Mapping[str, Any]) -> str:
    parts: list[str] = []
    gain = ", ".join(f"{amount:g} {what}" for what, amount in fields["actor_gain"].items())
    if gain:
        parts.append(f"gained {gain}")
    if fields["harmless_alternative"]:
        parts.append(f"could have chosen to {fields['harmless_alternative']}")
    if not fields["knew_harm"]:
        parts.append("could not know")
    return f" ({'; '.join(parts)})" if parts else ""
