"""The canonical export: what "the same bytes" means.

JSON lines in UTF-8: a header, then every event that is not incidental in the order of the ids, then
every text that these events name by its hash, in the order of the hashes. Keys are sorted, fields
at their default are left out, and so is what may differ between two runs of the same seed and
replies. Numbers are rounded to six decimals, because the last bits of a logarithm differ between
mathematical libraries.
"""

from __future__ import annotations

import math
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast

from simulation.episode.events import SCHEMA_VERSION
from simulation.episode.reader import damaged
from simulation.episode.schema import KINDS
from simulation.episode.sink import canonical_json, content_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulation.episode.episode import Episode
    from simulation.episode.reader import Row

FORMAT: Final = "sociarium episode"
DECIMALS: Final = 6

_NAMED: Final = {
    "decided": ("menu", "percept"),
    "recalled": ("query",),
    "asked": ("prompt",),
}
"""Fields that hold the hash of a content."""

_NO_NUMBER: Final = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def export(episode: Episode) -> Iterator[str]:
    """The canonical lines of an episode, each without its line break.

    Raises:
        EpisodeError: The log is damaged, or lacks a text that an event names.
    """
    header = {"format": FORMAT, "schema_version": SCHEMA_VERSION, "type": "header"}
    yield _line(header)
    named: set[str] = set()
    for row in episode.log.rows(canonical=True):
        fields = episode.fields(row)
        named.update(str(fields[name]) for name in _NAMED.get(row.type, ()) if fields.get(name))
        yield _line(canonical_fields(row, fields))
    yield from _contents(episode, sorted(named))


def canonical_fields(row: Row, fields: Mapping[str, Any]) -> dict[str, Any]:
    """An event as the canonical export has it.

    Args:
        row: The event as it is stored.
        fields: What its body holds.
    """
    columns = {"id": row.id, "tick": row.tick, "type": row.type}
    where = {"agent": row.agent, "place": row.place}
    columns |= {name: value for name, value in where.items() if value}
    volatile = KINDS[row.type].volatile if row.type in KINDS else frozenset[str]()
    kept = {name: value for name, value in fields.items() if name not in volatile}
    return _rounded(columns | kept)


def canonical_sha256(episode: Episode) -> str:
    """The hash of the canonical export, every line ended by a line feed."""
    digest = sha256()
    for line in export(episode):
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def escaped(text: str) -> str:
    """JSON that UTF-8 can hold: it has no bytes for a lone surrogate, JSON has an escape."""
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _contents(episode: Episode, names: list[str]) -> Iterator[str]:
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        texts = episode.log.contents(part)
        for name in part:
            if name not in texts or content_hash(texts[name]) != name:
                raise damaged(episode.folder, f"the text {name} is missing or was changed")
            yield _line({"hash": name, "text": texts[name], "type": "content"})


def _line(value: dict[str, Any]) -> str:
    return escaped(canonical_json(_rounded(value)))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        # The sum turns a negative zero into zero; JSON has no numbers that are none.
        return round(value, DECIMALS) + 0.0 if math.isfinite(value) else _NO_NUMBER[str(value)]
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_rounded(part) for part in cast("list[Any]", value)]
    return value
