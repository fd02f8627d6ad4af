"""Texts of models and files as a person may safely see them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories that steer a terminal, turn the direction of writing, or show nothing."""
_JOINERS: Final = frozenset("\u200c\u200d")
"""Hidden, but part of how Persian and some pictures are written."""
_STACKED: Final = 3
"""Marks above or below one letter that are shown; Vietnamese needs two."""


def plain(text: str, limit: int = 400) -> str:
    r"""The text on one line of about ``limit`` characters, without what a terminal would obey.

    Examples:
        >>> plain("a\x1b[31m red\r\nletter")
        'a [31m red letter'
        >>> plain("one two three", limit=8)
        'one two… (5 more characters)'
    """
    begin = text[: 4 * limit]
    if not (begin.isascii() and begin.isprintable()):
        begin = "".join(_shown(begin))
    line = " ".join(begin.split())
    if len(line) <= limit and len(text) <= 4 * limit:
        return line
    kept = line[:limit].rstrip()
    more = max(len(text) - limit, 1)
    return f"{kept}… ({more:,} more characters)"


def _shown(text: str) -> Iterator[str]:
    stacked = 0
    for char in text:
        category = "" if char.isascii() and char.isprintable() else unicodedata.category(char)
        if category in _HIDDEN and char not in _JOINERS:
            yield " "
            continue
        stacked = stacked + 1 if category in ("Mn", "Me") else 0
        if stacked <= _STACKED:
            yield char


def shown_position(position: float | str | None) -> str:
    """A position on a topic in a word or a number.

    Examples:
        >>> shown_position(0.5), shown_position("ada"), shown_position(None)
        ('+0.50', 'ada', 'undecided')
    """
    if position is None:
        return "undecided"
    return plain(position, 60) if isinstance(position, str) else f"{position:+.2f}"


def place_names(data: Any) -> dict[str, str]:
    """What a world calls its places, from its own data: rows of ``places`` with ``id``, ``name``.

    Examples:
        >>> place_names({"map": {"places": [{"id": "net_loft", "name": "the net loft"}]}})
        {'net_loft': 'the net loft'}
    """
    return {row["id"]: row["name"] for row in _places(data)}


def place_wheres(data: Any) -> dict[str, str]:
    """The same with the preposition: ``in the inn``; ``at`` where the data name none.

    Examples:
        >>> place_wheres({"places": [{"id": "inn", "name": "the inn", "at": "in"}]})
        {'inn': 'in the inn'}
    """
    return {row["id"]: f"{row['at']} {row['name']}" for row in _places(data)}


def _places(data: Any) -> Iterator[dict[str, str]]:
    if not isinstance(data, dict):
        return
    for key, value in data.items():
        if key == "places" and isinstance(value, list):
            for row in value:
                if isinstance(row, dict) and {"id", "name"} <= row.keys():
                    name, at = (plain(str(row.get(key, "at")), 60) for key in ("name", "at"))
                    yield {"id": str(row["id"]), "name": name, "at": at}
        else:
            yield from _places(value)


def place_name(names: dict[str, str], place: str) -> str:
    """What a place is called; nowhere in particular is on the way."""
    if not place:
        return "on the way"
    return names.get(place) or "the " + re.sub(r"[_\s]+", " ", plain(place, 60))
