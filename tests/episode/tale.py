"""Small hand-made episodes: events are noted by scribes, as the kernel does it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import personas
from simulation.episode.episode import Episode
from simulation.episode.events import (
    Acted,
    Asked,
    Began,
    Changed,
    Decided,
    Ended,
    Failed,
    FellBack,
    Felt,
    Happening,
    Joined,
    Learned,
    Moved,
    Needed,
    Planned,
    Provenance,
    Reacted,
    Recalled,
    Reflected,
    Related,
    Remembered,
    Said,
    TookStance,
)
from simulation.episode.log import EpisodeWriter
from simulation.episode.sink import JournalKey, Scribe
from simulation.kernel.facts import Fact
from simulation.kernel.ids import Phase
from simulation.kernel.spec import WorldSpec
from simulation.kernel.topics import Topic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CAST = ("ada", "bram", "chiara")
SUPPER = Fact(
    id="supper",
    statement="Chiara gives a supper at the inn at seven.",
    spoken="Chiara gives a supper at the inn",
    seeded=("chiara",),
)
TOLL = Topic(
    id="toll",
    statement="the toll should stay",
    pro="I would keep the toll",
    con="I would drop the toll",
)

Note = tuple[type[Happening], dict[str, Any]]


@cache
def spec(start: str = "07:00") -> WorldSpec:
    cast = tuple(personas.load(name) for name in CAST)
    return WorldSpec(
        world="village", title="Tidemark", cast=cast, facts=(SUPPER,), topics=(TOLL,), start=start
    )


def noted(tick: int, phase: Phase, agent: str, place: str, notes: Sequence[Note]) -> Scribe:
    rank = CAST.index(agent) + 1 if agent else 0
    scribe = Scribe(tick, phase, rank, agent, place)
    for kind, fields in notes:
        scribe.note(kind, **fields)
    return scribe


class Tale:
    """An episode in the making."""

    def __init__(self, path: Path, *, version: str = "1", seconds: float = 0.3) -> None:
        self.path = path
        self.writer = EpisodeWriter(path, spec=spec(), run={"seed": 7, "model": "fake"})
        self.version = version
        self.seconds = seconds

    def commit(self, tick: int, *scribes: Scribe) -> None:
        events = [event for scribe in scribes for event in scribe.events]
        contents: dict[str, str] = {}
        for scribe in scribes:
            contents |= scribe.contents
        self.writer.commit(tick, events, contents)

    def begin(self) -> None:
        facts = {"python": self.version}
        began = {
            "world": "village", "seed": 7, "mind": "rules", "model": "fake", "cast": CAST,
            "settings": {}, "start": "07:00", "tick_minutes": 1,
        }  # fmt: skip
        notes: list[Note] = [(Began, began), (Provenance, {"facts": facts})]
        notes += [
            (Joined, {"agent": a, "name": a.title(), "cell": (0, i), "place": "quay"})
            for i, a in enumerate(CAST)
        ]
        notes += [(Learned, {"agent": "chiara", "fact": "supper", "source": "seeded"})]
        self.commit(0, noted(0, Phase.WORLD, "", "", notes))

    def live(self) -> None:
        """Five more ticks: a choice, a walk, a talk, an insight, a failure."""
        self._decide(1)
        walk = {"to": "inn", "place": "quay"}
        steps: list[Note] = [(Moved, walk | {"cell": (1, 0)})]
        self.commit(2, noted(2, Phase.ACT, "ada", "quay", steps))
        arrived: list[Note] = [(Moved, walk | {"cell": (2, 0), "place": "inn"})]
        self.commit(3, noted(3, Phase.ACT, "ada", "inn", arrived), self._talk(3))
        self.commit(4, self._think(4), self._do(4))
        self.commit(5)

    def _decide(self, tick: int) -> None:
        scribe = Scribe(tick, Phase.THINK, 1, "ada", "quay")
        asked = scribe.note(
            Asked, purpose="decide", ordinal=0, model="fake", prompt=scribe.keep("What now?"),
            reply="[-0.5]", prompt_tokens=100, cached_tokens=60, reply_tokens=1,
            seconds=self.seconds,
        )  # fmt: skip
        key = JournalKey(("ada", tick, "decide", 0))
        self.writer.journal(key, asked.prompt, '{"logps":[-0.5]}')
        options = ["go to the inn", "wait here", "read the board", "sleep"]
        menu = [{"text": text, "action": {"verb": "go"}, "effects": []} for text in options]
        scribe.note(
            Decided, origin="model", menu=scribe.keep(menu), options=4, legal=9, chosen=0,
            action={"verb": "go", "to": "inn"}, raw=(0.55, 0.25, 0.15, 0.05), call=asked.id,
            corrected=(0.6, 0.2, 0.15, 0.05), exponent=0.5, causes=(asked.id,),
        )  # fmt: skip
        self.commit(tick, scribe)

    def _talk(self, tick: int) -> Scribe:
        scribe = Scribe(tick, Phase.ACT, 3, "chiara", "inn")
        said = scribe.note(
            Said, to="bram", text="I give a supper here tonight.", facts=("supper",),
            told=("bram",), overheard=("ada",),
        )  # fmt: skip
        cause = {"fact": "supper", "teller": "chiara", "causes": (said.id,)}
        scribe.note(Learned, agent="bram", source="told", **cause)
        scribe.note(Learned, agent="ada", source="overheard", **cause)
        return scribe

    def _think(self, tick: int) -> Scribe:
        scribe = Scribe(tick, Phase.THINK, 2, "bram", "inn")
        first = scribe.note(
            Remembered, kind="dialogue", text="Chiara gives a supper.", importance=5.0,
            fact="supper", source="told:chiara",
        )  # fmt: skip
        scribe.note(
            Remembered, kind="dialogue", text="Chiara gives a supper.", importance=5.0,
            again=first.id,
        )  # fmt: skip
        scribe.note(Planned, items=({"what": "bake", "where": "bakehouse"},), origin="rules")
        scribe.note(Reflected, insight="Chiara likes company.", evidence=(first.id,), kept=True)
        scribe.note(FellBack, purpose="utter", reason="it said nothing")
        self._feel(scribe, first.id)
        return scribe

    def _feel(self, scribe: Scribe, memory: str) -> None:
        scribe.note(
            Recalled, purpose="decide", query=scribe.keep("supper"), strategy="park",
            memories=(memory,), scores=((1.5, 0.5, 0.5, 0.5),),
        )  # fmt: skip
        scribe.note(TookStance, topic="toll", before=None, after=0.5, origin="rules")
        scribe.note(
            TookStance, topic="toll", before=0.5, after=-0.25, origin="rules", heard=(memory,)
        )
        scribe.note(Reacted, trigger="words", salience=6.0, response="continue")
        scribe.note(Felt, emotion="happy", before="neutral", intensity=3.0, reason="a talk")
        scribe.note(Needed, need="fun", level=3.9, felt=True)
        scribe.note(
            Related, other="chiara", closeness=1.0, before=0.0, summary="She cooks well.",
            origin="rules",
        )  # fmt: skip

    def _do(self, tick: int) -> Scribe:
        scribe = Scribe(tick, Phase.ACT, 1, "ada", "inn")
        scribe.note(Acted, action={"verb": "take"}, deed="took a chair", since=3)
        scribe.note(Failed, action={"verb": "use"}, reason="the gate is jammed")
        scribe.note(Said, to="bram", text="Good morning, Bram.", told=("bram",))
        scribe.note(Changed, agent="", place="quay", text="The tide covers the causeway.")
        return scribe

    def end(self) -> Episode:
        last = Scribe(5, Phase.CLOSE, 0, "")
        last.note(Ended, reason="finished")
        self.commit(5, last)
        self.writer.close()
        return Episode.open(self.path)


def told(path: Path, *, version: str = "1", seconds: float = 0.3) -> Episode:
    """The whole tale, finished."""
    tale = Tale(path, version=version, seconds=seconds)
    tale.begin()
    tale.live()
    return tale.end()
