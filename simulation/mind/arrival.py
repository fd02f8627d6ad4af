"""What becomes of a reply as it arrives, and of the trouble on its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from simulation.episode.events import CircuitChanged, Retried
from simulation.language.base import Chosen, Rated, Usage, Written
from simulation.language.patience import Resent
from simulation.language.replies import LONGEST_REPLY, clean
from simulation.mind.journalled import Unread
from simulation.secrets import redact

if TYPE_CHECKING:
    from simulation.episode.sink import JournalKey, Scribe
    from simulation.language.patience import OnTrouble, Trouble

Reply = TypeVar("Reply", Written, Chosen, Rated)

_MISSHAPEN: Final = "it is not of the form that was asked for"


def safe(text: str) -> str:
    r"""The text without secrets and without what could harm a log, capped.

    Examples:
        >>> safe("\x00Bearer abcdefgh12345678")
        'Bearer [secret]'
    """
    # Once before the cap, which could cut a secret in two, and once without what hides one.
    return redact(clean(redact(text[: 2 * LONGEST_REPLY])))


def settled(reply: Reply, kind: type[Reply]) -> Reply | Unread:
    """The reply as the journal may keep it; what is not of its kind cannot be read."""
    if not _is(reply, kind) or not _well_formed(reply):
        usage = getattr(reply, "usage", None)
        known = usage if isinstance(usage, Usage) else Usage()
        return Unread(raw=safe(repr(reply)[: 2 * LONGEST_REPLY]), fault=_MISSHAPEN, usage=known)
    if isinstance(reply, Written):
        return replace(reply, text=safe(reply.text))
    return replace(reply, raw=safe(reply.raw))


def noting(scribe: Scribe, key: JournalKey) -> OnTrouble:
    """What notes the trouble with one call beside the agent's events."""
    _, _, purpose, number = key

    def note(trouble: Trouble) -> None:
        if isinstance(trouble, Resent):
            scribe.aside(
                Retried,
                purpose=purpose,
                ordinal=number,
                attempt=trouble.attempt,
                fault=trouble.fault.kind,
                text=safe(trouble.fault.text),
                wait=round(trouble.wait, 3),
            )
        else:
            scribe.aside(CircuitChanged, state=trouble.state, text=safe(trouble.text))

    return note


def _well_formed(reply: Written | Chosen | Rated) -> bool:
    """Whether every field has its type: a model of somebody else's may not keep to them."""
    if not _is(reply.usage, Usage):
        return False
    if isinstance(reply, Written):
        return _is(reply.text, str)
    if not _is(reply.raw, str):
        return False
    if isinstance(reply, Rated):
        return _is_number(reply.value)
    weights = (reply.logps, reply.priors)
    return all(each is None or _are_numbers(each) for each in weights) and (
        reply.pick is None or _is(reply.pick, int)
    )


def _is(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return _is(value, int) or _is(value, float)


def _are_numbers(values: Any) -> bool:
    return isinstance(values, Sequence) and all(map(_is_number, values))
