"""Episodes of any size, made up by rules of thumb: for measuring what shows them.

People live in houses along streets, go from room to room, talk to whom they meet, choose among
options with probabilities, remember and conclude, and a model that does not exist was asked in
prompts of ordinary length. How often each happens follows a day that a language model lived in the
village. The same size and seed give the same episode.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from personas import Persona
from simulation.bench.crowd_town import Town
from simulation.bench.crowd_words import NAMES, SHARED_HEAD, Words
from simulation.episode.episode import Episode
from simulation.episode.events import (
    Acted,
    Asked,
    Began,
    Decided,
    Ended,
    Happening,
    Joined,
    Learned,
    Moved,
    Planned,
    Recalled,
    Reflected,
    Remembered,
    Said,
    TalkEnded,
)
from simulation.episode.log import EpisodeWriter
from simulation.episode.schema import key_of
from simulation.episode.sink import Scribe
from simulation.kernel.facts import Fact
from simulation.kernel.ids import Phase
from simulation.kernel.spec import WorldSpec
from simulation.kernel.streams import Streams

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

    from simulation.bench.crowd_town import Cell

_WORLD: Final = "crowd"


class Size(NamedTuple):
    """How large an episode is to be."""

    agents: int
    ticks: int
    seconds: int = 60
    """Of a tick."""
    stay: int = 25
    """Ticks between two decisions of somebody, on average."""
    speed: int = 4
    """Cells of a tick."""
    minds: bool = True
    """Whether choices, memories and calls are in it, too."""


class _Body:
    """One person while the episode is made up."""

    def __init__(self, number: int, agent: str, house: int, chance: Random) -> None:
        self.number = number
        self.agent = agent
        self.house = house
        self.chance = chance
        self.words = Words(chance)
        self.cell: Cell = (0, 0)
        self.path: list[Cell] = []
        self.to = ""
        self.next = chance.randrange(1, 12)
        self.memories: list[str] = []
        self.texts: dict[str, str] = {}
        self.knows: set[str] = set()
        self.heard: list[tuple[int, str, str]] = []
        """(tick, id, words) of what was said to them and is not remembered yet."""
        self.talk: tuple[int, str, _Body, int, int] | None = None
        """Tick of the last line, id of the talk, with whom, lines said, lines to be said."""


def make_up(folder: Path, size: Size, seed: int = 7) -> Episode:
    """Write an episode of a size.

    Args:
        folder: Where it is to be.
        size: How large.
        seed: Of everything that is drawn.
    """
    return _Maker(size, seed).write(folder)


class _Maker:
    def __init__(self, size: Size, seed: int) -> None:
        self._size = size
        self._seed = seed
        self._streams = Streams(seed)
        self._town = Town(min(max(size.agents // 2, 12), 500))
        self._bodies = [self._body(number) for number in range(size.agents)]
        self._here: dict[int, set[int]] = defaultdict(set)
        self._contents: dict[str, str] = {}
        self._calls = 0

    def write(self, folder: Path) -> Episode:
        """Write it, tick by tick."""
        with EpisodeWriter(folder, spec=self._spec()) as writer:
            for tick in range(self._size.ticks):
                events = list(self._tick(tick))
                if events or tick == self._size.ticks - 1:
                    writer.commit(tick, events, self._contents)
                    self._contents = {}
            last = Scribe(self._size.ticks - 1, Phase.CLOSE, 0, "")
            last.note(Ended, reason="finished")
            writer.commit(self._size.ticks - 1, last.events, {})
        return Episode.open(folder)

    # Who and where -------------------------------------------------------------------------------

    def _body(self, number: int) -> _Body:
        agent = f"p{number:04d}"
        chance = self._streams.stream(agent, 0, "crowd")
        body = _Body(number, agent, number % self._town.houses, chance)
        body.cell = self._town.inside(body.house, chance)
        return body

    def _spec(self) -> WorldSpec:
        size = self._size
        whole = size.seconds % 60 == 0
        return WorldSpec(
            world=_WORLD,
            title="The crowd",
            cast=tuple(self._persona(body) for body in self._bodies),
            facts=tuple(self._fact(number) for number in range(3)),
            start="07:00",
            tick_minutes=size.seconds // 60 if whole else 1,
            tick_seconds=None if whole else size.seconds,
            ticks=size.ticks,
            speed=size.speed,
            data={"map": self._town.map()},
        )

    def _persona(self, body: _Body) -> Persona:
        words = body.words
        traits = ("openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism")
        home = self._town.place(body.house)
        name = NAMES[body.number % len(NAMES)]
        turn = body.number // len(NAMES)
        return Persona.model_validate(
            {
                "id": body.agent,
                "name": name if not turn else f"{name} {turn + 1}",
                "age": 20 + body.number % 60,
                "pronouns": ("she", "he", "they")[body.number % 3],
                "occupation": words.trade(),
                "who": words.habit(),
                "biography": f"{name} {words.habit()}. {words.sentence(name)}",
                "big_five": {trait: 1 + body.chance.randrange(5) for trait in traits},
                "home": home,
                "bedtime": "22:00",
                "habits": [
                    {"at": f"{hour:02d}:00", "place": home, "doing": words.doing(), "minutes": 60}
                    for hour in range(8, 18, 2)
                ],
                "speech": {"style": "short and plain"},
            }
        )

    def _fact(self, number: int) -> Fact:
        words = Words(self._streams.stream("", number, "fact"))
        told = words.sentence("Somebody")
        return Fact(id=f"fact_{number}", statement=told, spoken=told.rstrip("."))

    # What happens --------------------------------------------------------------------------------

    def _tick(self, tick: int) -> Iterator[Happening]:
        scribes: list[Scribe] = [] if tick else [self._beginning()]
        for body in self._bodies:
            think = self._scribe(body, tick, Phase.THINK)
            act = self._scribe(body, tick, Phase.ACT)
            if tick == 0:
                self._settle(body, think)
            for when, said, text in body.heard:
                if when < tick:  # what is said is heard a tick later
                    self._remember(body, think, text, said, "dialogue")
            body.heard = [heard for heard in body.heard if heard[0] >= tick]
            if body.talk is not None and body.talk[0] < tick:
                self._speak(body, think, act)
            if body.path:
                self._walk(body, act)
            elif tick >= body.next and body.talk is None:
                self._choose(body, tick, think, act)
            scribes += [think, act]
        filled = [scribe for scribe in scribes if scribe.events]
        filled.sort(key=lambda scribe: key_of(scribe.events[0].id))
        for scribe in filled:
            self._contents |= scribe.contents
            yield from scribe.events

    def _scribe(self, body: _Body, tick: int, phase: Phase) -> Scribe:
        place = "street" if body.path else self._town.place(body.house)
        return Scribe(tick, phase, body.number + 1, body.agent, place)

    def _beginning(self) -> Scribe:
        scribe = Scribe(0, Phase.WORLD, 0, "")
        scribe.note(
            Began, world=_WORLD, seed=self._seed, mind="made up", model="made-up-1", settings={},
            cast=tuple(body.agent for body in self._bodies), start="07:00", tick_minutes=1,
        )  # fmt: skip
        for body in self._bodies:
            self._here[body.house].add(body.number)
            scribe.note(
                Joined, agent=body.agent, place=self._town.place(body.house),
                name=NAMES[body.number % len(NAMES)], cell=body.cell,
            )  # fmt: skip
        return scribe

    def _settle(self, body: _Body, think: Scribe) -> None:
        if not self._size.minds:
            return
        rows = [
            {"at": f"{hour:02d}:00", "doing": body.words.doing(), "minutes": 60}
            for hour in range(8, 20)
        ]
        think.note(Planned, items=tuple(rows), origin="model")
        for number in range(3):
            if (body.number + number) % max(self._size.agents // 3, 1) == 0:
                body.knows.add(f"fact_{number}")
                think.note(Learned, fact=f"fact_{number}", source="seeded")

    def _walk(self, body: _Body, act: Scribe) -> None:
        step = min(self._size.speed, len(body.path))
        body.cell = body.path[step - 1]
        del body.path[:step]
        if not body.path:
            act.place = self._town.place(body.house)
            self._here[body.house].add(body.number)
        act.note(Moved, cell=body.cell, to=body.to)

    def _choose(self, body: _Body, tick: int, think: Scribe, act: Scribe) -> None:
        size, chance = self._size, body.chance
        body.next = tick + max(2, round(chance.expovariate(1 / size.stay)))
        for _ in range(2):
            self._remember(body, think, body.words.sentence(body.agent), "")
        decided = self._decide(body, think) if size.minds else ""
        company = [self._bodies[number] for number in sorted(self._here[body.house])]
        free = [other for other in company if other is not body and other.talk is None]
        roll = chance.random()
        if roll < 0.3 and free:
            self._open_talk(body, chance.choice(free), think, act)
        elif roll < 0.6:
            self._set_out(body, chance.randrange(self._town.houses))
        else:
            doing = body.words.doing()
            act.note(
                Acted, action={"verb": "use", "doing": doing}, deed=f"took a while to {doing}",
                since=tick, causes=(decided,) if decided else (),
            )  # fmt: skip

    def _set_out(self, body: _Body, house: int) -> None:
        if house == body.house:
            return
        there = self._town.inside(house, body.chance)
        self._here[body.house].discard(body.number)
        body.path = self._town.way(body.cell, body.house, there, house)[1:]
        body.house, body.to = house, self._town.place(house)

    def _open_talk(self, body: _Body, other: _Body, think: Scribe, act: Scribe) -> None:
        lines = 2 + body.chance.randrange(5)
        said = self._utter(body, other, think, act, "")
        other.talk = (act.tick, said, body, 1, lines)

    def _speak(self, body: _Body, think: Scribe, act: Scribe) -> None:
        if body.talk is None:
            return
        _, talk, other, done, lines = body.talk
        body.talk = None
        self._utter(body, other, think, act, talk)
        if done + 1 < lines:
            other.talk = (act.tick, talk, body, done + 1, lines)
        else:
            act.note(
                TalkEnded, talk=talk, partner=other.agent, turns=done + 1, reason="all was said"
            )

    def _utter(self, body: _Body, other: _Body, think: Scribe, act: Scribe, talk: str) -> str:
        shared = sorted(body.knows - other.knows)
        facts = tuple(shared[:1]) if body.chance.random() < 0.3 else ()
        call = self._ask(body, think, "utter", body.words.line()) if self._size.minds else ""
        said = act.note(
            Said, to=other.agent, told=(other.agent,), text=body.words.line(), facts=facts,
            talk=talk, call=call, causes=(call,) if call else (),
        )  # fmt: skip
        for fact in facts:
            other.knows.add(fact)
            act.note(
                Learned, agent=other.agent, fact=fact, source="told", teller=body.agent,
                causes=(said.id,),
            )  # fmt: skip
        other.heard.append((act.tick, said.id, f"{body.agent} said: {said.text}"))
        return talk or said.id

    # What is behind it ---------------------------------------------------------------------------

    def _decide(self, body: _Body, think: Scribe) -> str:
        chance, words = body.chance, body.words
        found = tuple(chance.sample(body.memories, min(4, len(body.memories))))
        if found:
            think.note(
                Recalled, purpose="decide", query=think.keep(words.line()), strategy="park",
                memories=found, scores=tuple(_scores(chance) for _ in found),
            )  # fmt: skip
        texts = [words.doing() for _ in range(4 + chance.randrange(7))]
        weights = list(accumulate((chance.random() ** 4 for _ in texts), initial=0.001))
        shares = [round((b - a) / weights[-1], 6) for a, b in pairwise(weights)]
        menu = [
            {"action": {"verb": "use", "thing": f"thing_{number}"}, "effects": [], "minutes": 15,
             "text": text}
            for number, text in enumerate(texts)
        ]  # fmt: skip
        percept = {
            "place": think.place, "people": [[body.agent, think.place, words.doing()]],
            "things": [[f"thing_{number}", words.doing()] for number in range(3)], "heard": [],
        }  # fmt: skip
        reply = json.dumps([[round(-5 * chance.random(), 4) for _ in texts]])
        recalled = " ".join(body.texts[memory] for memory in found)
        call = self._ask(body, think, "decide", reply, recalled, tuple(texts))
        return think.note(
            Decided, origin="model", menu=think.keep(menu), options=len(texts), legal=12,
            chosen=shares.index(max(shares)), action={"verb": "use"}, raw=tuple(shares),
            corrected=tuple(shares), exponent=0.5, percept=think.keep(percept), memories=found,
            call=call, causes=(call,),
        ).id  # fmt: skip

    def _ask(
        self, body: _Body, think: Scribe, purpose: str, reply: str, recalled: str = "",
        options: tuple[str, ...] = (),
    ) -> str:  # fmt: skip
        words = body.words
        situation = " ".join(words.sentence(body.agent) for _ in range(6))
        prompt = f"{SHARED_HEAD}\n\n{situation} {recalled} So {body.agent} decides to"
        self._calls += 1
        return think.note(
            Asked, purpose=purpose, ordinal=0, model="made-up-1", prompt=think.keep(prompt),
            options=options, reply=reply, prompt_tokens=len(prompt) // 4,
            cached_tokens=len(SHARED_HEAD) // 4, reply_tokens=10, seconds=0.5,
        ).id  # fmt: skip

    def _remember(
        self, body: _Body, think: Scribe, text: str, evidence: str, kind: str = "observation"
    ) -> None:
        if not self._size.minds:
            return
        event = think.note(
            Remembered, agent=body.agent, kind=kind, text=text, importance=1 + len(text) % 9,
            source="saw", evidence=(evidence,) if evidence else (), fresh=True,
        )  # fmt: skip
        body.memories.append(event.id)
        body.texts[event.id] = text
        if len(body.memories) % 25 == 0:
            cited = tuple(body.memories[-3:])
            insight = body.words.sentence(body.agent)
            think.note(
                Reflected, agent=body.agent, insight=insight, evidence=cited, question="What now?",
                kept=True, causes=cited,
            )  # fmt: skip


def _scores(chance: Random) -> tuple[float, float, float, float]:
    parts = [round(chance.random(), 4) for _ in range(3)]
    return round(sum(parts), 4), parts[0], parts[1], parts[2]
