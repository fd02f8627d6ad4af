"""What the local classifier reads, on utterances that nothing was trained on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.behaviours.words.aggregates import deception_cues, helpfulness, toxicity
from simulation.behaviours.words.classifier import LocalClassifier
from simulation.behaviours.words.data import TEST, TRAINING, read_labelled
from simulation.behaviours.words.lexicon import marks
from simulation.behaviours.words.score import Score, area, main, score
from simulation.behaviours.words.tags import TAGS, Tag, Utterance
from simulation.errors import FileError

CLASSIFIER = LocalClassifier()


def tags(text: str, closeness: float | None = None) -> set[Tag]:
    found = CLASSIFIER.classify(Utterance(text=text, closeness=closeness))
    return {tag for tag, share in found.items() if share >= 0.5}


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    """How well each tag is read from the test set."""
    return {one.tag: one for one in score(read_labelled(TEST), CLASSIFIER)}


def test_nothing_of_the_test_set_was_trained_on() -> None:
    trained = {row.text.casefold() for row in read_labelled(TRAINING)}
    tested = {row.text.casefold() for row in read_labelled(TEST)}
    assert len(trained) >= 900
    assert not trained & tested


@pytest.mark.parametrize("tag", ["threat", "insult", "obscene", "toxicity"])
def test_what_hurts_is_found_and_little_else(scores: dict[str, Score], tag: str) -> None:
    found = scores[tag]
    assert (found.precision or 0) >= 0.75
    assert (found.recall or 0) >= 0.65


@pytest.mark.parametrize("tag", [tag for tag in TAGS if tag != "slur"])
def test_those_that_have_a_tag_stand_above_those_that_have_not(
    scores: dict[str, Score], tag: str
) -> None:
    assert (scores[tag].auc or 0) >= 0.9


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Let me carry that bag for you.", "offer"),
        ("Is there anything I can do?", "inquiry"),
        ("Could you pass me the rope, please?", "request"),
        ("You left the gate open again, that was careless.", "criticism"),
        ("I'll break your neck if you come back.", "threat"),
        ("You are a worthless idiot.", "insult"),
        ("I promise that I'll be there.", "promise"),
    ],
)
def test_a_usual_way_of_saying_it_is_read(text: str, tag: Tag) -> None:
    assert tag in tags(text)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Careful, you will fall if you lean on that rail.", "threat"),
        ("I would never hurt you.", "threat"),
        ("He said he'd kill me, and we both laughed.", "threat"),
        ("They called me a liar yesterday.", "insult"),
        ("Help yourself to the bread.", "offer"),
        ("Can you believe it is November?", "request"),
    ],
)
def test_what_only_looks_like_it_is_not_read(text: str, tag: Tag) -> None:
    assert tag not in tags(text)


def test_an_insult_among_close_friends_who_laugh_is_none() -> None:
    joke = "You idiot, haha, come here!"
    assert "insult" in tags(joke)
    assert "insult" not in tags(joke, closeness=2.0)
    assert "insult" in tags("You idiot, come here!", closeness=2.0)


def test_one_bad_sentence_among_many_is_found() -> None:
    talk = (
        "The ferry leaves at nine. We had fish for dinner. You are a pathetic liar. See you soon."
    )
    assert "insult" in tags(talk)


def test_signs_that_stand_for_letters_are_read() -> None:
    assert marks("you 1d10t") == {"demeaning": 1}
    assert toxicity("f*ck you") > 0.5


def test_words_for_others_and_for_oneself_have_opposite_signs() -> None:
    assert helpfulness("I'll bring you some soup, you look tired.") > 0.4
    assert helpfulness("I'm keeping it all, I don't care about you.") < -0.4
    assert abs(helpfulness("The ferry leaves at nine.")) < 0.4


def test_cues_of_deception_are_ranked() -> None:
    protest = deception_cues("Believe me, I swear, I had nothing to do with it.")
    assert protest > 0.5 > deception_cues("The ferry leaves at nine.")


def test_words_without_letters_have_no_tags() -> None:
    assert CLASSIFIER.classify_many([Utterance(text=" "), Utterance(text="")]) == [{}, {}]
    assert CLASSIFIER.classify_many([]) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=6))
def test_many_at_once_are_read_as_one_by_one(texts: list[str]) -> None:
    said = [Utterance(text=text) for text in texts]
    together = LocalClassifier().classify_many(said)
    apart = [LocalClassifier().classify(one) for one in said]
    for one, other in zip(together, apart, strict=True):
        assert all(0 <= share <= 1 for share in one.values())
        for tag in TAGS:
            assert one.get(tag, 0.0) == pytest.approx(other.get(tag, 0.0), abs=0.011)


def test_the_area_under_the_curve_is_the_share_of_pairs_in_order() -> None:
    assert area([True, True, False, False], [0.9, 0.2, 0.5, 0.1]) == 0.75
    assert area([True], [0.3]) is None


def test_a_file_with_an_unknown_tag_is_named_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("offer threta: |\n  Hello.\n", encoding="utf-8")
    with pytest.raises(FileError, match="threat"):
        read_labelled(file)
    assert main([str(file)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
