"""The data frames of an episode.

A frame's columns are those of its type of event: ``id``, ``time``, ``tick``, ``agent``, ``place``,
then the event's own fields in the order of their class, then ``causes``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from simulation.episode.events import (
    Acted,
    Asked,
    Decided,
    Felt,
    Happening,
    Learned,
    Moved,
    Planned,
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

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from simulation.episode.episode import Episode
    from simulation.episode.reader import Row

    Record = dict[str, Any]

_COMMON: Final = ("id", "time", "tick", "agent", "place")


def build(episode: Episode, name: str) -> pd.DataFrame:
    """A data frame of an episode, by its name.

    Raises:
        EpisodeError: An event does not have the fields of its type.
    """
    try:
        if name in _PLAIN:
            kind = _PLAIN[name]
            return _frame(_records(episode, kind), _columns(kind))
        return _SPECIAL[name](episode)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        # Rows are read without the check that a typed event gets, for three times the speed.
        raise damaged(episode.folder, f"the frame {name!r}: {error!r}") from error


def _own(kind: type[Happening]) -> Mapping[str, Any]:
    """The fields that a type of event has beyond the common ones, with their defaults."""
    common = {*Happening.model_fields, "type"}
    return {
        name: field.get_default(call_default_factory=True) if not field.is_required() else None
        for name, field in kind.model_fields.items()
        if name not in common
    }


def _columns(kind: type[Happening]) -> list[str]:
    return [*_COMMON, *_own(kind), "causes"]


def _frame(records: Iterator[Record] | list[Record], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame.from_records(list(records), columns=columns)


def _common(episode: Episode, row: Row) -> Record:
    time = episode.time(row.tick)
    return {"id": row.id, "time": time, "tick": row.tick, "agent": row.agent, "place": row.place}


def _records(episode: Episode, *kinds: type[Happening]) -> Iterator[Record]:
    defaults = {
        NAMES[kind]: {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in _own(kind).items()
        }
        for kind in kinds
    }
    for row in episode.log.rows(list(defaults)):
        fields = {**defaults[row.type], "causes": [], **episode.fields(row)}
        yield _common(episode, row) | fields


def _events(episode: Episode) -> pd.DataFrame:
    columns = ["id", "time", "tick", "type", "agent", "place", "causes", "fields"]
    records: list[Record] = []
    for row in episode.log.rows():
        fields = episode.fields(row)
        causes = fields.pop("causes", [])
        more = {"type": row.type, "causes": causes, "fields": fields}
        records.append(_common(episode, row) | more)
    return _frame(records, columns)


def _decisions(episode: Episode) -> pd.DataFrame:
    records = list(_records(episode, Decided))
    menus = _menus(episode, {record["menu"] for record in records})
    for record in records:
        shown = menus.get(record["menu"], [])
        index = record["chosen"]
        record["index"] = index
        record["options"] = shown
        record["chosen"] = shown[index] if 0 <= index < len(shown) else ""
        for name in ("raw", "corrected"):
            # A list for every row, so that the columns explode together.
            record[name] = record[name] or [None] * len(shown)
    columns = _columns(Decided)
    columns.insert(columns.index("chosen") + 1, "index")
    return _frame(records, columns)


def _menus(episode: Episode, names: Collection[str]) -> dict[str, list[str]]:
    return {name: menu_texts(text) for name, text in episode.log.contents(names).items()}


def _memories(episode: Episode) -> pd.DataFrame:
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
    columns = [name for name in _columns(Remembered) if name != "again"]
    return _frame(list(known.values()), [*columns, "count", "recalled", "last_access"])


def _acts(episode: Episode) -> pd.DataFrame:
    columns = [*_COMMON, "verb", "deed", "done", "reason", "since", "action", "effects", "causes"]
    empty: Record = {"deed": "", "reason": "", "since": None, "effects": []}
    records: list[Record] = []
    for row in episode.log.rows(("acted", "failed")):
        fields: Record = {"causes": [], **empty, **episode.fields(row)}
        fields["verb"] = _verb(fields["action"])
        fields["done"] = row.type == NAMES[Acted]
        records.append(_common(episode, row) | fields)
    return _frame(records, columns)


def _verb(action: Mapping[str, Any]) -> str:
    return str(action.get("verb", ""))


def _moves(episode: Episode) -> pd.DataFrame:
    columns = [*_COMMON, "row", "column", "to", "causes"]
    records = list(_records(episode, Moved))
    for record in records:
        record["row"], record["column"] = record.pop("cell")
    return _frame(records, columns)


_PLAIN: Final[Mapping[str, type[Happening]]] = {
    "calls": Asked,
    "dialogue": Said,
    "facts": Learned,
    "plans": Planned,
    "reflections": Reflected,
    "stances": TookStance,
    "relations": Related,
    "reactions": Reacted,
    "feelings": Felt,
}
_SPECIAL: Final[Mapping[str, Callable[[Episode], pd.DataFrame]]] = {
    "events": _events,
    "decisions": _decisions,
    "memories": _memories,
    "acts": _acts,
    "moves": _moves,
}
