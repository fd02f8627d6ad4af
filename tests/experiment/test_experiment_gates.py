"""Gates of the mind: what is asked of a model, and what is made of its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulation.experiment.asked import GATES, ask_the_minds, gates_kept
from simulation.experiment.gates import OF_THE_MIND, Gate
from simulation.experiment.questions import situation
from simulation.experiment.runner import Experiment
from simulation.experiment.schema import Design
from simulation.language.base import Chosen, Phrase, Prompt
from simulation.language.fake import FakeModel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

UNDERSTOOD, PERSONA, ORDER, WORDS, GUESSED = OF_THE_MIND


class Weighing(FakeModel):
    """Answers every choice by a rule of the test's own."""

    def __init__(self, weigh: Callable[[Prompt, Sequence[Phrase]], list[float]]) -> None:
        super().__init__()
        self.weigh = weigh
        self.asked = 0

    async def choose(
        self,
        prompt: Prompt,
        options: Sequence[Phrase],
        *,
        plain: Prompt | None = None,
        seed: int = 0,
        slot: str = "",
    ) -> Chosen:
        del plain, seed, slot
        self.asked += 1
        return Chosen(logps=tuple(self.weigh(prompt, options)))


def by_length(prompt: Prompt, options: Sequence[Phrase]) -> list[float]:
    """Always the longest option, whatever is asked."""
    del prompt
    return [float(len(option.text)) + (hash_of(option.text) % 97) / 1e4 for option in options]


def hash_of(text: str) -> int:
    return sum(ord(letter) * place for place, letter in enumerate(text, start=1))


def the_first(prompt: Prompt, options: Sequence[Phrase]) -> list[float]:
    del prompt
    return [-float(place) for place in range(len(options))]


BASE: dict[str, Any] = {
    "title": "Gates",
    "hypothesis": "More logs are carried when somebody asks.",
    "world": "village",
    "agents": 3,
    "start": "08:00",
    "ticks": 40,
    "models": ["fake"],
    "seeds": [1],
    "paraphrases": {"plain": {}},
    "arms": {"a": {}, "nobody": {"baseline": "no persona"}},
    "control": "a",
    "measures": {"walks": {"act": "go"}},
    "foils": ["Bells are rung at noon.", "Nets are mended in winter.", "Boats come home early."],
}


def design(**changes: Any) -> Design:
    return Design.model_validate({**BASE, **changes})


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    experiment = Experiment(design(), tmp_path_factory.mktemp("gates"))
    assert experiment.run(jobs=1).failed == {}
    return experiment


def ask(lived: Experiment, of: Design, model: Weighing | FakeModel) -> dict[str, Gate]:
    (lived.out / GATES).unlink(missing_ok=True)
    runs = {run.key for run in lived.runs}
    gates = ask_the_minds(of, lived.out, runs, models={"fake": model})
    return {gate.name: gate for gate in gates}


def test_a_mind_that_keeps_its_choices_in_any_order_passes(lived: Experiment) -> None:
    assert ask(lived, design(), FakeModel())[ORDER].state == "holds"


def test_a_mind_that_takes_what_comes_first_fails(lived: Experiment) -> None:
    assert ask(lived, design(), Weighing(the_first))[ORDER].state == "fails"


def test_one_wording_only_is_no_pass(lived: Experiment) -> None:
    gate = ask(lived, design(), FakeModel())[WORDS]
    assert (gate.state, gate.passed) == ("not asked", False)


def test_a_check_that_the_file_does_not_name_is_no_pass(lived: Experiment) -> None:
    assert not ask(lived, design(), FakeModel())[UNDERSTOOD].passed


def test_words_that_stand_in_one_arm_only_are_found_where_they_were_read(
    lived: Experiment,
) -> None:
    check = {"what": "x", "text": "is a resident", "arms": ["nobody"]}
    wrong = {**check, "arms": ["a"]}
    told = design(understood=[check])
    assert ask(lived, told, FakeModel())[f"{UNDERSTOOD}: x"].state == "holds"
    assert ask(lived, design(understood=[wrong]), FakeModel())[f"{UNDERSTOOD}: x"].state == "fails"


@pytest.mark.parametrize(("knows", "state"), [(True, "holds"), (False, "fails")])
def test_a_mind_that_can_end_the_sentence_has_understood(
    lived: Experiment, knows: bool, state: str
) -> None:
    endings = {"a": "is at work", "nobody": "rests by the sea"}

    def weigh(prompt: Prompt, options: Sequence[Phrase]) -> list[float]:
        bare = "lives here" in prompt.question or "resident" in prompt.question
        right = endings["nobody" if bare else "a"] if knows else endings["a"]
        return [float(option.text == right) for option in options]

    check = {"what": "x", "ask": "Now somebody", "answers": endings}
    gate = ask(lived, design(understood=[check]), Weighing(weigh))[f"{UNDERSTOOD}: x"]
    assert gate.state == state


@pytest.mark.parametrize(("knows", "state"), [(True, "fails"), (False, "holds")])
def test_a_mind_that_guesses_the_hypothesis_fails(
    lived: Experiment, knows: bool, state: str
) -> None:
    def weigh(prompt: Prompt, options: Sequence[Phrase]) -> list[float]:
        letter = prompt.question.partition(") More logs")[0][-1] if knows else "a"
        return [float(option.text == letter) for option in options]

    assert ask(lived, design(), Weighing(weigh))[GUESSED].state == state


def test_who_people_are_is_asked_where_an_arm_changes_it(lived: Experiment) -> None:
    def cares(prompt: Prompt, options: Sequence[Phrase]) -> list[float]:
        bare = "is a resident" in prompt.question
        return [float(option.text > "m") * (-3 if bare else 3) for option in options]

    assert ask(lived, design(), Weighing(cares))[PERSONA].state == "holds"
    other = design(arms={"a": {}, "b": {"set": {"logs": "asked"}}})
    assert ask(lived, other, FakeModel())[PERSONA].state == "not needed"


def test_the_same_is_not_asked_twice(lived: Experiment) -> None:
    model = Weighing(by_length)
    first = ask(lived, design(), model)
    asked = model.asked
    runs = {run.key for run in lived.runs}
    again = ask_the_minds(design(), lived.out, runs, models={"fake": model})
    assert (model.asked, {gate.name: gate for gate in again}) == (asked, first)
    assert gates_kept(design(), lived.out, runs) == again
    changed = gates_kept(design(hypothesis="Less is carried."), lived.out, runs)
    assert {gate.state for gate in changed} == {"not asked"}


def test_minds_that_read_nothing_cannot_be_asked(tmp_path: Path) -> None:
    rules = design(mind="rules", arms={"a": {}})
    gates = ask_the_minds(rules, tmp_path, {"a.fake.1"})
    assert [gate.name for gate in gates] == list(OF_THE_MIND)
    assert all(gate.state == "not asked" and "rules" in gate.figure for gate in gates)


def test_a_situation_is_a_question_without_its_open_end() -> None:
    assert situation("It is noon. So Ada decides to") == "It is noon."
