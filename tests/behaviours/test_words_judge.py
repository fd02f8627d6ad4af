"""A judge answers with evidence, or it has failed; it never says no by failing."""

from __future__ import annotations

import pytest

from simulation.behaviours.words.judge import RUBRIC, Case, Verdict, judge_all, read_verdict
from simulation.behaviours.words.tags import TAGS, Utterance
from simulation.errors import InvalidReply
from simulation.language.chat import ChatModel
from simulation.language.fake import FakeChatModel

WORDS = "Bring it back tonight, or I\u2019ll break your oars."


def verdict(reply: str) -> Verdict:
    case = Case("1", Utterance(text=WORDS, speaker="bram"), RUBRIC["threat"])
    return judge_all(ChatModel(FakeChatModel(lambda messages: reply)), [case])[0]


def test_a_yes_comes_with_the_words_that_it_rests_on() -> None:
    found = verdict('{"answer": "yes", "evidence": "I\'ll break your oars"}')
    assert (found.answer, found.evidence) == ("yes", "I'll break your oars")


@pytest.mark.parametrize(
    "reply",
    [
        '{"answer": "yes", "evidence": "I will kill you"}',
        '{"answer": "yes"}',
        '{"answer": "perhaps", "evidence": ""}',
        "It is a threat.",
    ],
)
def test_an_answer_without_evidence_in_the_text_is_a_failure(reply: str) -> None:
    with pytest.raises(InvalidReply):
        read_verdict(reply, WORDS)
    found = verdict(reply)
    assert found.answer == "failed"
    assert found.why


def test_a_judge_may_say_that_it_cannot_tell() -> None:
    assert verdict('{"answer": "cannot tell", "evidence": ""}').answer == "cannot tell"


def test_every_tag_has_a_question() -> None:
    assert set(RUBRIC) == set(TAGS)
