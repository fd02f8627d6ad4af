"""The set of questions, what supports an answer, and the direction of the ablation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

import pytest

from simulation.errors import ConfigError, EpisodeError
from simulation.interview.answers import Answer, Cite
from simulation.interview.believability import (
    FAMILIES,
    Asked,
    Scored,
    answers_frame,
    believability_questions,
    interview_all,
    score,
    shares,
)
from simulation.interview.conditions import CONDITIONS, Condition
from simulation.interview.grounds import Ground
from simulation.interview.support import SUPPORTS, Support, Target, supports
from simulation.language.fake import FakeChatModel
from simulation.lint import check_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation import Episode

TARGET = Target(
    other="ben", fact="supper", past=700, hour=900, later=1000, now=800, last=1200, agent="ann",
    names={"ann": "Ann", "ben": "Ben", "cat": "Cat"}, concerned=("ben", "ann"),
)  # fmt: skip


def ground(source: Any, text: str = "x", **fields: Any) -> Ground:
    return Ground(id=fields.pop("id", f"{source}:{text}"), source=source, text=text, clause=text,
                  **fields)  # fmt: skip


# The set ------------------------------------------------------------------------------------------


def test_the_five_families_have_five_questions_each() -> None:
    questions = believability_questions()
    assert tuple(questions) == FAMILIES
    assert [len(rows) for rows in questions.values()] == [5] * 5
    ids = [asked.id for rows in questions.values() for asked in rows]
    assert len(set(ids)) == 25


def test_no_question_names_what_is_studied() -> None:
    texts = {q.id: q.ask for rows in believability_questions().values() for q in rows}
    assert check_texts(texts) == []


def test_every_placeholder_can_be_filled() -> None:
    known = set(TARGET.words())
    for rows in believability_questions().values():
        for asked in rows:
            assert set(re.findall(r"{(\w+)}", asked.ask)) <= known
    assert TARGET.words() == {
        "other": "Ben", "topic": "supper that concerns Ben and you", "past": "11:40",
        "hour": "15:00", "later": "16:40",
    }  # fmt: skip


# What supports an answer --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("support", "yes", "no"),
    [
        ("persona.goals", ground("persona", id="persona:ann.goals.0"),
         ground("persona", id="persona:ann.who")),
        ("memory.other", ground("observation", "Ben swam.", people=("ben",)),
         ground("observation", "Cat swam.", people=("cat",))),
        ("memory.other", ground("dialogue", "Cat said: Ben swam."),
         ground("reflection", "Ben swims.", people=("ben",))),
        ("memory.fact", ground("fact", fact="supper"), ground("fact", fact="paper")),
        ("memory.past", ground("observation", "Ann swam.", minute=710),
         ground("observation", "Ann swam.", minute=730)),
        ("memory.past", ground("observation", "Ann swam.", minute=690),
         ground("observation", "Ben swam.", minute=700)),
        ("memory.told", ground("dialogue", told=True), ground("fact", fact="supper")),
        ("memory.news", ground("fact", fact="paper"), ground("observation")),
        ("intention.hour", ground("intention", span=(890, 910)),
         ground("intention", span=(901, 999))),
        ("intention.later", ground("intention", span=(1000, 1001)),
         ground("intention", span=(900, 1000))),
        ("intention.next", ground("intention", span=(900, 910)),
         ground("intention", span=(890, 910))),
        ("intention.last", ground("intention", span=(1200, 1300)),
         ground("intention", span=(1000, 1300))),
        ("intention.any", ground("intention"), ground("habit")),
        ("intention.hour", ground("plan", "Ann plans to swim at 15:00."),
         ground("plan", "Ann plans to swim at 15:30.")),
        ("reflection.other", ground("relation", "x", people=("ben",)),
         ground("reflection", "Cat swims.", people=("cat",))),
        ("reflection.self", ground("reflection", "Ann swims."),
         ground("reflection", "Ben swims.")),
        ("reflection.any", ground("reflection"), ground("stance")),
        ("reflection.person", ground("relation", people=("cat",)), ground("reflection")),
    ],
)  # fmt: skip
def test_a_piece_supports_what_it_answers(support: Support, yes: Ground, no: Ground) -> None:
    assert supports(support, yes, TARGET)
    assert not supports(support, no, TARGET)


def test_every_kind_of_support_is_used_and_known() -> None:
    used = {s for rows in believability_questions().values() for q in rows for s in q.support}
    assert used <= set(SUPPORTS)
    assert set(SUPPORTS) - used == set()
    assert set(get_args(Support)) == set(SUPPORTS)


def test_nothing_comes_next_when_the_day_is_over() -> None:
    over = TARGET._replace(now=1300)
    assert not supports("intention.next", ground("intention", span=(900, 910)), over)


# Scoring ------------------------------------------------------------------------------------------

SUPPER = ground("fact", "Ben cooks at seven.", id="00003.1.001.000", fact="supper", tick=3)
SWIM = ground("observation", "Cat swam.", id="00004.1.001.000", tick=4)
HEARD = Asked(id="heard", ask="What have you heard about the {topic}?", support=("memory.fact",))


def answered(text: str, *cited: Ground, **fields: Any) -> Answer:
    cites = tuple(Cite(id=g.id, source=g.source, text=g.text, time="") for g in cited)
    defaults: dict[str, Any] = {
        "agent": "ann", "name": "Ann", "tick": 9, "time": "12:00", "question": "?", "given": "",
        "condition": "full", "as_known_to": "", "model": "m", "fallback": False, "reason": "",
        "calls": 1, "prompt_tokens": 1, "reply_tokens": 1,
    }  # fmt: skip
    return Answer(text=text, cites=cites, **(defaults | fields))


def likeness(text: str, others: Sequence[str]) -> list[float]:
    """Close is what shares a word."""
    words = set(text.lower().strip(".").split())
    return [float(bool(words & set(other.lower().strip(".").split()))) for other in others]


def scored(answer: Answer) -> Scored:
    return score("memory", HEARD, answer, TARGET, [SUPPER, SWIM], likeness)


def test_an_answer_is_supported_by_a_cite_that_answers_it() -> None:
    row = scored(answered("Ben cooks, and Cat swam.", SWIM, SUPPER))
    assert (row.supported, row.by) == (True, SUPPER.id)
    assert (row.evidence, row.record) == ((SUPPER.id,), (SUPPER.text,))


@pytest.mark.parametrize(
    "answer",
    [
        answered("Ben cooks at seven.", SWIM),
        answered("Ben cooks at seven."),
        answered("I would rather not.", SUPPER),
        answered("Ben cooks at seven.", SUPPER, fallback=True),
    ],
)
def test_other_cites_none_or_words_of_their_own_support_nothing(answer: Answer) -> None:
    assert not scored(answer).supported


def test_given_words_are_close_by_nature() -> None:
    assert scored(answered("Nothing alike.", SUPPER, given="Nothing alike.")).supported


def row(condition: Condition, family: Any, *, supported: bool, held: bool = True) -> Scored:
    answer = answered("x", condition=condition, fallback=not supported)
    ids = ("1",) if held else ()
    return Scored(family=family, id="q", answer=answer, evidence=ids, record=ids,
                  supported=supported, by="1" if supported else "")  # fmt: skip


def test_shares_are_counted_by_hand() -> None:
    rows = [
        row("full", "memory", supported=True),
        row("full", "memory", supported=False),
        row("full", "plans", supported=True),
        row("full", "plans", supported=False, held=False),
        row("nothing", "memory", supported=False),
    ]
    found = {(share.condition, share.family): share for share in shares(rows)}
    memory, every = found["full", "memory"], found["full", "all"]
    assert (memory.asked, memory.held, memory.supported, memory.share) == (2, 2, 1, 0.5)
    assert (every.asked, every.held, every.supported, every.fallbacks) == (4, 3, 2, 2)
    assert found["full", "reactions"].share is None
    assert found["nothing", "all"].share == 0
    assert {condition for condition, _ in found} == {"full", "nothing"}


# An evening with a made-up model ------------------------------------------------------------------


@pytest.fixture(scope="module")
def answers(folder: Any) -> list[Scored]:
    from simulation import Episode

    return interview_all(Episode.open(folder))


def test_the_ablation_goes_in_the_expected_direction(answers: list[Scored]) -> None:
    found = {(share.condition, share.family): share for share in shares(answers)}
    full, no_reflection, no_planning, nothing = (
        found[condition, "all"].share or 0.0 for condition in CONDITIONS
    )
    assert full > no_reflection > no_planning > nothing == 0
    assert full > 0.8
    for condition, family in (
        ("no-reflection", "reflections"),
        ("no-reflection-no-planning", "plans"),
        ("nothing", "memory"),
    ):
        assert (found["full", family].share or 0) > (found[condition, family].share or 0)


def test_what_a_condition_leaves_is_answered_as_well_as_with_everything(
    answers: list[Scored],
) -> None:
    found = {(share.condition, share.family): share.share for share in shares(answers)}
    assert found["no-reflection", "plans"] == found["full", "plans"]
    assert found["no-reflection-no-planning", "self-knowledge"] == found["full", "self-knowledge"]


def test_every_condition_has_the_same_questions_and_denominators(answers: list[Scored]) -> None:
    asked = {
        condition: [
            (r.answer.agent, r.id, r.answer.question, r.evidence)
            for r in answers
            if r.answer.condition == condition
        ]
        for condition in CONDITIONS
    }
    assert asked["full"]
    assert all(rows == asked["full"] for rows in asked.values())


def test_each_supported_answer_cites_its_support(answers: list[Scored]) -> None:
    for row in answers:
        if row.supported:
            assert row.by in [cite.id for cite in row.answer.cites]
            assert row.by in row.evidence


def test_the_frame_has_a_row_for_each_answer(answers: list[Scored]) -> None:
    frame = answers_frame(answers)
    assert len(frame) == len(answers)
    assert frame["supported"].sum() == sum(row.supported for row in answers)


def test_one_person_and_some_conditions_can_be_chosen(evening: Episode) -> None:
    told: list[tuple[int, int]] = []
    rows = interview_all(
        evening, ["Dov"], conditions=["nothing"], tick=100, progress=lambda *n: told.append(n)
    )
    assert {(row.answer.agent, row.answer.condition, row.answer.tick) for row in rows} == {
        ("dov", "nothing", 100)
    }
    assert told == [(n, len(rows)) for n in range(1, len(rows) + 1)]


def test_a_chat_model_is_scored_by_what_it_cites(evening: Episode) -> None:
    model = FakeChatModel(['{"answer": "I am a warden, keeping the tide book.", "cites": ["s1"]}'])
    rows = interview_all(evening, ["ada"], conditions=["full"], model=model)
    assert [row.id for row in rows if row.supported] == ["introduce", "work"]


def test_a_condition_or_person_that_is_unknown_is_refused(evening: Episode) -> None:
    with pytest.raises(ConfigError, match="unknown condition"):
        interview_all(evening, conditions=["most"])
    with pytest.raises(EpisodeError, match="nobody of that name"):
        interview_all(evening, ["zed"])
