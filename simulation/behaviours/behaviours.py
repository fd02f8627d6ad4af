"""Everything that detectors find in an episode, with rates over opportunities.

::

    found = observe(episode)
    found.rates()
    [finding for finding in found.findings if finding.kind == "volunteered"]

The same :class:`Watch` reads a finished log and one that is being written.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.behaviours.detector import Detector, kinds_of, make_detectors
from simulation.behaviours.finding import Evidence, Family, Finding, Opportunity
from simulation.behaviours.reading import READ, Reading
from simulation.behaviours.society import Contents, Society

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from simulation.behaviours.words.tags import Classifier
    from simulation.episode.events import Happening
    from simulation.episode.record import Record
    from simulation.kernel.spec import WorldSpec

CONFIDENCE: Final = 0.95


class Rate(NamedTuple):
    """How often something was done, of the times at which it could have been."""

    family: Family
    act: str
    taken: int
    opportunities: int
    """Those that count: fallbacks and refusals are left out."""
    excluded: int
    """Those that were left out."""
    share: float | None
    """``taken / opportunities``; None: there was none that counts."""
    low: float | None
    """Where Wilson's 95 % interval begins. It takes choices as independent, which those of one
    run are not: compare conditions over runs."""
    high: float | None
    actors: int
    """How many people had the opportunity."""


@dataclass(frozen=True)
class Behaviours:
    """What was found."""

    findings: tuple[Finding, ...]
    """In the order of the last event that each rests on; see :attr:`Finding.events`."""
    opportunities: tuple[Opportunity, ...]

    def rates(self) -> list[Rate]:
        """For each family and act: how often it was done, of the times at which it could be."""
        groups: dict[tuple[Family, str], list[Opportunity]] = defaultdict(list)
        for chance in self.opportunities:
            groups[chance.family, chance.act].append(chance)
        return [_rate(family, act, group) for (family, act), group in sorted(groups.items())]

    def frame(self) -> pd.DataFrame:
        """A row per finding, with the columns of :class:`Finding`."""
        import pandas as pd  # noqa: PLC0415 - half a second

        columns = list(Finding.model_fields)
        return pd.DataFrame([one.model_dump() for one in self.findings], columns=columns)

    def opportunity_frame(self) -> pd.DataFrame:
        """A row per opportunity."""
        import pandas as pd  # noqa: PLC0415 - half a second

        columns = list(Opportunity.model_fields)
        return pd.DataFrame([one.model_dump() for one in self.opportunities], columns=columns)


@dataclass
class Watch:
    """Lets detectors read events, one after the other.

    Args:
        spec: The world's description.
        contents: Gives the text behind a hash.
        detectors: Which; None: all that are installed.
        classifier: Reads tags out of utterances; None: none are read.
    """

    spec: WorldSpec
    contents: Contents
    detectors: Sequence[Detector] | None = None
    classifier: Classifier | None = None
    society: Society = field(init=False)

    def __post_init__(self) -> None:
        self._detectors = make_detectors() if self.detectors is None else list(self.detectors)
        self._readers = {
            kind: [one for one in self._detectors if kind in kinds_of(one)] for kind in READ
        }
        self.society = Society(self.spec, self.contents, self.classifier)

    def feed(self, event: Happening) -> Iterator[Evidence]:
        """Take one event in, in the order of the log; give what it shows."""
        readers = self._readers.get(type(event))
        if readers is None:
            return
        self.society.take(event)
        for detector in readers:
            yield from detector.feed(event, self.society)

    def close(self) -> Iterator[Evidence]:
        """What is still open at the end."""
        for detector in self._detectors:
            yield from detector.close(self.society)


def observe(
    episode: Record,
    detectors: Iterable[str] = (),
    *,
    until: int | None = None,
    classifier: Classifier | str | None = "default",
) -> Behaviours:
    """Let detectors read an episode.

    Args:
        episode: Finished or running.
        detectors: By name; none: all that are installed.
        until: Only what happened before this tick.
        classifier: Reads tags out of utterances; ``default``: the one that ships; None: none.

    Raises:
        ConfigError: There is no such detector.
        EpisodeError: The log is damaged.
    """
    read = _default() if isinstance(classifier, str) else classifier
    with episode.log.reading() as contents:
        reading = Reading(episode, contents)
        watch = Watch(episode.spec, reading.content, make_detectors(detectors), read)
        return gather(watch, reading.events(until))


def gather(watch: Watch, events: Iterable[Happening]) -> Behaviours:
    """Everything that a watch finds in events, the open ends included."""
    found: list[Evidence] = []
    for event in events:
        found += watch.feed(event)
    found += watch.close()
    return sorted_out(found)


def sorted_out(found: Iterable[Evidence]) -> Behaviours:
    """Findings and opportunities apart, in an order that does not depend on who found them when."""
    rows = sorted(found, key=lambda one: (one.tick, one.events, one.family, one.actor))
    return Behaviours(
        tuple(one for one in rows if isinstance(one, Finding)),
        tuple(one for one in rows if isinstance(one, Opportunity)),
    )


def _default() -> Classifier:
    from simulation.behaviours.words import default_classifier  # noqa: PLC0415 - reads weights

    return default_classifier()


def _rate(family: Family, act: str, group: Sequence[Opportunity]) -> Rate:
    counted = [chance for chance in group if not chance.excluded]
    taken = sum(chance.taken for chance in counted)
    low = high = share = None
    if counted:
        from scipy.stats import binomtest  # noqa: PLC0415 - scipy, half a second

        share = taken / len(counted)
        interval = binomtest(taken, len(counted)).proportion_ci(CONFIDENCE, method="wilson")
        low, high = float(interval.low), float(interval.high)
    return Rate(
        family=family,
        act=act,
        taken=taken,
        opportunities=len(counted),
        excluded=len(group) - len(counted),
        share=share,
        low=low,
        high=high,
        actors=len({chance.actor for chance in group}),
    )


def as_json(found: Behaviours) -> dict[str, Any]:
    """Everything as JSON values, for ``--json``."""
    return {
        "findings": [one.model_dump(mode="json") for one in found.findings],
        "rates": [rate._asdict() for rate in found.rates()],
        "opportunities": len(found.opportunities),
    }
