"""What is turned away, and what must pass: one table for each kind of reader."""

# ruff: noqa: RUF001 - replies in many scripts

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, RootModel

from simulation.errors import InvalidReply
from simulation.language.base import Prompt
from simulation.language.checks import Check, no_echo, some_words, through
from simulation.language.plausible import a_phrase, a_statement, an_utterance, json_of
from simulation.language.replies import LONGEST_REPLY, clean
from tests.language.bad_replies import BAD_FOR_ALL, BAD_JSON, BAD_UTTERANCES

READERS: dict[str, Callable[[], Check]] = {
    "utterance": lambda: an_utterance("English"),
    "statement": a_statement,
    "phrase": a_phrase,
}

BAD_STATEMENTS = BAD_UTTERANCES | {
    "a question back": "Which of the memories do you mean?",
    "a question in Chinese": "你是什么意思？",
    "statement and question": "Ada works hard. Does she not?",
    "too short": "Bread.",
    "too many sentences": "Ada bakes. Dov mends nets. Esi writes. Hugo sleeps.",
}
BAD_PHRASES = {
    "a sentence": "She is going to knead the dough now",
    "a thing": "the dough",
    "a number": "7:30 knead the dough",
    "too many words": "knead the dough and then carry it over to the oven",
    "a question": "knead the dough?",
    "another script": "揉面团",
    "another language": "pétrir la pâte et chauffer le four",
    "two lines": "knead the dough\nbake the bread",
    "a loaded word": "help Gudrun",
    "another loaded word": "steal the boat",
}

GOOD_UTTERANCES = {
    "Yes, at seven.": "English",
    "No.": "English",
    "Hm.": "English",
    "Pssst! Over here.": "English",
    "Gudrun!": "English",
    "12, I think.": "English",
    "12": "English",
    "Nooooo, not again!": "English",
    "Ha ha ha ha!": "English",
    "I cannot come, I'm sorry.": "English",
    "I'm sorry, but I cannot come to the supper.": "English",
    "I'm sorry, I can't help you tonight, Dov; my back is bad.": "English",
    "I won't write to him again.": "English",
    "I am an assistant at the bakery.": "English",
    "As an old man I say: wait.": "English",
    "I'm Ai, the potter's daughter.": "English",
    "I'm not an AI, whatever that is; I'm a baker.": "English",
    "The user of the mill pays by the sack.": "English",
    "Here's the thing: I can't leave the shop.": "English",
    "What do you want from me?": "English",
    "Could you tell me more about the supper?": "English",
    "Aye, I'll no be coming the morn.": "English",
    "Ah dinnae ken whit ye're talkin aboot, ah wis at hame aw day.": "English",
    "Me nah go a di market today, mi tired bad.": "English",
    "Ain't nobody got time for that, love.": "English",
    "Moin! Ned, caf or tea?": "English",
    "Señor Álvarez told me: mañana, mañana, siempre mañana!": "English",
    "Good morning \U0001f642": "English",
    "Three < four, that is all I know of sums.": "English",
    "Ja, gern.": "German",
    "Servus, i kimm glei.": "German",
    "Wi hebbt dat Huus vun mien Opa verköfft.": "German",
    "Es tut mir leid, ich kann heute nicht kommen.": "German",
    "Ouais, chais pas.": "French",
    "Je suis désolée, je ne peux pas venir.": "French",
    "Sí, a las siete.": "Spanish",
    "はい、七時に。": "Japanese",
    "申し訳ありません、今日は行けません。": "Japanese",
    "好的，七点。": "Chinese",
    "对不起，我不能来。": "Chinese",
    "Да, в семь. Извините, не могу раньше.": "Russian",
    "نعم، في السابعة.": "Arabic",
    "हाँ, सात बजे।": "Hindi",
    "네, 일곱 시에.": "Korean",
    "ใช่ ตอนเจ็ดโมง": "Thai",
    "כן, בשבע.": "Hebrew",
    "Vâng, lúc bảy giờ.": "Vietnamese",
    "Strč prst skrz krk.": "Czech",
    "Nuqneh, qatlho, Qapla'.": "Klingon",
}
GOOD_STATEMENTS = (
    "Ada works steadily and likes to finish one thing before the next.",
    "cares more for her garden than for the weather",
    "Dov is sorry that he cannot come to the supper.",
    "Bram keeps away from crowds. Hugo does not.",
    "Imani thinks that A.I. is a fashion.",
)
GOOD_PHRASES = {
    "knead the dough": "knead the dough",
    "Knead the dough.": "knead the dough",
    "1. Carry the boxes to the pier": "carry the boxes to the pier",
    "- to write to Esi": "write to Esi",
    '"sleep"': "sleep",
    "bring Gudrun's kindling inside": "bring Gudrun's kindling inside",
}


def bad(table: dict[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("reply", table.values(), ids=table.keys())


def reason(read: Callable[[str], object], reply: str) -> str:
    with pytest.raises(InvalidReply) as caught:
        read(clean(reply))
    return caught.value.reason


# What must not pass --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", READERS)
@bad(BAD_FOR_ALL)
def test_what_no_person_says_is_turned_away(kind: str, reply: str) -> None:
    assert reason(READERS[kind](), reply)


@bad(BAD_UTTERANCES)
def test_words_in_another_language_are_turned_away(reply: str) -> None:
    assert reason(an_utterance("English"), reply) == "it is not in English"


def test_english_is_another_language_to_most() -> None:
    said = "Yes, I think that we should look again tomorrow."
    for language in ("German", "French", "Turkish", "Chinese", "Arabic", "Swahili"):
        assert reason(an_utterance(language), said) == f"it is not in {language}"


@bad(BAD_STATEMENTS)
def test_what_states_nothing_is_turned_away(reply: str) -> None:
    assert reason(a_statement(), reply)


@bad(BAD_PHRASES)
def test_what_is_no_step_of_a_plan_is_turned_away(reply: str) -> None:
    assert reason(a_phrase(), reply)


def test_a_reason_does_not_say_the_loaded_word() -> None:
    assert "steal" not in reason(a_phrase(), "steal the boat")


@given(st.text(max_size=300))
def test_a_reader_reads_or_turns_away_and_does_nothing_else(text: str) -> None:
    for make in READERS.values():
        try:
            assert make()(clean(text))
        except InvalidReply as error:
            assert error.reason  # noqa: PT017 - either way is right


# What must pass ------------------------------------------------------------------------------


@pytest.mark.parametrize(("reply", "language"), GOOD_UTTERANCES.items())
def test_what_a_person_says_passes(reply: str, language: str) -> None:
    assert an_utterance(language)(clean(reply)) == reply


@pytest.mark.parametrize("reply", GOOD_STATEMENTS)
def test_a_statement_passes(reply: str) -> None:
    assert a_statement()(reply) == reply


@pytest.mark.parametrize(("reply", "phrase"), GOOD_PHRASES.items())
def test_a_step_of_a_plan_is_tidied(reply: str, phrase: str) -> None:
    assert a_phrase()(reply) == phrase


@pytest.mark.parametrize("reply", ['"Yes, at seven."', "“Yes, at seven.”", "«Yes, at seven.»"])
def test_quotation_marks_around_all_of_it_go(reply: str) -> None:
    assert an_utterance("English")(reply) == "Yes, at seven."


def test_quotation_marks_inside_stay() -> None:
    said = '"Yes", he said, "at seven"'
    assert an_utterance("English")(said) == said


# JSON ----------------------------------------------------------------------------------------


class Spoken(BaseModel):
    say: str
    facts: list[str] = []
    mood: Literal["calm", "cross"] = "calm"


class Steps(RootModel[list[str]]):
    """Steps of a plan."""


GOOD_JSON = (
    '{"say": "Yes."}',
    'Sure! Here is the JSON:\n```json\n{"say": "Yes."}\n```\nI hope it is right.',
    '[m1] was known, so {"say": "Yes.", "facts": []}',
    '{"other": 1} {"say": "Yes."}',
    '{"say": "Yes.", "reasoning": "it is {short}"}',
    '\ufeff{"say":\n"Yes."}',
)


@pytest.mark.parametrize("reply", GOOD_JSON)
def test_json_is_found_wherever_it_stands(reply: str) -> None:
    assert json_of(Spoken)(clean(reply)).say == "Yes."


@bad(BAD_JSON)
def test_json_that_is_not_as_asked_for_is_turned_away(reply: str) -> None:
    assert reason(json_of(Spoken), reply)


def test_the_wrong_field_is_named() -> None:
    assert "'facts'" in reason(json_of(Spoken), '{"say": "Yes.", "facts": "m1"}')


def test_a_list_can_be_asked_for() -> None:
    steps = json_of(Steps)('The steps are ["knead the dough", "bake"].').root
    assert steps == ["knead the dough", "bake"]


def test_what_an_escape_hides_is_cleaned() -> None:
    reply = '{"say": "Yes\\u0000\\u202e, at\\u001b[31m seven.", "facts": ["\\u200bm1"]}'
    read = json_of(Spoken)(clean(reply))
    assert read == Spoken(say="Yes, at[31m seven.", facts=["m1"])


@given(st.text(alphabet='{}[]":,\\ ab1', max_size=60))
def test_broken_json_is_turned_away_and_never_raises_otherwise(text: str) -> None:
    try:
        json_of(Spoken)(text)
    except InvalidReply as error:
        assert error.reason  # noqa: PT017 - either way is right


# Echoes and composition ----------------------------------------------------------------------

PROMPT = Prompt(
    purpose="utter",
    instructions="You speak as one person in a conversation; say the next thing they would say.",
    examples=(),
    question="Place: the market. Benno, 54, is a clockmaker. Known: The dance is on Sunday at six.",
)


@pytest.mark.parametrize(
    "reply",
    [
        "You speak as one person in a conversation. Good morning!",
        "I was told: in a conversation say the next thing they would say",
        "Place: The market. Benno, 54, is a clockmaker and he is here",
    ],
)
def test_an_echo_of_the_prompt_is_turned_away(reply: str) -> None:
    assert reason(no_echo(PROMPT), reply) == "it repeats what was asked"


def test_what_one_knows_may_be_said_as_one_was_told() -> None:
    said = "The dance is on Sunday at six, Benno, and you are a clockmaker."
    assert no_echo(PROMPT)(said) == said


def test_readers_are_put_together_from_checks() -> None:
    def in_capitals(text: str) -> str:
        return text.upper()

    read = through(some_words, in_capitals)
    assert read("yes") == "YES"
    assert reason(read, "") == "it is empty"


def test_a_reply_that_filled_the_page_was_cut_off() -> None:
    assert "too long" in reason(an_utterance("English", longest=LONGEST_REPLY), "ab " * 2_000)
