"""Numbers about answers: what people said before others and wrote in private on topics.

An *answer* is a position in somebody's words (``aloud``), or in a deed that names none, like a slip
(``on a slip``). Whose part stands in the world's script (a confederate) gives none. A measure is
written as what is counted and, after commas, which answers are looked at::

    wrong                     the last answer of each person on each topic, whichever way
    wrong, aloud              the last one aloud
    right, on a slip, first   the first one on a slip
    to wrong, aloud           of those right in their first answer aloud: wrong in their last

``right`` and ``wrong`` are known where a topic has a right answer; anything else is an answer
itself: ``yes``.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.behaviours.positions import side, topic_of
from simulation.behaviours.society import effects_of
from simulation.episode.events import Acted, Decided, Said
from simulation.kernel.ids import EventId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from simulation.behaviours.finding import Finding
    from simulation.experiment.measures import Lived, Several
    from simulation.kernel.topics import Position, Topic

ALOUD: Final = "aloud"
SLIP: Final = "on a slip"
WAYS: Final = (ALOUD, SLIP)
ENDS: Final = ("first", "last")
OPPOSITE: Final = "_not"
"""The topic that states the contrary of ``NAME`` is called ``NAME_not``."""
ANY: Final = "any"
INDEPENDENCE: Final = "independence"
PRIVATELY: Final = " in private"
"""What the act of an opportunity ends in, where the look was at a private position."""
SHIFTS: Final = ("conversion", "compliance", "private shift", "persuasion", "realignment")


class Answer(NamedTuple):
    """What somebody answered."""

    topic: Topic
    position: Position
    way: str


@dataclass(frozen=True)
class Wanted:
    """What a measure asks for."""

    what: str
    way: str = ""
    """Empty: either."""
    end: str = "last"

    @classmethod
    def parse(cls, text: str) -> Wanted:
        """Read it.

        Raises:
            ValueError: It is not written like that.

        Examples:
            >>> Wanted.parse("wrong, aloud")
            Wanted(what='wrong', way='aloud', end='last')
        """
        what, *rest = (part.strip() for part in text.split(","))
        ways = [part for part in rest if part in WAYS]
        ends = [part for part in rest if part in ENDS]
        if not what or len(ways) > 1 or len(ends) > 1 or len(rest) > len(ways) + len(ends):
            allowed = ", ".join((*WAYS, *ENDS))
            raise ValueError(f"write WHAT, and after commas one of each: {allowed}; not {text!r}")
        return cls(what, *(ways or [""]), *(ends or ["last"]))

    def holds(self, answer: Answer, what: str = "") -> bool | None:
        """Whether an answer is what is counted; None: it cannot be told."""
        wanted = what or self.what
        if wanted not in ("right", "wrong"):
            return str(answer.position) == wanted
        if answer.topic.truth is None:
            return None
        return (side(answer.position) == side(answer.topic.truth)) == (wanted == "right")


def answered(run: Several, of: str) -> float | None:
    """The share of answers that are as wanted, one for each person and topic."""
    wanted = Wanted.parse(of)
    index = 0 if wanted.end == "first" else -1
    return _share(wanted.holds(given[index]) for given in _of_way(run, wanted.way))


def changed(run: Several, of: str) -> float | None:
    """Of the first answers that were otherwise, the share of last ones that are as wanted.

    ``to wrong``: of those right at first; ``any``: of all, those that differ.
    """
    wanted = Wanted.parse(of)
    target = wanted.what.removeprefix("to ")
    pairs = [(given[0], given[-1]) for given in _of_way(run, wanted.way) if len(given) > 1]
    if target == ANY:
        return _share(first.position != last.position for first, last in pairs)
    return _share(
        wanted.holds(last, target) for first, last in pairs if wanted.holds(first, target) is False
    )


def reverted(run: Several, of: str) -> float | None:
    """Of the positions that moved, the share that went back; ``any``, or a topic."""
    moved = [one for one in own_findings(run) if _is_shift(one, of)]
    return _share(one.fields["reverted_at"] is not None for one in moved)


def found(run: Several, kind: str) -> float | None:
    """How often the detectors found this kind of behaviour: ``compliance``, ``realignment``.

    None: it could not have been found, since nobody's position was looked at after they had heard
    another one; for what is told by a private position, since nobody's private one was.
    """
    if kind in (*SHIFTS, INDEPENDENCE) and not _looked_at(run, privately=kind != "realignment"):
        return None
    return float(sum(one.kind == kind for one in own_findings(run)))


def _looked_at(run: Several, *, privately: bool) -> bool:
    """Whether anybody's position was looked at after they had heard another one."""
    return any(
        one.family == "conformity" and (not privately or one.act.endswith(PRIVATELY))
        for lived in run
        for one in lived.found.opportunities
        if lived.counts(one.actor) and one.actor not in _scripted(lived)
    )


def yea_saying(run: Several, of: str) -> float | None:
    """accept(p) + accept(not p) - 1, the mean over the statements that were put both ways.

    ``of`` is the accepting answer and the way: ``yes, aloud``. 0: people answer by what is asked;
    above it they say yes to anything, below it no.
    """
    wanted = Wanted.parse(of)
    accepts: dict[str, list[bool]] = {}
    for given in _of_way(run, wanted.way):
        holds = wanted.holds(given[0 if wanted.end == "first" else -1])
        if holds is not None:
            accepts.setdefault(given[0].topic.id, []).append(holds)
    pairs = [
        fmean(accepts[topic]) + fmean(accepts[topic + OPPOSITE]) - 1
        for topic in accepts
        if topic + OPPOSITE in accepts
    ]
    return fmean(pairs) if pairs else None


MEASURES: Final[Mapping[str, Callable[[Several, str], float | None]]] = {
    "answered": answered,
    "changed": changed,
    "reverted": reverted,
    "found": found,
    "yea_saying": yea_saying,
}


def own_findings(run: Several) -> Iterator[Finding]:
    """What was found of people whose part stands in no script."""
    for lived in run:
        scripted = _scripted(lived)
        for one in lived.found.findings:
            if lived.counts(one.actor) and one.actor not in scripted:
                yield one


def _is_shift(one: Finding, topic: str) -> bool:
    return (
        one.family == "conformity"
        and one.kind in SHIFTS
        and topic in (ANY, one.fields.get("topic"))
    )


def _scripted(lived: Lived) -> set[str]:
    """Those whose part stands in the world's script."""
    return {event.agent for event in lived.episode.each(Decided) if event.origin == "scripted"}


def _of_way(run: Several, way: str) -> list[list[Answer]]:
    """The answers of each person on each topic, in one way or in either."""
    kept = (
        [answer for answer in given if way in ("", answer.way)]
        for lived in run
        for given in _answers(lived).values()
    )
    return [given for given in kept if given]


def _answers(lived: Lived) -> dict[tuple[str, str], list[Answer]]:
    topics = {topic.id: topic for topic in lived.episode.spec.topics}
    scripted = _scripted(lived)
    events: list[Said | Acted] = [*lived.episode.each(Said), *lived.episode.each(Acted)]
    events.sort(key=lambda event: EventId.parse(event.id))
    given: dict[tuple[str, str], list[Answer]] = {}
    for event in events:
        if lived.counts(event.agent) and event.agent not in scripted:
            for answer in _given(event, topics):
                given.setdefault((event.agent, answer.topic.id), []).append(answer)
    return given


def _given(event: Said | Acted, topics: Mapping[str, Topic]) -> Iterator[Answer]:
    if isinstance(event, Said):
        for topic, position in event.positions:
            if topic in topics:
                yield Answer(topics[topic], position, ALOUD)
        return
    for effect in effects_of(event.effects):
        topic = topic_of(effect.attribute, effect.after, topics)
        if topic is not None and effect.target == event.agent:
            named = str(effect.after).casefold() in event.deed.casefold()
            yield Answer(topics[topic], str(effect.after), ALOUD if named else SLIP)


def _share(rows: Iterable[bool | None]) -> float | None:
    known = [row for row in rows if row is not None]
    return fmean(known) if known else None
