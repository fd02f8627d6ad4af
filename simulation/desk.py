"""Where questions of a running world wait for the person who answers them.

Minds think on the loop's thread, and a person types in the thread that called ``run``: a terminal
and a notebook take input nowhere else. One question is put at a time, in the order in which they
came.
"""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from simulation.errors import PersonLeft
from simulation.mind.question import Question

AskPerson = Callable[[Question], str]
"""Puts a question to a person and gives what they typed."""

_PATIENCE: Final = 0.5
"""Seconds after which a wait looks up: on some systems nothing interrupts it."""


class Desk:
    """Takes questions on one thread and puts them on another.

    Args:
        ask: Puts a question to a person and gives what they typed. ``EOFError`` and
            ``KeyboardInterrupt`` mean that they are gone.
    """

    def __init__(self, ask: AskPerson) -> None:
        self._put = ask
        self._waiting: queue.SimpleQueue[tuple[Question, Future[str]] | None] = queue.SimpleQueue()

    async def ask(self, question: Question) -> str:
        """What the person typed.

        Raises:
            PersonLeft: They are gone.
        """
        answer: Future[str] = Future()
        self._waiting.put((question, answer))
        return await asyncio.wrap_future(answer)

    def serve(self, done: Future[None], stopped: Callable[[], bool]) -> None:
        """Put questions until something is done.

        Args:
            done: It.
            stopped: Whether it is to come to an end, and nobody is asked any more.
        """
        done.add_done_callback(lambda _: self._waiting.put(None))
        while not done.done():
            try:
                waiting = self._waiting.get(timeout=_PATIENCE)
            except queue.Empty:
                continue
            if waiting is not None and waiting[1].set_running_or_notify_cancel():
                self._answer(*waiting, stopped)

    def _answer(self, question: Question, answer: Future[str], stopped: Callable[[], bool]) -> None:
        gone = PersonLeft(f"nobody is at the keyboard for {question.name}")
        if stopped():
            answer.set_exception(gone)
            return
        try:
            answer.set_result(self._put(question))
        except (EOFError, KeyboardInterrupt):
            answer.set_exception(gone)
        except Exception as error:  # noqa: BLE001 - it is raised where the answer is awaited
            answer.set_exception(error)
