"""Faults of a model, injected into whole episodes, and what came of them."""

from __future__ import annotations

import json
from collections import Counter
from itertools import count as numbers
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from simulation.bench.figure import Figure
from simulation.bench.well_spoken import well_spoken
from simulation.episode.events import (
    Decided,
    Failed,
    FellBack,
    Remembered,
    Retried,
    Said,
)
from simulation.language.fake import FakeModel
from simulation.language.faulty import KINDS, Mischief, with_faults
from simulation.language.names import open_model
from simulation.language.patience import Endurance
from simulation.simulation import Simulation
from worlds import village

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulation.episode.episode import Episode
    from simulation.language.base import LanguageModel

PEOPLE: Final = 6
TICKS: Final = 90
SHARE: Final = 0.6
"""Answers that get a fault."""
TIMEOUT: Final = 0.25
"""Seconds that a late reply is waited for."""
WANTED_KINDS: Final = 20
MOST_CRASHES: Final = 20
"""Runs that may fail before no more are begun: that tells enough."""

_MODELS: Final[Sequence[Callable[[], LanguageModel]]] = (
    lambda: open_model(well_spoken()),
    lambda: FakeModel("completion"),
    lambda: FakeModel("chat"),
)
_TRACES: Final = (
    "can't assist",
    "je pense que",
    "lorem ipsum",
    "<!doctype",
    "which of these do you mean",
    "previous instructions",
    "assistant:",
    "error code",
    "faulty:",
    "rate limit",
    "connection re",
    "no reply within",
    '{"answer"',
    "\x00",
    "\x1b",
    "\u202e",
)
"""Pieces of what faults say, none of which a sound reply holds."""


def inject(count: int, seed: int = 1) -> dict[str, Any]:
    """Live episodes until so many faults were injected, of all kinds, into models of three sorts.

    Args:
        count: How many faults.
        seed: Of the faults and of the episodes.

    Returns:
        ``faults`` and ``episodes``, ``per_kind``; ``crashes``, ``illegal`` acts, fallbacks that
        were ``remembered`` or said, ``retried`` and ``fell_back`` for what became of the faults,
        and ``met`` for the goals.
    """
    done: Counter[str] = Counter()
    found: Counter[str] = Counter()
    episodes = 0
    with TemporaryDirectory(prefix="sociarium-", ignore_cleanup_errors=True) as folder:
        for number in numbers():
            mischief = Mischief(
                shares=dict.fromkeys(KINDS, SHARE / len(KINDS)),
                seed=seed * 1_000_003 + number,
                late=20 * TIMEOUT,
            )
            model = with_faults(_MODELS[number % len(_MODELS)](), mischief)
            found += _live(model, Path(folder) / str(number), mischief.seed)
            done += mischief.done
            episodes += 1
            if done.total() >= count or found["crashes"] > MOST_CRASHES:
                break
    outcome = {name: found[name] for name in _COUNTED}
    return {
        "faults": done.total(),
        "episodes": episodes,
        "per_kind": {kind: done[kind] for kind in KINDS},
        **outcome,
        "met": {
            "kinds": len(done) >= WANTED_KINDS,
            **{name: not outcome[name] for name in _MUST_NOT},
        },
    }


_MUST_NOT: Final = ("crashes", "illegal", "remembered")
_COUNTED: Final = (*_MUST_NOT, "retried", "fell_back")


def figures(count: int, seed: int = 1) -> Sequence[Figure]:
    """The same as figures with goals."""
    told = inject(count, seed)
    kinds: Mapping[str, int] = told["per_kind"]
    return (
        Figure(name="injected faults", value=told["faults"], goal=count, at_least=True),
        Figure(
            name="kinds of them",
            value=sum(map(bool, kinds.values())),
            unit=f"of {len(KINDS)}",
            goal=WANTED_KINDS,
            at_least=True,
        ),
        Figure(name="runs that did not end in order", value=told["crashes"], goal=0),
        Figure(name="acts that were not legal", value=told["illegal"], goal=0),
        Figure(name="fallbacks remembered or said", value=told["remembered"], goal=0),
        Figure(name="requests sent again", value=told["retried"]),
        Figure(name="answers replaced by safe ones", value=told["fell_back"]),
    )


def _live(model: LanguageModel, out: Path, seed: int) -> Counter[str]:
    """Live one episode; what is to be counted in it."""
    endurance = Endurance(timeout=TIMEOUT, first_wait=0, longest_wait=0, rest=0)
    try:
        with Simulation(
            village.load(agents=PEOPLE),
            model,
            seed,
            out=out,
            embedder="hash",
            chroma="memory",
            start="12:00",
            endurance=endurance,
        ) as simulation:
            episode = simulation.run(TICKS)
            in_order = simulation.end == "finished"
    except Exception:  # noqa: BLE001 - whatever it is, it is counted
        return Counter(crashes=1)
    return Counter(
        crashes=not in_order,
        illegal=illegal_acts(episode),
        remembered=remembered_faults(episode),
        retried=sum(1 for _ in episode.each(Retried)),
        fell_back=sum(1 for _ in episode.each(FellBack)),
    )


def illegal_acts(episode: Episode) -> int:
    """Choices of what was not on the menu, and failed acts that had been on no menu.

    What was on a menu was legal then; it may fail, since somebody else was faster. What the rules
    let happen was legal.
    """
    offered: dict[str, list[dict[str, Any]]] = {}
    wrong = 0
    for choice in episode.each(Decided):
        menu = json.loads(episode.log.contents([choice.menu])[choice.menu])
        actions = [option["action"] for option in menu]
        wrong += choice.action not in actions[choice.chosen : choice.chosen + 1]
        offered.setdefault(choice.agent, []).extend(actions)
    for failed in episode.each(Failed):
        done = json.loads(failed.model_dump_json())["action"]
        # What is said gets its words after it was chosen.
        known = (
            all(done.get(key) == value for key, value in option.items())
            for option in offered.get(failed.agent, ())
        )
        wrong += not any(known)
    return wrong


def remembered_faults(episode: Episode) -> int:
    """Memories and utterances that hold what a fault said, or rest on a fallback."""
    fallbacks = {fell.id for fell in episode.each(FellBack)}
    wrong = 0
    for memory in episode.each(Remembered):
        words = f"{memory.text} {memory.spoken}".casefold()
        rests = not fallbacks.isdisjoint((*memory.evidence, *memory.causes))
        wrong += rests or any(trace in words for trace in _TRACES)
    for said in episode.each(Said):
        wrong += any(trace in said.text.casefold() for trace in _TRACES)
    return wrong
