"""The reel of an episode: what a player is given, in parts that are loaded when they are needed.

The first part, the core, is small however long the episode: the stage, the cast, and columns of
numbers. Words and what lies behind them come in pieces of :data:`CHUNK` events, a person's inner
history on its own. All of it is computed from the log; nothing in it is HTML. ``docs/replay.md``
tells every field.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import sys
from array import array
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.episode.events import Branched
from simulation.episode.plain import plain
from simulation.errors import EpisodeError
from simulation.replay.index import TYPES, EventIndex
from simulation.replay.lines import lines
from simulation.replay.lives import life
from simulation.replay.minds import Minds
from simulation.replay.society import society
from simulation.replay.stage import stage_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from personas import Persona
    from simulation.episode.episode import Episode
    from simulation.replay.stage import Cell, Stage

VERSION: Final = 1
"""The version of the reel's shape."""
CHUNK: Final = 2000
"""Events whose words are loaded together."""
_ALIGNED: Final = 4
_ANY: Final = 12
"""Steps that tell how large a floor without a plan must be, as a power of two."""


class Column(NamedTuple):
    """A column of the core."""

    name: str
    dtype: str
    """As JavaScript names it: ``Uint32Array``."""
    values: array[int]


class Reel:
    """An episode as a player sees it.

    Args:
        episode: Finished or running; :meth:`grow` takes in what a run has added.

    Examples:
        ``Reel(Episode.open("episodes/village-7-1")).core()["ticks"]``
    """

    def __init__(self, episode: Episode) -> None:
        self.episode = episode
        self.index = EventIndex(episode, self.stage.places)
        self.index.grow()
        self._minds = Minds(episode, self.index)

    def grow(self) -> bool:
        """Take in what was lived since; whether there was anything."""
        before = len(self.index)
        self.episode.refresh()
        self.index.grow()
        return len(self.index) > before

    @property
    def ticks(self) -> int:
        """How many ticks it shows."""
        return self.index.ticks

    @property
    def chunks(self) -> int:
        """How many pieces its words come in."""
        return math.ceil(len(self.index) / CHUNK)

    @cached_property
    def stage(self) -> Stage:
        """Where it happens."""
        return stage_of(self.episode.spec, _Walked(self.episode))

    # The parts ----------------------------------------------------------------------------------

    def core(self, *, live: bool = False) -> dict[str, Any]:
        """What is needed to show anything."""
        episode = self.episode
        began, ended = episode.began, episode.ended
        clock = episode.clock
        return {
            "version": VERSION,
            "name": plain(episode.folder.name, 120),
            "title": plain(episode.spec.title, 120),
            "world": plain(episode.spec.world, 120),
            "seed": episode.seed,
            "mind": plain(began.mind if began else str(episode.run.get("mind", "")), 80),
            "model": plain(began.model if began else str(episode.run.get("model", "")), 80),
            "clock": {"startMinutes": clock.minute(0), "tickMinutes": clock.minutes_a_tick},
            "ticks": self.ticks,
            "finished": ended is not None and ended.reason == "finished",
            "ended": ended.reason if ended else "",
            "live": live,
            "settings": dict(episode.spec.settings),
            "branch": self._branch(),
            "chunk": CHUNK,
            "types": list(TYPES),
            "stage": self.stage.drawn,
            "cast": [self._person(number, one) for number, one in enumerate(episode.cast)],
            "columns": [
                {"name": name, "dtype": dtype, "length": len(values)}
                for name, dtype, values in self._columns()
            ],
        }

    def columns(self) -> bytes:
        """The columns that the core names, one after the other, little-endian, aligned to 4."""
        found = bytearray()
        for _, _, values in self._columns():
            if sys.byteorder != "little":
                values = array(values.typecode, values)  # noqa: PLW2901 - a copy to turn around
                values.byteswap()
            found += values.tobytes()
            found += bytes(-len(found) % _ALIGNED)
        return bytes(found)

    def lines(self, chunk: int) -> list[list[Any]]:
        """The words of a piece of events."""
        begin = self._begin(chunk)
        return list(lines(self.episode, self.index, begin, begin + CHUNK))

    def minds(self, chunk: int) -> dict[int, dict[str, Any]]:
        """What was behind a piece of events, by their numbers."""
        begin = self._begin(chunk)
        return self._minds.between(begin, begin + CHUNK)

    def heads(self) -> list[str]:
        """Beginnings that prompts share."""
        return list(self._minds.heads.texts)

    def life(self, agent: int) -> dict[str, list[Any]]:
        """The inner history of somebody, by number."""
        if not 0 <= agent < len(self.episode.agents):
            allowed = [f"0 to {len(self.episode.agents) - 1}"]
            raise EpisodeError("no such person", where="life", value=agent, allowed=allowed)
        return life(self.episode, self.index, self.episode.agents[agent])

    def society(self) -> dict[str, Any]:
        """Findings, facts, ties and costs."""
        return society(self.episode, self.index)

    def part(self, name: str) -> bytes:
        """A part by its name, as a player asks for it: ``core``, ``columns``, ``lines/3``, ….

        Raises:
            EpisodeError: There is no such part.
        """
        kind, _, number = name.partition("/")
        if kind == "columns" and not number:
            return self.columns()
        makers = {"core": self.core, "heads": self.heads, "society": self.society}
        numbered = {"lines": self.lines, "minds": self.minds, "life": self.life}
        if kind in makers and not number:
            return _json(makers[kind]())
        if kind in numbered and number.isascii() and number.isdigit() and len(number) < _ANY:
            return _json(numbered[kind](int(number)))
        raise EpisodeError("no such part", where="reel", value=plain(name, 60))

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Every part with its name, those first that are needed first."""
        names = ["core", "columns", "society", "heads"]
        names += [f"lines/{chunk}" for chunk in range(self.chunks)]
        names += [f"life/{agent}" for agent in range(len(self.episode.agents))]
        names += [f"minds/{chunk}" for chunk in range(self.chunks)]
        for name in names:
            yield name, self.part(name)

    # Pieces of the core --------------------------------------------------------------------------

    def _begin(self, chunk: int) -> int:
        if not 0 <= chunk < max(self.chunks, 1):
            allowed = [f"0 to {self.chunks - 1}"]
            raise EpisodeError(
                "no such piece of events", where="reel", value=chunk, allowed=allowed
            )
        return chunk * CHUNK

    def _branch(self) -> dict[str, Any] | None:
        for event in self.episode.each(Branched):
            if event.role == "child":
                because = [plain(one, 200) for one in event.because]
                return {"parent": plain(event.other, 120), "at": event.at, "because": because}
        return None

    def _person(self, number: int, persona: Persona) -> dict[str, Any]:
        marks = self.episode.spec.data.get("marks")
        mark = marks.get(persona.id, "") if isinstance(marks, dict) else ""
        return {
            "id": persona.id,
            "name": plain(persona.name, 60),
            "initials": _initials(persona.name),
            "mark": plain(str(mark), 8),
            "hue": _hue(number, len(self.episode.cast)),
            "occupation": plain(persona.occupation, 80),
            "age": persona.age,
            "who": plain(persona.who, 200),
            "traits": persona.big_five.model_dump(),
            "biography": plain(persona.biography, 700),
        }

    def _columns(self) -> Iterator[Column]:
        index = self.index
        yield Column("first", "Uint32Array", index.first)
        yield Column("type", "Uint8Array", index.types)
        yield Column("agent", "Int16Array", index.agents)
        yield Column("place", "Int16Array", index.places)
        first, ticks, rows, cols = array("I", [0]), array("I"), array("h"), array("h")
        for agent in range(len(self.episode.agents)):
            steps = index.steps.get(agent, ())
            ticks.extend(step[0] for step in steps)
            rows.extend(step[1] for step in steps)
            cols.extend(step[2] for step in steps)
            first.append(len(ticks))
        yield Column("stepFirst", "Uint32Array", first)
        yield Column("stepTick", "Uint32Array", ticks)
        yield Column("stepRow", "Int16Array", rows)
        yield Column("stepCol", "Int16Array", cols)


class _Walked:
    """The cells that people were on, read only if somebody asks."""

    def __init__(self, episode: Episode) -> None:
        self._episode = episode

    def __iter__(self) -> Iterator[Cell]:
        for row in self._episode.log.rows(("joined", "moved")):
            down, right = self._episode.fields(row)["cell"]
            yield int(down), int(right)


def packed(part: bytes) -> bytes:
    """A part as it stands in a page: with gzip, the same bytes every time."""
    return gzip.compress(part, compresslevel=6, mtime=0)


def _json(value: Any) -> bytes:
    text = json.dumps(
        value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=str
    )
    return text.encode("utf-8", "replace")


def _initials(name: str) -> str:
    """Two letters that stand for somebody.

    Examples:
        >>> _initials("Ada"), _initials("Isabella Rodriguez"), _initials("")
        ('Ad', 'IR', '?')
    """
    words = [word for word in plain(name, 60).split() if word[0].isalnum()]
    if len(words) > 1:
        return words[0][0] + words[-1][0]
    return words[0][:2] if words else "?"


def _hue(number: int, people: int) -> int:
    """A colour for somebody: neighbours in the cast lie far apart."""
    del people
    return round(number * 137.508) % 360


def digest(data: bytes) -> str:
    """What a content security policy names an inline script or style by."""
    import base64  # noqa: PLC0415 - for pages alone

    return "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode()
