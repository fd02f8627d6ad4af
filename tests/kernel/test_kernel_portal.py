"""The one background loop."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import threading
from collections.abc import Iterator

import pytest

from simulation.kernel.portal import Portal

WHO: contextvars.ContextVar[str] = contextvars.ContextVar("who", default="nobody")


@pytest.fixture
def portal() -> Iterator[Portal]:
    portal = Portal()
    yield portal
    portal.close()


async def who() -> str:
    await asyncio.sleep(0)
    return WHO.get()


async def fail() -> None:
    await asyncio.sleep(0)
    raise LookupError("no such thing")


def test_a_call_waits_for_its_result(portal: Portal) -> None:
    assert portal.call(who()) == "nobody"


def test_a_call_works_inside_a_running_loop(portal: Portal) -> None:
    async def notebook() -> str:
        return portal.call(who())

    assert asyncio.run(notebook()) == "nobody"


def test_context_variables_are_copied(portal: Portal) -> None:
    def caller() -> str:
        WHO.set("Ada")
        return portal.call(who())

    assert contextvars.copy_context().run(caller) == "Ada"
    assert portal.call(who()) == "nobody"


def test_what_a_coroutine_sets_stays_with_it(portal: Portal) -> None:
    async def rename() -> None:
        WHO.set("Bram")

    portal.call(rename())
    assert WHO.get() == "nobody"
    assert portal.call(who()) == "nobody"


def test_exceptions_cross(portal: Portal) -> None:
    with pytest.raises(LookupError, match="no such thing"):
        portal.call(fail())


def test_all_work_runs_on_one_thread_that_keeps_no_process_alive(portal: Portal) -> None:
    async def thread() -> threading.Thread:
        assert portal.inside
        return threading.current_thread()

    first, second = portal.call(thread()), portal.call(thread())
    assert first is second
    assert first.daemon
    assert not portal.inside


def test_pieces_of_work_run_side_by_side(portal: Portal) -> None:
    gate = asyncio.Event()

    async def wait() -> str:
        await gate.wait()
        return "through"

    async def open_gate() -> None:
        gate.set()

    waiting = portal.submit(wait())
    portal.call(open_gate())
    assert waiting.result(timeout=5) == "through"


def test_a_portal_can_be_closed_twice_and_used_again() -> None:
    portal = Portal()
    portal.close()
    portal.call(who())
    portal.close()
    portal.close()
    assert portal.call(who()) == "nobody"
    portal.close()


def test_no_thread_is_started_before_it_is_needed() -> None:
    before = threading.active_count()
    Portal().close()
    assert threading.active_count() == before


def test_a_cancelled_piece_of_work_says_so(portal: Portal) -> None:
    async def cancel() -> None:
        raise asyncio.CancelledError

    with pytest.raises(concurrent.futures.CancelledError):
        portal.submit(cancel()).result(timeout=5)
