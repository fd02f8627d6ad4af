"""Free talk: a chat model finds the words, and names the ids of what it passes on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from simulation.language.plausible import an_utterance, json_of
from simulation.language.prompts import load_prompt
from simulation.mind import scene
from simulation.mind.speak import Exchange, Remark, Utterance
from simulation.mind.words import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Percept
    from simulation.memory import Memory
    from simulation.mind.asker import Asker
    from simulation.mind.options import MindOptions

_TALK = load_prompt(Path(__file__).parent / "prompts" / "talk.md", "utter")
LINES_SHOWN = 8
"""Of the talk so far."""


class SpokenReply(BaseModel):
    """What a chat model answers with."""

    model_config = ConfigDict(extra="ignore")
    say: str
    facts: list[str] = []
    end: bool = False
    to: str = ""


async def converse(
    percept: Percept,
    scribe: Scribe,
    asker: Asker,
    known: Sequence[Remark],
    memories: Sequence[Memory],
    exchange: Exchange,
    relation: str,
    options: MindOptions,
) -> Utterance | None:
    """Let a chat model say the next thing; None when nothing usable came.

    Args:
        percept: What the speaker perceives.
        scribe: Writes the speaker's events.
        asker: The language model.
        known: What may be passed on; nothing else is credited.
        memories: What the speaker has in mind besides.
        exchange: To whom it is said, and after what.
        relation: What the one who is addressed is to the speaker.
        options: The mind's settings.
    """
    persona = percept.persona
    offered = {_id(remark, number): remark for number, remark in enumerate(known, start=1)}
    listed = " ".join(f"[{key}] {sentence(remark.clause)}" for key, remark in offered.items())
    recalled = " ".join(sentence(memory.text) for memory in memories)
    others = [percept.view.name(who) for who in exchange.also]
    last = f"{persona.name} has to go now: these are the last words, and end is true."
    prompt = asker.worded(_TALK).render(
        who=f"{persona.bio_line.rstrip('.')}, {persona.age}.",
        traits=scene.traits(percept),
        style=persona.speech.style,
        language=persona.speech.language,
        place=percept.place.name if percept.place else "the way",
        time=percept.time,
        name=persona.name,
        other=exchange.introduced,
        others=f"In the talk as well: {', '.join(others)}." if others else "",
        relation=relation,
        memories=f"{persona.name} remembers: {recalled}" if recalled else "",
        known=f"Known: {listed}" if listed else "",
        lines="\n".join(f"{line.name}: {line.words}" for line in exchange.lines[-LINES_SHOWN:]),
        closing=last if exchange.closing else "",
    )

    def read(text: str) -> SpokenReply:
        reply = json_of(SpokenReply)(text)
        words = an_utterance(persona.speech.language)(" ".join(reply.say.split()))
        return reply.model_copy(update={"say": words})

    answer = await asker.write(
        scribe, prompt, read=read, stop=(), max_tokens=200, temperature=options.temperature
    )
    if answer is None:
        return None
    reply, call = answer
    named = tuple(offered[key] for key in dict.fromkeys(reply.facts) if key in offered)
    names = {percept.view.name(who): who for who in exchange.also}
    last_word = reply.end or exchange.closing
    return Utterance(reply.say, named, "", call, last_word, names.get(reply.to, ""))


def _id(remark: Remark, number: int) -> str:
    """By what a chat model names something that it may pass on."""
    topic = f"stance:{remark.positions[0][0]}" if remark.positions else ""
    return remark.fact or topic or f"m{number}"
