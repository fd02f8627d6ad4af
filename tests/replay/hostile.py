"""Texts that somebody could hope to smuggle into a page, and an episode that is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import personas
from simulation.episode.episode import Episode
from simulation.episode.events import (
    Acted,
    Asked,
    Began,
    Changed,
    Decided,
    Ended,
    FellBack,
    Felt,
    Happening,
    Intervened,
    Joined,
    Learned,
    Planned,
    Recalled,
    Reflected,
    Related,
    Remembered,
    Said,
    TookStance,
)
from simulation.episode.log import EpisodeWriter
from simulation.episode.sink import JournalKey, Scribe
from simulation.kernel.facts import Fact
from simulation.kernel.ids import Phase
from simulation.kernel.spec import WorldSpec
from simulation.kernel.topics import Topic

if TYPE_CHECKING:
    from pathlib import Path

_RUN: Final = "window.pwned=1"
PAYLOADS: Final[tuple[str, ...]] = (
    f"<script>{_RUN}</script>",
    f"</script><script>{_RUN}</script>",
    f"</SCRIPT ><script>{_RUN}</script>",
    f"<!--<script>{_RUN}//--></script>",
    f"--><script>{_RUN}</script>",
    f"]]><script>{_RUN}</script>",
    f"<img src=x onerror={_RUN}>",
    f"<img src=x onerror='{_RUN}'>",
    f'"><img src=x onerror="{_RUN}">',
    f"'><img src=x onerror={_RUN}>",
    f"`><img src=x onerror={_RUN}>",
    f"<svg onload={_RUN}>",
    f"<svg><script>{_RUN}</script></svg>",
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"<math><mtext></mtext><script>{_RUN}</script></math>",
    f"<iframe src=javascript:{_RUN}></iframe>",
    f"<iframe srcdoc='<script>parent.{_RUN}</script>'></iframe>",
    f"<object data=javascript:{_RUN}></object>",
    f"<embed src=javascript:{_RUN}>",
    f"<a href=javascript:{_RUN} autofocus onfocus={_RUN}>x</a>",
    f"javascript:{_RUN}",
    f"JaVaScRiPt:{_RUN}//",
    f"data:text/html,<script>{_RUN}</script>",
    f"<body onload={_RUN}>",
    f"<input autofocus onfocus={_RUN}>",
    f"<details open ontoggle={_RUN}>",
    f"<video><source onerror={_RUN}></video>",
    f"<audio src=x onerror={_RUN}>",
    f"<marquee onstart={_RUN}>",
    f"<style>@import 'javascript:{_RUN}';</style>",
    "<style>*{display:none!important}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    f"<base href='javascript:{_RUN}//'>",
    f"<meta http-equiv=refresh content='0;url=javascript:{_RUN}'>",
    f"<form action=javascript:{_RUN}><button autofocus>x",
    f"<template><script>{_RUN}</script></template>",
    f"<noscript><p title='</noscript><script>{_RUN}</script>'>",
    f"<textarea></textarea><script>{_RUN}</script>",
    f"<title></title><script>{_RUN}</script>",
    f"&lt;script&gt;{_RUN}&lt;/script&gt;",
    f"&#60;script&#62;{_RUN}&#60;/script&#62;",
    f"\\u003cscript\\u003e{_RUN}\\u003c/script\\u003e",
    f"\\x3cscript\\x3e{_RUN}\\x3c/script\\x3e",
    f"%3Cscript%3E{_RUN}%3C/script%3E",
    f"${{{_RUN}}}",
    f"`;{_RUN};`",
    f"';{_RUN};'",
    f'";{_RUN};"',
    f"{{{{constructor.constructor('{_RUN}')()}}}}",
    f"#{{{_RUN}}}",
    f"<%= {_RUN} %>",
    "__proto__",
    "constructor",
    "\u202egnihtemos yas\u202c",
    "\u2066\u2067isolated\u2069",
    "\u200f\u200e\u200b\u2060",
    "\x00\x01\x1b[31mred\x07",
    "\ufeff\uffff\ufffe",
    "\ud800 alone \udfff",
    "Z" + "\u0335\u0321\u0357" * 400,
    "👩‍👩‍👧‍👦" * 3000,
    "🏳️‍🌈🧑🏿‍🚀" * 2000,
    "W" * 100_000,
    "a b " * 25_000,
    "x\n" * 20_000,
    "\u3000" * 5000 + "!",
    "ﷺ" * 4000,
    "",
)
"""Each is tried wherever an episode holds a text."""

SHORT: Final = tuple(
    text for text in PAYLOADS if 0 < len(text.strip()) <= 40 and text.isprintable()
)
"""Those that a persona's name can hold."""


def hostile_episode(folder: Path) -> Episode:
    """An episode in which every text is one that means harm."""
    spec = _spec()
    people = [persona.id for persona in spec.cast]
    with EpisodeWriter(folder, spec=spec, run={"seed": 7, "model": PAYLOADS[1]}) as writer:
        first = Scribe(0, Phase.WORLD, 0, "", "")
        first.note(
            Began, world=PAYLOADS[0], seed=7, mind=PAYLOADS[6], model=PAYLOADS[1],
            cast=tuple(people), settings={PAYLOADS[2]: PAYLOADS[3]}, start="07:00", tick_minutes=1,
        )  # fmt: skip
        for number, who in enumerate(people):
            first.note(Joined, agent=who, name=PAYLOADS[number], cell=(2, 2 + number), place="room")
        writer.commit(0, first.events, first.contents)
        for tick, text in enumerate(PAYLOADS, start=1):
            scribes = [
                _thinks(writer, tick, people[tick % len(people)], text),
                _acts(tick, people, text),
            ]
            events = [event for scribe in scribes for event in scribe.events]
            contents = scribes[0].contents | scribes[1].contents
            writer.commit(tick, events, contents)
        last = Scribe(len(PAYLOADS), Phase.CLOSE, 0, "")
        last.note(Ended, reason="finished", text=PAYLOADS[1])
        writer.commit(len(PAYLOADS), last.events, {})
    return Episode.open(folder)


def _spec() -> WorldSpec:
    names = [SHORT[number % len(SHORT)] for number in range(6)]
    cast = tuple(
        personas.load(name).model_copy(
            update={"name": text, "occupation": text, "who": PAYLOADS[1], "biography": PAYLOADS[0]}
        )
        for name, text in zip(("ada", "bram", "chiara", "dov", "esi", "felix"), names, strict=True)
    )
    plan = "\n".join(["#" * 14, *["#" + "r" * 12 + "#"] * 6, "#" * 14])
    places = [{"id": "room", "name": PAYLOADS[8], "indoors": True}]
    things = [
        {"id": f"thing{number}", "name": text, "place": "room"}
        for number, text in enumerate(PAYLOADS[:8])
    ]
    town = {"plan": plan, "legend": {"r": "room"}, "places": places, "things": things}
    return WorldSpec(
        world="village",
        title=PAYLOADS[1],
        cast=cast,
        facts=(Fact(id="f", statement=PAYLOADS[1], spoken=PAYLOADS[6], seeded=("ada",)),),
        topics=(Topic(id="t", statement=PAYLOADS[8], pro=PAYLOADS[0], con=PAYLOADS[1]),),
        data={"map": town, "marks": {"ada": PAYLOADS[0]}},
    )


def _thinks(writer: EpisodeWriter, tick: int, who: str, text: str) -> Scribe:
    scribe = Scribe(tick, Phase.THINK, 1, who, "room")
    prompt = scribe.keep(text * 2)
    asked = scribe.note(
        Asked, purpose="decide", ordinal=0, model=text[:200], prompt=prompt, reply=text
    )
    writer.journal(JournalKey((who, tick, "decide", 0)), asked.prompt, '{"logps":[-0.5]}')
    memory = scribe.note(
        Remembered, kind="dialogue", text=text, importance=5.0, evidence=(asked.id,)
    )
    notes: list[tuple[type[Happening], dict[str, Any]]] = [
        (Recalled, {"purpose": "decide", "query": scribe.keep(text), "strategy": text[:200],
                    "memories": (memory.id,), "scores": ((1.5, 0.5, 0.5, 0.5),)}),
        (Decided, {"origin": "model", "menu": scribe.keep([{"text": text}, {"text": "wait"}]),
                   "options": 2, "legal": 2, "chosen": 0, "action": {"verb": text[:200]},
                   "raw": (0.6, 0.4), "corrected": (0.7, 0.3), "call": asked.id,
                   "percept": scribe.keep({"place": "room", "noticed": [text], "things": [text],
                                           "heard": [["bram", text, True]], "people": []}),
                   "memories": (memory.id,)}),
        (Planned, {"items": ({"doing": text, "place": "room", "at": "08:00"},), "origin": "model",
                   "reason": text}),
        (Reflected, {"insight": text, "evidence": (memory.id,), "question": text, "kept": True}),
        (Related, {"other": "bram", "closeness": 1.0, "before": 0.0, "summary": text,
                   "origin": "model"}),
        (Felt, {"emotion": text[:200], "before": "neutral", "intensity": 3.0, "reason": text}),
        (FellBack, {"purpose": "utter", "reason": text, "reply": text}),
        (TookStance, {"topic": "t", "before": None, "after": 0.5, "origin": "model"}),
    ]  # fmt: skip
    for kind, fields in notes:
        scribe.note(kind, **fields)
    return scribe


def _acts(tick: int, people: list[str], text: str) -> Scribe:
    who, other = people[tick % len(people)], people[(tick + 1) % len(people)]
    scribe = Scribe(tick, Phase.ACT, 1, who, "room")
    said = scribe.note(Said, to=other, text=text, told=(other,), facts=("f",))
    scribe.note(Learned, agent=other, fact="f", source="told", teller=who, causes=(said.id,))
    scribe.note(Acted, action={"verb": "use"}, deed=text, since=tick)
    scribe.note(Changed, agent="", place="room", text=text)
    scribe.note(Intervened, agent="", kind="announce", details={"words": text}, text=text)
    return scribe
