"""A person in the place of a mind: sees what the body perceives, and says what it does.

A person is asked when nothing is under way, when somebody speaks to them, and when something
breaks into what they are at; an ordinary minute of it passes by itself. What they type is a reply
like a model's: it enters the journal before it is read, under (agent, tick, ``human``, ordinal), so
that a killed run goes on behind it and a recorded one is repeated without them.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from simulation.episode.events import Asked, FellBack
from simulation.episode.sink import JournalKey
from simulation.errors import ConfigError, Diverged, InvalidReply
from simulation.kernel.action import Action, Go, Say, Sleep, Wait
from simulation.kernel.rules import Option
from simulation.language.base import Written
from simulation.language.replies import clean
from simulation.mind.decision import note_decision
from simulation.mind.journalled import read_back, written_down
from simulation.mind.question import Meanwhile, Question, question
from simulation.mind.speak import Utterance, as_action
from simulation.mind.talk import Conversation, Turn
from simulation.mind.typed import Chosen, read_act, read_words, waiting, wants_words

if TYPE_CHECKING:
    from simulation.episode.recording import Recording
    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Percept
    from simulation.kernel.world import World

Ask = Callable[[Question], "str | Awaitable[str]"]
"""Puts a question to a person and gives what they typed."""

PURPOSE: Final = "human"
"""Under which a person's replies stand in the journal."""
PATIENCE: Final = 50
"""Answers to one question that cannot be used; after that the body goes on, or waits."""
_TALK_TURNS: Final = 1000
"""A person ends a talk when they like."""
_LONGEST_SHOWN: Final = 1200


class HumanMind:
    """A person at the keyboard; as `human:NAME` in the place of one resident.

    Args:
        world: Where the body lives.
        agent: Whose mind it is.
        ask: Puts a question to the person; with ``functools.partial(HumanMind, ask=…)`` this class
            is the kind of mind of a world.
        recording: Replies that are known already.

    Raises:
        ConfigError: There is nobody to ask.
    """

    def __init__(
        self,
        world: World,
        agent: str,
        *,
        ask: Ask | None = None,
        recording: Recording | None = None,
    ) -> None:
        if ask is None and recording is None:
            hint = "Give ask=…, which puts a question to them."
            raise ConfigError("nobody is at the keyboard", where="mind", value=agent, hint=hint)
        self._sink = world.sink
        self._ask = ask
        self._recording = recording
        self._conversation = Conversation(_TALK_TURNS)
        self._meanwhile = Meanwhile()
        self._near: frozenset[str] = frozenset()
        self._asked_at = (-1, 0)

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        """Ask the person if there is something to ask; None while an activity goes on."""
        self._meanwhile.add(percept)
        turn = self._conversation.turn(percept, scribe)
        came = frozenset(percept.earshot) - self._near
        self._near = frozenset(percept.earshot)
        if not _is_asked(percept, turn, came):
            return None
        partner = self._partner()
        enter = _enter(percept, partner)
        asked = question(percept, self._meanwhile.told(), enter.text)
        self._meanwhile.forget()
        chosen, call = await self._chosen(percept, scribe, asked, partner)
        return self._done(percept, scribe, chosen or Chosen(enter), call, turn)

    def _partner(self) -> str:
        talk = self._conversation.talk
        return talk.addressee if talk else ""

    # Asking -----------------------------------------------------------------------------------

    async def _chosen(
        self, percept: Percept, scribe: Scribe, asked: Question, partner: str
    ) -> tuple[Chosen | None, str]:
        """What the person chose, with its words, and the id of the event that records it."""
        call, fault = "", ""
        for again in range(PATIENCE):
            text, call = await self._reply(scribe, replace(asked, fault=fault), again)
            try:
                chosen = read_act(text, percept, partner)
                if chosen is None or chosen.words or not wants_words(chosen.option):
                    return chosen, call
                words = replace(asked, lines=(), around=(), options=(), wanted=_wanted(chosen))
                text, call = await self._reply(scribe, replace(words, enter="do something else"))
                chosen = chosen._replace(words=read_words(text))
                if chosen.words:
                    return chosen, call
                fault = "nothing was said"
            except InvalidReply as error:
                fault = error.reason
        scribe.note(FellBack, purpose=PURPOSE, reason=fault, causes=(call,))
        return None, call

    async def _reply(self, scribe: Scribe, asked: Question, again: int = 0) -> tuple[str, str]:
        """What the person typed, which the journal keeps first, and the id of its event."""
        name = scribe.keep(asked.text)
        key = JournalKey((scribe.agent, scribe.tick, PURPOSE, self._ordinal(scribe.tick)))
        known = self._recording.reply(key, name) if self._recording else None
        reply = Written(text=await self._typed(asked)) if known is None else _recorded(known, key)
        self._sink.journal(key, name, written_down(reply))
        event = scribe.note(
            Asked,
            purpose=PURPOSE,
            ordinal=key[3],
            repair=again,
            model=PURPOSE,
            prompt=name,
            reply=clean(reply.text)[:_LONGEST_SHOWN],
            forwards=0,
        )
        return reply.text, event.id

    async def _typed(self, asked: Question) -> str:
        if self._ask is None:
            raise Diverged(f"nobody is there to answer for {asked.agent} at tick {asked.tick}")
        given = self._ask(asked)
        return await given if inspect.isawaitable(given) else given

    def _ordinal(self, tick: int) -> int:
        before, number = self._asked_at
        number = number + 1 if before == tick else 0
        self._asked_at = (tick, number)
        return number

    # Doing ------------------------------------------------------------------------------------

    def _done(
        self, percept: Percept, scribe: Scribe, chosen: Chosen, call: str, turn: Turn
    ) -> Action | None:
        """Note the decision, and act on it."""
        options, option = list(percept.options), chosen.option
        if option not in options:
            options.append(option)
        activity = percept.activity
        goes_on = activity is not None and option.action == activity.action
        action: Action | None = None if goes_on else option.action
        if isinstance(action, Say):
            self._turn_to(percept, scribe, action.to)
        elif action is not None and not isinstance(action, Wait):
            self._conversation.leave(scribe)
        note_decision(scribe, percept, options, options.index(option), origin="human", call=call)
        if isinstance(action, Say):
            last = chosen.last or turn == "close"
            said = Utterance(chosen.words, call=call, last=last)
            spoken = as_action(said, action.to, self._conversation.talk, action.about)
            self._conversation.spoke(spoken)
            return spoken
        if action is not None and chosen.words:
            return action.model_copy(update={"text": chosen.words})
        return action

    def _turn_to(self, percept: Percept, scribe: Scribe, to: str) -> None:
        """Be in a talk with somebody: the one there is, theirs with others, or a new one."""
        talk = self._conversation.talk
        if not to or (talk is not None and to in talk.party):
            return
        self._conversation.leave(scribe)
        overheard = self._conversation.talk_of(percept, to)
        if overheard is not None:
            self._conversation.join(percept, overheard)
        else:
            self._conversation.open(to, percept.tick)


def _is_asked(percept: Percept, turn: Turn, came: frozenset[str]) -> bool:
    """Whether there is something to ask: nothing is under way, or something breaks into it."""
    activity = percept.activity
    if activity is not None and isinstance(activity.action, Sleep):
        return False
    if turn != "none":
        return turn != "wait"
    if activity is None:
        return True
    called = any(heard.told for heard in percept.heard)
    struck = any(noticed.notable for noticed in percept.noticed)
    met = bool(came) and not isinstance(activity.action, Go)
    return called or struck or met or bool(percept.whispers)


def _enter(percept: Percept, partner: str) -> Option:
    """What an empty answer means."""
    activity = percept.activity
    if activity is None:
        return waiting(percept)
    doing = percept.rules.doing(percept.view, percept.agent)
    return Option(text=f"go on {doing}".rstrip(), action=activity.action)


def _wanted(chosen: Chosen) -> str:
    action = chosen.option.action
    what = "What are the words?" if isinstance(action, Say) else "What do you write?"
    return f"To {chosen.option.text}. {what}"


def _recorded(known: str, key: JournalKey) -> Written:
    reply = read_back(known)
    if isinstance(reply, Written):
        return reply
    agent, tick, _, number = key
    raise Diverged(f"{agent} is asked at tick {tick} ({number}), and nobody answered then")
