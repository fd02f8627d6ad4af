"""Faults of a provider by name, and patience with them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import ConfigError, InvalidReply, ModelNameError, Outage
from simulation.kernel.streams import Streams
from simulation.language.faults import Fault, TransportError, fault_of, read_retry_after
from simulation.language.faulty import ERRORS, KINDS, Mischief
from simulation.language.names import open_model
from simulation.language.patience import Endurance, Patience, Resent

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class StatusError(Exception):
    """An error as clients of providers raise it."""

    def __init__(self, status: int, text: str = "", **headers: str) -> None:
        self.status_code = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(text)


class ConnectError(Exception):
    """Named as httpx names it."""


class Time:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


def patience(time: Time, **endurance: Any) -> Patience:
    return Patience(Endurance(**endurance), streams=Streams(7), clock=time.clock, sleep=time.sleep)


def failing(*errors: Exception | None) -> Callable[[], Awaitable[str]]:
    left = list(errors)

    async def send() -> str:
        await asyncio.sleep(0)
        error = left.pop(0) if left else None
        if error is not None:
            raise error
        return "Good morning."

    return send


# Names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "kind", "passing"),
    [
        (TimeoutError("too late"), "timeout", True),
        (StatusError(429), "rate_limited", True),
        (StatusError(429, "insufficient_quota"), "quota", False),
        (StatusError(500), "server_error", True),
        (StatusError(529), "overloaded", True),
        (StatusError(401), "unauthorised", False),
        (StatusError(400, "maximum context length is 8192"), "too_long", False),
        (StatusError(400, "blocked by content filter"), "filtered", False),
        (StatusError(418), "bad_request", False),
        (ConnectionResetError("reset"), "dropped", True),
        (ConnectionRefusedError("refused"), "refused", True),
        (json.JSONDecodeError("no JSON", "<html>", 0), "invalid_json", True),
        (RuntimeError("a mistake of one's own"), "unknown", False),
    ],
)
def test_a_fault_is_named_by_what_clients_share(error: Exception, kind: str, passing: bool) -> None:
    fault = fault_of(error)
    assert (fault.kind, fault.passing) == (kind, passing)


def test_what_led_to_a_vague_error_names_it() -> None:
    error = ConnectError("All connection attempts failed")
    error.__cause__ = ConnectionRefusedError(111, "Connection refused")
    assert fault_of(error).kind == "refused"


def test_a_service_that_says_when_is_asked_then() -> None:
    assert fault_of(StatusError(429, retry_after="7.5")).retry_after == 7.5
    date = "Tue, 24 Nov 2026 12:00:30 GMT"
    assert fault_of(StatusError(503, Retry_After=date), now=lambda: NOON).retry_after == 30.0
    assert fault_of(StatusError(429, retry_after_ms="250")).retry_after == 0.25


@given(st.text(max_size=60))
def test_any_header_is_seconds_or_nothing(text: str) -> None:
    seconds = read_retry_after(text, lambda: NOON)
    assert seconds is None or seconds >= 0


# Patience ----------------------------------------------------------------------------------------


def test_what_may_pass_is_sent_again_after_waits_that_grow() -> None:
    time, troubles = Time(), list[Any]()
    send = failing(StatusError(500), StatusError(500), StatusError(500))
    said = asyncio.run(patience(time).ask(send, troubles.append, ("ada", 3, "utter", 0)))
    assert said == "Good morning."
    assert [trouble.attempt for trouble in troubles] == [1, 2, 3]
    assert [low <= wait <= 2 * low for low, wait in zip((0.5, 1, 2), time.slept, strict=True)] == [
        True, True, True,
    ]  # fmt: skip


def test_waits_belong_to_the_call_and_not_to_the_order_of_calls() -> None:
    waits: list[list[float]] = []
    for first in ("ada", "bram"):
        time = Time()
        mine = patience(time)
        if first == "bram":
            asyncio.run(mine.ask(failing(StatusError(500)), key=("bram", 3, "utter", 0)))
            time.slept.clear()
        asyncio.run(mine.ask(failing(StatusError(500)), key=("ada", 3, "utter", 0)))
        waits.append(time.slept)
    assert waits[0] == waits[1]


def test_what_a_service_asks_for_is_waited_for_up_to_a_limit() -> None:
    time = Time()
    send = failing(StatusError(429, retry_after="20"), StatusError(429, retry_after="9999"))
    asyncio.run(patience(time, longest_wait=60).ask(send))
    assert 20 <= time.slept[0] <= 22
    assert time.slept[1] == 60


def test_what_does_not_pass_is_sent_once() -> None:
    time = Time()
    with pytest.raises(TransportError) as caught:
        asyncio.run(patience(time).ask(failing(StatusError(401, "no such key"))))
    assert caught.value.fault.kind == "unauthorised"
    assert time.slept == []


def test_a_request_is_given_up_after_its_last_attempt() -> None:
    time = Time()
    with pytest.raises(TransportError):
        asyncio.run(patience(time, attempts=3).ask(failing(*[StatusError(500)] * 9)))
    assert len(time.slept) == 2


def test_a_reply_that_comes_too_late_is_dropped_and_asked_for_again() -> None:
    async def late() -> str:
        await asyncio.sleep(60)
        return "late"

    answers = [late, failing()]

    async def send() -> str:
        return await answers.pop(0)()

    troubles: list[Any] = []
    borne = patience(Time(), timeout=0.01)
    said = asyncio.run(borne.ask(send, troubles.append))
    assert said == "Good morning."
    assert [trouble.fault.kind for trouble in troubles] == ["timeout"]


def test_a_bad_answer_and_a_mistake_of_ones_own_are_not_sent_again() -> None:
    for error in (InvalidReply("no number", "seven"), RuntimeError("a mistake")):
        time = Time()
        with pytest.raises(type(error)):
            asyncio.run(patience(time).ask(failing(error)))
        assert time.slept == []


def test_when_nobody_gets_through_nothing_is_sent_for_a_while() -> None:
    time, troubles = Time(), list[Any]()
    borne = patience(time, attempts=1, breaks_at=3, rest=15)
    for _ in range(3):
        with pytest.raises(TransportError):
            asyncio.run(borne.ask(failing(StatusError(500)), troubles.append))
    assert borne.breaker.state == "open"
    assert asyncio.run(borne.ask(failing(), troubles.append)) == "Good morning."
    assert time.slept == [15]
    states = [trouble.state for trouble in troubles if not isinstance(trouble, Resent)]
    assert states == ["open", "trying", "closed"]


def test_a_model_that_is_gone_for_long_is_an_outage() -> None:
    time = Time()
    borne = patience(time, attempts=1, breaks_at=1, rest=15, gives_up=100)
    outcomes: list[str] = []
    for _ in range(5):
        with pytest.raises((TransportError, Outage)) as caught:
            asyncio.run(borne.ask(failing(StatusError(500))))
        outcomes.append(caught.type.__name__)
    assert outcomes == ["TransportError"] * 3 + ["Outage"] * 2
    assert 100 <= time.now < 300


def test_a_wrong_key_is_an_outage_at_once() -> None:
    time = Time()
    borne = patience(time, breaks_at=1)
    with pytest.raises(TransportError):
        asyncio.run(borne.ask(failing(StatusError(401))))
    with pytest.raises(Outage):
        asyncio.run(borne.ask(failing()))
    assert time.slept == []


def test_a_run_may_go_on_without_its_model() -> None:
    borne = patience(Time(), attempts=1, breaks_at=1, rest=1e6, on_outage="fall back", gives_up=0)
    faults: list[str] = []
    for _ in range(4):
        with pytest.raises(TransportError) as caught:
            asyncio.run(borne.ask(failing(StatusError(500))))
        faults.append(caught.value.fault.kind)
    assert faults == ["server_error", "circuit_open", "circuit_open", "circuit_open"]


@pytest.mark.parametrize(
    "wrong", [{"timeout": 0}, {"attempts": 0}, {"rest": -1}, {"on_outage": "panic"}]
)
def test_what_cannot_be_borne_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Endurance(**wrong)


# Faulty models -----------------------------------------------------------------------------------


def test_there_are_more_than_twenty_faults_and_each_error_has_a_name() -> None:
    assert len(KINDS) > 20
    kinds = {name: fault_of(error()).kind for name, error in ERRORS.items()}
    assert "unknown" not in kinds.values()
    assert kinds["quota"] == "quota"
    assert kinds["rate-limit-absurd"] == "rate_limited"


def test_which_answer_gets_which_fault_depends_on_the_question_and_the_seed_alone() -> None:
    questions = [f"question {number}" for number in range(200)]
    first, again, other = (Mischief.parse(f"all=0.5,seed={seed}") for seed in (1, 1, 2))
    mine = [first.pick(question, 0) for question in questions]
    assert mine == [again.pick(question, 0) for question in questions]
    assert mine != [other.pick(question, 0) for question in questions]
    assert 70 < sum(map(bool, mine)) < 130
    assert sum(first.done.values()) == sum(map(bool, mine))


@pytest.mark.parametrize(
    "name", ["faulty:", "faulty:boredom:fake", "faulty:empty=2:fake", "faulty:empty=x:fake"]
)
def test_a_faulty_model_that_is_none_says_what_there_is(name: str) -> None:
    with pytest.raises(ModelNameError) as caught:
        open_model(name)
    assert "\n" not in str(caught.value)


def test_a_fault_in_a_line_has_no_secret() -> None:
    error = StatusError(401, "Incorrect API key provided: sk-abcdefghijklmnop1234")
    assert str(fault_of(error)) == "unauthorised: Incorrect API key provided: [secret]"
    assert "sk-" not in str(TransportError(Fault(kind="unauthorised", text=fault_of(error).text)))
