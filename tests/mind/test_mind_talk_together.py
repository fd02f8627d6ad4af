"""Talk of generative minds: what is answered, joined, known already, and how it ends."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from simulation.episode.events import FellBack, Reacted, Remembered, Said, TalkEnded
from simulation.kernel.action import Say, Sleep, Take
from simulation.kernel.facts import Fact
from simulation.kernel.topics import Topic
from simulation.language.chat import ChatModel
from simulation.language.fake import FakeChatModel
from simulation.mind.options import MindOptions
from simulation.mind.talk import Conversation
from tests.kernel.toy import PAPER, SUPPER, Script, person
from tests.mind.company import Scripted

if TYPE_CHECKING:
    from tests.mind.company import Company
    from tests.mind.conftest import MakeCompany, MakePercept

PEOPLE = ("ann", "ben", "cat")
TALKS = {"talk with Ben": 1e9}
TOLL = Topic(
    id="toll",
    statement="the toll should stay",
    pro="I would keep the toll",
    con="I would drop the toll",
    held={"ann": 0.9},
)


def together(company: MakeCompany, model: Any = None, ticks: int = 6, **more: Any) -> Company:
    """Ann turns to Ben at noon; there is nothing to tell but what a test adds."""
    data: dict[str, Any] = {"people": PEOPLE[:2], "facts": [], "start": "12:00"}
    minds = {"ann": Script({0: Say(to="ben", text=more.pop("first", "The lamp is lit."))})}
    return company(model or Scripted(likes={"stay": 1e9}), **{"minds": minds} | data | more).live(
        ticks
    )


def lines(here: Company, *talkers: str) -> list[tuple[str, str]]:
    return [(s.agent, s.text) for s in here.events.of(Said) if s.agent in (talkers or PEOPLE)]


# Answers in given words -----------------------------------------------------------------------


def asked(company: MakeCompany, topic: Topic, position: Any, clause: str, **more: Any) -> str:
    """What Ben says when Ann takes a position and asks for his."""
    first = Say(to="ben", text=f"{clause}. And you?", positions=((topic.id, position),))
    minds = {"ann": Script({1: first})}
    here = together(company, minds=minds, topics=[topic], **more)
    return here.events.of(Said, "ben")[0].text


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({}, "I have not made up my mind."),
        ({"ben": -0.8}, "I would drop the toll."),
        ({"ben": 0.8}, "I would keep the toll, too."),
    ],
)
def test_a_question_for_a_position_is_answered(
    company: MakeCompany, held: dict[str, float], said: str
) -> None:
    topic = TOLL.model_copy(update={"held": held})
    assert asked(company, topic, 0.9, "I would keep the toll") == said


def test_a_last_word_answers_first(company: MakeCompany) -> None:
    topic = TOLL.model_copy(update={"held": {"ben": -0.8}})
    options = MindOptions(talk_turns=1)
    said = asked(company, topic, 0.9, "I would keep the toll", options=options)
    assert re.fullmatch(r"I would drop the toll\. I .*\.", said)


def test_whoever_takes_a_position_asks_for_the_others(company: MakeCompany) -> None:
    model = Scripted(likes=TALKS)
    here = company(model, people=PEOPLE[:2], facts=[], topics=[TOLL], start="12:00").live(3)
    first = here.events.of(Said, "ann")[0]
    assert (first.text, first.given) == ("I would keep the toll. And you?", "I would keep the toll")
    assert first.positions == (("toll", 0.9),)
    assert not model.questions("utter")


def test_an_invitation_that_is_news_is_taken_up(company: MakeCompany) -> None:
    minds = {"ann": Script({0: Say(to="ben", text="Come to supper.", facts=("supper",))})}
    here = together(company, minds=minds, facts=[SUPPER])
    assert lines(here, "ben")[0] == ("ben", "I mean to be there.")


@pytest.mark.parametrize(
    ("seeded", "leads"),
    [
        ((), {"I did not know that.", "Is that so?", "That is new to me."}),
        (("ben",), {"So I have heard.", "I know."}),
    ],
)
def test_an_answer_to_news_says_whether_it_was(
    company: MakeCompany, seeded: tuple[str, ...], leads: set[str]
) -> None:
    minds = {"ann": Script({1: Say(to="ben", text="The mill is shut.", facts=("paper",))})}
    fact = PAPER.model_copy(update={"seeded": seeded})
    here = together(company, minds=minds, facts=[fact], people=(*PEOPLE, "dan"))
    said = here.events.of(Said, "ben")[0].text
    assert any(said.startswith(lead) for lead in leads)
    # What is only an answer is not remembered as if it had been told.
    kept = [m for m in here.events.of(Remembered) if m.kind == "dialogue" and m.people == ("ben",)]
    assert not [m.spoken for m in kept if "did not know" in m.spoken or "heard" in m.spoken]


def test_nobody_is_spoken_of_by_name_to_their_face(company: MakeCompany) -> None:
    ann = person("ann", goals=["get a nod from Ben"])
    here = company(Scripted(likes=TALKS), people=(ann, "ben"), facts=[], start="12:00").live(2)
    assert here.events.of(Said, "ann")[0].text == "I want to get a nod from you."


def test_nobody_speaks_of_themselves_in_the_third_person(company: MakeCompany) -> None:
    minds = {"cat": Script({0: Say(to="ann", text="I owe Ben six coins")})}
    model = Scripted(likes={"talk with Ann": 1e9})
    here = company(model, people=PEOPLE, minds=minds, facts=[], start="12:00").live(40)
    told = [text for _, text in lines(here, "ben") if "six coins" in text]
    assert all("owes me six coins" in text for text in told)


# What is known already ------------------------------------------------------------------------


def gossip(here: Company, words: str) -> list[tuple[str, str]]:
    return [(said.agent, said.to) for said in here.events.of(Said) if words in said.text]


def test_what_both_heard_is_no_news_between_them(company: MakeCompany) -> None:
    minds = {"cat": Script({0: Say(to="ann", text="The red boat is gone.")})}
    model = Scripted(likes={"talk with": 1e9})
    here = company(model, people=PEOPLE, minds=minds, facts=[], start="12:00").live(120)
    assert gossip(here, "red boat") == [("cat", "ann")]


def test_what_both_saw_is_no_news_between_them(company: MakeCompany) -> None:
    minds = {"cat": Script({0: Take(thing="apple")})}
    model = Scripted(likes={"talk with": 1e9})
    near = company(model, people=PEOPLE, minds=minds, facts=[], start="12:00", apples=1).live(120)
    assert near.events.of(Said)
    assert not gossip(near, "took an apple")


def test_what_one_missed_is_news(company: MakeCompany) -> None:
    minds = {"cat": Script({0: Say(to="ann", text="The red boat is gone.")}), "dan": Script()}
    data: dict[str, Any] = {"people": ("ann", "cat", "dan"), "facts": [], "start": "12:00"}
    model = Scripted(likes={"talk with Dan": 1e12, "go to the yard": 1e8, "stay": 1e4})
    here = company(model, minds=minds, **data).live(40)
    assert ("ann", "dan") in gossip(here, "red boat")


@pytest.mark.parametrize(("closeness", "told"), [(-2, False), (0, True), (2, True)])
def test_whom_one_cannot_bear_is_told_less(
    company: MakeCompany, closeness: int, told: bool
) -> None:
    row = {"person": "ben", "tie": "cousin", "feeling": "nods to them", "closeness": closeness}
    ann = person("ann", relationships=[row])
    minds = {
        "ben": Script({0: Sleep(), 9: Say(to="ann", text="Well?")}),
        "cat": Script({2: Say(to="ann", text="The red boat is gone.")}),
    }
    data: dict[str, Any] = {"people": (ann, "ben", "cat"), "facts": [], "start": "12:00"}
    here = company(Scripted(likes={"stay": 1e9}), minds=minds, **data).live(12)
    assert (("ann", "ben") in gossip(here, "red boat")) is told


# Joining ------------------------------------------------------------------------------------------


def test_whoever_turns_to_somebody_in_a_talk_steps_into_it(company: MakeCompany) -> None:
    # Cat has a word with Ann at noon and thinks of the next an hour later, when Ann talks with Ben.
    talk = {tick: Say(to="ben", text=f"The boat is at mark {tick}.") for tick in range(58, 72)}
    minds = {"ann": Script(talk), "ben": Script()}
    options = MindOptions(without=("planning", "reacting"))
    data: dict[str, Any] = {"people": PEOPLE, "facts": [], "start": "12:00", "options": options}
    here = company(Scripted(likes={"talk with Ann": 1e9, "stay": 1e4}), minds=minds, **data).live(
        72
    )
    [joined, *_] = [said for said in here.events.of(Said, "cat") if said.tick > 58]
    [heard] = [said for said in here.events.of(Said, "ann") if said.tick == joined.tick - 1]
    assert joined.talk == heard.id
    assert (joined.to, set(joined.told)) == ("ann", {"ann", "ben"})


KEY = Fact(
    id="key",
    statement="The key to Cat's house is in the well.",
    spoken="the key is in the well",
    concerns=("cat",),
)


def drawn_in(company: MakeCompany, said: Say, **more: Any) -> bool:
    """Whether Cat pricks up their ears when Ann says something to Ben."""
    data: dict[str, Any] = {"people": (*PEOPLE, "dan"), "facts": [KEY, PAPER], "start": "12:00"}
    minds = {"ann": Script({0: said}), "ben": Script()}
    here = company(Scripted(), minds=minds, **data | more).live(2)
    return "words" in {reacted.trigger for reacted in here.events.of(Reacted, "cat")}


def test_talk_of_somebody_draws_them_in(company: MakeCompany) -> None:
    assert drawn_in(company, Say(to="ben", text="Cat was at the mill."))
    assert drawn_in(company, Say(to="ben", text="It is in the well.", facts=("key",)))
    assert not drawn_in(company, Say(to="ben", text="The cattle were at the mill."))
    assert not drawn_in(company, Say(to="ben", text="It is shut.", facts=("paper",)))


def test_a_topic_on_which_one_holds_a_position_draws_one_in(company: MakeCompany) -> None:
    said = Say(to="ben", text="I would keep the toll.", positions=(("toll", 0.9),))
    mine = TOLL.model_copy(update={"held": {"cat": -0.5}})
    assert drawn_in(company, said, topics=[mine])
    assert not drawn_in(company, said, topics=[TOLL])


@pytest.mark.parametrize(("closeness", "drawn"), [(2, True), (1, False)])
def test_talk_of_a_close_friend_draws_one_in(
    company: MakeCompany, closeness: int, drawn: bool
) -> None:
    row = {"person": "dan", "tie": "friend", "feeling": "nods to them", "closeness": closeness}
    people = ("ann", "ben", person("cat", relationships=[row]), "dan")
    assert drawn_in(company, Say(to="ben", text="Dan was here."), people=people) is drawn


def test_a_last_word_and_what_was_meant_for_one_are_not_joined(percept: MakePercept) -> None:
    def may_join(said: Say) -> bool:
        here = percept("cat", 1, acts={"ann": {0: said}}, people=PEOPLE)
        return Conversation(3).may_join(here, here.heard[0])

    assert may_join(Say(to="ben", text="Cat was here."))
    assert may_join(Say(text="Where is Cat?"))
    assert not may_join(Say(to="ben", text="Cat was here.", last=True))
    assert not may_join(Say(to="cat", text="Cat!"))


# Free words ---------------------------------------------------------------------------------------

Reply = Callable[[int, str], Mapping[str, Any]]


class Freely:
    """A chat model that turns to others whenever it can, and says what a test wants.

    Args:
        reply: What it answers to its how-manieth question in talk, and to which words.
    """

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.questions: list[str] = []
        self.model = ChatModel(FakeChatModel(self._answer))

    def _answer(self, messages: Sequence[Any]) -> str:
        asked, question = str(messages[0].text), str(messages[-1].text)
        if "one person in a conversation" in asked:
            self.questions.append(question)
            return json.dumps(self.reply(len(self.questions), question))
        if "view of another" in asked:
            return json.dumps({"summary": "They know each other by sight.", "closeness": 0})
        talks = [line for line in question.splitlines() if ". talk with" in line]
        return talks[0].partition(".")[0] if talks else "1"


def free(
    company: MakeCompany, reply: Reply, ticks: int = 12, **more: Any
) -> tuple[Freely, Company]:
    model = Freely(reply)
    data: dict[str, Any] = {"people": PEOPLE, "facts": [], "start": "12:00"}
    data["options"] = MindOptions(talk_turns=40, without=("planning", "reacting"))
    return model, company(model.model, **data | more).live(ticks)


POLITE = ("Good day!", "How are you?", "Thank you, very well.", "You are welcome, thank you!")


@pytest.mark.parametrize(
    "words",
    [
        lambda number: "Thank you, goodbye!",
        lambda number: "The mill is shut since the flood came down.",
        lambda number: POLITE[number % len(POLITE)],
        lambda number: f"Yes, yes, {'very ' * (number % 3)}true.",
        lambda number: "我们明天再看看吧。",
    ],
)
def test_two_chat_models_do_not_go_on_for_ever(
    company: MakeCompany, words: Callable[[int], str]
) -> None:
    people = [person(name, speech={"style": "plain", "language": "Klingon"}) for name in PEOPLE[:2]]
    _, here = free(company, lambda number, _: {"say": words(number)}, 40, people=people)
    talks = Counter(said.talk or said.id for said in here.events.of(Said))
    assert talks
    assert max(talks.values()) <= 12
    assert len(here.events.of(TalkEnded)) >= 2


def test_the_reason_of_an_end_is_logged(company: MakeCompany) -> None:
    mill = "The mill is shut since the flood came down."
    _, here = free(company, lambda number, _: {"say": mill}, people=PEOPLE[:2])
    assert {ended.reason for ended in here.events.of(TalkEnded)} == {"echo"}
    # One closing word at most, and that one given.
    said = here.events.of(Said)
    assert [line.text for line in said].count(mill) == len(said) - 1
    assert (said[-1].last, said[-1].call) == (True, "")


def test_a_chat_model_may_choose_whom_to_address(company: MakeCompany) -> None:
    def reply(number: int, question: str) -> Mapping[str, Any]:
        return {"say": f"This is word {number} of {number * 7}.", "to": "Ben"}

    minds = {
        "cat": Script({tick: Say(to="ann", text=f"{tick}!", also=("ben",)) for tick in (0, 2)})
    }
    _, here = free(company, reply, 5, minds=minds)
    both = [said for said in here.events.of(Said, "ann") if len(said.told) == 2]
    assert both
    assert {said.to for said in both} == {"ben"}


def test_positions_are_offered_by_id_and_credited_where_named(company: MakeCompany) -> None:
    def reply(number: int, question: str) -> Mapping[str, Any]:
        return {"say": "Keep the toll, I say.", "facts": ["stance:toll", "stance:tax"], "end": True}

    model, here = free(company, reply, 3, topics=[TOLL], people=PEOPLE[:2])
    ann, ben = (here.events.of(Said, who)[0] for who in PEOPLE[:2])
    assert "[stance:toll] I would keep the toll." in " ".join(model.questions)
    assert ann.positions == (("toll", 0.9),)
    # Ben holds none and was offered none.
    assert ben.positions == ()


def test_a_position_that_is_not_named_is_not_taken(company: MakeCompany) -> None:
    said = {"say": "Keep the toll, I say.", "facts": [], "end": True}
    _, here = free(company, lambda number, question: said, 3, topics=[TOLL])
    assert {said.positions for said in here.events.of(Said)} == {()}


def test_manner_and_language_are_the_speakers_own(company: MakeCompany) -> None:
    ann = person("ann", speech={"style": "slow, in proverbs", "language": "German"})
    german = {"say": "Guten Tag, das Wetter ist heute sehr schön am Wasser.", "end": True}
    model, here = free(company, lambda number, question: german, 3, people=(ann, "ben"))
    assert "Manner of speech: slow, in proverbs. Language: German." in " ".join(model.questions)
    assert here.events.of(Said, "ann")[0].text == german["say"]
    # Ben speaks English, so from him that is no answer.
    assert here.events.of(Said, "ben")[0].given
    assert here.events.of(FellBack, "ben")[0].reason == "it is not in English"


def test_the_last_word_of_a_chat_model_is_its_own(company: MakeCompany) -> None:
    def reply(number: int, question: str) -> Mapping[str, Any]:
        closing = "these are the last words" in question
        return {"say": "I must be off to the quay." if closing else f"That is story {number * 3}."}

    options = MindOptions(talk_turns=2, without=("planning", "reacting"))
    _, here = free(company, reply, 6, people=PEOPLE[:2], options=options)
    last = [said for said in here.events.of(Said) if said.last]
    assert [said.text for said in last] == ["I must be off to the quay."]


def test_what_was_kept_for_oneself_is_not_even_in_mind(company: MakeCompany) -> None:
    secret = KEY.model_copy(update={"seeded": ("ann",), "kept_from": ("cat",)})
    minds = {
        "cat": Script({tick: Say(to="ann", text=f"{tick}!", also=("ben",)) for tick in (0, 2)})
    }

    def reply(number: int, question: str) -> Mapping[str, Any]:
        return {"say": f"This is word {number} of {number * 7}."}

    model, _ = free(company, reply, 5, minds=minds, facts=[secret])
    asked = [question for question in model.questions if question.endswith("Ann:")]
    among_them = ["In the talk as well" in question or "with Cat" in question for question in asked]
    assert set(among_them) == {True, False}
    assert ["in the well" in question for question in asked] == [not there for there in among_them]


def test_the_relationship_is_in_the_prompt(company: MakeCompany) -> None:
    row = {"person": "ben", "tie": "oldest friend", "feeling": "likes the quiet", "closeness": 1}
    ann = person("ann", relationships=[row])
    model, _ = free(
        company, lambda number, question: {"say": "Well.", "end": True}, 2, people=(ann, "ben")
    )
    [question, *_] = [asked for asked in model.questions if asked.endswith("Ann:")]
    assert "Ann talks with Ben (a miller, Ann's oldest friend)." in question
    assert "Ben is Ann's oldest friend. Ann likes the quiet." in question
