"""A language model as judge: it orders the answers of the conditions, which come to mean ranks.

Park et al. (2023) let people order such answers. A judge sees no condition's name; the letters
under which the answers stand are shuffled by a keyed stream, and answers with the same words are
one. A judge that fails gives no order, and never a rank.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from simulation.errors import ConfigError, InvalidReply
from simulation.interview.asking import Asking
from simulation.interview.conditions import CONDITIONS, Condition
from simulation.kernel.portal import Portal
from simulation.kernel.streams import Streams
from simulation.language.names import open_model
from simulation.language.plausible import json_of
from simulation.language.prompts import load_prompt

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from langchain_core.language_models import BaseChatModel

    from simulation.episode.episode import Episode
    from simulation.interview.believability import OnAnswer, Scored
    from simulation.language.base import LanguageModel, Prompt

PROMPT: Final = load_prompt(Path(__file__).parent / "prompts" / "judge.md", "interview")
RECORDS: Final = 5
"""Pieces of evidence that a judge is shown at most."""
AT_ONCE: Final = 8


class Judgement(BaseModel):
    """How a judge ordered the answers to one question."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    agent: str
    id: str
    """Of the question."""
    ranks: dict[Condition, float] | None
    """1 is the best; answers in the same words share the mean of their ranks. None: the judge
    failed."""
    reason: str
    """Why it failed; empty where it did not."""


class MeanRank(NamedTuple):
    """Where the answers of a condition stood on average."""

    condition: Condition
    mean: float | None
    """1 is the best; None where every judgement failed."""
    judged: int
    failed: int


class _Order(BaseModel):
    model_config = ConfigDict(extra="ignore")
    order: list[str]


def open_judge(model: str | LanguageModel | BaseChatModel) -> LanguageModel:
    """A model that can judge.

    Raises:
        ConfigError: It continues text and cannot.
        ModelNameError: There is no such model, or something that it needs is missing.
    """
    opened = open_model(model)
    if opened.style != "chat":
        hint = "Give a chat model; `sociarium list models` names them."
        raise ConfigError("cannot judge", where="judge", value=opened.name, hint=hint)
    return opened


def judge_all(
    episode: Episode,
    scored: Sequence[Scored],
    model: str | LanguageModel | BaseChatModel,
    *,
    progress: OnAnswer = lambda done, all_in_all: None,
) -> list[Judgement]:
    """Let a chat model order the answers to every question that was asked under several conditions.

    Raises:
        ConfigError: The model continues text and cannot judge.
    """
    opened = open_judge(model)
    by_question: dict[tuple[str, str], list[Scored]] = {}
    for row in scored:
        by_question.setdefault((row.answer.agent, row.id), []).append(row)
    several = [rows for rows in by_question.values() if len(rows) > 1]
    portal = Portal()
    try:
        return portal.call(_judge_all(episode, opened, several, progress))
    finally:
        if isinstance(model, str):
            portal.call(opened.aclose())
        portal.close()


def mean_ranks(judged: Iterable[Judgement]) -> list[MeanRank]:
    """The mean rank of every condition that was judged, and how often the judge failed."""
    rows = list(judged)
    failed = sum(row.ranks is None for row in rows)
    ranks: dict[Condition, list[float]] = {
        condition: [row.ranks[condition] for row in rows if row.ranks and condition in row.ranks]
        for condition in CONDITIONS
    }
    return [
        MeanRank(
            condition, round(sum(found) / len(found), 4) if found else None, len(found), failed
        )
        for condition, found in ranks.items()
        if found or failed
    ]


async def _judge_all(
    episode: Episode, model: LanguageModel, several: Sequence[Sequence[Scored]], progress: OnAnswer
) -> list[Judgement]:
    gate = asyncio.Semaphore(AT_ONCE)
    done = 0

    async def one(rows: Sequence[Scored]) -> Judgement:
        nonlocal done
        async with gate:
            judged = await judge(episode, model, rows)
        done += 1
        progress(done, len(several))
        return judged

    return list(await asyncio.gather(*map(one, several)))


async def judge(episode: Episode, model: LanguageModel, rows: Sequence[Scored]) -> Judgement:
    """Let a model order the answers to one question; a bad reply is mended at most twice."""
    first = rows[0]
    agent, tick = first.answer.agent, first.answer.tick
    key = Streams(episode.seed or 0).key(agent, tick, f"judge.{first.id}")
    texts = sorted({row.answer.text for row in rows})
    Streams(key).stream(agent, tick, "letters").shuffle(texts)
    letters = dict(zip(ascii_uppercase, texts, strict=False))

    def read(text: str) -> list[str]:
        return read_order(text, letters)

    asking = Asking(model, key, agent, tick)
    heard = await asking.write(
        _prompt(episode, first, letters), read, max_tokens=100, temperature=0.0
    )
    if heard.value is None:
        return Judgement(agent=agent, id=first.id, ranks=None, reason=heard.reason)
    ranks = _ranks(rows, [letters[letter] for letter in heard.value])
    return Judgement(agent=agent, id=first.id, ranks=ranks, reason="")


def read_order(text: str, letters: Collection[str]) -> list[str]:
    """Read the order in a judge's reply.

    Raises:
        InvalidReply: It does not name every letter once.
    """
    order = json_of(_Order)(text).order
    if sorted(order) != sorted(letters):
        raise InvalidReply(f"each of {', '.join(sorted(letters))} is wanted once", text)
    return order


def _prompt(episode: Episode, row: Scored, letters: dict[str, str]) -> Prompt:
    answer = row.answer
    who = episode.persona(answer.agent)
    return PROMPT.render(
        who=f"{who.bio_line} {who.biography}",
        time=answer.time,
        record=" ".join(row.record[:RECORDS]) or "nothing.",
        question=answer.question,
        answers="\n".join(f"{letter}: {text}" for letter, text in letters.items()),
    )


def _ranks(rows: Sequence[Scored], best_first: Sequence[str]) -> dict[Condition, float]:
    """The rank of each condition; conditions with the same words share theirs."""
    ranks: dict[Condition, float] = {}
    place = 1
    for text in best_first:
        same: list[Condition] = [row.answer.condition for row in rows if row.answer.text == text]
        for condition in same:
            ranks[condition] = place + (len(same) - 1) / 2
        place += len(same)
    return ranks
