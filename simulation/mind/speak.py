"""What somebody says: which knowledge goes into the words, and how a weak model finds them.

Facts and positions travel by id. A weak model is given the clause that carries the content and adds
a tail, which is never credited with anything; a chat model speaks freely
(:mod:`simulation.mind.converse`) and names the ids of what it spoke of.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from simulation.kernel.action import Say
from simulation.language.prompts import load_prompt
from simulation.memory.record import about_key
from simulation.mind import scene
from simulation.mind.common_ground import position_key
from simulation.mind.tail import AND_YOU, compose, follows, usable_tail, without_tail
from simulation.mind.words import in_person, names, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Percept
    from simulation.kernel.topics import Position
    from simulation.memory.record import Memory
    from simulation.mind.asker import Asker
    from simulation.mind.common_ground import CommonGround
    from simulation.mind.options import MindOptions
    from simulation.mind.stance import View
    from simulation.mind.talk import Line, Talk

_UTTER = load_prompt(Path(__file__).parent / "prompts" / "utter.md", "utter")
COMMON_SHARE = 0.6
"""A fact that more than this share of the cast knows from the start is no news."""


class Remark(NamedTuple):
    """Something that can be said: a clause, and what it carries."""

    clause: str
    fact: str = ""
    memory: str = ""
    """Id of the memory behind it."""
    thought: str = ""
    """The same in the third person, as the speaker thinks it."""
    weight: float = 1.0
    """Importance of what is behind it, from 1 to 10."""
    positions: tuple[tuple[str, Position], ...] = ()
    """(topic, position) for each position that it takes."""

    @property
    def keys(self) -> tuple[str, ...]:
        """By what it is known that somebody was told this already; the first is enough."""
        ids = [self.fact] if self.fact else []
        ids += [position_key(topic, position) for topic, position in self.positions]
        return (*ids, about_key(self.clause))


class Exchange(NamedTuple):
    """To whom something is said, and after what."""

    to: str = ""
    """Who is addressed; empty: all in earshot."""
    also: tuple[str, ...] = ()
    """Who else takes part."""
    lines: Sequence[Line] = ()
    """The talk so far."""
    introduced: str = "everyone here"
    """Who is addressed, in a few words: ``Dov (a fisher, Ada's godson)``."""
    closing: bool = False
    """Whether it is to be the last word."""
    joins: bool = False
    """Whether one steps into the talk of others with it."""

    @property
    def heard(self) -> Line | None:
        """What is answered."""
        return self.lines[-1] if self.lines else None


class Utterance(NamedTuple):
    """Words, with what they carry and where they came from."""

    text: str
    remarks: tuple[Remark, ...] = ()
    """What they pass on; nothing else is credited to them."""
    given: str = ""
    """The clause that the engine supplied, where it did."""
    call: str = ""
    last: bool = False
    to: str = ""
    """Whom the words chose to address; empty: who was to be addressed."""

    @property
    def facts(self) -> tuple[str, ...]:
        """Ids of the facts that they carry."""
        return tuple(dict.fromkeys(remark.fact for remark in self.remarks if remark.fact))

    @property
    def positions(self) -> tuple[tuple[str, Position], ...]:
        """The positions that they take."""
        taken = [position for remark in self.remarks for position in remark.positions]
        return tuple(dict.fromkeys(taken))

    @property
    def keys(self) -> set[str]:
        """By what it is known again that this was said."""
        given = {about_key(self.given)} if self.given else set[str]()
        return given.union(*(remark.keys for remark in self.remarks))


def fact_clause(percept: Percept, fact_id: str) -> str:
    """A fact as this speaker would say it."""
    fact = percept.view.stage.facts[fact_id]
    return fact.spoken_by.get(percept.agent, fact.spoken)


def may_tell(percept: Percept, fact_id: str, to: str, also: tuple[str, ...] = ()) -> bool:
    """Whether somebody would pass a fact on of their own accord.

    Those who know it from the start keep it from whom the world says, be they addressed or not;
    whoever heard it from another is bound by nothing. Nobody is told what concerns themselves and
    not the speaker, and nobody tells as news what nearly everyone has always known.
    """
    stage = percept.view.stage
    fact = stage.facts[fact_id]
    if len(fact.seeded) > len(stage.cast) * COMMON_SHARE:
        return False
    first_hand = percept.view.text(percept.agent, f"knows:{fact_id}") == "seeded"
    kept = not {"*", to, *also}.isdisjoint(fact.kept_from)
    theirs = to in fact.concerns and percept.agent not in fact.concerns
    return not (first_hand and kept) and not theirs


def position_remark(view: View, weight: float = 1.0) -> Remark:
    """A position as something to say."""
    taken = ((view.topic, view.position),)
    return Remark(view.clause, "", view.memory, weight=weight, positions=taken)


def fact_remark(
    percept: Percept, fact_id: str, exchange: Exchange, ground: CommonGround
) -> Remark | None:
    """A fact as something to say, or None if one would not, or it is no news."""
    news = not exchange.to or not ground.knows(exchange.to, fact_id)
    if not news or not may_tell(percept, fact_id, exchange.to, exchange.also):
        return None
    return Remark(fact_clause(percept, fact_id), fact_id)


def remarks(
    percept: Percept, memories: Sequence[Memory], exchange: Exchange, ground: CommonGround
) -> list[Remark]:
    """What could be said, best first: facts and memories that are news to who is addressed."""
    found: list[Remark] = []
    for memory in memories:
        remark = _remark(percept, memory, exchange, ground)
        if remark is not None:
            found.append(remark)
    return found


def _remark(
    percept: Percept, memory: Memory, exchange: Exchange, ground: CommonGround
) -> Remark | None:
    """A memory as something to say, or None if one would not say it."""
    if memory.fact:
        fact = fact_remark(percept, memory.fact, exchange, ground)
        behind = {"memory": memory.id, "thought": memory.text, "weight": memory.importance}
        return fact._replace(**behind) if fact else None
    known = ground.knows(exchange.to, about_key(memory.spoken))
    present = [
        percept.view.name(who) for who in (percept.agent, exchange.to, *exchange.also) if who
    ]
    saw = memory.source == "saw"
    theirs = any(
        memory.spoken.startswith(name) or (saw and names(memory.spoken, name)) for name in present
    )
    if not memory.spoken or known or theirs:
        return None
    return Remark(memory.spoken, "", memory.id, memory.text, memory.importance)


async def complete(
    percept: Percept,
    scribe: Scribe,
    asker: Asker,
    remark: Remark,
    exchange: Exchange,
    options: MindOptions,
) -> Utterance:
    """Say a given clause, with a tail of the model's own where it is usable and follows."""
    name, heard = percept.persona.name, exchange.heard
    clause = spoken_to(percept, remark.clause, exchange)
    prompt = asker.worded(_UTTER).render(
        place=percept.place.name if percept.place else "the way",
        name=name,
        manner=scene.manner(percept, percept.agent),
        other=exchange.introduced,
        lines=f"{heard.name}: {sentence(without_tail(heard.words))}" if heard else "",
        thought=sentence(remark.thought or remark.clause),
        given=clause,
    )
    answer = await asker.write(
        scribe,
        prompt,
        read=lambda words: " ".join(words.split()).rstrip(".!?,; "),
        stop=("\n", ".", "?", "!"),
        max_tokens=16,
        temperature=options.temperature,
        shared_slot=True,
        repairs=0,
    )
    tail, call = answer or ("", "")
    before = " ".join(line.words for line in exchange.lines)
    where = percept.place.name if percept.place else ""
    usable = usable_tail(tail, f"{before} {clause}", name) and follows(tail, f"{clause} {where}")
    return Utterance(compose(clause, tail if usable else ""), (remark,), clause, call)


def say_plainly(percept: Percept, remark: Remark, exchange: Exchange) -> Utterance:
    """Say a given clause and no more; who takes a position asks the other for theirs."""
    clause = spoken_to(percept, remark.clause, exchange)
    heard_theirs = any(line.positions for line in exchange.lines if line.speaker == exchange.to)
    asks = bool(remark.positions and exchange.to) and not heard_theirs
    return Utterance(compose(clause, "") + (AND_YOU if asks else ""), (remark,), clause)


def spoken_to(percept: Percept, clause: str, exchange: Exchange) -> str:
    """A clause as it is said to who is addressed."""
    hearer = percept.view.name(exchange.to) if exchange.to else ""
    return in_person(clause, percept.persona.name, hearer)


def as_action(said: Utterance, to: str, talk: Talk | None, about: str = "") -> Say:
    """The utterance as the typed action that the world resolves."""
    to = said.to or to
    return Say(
        to=to,
        also=talk.also(to) if talk else (),
        text=said.text,
        facts=said.facts,
        positions=said.positions,
        about=about,
        last=said.last,
        given=said.given,
        talk=talk.id if talk else "",
        call=said.call,
    )
