"""What somebody says: which knowledge goes into the words, and how the words are found.

Facts travel by id. A weak model is given the clause that carries the content and adds a tail; a
chat model speaks freely and names the ids that it spoke of. A tail is never credited with a fact.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from simulation.episode.events import FellBack
from simulation.kernel.action import Say
from simulation.language.prompts import load_prompt
from simulation.lint import find_loaded_words
from simulation.memory.record import about_key
from simulation.mind import scene
from simulation.mind.words import sentence, trigrams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Percept
    from simulation.memory.record import Memory
    from simulation.mind.asker import Asker
    from simulation.mind.options import MindOptions
    from simulation.mind.talk import Talk

_PROMPTS = Path(__file__).parent / "prompts"
_UTTER = load_prompt(_PROMPTS / "utter.md", "utter")
_TALK = load_prompt(_PROMPTS / "talk.md", "utter")
_OBJECT_IN_TEXT = re.compile(r"\{.*\}", re.DOTALL)
_BRACKETS = frozenset("[]{}<>|()*#_")
TAIL = ", so "
"""What joins a given clause and a generated tail."""
_NO_BEGINNING = frozenset({"that", "as", "so", "and", "far", "much", "many", "long"})
"""Words after which *so* means something else."""
LONGEST_UTTERANCE = 400
IN_VIEW_TICKS = 30
"""What was seen here so lately the other can see as well."""
COMMON_SHARE = 0.6
"""A fact that more than this share of the cast knows from the start is no news."""


Likeness = Callable[[str, str], float]
"""Cosine of two texts."""


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


class Utterance(NamedTuple):
    """Words, with what they carry and where they came from."""

    text: str
    facts: tuple[str, ...]
    given: str
    call: str
    last: bool = False


class SpokenReply(BaseModel):
    """What a chat model answers with."""

    model_config = ConfigDict(extra="ignore")
    say: str
    facts: list[str] = []
    end: bool = False


def fact_clause(percept: Percept, fact_id: str) -> str:
    """A fact as this speaker would say it."""
    fact = percept.view.stage.facts[fact_id]
    return fact.spoken_by.get(percept.agent, fact.spoken)


def may_tell(percept: Percept, fact_id: str, partner: str) -> bool:
    """Whether somebody would pass a fact on to this person of their own accord.

    Those who know it from the start keep it from whom the world says; whoever heard it from
    another is bound by nothing. Nobody is told what concerns themselves and not the speaker, and
    nobody tells as news what nearly everyone has always known.
    """
    stage = percept.view.stage
    fact = stage.facts[fact_id]
    if len(fact.seeded) > len(stage.cast) * COMMON_SHARE:
        return False
    first_hand = percept.view.text(percept.agent, f"knows:{fact_id}") == "seeded"
    kept = "*" in fact.kept_from or partner in fact.kept_from
    theirs = partner in fact.concerns and percept.agent not in fact.concerns
    return not (first_hand and kept) and not theirs


def topics(
    percept: Percept, memories: Sequence[Memory], partner: str, told: set[tuple[str, str]]
) -> list[Remark]:
    """What could be said to this person, best first: facts and memories not yet passed on."""
    found: list[Remark] = []
    for memory in memories:
        topic = _topic(percept, memory, partner)
        if topic is not None and (partner, said_key(topic)) not in told:
            found.append(topic)
    return found


def said_key(topic: Remark) -> str:
    """By what it is known that somebody was told this already."""
    return topic.fact or about_key(topic.clause)


def _topic(percept: Percept, memory: Memory, partner: str) -> Remark | None:
    """A memory as something to say to this person, or None if one would not say it."""
    if memory.fact:
        if not may_tell(percept, memory.fact, partner):
            return None
        return Remark(fact_clause(percept, memory.fact), memory.fact, memory.id, memory.text, 10.0)
    names = [percept.persona.name, *([percept.view.name(partner)] if partner else [])]
    about_them = any(memory.spoken.startswith(name) for name in names)
    here = percept.place is not None and memory.place == percept.place.id
    in_view = here and memory.source == "saw" and percept.tick - memory.created < IN_VIEW_TICKS
    if not memory.spoken or about_them or in_view:
        return None
    return Remark(memory.spoken, "", memory.id, memory.text, memory.importance)


def compose(clause: str, tail: str) -> str:
    """A clause and a tail as one sentence."""
    return sentence(f"{clause}{TAIL}{tail}" if tail else clause)


def without_tail(text: str) -> str:
    """What was said without what a model added to it."""
    return text.split(TAIL, 1)[0]


def usable_tail(tail: str, said: str, speaker: str) -> bool:
    """Whether a generated tail may be said: it adds words, repeats nothing, names no speaker.

    Args:
        tail: What the model added.
        said: The clause that it follows, with what was said before in this talk.
        speaker: Whose words they are.
    """
    words = tail.split()
    if not 2 <= len(words) <= 16 or _BRACKETS & set(tail) or ":" in tail:
        return False
    if words[0].lower() in _NO_BEGINNING:
        return False
    if speaker.lower() in tail.lower() or find_loaded_words(tail):
        return False
    runs = [tuple(words[i : i + 3]) for i in range(len(words) - 2)]
    return len(runs) == len(set(runs)) and not trigrams(tail) & trigrams(said)


async def complete(
    percept: Percept,
    scribe: Scribe,
    asker: Asker,
    topic: Remark,
    partner: str,
    lines: Sequence[tuple[str, str]],
    options: MindOptions,
    likeness: Likeness,
) -> Utterance:
    """Say a given clause, with a tail of the model's own where it is usable and to the point."""
    name = percept.persona.name
    prompt = _UTTER.render(
        place=percept.place.name if percept.place else "the way",
        name=name,
        manner=scene.manner(percept, percept.agent),
        other=f"{percept.view.name(partner)} ({percept.view.stage.cast[partner].job})"
        if partner
        else "everyone here",
        lines="\n".join(f"{who}: {sentence(without_tail(said))}" for who, said in lines[-1:]),
        thought=sentence(topic.thought or topic.clause),
        given=topic.clause,
    )
    answer = await asker.write(
        scribe,
        prompt,
        stop=("\n", ".", "?", "!"),
        max_tokens=16,
        temperature=options.temperature,
        shared_slot=True,
    )
    tail, call = ("", "") if answer is None else (" ".join(answer[0].split()), answer[1])
    tail = tail.rstrip(".!?,; ")
    before = " ".join(said for _, said in lines)
    if not usable_tail(tail, f"{before} {topic.clause}", name) or (
        likeness(tail, topic.clause) < options.tail_likeness
    ):
        tail = ""
    facts = (topic.fact,) if topic.fact else ()
    return Utterance(compose(topic.clause, tail), facts, topic.clause, call)


async def converse(
    percept: Percept,
    scribe: Scribe,
    asker: Asker,
    known: Sequence[Remark],
    partner: str,
    lines: Sequence[tuple[str, str]],
    options: MindOptions,
) -> Utterance | None:
    """Let a chat model speak freely; None when nothing usable came."""
    persona = percept.persona
    offered = {topic.fact or f"m{number}": topic for number, topic in enumerate(known, start=1)}
    prompt = _TALK.render(
        place=percept.place.name if percept.place else "the way",
        who=f"{persona.bio_line.rstrip('.')}, {persona.age}.",
        traits=scene.traits(percept),
        style=persona.speech.style,
        language=persona.speech.language,
        name=persona.name,
        other=f"{percept.view.name(partner)}, {percept.view.stage.cast[partner].job}"
        if partner
        else "everyone here",
        known=" ".join(f"[{key}] {sentence(topic.clause)}" for key, topic in offered.items()),
        lines="\n".join(f"{speaker}: {words}" for speaker, words in lines),
    )
    answer = await asker.write(
        scribe, prompt, stop=(), max_tokens=160, temperature=options.temperature
    )
    if answer is None:
        return None
    reply = _parsed(answer[0])
    if reply is None:
        scribe.note(
            FellBack,
            purpose="utter",
            reason="not the JSON that was asked for",
            reply=answer[0][:200],
        )
        return None
    named = [offered[key] for key in reply.facts if key in offered]
    facts = tuple(dict.fromkeys(topic.fact for topic in named if topic.fact))
    text = " ".join(reply.say.split())[:LONGEST_UTTERANCE]
    return Utterance(text, facts, "", answer[1], reply.end) if text else None


def _parsed(text: str) -> SpokenReply | None:
    found = _OBJECT_IN_TEXT.search(text)
    try:
        return SpokenReply.model_validate(json.loads(found[0])) if found else None
    except (ValidationError, ValueError):
        return None


def as_action(utterance: Utterance, partner: str, talk: Talk | None, about: str = "") -> Say:
    """The utterance as the typed action that the world resolves."""
    return Say(
        to=partner,
        also=talk.also(partner) if talk else (),
        text=utterance.text,
        facts=utterance.facts,
        about=about,
        last=utterance.last,
        given=utterance.given,
        talk=talk.id if talk else "",
        call=utterance.call,
    )
