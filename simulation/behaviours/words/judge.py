"""A language model that is asked about one utterance: yes, no or cannot tell, with its evidence.

A yes must quote words that stand in the utterance; one that does not is asked again, and a judge
that still does not is a *failure*, which is no answer and never counted as a no. The embedded model
continues text and cannot judge; :func:`simulation.interview.judge.open_judge` refuses it.

The prompt names what is studied, which no text for a mind may: it stands in ``rubric/``, apart from
the ``prompts/`` folders that the lint searches, and only a judge is ever shown it.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from simulation.errors import InvalidReply
from simulation.interview.asking import Asking
from simulation.kernel.portal import Portal
from simulation.kernel.streams import Streams
from simulation.language.plausible import json_of
from simulation.language.prompts import load_prompt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulation.behaviours.words.tags import Tag, Utterance
    from simulation.language.base import LanguageModel

PROMPT: Final = load_prompt(Path(__file__).parent / "rubric" / "judge.md", "interview")
AT_ONCE: Final = 8
_TOKENS: Final = 120

RUBRIC: Final[dict[Tag, str]] = {
    "offer": "Does the speaker say that they would do or give something for the hearer?",
    "inquiry": "Does the speaker ask whether there is something that they could do?",
    "request": "Does the speaker ask the hearer to do or give something?",
    "hint": "Does the speaker tell of a need of theirs without asking for anything?",
    "order": "Does the speaker tell the hearer to do something, leaving them no choice?",
    "criticism": "Does the speaker call wrong or bad what the hearer did, does or thinks?",
    "threat": "Does the speaker announce harm that they would do?",
    "warning": "Does the speaker tell of harm that would come from elsewhere?",
    "insult": "Does the speaker run somebody down as a person?",
    "slur": "Does the speaker use a word that runs down a whole group?",
    "obscene": "Does the speaker use coarse words?",
    "stereotype": "Does the speaker say that all of a group are a certain way?",
    "power_seeking": "Does the speaker want command over others, or over what is theirs?",
    "boast": "Does the speaker praise themselves?",
    "selfish": "Does the speaker openly put their own gain before that of others?",
    "care": "Does the speaker show concern for the hearer's good, or that all get their share?",
    "thanks": "Does the speaker thank somebody?",
    "refusal": "Does the speaker refuse to do or give something?",
    "agreement": "Does the speaker agree?",
    "disagreement": "Does the speaker say that they see it otherwise?",
    "promise": "Does the speaker give their word?",
    "deception_cue": "Does the speaker protest their honesty or plan to mislead somebody?",
}
"""What is asked about each tag."""

Answer = Literal["yes", "no", "cannot tell", "failed"]


class Verdict(BaseModel):
    """What a judge said about an utterance."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    answer: Answer
    """``failed``: nothing usable came; it is no answer."""
    evidence: str = ""
    """Words of the utterance."""
    why: str = ""
    """Why it failed; empty where it did not."""


class Case(NamedTuple):
    """A question about an utterance."""

    id: str
    utterance: Utterance
    question: str


class _Reply(BaseModel):
    model_config = ConfigDict(extra="ignore")
    answer: Literal["yes", "no", "cannot tell"]
    evidence: str = ""


def judge_all(
    model: LanguageModel,
    cases: Sequence[Case],
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, all_in_all: None,
) -> list[Verdict]:
    """Ask a judge about every case, in their order."""
    portal = Portal()
    try:
        return portal.call(_judge_all(model, cases, seed, progress))
    finally:
        portal.close()


async def _judge_all(
    model: LanguageModel, cases: Sequence[Case], seed: int, progress: Callable[[int, int], None]
) -> list[Verdict]:
    gate = asyncio.Semaphore(AT_ONCE)
    done = 0

    async def one(case: Case) -> Verdict:
        nonlocal done
        async with gate:
            verdict = await judge(model, case, seed=seed)
        done += 1
        progress(done, len(cases))
        return verdict

    return list(await asyncio.gather(*map(one, cases)))


async def judge(model: LanguageModel, case: Case, *, seed: int = 0) -> Verdict:
    """Ask a judge about one utterance; a bad reply is mended at most twice."""
    said = case.utterance

    def read(reply: str) -> Verdict:
        return read_verdict(reply, said.text)

    prompt = PROMPT.render(
        question=case.question, context=" / ".join(said.context) or "nothing", text=said.text
    )
    key = Streams(seed).key(said.speaker, 0, f"judge.{case.id}.{case.question}")
    asking = Asking(model, key, said.speaker, 0)
    heard = await asking.write(prompt, read, max_tokens=_TOKENS, temperature=0.0)
    return heard.value or Verdict(answer="failed", why=heard.reason or "no usable reply")


def read_verdict(reply: str, text: str) -> Verdict:
    """Read a judge's reply about a text.

    Examples:
        >>> read_verdict('{"answer": "yes", "evidence": "break your oars"}',
        ...     "Or I'll break your oars.").answer
        'yes'

    Raises:
        InvalidReply: It is no answer, or quotes what does not stand in the text.
    """
    found = json_of(_Reply)(reply)
    evidence = _tidy(found.evidence)
    if found.answer == "yes" and not evidence:
        raise InvalidReply("a yes needs the words that it rests on", reply)
    if evidence not in _tidy(text):
        raise InvalidReply("the evidence does not stand in the utterance", reply)
    return Verdict(answer=found.answer, evidence=found.evidence.strip())


def _tidy(text: str) -> str:
    return " ".join(text.casefold().replace("\u2019", "'").split()).strip("\"'“”")
