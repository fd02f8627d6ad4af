"""Recorded choices are asked again: by the same model, by another, in other words."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from simulation import Simulation
from simulation.episode.episode import Episode
from simulation.errors import ConfigError, EpisodeError
from simulation.language.chat import ChatModel
from simulation.language.fake import FakeChatModel, FakeModel, FaultyChatModel
from simulation.redecide import Redecision
from worlds import village

EARLIER = Path(__file__).parents[1] / "episode"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hours of three residents who asked a completion model."""
    out = tmp_path_factory.mktemp("redecide") / "e"
    with Simulation(
        village.load(agents=3), model="fake", embedder="hash", seed=7, out=out
    ) as simulation:
        simulation.run(ticks=120)
    return out


def picks_first() -> FakeChatModel:
    return FakeChatModel(["1"])


def test_the_same_model_gives_the_same_answers(folder: Path) -> None:
    found = Redecision(folder, FakeModel()).run()
    assert len(found.rows) == found.of > 10
    assert {row.purpose for row in found.rows} == {"decide", "plan"}
    assert all(row.same for row in found.rows)
    assert all(row.now and row.now.logs == row.then.logs for row in found.rows)
    assert found.reworded == 0


def test_a_recorded_answer_is_what_its_decision_was_drawn_from(folder: Path) -> None:
    from simulation.episode.events import Decided

    drawn = {event.call: event.corrected for event in Episode.open(folder).each(Decided)}
    for row in Redecision(folder, FakeModel(), purpose="decide").run().rows:
        assert row.then.shares == pytest.approx(drawn[row.call], abs=2e-6)


def test_nothing_is_written(folder: Path) -> None:
    def bytes_of() -> dict[str, str]:
        files = [path for path in folder.rglob("*") if path.is_file()]
        return {str(path): sha256(path.read_bytes()).hexdigest() for path in files}

    before = bytes_of()
    Redecision(folder, picks_first()).run()
    assert bytes_of() == before


def test_a_chat_model_is_asked_with_instructions_examples_and_the_same_menu(folder: Path) -> None:
    llm = picks_first()
    found = Redecision(folder, llm, purpose="decide").run()
    assert all(row.now and row.now.best == 0 and row.now.logs is None for row in found.rows)
    system, *_, last = llm.asked[0]
    assert "You decide for one person" in str(system.text)
    assert any(f"1. {row.options[0]}\n" in str(last.text) for row in found.rows)


def test_other_words_reach_the_model(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "p.md").write_text("# Instructions\nChoose the nearest.\n", encoding="utf-8")
    llm = picks_first()
    found = Redecision(folder, llm, prompt=tmp_path / "p.md").run()
    assert {str(messages[0].text) for messages in llm.asked} == {"Choose the nearest."}
    assert {row.purpose for row in found.rows} == {"decide"}
    assert found.reworded == len(found.rows)


def test_what_a_chat_model_recorded_can_be_asked_of_a_completion_model(tmp_path: Path) -> None:
    with Simulation(
        village.load(agents=2), model=picks_first(), embedder="hash", seed=7, out=tmp_path / "e"
    ) as simulation:
        simulation.run(ticks=40)
    found = Redecision(tmp_path / "e", FakeModel()).run()
    assert found.rows
    assert all(row.then.logs is None and row.now and row.now.logs for row in found.rows)


def test_a_sample_is_the_same_for_the_same_seed_and_in_the_order_of_the_log(folder: Path) -> None:
    def drawn(seed: int) -> list[str]:
        rows = Redecision(folder, FakeModel(), sample=5, seed=seed).run().rows
        return [row.call for row in rows]

    assert drawn(1) == drawn(1) != drawn(2)
    assert len(drawn(1)) == 5
    assert drawn(1) == sorted(drawn(1))


def test_answers_that_name_no_option_are_told_apart_from_others(folder: Path) -> None:
    llm = ChatModel(FaultyChatModel(["refusal", None]), structured=False)
    rows = Redecision(folder, llm, sample=6).run().rows
    assert sum(row.now is None for row in rows) == 3
    assert all(bool(row.why) == (row.now is None) for row in rows)


def test_it_can_be_stopped_and_gives_what_it_has(folder: Path) -> None:
    counted: list[int] = []

    def count(done: int, _total: int) -> None:
        counted.append(done)
        redecision.stop()

    redecision = Redecision(folder, FakeModel(), progress=count)
    found = redecision.run()
    assert found.interrupted
    assert 0 < len(found.rows) < found.of


@pytest.mark.parametrize("version", ["first_version", "second_version"])
def test_an_earlier_episode_can_be_asked_again(version: str) -> None:
    found = Redecision(EARLIER / version, FakeModel()).run()
    assert found.rows
    assert all(row.same for row in found.rows)


def test_an_episode_in_which_nobody_was_asked_is_refused(tmp_path: Path) -> None:
    with Simulation(village.load(agents=2), mind="rules", out=tmp_path / "e") as simulation:
        simulation.run(ticks=3)
    with pytest.raises(EpisodeError, match="no choices to ask again"):
        Redecision(tmp_path / "e", FakeModel())


def test_what_cannot_be_asked_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match="'utter'; allowed: decide, plan"):
        Redecision(folder, FakeModel(), purpose="utter")
    with pytest.raises(ConfigError, match="recorded model has no other answers"):
        Redecision(folder, f"recorded:{folder}")
    with pytest.raises(ConfigError, match="sample"):
        Redecision(folder, FakeModel(), sample=0)
