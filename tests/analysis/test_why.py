"""Why an act happened: the choice behind it, as the log has it."""

from __future__ import annotations

import pytest

from simulation import Episode, Simulation
from simulation.analysis.why import why
from simulation.episode.events import Acted, Decided, Moved, Said
from simulation.errors import EpisodeError
from worlds import village


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    out = tmp_path_factory.mktemp("why") / "morning"
    spec = village.load(agents=3)
    with Simulation(spec, model="fake", embedder="hash", out=out, chroma="memory") as simulation:
        return simulation.run(ticks=60)


def test_an_act_goes_back_to_the_choice_of_that_very_act(lived: Episode) -> None:
    for act in lived.each(Acted):
        found = why(lived, act.id)
        if found.decision:
            choice = lived.event(found.decision)
            assert isinstance(choice, Decided)
            assert choice.agent == act.agent
            assert choice.action == act.action
            assert choice.tick <= act.since


def test_options_have_the_probabilities_of_the_choice(lived: Episode) -> None:
    choice = next(one for one in lived.each(Decided) if one.corrected)
    options = why(lived, choice.id).options
    assert options["corrected"].tolist() == list(choice.corrected or ())
    assert options.index[options["chosen"]].tolist() == [choice.chosen]


def test_memories_are_told_in_words(lived: Episode) -> None:
    choice = next(one for one in lived.each(Decided) if one.memories)
    found = why(lived, choice.id)
    assert len(found.memories) == len(choice.memories)


def test_every_kind_of_event_can_be_asked_about(lived: Episode) -> None:
    kinds = {event.type: event.id for event in lived.iter_events()}
    assert len(kinds) > 10
    for identity in kinds.values():
        found = why(lived, identity)
        assert found.told
        assert str(found).startswith(found.told)


def test_what_nobody_chose_says_so(lived: Episode) -> None:
    step = next(lived.each(Moved))
    assert "No choice is on record" in why(lived, step.id).html()


def test_hostile_words_stay_words_in_a_notebook(tmp_path_factory: pytest.TempPathFactory) -> None:
    spec = village.load(agents=2)
    cast = tuple(who.model_copy(update={"name": f"<b>{who.id}"}) for who in spec.cast)
    out = tmp_path_factory.mktemp("why") / "hostile"
    spec = spec.model_copy(update={"cast": cast})
    with Simulation(spec, mind="rules", seed=3, out=out) as simulation:
        episode = simulation.run(ticks=60)
    said = next(episode.each(Said), None) or next(episode.each(Acted))
    assert "<b>ada" not in why(episode, said.id).html().replace("<p><b>", "<p>")


def test_an_event_that_is_not_there_is_told(lived: Episode) -> None:
    with pytest.raises(EpisodeError, match="no such event"):
        why(lived, "99999.1.001.000")
