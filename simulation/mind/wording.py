"""What a mind reads in place of the usual words: for the arms of an experiment, and nothing else.

Three settings: :attr:`MindOptions.prompts` words whole prompts otherwise,
:attr:`MindOptions.blind` takes the situation out of a decision, and :attr:`MindOptions.labels`
offers acts in other words. All of them are in the episode's settings, so that a run with them
resumes and verifies like any other.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from simulation.language.prompts import PromptFile, prompt_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.kernel.action import Action
    from simulation.kernel.rules import Option
    from simulation.language.base import Purpose

WITHOUT_A_SITUATION = "It is day and {name} is here."
"""All that somebody is told of where they stand, when they are blind to it."""
SITUATION = ("percept", "memories", "plan", "need")
"""The parts of a decision that are about a moment, besides the hour and the place."""


def worded(file: PromptFile, prompts: Mapping[str, str]) -> PromptFile:
    """The prompt in the words that the settings give for it; its own where they give none."""
    text = prompts.get(file.path.stem)
    return file if text is None else _read(text, file.path.stem, file.purpose)


@cache
def _read(text: str, name: str, purpose: Purpose) -> PromptFile:
    return prompt_of(text, f"prompts.{name}", purpose)


def without_situation(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of a decision with who decides, and nothing of the moment.

    Examples:
        >>> without_situation({"name": "Ada", "when": "It is 9 and Ada is at home.", "need": "x"})
        {'name': 'Ada', 'when': 'It is day and Ada is here.', 'need': ''}
    """
    blind = {name: "" if name in SITUATION else text for name, text in fields.items()}
    return blind | {"when": WITHOUT_A_SITUATION.format(name=fields["name"])}


def shown(option: Option, labels: Mapping[str, str]) -> str:
    """The words in which an option is offered: those given for it, for its act, or for its verb."""
    for name in (option.text, act_of(option.action), option.action.verb):
        if name in labels:
            return labels[name]
    return option.text


def act_of(action: Action) -> str:
    """What is done with what, as measures name it: ``logs:into_shed``; the verb if with nothing."""
    given = action.model_dump()
    thing = given.get("source") or given.get("thing") or given.get("task")
    way = given.get("way")
    if not thing:
        return action.verb
    return f"{thing}:{way}" if way else str(thing)
