"""Model calls and tokens of a resident's day, by purpose, with parts of the mind switched off.

Residents of the village live from seven in the morning to seven the next, so a figure is what one
of them takes in a whole day and nothing is scaled. Two kinds of model are asked: the embedded one,
and a chat model that answers in good form and is counted as the adapter counts (see
:mod:`simulation.bench.well_spoken`). The original, Park et al.'s released code, took 2,268 calls
and 1.46 million input tokens for the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.bench.figure import Figure, Measure
from simulation.errors import WeightsError
from simulation.mind.options import PARTS, MindOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.episode import Episode

ORIGINAL_CALLS: Final = 2_268
ORIGINAL_TOKENS: Final = 1_460_000
EMBEDDED_CALLS: Final = 120
EMBEDDED_TOKENS: Final = 6_000
"""Uncached ones: what a prefix cache holds costs next to nothing in the process."""
CHAT_CALLS: Final = 300
CHAT_TOKENS: Final = 150_000
DAY: Final = 24 * 60
"""Ticks, of a minute each."""
START: Final = "07:00"
CALLS: Final = "calls/agent-day"
TOKENS: Final = "tokens/agent-day"
EVERYBODY: Final = 10


class Arm(NamedTuple):
    """A day to live."""

    name: str
    residents: int
    chat: bool
    """Whether a chat model is asked, and not the embedded one."""
    options: MindOptions


@dataclass
class Bill:
    """What the calls of an episode came to, by purpose."""

    calls: Counter[str] = field(default_factory=Counter[str])
    tokens: Counter[str] = field(default_factory=Counter[str])
    """Input tokens, cached ones included."""
    uncached: Counter[str] = field(default_factory=Counter[str])
    repairs: int = 0
    fallbacks: int = 0
    saved: int = 0
    """Calls that a plan learned earlier made unnecessary."""


def measures() -> Sequence[Measure]:
    """A few residents: minutes."""
    return _measures(embedded=3, chat=5)


def full_measures() -> Sequence[Measure]:
    """The whole cast."""
    return _measures(embedded=EVERYBODY, chat=EVERYBODY)


def bill_of(episode: Episode) -> Bill:
    """Add up the calls that an episode's log holds."""
    from simulation.episode.events import Asked, FellBack, Planned  # noqa: PLC0415 - heavy

    bill = Bill()
    for asked in episode.each(Asked):
        bill.calls[asked.purpose] += 1
        bill.tokens[asked.purpose] += asked.prompt_tokens
        bill.uncached[asked.purpose] += asked.prompt_tokens - asked.cached_tokens
        bill.repairs += asked.repair > 0
    bill.fallbacks = sum(1 for _ in episode.each(FellBack))
    bill.saved = sum(planned.origin == "reused plan" for planned in episode.each(Planned))
    return bill


def _measures(*, embedded: int, chat: int) -> list[Measure]:
    days = [
        Arm(f"embedded model, {embedded} residents", embedded, chat=False, options=MindOptions()),
        Arm(f"chat model, {chat} residents", chat, chat=True, options=MindOptions()),
    ]
    without = [
        Arm(
            f"{days[1].name}, without {part}", chat, chat=True, options=MindOptions(without=(part,))
        )
        for part in PARTS
    ]
    return [
        *(Measure(arm.name, partial(_in_full, arm)) for arm in days),
        *(Measure(arm.name, partial(_in_brief, arm)) for arm in without),
    ]


def _in_full(arm: Arm) -> list[Figure]:
    """The totals with their goals, then every purpose."""
    try:
        bill = _live(arm)
    except WeightsError as error:
        return [Figure(name=arm.name, value=None, unit=str(error))]
    counted = bill.tokens if arm.chat else bill.uncached
    kind = "input tokens" if arm.chat else "uncached prompt tokens"
    calls, tokens = (CHAT_CALLS, CHAT_TOKENS) if arm.chat else (EMBEDDED_CALLS, EMBEDDED_TOKENS)
    figures = [
        _figure(arm, "calls", bill.calls.total(), CALLS, calls),
        _figure(arm, kind, counted.total(), TOKENS, tokens),
    ]
    for purpose, number in bill.calls.most_common():
        figures.append(_figure(arm, f"calls to {purpose}", number, CALLS))
        figures.append(_figure(arm, f"{kind} to {purpose}", counted[purpose], TOKENS))
    return [
        *figures,
        _figure(arm, "calls that repair a bad reply", bill.repairs, CALLS),
        _figure(arm, "calls saved by a learned plan", bill.saved, CALLS),
        _figure(arm, "safe answers in place of a model's", bill.fallbacks, "per agent-day"),
        *_beside_the_original(arm, bill),
    ]


def _in_brief(arm: Arm) -> list[Figure]:
    bill = _live(arm)
    return [
        _figure(arm, "calls", bill.calls.total(), CALLS),
        _figure(arm, "input tokens", bill.tokens.total(), TOKENS),
    ]


def _beside_the_original(arm: Arm, bill: Bill) -> list[Figure]:
    calls = 100 * bill.calls.total() / arm.residents / ORIGINAL_CALLS
    tokens = 100 * bill.tokens.total() / arm.residents / ORIGINAL_TOKENS
    return [
        Figure(name=f"{arm.name}: calls, of the original's", value=calls, unit="%"),
        Figure(name=f"{arm.name}: input tokens, of the original's", value=tokens, unit="%"),
    ]


def _figure(arm: Arm, what: str, total: int, unit: str, goal: float | None = None) -> Figure:
    return Figure(name=f"{arm.name}: {what}", value=total / arm.residents, unit=unit, goal=goal)


def _live(arm: Arm) -> Bill:
    """Live one day and add it up; the episode is thrown away."""
    from simulation.bench.well_spoken import well_spoken  # noqa: PLC0415 - heavy, and the below
    from simulation.kernel.spec import find_world  # noqa: PLC0415
    from simulation.simulation import Simulation  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        simulation = Simulation(
            find_world("village").load(agents=arm.residents),
            well_spoken() if arm.chat else "local",
            options=arm.options,
            start=START,
            out=Path(folder) / "day",
        )
        with simulation:
            return bill_of(simulation.run(ticks=DAY))
