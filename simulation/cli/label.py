"""``sociarium label``: label what was said and done, at the keyboard or in a table."""

from __future__ import annotations

import getpass
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from simulation.cli.console import err, out, say, table
from simulation.cli.live import counting
from simulation.cli.options import Debug, Episode, examples
from simulation.cli.text import plain
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.analysis.statistics.result import Result
    from simulation.behaviours.items import Item
    from simulation.behaviours.labels import Labels
    from simulation.episode.episode import Episode as Recorded

Family = Annotated[
    str,
    typer.Option(
        "--family",
        metavar="NAME",
        help="words, volunteering, conformity or destruction; words.TAG asks about one tag.",
    ),
]
Coder = Annotated[
    str | None, typer.Option("--coder", metavar="NAME", help="Who labels; else the user's name.")
]
Sample = Annotated[
    int | None, typer.Option("--sample", metavar="N", min=1, help="At most so many items.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Of the sample and the order.")]
Export = Annotated[
    Path | None, typer.Option("--export", metavar="FILE", help="Write the items as a CSV table.")
]
Import = Annotated[
    Path | None, typer.Option("--import", metavar="FILE", help="Read labels from such a table.")
]
Judge = Annotated[
    str | None,
    typer.Option("--judge", metavar="NAME", help="Let a chat model answer, with words.TAG."),
]
Agree = Annotated[
    bool, typer.Option("--agreement", help="How far coders, the detector and judges agree.")
]

_KEYS: Final = "b back, s skip, q quit; what is labelled is kept"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "label",
        epilog=examples(
            "sociarium label episodes/village-7-1 --coder ruth --sample 50",
            "sociarium label episodes/village-7-1 --family destruction",
            "sociarium label episodes/village-7-1 --export sheet.csv --coder ruth",
            "sociarium label episodes/village-7-1 --import sheet.csv",
            "sociarium label episodes/village-7-1 --agreement",
        ),
    )(label)


def label(
    episode: Episode,
    *,
    family: Family = "words",
    coder: Coder = None,
    sample: Sample = None,
    seed: Seed = 0,
    export: Export = None,
    import_file: Import = None,
    judge: Judge = None,
    agreement: Agree = False,
    debug: Debug = False,
) -> None:
    """Label utterances and choices, one at a time, without being told what a detector found.

    Labels stand in labels.csv in the folder of the episode. Called again, it goes on where it was.
    """
    from simulation.behaviours.items import items_of
    from simulation.behaviours.labels import Labels, check_family
    from simulation.episode.episode import Episode as Recorded

    recorded = Recorded.open(episode)
    check_family(family)
    book = Labels(recorded.folder)
    if import_file is not None:
        _take_in(recorded, book, import_file)
        return
    if agreement:
        _agree(recorded, book)
        return
    items = items_of(recorded, family, sample=sample, seed=seed)
    if not items:
        raise ConfigError("nothing to label", where=recorded.folder, value=family)
    who = coder or getpass.getuser()
    if export is not None:
        from simulation.behaviours.labels import write_table

        write_table(export, items, who, book)
        say(f"{len(items)} items in {export}")
    elif judge is not None:
        _judge(book, items, judge, family)
    else:
        _Sitting(book, items, who).hold()


def _take_in(recorded: Recorded, book: Labels, file: Path) -> None:
    from simulation.behaviours.items import items_of
    from simulation.behaviours.labels import read_table

    families = {row.family for row in read_table(file).labels}
    known = {item.id for family in families for item in items_of(recorded, family)}
    read = read_table(file, known)
    if read.labels:
        book.add(read.labels)
    say(f"{len(read.labels)} labels read from {file}")
    for fault in read.faults:
        err().print(plain(f"{file}: {fault}"), soft_wrap=True)
    if read.faults:
        raise typer.Exit(2)


def _judge(book: Labels, items: Sequence[Item], name: str, family: str) -> None:
    from simulation.behaviours.items import cases_of
    from simulation.behaviours.labels import Label
    from simulation.behaviours.words.judge import judge_all
    from simulation.interview.judge import open_judge

    if family == "words":
        hint = "Add --family words.threat, for instance."
        raise ConfigError("a judge is asked about one tag", where="--judge", hint=hint)
    model = open_judge(name)
    with counting(err(), "judgements") as progress:
        verdicts = judge_all(model, cases_of(items), progress=progress)
    given = zip(items, verdicts, strict=True)
    book.add(Label(f"judge:{name}", item.id, family, verdict.answer) for item, verdict in given)
    failed = [verdict.why for verdict in verdicts if verdict.answer == "failed"]
    say(f"{len(verdicts)} judged, {len(failed)} failed{f': {failed[0]}' if failed else ''}")


def _agree(recorded: Recorded, book: Labels) -> None:
    from simulation.behaviours.items import detected, items_of
    from simulation.behaviours.labels import agreements
    from simulation.behaviours.words import default_classifier

    if not book.all:
        hint = "Label some items first."
        raise ConfigError("there are no labels yet", where=book.path, hint=hint)
    labelled = {(row.item, row.family) for row in book.all}
    families = dict.fromkeys(row.family for row in book.all)
    items = [
        item
        for family in families
        for item in items_of(recorded, family)
        if (item.id, family) in labelled
    ]
    rows = [
        [one.question, ", ".join(one.coders), _agreed(one.result)]
        for one in agreements([*book.all, *detected(recorded, items, default_classifier())])
    ]
    out().print(table(["question", "coders", "agreement"], rows))


def _agreed(result: Result) -> str:
    if result.estimate is None:
        return f"{result.what}: {result.why}"
    low, high = result.low, result.high
    interval = "" if low is None or high is None else f" (95 % {low:.2f} to {high:.2f})"
    return f"{result.what} {result.estimate:.2f}{interval}, {result.n} items"


class _Sitting:
    """One coder at the keyboard, from the first item without a label on."""

    def __init__(self, book: Labels, items: Sequence[Item], coder: str) -> None:
        self._book = book
        self._items = items
        self._coder = coder

    def hold(self) -> None:
        """Ask about every item that is open."""
        items, at = self._items, self._next(0)
        say(f"{self._coder}: {self._done()} of {len(items)} labelled. {_KEYS}.")
        while at < len(items):
            self._show(at)
            typed = _typed()
            if typed is None or typed == "q":
                break
            if typed == "b":
                at = max(at - 1, 0)
            elif typed == "s" or self._take(items[at], typed):
                at = self._next(at + 1)
        say(f"{self._done()} of {len(items)} labelled, in {self._book.path}")

    def _done(self) -> int:
        return sum(bool(self._book.of(self._coder, item)) for item in self._items)

    def _next(self, at: int) -> int:
        """The next item without a label."""
        while at < len(self._items) and self._book.of(self._coder, self._items[at]):
            at += 1
        return at

    def _show(self, at: int) -> None:
        item = self._items[at]
        say("")
        for line in item.context:
            say(line, indent=4)
        say(f"[{at + 1}/{len(self._items)}] {item.time} {item.who}: {item.text}")
        given = self._book.of(self._coder, item)
        say(f"{item.question} {_choices(item)}{f' (now: {given})' if given else ''}")

    def _take(self, item: Item, typed: str) -> bool:
        try:
            self._book.give(self._coder, item, _meant(item, typed))
        except ConfigError as error:
            err().print(plain(str(error)), soft_wrap=True)
            return False
        return True


def _choices(item: Item) -> str:
    from simulation.behaviours.words.tags import TAGS

    if item.family != "words":
        return "y yes, n no, ? cannot tell"
    return f"- none of them, ? cannot tell, or some of: {', '.join(TAGS)}"


def _meant(item: Item, typed: str) -> str:
    """What a coder meant: beginnings of tags are enough where they fit one tag only."""
    from simulation.behaviours.words.tags import TAGS

    if typed == "?":
        return "cannot tell"
    if item.family != "words":
        return {"y": "yes", "n": "no"}.get(typed, typed)
    if typed == "-":
        return "plain"
    words: list[str] = []
    for word in typed.replace(",", " ").split():
        fits = [tag for tag in TAGS if tag.startswith(word)]
        words.append(fits[0] if len(fits) == 1 else word)
    return " ".join(words)


def _typed() -> str | None:
    """A line in lower case; None: there are no more."""
    if sys.stdin.isatty():
        with suppress(ImportError):
            import_module("readline")  # Arrow keys for input().
        try:
            return input("> ").strip().casefold()
        except (EOFError, KeyboardInterrupt):
            err().print("")
            return None
    line = sys.stdin.readline()
    return line.strip().casefold() if line else None
