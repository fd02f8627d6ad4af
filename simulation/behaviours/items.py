"""What can be labelled in an episode: utterances, and choices at which a family was possible.

An item says what happened. Whether a detector found something there is kept apart, in
:func:`detected`, so that nobody who labels is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.behaviours.labels import PLAIN, Label, family_of
from simulation.episode.events import Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simulation.behaviours.behaviours import Behaviours
    from simulation.behaviours.finding import Evidence, Finding
    from simulation.behaviours.words.judge import Case
    from simulation.behaviours.words.tags import Classifier, Utterance
    from simulation.episode.episode import Episode

CONTEXT: Final = 4
"""Utterances of the same talk that are shown before one."""
SURE: Final = 0.5
_QUESTIONS: Final = {
    "volunteering": "Did {who} do something for another's aim, unasked and owing nothing?",
    "conformity": "Did {who} move to the position of others because they hold it?",
    "destruction": "Did {who} cause a loss to another or to all, without consent?",
}

_MEANT: Final = {
    "volunteering": ("volunteered",),
    "conformity": ("conversion", "compliance", "private shift", "realignment"),
    "destruction": ("accident", "instrumental", "constrained", "gratuitous", "retaliation"),
}
"""The kinds of findings that answer the question with yes."""


class Item(NamedTuple):
    """Something to be labelled."""

    id: str
    family: str
    """A family, or ``words.TAG``."""
    time: str
    who: str
    """What the speaker or actor is called."""
    text: str
    """The words, or what happened."""
    context: tuple[str, ...]
    """What came before."""
    question: str
    utterance: Utterance | None = None


def items_of(
    episode: Episode, family: str = "words", *, sample: int | None = None, seed: int = 0
) -> list[Item]:
    """What there is to label, in an order that a seed shuffles and that tells nothing.

    Args:
        episode: Finished or running.
        family: A family, or ``words.TAG`` for yes or no about one tag.
        sample: At most so many, drawn by the seed.
        seed: Of the order and the sample.
    """
    from simulation.kernel.streams import Streams  # noqa: PLC0415 - numpy

    items = list(
        _spoken(episode, family) if family_of(family) == "words" else _done(episode, family)
    )
    Streams(seed).stream("labels", 0, family).shuffle(items)
    return items if sample is None else items[:sample]


def _spoken(episode: Episode, family: str) -> Iterator[Item]:
    from simulation.behaviours.words.judge import RUBRIC  # noqa: PLC0415 - reads its prompt
    from simulation.behaviours.words.tags import TAGS, Utterance  # noqa: PLC0415

    tag = family.removeprefix("words").removeprefix(".")
    asked = next((RUBRIC[one] for one in TAGS if one == tag), "What does the speaker do?")
    talks: dict[str, list[str]] = {}
    for said in episode.each(Said):
        if not said.text.strip():
            continue
        who, whom = episode.name(said.agent), episode.name(said.to) if said.to else "all"
        before = talks.setdefault(said.talk or said.id, [])
        context = tuple(before[-CONTEXT:])
        before.append(f"{who}: {said.text}")
        utterance = Utterance(text=said.text, speaker=said.agent, to=said.to, context=context)
        time = episode.time(said.tick)
        yield Item(said.id, family, time, f"{who} to {whom}", said.text, context, asked, utterance)


def _done(episode: Episode, family: str) -> Iterator[Item]:
    from simulation.behaviours.behaviours import observe  # noqa: PLC0415 - reads weights
    from simulation.episode.telling import Teller  # noqa: PLC0415

    teller = Teller(episode)
    for identity, one in _chances(observe(episode), family).items():
        told = [
            found
            for name in dict.fromkeys(one.events)
            if (found := teller.tell(episode.event(name)))
        ]
        lines = [found.text for found in told]
        menu = tuple(line for found in told for line in found.more)
        who = episode.name(one.actor)
        asked = _QUESTIONS[family_of(family)].format(who=who)
        text = "; ".join(dict.fromkeys(lines)) or "(nothing is told of it)"
        yield Item(identity, family, episode.time(one.tick), who, text, menu, asked)


def _chances(found: Behaviours, family: str) -> dict[str, Evidence]:
    """Each choice once, by the event of the choice; findings that rest on none besides."""
    at = -1 if family == "conformity" else 0  # what was heard stands before the look
    rows: dict[str, Evidence] = {
        one.events[at]: one for one in found.opportunities if one.family == family
    }
    for one in found.findings:
        if one.family == family and not rows.keys() & set(one.events):
            rows.setdefault(one.events[-1], one)
    return rows


def detected(episode: Episode, items: Iterable[Item], classifier: Classifier) -> list[Label]:
    """What detectors say about items, as the labels of a coder of that name."""
    rows = list(items)
    spoken = [item for item in rows if item.utterance is not None]
    done = [item for item in rows if item.utterance is None]
    return [*_read_words(spoken, classifier), *_found(episode, done)]


def _read_words(items: Sequence[Item], classifier: Classifier) -> Iterator[Label]:
    given = classifier.classify_many([item.utterance for item in items if item.utterance])
    for item, found in zip(items, given, strict=True):
        tags = sorted(tag for tag, share in found.items() if share >= SURE)
        one = item.family.removeprefix("words").removeprefix(".")
        label = ("yes" if one in tags else "no") if one else " ".join(tags) or PLAIN
        yield Label("detector", item.id, item.family, label)


def _found(episode: Episode, items: Sequence[Item]) -> Iterator[Label]:
    from simulation.behaviours.behaviours import observe  # noqa: PLC0415 - reads weights

    if not items:
        return
    held = {
        (one.family, name)
        for one in observe(episode).findings
        if one.kind in _MEANT.get(one.family, ())
        for name in _decided(one)
    }
    for item in items:
        label = "yes" if (item.family, item.id) in held else "no"
        yield Label("detector", item.id, item.family, label)


def _decided(finding: Finding) -> Iterable[str]:
    """The events at which it was done; for a position, not those of before."""
    if finding.family != "conformity":
        return finding.events
    looks = (finding.fields["private_after"], finding.fields["public_after"])
    return [look["event"] for look in looks if look is not None]


def cases_of(items: Iterable[Item]) -> list[Case]:
    """What a judge is asked about items: their question, about their words."""
    from simulation.behaviours.words.judge import Case  # noqa: PLC0415 - reads its prompt
    from simulation.behaviours.words.tags import Utterance  # noqa: PLC0415

    return [
        Case(
            item.id,
            item.utterance or Utterance(text=item.text, speaker=item.who, context=item.context),
            item.question,
        )
        for item in items
    ]
