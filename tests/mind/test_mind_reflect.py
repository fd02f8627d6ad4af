"""Reflection: questions, what comes to mind for them, and insights that cite it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from simulation.episode.events import Asked, FellBack, Recalled, Reflected, Remembered
from simulation.mind.options import MindOptions
from simulation.mind.reflect import INSIGHT, SUMMARY, Reflection
from tests.mind.company import Bench, Scripted

if TYPE_CHECKING:
    from typing import TypeVar

    from simulation.language.base import Prompt
    from simulation.memory import Memory
    from tests.mind.conftest import MakeCompany, MakePercept

    H = TypeVar("H")

NEWS = (
    "Ben carried flour to the mill.",
    "Ben mended the wheel of the mill.",
    "The wheel of the mill turns.",
)
CLOSE = "knows that Ben mends the mill and its wheel"


def reflect(percept: MakePercept, bench: Bench, options: MindOptions | None = None) -> list[Memory]:
    reflection = Reflection(options or MindOptions())
    return asyncio.run(reflection.reflect(percept(), bench.scribe, bench.asker, bench.recollection))


def reflected(percept: MakePercept, words: str, closeness: float = 0.3) -> tuple[Bench, Reflected]:
    bench = Bench(Scripted(words))
    bench.remember(*NEWS)
    [memory] = reflect(percept, bench, MindOptions(insight_closeness=closeness))
    [event] = events(bench, Reflected)
    assert memory.text == event.insight
    return bench, event


def events(bench: Bench, kind: type[H]) -> list[H]:
    return [event for event in bench.scribe.events if isinstance(event, kind)]


# When ------------------------------------------------------------------------------------------


def test_a_reflection_is_due_when_enough_has_gathered() -> None:
    reflection = Reflection(MindOptions(reflection_threshold=10))
    for importance, due in ((4.0, False), (5.9, False), (0.1, True)):
        reflection.gather(importance)
        assert reflection.due is due


def test_a_reflection_begins_to_gather_again(percept: MakePercept) -> None:
    bench, reflection = Bench(Scripted()), Reflection(MindOptions(reflection_threshold=3))
    bench.remember(*NEWS)
    reflection.gather(5)
    asyncio.run(reflection.reflect(percept(), bench.scribe, bench.asker, bench.recollection))
    assert not reflection.due


def test_whoever_remembers_nothing_does_not_reflect(percept: MakePercept) -> None:
    bench = Bench(Scripted())
    assert reflect(percept, bench) == []
    assert bench.scribe.events == []


def test_people_reflect_on_what_they_lived(company: MakeCompany) -> None:
    options = MindOptions(reflection_threshold=8)
    here = company(Scripted(), options=options, start="12:00", apples=9).live(40)
    reflections = here.events.of(Reflected)
    assert reflections
    formed = {event.id: event for event in here.events.of(Remembered)}
    for event in reflections:
        assert all(formed[cited].agent == event.agent for cited in event.evidence)
        assert all(formed[cited].tick <= event.tick for cited in event.evidence)


def test_reflection_can_be_switched_off(company: MakeCompany) -> None:
    options = MindOptions(reflection_threshold=8, without=("reflection",))
    here = company(Scripted(), options=options, start="12:00", apples=9).live(40)
    assert not here.events.of(Reflected)


# With a completion model -----------------------------------------------------------------------


def test_a_rule_asks_about_who_weighed_most(percept: MakePercept) -> None:
    _, event = reflected(percept, CLOSE)
    assert event.question == "What has Ann to do with Ben?"


def test_who_was_asked_about_gives_way_to_others(percept: MakePercept) -> None:
    bench = Bench(Scripted(CLOSE))
    bench.remember(*NEWS, people=("ben",))
    bench.remember("Cat sat in the hall.", "Cat left the hall.", people=("cat",))
    reflection = Reflection(MindOptions())
    for _ in range(2):
        asyncio.run(reflection.reflect(percept(), bench.scribe, bench.asker, bench.recollection))
    asked = [event.question for event in events(bench, Reflected)]
    assert asked == ["What has Ann to do with Ben?", "What has Ann to do with Cat?"]


def test_an_insight_cites_memories_that_exist(percept: MakePercept) -> None:
    bench, event = reflected(percept, CLOSE)
    formed = {e.id for e in events(bench, Remembered)}
    assert event.evidence
    assert set(event.evidence) <= formed
    kept = bench.recollection.stream.latest(1)[0]
    assert (kept.kind, kept.people, kept.source) == ("reflection", ("ben",), "inferred")
    assert kept.evidence == (event.id, *event.evidence)


def test_an_insight_close_to_what_it_rests_on_is_kept(percept: MakePercept) -> None:
    bench, event = reflected(percept, CLOSE)
    assert event.kept
    assert event.insight == f"Ann {CLOSE}."
    assert bench.recollection.stream.latest(1)[0].importance == INSIGHT


@pytest.mark.parametrize(
    "words",
    [
        "quarrels about zebras",
        "sees that Ben carried flour to the mill and Ben mended the wheel of the mill",
        "is not fond of Ben and the wheel of the mill",
    ],
)
def test_a_proposal_that_cannot_be_used_is_replaced_and_marked(
    percept: MakePercept, words: str
) -> None:
    bench, event = reflected(percept, words)
    assert not event.kept
    assert event.insight == "Ann has been taken up with Ben, mostly in the hall."
    assert event.proposed == f"Ann {words}."
    memory = bench.recollection.stream.latest(1)[0]
    assert (memory.source, memory.importance) == ("summary", SUMMARY)


@pytest.mark.parametrize("model", [Scripted(fails=["reflect"]), Scripted("")])
def test_a_model_that_fails_leaves_no_thought(percept: MakePercept, model: Scripted) -> None:
    bench = Bench(model)
    bench.remember(*NEWS)
    assert reflect(percept, bench) == []
    assert len(events(bench, FellBack)) == 1
    assert len(bench.recollection.stream) == len(NEWS)


# With a chat model -----------------------------------------------------------------------------


def chatting(*insights: dict[str, object], questions: int = 1) -> Scripted:
    """A chat model that asks so many questions and concludes the same for each."""

    def say(prompt: Prompt) -> str:
        if prompt.purpose == "question":
            asked = [f"What does Ben want at the mill, part {n}?" for n in range(questions)]
            return json.dumps(asked)
        return json.dumps(insights)

    return Scripted(say, style="chat")


THOUGHT: dict[str, object] = {
    "insight": "Ben looks after the mill as if it were his own.",
    "because": [1, 3],
}


def test_a_chat_model_asks_concludes_and_cites(percept: MakePercept) -> None:
    bench = Bench(chatting(THOUGHT))
    bench.remember(*NEWS)
    [memory] = reflect(percept, bench)
    [event] = events(bench, Reflected)
    shown = events(bench, Recalled)[-1].memories
    ids = sorted(shown)
    assert event.kept
    assert event.question == "What does Ben want at the mill, part 0?"
    assert event.evidence == (ids[0], ids[2])
    assert memory.text == THOUGHT["insight"]
    assert [one.purpose for one in events(bench, Asked)] == ["question", "reflect"]


def test_the_numbers_of_questions_and_insights_are_settings(percept: MakePercept) -> None:
    others = [{**THOUGHT, "insight": f"Ben keeps wheel {n} of the mill going."} for n in range(4)]
    bench = Bench(chatting(THOUGHT, *others, questions=4))
    bench.remember(*NEWS)
    options = MindOptions(reflection_questions=2, reflection_insights=3)
    assert len(reflect(percept, bench, options)) == 2 * 3
    assert "Questions wanted: 2." in bench.model.questions("question")[0]
    assert "Conclusions wanted: 3." in bench.model.questions("reflect")[0]


def test_an_insight_without_evidence_is_dropped(percept: MakePercept) -> None:
    bench = Bench(chatting({**THOUGHT, "because": [17]}, {**THOUGHT, "because": []}))
    bench.remember(*NEWS)
    assert reflect(percept, bench) == []
    assert not events(bench, Reflected)


@pytest.mark.parametrize(
    "reply",
    ["", "Ben is busy.", '[{"insight": "What should I say?", "because": [1]}]', '{"insight": 3}'],
)
def test_a_chat_model_that_answers_badly_leaves_no_thought(
    percept: MakePercept, reply: str
) -> None:
    bench = Bench(Scripted(reply, style="chat"))
    bench.remember(*NEWS)
    assert reflect(percept, bench) == []
    assert {event.purpose for event in events(bench, FellBack)} == {"question", "reflect"}


THOUGHTS = (
    "Ben looks after the mill as if it were his own.",
    "Whatever breaks there will be found by Ben first.",
    "Nobody else knows the old wheel half so well.",
    "Ann counts on somebody she has hardly ever thanked.",
    "Flour, wood and water fill the whole of his days.",
)


# Trees -----------------------------------------------------------------------------------------


def grown(percept: MakePercept, times: int, depth: int) -> list[Reflected]:
    """Reflections one after the other, each on whatever comes to mind by then."""
    said = iter(THOUGHTS)

    def say(prompt: Prompt) -> str:
        if prompt.purpose == "question":
            return json.dumps(["What does Ben see in the mill?"])
        return json.dumps([{"insight": next(said), "because": list(range(1, 17))}])

    bench = Bench(Scripted(say, style="chat"))
    bench.remember(*NEWS)
    reflection = Reflection(MindOptions(reflection_depth=depth, insight_closeness=-1))
    for _ in range(times):
        asyncio.run(reflection.reflect(percept(), bench.scribe, bench.asker, bench.recollection))
    return events(bench, Reflected)


def test_a_reflection_on_reflections_is_one_level_higher(percept: MakePercept) -> None:
    assert [event.depth for event in grown(percept, 4, depth=9)] == [1, 2, 3, 4]


def test_the_height_of_the_tree_is_a_setting(percept: MakePercept) -> None:
    assert [event.depth for event in grown(percept, 5, depth=2)] == [1, 2, 2, 2, 2]


def test_the_leaves_of_the_tree_are_what_was_lived(percept: MakePercept) -> None:
    tree = grown(percept, 4, depth=9)
    cited = {event.insight: event.evidence for event in tree}
    top = cited[tree[-1].insight]
    assert len(top) == len(NEWS) + 3
