"""Labels that people give to what was said and done: a gold set from any episode.

::

    items = items_of(episode, "words", sample=50, seed=1)
    book = Labels(episode.folder)
    book.give("ruth", items[0], "offer promise")

Labels stand in ``labels.csv`` in the folder of the episode, beside the log and not in it: they are
what somebody said about it afterwards. An item shows what happened and never what a detector found.
"""

from __future__ import annotations

import csv
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from simulation.behaviours.finding import FAMILIES, Family
from simulation.behaviours.words.tags import TAGS, Tag
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from simulation.analysis.statistics.result import Result
    from simulation.behaviours.items import Item

FILE: Final = "labels.csv"
COLUMNS: Final = ("coder", "item", "family", "label", "time", "context", "text")
KEPT: Final = COLUMNS[:4]
CANNOT_TELL: Final = "cannot tell"
PLAIN: Final = "plain"
ANSWERS: Final = ("yes", "no", CANNOT_TELL)
DETECTOR: Final = "detector"
FAILED: Final = "failed"
"""The label of a judge that gave none."""


class Label(NamedTuple):
    """What somebody said about an item."""

    coder: str
    item: str
    family: str
    """A family, or ``words.TAG`` where a single tag was asked about."""
    label: str
    """For ``words``: tags with a blank between them, or ``plain``; else yes or no. ``cannot tell``
    for each of them."""


class Read(NamedTuple):
    """What came of reading a table of labels."""

    labels: tuple[Label, ...]
    faults: tuple[str, ...]
    """A line for each row that cannot be used, with its number."""


def check_label(family: str, label: str) -> str:
    """A label as it is kept.

    Examples:
        >>> check_label("words", " Threat  insult")
        'insult threat'
        >>> check_label("destruction", "Yes")
        'yes'

    Raises:
        ConfigError: The family has no such label.
    """
    words = label.casefold().split()
    told = " ".join(words)
    if told == CANNOT_TELL:
        return told
    if family != "words":
        if told in (*ANSWERS, FAILED):
            return told
        raise ConfigError("no such label", where=family, value=label, allowed=ANSWERS)
    if words == [PLAIN]:
        return PLAIN
    for word in words or [""]:
        if word not in TAGS:
            allowed = (PLAIN, CANNOT_TELL, *TAGS)
            raise ConfigError("no such label", where=family, value=word, allowed=allowed)
    return " ".join(sorted(set(words)))


def check_family(family: str) -> str:
    """A family of which items can be labelled.

    Raises:
        ConfigError: There is none of that name.
    """
    known = (*FAMILIES, *(f"words.{tag}" for tag in TAGS))
    if family not in known:
        raise ConfigError("unknown family", value=family, allowed=known)
    return family


class Labels:
    """The labels of an episode; every one that is given is on disk when the call returns.

    Args:
        folder: Of the episode.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._labels: dict[tuple[str, str, str], Label] = {}
        if self.path.exists():
            read = read_table(self.path)
            if read.faults:
                raise ConfigError(read.faults[0], where=self.path, hint="Mend or move that file.")
            self._take(read.labels)

    @property
    def all(self) -> tuple[Label, ...]:
        """Every label, in the order in which they were first given."""
        return tuple(self._labels.values())

    def of(self, coder: str, item: Item) -> str:
        """What a coder said about an item; empty: nothing yet."""
        found = self._labels.get((coder, item.id, item.family))
        return found.label if found else ""

    def give(self, coder: str, item: Item, label: str) -> None:
        """Keep a label; one that the coder gave before is replaced.

        Raises:
            ConfigError: The coder has no name, or there is no such label.
        """
        if not coder.strip():
            raise ConfigError("a coder needs a name", where="--coder", value=coder)
        self.add([Label(coder, item.id, item.family, check_label(item.family, label))])

    def add(self, labels: Iterable[Label]) -> None:
        """Keep labels that were checked."""
        self._take(labels)
        beside = self.path.with_suffix(".csv.new")
        with beside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(KEPT)
            writer.writerows(self.all)
        beside.replace(self.path)

    def _take(self, labels: Iterable[Label]) -> None:
        self._labels |= {(one.coder, one.item, one.family): one for one in labels}


def write_table(path: Path, items: Sequence[Item], coder: str, book: Labels) -> None:
    """Write items as a table in which labels can be filled in.

    Raises:
        ConfigError: Something is there already, or it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for item in items:
                given = book.of(coder, item)
                context = "\n".join(item.context)
                row = (coder, item.id, item.family, given, item.time, context, item.text)
                writer.writerow(row)
    except FileExistsError as error:
        hint = "Give another file."
        raise ConfigError("something is there already", where=path, hint=hint) from error
    except OSError as error:
        raise ConfigError(f"cannot be written ({error.strerror})", where=path) from error


def read_table(path: Path, known: Iterable[str] | None = None) -> Read:
    """Read a table of labels; rows without a label are left out, bad ones are told.

    Args:
        path: A CSV file with the columns coder, item, family and label; others are not read.
        known: Ids of the items that there are; None: they are not checked.

    Raises:
        ConfigError: It is no such table at all.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in KEPT if name not in (reader.fieldnames or ())]
            if missing:
                raise ConfigError("a column is missing", where=path, value=missing[0])
            rows = list(enumerate(reader, start=2))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError("cannot be read as CSV", where=path, value=str(error)) from error
    ids = None if known is None else frozenset(known)
    labels: list[Label] = []
    faults: list[str] = []
    for number, row in rows:
        if not (row["label"] or "").strip():
            continue
        try:
            labels.append(_label(row, ids))
        except ConfigError as error:
            faults.append(f"row {number}: {error}")
    return Read(tuple(labels), tuple(faults))


def _label(row: Mapping[str, str | None], known: frozenset[str] | None) -> Label:
    coder, item, family, label = ((row[name] or "").strip() for name in KEPT)
    if not coder:
        raise ConfigError("a coder needs a name")
    if not item or (known is not None and item not in known):
        raise ConfigError("no such item in this episode", value=item)
    return Label(coder, item, check_family(family), check_label(family, label))


# Agreement ----------------------------------------------------------------------------------------


class Agreement(NamedTuple):
    """How far coders agree on a question."""

    question: str
    """A family, or ``words.TAG``."""
    coders: tuple[str, ...]
    result: Result
    """Cohen's kappa for two, Krippendorff's alpha for all of them."""


def agreements(labels: Iterable[Label]) -> list[Agreement]:
    """Agreement on each question: Cohen's kappa of each two coders, Krippendorff's alpha of all.

    A detector and a judge are coders like others. Items that somebody cannot tell are left out.
    """
    from simulation.analysis.statistics.raters import (  # noqa: PLC0415 - statsmodels, a second
        cohens_kappa,
        krippendorffs_alpha,
    )

    found: list[Agreement] = []
    for question, by_coder in _by_question(labels).items():
        items = sorted({item for given in by_coder.values() for item in given})
        rows = {coder: [given.get(item) for item in items] for coder, given in by_coder.items()}
        coders = sorted(rows)
        found += [
            Agreement(question, pair, cohens_kappa(rows[pair[0]], rows[pair[1]]))
            for pair in combinations(coders, 2)
        ]
        if len(coders) > 1:
            alpha = krippendorffs_alpha([rows[coder] for coder in coders])
            found.append(Agreement(question, tuple(coders), alpha))
    return found


def _by_question(labels: Iterable[Label]) -> dict[str, dict[str, dict[str, str | None]]]:
    rows = list(labels)
    used = {tag for row in rows if row.family == "words" for tag in row.label.split()}
    used |= {row.family.removeprefix("words.") for row in rows if row.family.startswith("words.")}
    found: dict[str, dict[str, dict[str, str | None]]] = {}
    for row in rows:
        for question, answer in _answers(row, [tag for tag in TAGS if tag in used]):
            found.setdefault(question, {}).setdefault(row.coder, {})[row.item] = answer
    return {question: found[question] for question in sorted(found)}


def _answers(row: Label, tags: Sequence[Tag]) -> list[tuple[str, str | None]]:
    unsure = row.label in (CANNOT_TELL, FAILED)
    if row.family != "words":
        return [(row.family, None if unsure else row.label)]
    given = row.label.split()
    return [(f"words.{tag}", None if unsure else "yes" if tag in given else "no") for tag in tags]


def family_of(family: str) -> Family:
    """The family behind a question: ``words`` for ``words.threat``."""
    return next(one for one in get_args(Family) if family.split(".", maxsplit=1)[0] == one)
