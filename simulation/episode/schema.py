"""The shape of ``log.sqlite``: its tables, and how an event's id becomes a key that sorts.

An event is a row: what every event has stands in columns, the rest is one line of JSON without the
fields that hold their default. A text is stored once, under the hash of what it says. Python can
hold texts that UTF-8 cannot (lone surrogates, as broken replies have them); such a text is stored
as bytes, so that it comes back as it was.
"""

from __future__ import annotations

from typing import Final, get_args

from simulation.episode.events import SCHEMA_VERSION, Event, Happening
from simulation.errors import SimulationError
from simulation.kernel.ids import EventId

LOG: Final = "log.sqlite"
"""The log's file in the folder of an episode."""
SPEC: Final = "spec.json"
"""The world's description, as a file beside it."""
RUN: Final = "run.json"
"""The options of the run, as a file beside it."""
SEAL: Final = "seal.json"
"""Hashes of these files, while nobody writes them."""
TICK: Final = "log.tick"
"""The last tick that was reported as done, while somebody writes the log."""
LOCK: Final = "writing.lock"
"""Held by the process that writes the episode."""

APPLICATION_ID: Final = 0x50C1A219
"""Marks the file as ours, for ``file`` and for people who open it by hand."""

COLUMNS: Final = {"id", "tick", "type", "agent", "place"}
"""The fields of an event that are columns; the others are in its body."""

_ORDINAL: Final = 16
_RANK: Final = 20
_PHASE: Final = 3
_TICK: Final = 24

ID: Final = (
    f"printf('%05d.%d.%03d.%03d', key >> {_ORDINAL + _RANK + _PHASE}, "
    f"key >> {_ORDINAL + _RANK} & {2**_PHASE - 1}, "
    f"key >> {_ORDINAL} & {2**_RANK - 1}, key & {2**_ORDINAL - 1})"
)
"""SQL for the id that belongs to a key."""

TABLES: Final = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
INSERT INTO meta VALUES ('schema_version', '{SCHEMA_VERSION}'), ('tick', '-1'), ('tally', '0:0');
CREATE TABLE events (
    key INTEGER PRIMARY KEY,
    tick INTEGER NOT NULL,
    type TEXT NOT NULL,
    agent TEXT NOT NULL,
    place TEXT NOT NULL,
    canonical INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX events_by_agent ON events (agent);
CREATE INDEX events_by_type ON events (type);
CREATE TABLE contents (hash TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE vectors (hash TEXT PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE journal (
    agent TEXT NOT NULL,
    tick INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    prompt TEXT NOT NULL,
    reply TEXT NOT NULL,
    PRIMARY KEY (agent, tick, purpose, ordinal)
);
CREATE VIEW happenings AS
    SELECT {ID} AS id, tick, type, agent, place, canonical, body FROM events ORDER BY key;
"""

_UNION: Final = get_args(get_args(Event)[0])

KINDS: Final[dict[str, type[Happening]]] = {
    kind.model_fields["type"].default: kind for kind in _UNION
}
"""The class of each type of event."""
NAMES: Final = {kind: name for name, kind in KINDS.items()}
"""The type of each class of event."""


def key_of(identity: str) -> int:
    """The number under which an event is stored: sorts as its id does, however long it gets.

    Raises:
        SimulationError: It is not an id, or beyond what a key can hold.

    Examples:
        >>> key_of("00000.0.000.999") < key_of("00000.0.000.1000") < key_of("00000.0.001.000")
        True
        >>> id_of(key_of("00432.2.003.001"))
        '00432.2.003.001'
    """
    try:
        tick, phase, rank, ordinal = map(int, identity.split("."))
    except ValueError as error:
        raise SimulationError(f"{identity!r} is not the id of an event") from error
    if tick >> _TICK or phase >> _PHASE or rank >> _RANK or ordinal >> _ORDINAL:
        raise SimulationError(f"the event id {identity!r} is larger than a log can hold")
    return ((tick << _PHASE | phase) << _RANK | rank) << _ORDINAL | ordinal


def id_of(key: int) -> str:
    """The id that belongs to a key."""
    rank = key >> _ORDINAL & (1 << _RANK) - 1
    phase = key >> _ORDINAL + _RANK & (1 << _PHASE) - 1
    tick = key >> _ORDINAL + _RANK + _PHASE
    return str(EventId(tick, phase, rank, key & (1 << _ORDINAL) - 1))


def tick_of(key: int) -> int:
    """The tick in an event's id."""
    return key >> _ORDINAL + _RANK + _PHASE


def first_key(tick: int) -> int:
    """The lowest key of a tick; a later end than a log can hold is as good as none."""
    return min(max(tick, 0), (1 << _TICK) - 1) << _ORDINAL + _RANK + _PHASE


def stored(text: str) -> str | bytes:
    """A text as the database takes it."""
    if text.isascii():
        return text
    raw = text.encode("utf-8", "surrogatepass")
    try:
        raw.decode()
    except UnicodeDecodeError:
        return raw
    return text


def loaded(value: str | bytes) -> str:
    """The text that was stored."""
    return value if isinstance(value, str) else value.decode("utf-8", "surrogatepass")
