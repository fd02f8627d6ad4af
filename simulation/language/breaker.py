"""A circuit breaker: when many requests in a row fail, none is sent for a while.

Written here, since the kept libraries raise at once while the circuit is open. Here a request
waits for its turn, by a clock that tests can set, and it is told how long that may take.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, NamedTuple

from simulation.errors import Outage
from simulation.language.faults import LASTING, Fault, TransportError

State = Literal["open", "trying", "closed"]
Sleep = Callable[[float], Awaitable[None]]
Clock = Callable[[], float]


class Turn(NamedTuple):
    """The circuit's state changed."""

    state: State
    text: str = ""
    """Why."""


class Breaker:
    """Lets requests through, or not, for everybody who asks one model.

    ``closed`` → so many failures in a row → ``open`` → a rest → ``trying`` → ``closed``, or
    ``open`` again with a rest twice as long.

    While it is open or one request tries, the others wait. When it has not closed for as long as
    patience allows, requests raise :class:`~simulation.errors.Outage`, or, if the run is to go on
    without a model, fail at once but for one try after each rest.

    Args:
        breaks_at: Failures in a row that open it, whoever's they are.
        rest: Seconds until one request tries.
        longest_rest: Seconds to which a rest grows.
        gives_up: Seconds after which patience ends.
        goes_on: Whether requests then fail one by one, in place of an outage.
        clock: Seconds that never go back.
        sleep: Waits for seconds.
    """

    def __init__(
        self,
        *,
        breaks_at: int = 8,
        rest: float = 15.0,
        longest_rest: float = 120.0,
        gives_up: float = 300.0,
        goes_on: bool = False,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        self.state: State = "closed"
        self._breaks_at = breaks_at
        self._first_rest = rest
        self._longest_rest = longest_rest
        self._gives_up = gives_up
        self._goes_on = goes_on
        self._clock = clock
        self._sleep = sleep
        self._failures = 0
        self._rest = rest
        self._opened = 0.0
        """When the circuit opened that has not closed since."""
        self._until = 0.0
        """When the rest is over."""
        self._last = Fault(kind="unknown")
        self._moved = asyncio.Event()
        """Set, and replaced, whenever the state changes."""

    async def admit(self, on_turn: Callable[[Turn], None]) -> None:
        """Wait until a request may be sent; it must then be told how that ended.

        Raises:
            Outage: The circuit has been open for too long.
            TransportError: The same, where the run goes on without a model.
        """
        while self.state != "closed":
            left = self._until - self._clock()
            patience = self._opened + self._gives_up - self._clock()
            spent = patience <= 0 or self._last.kind in LASTING
            if spent and not self._goes_on:
                raise Outage(self._why(), self._last.kind)
            if self.state == "open" and left <= 0:
                self._turn("trying", on_turn)
                return
            if spent:
                raise TransportError(Fault(kind="circuit_open", text=self._why()))
            if self.state == "open":
                await self._sleep(min(left, patience))
            else:
                await self._moved.wait()

    def succeeded(self, on_turn: Callable[[Turn], None]) -> None:
        """A request was answered, well or badly."""
        self._failures = 0
        if self.state != "closed":
            self._rest = self._first_rest
            self._turn("closed", on_turn, "the model answers again")

    def failed(self, fault: Fault, on_turn: Callable[[Turn], None]) -> None:
        """A request was not answered."""
        self._last = fault
        self._failures += 1
        now = self._clock()
        if self.state == "trying":
            self._rest = min(2 * self._rest, self._longest_rest)
        elif self.state == "open" or self._failures < self._breaks_at:
            return
        else:
            self._opened = now
        self._until = now + self._rest
        self._turn("open", on_turn, f"{self._failures} requests in a row failed; the last: {fault}")

    def abandoned(self, on_turn: Callable[[Turn], None]) -> None:
        """The request that tried was given up by who had sent it: another one may try."""
        if self.state == "trying":
            self._turn("open", on_turn, "the try was given up")

    def _turn(self, state: State, on_turn: Callable[[Turn], None], text: str = "") -> None:
        self.state = state
        self._moved.set()
        self._moved = asyncio.Event()
        on_turn(Turn(state, text))

    def _why(self) -> str:
        waited = self._clock() - self._opened
        return (
            f"the model has not answered {self._failures} requests in a row, "
            f"{waited:,.0f} seconds after the circuit opened; the last fault: {self._last}"
        )
