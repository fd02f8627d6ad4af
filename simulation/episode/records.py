"""What an episode holds, as tables of records: for data frames and for files, a row at a time.

A table's columns are those of its type of event: ``id``, ``time``, ``tick``, ``agent``, ``place``,
then the event's own fields in the order of their class, then ``causes``. Rows are read without the
check that a typed event gets, for three times the speed. However long an episode is, a table takes
the memory of a batch; only ``memories`` needs all of them at once, as later events count there.
"""

from __future__ import annotations

from itertools import islice
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args, get_origin

from simulation.episode.events import (
    Acted,
    Asked,
    Decided,
    Failed,
    Felt,
    Happening,
    Learned,
    Moved,
    Planned,
    Probed,
    Reacted,
    Recalled,
    Reflected,
    Related,
    Remembered,
    Said,
    TookStance,
)
from simulation.episode.menu import menu_texts
from simulation.episode.reader import damaged
from simulation.episode.schema import NAMES
from simulation.errors import EpisodeError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from simulation.episode.episode import Episode
    from simulation.episode.reader import Row

    Record = dict[str, Any]

_COMMON: Final = ("id", "time", "tick", "agent", "place")
_BATCH: Final = 500
_SCALARS: Final = (str, int, float, bool)


class Table(NamedTuple):
    """What an episode holds of a kind."""

    columns: tuple[str, ...]
    records: Iterator[dict[str, Any]]
    """Read while one goes through them; a record has every column, in any order."""
    scalars: Mapping[str, type]
    """The columns that hold nothing but numbers or texts, or None."""


def open_table(episode: Episode, name: str) -> Table:
    """A table of an episode, by its name.

    Raises:
        EpisodeError: There is no such table; or, while one goes through it, an event does not
            have the fields of its type.
    """
    if name not in TABLES:
        raise EpisodeError("nothing of that name is kept", value=name, allowed=TABLES)
    if name in _PLAIN:
        kind = _PLAIN[name]
        table = Table(_columns(kind), _records(episode, kind), _scalars(kind))
    else:
        table = _SPECIAL[name](episode)
    return table._replace(records=_told(episode, name, table.records))


def _told(episode: Episode, name: str, records: Iterator[Record]) -> Iterator[Record]:
    try:
        yield from records
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise damaged(episode.folder, f"the frame {name!r}: {error!r}") from error


def _own(kind: type[Happening]) -> Mapping[str, Any]:
    """The fields that a type of event has beyond the common ones, with their defaults."""
    common = {*Happening.model_fields, "type"}
    return {
        name: field.get_default(call_default_factory=True) if not field.is_required() else None
        for name, field in kind.model_fields.items()
        if name not in common
    }


def _columns(kind: type[Happening]) -> tuple[str, ...]:
    return (*_COMMON, *_own(kind), "causes")


def _scalars(*kinds: type[Happening], **more: type) -> Mapping[str, type]:
    """The columns of these types of event that hold one number or text each."""
    found: dict[str, type] = {"time": str}
    for kind in kinds:
        for name, field in kind.model_fields.items():
            parts = set(get_args(field.annotation) or (field.annotation,)) - {NoneType}
            if get_origin(field.annotation) is Literal:
                parts = {str}
            if len(parts) == 1 and (part := parts.pop()) in _SCALARS:
                found[name] = part
    return found | more


def _common(episode: Episode, row: Row) -> Record:
    time = episode.time(row.tick)
    return {"id": row.id, "time": time, "tick": row.tick, "agent": row.agent, "place": row.place}


def _records(episode: Episode, kind: type[Happening]) -> Iterator[Record]:
    defaults = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in _own(kind).items()
    }
    for row in episode.log.rows((NAMES[kind],)):
        fields = {**defaults, "causes": [], **episode.fields(row)}
        yield _common(episode, row) | fields


def _events(episode: Episode) -> Table:
    def records() -> Iterator[Record]:
        for row in episode.log.rows():
            fields = episode.fields(row)
            causes = fields.pop("causes", [])
            more = {"type": row.type, "causes": causes, "fields": fields}
            yield _common(episode, row) | more

    columns = ("id", "time", "tick", "type", "agent", "place", "causes", "fields")
    return Table(columns, records(), _scalars(Happening, type=str))


def _decisions(episode: Episode) -> Table:
    def records() -> Iterator[Record]:
        for some in _batches(_records(episode, Decided)):
            menus = _menus(episode, {record["menu"] for record in some})
            for record in some:
                yield _with_menu(record, menus.get(record["menu"], []))

    columns = list(_columns(Decided))
    columns.insert(columns.index("chosen") + 1, "index")
    scalars = dict(_scalars(Decided, chosen=str, index=int))
    del scalars["options"]  # a number in the event, their texts in the table
    return Table(tuple(columns), records(), scalars)


def _with_menu(record: Record, shown: list[str]) -> Record:
    index = record["chosen"]
    record["index"] = index
    record["options"] = shown
    record["chosen"] = shown[index] if 0 <= index < len(shown) else ""
    for name in ("raw", "corrected"):
        # A list for every row, so that the columns explode together.
        record[name] = record[name] or [None] * len(shown)
    return record


def _menus(episode: Episode, names: Collection[str]) -> dict[str, list[str]]:
    return {name: menu_texts(text) for name, text in episode.log.contents(names).items()}


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    while some := list(islice(records, _BATCH)):
        yield some


def _memories(episode: Episode) -> Table:
    columns = [name for name in _columns(Remembered) if name != "again"]
    counted = ("count", "recalled", "last_access")
    scalars = _scalars(Remembered, **dict.fromkeys(counted, int))
    return Table((*columns, *counted), _counted(episode), scalars)


def _counted(episode: Episode) -> Iterator[Record]:
    known: dict[str, Record] = {}
    for record in _records(episode, Remembered):
        again = record.pop("again")
        first = known.get(again) if again else None
        if first is None:
            uses = {"count": 1, "recalled": 0, "last_access": record["tick"]}
            known[record["id"]] = record | uses
        else:
            first["count"] += 1
            first["last_access"] = record["tick"]
    for recall in _records(episode, Recalled):
        for memory in recall["memories"]:
            found = known.get(memory)
            if found is not None:
                found["recalled"] += 1
                found["last_access"] = max(found["last_access"], recall["tick"])
    yield from known.values()


def _acts(episode: Episode) -> Table:
    empty: Record = {"deed": "", "reason": "", "since": None, "effects": []}

    def records() -> Iterator[Record]:
        for row in episode.log.rows(("acted", "failed")):
            fields: Record = {"causes": [], **empty, **episode.fields(row)}
            fields["verb"] = str(fields["action"].get("verb", ""))
            fields["done"] = row.type == NAMES[Acted]
            yield _common(episode, row) | fields

    own = ("verb", "deed", "done", "reason", "since", "action", "effects", "causes")
    return Table((*_COMMON, *own), records(), _scalars(Acted, Failed, verb=str, done=bool))


def _moves(episode: Episode) -> Table:
    def records() -> Iterator[Record]:
        for record in _records(episode, Moved):
            record["row"], record["column"] = record.pop("cell")
            yield record

    columns = (*_COMMON, "row", "column", "to", "causes")
    return Table(columns, records(), _scalars(Moved, row=int, column=int))


def _replies(episode: Episode) -> Table:
    columns: tuple[str, ...] = ("agent", "tick", "purpose", "ordinal", "prompt", "reply")
    rows = episode.log.replies()
    records: Iterator[Record] = (dict(zip(columns, row, strict=True)) for row in rows)
    return Table(columns, records, dict.fromkeys(columns, str) | {"tick": int, "ordinal": int})


_PLAIN: Final[Mapping[str, type[Happening]]] = {
    "calls": Asked,
    "dialogue": Said,
    "facts": Learned,
    "plans": Planned,
    "reflections": Reflected,
    "stances": TookStance,
    "probes": Probed,
    "relations": Related,
    "reactions": Reacted,
    "feelings": Felt,
}
_SPECIAL: Final[Mapping[str, Callable[[Episode], Table]]] = {
    "events": _events,
    "decisions": _decisions,
    "memories": _memories,
    "acts": _acts,
    "moves": _moves,
    "replies": _replies,
}
TABLES: Final = tuple(sorted({*_PLAIN, *_SPECIAL}))
"""Names of all tables."""
