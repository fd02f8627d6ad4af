"""Why something happened: the choice behind an act, what was on the menu, and what led up to it.

::

    why(day, "00260.2.010.000")                     # in a notebook it shows itself
    why(day, "00260.2.010.000").options             # every option with its probabilities

All of it is read from the log. What a model weighed is on record; why it weighed so is not, and
nothing here pretends to it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from math import isnan
from typing import TYPE_CHECKING, Any, Final

from simulation.episode.events import Acted, Asked, Decided, Failed, Remembered, Said
from simulation.episode.plain import plain
from simulation.episode.telling import TELLERS, Teller

if TYPE_CHECKING:
    import pandas as pd

    from simulation.episode.episode import Episode
    from simulation.episode.events import Event

DEEP: Final = 6
"""Steps back at most."""


@dataclass(frozen=True, kw_only=True)
class Why:
    """What was behind an event."""

    event: str
    """Id of the event."""
    told: str
    """The event in words."""
    decision: str
    """Id of the choice behind it; empty: nobody chose it, or the log does not tell."""
    origin: str
    """What made the choice: ``model``, ``rules``, …; empty with ``decision``."""
    options: pd.DataFrame
    """Every option: ``option``, ``raw`` and ``corrected`` probability, and which was ``chosen``."""
    memories: tuple[str, ...]
    """The memories in the prompt, in words."""
    reply: str
    """What the model answered, shortened; empty: none was asked."""
    causes: tuple[str, ...]
    """What led up to it, in words, the latest first."""

    def __str__(self) -> str:
        """As it is printed."""
        lines = [self.told]
        if self.decision:
            lines.append(f"  chosen at {self.decision} by {self.origin} among {len(self.options)}:")
            lines += [f"    {self._weight(row)} {row.option}" for row in self._likeliest()]
        for title, texts in (("remembering", self.memories), ("after", self.causes)):
            lines += [f"  {title} {text}" for text in texts]
        return "\n".join(lines)

    __repr__ = __str__

    def html(self) -> str:
        """As a page or a notebook shows it; words of agents stay words."""
        rows = "".join(
            f"<tr><td style='text-align:right'>{escape(self._weight(row))}</td>"
            f"<td style='text-align:left'>{_marked(escape(row.option), row.chosen)}</td></tr>"
            for row in self._likeliest()
        )
        lists = "".join(
            f"<p>{title}</p><ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"
            for title, texts in (("Remembering", self.memories), ("After", self.causes))
            if texts
        )
        chosen = (
            f"<p>Chosen by {escape(self.origin)} among {len(self.options)} options:</p>"
            f"<table><tbody>{rows}</tbody></table>"
            if self.decision
            else "<p>No choice is on record behind it.</p>"
        )
        return f"<p><b>{escape(self.told)}</b></p>{chosen}{lists}"

    _repr_html_ = html

    def _likeliest(self, most: int = 8) -> list[Any]:
        ranked = self.options.sort_values(
            ["chosen", "corrected", "raw"], ascending=False, kind="stable"
        )
        return list(ranked.head(most).itertuples())

    def _weight(self, row: Any) -> str:
        share = row.raw if isnan(row.corrected) else row.corrected
        if isnan(share):
            return "chosen" if row.chosen else "-"
        return f"{share:.1%}"


def _marked(text: str, chosen: bool) -> str:
    return f"<b>{text}</b> (chosen)" if chosen else text


def why(episode: Episode, event: str) -> Why:
    """What was behind an event.

    Args:
        episode: Finished or running.
        event: Its id, as every frame, finding and report has it.

    Raises:
        EpisodeError: There is no such event.
    """
    found = episode.event(event)
    teller = Teller(episode)
    decision = found if isinstance(found, Decided) else _choice_behind(episode, found)
    called = decision.call if decision is not None else getattr(found, "call", "")
    asked = episode.event(called) if called else None
    return Why(
        event=event,
        told=_told(episode, teller, found),
        decision="" if decision is None else decision.id,
        origin="" if decision is None else decision.origin,
        options=_options(episode, decision),
        memories=_memories(episode, decision),
        reply=plain(asked.reply)[:500] if isinstance(asked, Asked) else "",
        causes=_causes(episode, teller, found, decision),
    )


def _told(episode: Episode, teller: Teller, event: Event) -> str:
    told = teller.tell(event) if type(event) in TELLERS else None
    what = told.text if told is not None else event.type.replace("_", " ")
    who = f"{episode.name(event.agent)} " if event.agent else ""
    return plain(f"{episode.time(event.tick)} {who}{what}")


def _choice_behind(episode: Episode, event: Event) -> Decided | None:
    """The choice that an act or an utterance goes back to: the latest that chose this very act."""
    for name in event.causes:
        cause = episode.event(name)
        if isinstance(cause, Decided):
            return cause
    if not isinstance(event, Acted | Failed | Said):
        return None
    since = event.since if isinstance(event, Acted) else event.tick
    found: Decided | None = None
    for choice in episode.each(Decided, event.agent, until=since + 1):
        same = isinstance(event, Said) or choice.action == event.action
        if same:
            found = choice
    if isinstance(event, Said) and found is not None and found.tick != event.tick:
        return None
    return found


def _options(episode: Episode, decision: Decided | None) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - half a second

    columns = ["option", "raw", "corrected", "chosen"]
    if decision is None:
        return pd.DataFrame(columns=columns)
    try:
        menu = json.loads(episode.content(decision.menu))
    except ValueError:
        menu = []
    size = decision.options
    raw = decision.raw or (float("nan"),) * size
    corrected = decision.corrected or (float("nan"),) * size
    rows = [
        (plain(str(row.get("text", ""))), raw[index], corrected[index], index == decision.chosen)
        for index, row in enumerate(menu[:size])
    ]
    return pd.DataFrame(rows, columns=columns)


def _memories(episode: Episode, decision: Decided | None) -> tuple[str, ...]:
    found: list[str] = []
    for name in decision.memories if decision is not None else ():
        memory = episode.event(name)
        if isinstance(memory, Remembered):
            found.append(plain(f"{episode.time(memory.tick)} {memory.text}"))
    return tuple(found)


def _causes(
    episode: Episode, teller: Teller, event: Event, decision: Decided | None
) -> tuple[str, ...]:
    """What led up to it, the nearest first; each event once."""
    seen = {event.id}
    waiting = [*event.causes, *(decision.causes if decision is not None else ())]
    told: list[str] = []
    while waiting and len(told) < DEEP:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        cause = episode.event(name)
        if not isinstance(cause, Decided | Asked) and type(cause) in TELLERS:
            told.append(_told(episode, teller, cause))
        waiting += cause.causes
    return tuple(told)
