"""The believability questions of Park et al. (2023), for every condition of their ablation.

Twenty-five questions in five families are asked of an agent under each condition, and an answer
counts as supported if what it cites truly answers the question (:mod:`.support`). The denominator
is the questions for which the whole memory holds such a piece, the same under every condition.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from simulation.interview.answers import Answer
from simulation.interview.conditions import CONDITIONS, check_condition
from simulation.interview.interview import Interview, check_remembers, open_voice
from simulation.interview.support import Support, Target, find_target, supports
from simulation.kernel.portal import Portal
from simulation.language.download import Progress, silent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterable, Sequence

    import pandas as pd
    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel

    from simulation.episode.episode import Episode
    from simulation.interview.conditions import Condition
    from simulation.interview.grounds import Ground
    from simulation.language.base import LanguageModel
    from simulation.memory import Embedder

Family = Literal["self-knowledge", "memory", "plans", "reactions", "reflections"]
FAMILIES: Final[tuple[Family, ...]] = get_args(Family)
CLOSE: Final = 0.2
"""A model that words its own answer must stay this close (cosine) to what it cites."""
AT_ONCE: Final = 8
"""Interviews that are held side by side, with a model that can."""

OnAnswer = Callable[[int, int], None]
"""Told after every answer how many there are, and how many there will be."""


class Asked(BaseModel):
    """A question of the set, with its placeholders still open."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    id: str
    ask: str
    support: tuple[Support, ...]
    """What an answer must cite; one of these is enough."""


class Scored(BaseModel):
    """An answer to a question of the set, and whether it is supported."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    family: Family
    id: str
    """Of the question."""
    answer: Answer
    evidence: tuple[str, ...]
    """Ids of what would support an answer, in all of the agent's memory, the latest first."""
    record: tuple[str, ...]
    """The same in words."""
    supported: bool
    by: str
    """Id of the cited piece that supports it; empty: none does."""

    @property
    def holds(self) -> bool:
        """Whether the whole memory holds what could support an answer."""
        return bool(self.evidence)


class Share(NamedTuple):
    """How many answers are supported."""

    condition: Condition
    family: Family | Literal["all"]
    asked: int
    held: int
    """Questions for which the whole memory holds support: the denominator."""
    supported: int
    fallbacks: int

    @property
    def share(self) -> float | None:
        """Of those that could be, how many are; None where none could be."""
        return self.supported / self.held if self.held else None


@cache
def believability_questions() -> dict[Family, tuple[Asked, ...]]:
    """The set as it ships, by family."""
    text = Path(__file__).with_name("believability.yaml").read_text(encoding="utf-8")
    read = TypeAdapter(dict[Family, tuple[Asked, ...]]).validate_python(yaml.safe_load(text))
    return {family: read[family] for family in FAMILIES}


def interview_all(
    episode: Episode,
    agents: Collection[str] = (),
    *,
    conditions: Collection[str] = CONDITIONS,
    tick: int | None = None,
    model: str | LanguageModel | BaseChatModel | None = None,
    embedder: str | Embedder | Embeddings | None = None,
    progress: OnAnswer = lambda done, all_in_all: None,
    fetch: Progress = silent,
) -> list[Scored]:
    """Ask the whole set, and score the answers.

    Args:
        episode: Finished or running.
        agents: Ids or names; none: everybody.
        conditions: Under which it is asked.
        tick: They answer as they were when this tick was over; None: the last.
        model: Who finds the words; None: the model of the run.
        embedder: That of the run, where it was an object of the user's own.
        progress: Told after every answer.
        fetch: Told how far the weights of a model are fetched, if they must be.

    Raises:
        EpisodeError: There is nobody of a name, no such tick, or somebody keeps no memory.
        ConfigError: A condition is unknown.
    """
    who = [episode.resident(agent) for agent in agents] or list(episode.agents)
    under: list[Condition] = [check_condition(condition) for condition in conditions]
    tick = episode.moment(tick)
    for agent in who:
        check_remembers(episode, agent)
    opened = open_voice(episode, model, fetch)
    portal = Portal()

    def begin(agent: str, condition: Condition) -> Interview:
        return Interview(
            episode, agent, tick=tick, model=opened, condition=condition, embedder=embedder
        )

    try:
        sessions = [session for agent in who for session in _sessions(agent, under, begin)]
        return portal.call(_ask(sessions, progress))
    finally:
        if model is None or isinstance(model, str):
            portal.call(opened.aclose())
        portal.close()


def shares(scored: Sequence[Scored]) -> list[Share]:
    """How many answers are supported, by condition and family, and over all families."""
    found: list[Share] = []
    for condition in CONDITIONS:
        under = [row for row in scored if row.answer.condition == condition]
        groups: dict[Family | Literal["all"], list[Scored]] = {
            family: [row for row in under if row.family == family] for family in FAMILIES
        }
        groups["all"] = under
        found += [_share(condition, name, rows) for name, rows in groups.items() if under]
    return found


def answers_frame(scored: Iterable[Scored]) -> pd.DataFrame:
    """A row for each answer."""
    import pandas as pd  # noqa: PLC0415 - half a second

    return pd.DataFrame([_row(row) for row in scored])


class _Session(NamedTuple):
    """One agent under one condition."""

    interview: Interview
    target: Target
    everything: tuple[Ground, ...]
    """All that the agent knows, whatever is within reach."""

    def questions(self) -> list[tuple[Family, Asked]]:
        """Those that can be about somebody and something that the agent knows."""
        words = self.target.words()
        return [
            (family, asked)
            for family, rows in believability_questions().items()
            for asked in rows
            if all(name in words for name in ("other", "topic") if f"{{{name}}}" in asked.ask)
        ]

    async def answers(self) -> AsyncIterator[Scored]:
        """The answers to them, each by itself."""
        for family, asked in self.questions():
            self.interview.forget()
            answer = await self.interview.aask(asked.ask.format_map(self.target.words()))
            likeness = self.interview.knowledge.likeness
            yield score(family, asked, answer, self.target, self.everything, likeness)


def _sessions(
    agent: str, conditions: Sequence[Condition], begin: Callable[[str, Condition], Interview]
) -> list[_Session]:
    whole = begin(agent, "full")
    target = find_target(whole.episode, whole.knowledge, whole.tick)
    everything = tuple(whole.knowledge.everything())
    held = [whole if condition == "full" else begin(agent, condition) for condition in conditions]
    return [_Session(interview, target, everything) for interview in held]


async def _ask(sessions: Sequence[_Session], progress: OnAnswer) -> list[Scored]:
    all_in_all = sum(len(session.questions()) for session in sessions)
    gate = asyncio.Semaphore(AT_ONCE)
    done = 0

    async def hold(session: _Session) -> list[Scored]:
        nonlocal done
        scored: list[Scored] = []
        async with gate:
            async for row in session.answers():
                scored.append(row)
                done += 1
                progress(done, all_in_all)
        return scored

    found = await asyncio.gather(*map(hold, sessions))
    return [row for rows in found for row in rows]


def score(
    family: Family,
    asked: Asked,
    answer: Answer,
    target: Target,
    everything: Sequence[Ground],
    likeness: Callable[[str, Sequence[str]], list[float]],
) -> Scored:
    """Hold an answer against what would support it.

    Args:
        family: Of the question.
        asked: The question.
        answer: What was answered.
        target: What the question is about.
        everything: All that the agent knows.
        likeness: The cosine of a text to others.
    """
    latest = sorted(everything, key=lambda ground: -ground.tick)
    evidence = {
        (ground.id, ground.text): None
        for ground in latest
        if any(supports(support, ground, target) for support in asked.support)
    }
    cited = [cite for cite in answer.cites if (cite.id, cite.text) in evidence]
    if not answer.given:
        close = likeness(answer.text, [cite.text for cite in cited])
        cited = [cite for cite, cosine in zip(cited, close, strict=True) if cosine >= CLOSE]
    by = "" if answer.fallback or not cited else cited[0].id
    return Scored(
        family=family,
        id=asked.id,
        answer=answer,
        evidence=tuple(dict.fromkeys(identity for identity, _ in evidence)),
        record=tuple(dict.fromkeys(text for _, text in evidence)),
        supported=bool(by),
        by=by,
    )


def _share(condition: Condition, family: Family | Literal["all"], rows: Sequence[Scored]) -> Share:
    held = [row for row in rows if row.holds]
    return Share(
        condition=condition,
        family=family,
        asked=len(rows),
        held=len(held),
        supported=sum(row.supported for row in held),
        fallbacks=sum(row.answer.fallback for row in rows),
    )


def _row(scored: Scored) -> dict[str, object]:
    answer = scored.answer
    return {
        "agent": answer.agent,
        "condition": answer.condition,
        "family": scored.family,
        "id": scored.id,
        "question": answer.question,
        "answer": answer.text,
        "given": answer.given,
        "supported": scored.supported,
        "by": scored.by,
        "holds": scored.holds,
        "cites": " ".join(cite.id for cite in answer.cites),
        "evidence": " ".join(scored.evidence),
        "fallback": answer.fallback,
        "reason": answer.reason,
        "tick": answer.tick,
        "time": answer.time,
        "model": answer.model,
        "calls": answer.calls,
        "prompt_tokens": answer.prompt_tokens,
        "reply_tokens": answer.reply_tokens,
    }
