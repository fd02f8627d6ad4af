"""What can go wrong between a question and its answer, by name.

Providers raise exceptions of their own (those of the clients of OpenAI and Anthropic, of httpx,
httpcore, requests, LangChain), and none of these packages need be installed. So a fault is told by
what such exceptions share: a status code, headers, the names of their classes, what led to them.

===================  ======================================================  ==========
fault                what it is                                              sent again
===================  ======================================================  ==========
``timeout``          no reply in time                                        yes
``rate_limited``     too many requests; it may say how long to wait          yes
``overloaded``       the service says that it is too busy (503, 529)         yes
``server_error``     the service failed (500, 502, …)                        yes
``dropped``          the connection broke before the reply                   yes
``partial``          the reply broke off                                     yes
``refused``          nobody listens at the address                           yes
``unreachable``      the address cannot be found or reached                  yes
``invalid_json``     what came is no JSON, such as a page of a proxy         yes
``unauthorised``     the key is missing, wrong or not allowed to             no
``quota``            the account is spent                                    no
``not_found``        there is no such model or address                       no
``too_long``         the question is longer than the model reads             no
``filtered``         a filter of the service turned the question away        no
``bad_request``      the service does not take the question                  no
``circuit_open``     it was not sent: too many others had failed             no
``unknown``          none of these                                           no
===================  ======================================================  ==========
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from simulation.errors import ModelError
from simulation.language.replies import clean
from simulation.secrets import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Kind = Literal[
    "timeout",
    "rate_limited",
    "overloaded",
    "server_error",
    "dropped",
    "partial",
    "refused",
    "unreachable",
    "invalid_json",
    "unauthorised",
    "quota",
    "not_found",
    "too_long",
    "filtered",
    "bad_request",
    "circuit_open",
    "unknown",
]
"""The name of a fault."""

PASSING: Final[frozenset[Kind]] = frozenset(
    {
        "timeout",
        "rate_limited",
        "overloaded",
        "server_error",
        "dropped",
        "partial",
        "refused",
        "unreachable",
        "invalid_json",
    }
)
"""Faults that may be over when the same is sent again."""
LASTING: Final[frozenset[Kind]] = frozenset({"unauthorised", "quota", "not_found"})
"""Faults of the service that waiting does not mend, for this question or any other."""
LONGEST_TEXT: Final = 300
"""Characters kept of what was said about a fault."""

_BY_STATUS: Final[Mapping[int, Kind]] = {
    401: "unauthorised",
    402: "quota",
    403: "unauthorised",
    404: "not_found",
    408: "timeout",
    409: "server_error",
    413: "too_long",
    425: "server_error",
    429: "rate_limited",
    503: "overloaded",
    504: "timeout",
    529: "overloaded",
}
_BY_NAME: Final[Mapping[str, Kind]] = {
    "RateLimit": "rate_limited",
    "Throttl": "rate_limited",
    "TooManyRequests": "rate_limited",
    "Overloaded": "overloaded",
    "ServiceUnavailable": "overloaded",
    "IncompleteRead": "partial",
    "ChunkedEncoding": "partial",
    "ContentDecoding": "partial",
    "ConnectTimeout": "unreachable",
    "Timeout": "timeout",
    "DeadlineExceeded": "timeout",
    "Authentication": "unauthorised",
    "PermissionDenied": "unauthorised",
    "Unauthorized": "unauthorised",
    "NotFound": "not_found",
    "ContextLength": "too_long",
    "ContextOverflow": "too_long",
    "LengthFinishReason": "too_long",
    "ContentFilter": "filtered",
    "UnprocessableEntity": "bad_request",
    "BadRequest": "bad_request",
    "InternalServer": "server_error",
    "APIResponseValidation": "invalid_json",
    "JSONDecode": "invalid_json",
    "UnicodeDecode": "invalid_json",
    "DecodingError": "partial",
    "ConnectionRefused": "refused",
    "ConnectionReset": "dropped",
    "ConnectionAborted": "dropped",
    "BrokenPipe": "dropped",
    "RemoteProtocol": "dropped",
    "RemoteDisconnected": "dropped",
    "ServerDisconnected": "dropped",
    "ReadError": "dropped",
    "WriteError": "dropped",
    "ProtocolError": "dropped",
    "gaierror": "unreachable",
    "NameResolution": "unreachable",
    "ConnectError": "unreachable",
    "ProxyError": "unreachable",
    "NetworkError": "dropped",
    "APIConnection": "unreachable",
    "ConnectionError": "unreachable",
    "TransportError": "dropped",
    "APIStatusError": "bad_request",
}
"""Parts of the names of exception classes; the first that fits."""
_VAGUE: Final[tuple[Kind, ...]] = ("unreachable", "dropped")
"""Faults for which what led to the exception often says more than the exception."""
_BY_WORDS: Final[tuple[tuple[re.Pattern[str], Kind], ...]] = (
    (
        re.compile(r"insufficient_quota|exceeded your current quota|credit balance|billing", re.I),
        "quota",
    ),
    (
        re.compile(r"context[ _]length|maximum context|prompt is too long|too many tokens", re.I),
        "too_long",
    ),
    (re.compile(r"content[ _](?:filter|policy|management)|safety system", re.I), "filtered"),
    (
        re.compile(r"incomplete (?:chunked )?read|without sending complete|IncompleteRead", re.I),
        "partial",
    ),
    (re.compile(r"connection refused|all connection attempts failed", re.I), "refused"),
    (re.compile(r"overloaded", re.I), "overloaded"),
)
_WORDS_FIT: Final[Mapping[Kind, frozenset[Kind]]] = {
    "quota": frozenset({"rate_limited", "unauthorised", "bad_request", "unknown"}),
    "too_long": frozenset({"bad_request", "too_long"}),
    "filtered": frozenset({"bad_request", "unauthorised"}),
    "partial": frozenset({"dropped", "unreachable"}),
    "refused": frozenset({"unreachable", "dropped"}),
    "overloaded": frozenset({"server_error"}),
}
"""What words make of a fault, and of which faults only."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What went wrong with one request.

    Examples:
        >>> Fault(kind="timeout").passing, Fault(kind="unauthorised").passing
        (True, False)
    """

    kind: Kind
    text: str = ""
    """What was said about it: one line, without secrets."""
    status: int | None = None
    """The status code of HTTP, where there was one."""
    retry_after: float | None = None
    """Seconds after which the service wants to be asked again, where it said so."""

    @property
    def passing(self) -> bool:
        """Whether it may be over when the same is sent again."""
        return self.kind in PASSING

    @property
    def of_service(self) -> bool:
        """Whether it tells of the service, and not of this one question."""
        return self.kind in PASSING or self.kind in LASTING

    def __str__(self) -> str:
        """The fault in a line."""
        return f"{self.kind}: {self.text}" if self.text else self.kind


class TransportError(ModelError):
    """A request did not get its reply.

    Args:
        fault: What went wrong.
        who: The model's name.
    """

    def __init__(self, fault: Fault, who: str = "the model") -> None:
        self.fault = fault
        super().__init__(f"{who} failed: {fault.text or fault.kind}")


def fault_of(error: BaseException, now: Callable[[], datetime] | None = None) -> Fault:
    """Name what an exception of a provider tells.

    Args:
        error: What was raised.
        now: The present, against which a date in ``Retry-After`` is read; None: the clock's.
    """
    if isinstance(error, TransportError):
        return error.fault
    chain = list(_chain(error))
    status = next((code for each in chain if (code := _status(each)) is not None), None)
    kind = _kind(chain, status)
    after = None
    if kind in PASSING:
        clock = now or (lambda: datetime.now(UTC))
        after = next((s for each in chain if (s := _retry_after(each, clock)) is not None), None)
    return Fault(kind=kind, text=_text(error), status=status, retry_after=after)


def _kind(chain: list[BaseException], status: int | None) -> Kind:
    kind = _by_status(status) or _by_class(chain)
    said = " ".join(str(each)[:2_000] for each in chain)
    for words, meant in _BY_WORDS:
        if kind in _WORDS_FIT[meant] and words.search(said):
            return meant
    return kind


def _by_status(status: int | None) -> Kind | None:
    if status is None or status < 400:
        return None
    return _BY_STATUS.get(status) or ("bad_request" if status < 500 else "server_error")


def _by_class(chain: list[BaseException]) -> Kind:
    found: Kind = "unknown"
    for error in chain:
        found = _by_name(error) or found
        if found not in ("unknown", *_VAGUE):
            break
    return found


def _by_name(error: BaseException) -> Kind | None:
    for cls in type(error).__mro__:
        for part, kind in _BY_NAME.items():
            if part in cls.__name__:
                return kind
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, the outermost first."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen and len(seen) < 10:
        seen.add(id(at))
        yield at
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)


def _status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    for holder, name in (
        (error, "status_code"),
        (error, "http_status"),
        (error, "status"),
        (response, "status_code"),
        (response, "status"),
    ):
        value = getattr(holder, name, None)
        if isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 599:
            return value
    return None


def _retry_after(error: BaseException, now: Callable[[], datetime]) -> float | None:
    for holder in (error, getattr(error, "response", None)):
        headers = getattr(holder, "headers", None)
        if not isinstance(headers, Mapping):
            continue
        given = {str(k).lower(): v for k, v in cast("Mapping[Any, Any]", headers).items()}
        milliseconds = read_retry_after(str(given.get("retry-after-ms", "")), now)
        if milliseconds is not None:
            return milliseconds / 1000
        seconds = read_retry_after(str(given.get("retry-after", "")), now)
        if seconds is not None:
            return seconds
    return None


def read_retry_after(text: str, now: Callable[[], datetime]) -> float | None:
    """Seconds to wait, from the header's number or date; None where it makes no sense.

    Examples:
        >>> noon = lambda: datetime(2026, 11, 24, 12, tzinfo=UTC)
        >>> read_retry_after("7.5", noon)
        7.5
        >>> read_retry_after("Tue, 24 Nov 2026 12:00:30 GMT", noon)
        30.0
        >>> read_retry_after("Tue, 24 Nov 2026 11:00:00 GMT", noon)
        0.0
        >>> read_retry_after("soon", noon) is None
        True
    """
    text = text.strip()
    try:
        seconds = float(text)
    except ValueError:
        return _until(text, now)
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _until(date: str, now: Callable[[], datetime]) -> float | None:
    try:
        then = parsedate_to_datetime(date)
        if then.tzinfo is None:
            then = then.replace(tzinfo=UTC)
        return max(0.0, (then - now()).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _text(error: BaseException) -> str:
    """What the exception says in one line, without secrets; its class where it says nothing."""
    # A secret that is cut in two would not be known for one any more.
    said = redact(str(error)[: 40 * LONGEST_TEXT])
    return " ".join(clean(said, limit=LONGEST_TEXT).split()) or type(error).__name__
