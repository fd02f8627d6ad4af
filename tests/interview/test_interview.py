"""Asking somebody: what they answer from, what they say, and that nothing is changed by it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding

from simulation import Episode, Simulation
from simulation.episode.events import Learned, Planned, Remembered
from simulation.episode.export import canonical_sha256
from simulation.errors import ConfigError, EpisodeError, ModelNameError
from simulation.interview.answers import CANNOT_SAY
from simulation.interview.interview import Interview
from simulation.language.fake import FakeChatModel
from tests.mind.company import Scripted
from worlds import village

SUPPER = "What have you heard about the supper?"
ROOT = Path(__file__).parents[2]


def says(answer: str, *cites: str) -> str:
    """What a chat model replies."""
    listed = ", ".join(f'"{cite}"' for cite in cites)
    return f'{{"answer": "{answer}", "cites": [{listed}]}}'


def hashes(folder: Path) -> dict[str, str]:
    """Every file with the hash of its bytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): sha256(path.read_bytes()).hexdigest() for path in files}


# What an answer rests on --------------------------------------------------------------------------


def test_an_answer_cites_events_of_the_agent_from_before(evening: Episode) -> None:
    answer = evening.interview("chiara", SUPPER, tick=60)
    assert (answer.agent, answer.name, answer.tick, answer.time) == (
        "chiara", "Chiara", 60, "18:30",
    )  # fmt: skip
    event = evening.event(answer.cites[0].id)
    assert isinstance(event, Remembered)
    assert (event.agent, event.fact) == ("chiara", "supper")
    assert event.tick <= 60
    assert "I give a supper" in answer.text
    assert not answer.fallback


def test_nobody_knows_what_they_learn_later(evening: Episode) -> None:
    learned = next(event for event in evening.each(Learned) if event.source != "seeded")
    formed = next(
        event
        for event in evening.each(Remembered, learned.agent)
        if event.fact == learned.fact and not event.again
    )
    question = f"What do you know about the {learned.fact.replace('_', ' ')}?"
    before = evening.interview(learned.agent, question, tick=formed.tick - 1)
    after = evening.interview(learned.agent, question, tick=formed.tick)
    assert formed.id not in [cite.id for cite in before.cites]
    assert formed.id in [cite.id for cite in after.cites]


def test_a_question_about_an_hour_is_answered_from_the_plan_in_force(evening: Episode) -> None:
    answer = evening.interview("dov", "What are you going to do at 20:00?")
    plans = [plan.id for plan in evening.each(Planned, "dov")]
    assert {cite.source for cite in answer.cites} == {"intention"}
    assert all(cite.id in plans for cite in answer.cites)
    assert "At 20:00 I mean to" in answer.text


def test_a_question_about_oneself_is_answered_from_the_persona(evening: Episode) -> None:
    answer = evening.interview("Ada", "What work do you do here?")
    assert [cite.id for cite in answer.cites] == ["persona:ada.who"]
    assert answer.text.startswith("I am a warden who keeps the tide book")


def test_what_nothing_known_answers_cannot_be_said(evening: Episode) -> None:
    answer = evening.interview("ada", "What is the capital of France?")
    assert (answer.text, answer.fallback, answer.cites) == (CANNOT_SAY, True, ())
    assert answer.reason
    assert answer.calls == 0


@pytest.mark.parametrize(
    ("condition", "sources"),
    [
        ("no-reflection", {"reflection", "relation", "stance"}),
        (
            "no-reflection-no-planning",
            {"reflection", "relation", "stance", "plan", "intention", "habit"},
        ),
    ],
)
def test_a_condition_takes_parts_of_the_memory_out_of_reach(
    evening: Episode, condition: str, sources: set[str]
) -> None:
    with Interview(evening, "dov", model="fake") as whole:
        everything = {ground.source for ground in whole.knowledge.everything()}
    with Interview(evening, "dov", model="fake", condition=condition) as part:
        left = {ground.source for ground in part.knowledge.everything()}
    assert left == everything - sources
    assert "observation" in left


def test_without_any_memory_only_the_name_is_left(evening: Episode) -> None:
    with Interview(evening, "dov", model="fake", condition="nothing") as interview:
        assert interview.knowledge.everything() == []
        assert interview.ask("Who are you?").text == CANNOT_SAY


def test_the_one_who_asks_is_not_told_what_is_kept_from_them(evening: Episode) -> None:
    secret = "My heart stumbles"
    kept = {fact.id for fact in evening.spec.facts if "*" in fact.kept_from}
    assert kept
    with Interview(evening, "dov", model="fake") as inner:
        known = inner.knowledge.everything()
    with Interview(evening, "dov", model="fake", as_known_to="Ada") as outer:
        shown = outer.knowledge.everything()
        assert outer.ask("Do you have a secret?").as_known_to == "ada"
    assert secret in " ".join(ground.clause for ground in known)
    assert kept & {ground.fact for ground in known}
    assert secret not in " ".join(ground.clause for ground in shown)
    assert not kept & {ground.fact for ground in shown}


def test_to_be_asked_refreshes_no_memory(evening: Episode) -> None:
    with Interview(evening, "dov", model="fake") as interview:
        before = interview.knowledge.stream.last_access.tolist()
        interview.ask(SUPPER)
        assert interview.knowledge.stream.last_access.tolist() == before


# What a weak model adds ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tail", "kept"),
    [
        ("I will be there for supper", True),
        ("Hugo will be there for supper", False),
        ("I was there at the supper", False),
        ("I brought wine to the supper", False),
        ("I shall be late for the supper", True),
        ("the supper is not for me", False),
        ("the supper begins at 8", False),
        ("he has supper, so I have supper", False),
        ("", False),
    ],
)
def test_a_tail_is_said_where_it_claims_nothing(evening: Episode, tail: str, kept: bool) -> None:
    answer = evening.interview("chiara", SUPPER, model=Scripted(words=tail))
    assert answer.text.startswith(answer.given)
    assert (tail in answer.text and bool(tail)) == kept
    assert "I give a supper at the inn at seven" in answer.given


def test_a_model_that_fails_adds_nothing(evening: Episode) -> None:
    answer = evening.interview("chiara", SUPPER, model=Scripted(fails=["interview"]))
    assert answer.text == answer.given
    assert not answer.fallback


def test_what_was_said_is_not_said_again_at_once(evening: Episode) -> None:
    with Interview(evening, "dov", model="fake") as interview:
        question = "Who are the people closest to you?"
        first, second = interview.ask(question), interview.ask(question)
        interview.forget()
        again = interview.ask(question)
    assert first.cites[0] != second.cites[0]
    assert again.cites == first.cites


def test_the_same_interview_is_held_again(evening: Episode) -> None:
    answers = [evening.interview("esi", SUPPER, tick=140) for _ in range(2)]
    assert answers[0] == answers[1]


# Chat models --------------------------------------------------------------------------------------


def test_a_chat_model_answers_freely_and_names_lines_that_it_was_shown(evening: Episode) -> None:
    model = FakeChatModel([says("I give one at seven.", "m1", "p1")])
    answer = evening.interview("chiara", SUPPER, model=model)
    assert (answer.text, answer.given) == ("I give one at seven.", "")
    shown = str(model.asked[0][-1].text)
    for cite, letter in zip(answer.cites, ("m1", "p1"), strict=True):
        assert f"[{letter}] " in shown
        assert cite.text in shown
    assert [cite.source for cite in answer.cites] == ["fact", "intention"]
    assert answer.calls == 1
    assert answer.prompt_tokens > 0


def test_a_chat_model_is_shown_persona_plan_day_and_memories(evening: Episode) -> None:
    model = FakeChatModel([says("Yes.")])
    evening.interview("dov", SUPPER, model=model)
    shown = str(model.asked[0][-1].text)
    for heading in ("Who you are: [s1]", "Your plan for today: [p1]", "What you did last: [d1]",
                    "What you feel and think: [v1]", "What comes to mind: [m1]"):  # fmt: skip
        assert heading in shown
    assert shown.index("Who you are") < shown.index("What comes to mind") < shown.index(SUPPER)


def test_without_memory_a_chat_model_is_shown_a_name_and_a_question(evening: Episode) -> None:
    model = FakeChatModel([says("I do not know.")])
    answer = evening.interview("chiara", SUPPER, model=model, condition="nothing")
    shown = str(model.asked[0][-1].text)
    assert shown == f"You are Chiara. It is 19:59.\nInterviewer: {SUPPER}\nChiara:"
    assert (answer.cites, answer.fallback) == ((), False)


@pytest.mark.parametrize(
    "bad",
    [
        "I think Chiara gives one.",
        '{"answer": "", "cites": []}',
        '{"answer": ["Chiara"], "cites": []}',
        says("Chiara gives one.", "m999"),
        says("As an AI language model I cannot fulfil that request."),
        "",
    ],
)
def test_a_bad_reply_is_mended_twice_and_then_there_is_a_safe_answer(
    evening: Episode, bad: str
) -> None:
    model = FakeChatModel([bad, bad, says("At seven.", "m1")])
    answer = evening.interview("chiara", SUPPER, model=model)
    assert (answer.text, answer.calls, answer.fallback) == ("At seven.", 3, False)
    hopeless = FakeChatModel([bad])
    answer = evening.interview("chiara", SUPPER, model=hopeless)
    assert (answer.text, answer.calls, answer.fallback) == (CANNOT_SAY, 3, True)
    assert answer.reason
    assert len(hopeless.asked) == 3


def test_a_chat_model_hears_what_was_said_before_until_it_is_forgotten(evening: Episode) -> None:
    model = FakeChatModel([says("At seven."), says("Lemons.")])
    with Interview(evening, "dov", model=model, as_known_to="esi") as interview:
        interview.ask(SUPPER)
        interview.ask("What is there to eat?")
        interview.forget()
        interview.ask("And to drink?")
    second, third = (str(messages[-1].text) for messages in model.asked[1:])
    assert f"Esi: {SUPPER}\nDov: At seven.\nEsi: What is there to eat?\nDov:" in second
    assert SUPPER not in third


@pytest.mark.embedded
def test_the_embedded_model_answers_too(evening: Episode) -> None:
    answer = evening.interview("ada", "What are you going to do at 20:00?", model="local")
    assert answer.model == "local"
    assert "At 20:00 I mean to" in answer.text
    assert answer.cites


# The episode stays as it is -----------------------------------------------------------------------


def test_an_interview_changes_no_byte_of_the_episode(folder: Path) -> None:
    before = hashes(folder)
    episode = Episode.open(folder)
    with Interview(episode, "ada", model="fake") as interview:
        for question in (SUPPER, "Who are you?", "What will you do at 20:00?"):
            interview.ask(question)
    episode.interview("esi", SUPPER, model=FakeChatModel([says("At seven.", "m1")]))
    assert hashes(folder) == before


def test_an_interview_needs_no_right_to_write(folder: Path) -> None:
    readonly = _as_if_read_only(folder)
    if readonly is None:
        pytest.skip("this user can write everywhere and cannot mount")
    before = hashes(folder)
    command = (
        "import sys\n"
        "from simulation import Episode\n"
        f"print(Episode.open(sys.argv[1]).interview('chiara', {SUPPER!r}).cites[0].source)\n"
    )
    done = subprocess.run(
        [*readonly, sys.executable, "-c", command, str(folder)],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("fact\n", "")
    assert hashes(folder) == before


def _as_if_read_only(folder: Path) -> list[str] | None:
    """The start of a command that sees the folder as one that cannot be written."""
    if os.geteuid() != 0:
        return None
    mount = f'mount --bind "{folder}" "{folder}" && mount -o remount,ro,bind "{folder}"'
    command = ["unshare", "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh"]
    try:
        tried = subprocess.run([*command, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return command if tried.returncode == 0 else None


def run_for(ticks: int, out: Path) -> Simulation:
    simulation = Simulation(village.load(agents=2), model="fake", embedder="hash", out=out)
    simulation.run(ticks=ticks)
    return simulation


def test_a_running_episode_can_be_asked_and_goes_on_as_if_nothing_was(tmp_path: Path) -> None:
    with run_for(20, tmp_path / "asked") as simulation:
        answer = Episode.open(tmp_path / "asked").interview("ada", "What work do you do here?")
        assert answer.tick == 19
        asked = simulation.run(ticks=20)
    with run_for(40, tmp_path / "left alone") as simulation:
        assert canonical_sha256(simulation.episode) == canonical_sha256(asked)


def test_an_interview_works_under_a_running_loop(evening: Episode) -> None:
    async def cell() -> str:
        return evening.interview("ada", "What work do you do here?").text

    assert asyncio.run(cell()).startswith("I am a warden")


# Bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        ({"agent": "zed"}, EpisodeError, "nobody of that name lives there: 'zed'; allowed: ada"),
        ({"as_known_to": "zed"}, EpisodeError, "nobody of that name lives there: 'zed'"),
        ({"tick": 150}, EpisodeError, "Ticks 0 to 149 were lived, 17:30 to 19:59"),
        ({"tick": -1}, EpisodeError, "no moment of the episode: -1"),
        ({"condition": "no-reflexion"}, ConfigError, "did you mean 'no-reflection'"),
        ({"question": " \n"}, ConfigError, "an empty question"),
        ({"question": "x" * 3000}, ConfigError, "at most 2,000 characters"),
        ({"model": "nix"}, ModelNameError, "unknown model"),
    ],
)
def test_bad_input_is_told_with_what_is_allowed(
    evening: Episode, change: dict[str, Any], error: type[Exception], told: str
) -> None:
    asked: dict[str, Any] = {"agent": "ada", "question": SUPPER, **change}
    with pytest.raises(error, match=told):
        evening.interview(**asked)


def test_who_forms_no_memories_says_so(tmp_path: Path) -> None:
    with Simulation(village.load(agents=2), mind="rules", out=tmp_path / "e") as simulation:
        episode = simulation.run(ticks=5)
    with pytest.raises(EpisodeError, match=r"Ada formed no memories.*'rules'.*--mind generative"):
        episode.interview("ada", SUPPER)


def test_an_embedder_that_the_log_cannot_name_is_given_again(tmp_path: Path) -> None:
    out, own = tmp_path / "e", DeterministicFakeEmbedding(size=32)
    with Simulation(village.load(agents=2), model="fake", embedder=own, out=out) as made:
        episode = made.run(ticks=3)
    with pytest.raises(EpisodeError, match=r"'DeterministicFakeEmbedding'.*embedder="):
        episode.interview("ada", SUPPER)
    assert episode.interview("ada", "What work do you do here?", embedder=own).cites


@pytest.mark.parametrize("question", ["?", "…!?", "\u200b\u200b", "什么?", "\U0001f600"])
@pytest.mark.parametrize("embedder", ["hash", "wordllama"])
def test_odd_questions_get_an_answer(evening: Episode, question: str, embedder: str) -> None:
    assert evening.interview("ada", question, embedder=embedder).text


def test_a_model_that_the_log_cannot_name_is_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "e"
    with Simulation(
        village.load(agents=2), model=FakeChatModel(), embedder="hash", out=out
    ) as made:
        episode = made.run(ticks=3)
    with pytest.raises(ModelNameError, match=r"run's own model.*FakeChatModel.*--model"):
        episode.interview("ada", SUPPER)
    assert episode.interview("ada", "What work do you do here?", model="fake").cites


def test_facts_are_read_by_their_names(evening: Episode) -> None:
    fact = next(fact for fact in evening.spec.facts if fact.id == "candidacy")
    assert "candidacy" not in fact.statement
    answer = evening.interview("ada", "What do you know about the candidacy?")
    assert answer.cites[0].text == fact.statement
