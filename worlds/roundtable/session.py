"""A session at the table: the cards in their order, and who does what at which tick.

It is worked out from the file, the levers and who sits there, before anything is lived. A tick
means the same in every condition: what a lever leaves out is a minute in which nothing happens.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from simulation.errors import ConfigError
from simulation.kernel.topics import Topic
from worlds.roundtable.schema import (
    ASKED,
    LEVER,
    OTHERS,
    SPOKEN,
    Card,
    Does,
    Set,
    Step,
    Table,
    resolved,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CONTRARY = "_not"
"""What the id of a card that states the contrary ends in."""


class Laid(NamedTuple):
    """A card as it is laid out."""

    id: str
    """Also the id of its topic."""
    tick: int
    """The tick at which it is laid out."""
    shown: str
    asks: str
    answers: tuple[str, ...]
    right: str
    wrong: str
    group: Set

    def answer(self, wanted: str) -> str:
        """The answer behind ``right``, ``wrong`` or an answer; empty: there is none."""
        found = {"right": self.right, "wrong": self.wrong}.get(wanted, wanted)
        return found if found in self.answers else ""


class Turn(NamedTuple):
    """What somebody does at a tick."""

    who: str
    """Empty: nobody, it happens by itself."""
    does: Does
    card: Laid
    answer: str = ""
    """What they answer or hold; empty: what they decide, or nothing."""
    text: str = ""
    unless_held: bool = False


@dataclass(frozen=True)
class Session:
    """Everything that is to happen."""

    asked: str
    """Whose answers are their own."""
    cards: tuple[Laid, ...]
    turns: Mapping[int, tuple[Turn, ...]]
    """Tick → what is done in it."""
    ticks: int

    @classmethod
    def plan(cls, table: Table, settings: dict[str, str], cast: Sequence[str]) -> Session:
        """Work a session out.

        Args:
            table: The file.
            settings: Every lever with its value.
            cast: Who sits at the table, in the order of the roster.

        Raises:
            ConfigError: The one who is asked is not there, or fewer others than have to speak.
        """
        asked = settings["asked"]
        if asked not in cast:
            what = f"{asked} is asked and does not sit at the table"
            raise ConfigError(what, where="asked", value=asked, allowed=cast)
        others = [who for who in cast if who != asked]
        protocol = table.protocols[settings["protocol"]]
        cards = _laid(table, settings)
        turns: dict[int, tuple[Turn, ...]] = {}
        for card in cards:
            for step in protocol.steps:
                if all(settings[lever] in values for lever, values in step.when.items()):
                    for tick, turn in _turns(step, card, settings, asked, others):
                        turns[tick] = (*turns.get(tick, ()), turn)
        return cls(asked, cards, turns, len(cards) * protocol.minutes)

    def card(self, tick: int) -> Laid | None:
        """What lies on the table at a tick; None: nothing any more."""
        if not 0 <= tick < self.ticks:
            return None
        return self.cards[bisect_right([card.tick for card in self.cards], tick) - 1]

    def turn(self, who: str, tick: int) -> Turn | None:
        """What somebody does at a tick; None: they wait."""
        return next((turn for turn in self.turns.get(tick, ()) if turn.who == who), None)

    def next_turn(self, who: str, tick: int) -> int:
        """The first tick after this one at which somebody has a turn; else the end or later."""
        later = (at for at in sorted(self.turns) if at > tick and self.turn(who, at) is not None)
        return next(later, max(self.ticks, tick + 30))

    def topics(self) -> tuple[Topic, ...]:
        """What is answered, as topics that positions are taken on."""
        return tuple(_topic(card) for card in self.cards)


def _topic(card: Laid) -> Topic:
    return Topic(
        id=card.id,
        statement=f"{card.asks}: {card.shown}",
        options={answer: card.group.says.format(answer=answer) for answer in card.answers},
        truth=card.right or None,
        goal=card.right or None,
    )


def _laid(table: Table, settings: dict[str, str]) -> tuple[Laid, ...]:
    protocol = table.protocols[settings["protocol"]]
    side = resolved(protocol.sides, settings)
    found: list[Laid] = []
    for contrary in {"shown": (False,), "contrary": (True,), "both": (False, True)}[side]:
        for reference in protocol.sets:
            group = table.sets[resolved(reference, settings)]
            for name, card in group.cards.items():
                if not contrary or card.contrary:
                    tick = len(found) * protocol.minutes
                    found.append(_lay(name, card, group, tick, contrary=contrary))
    return tuple(found)


def _lay(name: str, card: Card, group: Set, tick: int, *, contrary: bool) -> Laid:
    return Laid(
        id=f"{name}{CONTRARY}" if contrary else name,
        tick=tick,
        shown=card.contrary if contrary else card.shown,
        asks=group.asks,
        answers=group.answers_of(card),
        right=card.wrong if contrary else card.right,
        wrong=card.right if contrary else card.wrong,
        group=group,
    )


def _turns(
    step: Step, card: Laid, settings: dict[str, str], asked: str, others: Sequence[str]
) -> Iterator[tuple[int, Turn]]:
    """The turns that a step is, each with its tick."""
    if step.by == ASKED:
        who = "" if step.does == "clear" else asked
        yield card.tick + step.at, Turn(who, step.does, card)
        return
    answer = card.answer(resolved(step.answer, settings))
    if step.answer != "own" and not answer:
        what = f"the card {card.id!r} has no {resolved(step.answer, settings)} answer"
        raise ConfigError(what, where=f"protocols.{settings['protocol']}", allowed=card.answers)
    count = int(resolved(step.count, settings))
    first = 1 if step.by == OTHERS else int(step.by)
    needed = count if step.by == OTHERS else first
    if count and needed > len(others):
        what = f"{needed} others have a part in this, and {len(others)} sit beside {asked}"
        hint = "Let more people sit there, or set the levers otherwise."
        raise ConfigError(what, where="agents", value=len(others) + 1, hint=hint)
    for number in range(count):
        who = others[number if step.by == OTHERS else first - 1]
        text = LEVER.sub(
            lambda match: match[0] if match[1] in SPOKEN else settings[match[1]], step.text
        )
        turn = Turn(who, step.does, card, answer, text, step.unless_held)
        yield card.tick + step.at + number, turn
