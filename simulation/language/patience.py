"""Patience with a model that does not answer: time limits, retries, and a circuit breaker.

A request that is not answered in time is given up, and what still comes of it is dropped. What may
pass is sent again, after a wait that doubles and is spread by a keyed stream, or after what the
service asked for, up to a limit. When nobody's requests get through any more, none is sent for a
while; see :mod:`simulation.language.breaker`.

Nothing of this moves an episode: it is logged beside what is canonical, and a request that failed
for good enters the journal as such.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeVar

from simulation.errors import ConfigError, InvalidReply, SimulationError
from simulation.kernel.streams import Streams
from simulation.language.breaker import Breaker, Clock, Sleep, Turn
from simulation.language.faults import Fault, TransportError, fault_of

if TYPE_CHECKING:
    from tenacity import RetryCallState

    from simulation.episode.sink import JournalKey

T = TypeVar("T")

OnOutage = Literal["stop", "fall back"]
"""What comes of a model that does not answer for long: the run stops, or goes on without it."""
ON_OUTAGE: Final[tuple[OnOutage, ...]] = ("stop", "fall back")


class Resent(NamedTuple):
    """A request did not get through and is about to be sent again."""

    attempt: int
    """How often it was sent, from 1."""
    fault: Fault
    wait: float
    """Seconds until it is sent again."""


Trouble = Resent | Turn
OnTrouble = Callable[[Trouble], None]


@dataclass(frozen=True, kw_only=True)
class Endurance:
    """How much is borne.

    Examples:
        >>> Endurance(timeout=30).attempts
        5
    """

    timeout: float = 120.0
    """Seconds in which a request must be answered."""
    attempts: int = 5
    """Times that a request is sent at most."""
    first_wait: float = 1.0
    """Seconds before it is sent for the second time; the next wait is twice as long."""
    longest_wait: float = 60.0
    """Seconds of a wait at most, also where the service asks for more."""
    breaks_at: int = 8
    """Requests in a row whose failure opens the circuit."""
    rest: float = 15.0
    """Seconds that nothing is sent when the circuit opens; twice as long after each vain try."""
    gives_up: float = 300.0
    """Seconds that the circuit may be open before it is an outage."""
    on_outage: OnOutage = "stop"
    """What is done then."""

    def __post_init__(self) -> None:
        """Refuse what cannot be borne."""
        for name in ("timeout", "attempts", "breaks_at"):
            if not getattr(self, name) > 0:
                raise ConfigError("must be above zero", where=name, value=getattr(self, name))
        for name in ("first_wait", "longest_wait", "rest", "gives_up"):
            if not getattr(self, name) >= 0:
                raise ConfigError("cannot be negative", where=name, value=getattr(self, name))
        if self.on_outage not in ON_OUTAGE:
            raise ConfigError(
                "unknown way to go on", where="outage", value=self.on_outage, allowed=ON_OUTAGE
            )


class Patience:
    """Sends requests until they are answered or all hope is gone.

    Args:
        endurance: How much is borne.
        streams: Where the spread of waits comes from.
        on_turn: Told when the circuit opens or closes: for a progress bar.
        clock: Seconds that never go back.
        sleep: Waits for seconds.
    """

    def __init__(
        self,
        endurance: Endurance | None = None,
        *,
        streams: Streams | None = None,
        on_turn: Callable[[Turn], None] = lambda turn: None,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.endurance = endurance or Endurance()
        self._streams = streams or Streams(0)
        self._on_turn = on_turn
        self._sleep = sleep
        self.breaker = Breaker(
            breaks_at=self.endurance.breaks_at,
            rest=self.endurance.rest,
            gives_up=self.endurance.gives_up,
            goes_on=self.endurance.on_outage == "fall back",
            clock=clock,
            sleep=sleep,
        )

    async def ask(
        self,
        send: Callable[[], Awaitable[T]],
        on_trouble: OnTrouble = lambda trouble: None,
        key: JournalKey | tuple[str, int, str, int] = ("", 0, "", 0),
    ) -> T:
        """The reply to a request.

        Args:
            send: Sends it; called again for each attempt.
            on_trouble: Told of everything that goes wrong on the way.
            key: Agent, tick, purpose and ordinal of the call, to which its waits belong.

        Raises:
            TransportError: It was not answered.
            InvalidReply: It was, but not with what was asked.
            Outage: The model has not answered anybody for too long.
        """
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt  # noqa: PLC0415

        retrying = AsyncRetrying(
            stop=stop_after_attempt(self.endurance.attempts),
            retry=retry_if_exception(_passes),
            wait=lambda state: self._wait(state, key),
            before_sleep=lambda state: on_trouble(_resent(state)),
            sleep=self._sleep,
            reraise=True,
        )
        return await retrying(self._once, send, on_trouble)

    async def _once(self, send: Callable[[], Awaitable[T]], on_trouble: OnTrouble) -> T:
        """Send it once, when the circuit lets it through, and tell the circuit what came of it."""

        def turned(turn: Turn) -> None:
            on_trouble(turn)
            self._on_turn(turn)

        await self.breaker.admit(turned)
        try:
            reply = await self._in_time(send)
        except TransportError as error:
            if error.fault.of_service:
                self.breaker.failed(error.fault, turned)
            else:
                self.breaker.succeeded(turned)
            raise
        except InvalidReply:
            self.breaker.succeeded(turned)
            raise
        except BaseException:
            self.breaker.abandoned(turned)
            raise
        self.breaker.succeeded(turned)
        return reply

    async def _in_time(self, send: Callable[[], Awaitable[T]]) -> T:
        limit = self.endurance.timeout
        timer = asyncio.timeout(limit)
        try:
            async with timer:
                return await send()
        except SimulationError:
            raise
        except Exception as error:
            if timer.expired():
                late = Fault(kind="timeout", text=f"no reply within {limit:g} seconds")
                raise TransportError(late) from None
            fault = fault_of(error)
            if fault.kind == "unknown":
                raise  # a mistake in the program, not a fault of who answers
            raise TransportError(fault) from None

    def _wait(self, state: RetryCallState, key: tuple[str, int, str, int]) -> float:
        """Seconds until the next attempt: from half of the doubled wait to all of it."""
        agent, tick, purpose, number = key
        attempt = state.attempt_number
        spread = self._streams.stream(agent, tick, f"retry.{purpose}.{number}.{attempt}").random()
        limit = self.endurance.longest_wait
        backoff = min(self.endurance.first_wait * 2.0 ** (attempt - 1), limit)
        asked = _fault(state).retry_after
        if asked is None:
            return backoff * (1 + spread) / 2
        return min(asked + backoff * spread, limit)


def _passes(error: BaseException) -> bool:
    return isinstance(error, TransportError) and error.fault.passing


def _fault(state: RetryCallState) -> Fault:
    error = state.outcome.exception() if state.outcome else None
    return error.fault if isinstance(error, TransportError) else Fault(kind="unknown")


def _resent(state: RetryCallState) -> Resent:
    wait = state.next_action.sleep if state.next_action else 0.0
    return Resent(state.attempt_number, _fault(state), float(wait))
