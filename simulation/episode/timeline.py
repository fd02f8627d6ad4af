"""An episode as a story: one line for each thing that happened, in order.

Lines come as they are read, so a long episode starts to show at once. What is shown by default is
what a bystander could have seen and what people knew, planned and concluded; choices, memories and
model calls are there for the asking.
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from simulation.episode.reader import damaged
from simulation.episode.schema import NAMES
from simulation.episode.telling import TELLERS, Teller
from simulation.errors import EpisodeError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rich.text import Text

    from simulation.episode.episode import Episode
    from simulation.episode.reader import Row

Kind = Literal[
    "talk", "deed", "failure", "walk", "plan", "reflection", "fact", "stance", "world", "run",
    "choice", "reaction", "feeling", "relation", "memory", "call", "fallback",
]  # fmt: skip
"""What a line is about."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
BY_DEFAULT: Final[tuple[Kind, ...]] = KINDS[:10]


class Line(NamedTuple):
    """One thing that happened, safe to print."""

    event: str
    """Id of the event behind it; empty for the heading of a day."""
    tick: int
    time: str
    """The hour: ``08:05``."""
    agent: str
    """Whose it is, by id; empty: the world's."""
    name: str
    """As people call them; empty: the world's."""
    kind: Kind | Literal["day"]
    text: str
    """One line of words that continue the name: ``took a chair``."""
    more: tuple[str, ...] = ()
    """Further lines that belong to it: options and their probabilities."""


def timeline(
    episode: Episode,
    agents: Collection[str] = (),
    kinds: Collection[str] = (),
    since: int | None = None,
    until: int | None = None,
    why: bool = False,
) -> Iterator[Line]:
    """The lines of an episode in order.

    Args:
        episode: What is told.
        agents: Only what these people did, or were told; by id or name. None: everybody.
        kinds: Only lines of these kinds; none: those of ``BY_DEFAULT``.
        since: From this tick on.
        until: Before this tick.
        why: Show every choice, with its three likeliest options.

    Raises:
        EpisodeError: An agent or a kind is unknown, or the log is damaged.
    """
    people = [episode.resident(name) for name in agents]
    wanted = _kinds(kinds) | ({"choice"} if why else set())
    types = [NAMES[kind] for kind, (group, _) in TELLERS.items() if group in wanted]
    return _lines(episode, types, people, since, until)


def tick_at(episode: Episode, text: str) -> int:
    """The tick that a person means: a number, or an hour (``14:05``; ``08:00 2`` is on day 2).

    Raises:
        EpisodeError: It is neither.
    """
    try:
        return episode.clock.tick_at(text)
    except ValueError as error:
        hint = "Give a tick, an hour like 14:05, or an hour and a day like '08:00 2'."
        raise EpisodeError("no moment of the episode", value=text, hint=hint) from error


def render_line(line: Line, width: int = 0, columns: int | None = None) -> Text:
    """A line as it is printed: the hour, the name, the words. A console without colours drops them.

    Args:
        line: What to print.
        width: Names are padded to this many characters, so that the words stand in a column.
        columns: How wide the terminal is, to fold long words under themselves; None where lines
            may be as long as they are: for a file, or for another program.
    """
    from rich.text import Text  # noqa: PLC0415 - only for a terminal

    if line.kind == "day":
        return Text(f"\n{line.text}", style="bold")
    lead = len(line.time) + 2 + width + 1
    text = Text(f"{line.time}  ", style="dim")
    text.append(line.name.ljust(width) + " ", style="bold not dim")
    style = _STYLES.get(line.kind, "not dim")
    text.append(_folded(line.text, lead, columns), style=style)
    for further in line.more:
        text.append(f"\n{' ' * (lead + 2)}{_folded(further, lead + 4, columns)}")
    return text


def _folded(text: str, lead: int, columns: int | None) -> str:
    """The text in lines that leave room for what stands before them."""
    if columns is None or columns < lead + _NARROWEST:
        return text
    return f"\n{' ' * lead}".join(wrap(text, columns - lead, drop_whitespace=True))


def name_width(episode: Episode) -> int:
    """How wide a column for the names must be."""
    return max((len(name) for name in episode.names.values()), default=0)


_NARROWEST: Final = 20
_STYLES: Final = {
    "talk": "cyan not dim",
    "failure": "yellow not dim",
    "fact": "green not dim",
    "reflection": "magenta not dim",
    "fallback": "red not dim",
    "choice": "dim",
    "memory": "dim",
    "call": "dim",
    "run": "dim",
}


def _lines(
    episode: Episode,
    types: list[str],
    people: list[str],
    since: int | None,
    until: int | None,
) -> Iterator[Line]:
    teller = Teller(episode)
    day = 1
    for row in episode.log.rows(types, (), since, until):
        if people and not _concerns(episode, row, people):
            continue
        event = episode.typed(row)
        told = teller.tell(event)
        if told is None:
            continue
        today = episode.clock.day(max(row.tick, 0))
        if today != day:
            day = today
            yield Line("", row.tick, episode.time(row.tick), "", "", "day", f"Day {day}")
        kind, text, more = told
        name = teller.name(row.agent) if row.agent else ""
        yield Line(row.id, row.tick, episode.time(row.tick), row.agent, name, kind, text, more)


def _concerns(episode: Episode, row: Row, people: list[str]) -> bool:
    """Whether it is theirs, or was said to them."""
    if row.agent in people:
        return True
    if row.type != "said":
        return False
    told = episode.fields(row).get("told", [])
    if not isinstance(told, list):
        raise damaged(episode.folder, f"event {row.id} is not one")
    return not set(people).isdisjoint(told)


def _kinds(wanted: Collection[str]) -> set[str]:
    for kind in wanted:
        if kind not in KINDS:
            raise EpisodeError("unknown kind of line", value=kind, allowed=KINDS)
    return set(wanted or BY_DEFAULT)
