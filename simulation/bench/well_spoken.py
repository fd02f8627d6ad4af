"""A chat model that answers every question of a mind in the form that was asked for.

It knows nothing and costs nothing, but its answers are as long as good ones, so what a day would
cost with a real chat model can be counted without one. Its choices keep to a plan about as often as
people do and are drawn by a hash otherwise: the same questions get the same answers.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from simulation.language.plausible import LONGEST_PHRASE
from simulation.language.prompts import PromptFile, load_prompt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from langchain_core.messages import BaseMessage

    from simulation.language.fake import FakeChatModel

KEEPS_TO_PLAN: Final = 0.7
"""Share of the choices in which an option that the question speaks of is taken."""

_RANGE: Final = re.compile(r"Answer with one whole number from (-?\d+) to (-?\d+) only\.$")
_OPTION: Final = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)
_HABIT: Final = re.compile(r"(\d\d:\d\d) ([^;(]+) \(([^,)]+), (\d+) minutes")
_KNOWN: Final = re.compile(r"\[([^\]\s]+)\]")
_NUMBERED: Final = re.compile(r"^(\d+)\. ", re.MULTILINE)
_WANTED: Final = re.compile(r"(?:Questions|Conclusions) wanted: (\d+)")

_OPENINGS: Final = ("I have thought about it since this morning", "They say it at the harbour")
_MIDDLES: Final = (
    "the boats went out later than the tide would have let them",
    "the bread was gone before the bell had rung",
    "there is more to carry than there are hands for it",
    "nobody has looked after the lamp by the steps",
    "the rope on the landing wants to be spliced again",
    "the well gives less water than it did in spring",
    "the ferry may come a day later because of the wind",
)
_ENDINGS: Final = ("so I will see to it tomorrow.", "and I would like to know why.")


def well_spoken() -> FakeChatModel:
    """The model."""
    from simulation.language.fake import FakeChatModel  # noqa: PLC0415 - LangChain

    return FakeChatModel(answer)


def answer(messages: Sequence[BaseMessage]) -> str:
    """A good answer to a mind's question, of the length of a good one."""
    asked = [str(message.text) for message in messages if message.type == "human"]
    question = next(text for text in reversed(asked) if not text.startswith("That cannot be used"))
    numbers = _RANGE.search(question)
    if numbers:
        return str(_number(question, int(numbers[1]), int(numbers[2])))
    prompt = _prompts().get(str(messages[0].text))
    write = _WRITERS.get(prompt.path.stem) if prompt else None
    if write:
        return write(question)
    return prompt.examples[-1].answer if prompt else _sentence(question)


def _number(question: str, low: int, high: int) -> int:
    planned = [
        int(number)
        for number, text in _OPTION.findall(question)
        if text in question.partition("\n")[0]
    ]
    if planned and _draw(question, "plan") < KEEPS_TO_PLAN:
        return planned[0]
    return low + int(_draw(question, "number") * (high - low + 1))


def _day(question: str) -> str:
    usual = question.partition("Usual day:")[2].partition("\n")[0]
    rows = [
        {"at": at, "place": place, "doing": doing.strip(), "minutes": int(minutes)}
        for at, doing, place, minutes in _HABIT.findall(usual)
        if len(doing.split()) <= LONGEST_PHRASE
    ]
    return json.dumps({"aim": "", "day": rows})


def _talk(question: str) -> str:
    known = _KNOWN.findall(question)[:1]
    reply = {"say": _sentence(question), "facts": known, "end": _draw(question, "end") < 0.2}
    return json.dumps(reply)


def _questions(question: str) -> str:
    asked = ("Why does it matter what {}?", "Who else knows that {}?", "What follows if {}?")
    number = _wanted(question)
    return json.dumps([asked[at % 3].format(_MIDDLES[at % 7]) for at in range(number)])


def _insights(question: str) -> str:
    notes = [int(number) for number in _NUMBERED.findall(question)] or [1]
    drawn: list[dict[str, Any]] = []
    for at in range(_wanted(question)):
        words = _sentence(f"{question}{at}").replace("I ", "They ")
        drawn.append({"insight": words, "because": notes[at::3][:3] or notes[:1]})
    return json.dumps(drawn)


def _relate(question: str) -> str:
    said = f"A neighbour with whom much has been talked about. {_sentence(question)} "
    return json.dumps({"summary": (said * 2).strip(), "closeness": int(_draw(question) * 3) - 1})


def _wanted(question: str) -> int:
    found = _WANTED.search(question)
    return int(found[1]) if found else 1


def _sentence(question: str) -> str:
    parts = (_OPENINGS, _MIDDLES, _ENDINGS)
    chosen = [part[int(_draw(question, part[0]) * len(part))] for part in parts]
    return f"{chosen[0]}: {chosen[1]}, {chosen[2]}"


_WRITERS: Final[dict[str, Callable[[str], str]]] = {
    "day": _day,
    "talk": _talk,
    "question": _questions,
    "insights": _insights,
    "relate": _relate,
}


@cache
def _prompts() -> dict[str, PromptFile]:
    """The prompt files of minds by what they tell a chat model."""
    folder = Path(str(files("simulation.mind"))) / "prompts"
    read = [load_prompt(path, "utter") for path in sorted(folder.glob("*.md"))]
    return {prompt.instructions: prompt for prompt in read}


def _draw(*keys: str) -> float:
    digest = hashlib.sha256("\0".join(keys).encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:6]) / 2**48
