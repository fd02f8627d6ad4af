from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from simulation.lint import LEXICON, Construct, check_texts, find_loaded_words

ROOT = Path(__file__).parents[2]


def shown_to_minds() -> dict[str, str]:
    """Every text of the project that a mind may come to read."""
    files = [
        *ROOT.glob("simulation/**/prompts/*.md"),
        *ROOT.glob("personas/**/*.yaml"),
        *(path for path in ROOT.glob("worlds/**/*.yaml") if path.parent.name != "experiments"),
        *ROOT.glob("worlds/**/*.map"),
        *ROOT.glob("worlds/**/prompts/*.md"),
        *ROOT.glob("worlds/**/map.txt"),
    ]
    texts = {
        str(path.relative_to(ROOT)): _without_stakes(path.read_text(encoding="utf-8"))
        for path in files
    }
    # Of an experiment, minds come to read what is done to their world.
    for path in ROOT.glob("worlds/experiments/*.yaml"):
        arms = yaml.safe_load(path.read_text(encoding="utf-8"))["arms"].values()
        texts[path.name] = "\n".join(line for arm in arms for line in arm.get("do", ()))
    return texts


def _without_stakes(text: str) -> str:
    """A map without its goals and norms, which no mind is shown; lines keep their numbers."""
    kept: list[str] = []
    hidden = False
    for line in text.splitlines():
        if line[:1].isalpha():
            hidden = line.startswith(("goals:", "norms:"))
        kept.append("" if hidden else line)
    return "\n".join(kept)


def test_nothing_that_a_mind_reads_names_what_is_studied() -> None:
    assert "\n".join(map(str, check_texts(shown_to_minds()))) == ""


@pytest.mark.parametrize(
    "text",
    [
        "help Gudrun with the logs",
        "She is Helpful.",
        "kind of tired",
        "a very unkind word",
        "he stole two coins",
        "an honest man",
        "the boat lies on its side",
        "break the norms of the place",
        "peer pressure",
        "peer\n  pressure",
        "he will comply",
        "anti-social, prosocial",
        "DESTROY",
        "destructive",
        "a self-sacrificing aunt",
        "kind_person",
        "a fair price",
        "co-operate",
    ],
)
def test_words_that_name_a_construct_are_found(text: str) -> None:
    assert find_loaded_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "carry the kindling inside",
        "pull the robe tight, a robust knot, a robin on the sill",
        "he complimented her on a complicated, complete tune",
        "sincere; since dawn; a single basin",
        "the fairy lights at the fairground",
        "justify the margin, adjust the rope, only just",
        "normal weather and an enormous wave",
        "a harmonica, a charming tune, the pharmacy",
        "relieve the watch; believe it; the chilies",
        "take the basket, force the gate, leave the logs, say it aloud",
        "whelp",
    ],
)
def test_words_that_only_look_alike_pass(text: str) -> None:
    assert find_loaded_words(text) == []


def test_a_finding_tells_word_construct_and_position() -> None:
    [found] = find_loaded_words("So Ada may Steal it")
    assert found == ("Steal", "taking without consent", 11)


def test_a_text_is_reported_with_its_line() -> None:
    [found] = check_texts({"prompts/decide.md": "one\ntwo\nbe kind\n", "other.md": "fine"})
    assert str(found) == (
        "prompts/decide.md:3: 'kind' names volunteering. Say what can be seen instead."
    )


def test_another_lexicon_can_be_used() -> None:
    bidding = Construct(name="bidding", reason="studied in a market", patterns=("bids?",))
    assert find_loaded_words("help, a bid", (bidding,)) == [("bid", "bidding", 8)]


def test_every_construct_says_why() -> None:
    assert all(construct.reason and construct.patterns for construct in LEXICON)
    assert len({construct.name for construct in LEXICON}) == len(LEXICON)
