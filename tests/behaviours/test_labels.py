"""Labels are kept beside the episode, checked, and compared."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from simulation.behaviours.items import Item
from simulation.behaviours.labels import (
    COLUMNS,
    Label,
    Labels,
    agreements,
    check_family,
    check_label,
    read_table,
    write_table,
)
from simulation.errors import ConfigError

ITEMS = tuple(
    Item(f"{number:05}.2.000.000", "words", "08:00", "Ada to all", f"Words {number}, so.", (), "?")
    for number in range(3)
)


def test_a_label_is_on_disk_at_once_and_the_last_one_counts(tmp_path: Path) -> None:
    book = Labels(tmp_path)
    book.give("ruth", ITEMS[0], "threat insult")
    book.give("ruth", ITEMS[0], "offer")
    assert Labels(tmp_path).of("ruth", ITEMS[0]) == "offer"
    assert Labels(tmp_path).of("tom", ITEMS[0]) == ""


@pytest.mark.parametrize(
    ("family", "label"), [("words", "threta"), ("words", ""), ("destruction", "maybe")]
)
def test_no_other_label_is_taken(family: str, label: str) -> None:
    with pytest.raises(ConfigError, match="no such label"):
        check_label(family, label)


def test_a_family_is_one_of_four_or_a_tag() -> None:
    assert check_family("words.threat") == "words.threat"
    with pytest.raises(ConfigError, match=r"words\.threat"):
        check_family("words.threta")


def test_a_table_that_was_filled_in_comes_back(tmp_path: Path) -> None:
    book = Labels(tmp_path)
    book.give("ruth", ITEMS[1], "plain")
    file = tmp_path / "sheet.csv"
    write_table(file, ITEMS, "ruth", book)
    assert read_table(file).labels == book.all
    with pytest.raises(ConfigError, match="there already"):
        write_table(file, ITEMS, "ruth", book)


def test_a_wrong_row_is_told_with_its_number_and_the_others_are_read(tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        for item, label in (("a", "threat"), ("b", "threta"), ("c", ""), ("z", "plain")):
            writer.writerow(("ruth", item, "words", label, "", "", "two\nlines"))
    read = read_table(file, known=("a", "b", "c"))
    assert read.labels == (Label("ruth", "a", "words", "threat"),)
    assert [fault.partition(":")[0] for fault in read.faults] == ["row 3", "row 5"]


def test_a_table_without_labels_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    file.write_text("coder,item\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="family"):
        read_table(file)


def test_agreement_on_a_tag_is_cohens_kappa() -> None:
    first = ["threat", "plain", "threat", "plain"]
    second = ["threat", "plain", "plain", "plain"]
    rows = [Label("ruth", str(item), "words", label) for item, label in enumerate(first)]
    rows += [Label("tom", str(item), "words", label) for item, label in enumerate(second)]
    kappa = next(one for one in agreements(rows) if one.question == "words.threat")
    assert kappa.coders == ("ruth", "tom")
    assert kappa.result.estimate == pytest.approx(0.5)


def test_what_somebody_cannot_tell_is_left_out() -> None:
    rows = [
        Label(coder, str(item), "destruction", label)
        for coder, labels in {"ruth": "yn?", "tom": "yny"}.items()
        for item, label in enumerate({"y": "yes", "n": "no", "?": "cannot tell"}[x] for x in labels)
    ]
    assert [one.result.n for one in agreements(rows)] == [2, 2]


def test_one_coder_agrees_with_nobody() -> None:
    assert agreements([Label("ruth", "1", "destruction", "yes")]) == []
