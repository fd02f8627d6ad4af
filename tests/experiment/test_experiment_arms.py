"""Arms at hand: each does what it says, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulation.episode.episode import Episode
from simulation.episode.events import Acted, Asked, Decided, Said
from simulation.errors import BadInput
from simulation.experiment.placebo import BY_LENGTH, placebo
from simulation.experiment.plan import check, left_out, options_of, runs_of, whole, world_of
from simulation.experiment.runner import Experiment
from simulation.experiment.schema import Design
from simulation.experiment.wordings import SHIPPED, check_paraphrases, read_paraphrases
from simulation.lint import find_loaded_words

if TYPE_CHECKING:
    from pathlib import Path

BASE: dict[str, Any] = {
    "title": "Arms",
    "hypothesis": "Something differs.",
    "world": "village",
    "agents": 3,
    "start": "08:00",
    "ticks": 12,
    "mind": "rules",
    "seeds": [1],
    "arms": {"plain": {}},
    "control": "plain",
    "measures": {"walks": {"act": "go"}},
}
LABEL = "help the others with everything"


def design(**changes: Any) -> Design:
    return Design.model_validate({**BASE, **changes})


def with_arm(**arm: Any) -> Design:
    return design(arms={"plain": {}, "other": arm})


# Crossing -------------------------------------------------------------------------------------


def test_worlds_models_paraphrases_seeds_and_arms_are_crossed() -> None:
    crossed = design(
        world=["village", "village2"],
        models=["fake", "local"],
        paraphrases={"plain": {}, "second": {}},
        seeds="0..2",
        arms={"a": {}, "b": {}},
        control="a",
    )
    runs = runs_of(crossed)
    assert len({run.key for run in runs}) == len(runs) == 2 * 2 * 2 * 3 * 2


def test_a_second_wording_is_read_by_the_mind_and_kept_with_the_episode(tmp_path: Path) -> None:
    told = read_paraphrases({"second": {"decide": "second"}}, tmp_path)
    reworded = design(mind="generative", models=["fake"], paraphrases=told)
    outcome = Experiment(reworded, tmp_path / "x").run(jobs=1)
    assert outcome.failed == {}
    episode = Episode.open(tmp_path / "x" / "runs" / "plain.fake.second.1")
    asked = [event for event in episode.each(Asked) if event.purpose == "decide"]
    assert asked
    assert all("Next, " in episode.content(event.prompt) for event in asked)
    assert "Lena is a baker" in episode.run["options"]["prompts"]["decide"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nowhere.md", "no such prompt"),
        ("# Instructions\nx\n# Question\n{name} will\n# Plain\nKim will", "other placeholders"),
    ],
)
def test_a_paraphrase_that_no_mind_could_read_is_refused(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        check_paraphrases(read_paraphrases({"second": {"decide": text}}, tmp_path))


def test_a_paraphrase_that_names_what_is_studied_is_refused() -> None:
    text = (SHIPPED / "decide.second.md").read_text(encoding="utf-8")
    with pytest.raises(BadInput, match="'kind' names volunteering"):
        check_paraphrases({"second": {"decide": text.replace("rather relaxed", "kind")}})


# What a model reads ---------------------------------------------------------------------------


def asked_in(tmp_path: Path, **arm: Any) -> tuple[Episode, list[Asked]]:
    one = design(mind="generative", models=["fake"], arms={"plain": arm}, ticks=30)
    assert Experiment(one, tmp_path).run(jobs=1).failed == {}
    episode = Episode.open(tmp_path / "runs" / "plain.fake.1")
    return episode, [event for event in episode.each(Asked) if event.purpose == "decide"]


def test_a_blind_mind_reads_who_it_is_and_nothing_of_the_moment(tmp_path: Path) -> None:
    episode, asked = asked_in(tmp_path, baseline="situation-blind")
    assert asked
    for event in asked:
        question = episode.content(event.prompt).rpartition("\n\n")[2]
        assert "It is day and" in question
        assert "planned to" not in question
        assert "remembers" not in question


def test_a_blind_mind_has_the_same_kind_of_menu(tmp_path: Path) -> None:
    episode, asked = asked_in(tmp_path, baseline="situation-blind")
    made = {event.call: event for event in episode.each(Decided)}
    assert all(len(event.options) == made[event.id].options for event in asked)


def test_a_loaded_menu_is_read_in_its_arm_and_in_no_log_of_what_was_done(tmp_path: Path) -> None:
    episode, asked = asked_in(tmp_path, baseline="loaded menu", labels={"wait": LABEL})
    assert any(LABEL in event.options for event in asked)
    assert all(LABEL not in str(event.action) for event in episode.each(Acted))
    menus = [episode.content(event.menu) for event in episode.each(Decided)]
    assert all(LABEL not in menu for menu in menus)


def test_labels_stand_in_no_other_arm() -> None:
    with pytest.raises(ValueError, match="go together"):
        with_arm(labels={"wait": LABEL})


def test_arms_about_words_are_left_out_where_nobody_reads_any() -> None:
    both = design(
        arms={
            "plain": {},
            "blind": {"baseline": "situation-blind"},
            "loaded": {"baseline": "loaded menu", "labels": {"wait": LABEL}},
        }
    )
    assert set(left_out(both)) == {"blind", "loaded"}
    assert {run.arm for run in runs_of(both)} == {"plain"}


# Placebo --------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["one", "Gudrun asks who could carry her logs in", "w " * 61])
def test_a_placebo_has_as_many_words(words: str) -> None:
    assert len(placebo(words).split()) == len(words.split())


def test_placebo_sentences_have_the_length_that_they_stand_for_and_name_nothing() -> None:
    for length, sentences in BY_LENGTH.items():
        for sentence in sentences:
            assert len(sentence.split()) == length
            assert find_loaded_words(sentence) == []


def test_a_placebo_arm_says_something_else_at_the_same_time_to_the_same_people() -> None:
    line = '08:05 whisper ada "Gudrun asks who could carry her logs in"'
    both = design(
        arms={
            "plain": {},
            "asked": {"do": [line]},
            "placebo": {"baseline": "placebo messages", "of": "asked"},
        }
    )
    (real,), (other,) = world_of(both, "asked")[1], world_of(both, "placebo")[1]
    assert (real.at, getattr(real.do, "who", "")) == (other.at, getattr(other.do, "who", ""))
    assert "Gudrun" not in other.do.as_text()


def test_a_placebo_of_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="no message to replace"):
        check(with_arm(baseline="placebo messages", of="plain"))


# Isolates -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    out = tmp_path_factory.mktemp("isolates")
    talking = {"ticks": 50, "agents": 4, "start": "12:00"}
    lived = Experiment(with_arm(baseline="isolates").model_copy(update=talking), out)
    assert lived.run(jobs=1).failed == {}
    return lived


def source(lived: Experiment) -> Episode:
    return Episode.open(lived.out / "runs" / "plain.local.1")


def isolate(lived: Experiment, who: str) -> Episode:
    return Episode.open(lived.out / "runs" / "other.local.1" / who)


def test_everybody_of_the_society_lives_alone_once(alone: Experiment) -> None:
    folders = (alone.out / "runs" / "other.local.1").iterdir()
    assert {path.name for path in folders if path.is_dir()} == set(source(alone).agents)


def test_an_isolate_decides_and_the_others_are_recorded(alone: Experiment) -> None:
    for who in source(alone).agents:
        assert {event.agent for event in isolate(alone, who).each(Decided)} == {who}


def heard(episode: Episode, who: str) -> set[tuple[int, str, str]]:
    return {
        (said.tick, said.agent, said.text)
        for said in episode.each(Said)
        if said.agent != who and who in (*said.told, *said.overheard)
    }


def test_an_isolate_hears_what_it_heard_in_the_society(alone: Experiment) -> None:
    whole_society = source(alone)
    assert any(heard(whole_society, who) for who in whole_society.agents)
    for who in whole_society.agents:
        assert heard(isolate(alone, who), who) == heard(whole_society, who)


def test_nothing_that_an_isolate_does_changes_what_others_say(alone: Experiment) -> None:
    said = {(e.tick, e.agent, e.text) for e in source(alone).each(Said)}
    for who in source(alone).agents:
        now = {(e.tick, e.agent, e.text) for e in isolate(alone, who).each(Said) if e.agent != who}
        assert now == {line for line in said if line[1] != who}


def test_an_isolate_draws_afresh(alone: Experiment) -> None:
    assert {isolate(alone, who).seed for who in source(alone).agents}.isdisjoint(
        {source(alone).seed}
    )


def test_the_row_of_isolates_counts_each_of_them_once(alone: Experiment) -> None:
    rows = alone.results().to_dict("records")
    row: Any = next(one for one in rows if one["run"] == "other.local.1")
    walked = sum(
        event.agent == who and event.action.get("verb") == "go"
        for who in source(alone).agents
        for event in isolate(alone, who).each(Acted)
    )
    assert row["walks"] == walked
    assert row["matched"] == 1.0


@pytest.mark.parametrize(
    ("arms", "said"),
    [
        ({"other": {"baseline": "isolates"}}, "say which arm"),
        ({"plain": {}, "other": {"baseline": "isolates", "of": "third"}}, "no arm"),
        (
            {
                "plain": {},
                "a": {"baseline": "isolates", "of": "plain"},
                "b": {"baseline": "isolates", "of": "a"},
            },
            "cannot be a baseline",
        ),
    ],
)
def test_isolates_go_by_an_arm_of_a_whole_society(arms: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        design(arms=arms, control=None)


def test_an_arm_takes_over_what_it_does_not_say_anew() -> None:
    both = design(arms={"plain": {"set": {"logs": "asked"}, "agents": 2}, "other": {"of": "plain"}})
    assert (whole(both, "other").set, whole(both, "other").agents) == ({"logs": "asked"}, 2)


def test_settings_of_an_arm_are_checked_with_its_name() -> None:
    odd = with_arm(options={"exponent": "0.3"})
    with pytest.raises(BadInput, match=r"arms\.other\.options.*exponent"):
        options_of(odd, next(run for run in runs_of(odd) if run.arm == "other"))


def test_arms_that_would_share_a_folder_are_refused() -> None:
    with pytest.raises(BadInput, match="one folder"):
        check(design(arms={"a b": {}, "a-b": {}}, control=None))
