"""Replies as the journal keeps them, and back: what was paid for can be used again.

A reply is JSON, told apart by its fields, so a journal needs no word for the kind.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from simulation.episode.sink import canonical_json
from simulation.errors import EpisodeError
from simulation.language.base import Chosen, Rated, Usage, Written


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A reply in which the model gave no choice and no number."""

    raw: str
    fault: str
    usage: Usage


@dataclass(frozen=True, kw_only=True)
class Unanswered:
    """There was no reply: the request failed for good."""

    failed: str
    """Why."""


AnyReply = Written | Chosen | Rated | Unread | Unanswered

_KINDS: Final[tuple[tuple[str, type[AnyReply]], ...]] = (
    ("failed", Unanswered),
    ("fault", Unread),
    ("value", Rated),
    ("logps", Chosen),
    ("text", Written),
)
"""A field that only this kind of reply has."""


def written_down(reply: AnyReply) -> str:
    """A reply as JSON, in its one spelling.

    Examples:
        >>> written_down(Unanswered(failed="nobody is there"))
        '{"failed":"nobody is there"}'
    """
    return canonical_json(asdict(reply))


def read_back(text: str) -> AnyReply:
    """The reply that was written down.

    Raises:
        EpisodeError: It is none.

    Examples:
        >>> read_back(written_down(Written(text="Good morning."))).text
        'Good morning.'
    """
    try:
        return _reply(json.loads(text))
    except (ValueError, TypeError) as error:
        raise EpisodeError(f"the journal holds a reply that is none ({error})") from error


def _reply(given: dict[str, Any]) -> AnyReply:
    kind = next((kind for field, kind in _KINDS if field in given), None)
    if kind is None or set(given) != {field.name for field in fields(kind)}:
        raise ValueError(f"its fields are {sorted(given)}")
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }
    if "usage" in known:
        known["usage"] = Usage(**known["usage"])
    return kind(**known)
