"""``sociarium interview``: ask somebody what they know, at any tick of an episode."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from simulation.cli import completion
from simulation.cli.console import err, out, say, say_json, table
from simulation.cli.door import INTERRUPTED
from simulation.cli.live import counting, fetching
from simulation.cli.options import Debug, Episode, Json, examples
from simulation.cli.text import plain
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.episode import Episode as Recorded
    from simulation.interview.answers import Answer
    from simulation.interview.believability import Scored, Share
    from simulation.interview.interview import Interview
    from simulation.interview.judge import Judgement
    from simulation.language.base import LanguageModel

Agent = Annotated[str, typer.Argument(metavar="AGENT", help="Who is asked; with --set also `all`.")]
Question = Annotated[
    str | None, typer.Argument(metavar="QUESTION", help="One question; without it, a talk.")
]
Tick = Annotated[int | None, typer.Option("--tick", metavar="N", help="When this tick was over.")]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="HH:MM", help="At this hour; '08:00 2' is on the second day."),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help="Who finds the words; without it, the model of the run.",
        autocompletion=completion.models,
    ),
]
Asker = Annotated[
    str | None,
    typer.Option(
        "--as-known-to",
        metavar="NAME",
        help="A resident who asks: what is kept from them stays unsaid.",
    ),
]
Conditions = Annotated[
    list[str] | None,
    typer.Option(
        "--condition",
        "--conditions",
        metavar="NAME",
        help="What of the memory is within reach: full, no-reflection, "
        "no-reflection-no-planning, nothing; with --set several, or all.",
        autocompletion=lambda: ["all", *_conditions()],
    ),
]
Set = Annotated[
    str | None,
    typer.Option(
        "--set",
        metavar="believability",
        help="Ask a whole set of questions and score the answers.",
        autocompletion=lambda: [BELIEVABILITY],
    ),
]
Judge = Annotated[
    str | None,
    typer.Option(
        "--judge", metavar="NAME", help="With --set: a chat model ranks the answers, too."
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="With --set: the answers as CSV.")
]

BELIEVABILITY: Final = "believability"
EVERYBODY: Final = "all"
QUIT: Final = ("/quit", "/exit", "/q")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "interview",
        epilog=examples(
            'sociarium interview episodes/village-7-1 ada "What have you heard?"',
            "sociarium interview episodes/village-7-1 ada --at 12:00",
            "sociarium interview episodes/village-7-1 dov --as-known-to hugo",
            "sociarium interview episodes/village-7-1 all --set believability --out answers.csv",
        ),
    )(interview)


def interview(
    episode: Episode,
    agent: Agent,
    question: Question = None,
    *,
    tick: Tick = None,
    at: At = None,
    model: Model = None,
    as_known_to: Asker = None,
    conditions: Conditions = None,
    of_set: Set = None,
    judge: Judge = None,
    out_file: Out = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Ask an agent, who answers from its memories as they stood, and name them.

    Nothing of it enters the episode. Without QUESTION it is a talk: /quit or Ctrl-D ends it.
    """
    from simulation.episode.episode import Episode as Recorded

    recorded = Recorded.open(episode)
    moment = _moment(recorded, tick, at)
    if of_set is not None:
        if question is not None or as_known_to is not None:
            raise ConfigError(
                "a set has its own questions and is put by an inner voice", where="--set"
            )
        ranking = None if judge is None else _opened_judge(judge)
        rows = _ask_set(recorded, agent, of_set, moment, model, conditions, out_file)
        judged = [] if ranking is None else _judge(recorded, rows, ranking)
        _show_set(rows, judged, as_json=as_json)
        return
    for name, given in (("--judge", judge), ("--out", out_file)):
        if given is not None:
            raise ConfigError(
                "only a set of questions has it", where=name, hint=f"Add --set {BELIEVABILITY}."
            )
    with _held(recorded, agent, moment, model, as_known_to, conditions) as held:
        if question is not None:
            _show(held.ask(question), as_json=as_json)
        else:
            _talk(held, as_json=as_json)


def _conditions() -> tuple[str, ...]:
    from simulation.interview.conditions import CONDITIONS

    return CONDITIONS


def _moment(recorded: Recorded, tick: int | None, at: str | None) -> int:
    from simulation.episode.timeline import tick_at

    if tick is not None and at is not None:
        raise ConfigError("give a tick or an hour, not both", where="--at", value=at)
    return recorded.moment(tick if at is None else tick_at(recorded, at))


def _wanted(conditions: list[str] | None, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    from simulation.interview.conditions import check_condition

    names = [name for given in conditions or () for name in given.split(",")]
    if not names:
        return otherwise
    return _conditions() if EVERYBODY in names else tuple(map(check_condition, names))


# One question, or a talk --------------------------------------------------------------------------


@contextmanager
def _held(
    recorded: Recorded,
    agent: str,
    tick: int,
    model: str | None,
    as_known_to: str | None,
    conditions: list[str] | None,
) -> Generator[Interview]:
    from simulation.interview.interview import Interview

    condition, *more = _wanted(conditions, ("full",))
    if more:
        hint = "Name one, or add --set believability."
        value = ", ".join([condition, *more])
        raise ConfigError("one condition at a time", where="--condition", value=value, hint=hint)
    with _fetching() as fetch:
        held = Interview(
            recorded,
            agent,
            tick=tick,
            model=model,
            condition=condition,
            as_known_to=as_known_to or "",
            fetch=fetch,
        )
    with held:
        yield held


def _fetching() -> Any:
    console = err()
    return fetching(console, "bar" if console.is_terminal else "lines")


def _talk(held: Interview, *, as_json: bool) -> None:
    """Questions from the terminal, or line by line from a pipe, until there are no more."""
    name, time = held.episode.name(held.agent), held.episode.time(held.tick)
    if sys.stdin.isatty():
        err().print(f"{name}, {time}. /quit or Ctrl-D ends the talk.", soft_wrap=True)
    try:
        for question in _questions():
            try:
                _show(held.ask(question), as_json=as_json)
            except ConfigError as error:
                err().print(plain(str(error)), soft_wrap=True)
    except KeyboardInterrupt:
        err().print("")
        raise typer.Exit(INTERRUPTED) from None


def _questions() -> Iterator[str]:
    if sys.stdin.isatty():
        with suppress(ImportError):
            import_module("readline")  # Arrow keys and a history for input().
    while True:
        try:
            words = input("> ") if sys.stdin.isatty() else sys.stdin.readline()
        except EOFError:
            err().print("")
            return
        if not words and not sys.stdin.isatty():
            return
        words = words.strip()
        if words in QUIT:
            return
        if words:
            yield words


def _show(answer: Answer, *, as_json: bool) -> None:
    from rich.padding import Padding
    from rich.text import Text

    if as_json:
        say_json(answer.model_dump(mode="json"))
        return
    given = answer.given or answer.text
    words = Text(plain(given)).append(answer.text.removeprefix(given), style="dim")
    out().print(words, soft_wrap=not out().is_terminal)
    if answer.fallback:
        err().print(f"(no answer: {plain(answer.reason)})", soft_wrap=True)
    rows = [[cite.time or "before", cite.source, cite.id, cite.text] for cite in answer.cites]
    if rows:
        made = table(["when", "from", "id", "what it rests on"], rows)
        for column in made.columns[:3]:
            column.no_wrap = True
        out().print(Padding(made, (0, 0, 0, 2)))


# A set of questions -------------------------------------------------------------------------------


def _ask_set(
    recorded: Recorded,
    agent: str,
    of_set: str,
    tick: int,
    model: str | None,
    conditions: list[str] | None,
    out_file: Path | None,
) -> list[Scored]:
    from simulation.interview.believability import answers_frame, interview_all

    if of_set != BELIEVABILITY:
        raise ConfigError("unknown set", where="--set", value=of_set, allowed=[BELIEVABILITY])
    if out_file is not None and os.path.lexists(out_file):
        hint = "Give another file with --out."
        what = "something is there already"
        raise ConfigError(what, where="--out", value=str(out_file), hint=hint)
    with counting(err(), "answers") as progress, _fetching() as fetch:
        rows = interview_all(
            recorded,
            [] if agent == EVERYBODY else [agent],
            conditions=_wanted(conditions, _conditions()),
            tick=tick,
            model=model,
            progress=progress,
            fetch=fetch,
        )
    if out_file is not None:
        answers_frame(rows).to_csv(out_file, index=False)
    return rows


def _opened_judge(name: str) -> LanguageModel:
    """The judge, before anything is asked that it would then not be fit to judge."""
    from simulation.interview.judge import open_judge

    return open_judge(name)


def _judge(recorded: Recorded, rows: Sequence[Scored], judge: LanguageModel) -> list[Judgement]:
    from simulation.interview.judge import judge_all

    with counting(err(), "judgements") as progress:
        return judge_all(recorded, rows, judge, progress=progress)


def _show_set(rows: Sequence[Scored], judged: Sequence[Judgement], *, as_json: bool) -> None:
    from simulation.interview.believability import shares
    from simulation.interview.judge import mean_ranks

    found, ranks = shares(rows), mean_ranks(judged)
    if as_json:
        say_json(
            {
                "shares": [{**share._asdict(), "share": share.share} for share in found],
                "answers": [row.model_dump(mode="json") for row in rows],
                "mean_ranks": [rank._asdict() for rank in ranks],
                "judgements": [one.model_dump(mode="json") for one in judged],
            }
        )
        return
    say("Supported answers, of those for which there was support to be found")
    out().print(_share_table(found))
    fallbacks = {share.condition: share.fallbacks for share in found if share.family == "all"}
    counted = ", ".join(f"{name} {number}" for name, number in fallbacks.items())
    say(f"No answer at all: {counted}.")
    for rank in ranks:
        mean = "no rank" if rank.mean is None else f"mean rank {rank.mean:.2f}"
        say(f"{rank.condition}: {mean} of {rank.judged} judged, {rank.failed} failed")


def _share_table(found: Sequence[Share]) -> Any:
    conditions = list(dict.fromkeys(share.condition for share in found))
    cells = {(share.family, share.condition): _cell(share) for share in found}
    families = dict.fromkeys(share.family for share in found)
    rows = [[str(family), *(cells[family, name] for name in conditions)] for family in families]
    headings = [name.replace("-no-planning", "\n-no-planning") for name in conditions]
    return table(["family", *headings], rows)


def _cell(share: Share) -> str:
    if share.share is None:
        return "-"
    return f"{share.supported}/{share.held} ({share.share:.0%})"
