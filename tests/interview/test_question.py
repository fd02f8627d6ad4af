"""What a question is about, and which pieces fit it best."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.interview.grounds import Ground
from simulation.interview.question import Question, rank, read_question, to_the_point

NAMES = {"ada": "Ada", "ben": "Ben", "cat": "Cat"}
NOON = 12 * 60


def ground(
    source: Any = "observation", text: str = "x", clause: str = "x", **fields: Any
) -> Ground:
    identity = fields.pop("id", f"{source}-{text}")
    return Ground(id=identity, source=source, text=text, clause=clause, **fields)


def best(question: str, *grounds: Ground, now: int = NOON, likeness: float = 0.2) -> Ground:
    asked = read_question(question, "ada", NAMES)
    return rank(asked, grounds, [likeness] * len(grounds), now)[0][1]


@pytest.mark.parametrize(
    ("question", "people"),
    [
        ("What does Ben do?", {"ben"}),
        ("Do BEN and Cat talk?", {"ben", "cat"}),
        ("Is the bench wet, Ada?", set[str]()),
        ("Where is Ben's boat?", {"ben"}),
    ],
)
def test_people_are_named_by_whole_words_and_not_by_themselves(
    question: str, people: set[str]
) -> None:
    assert read_question(question, "ada", NAMES).people == people


@pytest.mark.parametrize(
    ("question", "minutes"),
    [
        ("at 15:05?", (905,)),
        ("between 9:00 and 10:30", (540, 630)),
        ("at 3 pm", (900,)),
        ("at 12 pm or 3:15 am", (720, 195)),
        ("What happens tonight?", (1200,)),
        ("Are there 40 sandbags?", ()),
        ("at 99:00", ()),
    ],
)
def test_hours_are_read(question: str, minutes: tuple[int, ...]) -> None:
    assert read_question(question, "ada", NAMES).minutes == minutes


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("What have you heard about the supper?", "supper"),
        ("What can you tell me about Ben and the boat?", "Ben boat"),
        ("What have you come to notice about yourself?", "Ada"),
        ("Hello!", "hello"),
        ("What?", "What?"),
    ],
)
def test_memory_is_searched_for_what_the_question_is_about(question: str, query: str) -> None:
    assert read_question(question, "ada", NAMES).query == query


def test_a_plan_answers_for_its_hours() -> None:
    morning = ground("intention", "morning", span=(480, 540))
    evening = ground("intention", "evening", span=(1140, 1200))
    assert best("What will you do at 19:30?", morning, evening) == evening
    assert best("What will you do at 20:00?", morning, evening) == morning  # Neither covers it.
    assert best("What is next on your list?", morning, evening) == evening
    assert best("What are you going to do right now?", evening, morning, now=500) == morning


def test_a_memory_answers_for_the_time_around_it() -> None:
    early = ground(text="early", clause="I swam", minute=600, tick=1)
    late = ground(text="late", clause="I ran", minute=700, tick=2)
    assert best("What were you doing at 11:50?", early, late) == late
    assert best("What were you doing at 10:10?", early, late) == early


def test_what_was_meant_to_be_done_is_not_what_was_done() -> None:
    meant = ground("intention", "meant", span=(600, 660))
    done = ground(text="done", clause="I swam", minute=615, tick=1)
    assert best("What were you doing at 10:15?", meant, done) == done
    assert best("What were you going to do at 10:15?", meant, done) == meant


def test_the_latest_of_several_is_named_when_it_is_asked_for() -> None:
    memories = [ground("dialogue", str(n), told=True, minute=n, tick=n) for n in (3, 9, 5)]
    assert best("What is the latest that you were told?", *memories).tick == 9


def test_a_conclusion_about_somebody_else_does_not_answer() -> None:
    seen = ground(text="Ben swam.", people=("ben",))
    other = ground("reflection", "Cat likes boats.", people=("cat",))
    about = ground("reflection", "Ben likes boats.", people=("ben",))
    assert best("What do you make of Ben?", other, seen) == seen
    assert best("What do you make of Ben?", seen, about) == about


def test_a_question_about_something_is_not_answered_with_something_else() -> None:
    asked = read_question("What have you heard about the supper?", "ada", NAMES)
    news = ground("dialogue", "Ben ate a loaf.", told=True, minute=5, people=("ben",))
    supper = ground("fact", "Ann cooks at seven.", fact="supper", minute=5)
    work = ground("persona", "Ada is a warden.", id="persona:ada.who")
    assert [to_the_point(asked, found) for found in (news, supper, work)] == [False, True, True]
    other = read_question("What did Ben tell you?", "ada", NAMES)
    assert to_the_point(other, news)


def test_what_was_said_before_comes_later() -> None:
    one, other = (ground("persona", text, clause=text) for text in ("one", "other"))
    asked = read_question("Who are you?", "ada", NAMES)
    order = rank(asked, [one, other], [0.5, 0.4], NOON, frozenset({"one"}))
    assert [found for _, found in order] == [other, one]


@given(st.text(max_size=200))
def test_any_words_can_be_asked(text: str) -> None:
    asked = read_question(text, "ada", NAMES)
    assert isinstance(asked, Question)
    assert all(0 <= minute < 1440 for minute in asked.minutes)
