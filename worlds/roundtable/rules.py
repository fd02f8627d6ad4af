"""The rules of the table: a card lies there, and everybody answers when it is their turn.

Nobody walks or talks freely, so that nothing but what the protocol says can reach the one who is
asked. An answer aloud is heard by all as words that take a position; one on a slip is an act that
names nothing. What was said of a card stands before everybody's eyes until the next is laid out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulation.kernel.action import Action, Join, Say, Use, Wait
from simulation.kernel.effect import Effect, Value
from simulation.kernel.rules import Change, Option, Resolution, Thing
from simulation.mind.words import sentence
from worlds.words import past

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulation.kernel.effect import Cell
    from simulation.kernel.view import Stage, WorldView
    from worlds.roundtable.session import Laid, Session, Turn

CARD: Final = "card"
SLIP: Final = "slip"
SAID: Final = "said"
"""Names of the objects on the table: the card, the slips, and what was said of it."""
REMARK: Final = "remark"
"""The way in which somebody makes a remark."""


class TableRules:
    """What can be done at the table.

    Args:
        session: What is to happen.
        stage: What never changes while the world runs.
        seats: Where people sit, in the order of the roster.
    """

    def __init__(self, session: Session, stage: Stage, seats: Sequence[Cell]) -> None:
        self.session = session
        self.stage = stage
        self.seats = seats

    def initial(self) -> Mapping[tuple[str, str], Value]:
        """Everybody in their seat, and nothing said."""
        state: dict[tuple[str, str], Value] = {}
        for number, agent in enumerate(self.stage.cast):
            state[agent, "cell"] = self.seats[number % len(self.seats)]
            state[agent, "activity"] = ""
        return state | {(SAID, "text"): "", (CARD, "shown"): ""}

    def ambient(self, view: WorldView) -> Sequence[Change]:
        """A card is laid out, for the first time or afresh."""
        card = self.session.card(view.tick)
        shown = card.shown if card else ""
        turns = self.session.turns.get(view.tick, ())
        afresh = any(turn.does == "clear" for turn in turns)
        laid = card is not None and card.tick == view.tick
        if not (laid or afresh or shown != view.text(CARD, "shown")):
            return []
        before = {key: view.get(*key) for key in ((CARD, "shown"), (SAID, "text"))}
        after = dict(zip(before, (shown, ""), strict=True))
        effects = tuple(
            Effect(target, name, old, after[target, name])
            for (target, name), old in before.items()
            if old != after[target, name]
        )
        text = "" if card is None else "The card is laid out again." if afresh else shown
        return [Change(text=text, effects=effects)]

    def legal(self, view: WorldView, agent: str) -> Sequence[Option]:
        """The answers, on one's turn; else waiting for it."""
        turn = self.session.turn(agent, view.tick)
        if turn is None or self._is_held(view, turn):
            minutes = self.session.next_turn(agent, view.tick) - view.tick
            return [Option(text="wait", action=Wait(minutes=minutes), minutes=minutes)]
        if turn.does == "remark":
            action = Use(thing=CARD, way=REMARK)
            return [Option(text="say something about it", action=action)]
        answers = (turn.answer,) if turn.answer else turn.card.answers
        return [_answer(turn, answer) for answer in answers]

    def minutes(self, view: WorldView, agent: str, action: Action) -> int:
        """A minute for an answer; one waits until one's turn."""
        del view, agent
        return max(1, action.minutes) if isinstance(action, Wait) else 1

    def resolve(self, view: WorldView, agent: str, action: Action) -> Resolution:
        """An answer, where it is one's turn to give it."""
        if isinstance(action, Wait):
            return Resolution()
        turn = self.session.turn(agent, view.tick)
        if turn is not None and turn.does == "remark" and action == Use(thing=CARD, way=REMARK):
            return self._remark(view, turn)
        if turn is not None and turn.does in ("aloud", "slip"):
            for answer in turn.card.answers:
                if action == _answer(turn, answer).action and turn.answer in ("", answer):
                    return self._answered(view, turn, answer)
        return Resolution(reason="it is not the time for that")

    def doing(self, view: WorldView, agent: str) -> str:
        """Nothing that could be seen: people sit there."""
        del view, agent
        return ""

    def things(self, view: WorldView, agent: str) -> Sequence[Thing]:
        """The card, and what was said of it."""
        card = self.session.card(view.tick)
        if card is None or not view.text(CARD, "shown") or view.cell(agent) is None:
            return []
        found = [Thing(id=CARD, text=card.shown)]
        if view.text(SAID, "text"):
            found.append(Thing(id=SAID, text=view.text(SAID, "text")))
        return found

    def needs(self, view: WorldView, agent: str) -> Mapping[str, float]:
        """Nobody gets tired or hungry over a few cards."""
        del view, agent
        return {}

    # What comes of a turn ------------------------------------------------------------------------

    def _is_held(self, view: WorldView, turn: Turn) -> bool:
        """Whether the one who is asked has just given the answer that would be urged on them."""
        held = view.get(self.session.asked, f"said:{turn.card.id}")
        return turn.unless_held and held == turn.answer

    def _answered(self, view: WorldView, turn: Turn, answer: str) -> Resolution:
        card, who = turn.card, turn.who
        option = _answer(turn, answer)
        if turn.does == "slip":
            position = f"position:{card.id}"
            effect = Effect(who, position, view.get(who, position), answer, who, True)
            return Resolution(effects=(effect,), deed="wrote an answer on a slip")
        clause = card.group.says.format(answer=answer)
        own = Effect(who, f"said:{card.id}", view.get(who, f"said:{card.id}"), answer, who, True)
        heard = self._heard(view, f"{view.name(who)} {past(option.text)}.")
        return Resolution(
            effects=(own, heard),
            deed=past(option.text),
            says=_words(sentence(clause), card, answer, clause),
        )

    def _remark(self, view: WorldView, turn: Turn) -> Resolution:
        asked = self.session.asked
        text = turn.text.format(asked=view.name(asked), answer=turn.answer)
        heard = self._heard(view, f"{view.name(turn.who)} said: {text}")
        words = _words(text, turn.card, turn.answer, "")
        return Resolution(effects=(heard,), deed="said something about the card", says=words)

    def _heard(self, view: WorldView, more: str) -> Effect:
        before = view.text(SAID, "text")
        return Effect(SAID, "text", before, f"{before} {more}".strip())


def _answer(turn: Turn, answer: str) -> Option:
    """An answer: a part in a common task, which a mind can take any number of times."""
    group = turn.card.group
    if turn.does == "slip":
        text, action = group.slip, Join(task=SLIP, way=answer)
    else:
        text, action = group.aloud, Join(task=CARD, way=answer)
    return Option(text=text.format(answer=answer), action=action)


def _words(text: str, card: Laid, answer: str, given: str) -> Say:
    """Words to all at the table that want no reply."""
    positions = ((card.id, answer),) if answer else ()
    return Say(text=text, positions=positions, last=True, given=given)
