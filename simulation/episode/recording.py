"""Replies that an episode has already paid for, to be given again instead of asking a model.

A reply belongs to (agent, tick, purpose, ordinal), and is checked by the hash of what was asked.
In the *past* of a run, the ticks that it only repeats, the reply is given whatever was asked: a
question that differs shows in the events, where the first that differs can be named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from simulation.episode.sink import JournalKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.episode.reader import LogReader

_FAILED: Final = '{"failed":'
_NOT_ON_RECORD: Final = '{"failed":"no reply to this is on record"}'


class Recording:
    """The replies of an episode by their keys.

    Args:
        replies: For each key the hash of what was asked, and the reply as the journal has it.
        past: The last tick that is only repeated; -1: none.
        model: Who gave them.
    """

    def __init__(
        self, replies: Mapping[JournalKey, tuple[str, str]], past: int = -1, model: str = ""
    ) -> None:
        self.model = model
        self._replies = dict(replies)
        self._past = past
        self.given = 0
        """Replies given so far."""

    @classmethod
    def of(cls, log: LogReader, past: int = -1, model: str = "") -> Self:
        """The replies in a log."""
        return cls({JournalKey(row[:4]): row[4:] for row in log.replies()}, past, model)

    def beyond(self, other: Recording) -> None:
        """Know also what another recording has on ticks that are not only repeated."""
        for key, reply in other._replies.items():
            if key[1] > self._past:
                self._replies.setdefault(key, reply)

    def before(self, tick: int) -> None:
        """Forget the replies from a tick on."""
        self._replies = {key: reply for key, reply in self._replies.items() if key[1] < tick}

    @classmethod
    def to_go_on(cls, log: LogReader, model: str) -> Self:
        """The same to continue the log: what failed in a tick that was not lived is asked again."""
        past = log.ticks() - 1
        kept = {
            JournalKey(row[:4]): row[4:]
            for row in log.replies()
            if row[1] <= past or not row[5].startswith(_FAILED)
        }
        return cls(kept, past, model)

    def __len__(self) -> int:
        return len(self._replies)

    def __contains__(self, key: object) -> bool:
        return key in self._replies

    def reply(self, key: JournalKey, prompt: str) -> str | None:
        """The reply to a question, or None if a model is to be asked.

        Args:
            key: Which call it is.
            prompt: The hash of what is asked.
        """
        asked, reply = self._replies.get(key, ("", None))
        repeats = key[1] <= self._past
        if reply is None:
            return _NOT_ON_RECORD if repeats else None
        if asked != prompt and not repeats:
            return None
        self.given += 1
        return reply
