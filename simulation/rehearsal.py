"""What a run would take, before it is paid for: the run itself, with a stand-in for the model.

The world, the minds and the prompts are the real ones, so calls and what is read come from what
would happen; only the answers are made up. A chat model is stood in for by answers of the form and
length that are asked for, a completion model by a few words. Tokens are counted by characters.
How far that is from what runs then took is measured: docs/budget.md.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from simulation.bench.well_spoken import well_spoken
from simulation.episode.events import Asked
from simulation.language.base import Chosen, LanguageModel, Phrase, Prompt, Rated, Usage, Written
from simulation.language.chat import ChatModel
from simulation.language.fake import FakeModel
from simulation.language.prices import Prices
from simulation.simulation import Simulation
from simulation.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from simulation.episode.episode import Episode
    from simulation.interventions import Timed
    from simulation.kernel.spec import WorldSpec
    from simulation.language.prices import Price
    from simulation.mind.options import MindOptions
    from simulation.progress import Progress

Answer = TypeVar("Answer", Written, Chosen, Rated)

CHARACTERS: Final = 4
"""Characters of a token, about."""
SHORTEST: Final = 6
"""Tokens of the shortest answer of a chat model: a number in the form that is asked for."""
PLANNED: Final = 5.0
"""By how much more likely, as a logarithm, an option is of which the question speaks."""
COMPLETING: Final = ("local", "fake")
"""Kinds of models that complete a text; all others chat."""


CALLS: Final = Span(0.6, 1.4)
"""Of the calls that are rehearsed, those that are made."""
TOKENS: Final = Span(0.5, 1.6)
"""Of the tokens that are rehearsed, those that are read and written."""
PACE: Final[Mapping[str, Span]] = {
    "completion": Span(0.3, 0.9),
    "chat": Span(0.7, 4.0),
}
"""Seconds of an answer: of the embedded model on two cores; of a served one."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Share(_Part):
    """What the questions of one purpose would take."""

    purpose: str
    calls: int
    prompt_tokens: int
    """Read, those of a prefix cache not counted."""
    reply_tokens: int
    cost: float
    """US dollars."""


class Estimate(_Part):
    """What a run would take."""

    model: str
    agents: int
    ticks: int
    shares: tuple[Share, ...]
    """By purpose, most calls first."""
    calls: int
    tokens: int
    """Read and written."""
    cost: float | None
    """US dollars; None: the price is not known."""
    calls_range: Span
    tokens_range: Span
    cost_range: Span | None
    seconds_range: Span
    """Wall time."""
    price: dict[str, float | str | None]
    """By which it is reckoned; empty: it is not known."""


def rehearse(
    spec: WorldSpec,
    *,
    model: str,
    mind: str = "generative",
    seed: int = 7,
    ticks: int | None = None,
    options: MindOptions | None = None,
    interventions: Iterable[Timed] = (),
    prices: Prices | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Estimate | None:
    """Live a run with a stand-in for its model and add up what it would take.

    Nothing is kept, and the model itself is neither asked nor needed.

    Args:
        spec: The world.
        model: Who is to be asked in the end, by name.
        mind: The kind of mind.
        seed: The seed of all random streams.
        ticks: How long; None: as long as the world's own.
        options: The minds' settings.
        interventions: What is done to the world from outside.
        prices: What models cost.
        progress: Told after every tick.

    Returns:
        None, if somebody stopped it.
    """
    style = style_of(model)
    with TemporaryDirectory(prefix="sociarium-", ignore_cleanup_errors=True) as folder:
        simulation = Simulation(
            spec,
            StandIn(style),
            seed,
            mind=mind,
            out=Path(folder) / "rehearsal",
            options=options,
            chroma="memory",
            interventions=interventions,
            progress=progress,
        )
        with simulation:
            began = time.perf_counter()
            episode = simulation.run(ticks)
            engine = time.perf_counter() - began
            if simulation.end != "finished":
                return None
            price = (prices or Prices.load()).find(model)
            return _add_up(episode, model, PACE[style], engine, price)


def style_of(model: str) -> Literal["completion", "chat"]:
    """How a model is asked, by its name."""
    name = model.split(":", 2)[-1] if model.startswith("faulty:") else model
    return "completion" if name.partition(":")[0] in COMPLETING else "chat"


class StandIn:
    """Answers in a model's place, and counts tokens as it would.

    Args:
        style: How the model would be asked.
    """

    def __init__(self, style: Literal["completion", "chat"]) -> None:
        self.name = "rehearsal"
        self.style: Literal["completion", "chat"] = style
        self._inner: LanguageModel = (
            ChatModel(well_spoken(), structured=False) if style == "chat" else FakeModel()
        )
        self._read: defaultdict[str, str] = defaultdict(str)
        """What each slot has in its prefix cache."""

    async def write(
        self,
        prompt: Prompt,
        *,
        stop: Sequence[str] = ("\n",),
        max_tokens: int = 40,
        temperature: float = 0.6,
        seed: int = 0,
        slot: str = "",
    ) -> Written:
        """Say something of the length that is asked for."""
        said = await self._inner.write(
            prompt, stop=stop, max_tokens=max_tokens, temperature=temperature, seed=seed, slot=slot
        )
        return self._counted(said, prompt, slot)

    async def choose(
        self,
        prompt: Prompt,
        options: Sequence[Phrase],
        *,
        plain: Prompt | None = None,
        seed: int = 0,
        slot: str = "",
    ) -> Chosen:
        """Choose, mostly what is planned."""
        chosen = await self._inner.choose(prompt, options, plain=plain, seed=seed, slot=slot)
        if chosen.logps is not None:
            named = [PLANNED * (option.text in prompt.question) for option in options]
            logps = tuple(map(sum, zip(chosen.logps, named, strict=True)))
            chosen = replace(chosen, logps=logps)
        return self._counted(chosen, prompt, slot)

    async def rate(
        self, prompt: Prompt, low: int, high: int, *, seed: int = 0, slot: str = ""
    ) -> Rated:
        """Give a number."""
        rated = await self._inner.rate(prompt, low, high, seed=seed, slot=slot)
        return self._counted(rated, prompt, slot)

    def describe(self) -> Mapping[str, str]:
        """Its name: there is nothing else to it."""
        return {"name": self.name}

    async def aclose(self) -> None:
        """Let go of what stands in."""
        await self._inner.aclose()

    def _counted(self, answer: Answer, prompt: Prompt, slot: str) -> Answer:
        """The answer with the tokens that the model would have counted.

        A provider's prefix cache is left out: whether it holds anything depends on its rules.
        """
        used = answer.usage
        if self.style == "chat":
            usage = replace(used, reply_tokens=max(used.reply_tokens, SHORTEST))
        else:
            text = prompt.as_completion()
            held = _shared(self._read[slot], text)
            self._read[slot] = text
            read = (len(text) - held) // CHARACTERS
            usage = Usage(prompt_tokens=read, reply_tokens=used.reply_tokens)
        return replace(answer, usage=usage)


def _shared(one: str, other: str) -> int:
    """How long the two texts are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _add_up(
    episode: Episode, model: str, pace: Span, engine: float, price: Price | None
) -> Estimate:
    asked = list(episode.each(Asked))
    shares = tuple(_shares(asked, price))
    tokens = sum(share.prompt_tokens + share.reply_tokens for share in shares)
    cost = round(sum(share.cost for share in shares), 6) if price else None
    waits = _longest_waits(asked) if style_of(model) == "chat" else len(asked)
    return Estimate(
        model=model,
        agents=len(episode.agents),
        ticks=episode.ticks,
        shares=shares,
        calls=len(asked),
        tokens=tokens,
        cost=cost,
        calls_range=CALLS.times(len(asked)),
        tokens_range=TOKENS.times(tokens),
        cost_range=None if cost is None else TOKENS.times(cost),
        seconds_range=Span(
            engine + CALLS.low * pace.low * waits, engine + CALLS.high * pace.high * waits
        ),
        price=price.model_dump() if price else {},
    )


def _shares(asked: Sequence[Asked], price: Price | None) -> Iterator[Share]:
    for purpose, number in Counter(one.purpose for one in asked).most_common():
        those = [one for one in asked if one.purpose == purpose]
        usage = Usage(
            prompt_tokens=sum(one.prompt_tokens for one in those),
            reply_tokens=sum(one.reply_tokens for one in those),
        )
        yield Share(
            purpose=purpose,
            calls=number,
            prompt_tokens=usage.prompt_tokens,
            reply_tokens=usage.reply_tokens,
            cost=round(price.cost(usage), 6) if price else 0.0,
        )


def _longest_waits(asked: Sequence[Asked]) -> int:
    """Answers that follow upon another: agents think side by side, each one question at a time."""
    chains: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for one in asked:
        chains[one.tick][one.agent] += 1
    return sum(max(chain.values()) for chain in chains.values())
